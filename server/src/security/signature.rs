//! HMAC signatures and comparisons that take the same time whatever is wrong.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The lower-case hex HMAC-SHA256 of some bytes.
#[must_use]
pub fn sign_hex(secret: &str, bytes: &[u8]) -> String {
    // HMAC takes keys of any length; the error cannot happen and an empty signature verifies nothing.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(bytes);
            hex::encode(mac.finalize().into_bytes())
        },
    )
}

/// Whether one of the secrets made this hex HMAC-SHA256 of the bytes. Every secret is tried, so that
/// the time does not tell which one fits. An empty secret never fits.
#[must_use]
pub fn verify_hex<'a>(
    secrets: impl IntoIterator<Item = &'a str>,
    bytes: &[u8],
    given: &str,
) -> bool {
    let Ok(given) = hex::decode(given.trim()) else { return false };
    secrets.into_iter().filter(|secret| !secret.is_empty()).fold(false, |found, secret| {
        let fits = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mut mac| {
            mac.update(bytes);
            mac.verify_slice(&given).is_ok()
        });
        found | fits
    })
}

/// The base64 HMAC-SHA1 of some bytes: weaker than what we would choose, and all that Twilio offers.
#[must_use]
pub fn sign_sha1(secret: &str, bytes: &[u8]) -> String {
    Hmac::<Sha1>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(bytes);
            STANDARD.encode(mac.finalize().into_bytes())
        },
    )
}

/// Whether two texts are equal. Hashed first, so that not even the length shows in the time.
#[must_use]
pub fn same_text(one: &str, other: &str) -> bool {
    Sha256::digest(one).ct_eq(&Sha256::digest(other)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check Sendcloud publishes.
    #[test]
    fn the_published_vector_fits() {
        let signature = "1eed4b3d41f4653ac64fd56f1bf1cbfd349e4482cbc11dff7134bd93e5da4b0a";
        let body = br#"{"key": "value"}"#;
        assert_eq!(sign_hex("secretkey", body), signature);
        assert!(verify_hex(["other", "secretkey"], body, signature));
        assert!(!verify_hex(["other"], body, signature));
        assert!(!verify_hex(["secretkey"], b"{}", signature));
    }

    #[test]
    fn an_empty_secret_and_a_short_signature_never_fit() {
        assert!(!verify_hex([""], b"x", &sign_hex("", b"x")));
        let whole = sign_hex("k", b"x");
        for given in ["", "zz", &whole[..62], "é"] {
            assert!(!verify_hex(["k"], b"x", given), "{given}");
        }
    }

    #[test]
    fn texts_compare_whole() {
        assert!(same_text("a", "a"));
        assert!(!same_text("a", "ab"));
        assert!(!same_text("", "a"));
    }
}
