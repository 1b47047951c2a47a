//! An attempt has ended: what follows for its message.

use crate::attempt::{Answer, Claimed, Failure, Recheck, next_slowed_try, next_try};
use crate::channel::Channel;
use crate::port::{Finished, Settlement};
use crate::stranded::Stranded;
use crate::time::Timestamp;
use crate::zone::Zones;
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
            let waits = Stranded::of(&answer);
            let again = if failure.follows.only_slows() {
                next_slowed_try(claimed.free + 1, now, draw).map(Settlement::PutOff)
            } else if failure.follows.stops_the_sender() && claimed.next.is_some() {
                // It may be stopped for hours; somebody else can tell (contract §9.4).
                None
            } else {
                next_try(claimed.counted(), now, draw).map(Settlement::Again)
            };
            again.unwrap_or_else(|| end(claimed, failure, waits))
        }
        // The deadline only runs out when no receipt has told the truth before.
        Answer::Unknown(_) => Settlement::Unknown(now.plus(unknown_after)),
        Answer::Fallback(failure) | Answer::Refused(failure) => {
            end(claimed, failure, Stranded::of(&answer))
        }
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
fn end(claimed: &Claimed, failure: &Failure, waits: Option<Stranded>) -> Settlement {
    let code = failure.code.clone();
    match &claimed.next {
        Some(next) if !failure.follows.is_a_no() => {
            Settlement::Next { code, fallback: Box::new(next.clone()) }
        }
        _ => Settlement::Failed { code, waits },
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
    let settlement = end(claimed, &failure, Some(Stranded::Provider));
    Some(finished(claimed, Some(Answer::Fallback(failure)), settlement, now))
}

/// The word for what waits for the end of quiet hours that began while it waited for something else.
const QUIET_HOURS: &str = "quiet_hours";

/// Gives a message back whose brand does not write now; none when it may. Only what has waited can run into that: the
/// decision looked for everything else.
#[must_use]
pub fn keep_quiet(claimed: &Claimed, now: Timestamp, zones: &dyn Zones) -> Option<Finished> {
    let hours = claimed.hours.as_ref()?;
    let until = hours.quiet.until(hours.news, hours.country, now, zones)?;
    Some(give_back(claimed, QUIET_HOURS, until, now))
}

/// Looks at a sender that cannot be used before its messages are given up: about half an hour of them.
const MOST_UNREADY: u32 = 60;

/// What follows when the second look at the moment of sending speaks against it; none when it does not. `draw` is
/// uniform in 0..=1: all that waits for one sender must not come back at the same moment.
#[must_use]
pub fn settle_recheck(claimed: &Claimed, now: Timestamp, draw: f64) -> Option<Finished> {
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
            // The sender may be back in a minute, unless somebody else can tell at once.
            let again = next_try((claimed.free + 1).min(4), now, draw);
            let settlement = again
                .filter(|_| claimed.free < MOST_UNREADY && claimed.next.is_none())
                .map_or_else(|| end(claimed, &failure, Some(Stranded::Sender)), Settlement::PutOff);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attempt::{Consequence, MOST_ATTEMPTS};
    use crate::id::{AccountId, AttemptId, IdSource, MessageId, SenderId};
    use crate::language::Language;
    use crate::message::Fallback;
    use crate::template::{Category, Rendered};
    use proptest::prelude::*;

    struct Zero;
    impl IdSource for Zero {
        fn random(&self) -> u128 {
            0
        }
    }

    fn claimed(number: u32, has_next: bool) -> Claimed {
        let now = Timestamp::from_seconds(0);
        let sender = SenderId::mint(now, &Zero);
        let next = Fallback {
            channel: Channel::Sms,
            sender,
            to: "+33639980001".into(),
            template: "t".into(),
            template_version: 1,
            language: Language::english(),
            category: Category::Utility,
            rendered: Rendered::default(),
            after: None,
        };
        Claimed {
            account: AccountId::mint(now, &Zero),
            message: MessageId::mint(now, &Zero),
            attempt: AttemptId::mint(now, &Zero),
            number,
            free: 0,
            channel: Channel::Whatsapp,
            step: 0,
            next: has_next.then_some(next),
            sender,
            to: "+33639980001".into(),
            template: "t".into(),
            language: Language::english(),
            rendered: Rendered::default(),
            recheck: Recheck::Passed,
            hours: None,
        }
    }

    proptest! {
        /// What is put off is tried until its tries are used up; then another channel stands in, or it waits for
        /// somebody. An unknown outcome never does.
        #[test]
        fn whoever_has_no_try_left_waits_unless_somebody_stands_in(number in 1u32..12, has_next: bool, draw in 0.0f64..=1.0) {
            let (one, now) = (claimed(number, has_next), Timestamp::from_seconds(9));
            let settle = |answer| {
                settle_attempt(&one, answer, now, Duration::from_secs(60), draw).settlement
            };
            let failure = || Failure { code: "131000".into(), follows: Consequence::ProviderDown, ..Failure::default() };
            let is_last = number >= MOST_ATTEMPTS;
            // What did not count has used up nothing.
            let put_off = Claimed { number: number + 40, free: 40, ..one.clone() };
            let settled = settle_attempt(&put_off, Answer::Retry(failure()), now, Duration::from_secs(60), draw).settlement;
            prop_assert_eq!(matches!(settled, Settlement::Again(_)), !is_last);
            match settle(Answer::Retry(failure())) {
                Settlement::Again(at) => prop_assert!(!is_last && at > now),
                Settlement::Next { .. } => prop_assert!(is_last && has_next),
                Settlement::Failed { waits, .. } => {
                    prop_assert!(is_last && !has_next);
                    prop_assert_eq!(waits, Some(Stranded::Provider));
                }
                other => prop_assert!(false, "{other:?}"),
            }
            prop_assert!(matches!(settle(Answer::Unknown(failure())), Settlement::Unknown(_)));
        }

        /// Where a sender is stopped, whoever can stand in does so at once.
        #[test]
        fn a_stopped_sender_is_stood_in_for_at_once(number in 1u32..MOST_ATTEMPTS, has_next: bool, draw in 0.0f64..=1.0) {
            let (one, now) = (claimed(number, has_next), Timestamp::from_seconds(9));
            for follows in [Consequence::Reconnect, Consequence::PauseNumber] {
                let failure = Failure { code: "190".into(), follows, ..Failure::default() };
                let settled = settle_attempt(&one, Answer::Retry(failure), now, Duration::from_secs(60), draw);
                prop_assert_eq!(matches!(settled.settlement, Settlement::Next { .. }), has_next);
                prop_assert_eq!(matches!(settled.settlement, Settlement::Again(_)), !has_next);
            }
            let unready = Claimed { recheck: Recheck::SenderNotReady, ..one };
            let settled = settle_recheck(&unready, now, draw).map(|ended| ended.settlement);
            prop_assert_eq!(matches!(settled, Some(Settlement::Next { .. })), has_next);
        }

        /// A sender that cannot be used keeps its messages for a while, each at its own moment.
        #[test]
        fn who_waits_for_a_sender_comes_back_at_its_own_moment(number in 1u32..100, draw in 0.0f64..=1.0) {
            let free = number - 1;
            let one = Claimed { recheck: Recheck::SenderNotReady, free, ..claimed(number, false) };
            let now = Timestamp::from_seconds(9);
            let settled = |draw| settle_recheck(&one, now, draw).map(|ended| ended.settlement);
            match settled(draw) {
                Some(Settlement::PutOff(at)) => {
                    let Some(Settlement::PutOff(last)) = settled(1.0) else { panic!("a last moment") };
                    prop_assert!(number <= MOST_UNREADY && now < at && at <= last);
                }
                Some(Settlement::Failed { waits, .. }) => {
                    prop_assert!(number > MOST_UNREADY);
                    prop_assert_eq!(waits, Some(Stranded::Sender));
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
