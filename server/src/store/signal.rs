//! Calls between processes on one database.

use super::dialect::Dialect;
use super::sql::statements;
use super::value::args;
use super::{SqlStore, unavailable};
use async_trait::async_trait;
use dispatch::error::Result;
use dispatch::port::{Calls, Signal};

/// The channel that calls go through.
const CHANNEL: &str = "facteur_calls";

statements! {
    // Nothing is lost with a call, so its commit need not wait for the disk. SQLite has one process and nobody to call.
    CALL_OUT = [call_out];
}

#[async_trait]
impl<DB: Dialect> Signal for SqlStore<DB> {
    async fn call_out(&self, call: &str) -> Result<()> {
        self.rows(&CALL_OUT, args![CHANNEL, call]).await.map(drop)
    }

    async fn listen(&self) -> Result<Option<Box<dyn Calls>>> {
        DB::listen(&self.writers, CHANNEL).await.map_err(|e| unavailable("listen", &e))
    }
}
