//! What keeps a customer from being told too often: what is counted against a brand's cap, and the message
//! that waits for more of its order.

use super::RuleCode;
use crate::brand::Brand;
use crate::event::Event;
use crate::id::MessageId;
use crate::time::Timestamp;
use crate::timing::Merge;
use crate::zone::{self, Zones};
use std::time::Duration;

/// How long an order is counted: returns come within it.
const ORDER_KEPT: Duration = Duration::from_secs(90 * 24 * 3600);
/// How long a day is: until it has ended everywhere.
const DAY_KEPT: Duration = Duration::from_secs(2 * 24 * 3600);

/// How many messages were counted before; none where there is nothing to count by, or no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// About the same order.
    pub order: Option<u32>,
    /// To the same recipient on the same day.
    pub day: Option<u32>,
}

/// A message that has not left yet and may be joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub message: MessageId,
    /// When it goes.
    pub until: Timestamp,
}

/// A place where messages are counted, with what had been counted there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// The order, or the recipient.
    pub key: String,
    /// The recipient's day, in days since 1970; 0 for an order.
    pub day: i64,
    /// Until when it is kept.
    pub until: Timestamp,
    /// How many messages the brand allows here.
    pub limit: u32,
    /// How many there were when it was decided.
    pub seen: u32,
}

/// Where a message about an event is counted: nowhere while the brand has no cap.
///
/// What counts is what was decided to be sent, urgent news included, on the recipient's day of the decision. A
/// message that is cancelled before it leaves stays counted, and what was sent while there was no cap never was.
/// The count is exact across workers: see `Desk::commit_decisions`.
#[must_use]
pub fn counters(
    event: &Event,
    brand: &Brand,
    zones: &dyn Zones,
    now: Timestamp,
    seen: impl Fn(&str, i64) -> u32,
) -> Vec<Counter> {
    let cap = &brand.timing.cap;
    let mut counters = Vec::new();
    if !cap.on {
        return counters;
    }
    let mut count = |key: String, day, limit, kept| {
        let seen = seen(&key, day);
        counters.push(Counter { key, day, until: now.plus(kept), limit, seen });
    };
    if let (Some(limit), Some(order)) = (cap.per_order, &event.facts.order_number) {
        count(order_key(order), 0, limit, ORDER_KEPT);
    }
    if let (Some(limit), Some(phone)) = (cap.per_day, &event.facts.phone) {
        let zone = event.facts.country.map_or("Etc/UTC", zone::of_country);
        count(person_key(phone), zones.local(zone, now).date.days(), limit, DAY_KEPT);
    }
    counters
}

/// The keys under which an event's messages may have been counted, whatever the day.
#[must_use]
pub fn counter_keys(event: &Event) -> Vec<String> {
    let order = event.facts.order_number.as_deref().map(order_key);
    let person = event.facts.phone.as_deref().map(person_key);
    order.into_iter().chain(person).collect()
}

impl Tally {
    /// What the counters say.
    #[must_use]
    pub fn of(counters: &[Counter]) -> Self {
        let seen = |counter: Option<&Counter>| counter.map(|counter| counter.seen);
        Self {
            order: seen(counters.iter().find(|counter| counter.key.starts_with("o:"))),
            day: seen(counters.iter().find(|counter| counter.key.starts_with("r:"))),
        }
    }
}

fn order_key(order: &str) -> String {
    format!("o:{order}")
}

fn person_key(phone: &str) -> String {
    format!("r:{phone}")
}

/// What messages have in common that may be told together, besides their news: the order and the recipient.
/// None where the brand tells everything by itself, or nothing names an order.
#[must_use]
pub fn together(event: &Event, merge: &Merge) -> Option<String> {
    let (order, phone) = (event.facts.order_number.as_ref()?, event.facts.phone.as_ref()?);
    merge.on.then(|| format!("{phone} {order}"))
}

/// Whether somebody is told, by a message of the event's own or by the one it was joined to.
#[must_use]
pub fn is_told(verdict: super::Verdict, reason: Option<RuleCode>) -> bool {
    verdict != super::Verdict::Skip || reason == Some(RuleCode::NotJoined)
}
