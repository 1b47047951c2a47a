//! Calls between processes on one database: they carry no truth, only that it is time to look.

use crate::error::Result;
use async_trait::async_trait;

/// A way to reach the other processes.
#[async_trait]
pub trait Signal: Send + Sync {
    /// Says something to whoever listens at this moment.
    async fn call_out(&self, call: &str) -> Result<()>;
    /// Listens from now on. None where there cannot be another process.
    async fn listen(&self) -> Result<Option<Box<dyn Calls>>>;
}

/// What is called out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// These words, perhaps our own.
    Said(String),
    /// Something may have been said that was not heard.
    Missed,
}

/// An open ear.
#[async_trait]
pub trait Calls: Send {
    /// Waits for the next call; none when nothing can be heard any more.
    async fn next(&mut self) -> Option<Call>;
}
