//! The links of customers: brand and address sealed into a short text that stands in a message.
//!
//! Nothing is stored: the same brand and address make the same text, and only our key makes one that opens. It
//! is 12 bytes that an HMAC draws from the content, and the content under XChaCha20-Poly1305 with them as the
//! nonce. Equal nonces so only ever meet equal contents, and nobody can tell a number from its link.

use crate::security::seal::Sealer;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use dispatch::id::BrandId;
use dispatch::port::Links;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;

/// Bytes of the drawn nonce that travel; the rest of the cipher's 24 are zero.
const NONCE: usize = 12;

/// Longest token looked at, in characters: an e-mail address has at most 254.
const LONGEST: usize = 450;

/// Authenticated with the content: a text sealed for another purpose is no link.
const CONTEXT: &[u8] = b"facteur customer link v1";

/// Whose page a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Of which brand.
    pub brand: BrandId,
    /// E.164 or e-mail; none for the merchant's sample.
    pub address: Option<String>,
}

/// Makes and opens links.
#[derive(Clone)]
pub struct CustomerLinks {
    cipher: XChaCha20Poly1305,
    nonces: Hmac<Sha256>,
    base_url: String,
}

impl fmt::Debug for CustomerLinks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerLinks(…)")
    }
}

impl CustomerLinks {
    /// With keys drawn from the server's own; `base_url` is the public address without a slash at the end.
    #[must_use]
    pub fn new(sealer: &Sealer, base_url: &str) -> Self {
        let cipher = XChaCha20Poly1305::new(Key::from_slice(&sealer.derive("customer link")));
        let key = sealer.derive("customer link nonces");
        Self { cipher, nonces: mac(&key), base_url: base_url.to_owned() }
    }

    /// The text that stands for somebody.
    #[must_use]
    pub fn token(&self, customer: &Customer) -> String {
        let content = pack(customer);
        let mut nonces = self.nonces.clone();
        nonces.update(&content);
        let drawn = nonces.finalize().into_bytes();
        let mut bytes = drawn.get(..NONCE).unwrap_or_default().to_vec();
        let payload = Payload { msg: &content, aad: CONTEXT };
        // Only texts of gigabytes are refused; an empty token opens nothing.
        let Ok(sealed) = self.cipher.encrypt(&nonce(&bytes), payload) else { return String::new() };
        bytes.extend(sealed);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Who a token stands for; none when it was not made with our key.
    #[must_use]
    pub fn open(&self, token: &str) -> Option<Customer> {
        if token.len() > LONGEST {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (drawn, sealed) = bytes.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: CONTEXT };
        unpack(&self.cipher.decrypt(&nonce(drawn), payload).ok()?)
    }

    fn url(&self, customer: &Customer) -> String {
        format!("{}/u/{}", self.base_url, self.token(customer))
    }
}

impl Links for CustomerLinks {
    fn preferences(&self, brand: BrandId, address: &str) -> String {
        self.url(&Customer { brand, address: Some(address.to_owned()) })
    }

    fn preferences_sample(&self, brand: BrandId) -> String {
        self.url(&Customer { brand, address: None })
    }
}

fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    // HMAC takes keys of any length, a block's included, and that needs no error.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    <Hmac<Sha256> as KeyInit>::new(&block.into())
}

fn nonce(drawn: &[u8]) -> XNonce {
    let mut bytes = [0; 24];
    bytes[..NONCE].copy_from_slice(drawn);
    bytes.into()
}

const SAMPLE: u8 = 0;
const PHONE: u8 = 1;
const TEXT: u8 = 2;

/// The brand's sixteen bytes, what follows, and that: a number's digits as one number, or a text.
fn pack(customer: &Customer) -> Vec<u8> {
    let mut bytes = customer.brand.to_bytes().to_vec();
    let digits = |address: &str| address.strip_prefix('+')?.parse::<u64>().ok();
    match customer.address.as_deref() {
        None => bytes.push(SAMPLE),
        Some(address) => match digits(address).filter(|n| format!("+{n}") == address) {
            Some(number) => {
                bytes.push(PHONE);
                bytes.extend(number.to_be_bytes());
            }
            None => {
                bytes.push(TEXT);
                bytes.extend(address.as_bytes());
            }
        },
    }
    bytes
}

fn unpack(bytes: &[u8]) -> Option<Customer> {
    let (brand, rest) = bytes.split_first_chunk::<16>()?;
    let (kind, rest) = rest.split_first()?;
    let address = match *kind {
        SAMPLE if rest.is_empty() => None,
        PHONE => Some(format!("+{}", u64::from_be_bytes(rest.try_into().ok()?))),
        TEXT => Some(String::from_utf8(rest.to_vec()).ok()?),
        _ => return None,
    };
    Some(Customer { brand: BrandId::from_bytes(*brand), address })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dispatch::time::Timestamp;

    fn links(key: u8) -> CustomerLinks {
        CustomerLinks::new(&Sealer::new(&[key; 32]), "https://shop.example")
    }

    fn customer(address: Option<&str>) -> Customer {
        let ids = crate::security::random::SystemIds;
        let brand = BrandId::mint(Timestamp::from_seconds(1_795_161_600), &ids);
        Customer { brand, address: address.map(str::to_owned) }
    }

    #[test]
    fn a_link_opens_for_whom_it_was_made_and_shows_no_number() {
        let links = links(1);
        for address in [Some("+33639980042"), Some("zoe@example.org"), Some("+0123"), None] {
            let customer = customer(address);
            let token = links.token(&customer);
            assert_eq!(links.open(&token), Some(customer.clone()));
            assert_eq!(links.token(&customer), token, "the same again");
            assert!(!token.contains("639980") && token.is_ascii());
        }
        let phone = customer(Some("+33639980042"));
        assert_eq!(links.token(&phone).len(), 71, "short enough for a text message");
        let url = links.preferences(phone.brand, "+33639980042");
        assert_eq!(url, format!("https://shop.example/u/{}", links.token(&phone)));
    }

    #[test]
    fn what_was_changed_cut_or_made_elsewhere_opens_nothing() {
        let token = links(1).token(&customer(Some("+33639980042")));
        assert_eq!(links(2).open(&token), None);
        for at in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).expect("ASCII");
            assert_eq!(links(1).open(&forged), None, "{at}");
            assert_eq!(links(1).open(&token[..at]), None, "{at}");
        }
        for odd in ["", "é", "../..", &"A".repeat(5_000), &format!("{token}AA")] {
            assert_eq!(links(1).open(odd), None);
        }
        // Two halves of good links make no third.
        let other = links(1).token(&customer(Some("+33639980043")));
        assert_eq!(links(1).open(&format!("{}{}", &token[..30], &other[30..])), None);
    }
}
