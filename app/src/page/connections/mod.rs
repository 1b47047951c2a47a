//! Event sources: the list, a new one, one with its deliveries.

mod detail;
mod list;
mod new;

pub use detail::connection;
pub use list::list;
pub use new::new;

use super::Ask;
use crate::text::{Text, time};
use crate::ui::State;
use dispatch::source::{DeliveryState, Source};
use dispatch::view::ConnectionView;
use std::time::Duration;

/// A source that told nothing for so long may be broken.
const SILENCE: Duration = Duration::from_secs(24 * 3600);

/// How a connection is, as far as its deliveries tell.
fn health(ask: &Ask, connection: &ConnectionView) -> (State, String) {
    let t = ask.t;
    let now = ask.desk.now();
    match connection.last_delivery_at {
        None if connection.refused > 0 => {
            (State::ATTENTION, t.connections_state_refused().to_owned())
        }
        None => (State::WAITING, t.connections_state_waiting().to_owned()),
        // The simulator and the API speak only when somebody uses them.
        Some(_) if connection.source != Source::Sendcloud => {
            (State::GOOD, t.connections_state_receiving().to_owned())
        }
        Some(last) if now.since(last) > SILENCE => {
            let age = time::duration(ask.lang, now.since(last));
            (State::ATTENTION, t.connections_state_silent(age))
        }
        Some(_) => (State::GOOD, t.connections_state_receiving().to_owned()),
    }
}

/// Where a source posts its events.
fn url(ask: &Ask, connection: &ConnectionView) -> String {
    format!("{}/hooks/{}/{}", ask.desk.site.base_url, connection.source, connection.id)
}

/// What became of a delivery, in a word.
fn delivery_state(t: Text, state: DeliveryState) -> (State, &'static str) {
    match state {
        DeliveryState::Stored => (State::WAITING, t.connections_delivery_stored()),
        DeliveryState::Understood => (State::GOOD, t.connections_delivery_understood()),
        DeliveryState::Ignored => (State::NONE, t.connections_delivery_ignored()),
        DeliveryState::Failed => (State::FAILED, t.connections_delivery_failed()),
    }
}

/// Why a delivery became nothing: a stable word of its reader, sometimes with a detail.
fn delivery_reason(t: Text, reason: &str) -> String {
    let (word, detail) = reason.split_once(": ").unwrap_or((reason, ""));
    match word {
        "not_json" => t.connections_reason_not_json().to_owned(),
        "not_an_object" => t.connections_reason_not_an_object().to_owned(),
        "too_deep" => t.connections_reason_too_deep().to_owned(),
        "missing" => t.connections_reason_missing(detail),
        "specversion" => t.connections_reason_specversion().to_owned(),
        "no_news" if detail.is_empty() => t.connections_reason_no_news_bare().to_owned(),
        "no_news" => t.connections_reason_no_news(detail),
        "lifecycle" => t.connections_reason_lifecycle(detail),
        "unknown_event" | "unknown_action" => t.connections_reason_unknown(detail),
        "duplicate" => t.connections_reason_duplicate().to_owned(),
        "nothing_reported" => t.connections_reason_nothing().to_owned(),
        _ => reason.to_owned(),
    }
}
