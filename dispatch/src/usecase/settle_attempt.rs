//! An attempt has ended: what follows for its message.

use crate::attempt::{Answer, Claimed, Failure, Recheck, next_slowed_try, next_try};
use crate::port::{Finished, Settlement};
use crate::time::Timestamp;
use std::time::Duration;

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
        Answer::Accepted { .. } => Settlement::Accepted,
        Answer::Retry(failure) => {
            let slowed = failure.follows.only_slows();
            let next = if slowed { next_slowed_try } else { next_try };
            next(claimed.number, now, draw)
                .map_or_else(|| Settlement::Failed(failure.code.clone()), Settlement::Again)
        }
        // The deadline only runs out when no receipt has told the truth before.
        Answer::Unknown(_) => Settlement::Unknown(now.plus(unknown_after)),
        Answer::Fallback(Failure { code, .. }) | Answer::Refused(Failure { code, .. }) => {
            Settlement::Failed(code.clone())
        }
    };
    finished(claimed, Some(answer), settlement, now)
}

/// Gives a message back that nothing was tried with: its turn comes at `at`, and `why` is the word for what it
/// waits for.
#[must_use]
pub fn give_back(claimed: &Claimed, why: &str, at: Timestamp, now: Timestamp) -> Finished {
    finished(claimed, None, Settlement::GivenBack { at, why: why.to_owned() }, now)
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
            // Not a try that counts against anybody: the sender may be back in a minute.
            let settlement = next_try(claimed.number.min(4), now, 1.0).map_or_else(
                || Settlement::Failed("sender_not_ready".to_owned()),
                Settlement::Again,
            );
            let settlement = if claimed.number > 30 {
                Settlement::Failed("sender_not_ready".to_owned())
            } else {
                settlement
            };
            let failure = Failure { code: "sender_not_ready".to_owned(), ..Failure::default() };
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
        answer,
        settlement,
        at,
    }
}
