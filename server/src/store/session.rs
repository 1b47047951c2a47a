//! Sessions: rows under the hash of their id.

use super::SqlStore;
use super::dialect::Dialect;
use super::sql::statements;
use super::value::args;
use async_trait::async_trait;
use dispatch::error::Result;
use dispatch::port::{SessionRow, SessionRows};
use dispatch::time::Timestamp;

statements! {
    LOAD = ["SELECT id_hash, user_id, agent, created_at, seen_at, expires_at, data FROM session WHERE id_hash = $1 AND expires_at > $2"];
    SAVE = ["INSERT INTO session (id_hash, user_id, agent, created_at, seen_at, expires_at, data) VALUES ($1, $2, $3, $4, $5, $6, $7) \
        ON CONFLICT (id_hash) DO UPDATE SET user_id = excluded.user_id, agent = excluded.agent, seen_at = excluded.seen_at, \
            expires_at = excluded.expires_at, data = excluded.data"];
    DELETE = ["DELETE FROM session WHERE id_hash = $1"];
    SWEEP = ["DELETE FROM session WHERE expires_at <= $1"];
}

#[async_trait]
impl<DB: Dialect> SessionRows for SqlStore<DB> {
    async fn load(&self, id_hash: &str, now: Timestamp) -> Result<Option<SessionRow>> {
        let Some(mut row) = self.row(&LOAD, args![id_hash, now]).await? else { return Ok(None) };
        Ok(Some(SessionRow {
            id_hash: row.text()?,
            user: row.read_or_none()?,
            agent: row.text()?,
            created_at: row.time()?,
            seen_at: row.time()?,
            expires_at: row.time()?,
            data: row.text()?,
        }))
    }

    async fn save(&self, row: &SessionRow) -> Result<()> {
        let cells = args![
            row.id_hash,
            row.user,
            row.agent,
            row.created_at,
            row.seen_at,
            row.expires_at,
            row.data
        ];
        self.run(&SAVE, cells).await.map(drop)
    }

    async fn delete(&self, id_hash: &str) -> Result<()> {
        self.run(&DELETE, args![id_hash]).await.map(drop)
    }

    async fn sweep(&self, now: Timestamp) -> Result<u64> {
        self.run(&SWEEP, args![now]).await
    }
}
