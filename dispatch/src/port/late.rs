//! Parcels that are watched for being late. What is watched is written with decisions
//! ([`Desk::commit_decisions`](super::Desk::commit_decisions)).

use super::NewDelivery;
use crate::error::Result;
use crate::id::BrandId;
use crate::late::Watched;
use crate::time::{Date, Timestamp};
use async_trait::async_trait;

/// What a look at a watched parcel came to.
#[derive(Debug, Clone)]
pub struct Looked {
    /// Of which brand.
    pub brand: BrandId,
    /// What was looked at.
    pub watched: Watched,
    /// When to look at its expected day again; never when there is none.
    pub expected_at: Option<Timestamp>,
    /// When to look at its silence again.
    pub silent_at: Option<Timestamp>,
    /// The customer is told of a delay on this day.
    pub knows: Option<Date>,
    /// The report about it, when it is late.
    pub report: Option<NewDelivery>,
}

/// The store's part in watching.
#[async_trait]
pub trait LateParcels: Send + Sync {
    /// Watched parcels that it is time to look at, at most so many of each kind, the longest due first.
    async fn due_watches(&self, now: Timestamp, limit: i64) -> Result<Vec<Watched>>;

    /// Writes down what looks came to, and stores the reports, in one commit. What another worker has looked at
    /// meanwhile, or something new was heard of, is left alone. Returns how many reports were stored.
    async fn commit_looks(&self, looked: &[Looked]) -> Result<u64>;
}
