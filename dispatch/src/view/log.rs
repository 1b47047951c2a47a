//! The log: its rows, its filters, its counts, and the overview that leads to it.

use crate::channel::Channel;
use crate::country::Country;
use crate::decision::{RuleCode, Verdict};
use crate::event::EventStatus;
use crate::id::{BrandId, DecisionId, DeliveryId, EventId, InvoiceLineId, MessageId};
use crate::message::MessageState;
use crate::money::Money;
use crate::time::Timestamp;

/// One row of the log: a decision, and its message if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// The decision: the row's own id and the cursor of the list.
    pub decision: DecisionId,
    /// The event it is about.
    pub event: EventId,
    /// The message, when one was made.
    pub message: Option<MessageId>,
    /// For which brand.
    pub brand: BrandId,
    /// When it was decided.
    pub at: Timestamp,
    /// On which channel it was decided.
    pub channel: Channel,
    /// The channel that carries its message now: another one may have stood in.
    pub carried: Option<Channel>,
    /// What happened.
    pub status: EventStatus,
    /// Destination.
    pub country: Option<Country>,
    /// Order.
    pub order_number: Option<String>,
    /// Carrier's number.
    pub tracking_number: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// Send, hold or skip.
    pub verdict: Verdict,
    /// The rule that decided against it.
    pub reason: Option<RuleCode>,
    /// Where the message is.
    pub state: Option<MessageState>,
    /// Why it failed or was cancelled: the provider's code or a word of ours.
    pub failure: Option<String>,
    /// When it goes, while it is held.
    pub due_at: Option<Timestamp>,
    /// What it cost so far.
    pub charged: Option<Money>,
}

/// Which rows of the log are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Only this brand.
    pub brand: Option<BrandId>,
    /// Only this part.
    pub tab: LogTab,
    /// Only this status.
    pub status: Option<EventStatus>,
    /// Only this destination.
    pub country: Option<Country>,
    /// Only what this rule stopped.
    pub reason: Option<RuleCode>,
    /// Only where the message is in this state.
    pub state: Option<MessageState>,
    /// Only this channel: the one that carries the message, or for which there is none.
    pub channel: Option<Channel>,
    /// Only what was decided from this moment on.
    pub since: Option<Timestamp>,
    /// Only what was decided before this moment.
    pub until: Option<Timestamp>,
    /// Exact order number.
    pub order_number: Option<String>,
    /// Exact tracking number.
    pub tracking_number: Option<String>,
    /// Exact E.164.
    pub phone: Option<String>,
    /// Exact ids, as search finds them.
    pub message: Option<MessageId>,
    /// By the provider's id of the message.
    pub provider_id: Option<String>,
    /// What came out of this delivery.
    pub delivery: Option<DeliveryId>,
    /// What this line of an invoice bills.
    pub invoice_line: Option<InvoiceLineId>,
    /// Rows older than this one.
    pub before: Option<DecisionId>,
    /// At most so many.
    pub limit: i64,
}

/// The tabs of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogTab {
    /// Everything.
    #[default]
    All,
    /// With a message.
    Sent,
    /// Decided against.
    NotSent,
    /// Waiting.
    Held,
    /// Failed or of unknown outcome.
    Failed,
    /// Failed, and can be sent again.
    Waiting,
}

/// One page of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether older ones follow.
    pub more: bool,
}

/// How many rows of the log each tab has, over the last 30 days (a count people can wait for).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogCounts {
    /// Everything.
    pub all: i64,
    /// Decided against.
    pub not_sent: i64,
    /// Waiting.
    pub held: i64,
    /// Failed or of unknown outcome.
    pub failed: i64,
    /// Failed at any time, and can be sent again.
    pub waiting: i64,
}

/// How many events one rule stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonCount {
    /// The rule.
    pub reason: RuleCode,
    /// How many.
    pub count: i64,
    /// The last one.
    pub last_at: Timestamp,
}

/// What the overview page counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewView {
    /// Brands in use.
    pub brands: i64,
    /// Connections in use, without the simulator.
    pub connections: i64,
    /// Whether a shop was ever connected.
    pub was_connected: bool,
    /// Whether any channel of any brand is on.
    pub activated: bool,
    /// The newest message that reached a phone.
    pub first_delivered: Option<LogRow>,
    /// Events of the last 24 hours.
    pub events_today: i64,
    /// Messages of the last 24 hours.
    pub messages_today: i64,
    /// Of those, delivered or read.
    pub delivered_today: i64,
    /// Of those, failed or of unknown outcome.
    pub failed_today: i64,
    /// Failed at any time, and can be sent again.
    pub waiting: i64,
    /// Decided against in the last 24 hours.
    pub not_sent_today: i64,
    /// Charged this month, not rounded.
    pub cost_this_month: Money,
}
