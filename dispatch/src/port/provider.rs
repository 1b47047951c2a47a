//! The way out: something that can send one message.

use crate::attempt::{Answer, Claimed, Consequence};
use crate::channel::Channel;
use crate::error::Result;
use crate::language::Language;
use crate::port::{SenderAccess, Submitted};
use crate::sender::SenderCheck;
use crate::template::{Category, Review, Variant};
use crate::time::Timestamp;
use async_trait::async_trait;
use std::time::Duration;

/// A messaging provider. Never fails: whatever happens is an [`Answer`].
#[async_trait]
pub trait Provider: Send + Sync {
    /// Sends one message from a sender. The attempt's id travels along, so that receipts can name it.
    async fn send(&self, sender: &SenderAccess, message: &Claimed) -> Answer;

    /// What follows from a code of a channel beyond the one message, however we heard of it.
    fn consequence(&self, channel: Channel, code: &str) -> Consequence;

    /// Tells the provider where a sender's receipts go. Idempotent.
    ///
    /// # Errors
    /// `Unavailable` when it should be tried again; `Denied` when the credentials are not accepted.
    async fn subscribe(&self, sender: &SenderAccess, callback_url: &str) -> Result<()>;

    /// Asks the provider how a sender is. Takes seconds at most, and never fails: whatever happens is
    /// something to say about the sender.
    async fn check(&self, sender: &SenderAccess, callback_url: &str) -> SenderCheck;

    /// Gives a template to the provider's review. `patience` is how long its messages may take to arrive, where
    /// another channel stands in then; `again` is when to try once more, should that help.
    async fn submit(
        &self,
        sender: &SenderAccess,
        variant: &Variant,
        patience: Option<Duration>,
        again: Timestamp,
    ) -> Submitted;

    /// Everything the provider knows of the sender's templates.
    ///
    /// # Errors
    /// As [`Provider::subscribe`].
    async fn list_templates(&self, sender: &SenderAccess) -> Result<Vec<ProviderTemplate>>;
}

/// A template as the provider lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderTemplate {
    /// The provider's id.
    pub provider_id: String,
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: Language,
    /// Where it stands.
    pub review: Review,
    /// Why.
    pub reason: Option<String>,
    /// Its category.
    pub category: Category,
    /// How it is received.
    pub quality: Option<String>,
}
