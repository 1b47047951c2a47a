//! What happened before, read in bulk: the material of a dry run.

use crate::error::Result;
use crate::event::Event;
use crate::id::{AccountId, BrandId, EventId};
use crate::port::Contact;
use crate::time::Timestamp;
use async_trait::async_trait;

/// A contact as it is kept under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The moment of the event that told it: a later one takes its place.
    pub occurred_at: Timestamp,
    /// The person.
    pub contact: Contact,
}

/// The store's part in looking back. All of it is about one brand of the account.
#[async_trait]
pub trait History: Send + Sync {
    /// Where pages of `page` events begin, counted from the newest back to `from`: the newest page's first
    /// event comes first. What is left before the last of them is the oldest page.
    async fn history_pages(
        &self,
        account: AccountId,
        brand: BrandId,
        from: EventId,
        page: i64,
    ) -> Result<Vec<EventId>>;

    /// Events in the order of their ids, from `from` on (that one included) and before `until`. A page of
    /// thousands costs little more than its parsing.
    async fn history(
        &self,
        account: AccountId,
        brand: BrandId,
        from: EventId,
        until: Option<EventId>,
    ) -> Result<Vec<Event>>;

    /// How many events there are from `from` on.
    async fn history_size(&self, account: AccountId, brand: BrandId, from: EventId) -> Result<i64>;

    /// Of these contact keys, those whose contact was told by an event from before a moment.
    async fn contacts_before(
        &self,
        account: AccountId,
        brand: BrandId,
        keys: &[String],
        before: Timestamp,
    ) -> Result<Vec<(String, Remembered)>>;
}
