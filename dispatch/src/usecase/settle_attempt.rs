//! An attempt has ended: what follows for its message.

use crate::attempt::{Answer, Claimed, Consequence, Failure, Recheck, next_slowed_try, next_try};
use crate::channel::Channel;
use crate::port::{Finished, Settlement};
use crate::time::Timestamp;
use std::time::Duration;

/// How long a mail may come back before it counts as delivered. Most servers refuse at once or within minutes.
pub const MAIL_SETTLES: Duration = Duration::from_secs(10 * 60);

/// The word for what waits until its provider answers again.
pub const PROVIDER_DOWN: &str = "provider_down";

/// What follows from a provider's answer. `draw` is uniform in 0..=1 and spreads retries.
#[must_use]
pub fn settle_attempt(
    claimed: &Claimed,
    answer: Answer,
    now: Timestamp,
    unknown_after: Duration,
    draw: f64,
) -> Finished {
    let settlement = match &answer {
        Answer::Accepted { .. } => Settlement::Accepted { watch: watch(claimed, now) },
        Answer::Retry(failure) => {
            let slowed = failure.follows.only_slows();
            let next = if slowed { next_slowed_try } else { next_try };
            next(claimed.number, now, draw).map_or_else(|| end(claimed, failure), Settlement::Again)
        }
        // The deadline only runs out when no receipt has told the truth before.
        Answer::Unknown(_) => Settlement::Unknown(now.plus(unknown_after)),
        Answer::Fallback(failure) | Answer::Refused(failure) => end(claimed, failure),
    };
    finished(claimed, Some(answer), settlement, now)
}

/// When it should have arrived. A mail counts as delivered when nothing has come back until then: there is no
/// receipt for it.
fn watch(claimed: &Claimed, now: Timestamp) -> Option<Timestamp> {
    if claimed.channel == Channel::Email {
        return Some(now.plus(MAIL_SETTLES));
    }
    // Watched also where only a failure counts: a receipt may tell of it much later.
    let minutes = claimed.next.as_ref()?.after.unwrap_or(365 * 24 * 60);
    Some(now.plus(Duration::from_secs(u64::from(minutes) * 60)))
}

/// The channel has failed: the next stands in, unless the person wanted it to end.
fn end(claimed: &Claimed, failure: &Failure) -> Settlement {
    let code = failure.code.clone();
    match &claimed.next {
        Some(next) if failure.follows != Consequence::RecipientStopped => {
            Settlement::Next { code, fallback: Box::new(next.clone()) }
        }
        _ => Settlement::Failed(code),
    }
}

/// Gives a message back that nothing was tried with: its turn comes at `at`, and `why` is the word for what it
/// waits for.
#[must_use]
pub fn give_back(claimed: &Claimed, why: &str, at: Timestamp, now: Timestamp) -> Finished {
    finished(claimed, None, Settlement::GivenBack { at, why: why.to_owned() }, now)
}

/// Hands a message on untried when another channel can stand in: its provider has been away for long, or it would
/// wait longer than the channel is given. `why` is the word for it.
#[must_use]
pub fn hand_on(claimed: &Claimed, why: &str, now: Timestamp) -> Option<Finished> {
    claimed.next.as_ref()?;
    let failure = Failure { code: why.to_owned(), ..Failure::default() };
    let settlement = end(claimed, &failure);
    Some(finished(claimed, Some(Answer::Fallback(failure)), settlement, now))
}

/// What follows when the second look at the moment of sending speaks against it; none when it does not.
#[must_use]
pub fn settle_recheck(claimed: &Claimed, now: Timestamp) -> Option<Finished> {
    match claimed.recheck {
        Recheck::Passed => None,
        Recheck::OptedOut => Some(withdrawn(claimed, "opted_out", now)),
        Recheck::Unwanted => Some(withdrawn(claimed, "status_unwanted", now)),
        Recheck::NoMarketing => Some(withdrawn(claimed, "no_marketing_consent", now)),
        Recheck::BrandArchived => Some(withdrawn(claimed, "brand_archived", now)),
        Recheck::Overtaken => Some(withdrawn(claimed, "overtaken", now)),
        Recheck::Stale => Some(withdrawn(claimed, "stale", now)),
        Recheck::SenderNotReady => {
            let failure = Failure { code: "sender_not_ready".to_owned(), ..Failure::default() };
            // Not a try that counts against anybody: the sender may be back in a minute.
            let settlement = next_try(claimed.number.min(4), now, 1.0)
                .map_or_else(|| end(claimed, &failure), Settlement::Again);
            let settlement = if claimed.number > 30 { end(claimed, &failure) } else { settlement };
            Some(finished(claimed, Some(Answer::Retry(failure)), settlement, now))
        }
    }
}

fn withdrawn(claimed: &Claimed, reason: &str, now: Timestamp) -> Finished {
    finished(claimed, None, Settlement::Cancelled(reason.to_owned()), now)
}

fn finished(
    claimed: &Claimed,
    answer: Option<Answer>,
    settlement: Settlement,
    at: Timestamp,
) -> Finished {
    Finished {
        account: claimed.account,
        message: claimed.message,
        attempt: claimed.attempt,
        sender: claimed.sender,
        step: claimed.step,
        answer,
        settlement,
        at,
    }
}
