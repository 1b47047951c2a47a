//! Passwords: argon2id, a bounded number of hashes at a time, and the same time for unknown people.

use crate::security::{random, token};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use async_trait::async_trait;
use dispatch::error::{Error, Result};
use dispatch::port::Secrets;
use dispatch::source::Secret;
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// KiB of memory per hash. OWASP's minimum for argon2id with two passes: 19 MiB keeps graphics cards
/// from trying many passwords at once, and a small server from running out of memory.
pub const MEMORY_KIB: u32 = 19_456;
/// Passes over that memory (OWASP, with 19 MiB).
pub const PASSES: u32 = 2;
/// Lanes: one, because a sign-in shares its machine with webhooks.
pub const LANES: u32 = 1;

/// Longest password looked at, in bytes: longer ones are not a person's and only cost time.
const LONGEST: usize = 1024;

/// Hashes and compares passwords away from the async threads; the process's [`Secrets`].
#[derive(Clone)]
pub struct Passwords {
    /// As many hashes at a time as there are cores: more would only take memory.
    permits: Arc<Semaphore>,
    /// Compared with when there is nobody of that name.
    dummy: Arc<OnceLock<String>>,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { permits: Arc::new(Semaphore::new(cores)), dummy: Arc::default() }
    }
}

impl Passwords {
    /// The text to store for a password.
    ///
    /// # Errors
    /// `Invalid` on `password` when it is too long; `Unavailable` when the process is ending.
    pub async fn hash(&self, password: String) -> Result<Secret> {
        if password.len() > LONGEST {
            return Err(Error::invalid("password", "too_long"));
        }
        self.run(move || hash(&password)).await?.map(Secret::new)
    }

    /// Whether the password is the stored one. Without a stored one the same work is done and the
    /// answer is no, so that the time does not tell who has an account.
    ///
    /// # Errors
    /// `Unavailable` when the process is ending.
    pub async fn verify(&self, password: String, stored: Option<Secret>) -> Result<bool> {
        let dummy = self.dummy.clone();
        self.run(move || {
            // A password nobody can type in stands behind the dummy.
            let known = stored.is_some();
            let text = match &stored {
                Some(stored) => stored.expose(),
                None => dummy.get_or_init(|| hash("\0nobody").unwrap_or_default()),
            };
            let fits = PasswordHash::new(text).is_ok_and(|parsed| {
                let bytes = password.as_bytes().get(..LONGEST).unwrap_or(password.as_bytes());
                hasher().is_ok_and(|argon2| argon2.verify_password(bytes, &parsed).is_ok())
            });
            fits & known & (password.len() <= LONGEST)
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| Error::Unavailable)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(|_| Error::Unavailable)
    }
}

#[async_trait]
impl Secrets for Passwords {
    async fn hash_password(&self, password: &str) -> Result<Secret> {
        self.hash(password.to_owned()).await
    }

    async fn verify_password(&self, password: &str, stored: Option<&Secret>) -> Result<bool> {
        self.verify(password.to_owned(), stored.cloned()).await
    }

    fn token(&self, prefix: &str) -> Secret {
        token::random(prefix)
    }

    fn hash_token(&self, text: &str) -> String {
        token::hash(text)
    }
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| Error::Unavailable)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String> {
    let mut salt = [0; 16];
    random::fill(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(|_| Error::Unavailable)?;
    hasher()?
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|_| Error::Unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_fits_and_nobody_never_does() {
        let passwords = Passwords::default();
        let stored = passwords.hash("correct horse".into()).await.expect("a hash");
        assert!(stored.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let verify = |text: &str, stored: Option<Secret>| {
            let passwords = passwords.clone();
            let text = text.to_owned();
            async move { passwords.verify(text, stored).await.expect("an answer") }
        };
        assert!(verify("correct horse", Some(stored.clone())).await);
        assert!(!verify("correct horsE", Some(stored.clone())).await);
        assert!(!verify("", Some(stored.clone())).await);
        assert!(!verify("\0nobody", None).await);
        assert!(!verify("x", Some(Secret::new("not a hash".into()))).await);
        assert!(!verify(&"x".repeat(5000), Some(stored)).await);
        assert!(passwords.hash("x".repeat(5000)).await.is_err());
    }
}
