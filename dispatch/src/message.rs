//! A message: one notification to one recipient, and the only ways its state may move.

use crate::channel::{Channel, TrackingStatus};
use crate::country::Country;
use crate::id::{AccountId, BrandId, DecisionId, MessageId, SenderId};
use crate::language::Language;
use crate::template::{Category, Rendered};
use crate::time::Timestamp;
use crate::words::words;
use serde::{Deserialize, Serialize};

words! {
    /// Where a message is. Forward only; late truth may still correct `failed`.
    MessageState {
        /// Decided, waiting for a moment (quiet hours).
        Held = "held",
        /// Decided, due at a time. Left by a claim.
        Queued = "queued",
        /// Leased to one worker. Left by the attempt's outcome or the lease's end.
        Sending = "sending",
        /// The answer of the provider was lost: a receipt or the deadline settles it.
        Unknown = "unknown",
        /// The provider took it.
        Accepted = "accepted",
        /// Left the provider.
        Sent = "sent",
        /// On the customer's device: charged.
        Delivered = "delivered",
        /// Opened.
        Read = "read",
        /// Given up; the failure says why. A later delivered or read receipt still wins.
        Failed = "failed",
        /// Withdrawn before it left (opt-out meanwhile, brand archived).
        Cancelled = "cancelled",
    }
}

impl MessageState {
    /// The order in which receipts may move a message: only to a higher rank. `failed` stands between
    /// sent and delivered, because a later delivered receipt corrects it and a late sent one must not.
    #[must_use]
    pub const fn rank(self) -> i64 {
        match self {
            Self::Held => 0,
            Self::Queued => 10,
            Self::Sending => 20,
            Self::Unknown => 30,
            Self::Accepted => 40,
            Self::Sent => 50,
            Self::Cancelled => 52,
            Self::Failed => 55,
            Self::Delivered => 60,
            Self::Read => 70,
        }
    }

    /// Whether the customer has it.
    #[must_use]
    pub const fn reached(self) -> bool {
        matches!(self, Self::Delivered | Self::Read)
    }
}

/// A message as it is decided: what the store writes once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: MessageId,
    /// Why.
    pub decision: DecisionId,
    /// For which brand.
    pub brand: BrandId,
    /// From which sender.
    pub sender: SenderId,
    /// On which channel.
    pub channel: Channel,
    /// Destination country.
    pub country: Country,
    /// Which news.
    pub tracking_status: TrackingStatus,
    /// E.164, or a mail address.
    pub to: String,
    /// The template's name at the provider.
    pub template: String,
    /// Its version.
    pub template_version: i64,
    /// Its language.
    pub language: Language,
    /// Whether it tells or advertises: what is looked at once more when it leaves.
    pub category: Category,
    /// The finished text and its values.
    pub rendered: Rendered,
    /// Not before.
    pub due_at: Timestamp,
    /// Not after, when it has to wait: until then its news is recent enough.
    pub good_until: Option<Timestamp>,
    /// When it was decided.
    pub created_at: Timestamp,
    /// Who stands in when it does not arrive, one after the other.
    pub fallbacks: Vec<Fallback>,
}

/// The same news made ready for the next channel, so that it says what was decided, whatever is changed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallback {
    /// On which channel.
    pub channel: Channel,
    /// From which sender.
    pub sender: SenderId,
    /// E.164, or a mail address.
    pub to: String,
    /// The template's name.
    pub template: String,
    /// Its version.
    pub template_version: i64,
    /// Its language.
    pub language: Language,
    /// Whether it tells or advertises.
    pub category: Category,
    /// The finished text.
    pub rendered: Rendered,
    /// Minutes the channel before it has to arrive; none when only its failure counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
}
