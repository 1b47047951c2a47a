//! Where sessions are kept. The id is known here only by its hash: who reads the table cannot sign in with it.

use crate::error::Result;
use crate::id::UserId;
use crate::time::Timestamp;
use async_trait::async_trait;

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the session's id, in hex: names it without opening it.
    pub id_hash: String,
    /// Who is signed in; none before.
    pub user: Option<UserId>,
    /// The browser, as it calls itself.
    pub agent: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Last request.
    pub seen_at: Timestamp,
    /// Not good any more from then on.
    pub expires_at: Timestamp,
    /// What the session carries, as its owner wrote it.
    pub data: String,
}

/// The store's part in sessions.
#[async_trait]
pub trait SessionRows: Send + Sync {
    /// The session, unless it has expired.
    async fn load(&self, id_hash: &str, now: Timestamp) -> Result<Option<SessionRow>>;
    /// Keeps a session, over an earlier state of it.
    async fn save(&self, row: &SessionRow) -> Result<()>;
    /// Ends a session; one that is not there is no error.
    async fn delete(&self, id_hash: &str) -> Result<()>;
    /// Removes what has expired. Returns how many.
    async fn sweep(&self, now: Timestamp) -> Result<u64>;
}
