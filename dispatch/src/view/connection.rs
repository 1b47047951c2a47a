//! Connections, what they delivered, and the events in it.

use crate::decision::{RuleCode, Verdict};
use crate::event::{Direction, EventStatus, Facts};
use crate::id::{BrandId, ConnectionId, DecisionId, DeliveryId, EventId, MessageId};
use crate::source::{ConnectionState, DeliveryState, Source};
use crate::time::Timestamp;

/// A connection in lists and on its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionView {
    /// Which.
    pub id: ConnectionId,
    /// For which brand.
    pub brand: BrandId,
    /// The brand's name.
    pub brand_name: String,
    /// From what.
    pub source: Source,
    /// Accepts or not.
    pub state: ConnectionState,
    /// `hmac`, or the header's name.
    pub auth: String,
    /// How many keys are accepted (current, previous).
    pub secrets: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// The last delivery's arrival.
    pub last_delivery_at: Option<Timestamp>,
    /// Deliveries of the last 24 hours.
    pub deliveries_today: i64,
    /// Deliveries refused for a wrong signature, ever.
    pub refused: i64,
}

/// A raw delivery on its connection's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryView {
    /// Which.
    pub id: DeliveryId,
    /// By which connection.
    pub connection: ConnectionId,
    /// When it came.
    pub received_at: Timestamp,
    /// What became of it.
    pub state: DeliveryState,
    /// Why, when there is something to say: a stable word, sometimes with a detail after a colon.
    pub reason: Option<String>,
    /// Size of the body in bytes.
    pub size: i64,
    /// How often it was replayed.
    pub replays: i64,
    /// Its events: status, and what was decided.
    pub events: Vec<DeliveryEventView>,
}

/// What a delivery became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryEventView {
    /// Which event.
    pub event: EventId,
    /// What it said.
    pub status: EventStatus,
    /// The decision, once made.
    pub decision: Option<DecisionId>,
    /// Send, hold or skip.
    pub verdict: Option<Verdict>,
    /// The rule that decided against it.
    pub reason: Option<RuleCode>,
    /// The message.
    pub message: Option<MessageId>,
}

/// An event, as the API gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventView {
    /// Which.
    pub id: EventId,
    /// For which brand.
    pub brand: BrandId,
    /// In which delivery.
    pub delivery: DeliveryId,
    /// What happened.
    pub status: EventStatus,
    /// Which way.
    pub direction: Direction,
    /// Made by a test button.
    pub test: bool,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When we were told.
    pub received_at: Timestamp,
    /// The parcel and the person.
    pub facts: Facts,
}
