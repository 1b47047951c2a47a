//! What became of an event, in plain words: the first thing a case says.

use super::word;
use crate::page::Ask;
use crate::text::{money, reason, time};
use dispatch::decision::RuleCode;
use dispatch::message::MessageState;
use dispatch::money::Money;
use dispatch::receipt::ReceiptKind;
use dispatch::time::Timestamp;
use dispatch::view::{CaseView, MessageView};
use dispatch::zone;
use std::time::Duration;

/// Sentences in the order in which they are said, and what there is to know besides.
pub(super) struct Outcome {
    /// One sentence each, large.
    pub lines: Vec<String>,
    /// Below them, quiet.
    pub note: Option<String>,
    /// Whether more is to come by itself.
    pub moving: bool,
}

/// Says what became of it.
pub(super) fn outcome(ask: &Ask, case: &CaseView) -> Outcome {
    match &case.message {
        Some(message) => of_message(ask, case, message),
        None => not_sent(ask, case),
    }
}

fn not_sent(ask: &Ask, case: &CaseView) -> Outcome {
    let t = ask.t;
    let why = word::why(t, &case.row);
    let note = case
        .row
        .reason
        .map(|code| format!("{} {}", t.case_nothing_billed(), reason::remedy(t, code)));
    let line = match why {
        // Somebody was told all the same.
        Some(_) if case.row.reason == Some(RuleCode::NotJoined) => t.case_joined().to_owned(),
        Some(why) => t.case_not_sent(why),
        None => t.case_not_sent_bare().to_owned(),
    };
    Outcome { lines: vec![line], note, moving: false }
}

fn of_message(ask: &Ask, case: &CaseView, message: &MessageView) -> Outcome {
    let t = ask.t;
    let said = |kind: ReceiptKind| {
        message.receipts.iter().find(|receipt| receipt.kind == kind).map(|r| r.occurred_at)
    };
    let taken = message.attempts.iter().rev().find(|a| a.provider_id.is_some());
    let why = message.failure.as_deref().map(|code| reason::failure(t, code));
    let billed = billed(message);
    let mut lines = Vec::new();
    let mut note = None;
    let mut moving = true;
    match message.state {
        MessageState::Held if due_again(ask, message) => {
            lines.push(t.again_held().to_owned());
            note = Some(t.again_held_words().to_owned());
        }
        MessageState::Held => {
            let zone = case.row.country.map(|country| (country, zone::of_country(country)));
            match zone.zip(message.due_at) {
                Some(((country, zone), at)) => {
                    let shows = ask.desk.zones.local(zone, at);
                    lines.push(t.case_held_until(time::reading(ask.lang, shows), zone));
                    note = Some(if word::waits_for_place(&case.row) {
                        t.case_held_reach().to_owned()
                    } else if case.row.reason == Some(RuleCode::Gathered) {
                        t.case_held_gathered().to_owned()
                    } else if zone::is_one_of_several(country) {
                        t.case_held_several().to_owned()
                    } else {
                        t.case_held_words().to_owned()
                    });
                }
                None => lines.push(t.case_held().to_owned()),
            }
        }
        MessageState::Queued if message.attempts.is_empty() => {
            lines.push(match message.due_at.filter(|_| why.is_some()) {
                Some(at) => t.case_queued_until(moment(ask, at)),
                None => t.case_queued().to_owned(),
            });
            note = why;
        }
        MessageState::Queued => {
            lines.push(t.case_queued_again().to_owned());
            note = why.map(|why| t.case_last_try(why));
        }
        MessageState::Sending => lines.push(t.case_sending().to_owned()),
        MessageState::Unknown => {
            lines.push(t.case_unknown().to_owned());
            note = Some(t.case_unknown_words().to_owned());
        }
        MessageState::Accepted => {
            let at = taken.and_then(|attempt| attempt.finished_at);
            lines.push(at.map_or_else(
                || t.case_accepted_bare().to_owned(),
                |at| t.case_accepted(moment(ask, at)),
            ));
            note = Some(t.case_accepted_words().to_owned());
        }
        MessageState::Sent => {
            lines.push(said(ReceiptKind::Sent).map_or_else(
                || t.case_accepted_bare().to_owned(),
                |at| t.case_sent(moment(ask, at)),
            ));
            note = Some(t.case_sent_words().to_owned());
        }
        MessageState::Delivered | MessageState::Read => {
            moving = false;
            if let Some(at) = said(ReceiptKind::Delivered) {
                lines.push(t.case_delivered(moment(ask, at)));
            }
            if let Some(at) = said(ReceiptKind::Read) {
                lines.push(t.case_read(moment(ask, at)));
            }
            match billed {
                Some(amount) if amount.micros != 0 => {
                    lines.push(t.case_billed(money::amount(ask.lang, amount)));
                }
                _ => note = Some(t.case_nothing_billed().to_owned()),
            }
        }
        MessageState::Failed => {
            moving = false;
            lines.push(match why {
                Some(why) => t.case_failed(why),
                None => t.case_failed_bare().to_owned(),
            });
            note = Some(billed.filter(|amount| amount.micros != 0).map_or_else(
                || t.case_nothing_billed().to_owned(),
                |amount| t.case_billed(money::amount(ask.lang, amount)),
            ));
        }
        MessageState::Cancelled => {
            moving = false;
            lines.push(match why {
                Some(why) => t.case_not_sent(why),
                None => t.case_not_sent_bare().to_owned(),
            });
            note = Some(if message.failure.as_deref() == Some("opted_out") {
                t.case_opted_out_words().to_owned()
            } else {
                t.case_nothing_billed().to_owned()
            });
        }
    }
    Outcome { lines, note, moving }
}

/// Whether it was sent again and only waits for its turn, not for an hour.
fn due_again(ask: &Ask, message: &MessageView) -> bool {
    const SOON: Duration = Duration::from_secs(3600);
    let is_soon = message.due_at.is_none_or(|at| at < ask.desk.now().plus(SOON));
    !message.replays.is_empty() && is_soon
}

/// What the ledger says in sum; none when it says nothing.
pub(super) fn billed(message: &MessageView) -> Option<Money> {
    let mut charges = message.charges.iter().map(|charge| charge.amount);
    let first = charges.next()?;
    charges.try_fold(first, Money::plus).ok()
}

/// `at 08:00:14`, or `on 19 Nov at 08:00:14` when that is not today.
fn moment(ask: &Ask, at: Timestamp) -> String {
    let clock = time::clock_with_seconds(at, &ask.zone);
    if time::same_day(at, ask.desk.now(), &ask.zone) {
        ask.t.case_at(clock)
    } else {
        ask.t.case_on_at(time::short_date(ask.lang, at, &ask.zone), clock)
    }
}
