//! A row of the log in words: its state, why, and where it leads.

use crate::page::Ask;
use crate::route;
use crate::text::{Text, reason, time};
use crate::ui::State;
use dispatch::decision::Verdict;
use dispatch::message::MessageState;
use dispatch::reach::DAILY_LIMIT;
use dispatch::view::LogRow;
use dispatch::zone;

/// How a message's state is drawn.
#[must_use]
pub fn sign(state: MessageState) -> State {
    match state {
        MessageState::Held => State::HELD,
        MessageState::Queued => State::WAITING,
        MessageState::Sending | MessageState::Accepted | MessageState::Sent => State::SENT,
        MessageState::Unknown => State::ATTENTION,
        MessageState::Delivered => State::DELIVERED,
        MessageState::Read => State::READ,
        MessageState::Failed => State::FAILED,
        MessageState::Cancelled => State::NOT_SENT,
    }
}

/// A message's state in a word.
#[must_use]
pub fn name(t: Text, state: MessageState) -> &'static str {
    match state {
        MessageState::Held => t.state_held(),
        MessageState::Queued => t.state_queued(),
        MessageState::Sending => t.state_sending(),
        MessageState::Unknown => t.state_unknown(),
        MessageState::Accepted => t.state_accepted(),
        MessageState::Sent => t.state_sent(),
        MessageState::Delivered => t.state_delivered(),
        MessageState::Read => t.state_read(),
        MessageState::Failed => t.state_failed(),
        MessageState::Cancelled => t.state_cancelled(),
    }
}

/// How a row's state is drawn, and its word.
#[must_use]
pub fn state(t: Text, row: &LogRow) -> (State, &'static str) {
    match (row.state, row.verdict) {
        (Some(state), _) => (sign(state), name(t, state)),
        (None, Verdict::Hold) => (State::HELD, t.state_held()),
        (None, Verdict::Skip) => (State::NOT_SENT, t.state_not_sent()),
        (None, Verdict::Send) => (State::WAITING, t.state_queued()),
    }
}

/// Why a row did not arrive, in a few words; none when there is nothing to explain.
#[must_use]
pub fn why(t: Text, row: &LogRow) -> Option<String> {
    match (row.state, row.reason) {
        (None, Some(code)) => Some(reason::short(t, code, subject(row))),
        (Some(MessageState::Failed | MessageState::Cancelled | MessageState::Unknown), _) => {
            row.failure.as_deref().map(|code| reason::failure(t, code))
        }
        (Some(MessageState::Held), Some(code)) => Some(reason::short(t, code, subject(row))),
        _ => None,
    }
}

/// When a held message goes, by the recipient's clock, whose zone is named; none for any other.
#[must_use]
pub fn planned(ask: &Ask, row: &LogRow) -> Option<String> {
    let zone = zone::of_country(row.country?);
    let shows = ask.desk.zones.local(zone, row.due_at?);
    let reading = time::reading(ask.lang, shows);
    Some(if waits_for_place(row) {
        ask.t.messages_planned_reach(reading, zone)
    } else {
        ask.t.messages_planned(reading, zone)
    })
}

/// Whether a held message waits because its number has reached as many customers as it may.
#[must_use]
pub fn waits_for_place(row: &LogRow) -> bool {
    row.failure.as_deref() == Some(DAILY_LIMIT)
}

/// What a row's reason is about.
#[must_use]
pub fn subject(row: &LogRow) -> reason::Subject<'_> {
    reason::Subject {
        status: Some(row.status),
        country: row.country,
        channel: row.channel,
        phone: row.phone.as_deref(),
    }
}

/// The page of a row: its message, or the decision that made none.
#[must_use]
pub fn page(row: &LogRow) -> String {
    row.message.map_or_else(|| route::decision(row.decision), route::message)
}

/// What a row is called: its order, or else its parcel.
#[must_use]
pub fn title(t: Text, row: &LogRow) -> String {
    match (&row.order_number, &row.tracking_number) {
        (Some(order), _) if order.starts_with('#') => order.clone(),
        (Some(order), _) => format!("#{order}"),
        (None, Some(tracking)) => tracking.clone(),
        (None, None) => t.messages_no_order().to_owned(),
    }
}
