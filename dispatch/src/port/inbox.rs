//! From raw deliveries to events.

use crate::error::Result;
use crate::event::Event;
use crate::id::{AccountId, BrandId, ConnectionId, DeliveryId};
use crate::source::{Connection, DeliveryState, Source};
use crate::time::Timestamp;
use async_trait::async_trait;

/// A raw delivery about to be kept.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: DeliveryId,
    /// By which connection.
    pub connection: ConnectionId,
    /// When it came.
    pub received_at: Timestamp,
    /// The exact bytes.
    pub body: Vec<u8>,
}

/// A kept delivery that nobody has looked at.
#[derive(Debug, Clone)]
pub struct StoredDelivery {
    /// Whose.
    pub account: AccountId,
    /// For which brand.
    pub brand: BrandId,
    /// Which.
    pub id: DeliveryId,
    /// By which connection.
    pub connection: ConnectionId,
    /// From what kind of source.
    pub source: Source,
    /// When it came.
    pub received_at: Timestamp,
    /// The exact bytes.
    pub body: Vec<u8>,
    /// How often it was replayed: a replay makes new events of the same facts.
    pub replays: i64,
}

/// An event and the key that makes a second one like it a repetition.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// The event.
    pub event: Event,
    /// Unique per connection.
    pub dedup_key: String,
    /// The source's own status word.
    pub source_status: Option<String>,
}

/// What a delivery turned out to be.
#[derive(Debug, Clone)]
pub struct Understood {
    /// Whose.
    pub account: AccountId,
    /// Which delivery.
    pub delivery: DeliveryId,
    /// Understood, ignored or failed. When every event of an understood delivery turns out to be a
    /// repetition, the store writes `ignored` with the reason `duplicate`.
    pub state: DeliveryState,
    /// Why, if there is something to say.
    pub reason: Option<String>,
    /// Its events.
    pub events: Vec<NewEvent>,
}

/// The store's part in receiving.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// The connection of a hook's address; removed ones too.
    async fn find_connection(&self, id: ConnectionId) -> Result<Option<Connection>>;

    /// Counts a delivery that was refused for its signature. Nothing else of it is kept.
    async fn count_refused(&self, account: AccountId, connection: ConnectionId) -> Result<()>;

    /// Keeps deliveries, all in one commit.
    async fn store_deliveries(&self, deliveries: &[NewDelivery]) -> Result<()>;

    /// The oldest deliveries nobody has looked at.
    async fn stored_deliveries(&self, limit: i64) -> Result<Vec<StoredDelivery>>;

    /// Writes down what deliveries turned out to be, their events, what they say about contacts and
    /// progress of parcels, in one commit. A delivery somebody else finished meanwhile is left alone.
    async fn commit_understood(&self, understood: &[Understood]) -> Result<()>;

    /// Puts a delivery back among those nobody has looked at.
    ///
    /// # Errors
    /// `NotFound`.
    async fn replay_delivery(&self, account: AccountId, delivery: DeliveryId) -> Result<()>;
}
