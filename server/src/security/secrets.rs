//! What use cases ask of passwords and tokens, answered by this module's own.

use super::password::Passwords;
use super::token;
use async_trait::async_trait;
use dispatch::error::Result;
use dispatch::port::Secrets;
use dispatch::source::Secret;

/// argon2id and the system's generator.
#[derive(Clone, Default)]
pub struct SystemSecrets {
    passwords: Passwords,
}

#[async_trait]
impl Secrets for SystemSecrets {
    async fn hash_password(&self, password: &str) -> Result<Secret> {
        self.passwords.hash(password.to_owned()).await
    }

    async fn verify_password(&self, password: &str, stored: Option<&Secret>) -> Result<bool> {
        self.passwords.verify(password.to_owned(), stored.cloned()).await
    }

    fn token(&self, prefix: &str) -> Secret {
        token::random(prefix)
    }

    fn hash_token(&self, text: &str) -> String {
        token::hash(text)
    }
}
