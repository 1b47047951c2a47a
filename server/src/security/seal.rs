//! Secrets at rest: sealed with a key from the environment, bound to the place they belong to.
//!
//! The text is `v1:` and the hex of a random nonce, the ciphertext and its tag (XChaCha20-Poly1305:
//! its nonce is long enough to be drawn at random for ever). The context, say
//! `connection con_01J…`, is authenticated with it: a sealed text copied into another row does not open.

use crate::security::random;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use dispatch::source::Secret;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;

const VERSION: &str = "v1:";
const NONCE: usize = 24;

/// Why a sealed text does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not 64 hex digits.
    #[error("the key is not 64 hex digits: make one with `openssl rand -hex 32`")]
    Key,
    /// Not a sealed text of a version we know.
    #[error("not a sealed text of a known version")]
    Format,
    /// Another key, another place, or changed bytes.
    #[error(
        "the sealed text does not open: SECRET_KEY differs from the one it was sealed with, or the row was changed"
    )]
    Open,
}

/// Seals and opens.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    /// Keys for other purposes come from it.
    derive: Hmac<Sha256>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// With a key of 32 bytes.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        // A block's length, so that no error is possible; HMAC itself would fill up with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(key);
        let derive = <Hmac<Sha256> as KeyInit>::new(&block.into());
        Self { cipher: XChaCha20Poly1305::new(Key::from_slice(key)), derive }
    }

    /// A key of its own for a purpose, from which nobody can tell this one or another purpose's.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut mac = self.derive.clone();
        mac.update(b"facteur key v1: ");
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// A fingerprint of a text under a key of its own for a purpose: the same for the same text, and nothing
    /// that could be turned back or tried without our key.
    #[must_use]
    pub fn mark(&self, purpose: &str, text: &str) -> String {
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.derive(purpose));
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// With a key as settings write it: 64 hex digits.
    ///
    /// # Errors
    /// [`SealError::Key`].
    pub fn from_hex(text: &str) -> Result<Self, SealError> {
        let mut key = [0; 32];
        hex::decode_to_slice(text.trim(), &mut key).map_err(|_| SealError::Key)?;
        Ok(Self::new(&key))
    }

    /// A new key as settings write it.
    #[must_use]
    pub fn generate_key() -> String {
        let mut key = [0; 32];
        random::fill(&mut key);
        hex::encode(key)
    }

    /// Seals a secret for one place.
    ///
    /// # Errors
    /// Only for texts of many gigabytes, which nothing here makes.
    pub fn seal(&self, context: &str, secret: &Secret) -> Result<String, SealError> {
        let mut bytes = vec![0; NONCE];
        random::fill(&mut bytes);
        let payload = Payload { msg: secret.expose().as_bytes(), aad: context.as_bytes() };
        let sealed = self
            .cipher
            .encrypt(XNonce::from_slice(&bytes), payload)
            .map_err(|_| SealError::Format)?;
        bytes.extend(sealed);
        Ok(format!("{VERSION}{}", hex::encode(bytes)))
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`SealError::Format`] or [`SealError::Open`].
    pub fn open(&self, context: &str, text: &str) -> Result<Secret, SealError> {
        let hex = text.strip_prefix(VERSION).ok_or(SealError::Format)?;
        let bytes = hex::decode(hex).map_err(|_| SealError::Format)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE).ok_or(SealError::Format)?;
        let payload = Payload { msg: sealed, aad: context.as_bytes() };
        let plain =
            self.cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| SealError::Open)?;
        String::from_utf8(plain).map(Secret::new).map_err(|_| SealError::Open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&[byte; 32])
    }

    #[test]
    fn a_secret_opens_only_with_its_key_in_its_place_unchanged() {
        let secret = Secret::new("hush".into());
        let sealed = sealer(1).seal("sender 1", &secret).expect("sealed");
        assert!(sealed.starts_with("v1:") && !sealed.contains("hush"));
        assert_eq!(sealer(1).open("sender 1", &sealed), Ok(secret.clone()));
        assert_eq!(sealer(1).open("sender 2", &sealed), Err(SealError::Open));
        assert_eq!(sealer(2).open("sender 1", &sealed), Err(SealError::Open));
        let mut changed = sealed.clone();
        changed.replace_range(60..61, if &sealed[60..61] == "0" { "1" } else { "0" });
        assert_eq!(sealer(1).open("sender 1", &changed), Err(SealError::Open));
        assert_ne!(sealer(1).seal("sender 1", &secret).expect("sealed"), sealed);
    }

    #[test]
    fn a_mark_is_of_its_key_its_purpose_and_its_text() {
        let mark = sealer(1).mark("numbers", "+33639980042");
        assert_eq!(mark.len(), 64);
        assert_eq!(mark, sealer(1).mark("numbers", "+33639980042"));
        for other in [
            sealer(2).mark("numbers", "+33639980042"),
            sealer(1).mark("others", "+33639980042"),
            sealer(1).mark("numbers", "+33639980043"),
        ] {
            assert_ne!(mark, other);
        }
    }

    #[test]
    fn what_is_not_sealed_says_so() {
        for text in ["", "v1:", "v1:zz", "v2:00", "hush", "v1:é"] {
            assert_eq!(sealer(1).open("", text), Err(SealError::Format), "{text}");
        }
        assert!(Sealer::from_hex("12").is_err());
        assert!(Sealer::from_hex(&Sealer::generate_key()).is_ok());
    }
}
