//! What was changed in a channel's settings, by whom.

use crate::channel::Channel;
use crate::error::Result;
use crate::id::{AccountId, BrandId, ChangeId};
use crate::view::{ChangeView, Page};
use async_trait::async_trait;

/// Which changes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangesAsked {
    /// Those that led to a later version than this; 0 for all.
    pub above: i64,
    /// Those older than this one.
    pub before: Option<ChangeId>,
    /// How many at most.
    pub limit: i64,
}

impl ChangesAsked {
    /// Everything that happened since a version.
    #[must_use]
    pub const fn since(version: i64) -> Self {
        Self { above: version, before: None, limit: i64::MAX - 1 }
    }
}

/// The store's part in the history of settings. Changes are written by the methods that make them
/// ([`super::Brands`]) in the same commit, and never altered.
#[async_trait]
pub trait Changes: Send + Sync {
    /// Changes of one channel of a brand, newest first.
    ///
    /// # Errors
    /// `NotFound` when the account has no such brand.
    async fn changes(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
        asked: ChangesAsked,
    ) -> Result<Page<ChangeView>>;
    /// One of them.
    async fn change(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
        id: ChangeId,
    ) -> Result<Option<ChangeView>>;
}
