//! In which order channels are tried for a piece of news (requirements CH-11, DSP-14).
//!
//! A customer is to feel one notification: the first channel that can tell it does, the next one stands in when
//! that fails or has not arrived in time, and only what the brand wants told beside it is told twice.

use crate::channel::{Channel, TrackingStatus};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Minutes a brand that has set nothing gives a message to arrive before the next channel stands in.
pub const MINUTES: u32 = 60;
/// The longest it may be given: a day later it is no news any more.
pub const MOST_MINUTES: u32 = 24 * 60;

/// A channel that stands in for those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandIn {
    /// Which.
    pub channel: Channel,
    /// Minutes the one before it has to arrive; none when only its failure counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
}

/// The order for one piece of news. Channels that are not activated take no part in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cascade {
    /// Tried first.
    pub first: Channel,
    /// Who stands in, one after the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<StandIn>,
    /// Told at the same time, as messages of their own.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub beside: BTreeSet<Channel>,
}

impl Default for Cascade {
    /// WhatsApp, then a text message, then mail.
    fn default() -> Self {
        let then = [Channel::Sms, Channel::Email];
        Self {
            first: Channel::Whatsapp,
            then: then.map(|channel| StandIn { channel, after: Some(MINUTES) }).to_vec(),
            beside: BTreeSet::new(),
        }
    }
}

impl Cascade {
    /// Every channel that may carry the news as its one message, in order, with the minutes the one before it has.
    pub fn chain(&self) -> impl Iterator<Item = StandIn> + '_ {
        std::iter::once(StandIn { channel: self.first, after: None })
            .chain(self.then.iter().copied())
    }

    /// How long a message on a channel has before the next stands in; none when it has all the time.
    #[must_use]
    pub fn patience(&self, channel: Channel, active: impl Fn(Channel) -> bool) -> Option<Duration> {
        let mut rest = self.chain().skip_while(|one| one.channel != channel).skip(1);
        let next = rest.find(|one| active(one.channel))?;
        Some(Duration::from_secs(u64::from(next.after?) * 60))
    }

    /// Whether it can be followed.
    ///
    /// # Errors
    /// `Invalid` on `then` with `twice` when a channel is named twice, on `after` with `range`.
    pub fn check(&self) -> Result<()> {
        let mut seen = BTreeSet::new();
        let all = self.chain().map(|one| one.channel).chain(self.beside.iter().copied());
        for channel in all {
            if !seen.insert(channel) {
                return Err(Error::invalid("then", "twice"));
            }
        }
        let fits = |minutes: u32| (1..=MOST_MINUTES).contains(&minutes);
        if self.then.iter().any(|one| one.after.is_some_and(|minutes| !fits(minutes))) {
            return Err(Error::invalid("after", "range"));
        }
        Ok(())
    }
}

/// What a brand has set: an order for all news, and others for some.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cascades {
    /// For whatever has none of its own.
    #[serde(default)]
    pub all: Cascade,
    /// For these.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub own: BTreeMap<TrackingStatus, Cascade>,
}

impl Cascades {
    /// The order for a piece of news.
    #[must_use]
    pub fn of(&self, status: TrackingStatus) -> &Cascade {
        self.own.get(&status).unwrap_or(&self.all)
    }

    /// Whether all of it can be followed.
    ///
    /// # Errors
    /// As [`Cascade::check`].
    pub fn check(&self) -> Result<()> {
        std::iter::once(&self.all).chain(self.own.values()).try_for_each(Cascade::check)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_that_of_the_next_channel_that_is_active() {
        let mut cascade = Cascade::default();
        cascade.then[0].after = Some(10);
        let minutes = |active: &[Channel]| {
            let found = cascade.patience(Channel::Whatsapp, |channel| active.contains(&channel));
            found.map(|time| time.as_secs() / 60)
        };
        assert_eq!(minutes(&[]), None);
        assert_eq!(minutes(&[Channel::Sms, Channel::Email]), Some(10));
        assert_eq!(minutes(&[Channel::Email]), Some(60));
        assert_eq!(cascade.patience(Channel::Email, |_| true), None);
    }

    #[test]
    fn no_channel_stands_in_for_itself() {
        assert_eq!(Cascade::default().check(), Ok(()));
        let beside = Cascade { beside: BTreeSet::from([Channel::Email]), ..Cascade::default() };
        assert_eq!(beside.check(), Err(Error::invalid("then", "twice")));
        let mut slow = Cascade::default();
        slow.then[1].after = Some(MOST_MINUTES + 1);
        assert_eq!(slow.check(), Err(Error::invalid("after", "range")));
    }
}
