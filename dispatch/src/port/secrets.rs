//! Passwords and tokens: slow hashes and randomness, which the core takes as parameters.

use crate::error::Result;
use crate::source::Secret;
use async_trait::async_trait;

/// What use cases need to make and compare secrets.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The text to store for a password.
    ///
    /// # Errors
    /// `Invalid` on `password`; `Unavailable` when the process is ending.
    async fn hash_password(&self, password: &str) -> Result<Secret>;

    /// Whether the password is the stored one. Without a stored one the same work is done and the
    /// answer is no, so that the time it takes does not tell who has an account.
    ///
    /// # Errors
    /// `Unavailable` when the process is ending.
    async fn verify_password(&self, password: &str, stored: Option<&Secret>) -> Result<bool>;

    /// A random text nobody can guess, under a prefix that says what it is for.
    fn token(&self, prefix: &str) -> Secret;

    /// How a token is stored and looked up: SHA-256 in hex.
    fn hash_token(&self, token: &str) -> String;
}
