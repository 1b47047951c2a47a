//! What happened, normalised: the words are those of the API's event resource.

use crate::channel::TrackingStatus;
use crate::country::Country;
use crate::id::{AccountId, BrandId, ConnectionId, DeliveryId, EventId};
use crate::language::Language;
use crate::source::Source;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What a source reports. The first eleven can notify; the rest are kept and notify nobody.
    EventStatus {
        /// See [`TrackingStatus::ReadyToShip`].
        ReadyToShip = "ready_to_ship",
        /// See [`TrackingStatus::Shipped`].
        Shipped = "shipped",
        /// See [`TrackingStatus::OutForDelivery`].
        OutForDelivery = "out_for_delivery",
        /// See [`TrackingStatus::Delayed`].
        Delayed = "delayed",
        /// See [`TrackingStatus::FailedAttempt`].
        FailedAttempt = "failed_attempt",
        /// See [`TrackingStatus::ReadyForPickup`].
        ReadyForPickup = "ready_for_pickup",
        /// See [`TrackingStatus::Delivered`].
        Delivered = "delivered",
        /// See [`TrackingStatus::ReturnLabelCreated`].
        ReturnLabelCreated = "return_label_created",
        /// See [`TrackingStatus::ReturnDroppedOff`].
        ReturnDroppedOff = "return_dropped_off",
        /// See [`TrackingStatus::ReturnReceived`].
        ReturnReceived = "return_received",
        /// See [`TrackingStatus::PostPurchase`].
        PostPurchase = "post_purchase",
        /// Moving between two places.
        InTransit = "in_transit",
        /// Something went wrong that the merchant has to look at.
        Exception = "exception",
        /// Will not be delivered.
        Cancelled = "cancelled",
        /// The source used a word nobody has told us yet.
        Unknown = "unknown",
    }
}

impl EventStatus {
    /// The column of the matrix, when there is one.
    #[must_use]
    pub fn tracking(self) -> Option<TrackingStatus> {
        self.word().parse().ok()
    }

    /// Whether nothing newer is expected for that parcel.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::ReturnReceived | Self::Cancelled)
    }
}

impl From<TrackingStatus> for EventStatus {
    fn from(status: TrackingStatus) -> Self {
        status.word().parse().unwrap_or(Self::Unknown)
    }
}

words! {
    /// Which way the parcel goes.
    Direction {
        /// To the customer.
        Outbound = "outbound",
        /// Back to the shop.
        Return = "return",
    }
}

/// What a source's adapter read out of one delivery, before it has an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What happened.
    pub status: EventStatus,
    /// The source's own word for it, kept for unmapped ones.
    pub source_status: Option<String>,
    /// Which way.
    pub direction: Direction,
    /// Made by a test button: never messages a person.
    pub test: bool,
    /// Equal for two deliveries that say the same (source's event id, or a content key).
    pub dedup_key: String,
    /// When it happened, if the source says so.
    pub occurred_at: Option<Timestamp>,
    /// The parcel and the person.
    pub facts: Facts,
}

/// What a source's adapter makes of a delivery's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// It reports something.
    Reports(Vec<Report>),
    /// Understood, and nothing a customer could care about; why, as a stable word.
    Ignored(String),
    /// Not understood; why, as a stable word, sometimes with a detail after a colon.
    Unreadable(String),
}

/// The parcel, the order and the person, as far as a source tells them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The shop's order number.
    pub order_number: Option<String>,
    /// The carrier's number.
    pub tracking_number: Option<String>,
    /// The source's own id of the parcel.
    pub parcel_id: Option<String>,
    /// The source's code of the carrier.
    pub carrier: Option<String>,
    /// Destination of the message's recipient.
    pub country: Option<Country>,
    /// E.164, when it could be read.
    pub phone: Option<String>,
    /// As it was typed.
    pub phone_raw: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The recipient's language.
    pub locale: Option<Language>,
    /// The recipient's name.
    pub name: Option<String>,
    /// Public tracking page; only http and https.
    pub tracking_url: Option<String>,
    /// Id of the pickup point.
    pub service_point_id: Option<String>,
    /// Name of the pickup point.
    pub service_point_name: Option<String>,
    /// The brand's id at the source.
    pub brand_id: Option<String>,
    /// What was ordered, in a few words.
    pub items: Option<String>,
    /// The day it is expected, `2026-11-27`.
    pub expected_date: Option<String>,
    /// Between which hours.
    pub delivery_slot: Option<String>,
    /// Why it is late.
    pub delay_reason: Option<String>,
    /// The driver's number.
    pub driver_phone: Option<String>,
    /// The last day it waits at the pickup point.
    pub pickup_until: Option<String>,
    /// Where the pickup point is: degrees north and east, `48.8566,2.3522`.
    pub pickup_location: Option<String>,
    /// A picture that proves the delivery; only http and https.
    pub proof_url: Option<String>,
}

impl Facts {
    /// Whether a message could reach somebody by what is written here.
    #[must_use]
    pub const fn has_contact(&self) -> bool {
        self.phone.is_some() || self.phone_raw.is_some() || self.email.is_some()
    }
}

/// What happened, stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: EventId,
    /// For which brand.
    pub brand: BrandId,
    /// Told by which connection.
    pub connection: ConnectionId,
    /// In which delivery.
    pub delivery: DeliveryId,
    /// From what kind of source.
    pub source: Source,
    /// What happened.
    pub status: EventStatus,
    /// Which way.
    pub direction: Direction,
    /// Made by a test button.
    pub test: bool,
    /// When it happened; never later than `received_at`.
    pub occurred_at: Timestamp,
    /// When we were told.
    pub received_at: Timestamp,
    /// The parcel and the person.
    pub facts: Facts,
}

impl Event {
    /// The names this shipment (or else order) goes by. Two events speak of the same thing when they
    /// share one: sources differ in whether they know the carrier's number, their own id, or both.
    #[must_use]
    pub fn subject_keys(&self) -> Vec<String> {
        let mut keys = Vec::with_capacity(2);
        if self.status != EventStatus::PostPurchase {
            if let Some(number) = &self.facts.tracking_number {
                keys.push(format!("t:{number}"));
            }
            if let Some(parcel) = &self.facts.parcel_id {
                keys.push(format!("p:{}:{parcel}", self.source));
            }
        }
        if keys.is_empty() {
            match &self.facts.order_number {
                Some(order) => keys.push(format!("o:{order}")),
                // Nothing names the parcel: the event can only be equal to itself.
                None => keys.push(format!("e:{}", self.id)),
            }
        }
        keys
    }

    /// Whether it says how far the parcel is. Only news and ends do; a word nobody knows says nothing, and what we
    /// conclude ourselves must not overtake what a carrier tells a little late.
    #[must_use]
    pub fn is_progress(&self) -> bool {
        self.source != Source::Lookout
            && (self.status.tracking().is_some() || self.status.is_final())
    }

    /// The names under which a contact is remembered and looked up: most exact first.
    #[must_use]
    pub fn contact_keys(&self) -> Vec<String> {
        let mut keys = Vec::with_capacity(3);
        if self.direction == Direction::Outbound {
            if let Some(number) = &self.facts.tracking_number {
                keys.push(format!("t:{number}"));
            }
            if let Some(parcel) = &self.facts.parcel_id {
                keys.push(format!("p:{}:{parcel}", self.source));
            }
        }
        if let Some(order) = &self.facts.order_number {
            keys.push(format!("o:{order}"));
        }
        keys
    }
}
