//! An attempt: one try on one channel, with exactly one outcome, and when to try again.

use crate::channel::{Channel, TrackingStatus};
use crate::country::Country;
use crate::id::{AccountId, AttemptId, MessageId, SenderId};
use crate::language::Language;
use crate::message::Fallback;
use crate::quiet::QuietHours;
use crate::template::Rendered;
use crate::time::Timestamp;
use crate::words::words;
use std::time::Duration;

words! {
    /// How one try ended.
    Outcome {
        /// The provider took it.
        Accepted = "accepted",
        /// Refused for now; the same may work later.
        Retry = "retry",
        /// This channel cannot reach the person; another might.
        Fallback = "fallback",
        /// Refused for good.
        Refused = "refused",
        /// The answer was lost: it may or may not have been sent.
        Unknown = "unknown",
    }
}

/// What a provider answered, in our words. The provider's adapter decides which (its code table).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Taken, under the provider's id.
    Accepted {
        /// The provider's id of the message.
        provider_id: String,
    },
    /// Clearly not sent; try again.
    Retry(Failure),
    /// Clearly not sent; this person cannot be reached here.
    Fallback(Failure),
    /// Clearly not sent, and never will be like this.
    Refused(Failure),
    /// Nobody knows.
    Unknown(Failure),
}

/// What went wrong, for people and for search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failure {
    /// The provider's code, or one of ours (`timeout`, `connection`, `lease_expired`).
    pub code: String,
    /// One sentence without personal data.
    pub detail: String,
    /// What follows beyond this one message.
    pub follows: Consequence,
}

/// What follows from a failure for other messages: those of the recipient, the number, the account, the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Consequence {
    /// Nothing.
    #[default]
    None,
    /// Credentials are no longer good: stop and ask for reconnection.
    Reconnect,
    /// The number, or its business account, is stopped by the provider.
    PauseNumber,
    /// Too fast for this recipient.
    SlowPair,
    /// Too fast for this number.
    SlowNumber,
    /// Too many calls by the number's business account, or by the app.
    SlowAccount,
    /// The provider itself is in trouble, whatever the message: a [`Breaker`](crate::breaker) counts it.
    ProviderDown,
    /// The text cannot be used until the provider says otherwise.
    PauseTemplate,
    /// The text cannot be used any more.
    DisableTemplate,
    /// The person has told the provider to stop: nothing is said to them on another channel either.
    RecipientStopped,
    /// The person has told the provider that they want no advertising from this sender.
    MarketingStopped,
}

impl Consequence {
    /// Whether it was only too fast: the message is as good as before.
    #[must_use]
    pub const fn only_slows(self) -> bool {
        matches!(self, Self::SlowPair | Self::SlowNumber | Self::SlowAccount)
    }

    /// Whether the sender cannot go on until somebody has done something.
    #[must_use]
    pub const fn stops_the_sender(self) -> bool {
        matches!(self, Self::Reconnect | Self::PauseNumber)
    }

    /// Whether it is the person's own no: no other channel says it to them then.
    #[must_use]
    pub const fn is_a_no(self) -> bool {
        matches!(self, Self::RecipientStopped | Self::MarketingStopped)
    }
}

impl Answer {
    /// The outcome recorded on the attempt.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Accepted { .. } => Outcome::Accepted,
            Self::Retry(_) => Outcome::Retry,
            Self::Fallback(_) => Outcome::Fallback,
            Self::Refused(_) => Outcome::Refused,
            Self::Unknown(_) => Outcome::Unknown,
        }
    }

    /// What went wrong, unless nothing did.
    #[must_use]
    pub const fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Accepted { .. } => None,
            Self::Retry(f) | Self::Fallback(f) | Self::Refused(f) | Self::Unknown(f) => Some(f),
        }
    }
}

/// A message leased to this worker, with the attempt that was written down before anything is sent.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Whose.
    pub account: AccountId,
    /// Which message.
    pub message: MessageId,
    /// The attempt, already stored.
    pub attempt: AttemptId,
    /// 1 for the first.
    pub number: u32,
    /// How many of those before it do not count: they said nothing against the message.
    pub free: u32,
    /// On which channel.
    pub channel: Channel,
    /// 0 for the channel that was decided, 1 for the first that stands in.
    pub step: u32,
    /// Who stands in next.
    pub next: Option<Fallback>,
    /// From where.
    pub sender: SenderId,
    /// E.164, or a mail address.
    pub to: String,
    /// Template name.
    pub template: String,
    /// Template language.
    pub language: Language,
    /// Text and values.
    pub rendered: Rendered,
    /// What was looked at once more when it was claimed.
    pub recheck: Recheck,
    /// Of what has waited: when its brand does not write.
    pub hours: Option<Box<Hours>>,
}

/// When a brand does not write to somebody about something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// The brand's.
    pub quiet: QuietHours,
    /// Whose clock counts.
    pub country: Country,
    /// Urgent news does not wait.
    pub news: TrackingStatus,
}

/// A message this much older than its decision has waited: the news may be old by now, or overtaken, or it is night.
pub const HAS_WAITED: Duration = Duration::from_secs(60);

/// The second look at the moment of sending (design decision 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recheck {
    /// Still fine.
    Passed,
    /// The person opted out meanwhile.
    OptedOut,
    /// The person switched this news off meanwhile.
    Unwanted,
    /// It advertises, and the person does not agree to that (any more).
    NoMarketing,
    /// The sender cannot be used now.
    SenderNotReady,
    /// The brand was put away while the message waited for its hour.
    BrandArchived,
    /// Something further along became known about the parcel while it waited.
    Overtaken,
    /// It waited until it was no news any more.
    Stale,
}

/// Tries of one message before a person has to look: the contract proposes four to six.
pub const MOST_ATTEMPTS: u32 = 6;
/// Tries when the answer was only that we are too fast: that says nothing against the message.
pub const MOST_SLOWED: u32 = 20;
/// Answers of one channel that may be lost before nobody tries it again there: each may have been received, and one piece of
/// news twice is the most a person should get (contract §9.3).
pub const MOST_LOST: u32 = 2;

impl Recheck {
    /// Whether the person's own word speaks against the message: nothing else is said then.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::OptedOut | Self::Unwanted | Self::NoMarketing)
    }
}

/// When to try again after attempt `number` failed: full jitter over an exponential ceiling
/// (1 s, 4 s, 16 s, 64 s, then 4 min). `draw` is uniform in 0..=1.
#[must_use]
pub fn next_try(number: u32, now: Timestamp, draw: f64) -> Option<Timestamp> {
    (number < MOST_ATTEMPTS).then(|| wait(number, now, draw))
}

impl Claimed {
    /// 1 for the first of those that count.
    #[must_use]
    pub const fn counted(&self) -> u32 {
        self.number.saturating_sub(self.free)
    }
}

/// As [`next_try`] after the provider said that we are too fast. How fast we go is slowed beside it
/// ([`Paces`](crate::pace::Paces)); this only says when the message stands in the queue again.
#[must_use]
pub fn next_slowed_try(number: u32, now: Timestamp, draw: f64) -> Option<Timestamp> {
    (number < MOST_SLOWED).then(|| wait(number, now, draw))
}

fn wait(number: u32, now: Timestamp, draw: f64) -> Timestamp {
    let ceiling = Duration::from_secs(4u64.pow(number.saturating_sub(1).min(4)));
    let wait = ceiling.min(Duration::from_secs(240)).mul_f64(draw.clamp(0.0, 1.0));
    // Never at once: a provider in trouble gets at least a breath.
    now.plus(wait.max(Duration::from_millis(200)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn retries_are_bounded_in_number_and_in_waiting(number in 1u32..20, draw in 0.0f64..=1.0) {
            let now = Timestamp::from_seconds(1_000);
            match next_try(number, now, draw) {
                Some(at) => {
                    prop_assert!(number < MOST_ATTEMPTS);
                    prop_assert!(at > now && at <= now.plus(Duration::from_secs(240)));
                }
                None => prop_assert!(number >= MOST_ATTEMPTS),
            }
        }

        /// Full jitter: any moment between the least breath and the ceiling is as likely as any other, so that what
        /// failed together does not come back together.
        #[test]
        fn the_draw_alone_says_where_between_nothing_and_the_ceiling(number in 1u32..MOST_ATTEMPTS, draw in 0.0f64..=1.0) {
            let now = Timestamp::from_seconds(1_000);
            let wait = |draw| next_try(number, now, draw).map(|at| at.since(now));
            let ceiling = wait(1.0).expect("another try");
            prop_assert!(ceiling >= Duration::from_secs(1));
            let least = Duration::from_millis(200);
            let expected = ceiling.mul_f64(draw).max(least).as_secs_f64();
            let waited = wait(draw).expect("another try").as_secs_f64();
            prop_assert!((waited - expected).abs() < 0.001, "{waited} is not {expected}");
            prop_assert_eq!(wait(0.0), Some(least));
        }
    }
}
