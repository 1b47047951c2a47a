//! Keeping: room for what comes, and an end for what is old.

use crate::error::Result;
use crate::retention::Kept;
use crate::time::Timestamp;
use async_trait::async_trait;

/// The store's part in keeping.
#[async_trait]
pub trait Keep: Send + Sync {
    /// Makes room for everything up to that moment and its month, where a database needs to be told. Answers how many
    /// parts were made.
    async fn make_months(&self, until: Timestamp) -> Result<u64>;

    /// Gives back the room of what has left the inboxes, where a database needs to be told.
    async fn tidy(&self) -> Result<()>;

    /// Removes what is older than that moment, one small step at a time or whole months at once, as the database can;
    /// of what still waits for a stage nothing. Answers how much a step removed: 0 when nothing is left to remove.
    async fn forget(&self, kept: Kept, before: Timestamp) -> Result<u64>;
}
