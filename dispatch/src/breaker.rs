//! A provider that fails is tried less, and then probed.
//!
//! Calls that end in the provider's own trouble (no connection, no answer, an error inside it) say nothing about
//! their messages. After [`TRIPS_AFTER`] of them in a row a channel's provider is left alone: messages wait in the
//! queue untried, and now and then one of them finds out whether it is back. Any answer that shows it at work, a
//! refusal too, closes the breaker.
//!
//! Kept in a worker's memory: a process that starts anew finds out by the same few calls.

use crate::channel::Channel;
use crate::id::SenderId;
use crate::time::Timestamp;
use crate::words::words;
use std::collections::HashMap;
use std::time::Duration;

/// Calls in a row that end in the provider's trouble before it is left alone.
pub const TRIPS_AFTER: u32 = 8;
/// The first rest; it doubles with each probe that fails.
const FIRST_REST: Duration = Duration::from_secs(1);
/// The longest rest: so long after its return, at the latest, a provider is noticed.
pub const LONGEST_REST: Duration = Duration::from_secs(60);
/// A probe that has said nothing for so long was lost: longer than a provider's longest answer.
const PROBE_ENDS: Duration = Duration::from_secs(15);
/// A provider that is away for longer is stood in for by the next channel, where a message has one: about as long
/// as its own tries would have taken.
pub const PATIENCE: Duration = Duration::from_secs(5 * 60);

words! {
    /// How a provider stands.
    BreakerState {
        /// It answers.
        Closed = "closed",
        /// It is left alone.
        Open = "open",
        /// One call finds out whether it is back.
        HalfOpen = "half_open",
    }
}

/// What may be done with a message now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// The provider is called.
    Go,
    /// Not before this moment.
    Rests(Timestamp),
}

/// How much may be claimed of a channel's senders now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admits {
    /// As much as fits.
    All,
    /// A single message, to find out.
    Probe,
    /// Nothing before this moment.
    Nothing(Timestamp),
}

/// One provider's.
#[derive(Debug, Clone, Copy)]
struct Breaker {
    state: BreakerState,
    /// Troubles in a row while closed.
    troubles: u32,
    /// The rest that is under way, or was before the probe.
    rest: Duration,
    /// When the rest ends, or the probe counts as lost.
    until: Timestamp,
    /// Since when it has not been closed.
    since: Timestamp,
}

impl Breaker {
    const fn new(now: Timestamp) -> Self {
        Self { state: BreakerState::Closed, troubles: 0, rest: FIRST_REST, until: now, since: now }
    }

    /// Until when nothing is tried; none when something may be.
    fn rests(&self, now: Timestamp) -> Option<Timestamp> {
        (self.state != BreakerState::Closed && self.until > now).then_some(self.until)
    }

    fn take(&mut self, now: Timestamp) -> Pass {
        if self.state == BreakerState::Closed {
            return Pass::Go;
        }
        if let Some(until) = self.rests(now) {
            return Pass::Rests(until);
        }
        self.state = BreakerState::HalfOpen;
        self.until = now.plus(PROBE_ENDS);
        Pass::Go
    }

    fn trouble(&mut self, now: Timestamp) {
        match self.state {
            BreakerState::Closed => {
                self.troubles += 1;
                if self.troubles >= TRIPS_AFTER {
                    *self = Self { since: now, ..*self };
                    self.open(FIRST_REST, now);
                }
            }
            BreakerState::HalfOpen => self.open((self.rest * 2).min(LONGEST_REST), now),
            // A call from before: it is known already.
            BreakerState::Open => {}
        }
    }

    fn open(&mut self, rest: Duration, now: Timestamp) {
        self.state = BreakerState::Open;
        self.rest = rest;
        self.until = now.plus(rest);
    }
}

/// The breakers of a worker, one for each channel's provider.
#[derive(Debug, Default)]
pub struct Breakers {
    channels: HashMap<Channel, Breaker>,
    belongs: HashMap<SenderId, Channel>,
}

impl Breakers {
    /// Notes on which channel a sender sends.
    pub fn meet(&mut self, sender: SenderId, channel: Channel) {
        self.belongs.insert(sender, channel);
    }

    /// On which channel a sender sends, as far as one of its messages has told.
    #[must_use]
    pub fn channel(&self, sender: SenderId) -> Option<Channel> {
        self.belongs.get(&sender).copied()
    }

    /// How much may be claimed now. Takes nothing.
    #[must_use]
    pub fn admits(&self, channel: Channel, now: Timestamp) -> Admits {
        match self.channels.get(&channel) {
            Some(breaker) if breaker.state != BreakerState::Closed => {
                // What another channel can stand in for is handed on, the rest is put back: both are claimed.
                if self.is_away(channel, now) {
                    Admits::All
                } else {
                    breaker.rests(now).map_or(Admits::Probe, Admits::Nothing)
                }
            }
            _ => Admits::All,
        }
    }

    /// Until when nothing is tried; none when something may be. Takes nothing.
    #[must_use]
    pub fn rests(&self, channel: Channel, now: Timestamp) -> Option<Timestamp> {
        self.channels.get(&channel)?.rests(now)
    }

    /// Asks for one call. After a rest the first who asks is the probe, and everybody else waits for its end.
    pub fn take(&mut self, channel: Channel, now: Timestamp) -> Pass {
        self.channels.get_mut(&channel).map_or(Pass::Go, |breaker| breaker.take(now))
    }

    /// A call ended in the provider's own trouble.
    pub fn trouble(&mut self, channel: Channel, now: Timestamp) {
        self.channels.entry(channel).or_insert_with(|| Breaker::new(now)).trouble(now);
    }

    /// A call showed the provider at work.
    pub fn answered(&mut self, channel: Channel) {
        self.channels.remove(&channel);
    }

    /// How a channel's provider stands.
    #[must_use]
    pub fn state(&self, channel: Channel) -> BreakerState {
        self.channels.get(&channel).map_or(BreakerState::Closed, |breaker| breaker.state)
    }

    /// Whether a channel's provider has been away for so long that others stand in.
    #[must_use]
    pub fn is_away(&self, channel: Channel, now: Timestamp) -> bool {
        self.channels.get(&channel).is_some_and(|breaker| {
            breaker.state != BreakerState::Closed && now.since(breaker.since) >= PATIENCE
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);
    const SMS: Channel = Channel::Sms;

    fn tripped() -> Breakers {
        let mut breakers = Breakers::default();
        for _ in 0..TRIPS_AFTER {
            assert_eq!(breakers.take(SMS, NOW), Pass::Go);
            breakers.trouble(SMS, NOW);
        }
        breakers
    }

    #[test]
    fn it_opens_after_troubles_in_a_row_and_for_its_channel_alone() {
        let mut breakers = Breakers::default();
        for _ in 1..TRIPS_AFTER {
            breakers.trouble(SMS, NOW);
        }
        breakers.answered(SMS);
        for _ in 1..TRIPS_AFTER {
            breakers.trouble(SMS, NOW);
        }
        assert_eq!(breakers.state(SMS), BreakerState::Closed, "an answer came between");
        breakers.trouble(SMS, NOW);
        assert_eq!(breakers.state(SMS), BreakerState::Open);
        assert_eq!(breakers.take(SMS, NOW), Pass::Rests(NOW.plus(FIRST_REST)));
        assert_eq!(breakers.admits(Channel::Email, NOW), Admits::All);
        assert_eq!(breakers.take(Channel::Email, NOW), Pass::Go);
    }

    #[test]
    fn it_rests_longer_each_time_and_closes_on_an_answer() {
        let mut breakers = tripped();
        let mut now = NOW;
        for rest in [1, 2, 4, 8, 16, 32, 60, 60] {
            let until = now.plus(Duration::from_secs(rest));
            assert_eq!(breakers.rests(SMS, now), Some(until));
            now = until;
            assert_eq!(breakers.take(SMS, now), Pass::Go, "the probe");
            assert!(matches!(breakers.take(SMS, now), Pass::Rests(_)), "one at a time");
            breakers.trouble(SMS, now);
        }
        now = now.plus(LONGEST_REST);
        assert_eq!(breakers.take(SMS, now), Pass::Go);
        breakers.answered(SMS);
        assert_eq!(breakers.state(SMS), BreakerState::Closed);
        assert_eq!(breakers.admits(SMS, now), Admits::All);
    }

    #[test]
    fn a_probe_that_is_lost_makes_room_for_another() {
        let mut breakers = tripped();
        let now = NOW.plus(FIRST_REST);
        assert_eq!(breakers.admits(SMS, NOW), Admits::Nothing(now));
        assert_eq!(breakers.admits(SMS, now), Admits::Probe);
        assert_eq!(breakers.take(SMS, now), Pass::Go);
        let lost = now.plus(PROBE_ENDS);
        assert_eq!(breakers.admits(SMS, now), Admits::Nothing(lost));
        assert_eq!(breakers.take(SMS, lost), Pass::Go);
    }

    #[test]
    fn who_is_away_for_long_is_stood_in_for() {
        let breakers = tripped();
        let long = NOW.plus(PATIENCE);
        assert!(!breakers.is_away(SMS, NOW) && breakers.is_away(SMS, long));
        assert_eq!(breakers.admits(SMS, long), Admits::All);
    }

    proptest! {
        /// Whatever happens when: a provider in trouble is called at most so often, and never left alone for
        /// longer than the longest rest.
        #[test]
        fn a_provider_in_trouble_is_called_seldom_and_never_forgotten(
            steps in prop::collection::vec(0u64..5_000, 1..300),
        ) {
            let mut breakers = Breakers::default();
            let (mut now, mut calls, mut last) = (NOW, 0u32, NOW);
            for step in steps {
                now = now.plus(Duration::from_millis(step));
                match breakers.take(SMS, now) {
                    Pass::Go => {
                        breakers.trouble(SMS, now);
                        calls += 1;
                        last = now;
                    }
                    Pass::Rests(until) => {
                        prop_assert!(until > now && until.since(last) <= LONGEST_REST);
                        prop_assert_eq!(breakers.rests(SMS, now), Some(until));
                    }
                }
            }
            // Rests of 1, 2, 4 … 32 s and then 60 s fit into the time.
            let (mut left, mut rest, mut most) = (now.since(NOW), FIRST_REST, TRIPS_AFTER);
            while left >= rest {
                left -= rest;
                rest = (rest * 2).min(LONGEST_REST);
                most += 1;
            }
            prop_assert!(calls <= most, "{} calls, at most {}", calls, most);
        }

        /// An answer closes it from wherever it stands.
        #[test]
        fn an_answer_always_closes_it(acts in prop::collection::vec((0u64..90_000, any::<bool>()), 0..60)) {
            let mut breakers = Breakers::default();
            let mut now = NOW;
            for (step, asks) in acts {
                now = now.plus(Duration::from_millis(step));
                if asks { breakers.take(SMS, now); } else { breakers.trouble(SMS, now); }
            }
            breakers.answered(SMS);
            prop_assert_eq!(breakers.state(SMS), BreakerState::Closed);
            prop_assert_eq!(breakers.take(SMS, now), Pass::Go);
        }
    }
}
