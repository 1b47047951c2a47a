//! Our own watch over late parcels: what it finds comes in like what others tell, so that it is kept, read,
//! decided and shown the same way.
//!
//! The body is one JSON object: `id` (the parcel and the day it missed, so that each is told once), `found` (a word
//! of [`Lateness`](dispatch::late::Lateness)), `occurred_at`, `last_event` and `last_heard`, and the fields of the
//! event resource; `expected_date` is the day that was missed.

use super::{json, missing, resource};
use dispatch::event::{Direction, EventStatus, Reading, Report};
use serde_json::Value;

pub(super) fn read(value: &Value) -> Reading {
    let Some(id) = json::text(value, &["/id"]) else { return missing("id") };
    let facts = resource::facts(value);
    if !resource::is_named(&facts) {
        return missing("tracking_number");
    }
    Reading::Reports(vec![Report {
        status: EventStatus::Delayed,
        source_status: json::text(value, &["/found"]),
        direction: Direction::Outbound,
        test: false,
        dedup_key: json::key(&[&id]),
        occurred_at: json::moment(value, &["/occurred_at"]),
        facts,
    }])
}
