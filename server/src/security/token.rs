//! Random tokens: keys of the API, secrets of connections, links in mails.

use crate::security::random;
use dispatch::source::Secret;
use sha2::{Digest, Sha256};

/// 32 random bytes: nobody finds one by trying, so a fast hash is enough to store it.
const LENGTH: usize = 32;

/// How many characters of a key may be shown to tell keys apart: the prefix and four more.
const HINT: usize = 8;

/// The prefix of API keys, so that scanners for leaked keys can recognise them.
pub const API_KEY_PREFIX: &str = "fct_";

/// A random text under a prefix that says what it is for.
#[must_use]
pub fn random(prefix: &str) -> Secret {
    let mut bytes = [0; LENGTH];
    random::fill(&mut bytes);
    Secret::new(format!("{prefix}{}", hex::encode(bytes)))
}

/// SHA-256 in hex: how tokens are stored and looked up.
#[must_use]
pub fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// A key for the REST API: shown once, stored as its hash and hint.
#[derive(Debug, Clone)]
pub struct ApiKey {
    /// The key itself.
    pub key: Secret,
    /// What is stored.
    pub hash: String,
    /// Its first characters.
    pub hint: String,
}

/// Makes a key for the REST API.
#[must_use]
pub fn api_key() -> ApiKey {
    let key = random(API_KEY_PREFIX);
    let hint = key.expose().chars().take(HINT).collect();
    ApiKey { hash: hash(key.expose()), hint, key }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_long_random_and_stored_as_its_hash() {
        let (one, two) = (api_key(), api_key());
        assert_ne!(one.key, two.key);
        assert_eq!(one.key.expose().len(), 68);
        assert!(one.key.expose().starts_with(&one.hint) && one.hint.len() == 8);
        assert_eq!(one.hash, hash(one.key.expose()));
        assert_eq!(hash("abc").get(..8), Some("ba7816bf"));
    }
}
