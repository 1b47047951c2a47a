//! The way out: something that can send one message.

use crate::attempt::{Answer, Claimed};
use crate::port::SenderAccess;
use async_trait::async_trait;

/// A messaging provider. Never fails: whatever happens is an [`Answer`].
#[async_trait]
pub trait Provider: Send + Sync {
    /// Sends one message from a sender. The attempt's id travels along, so that receipts can name it.
    async fn send(&self, sender: &SenderAccess, message: &Claimed) -> Answer;

    /// Tells the provider where a sender's receipts go. Idempotent.
    ///
    /// # Errors
    /// `Unavailable` when it should be tried again; `Denied` when the credentials are not accepted.
    async fn subscribe(
        &self,
        sender: &SenderAccess,
        callback_url: &str,
    ) -> crate::error::Result<()>;
}
