//! How what is written is received: how many got it, read it, and stopped messages after it.
//!
//! A person *stopped after* a message when they opted out themselves (a keyword, one click on a link, their own
//! page) and that was written down within [`FOLLOWS`] after a message of the same brand and channel had been sent
//! to their address. It counts against the last message sent before it, and once, however often they repeat it and
//! whether or not they take it back later.
//! Sending and stopping are both told by our clock: a provider's counts whole seconds, and a STOP is quick.

use crate::channel::Channel;
use crate::words::words;
use std::iter::Sum;
use std::ops::Add;
use std::time::Duration;

/// An opt-out later than this after a message has other reasons, too: by then the parcel is somewhere else.
pub const FOLLOWS: Duration = Duration::from_secs(24 * 3600);

/// How far back messages are counted. Shorter, most texts of a small shop would say nothing; longer, last season's
/// would speak.
pub const SPAN: Duration = Duration::from_secs(30 * 24 * 3600);

/// With fewer deliveries nothing is said about a text: each person would be more than one percent of it.
pub const ENOUGH: i64 = 100;

/// So many percent of those who got a message and stopped are too many. A parcel has about five messages: at two
/// percent each, one customer in ten is lost before it arrives.
pub const TOO_MANY_STOP: i64 = 2;

/// Read by less than this percent, a message is rarely read. Receipts can be switched off, so the share is a
/// lower bound; only where not even half is seen does it say something about the message.
pub const RARELY_READ: i64 = 50;

words! {
    /// Why somebody should think about a message.
    Concern {
        /// It costs customers.
        TooManyStop = "too_many_stop",
        /// It tells hardly anybody anything.
        RarelyRead = "rarely_read",
    }
}

/// What became of messages with one text, of one status, of one brand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reception {
    /// Taken by the provider.
    pub sent: i64,
    /// Of those, on the phone.
    pub delivered: i64,
    /// Of those, looked at, as far as receipts tell.
    pub read: i64,
    /// After how many of them the person stopped messages.
    pub stopped: i64,
}

impl Reception {
    /// Whether there is enough to say anything.
    #[must_use]
    pub const fn tells(self) -> bool {
        self.delivered >= ENOUGH
    }

    /// Whether it costs too many customers.
    #[must_use]
    pub const fn too_many_stop(self) -> bool {
        self.tells() && is_share(self.stopped, self.delivered, TOO_MANY_STOP)
    }

    /// Whether it is rarely read, where the channel tells who reads.
    #[must_use]
    pub const fn rarely_read(self, channel: Channel) -> bool {
        tells_reading(channel) && self.tells() && !is_share(self.read, self.delivered, RARELY_READ)
    }

    /// The weightier of the two reasons to think about it.
    #[must_use]
    pub const fn concern(self, channel: Channel) -> Option<Concern> {
        if self.too_many_stop() {
            Some(Concern::TooManyStop)
        } else if self.rarely_read(channel) {
            Some(Concern::RarelyRead)
        } else {
            None
        }
    }
}

/// Whether receipts of a channel say that a message was read.
#[must_use]
pub const fn tells_reading(channel: Channel) -> bool {
    matches!(channel, Channel::Whatsapp)
}

/// Whether `part` is at least so many percent of `whole`.
const fn is_share(part: i64, whole: i64, percent: i64) -> bool {
    part as i128 * 100 >= whole as i128 * percent as i128
}

impl Add for Reception {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            sent: self.sent.saturating_add(other.sent),
            delivered: self.delivered.saturating_add(other.delivered),
            read: self.read.saturating_add(other.read),
            stopped: self.stopped.saturating_add(other.stopped),
        }
    }
}

impl Sum for Reception {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn of(delivered: i64, read: i64, stopped: i64) -> Reception {
        Reception { sent: delivered, delivered, read, stopped }
    }

    #[test]
    fn the_thresholds_are_where_they_are_said_to_be() {
        assert!(of(300, 280, 12).too_many_stop(), "four in a hundred");
        assert!(of(100, 90, 2).too_many_stop());
        assert!(!of(100, 90, 1).too_many_stop());
        assert!(!of(101, 90, 2).too_many_stop(), "less than two in a hundred");
        assert!(!of(99, 0, 99).too_many_stop(), "too few to say anything");
        assert!(of(100, 49, 0).rarely_read(Channel::Whatsapp));
        assert!(!of(100, 50, 0).rarely_read(Channel::Whatsapp));
        assert!(!of(99, 0, 0).rarely_read(Channel::Whatsapp));
        assert!(!of(100, 0, 0).rarely_read(Channel::Sms), "nobody tells who reads a text message");
        assert!(!of(100, 0, 0).rarely_read(Channel::Email));
    }

    #[test]
    fn losing_customers_weighs_more_than_not_being_read() {
        assert_eq!(of(100, 0, 5).concern(Channel::Whatsapp), Some(Concern::TooManyStop));
        assert_eq!(of(100, 0, 0).concern(Channel::Whatsapp), Some(Concern::RarelyRead));
        assert_eq!(of(100, 100, 0).concern(Channel::Whatsapp), None);
        assert_eq!(Reception::default().concern(Channel::Whatsapp), None);
    }

    fn any() -> impl Strategy<Value = Reception> {
        (0..2_000_i64, 0..2_000_i64, 0..100_i64).prop_map(|(delivered, read, stopped)| Reception {
            sent: delivered + 3,
            delivered,
            read: read.min(delivered),
            stopped,
        })
    }

    proptest! {
        #[test]
        fn one_more_who_stops_never_quiets_the_alarm(it in any()) {
            let more = Reception { stopped: it.stopped + 1, ..it };
            prop_assert!(!it.too_many_stop() || more.too_many_stop());
        }

        #[test]
        fn one_more_who_reads_never_raises_the_concern(it in any()) {
            let more = Reception { read: it.read + 1, ..it };
            prop_assert!(it.rarely_read(Channel::Whatsapp) || !more.rarely_read(Channel::Whatsapp));
        }

        #[test]
        fn what_too_many_stop_in_two_texts_too_many_stop_in_both(a in any(), b in any()) {
            if a.too_many_stop() && b.too_many_stop() {
                prop_assert!((a + b).too_many_stop());
            }
        }

        #[test]
        fn a_sum_is_in_no_order(all in prop::collection::vec(any(), 0..8)) {
            let forth: Reception = all.iter().copied().sum();
            let back: Reception = all.iter().rev().copied().sum();
            prop_assert_eq!(forth, back);
        }
    }
}
