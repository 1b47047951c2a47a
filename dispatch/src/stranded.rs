//! Messages that failed for a reason somebody can mend: which they are, and which of them may be sent again.
//!
//! Only what nobody can have received is here: every try ended with a clear no, at once or in a receipt. What the
//! recipient's side refuses (not on the channel, stopped, withheld by the platform) or what would be refused again as it
//! stands is not, because no hand of ours changes that.

use crate::attempt::{Answer, Consequence, Failure, Recheck};
use crate::brand::{BrandState, ChannelState};
use crate::channel::{Channel, TrackingStatus};
use crate::country::Country;
use crate::id::{AccountId, BrandId, MessageId, ReplayId, SenderId, UserId};
use crate::quiet::QuietHours;
use crate::time::Timestamp;
use crate::words::words;
use crate::zone::Zones;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

words! {
    /// Why a failed message waits for somebody.
    Stranded {
        /// The provider was in trouble until its tries were used up.
        Provider = "provider_down",
        /// Every try was put off until they were used up.
        Tries = "tries_exhausted",
        /// It was too fast every time.
        TooFast = "too_fast",
        /// The provider takes the sender's credentials no more.
        Credentials = "reconnect",
        /// The provider has stopped the number or its account.
        Number = "number_paused",
        /// The sender could not be used when its turn came.
        Sender = "sender_not_ready",
        /// The provider has paused the text.
        Template = "template_paused",
    }
}

impl Stranded {
    /// Why a message waits whose last try ended like this; none when sending it again is of no use, or nobody
    /// knows whether it arrived.
    #[must_use]
    pub const fn of(answer: &Answer) -> Option<Self> {
        let (failure, is_put_off) = match answer {
            Answer::Accepted { .. } | Answer::Unknown(_) => return None,
            Answer::Retry(failure) => (failure, true),
            Answer::Fallback(failure) | Answer::Refused(failure) => (failure, false),
        };
        match failure.follows {
            Consequence::Reconnect => Some(Self::Credentials),
            Consequence::PauseNumber => Some(Self::Number),
            Consequence::PauseTemplate => Some(Self::Template),
            Consequence::ProviderDown => Some(Self::Provider),
            Consequence::SlowPair | Consequence::SlowNumber | Consequence::SlowAccount => {
                Some(Self::TooFast)
            }
            Consequence::None if is_put_off => Some(Self::Tries),
            Consequence::None
            | Consequence::DisableTemplate
            | Consequence::RecipientStopped
            | Consequence::MarketingStopped => None,
        }
    }

    /// Why a message waits that its provider took and then did not deliver, with what follows from the code.
    #[must_use]
    pub fn after(follows: Consequence) -> Option<Self> {
        Self::of(&Answer::Refused(Failure { follows, ..Failure::default() }))
    }
}

words! {
    /// Why a message that waits is not sent again.
    LeftOut {
        /// The person has stopped messages since.
        OptedOut = "opted_out",
        /// The person has switched this news off since.
        Unwanted = "status_unwanted",
        /// It advertises, and the person does not agree to that.
        NoMarketing = "no_marketing_consent",
        /// It is no news any more.
        Stale = "stale",
        /// Something further along is known of the parcel, and may have been told.
        Overtaken = "overtaken",
        /// The brand is put away.
        BrandArchived = "brand_archived",
        /// The channel is switched off.
        ChannelOff = "channel_off",
        /// The account's plan has no price for the channel.
        NoPrice = "no_price",
        /// The brand has no sender on the channel that can be used.
        SenderNotReady = "sender_not_ready",
        /// The text may not be sent from the brand's sender at the moment.
        TemplateNotReady = "template_not_ready",
        /// It does not wait: never did, was sent again already, or is not this account's.
        NotWaiting = "not_waiting",
    }
}

impl LeftOut {
    /// Whether nothing can change that any more: such a message need not wait on.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::OptedOut
                | Self::Unwanted
                | Self::NoMarketing
                | Self::Stale
                | Self::Overtaken
                | Self::NotWaiting
        )
    }
}

/// A message that waits, with all that speaks for or against sending it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrandedMessage {
    /// Which.
    pub message: MessageId,
    /// The step it failed at.
    pub step: u32,
    /// For which brand.
    pub brand: BrandId,
    /// On which channel.
    pub channel: Channel,
    /// Destination.
    pub country: Country,
    /// Which news.
    pub tracking_status: TrackingStatus,
    /// Why it waits.
    pub reason: Stranded,
    /// When its news happened.
    pub occurred_at: Timestamp,
    /// The name under which newer news of its parcel is looked for; none for what several parcels share.
    pub subject: Option<String>,
    /// Whether it turned out since that somebody may have got it.
    pub may_have_it: bool,
    /// Whether something further along is known.
    pub overtaken: bool,
    /// The brand's.
    pub brand_state: BrandState,
    /// The channel's.
    pub channel_state: ChannelState,
    /// The brand's present sender on the channel: it need not be the one it failed from.
    pub sender: Option<SenderId>,
    /// The person's word and that sender's state, as at the moment of sending.
    pub recheck: Recheck,
    /// Whether that sender may send the text.
    pub text_ready: bool,
    /// When the brand does not write.
    pub quiet: QuietHours,
}

impl StrandedMessage {
    /// From which sender it may go again, or why not. What is final is said first: it is the better reason to know.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn look(
        &self,
        has_price: bool,
        now: Timestamp,
        stale_after: Duration,
    ) -> Result<SenderId, LeftOut> {
        if self.may_have_it {
            return Err(LeftOut::NotWaiting);
        }
        match self.recheck {
            Recheck::OptedOut => return Err(LeftOut::OptedOut),
            Recheck::Unwanted => return Err(LeftOut::Unwanted),
            Recheck::NoMarketing => return Err(LeftOut::NoMarketing),
            Recheck::Overtaken => return Err(LeftOut::Overtaken),
            Recheck::Stale => return Err(LeftOut::Stale),
            Recheck::BrandArchived | Recheck::SenderNotReady | Recheck::Passed => {}
        }
        if self.good_until(stale_after) < now {
            Err(LeftOut::Stale)
        } else if self.overtaken {
            Err(LeftOut::Overtaken)
        } else if self.brand_state == BrandState::Archived {
            Err(LeftOut::BrandArchived)
        } else if self.channel_state == ChannelState::Off {
            Err(LeftOut::ChannelOff)
        } else if !has_price {
            Err(LeftOut::NoPrice)
        } else if self.recheck != Recheck::Passed {
            Err(LeftOut::SenderNotReady)
        } else if !self.text_ready {
            Err(LeftOut::TemplateNotReady)
        } else {
            self.sender.ok_or(LeftOut::SenderNotReady)
        }
    }

    /// Until when its news is recent enough.
    #[must_use]
    pub fn good_until(&self, stale_after: Duration) -> Timestamp {
        self.occurred_at.plus(stale_after)
    }

    /// When its turn comes: behind those before it, and not while the brand is quiet.
    #[must_use]
    pub fn due(&self, before: i64, from: Timestamp, zones: &dyn Zones) -> Timestamp {
        let waits = Duration::from_millis(u64::try_from(before).unwrap_or(0) * MILLIS_EACH);
        let at = from.plus(waits);
        self.quiet.until(self.tracking_status, self.country, at, zones).unwrap_or(at)
    }
}

/// Between two messages that are sent again: 40 a second, half of what the slowest number may, so that the news of the
/// hour goes on beside them.
const MILLIS_EACH: u64 = 25;

/// Which messages that wait are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReplayFilter {
    /// These, whatever else is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<MessageId>>,
    /// Of this brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<BrandId>,
    /// To this destination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// On this channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// That failed from this sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<SenderId>,
    /// That wait for this reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Stranded>,
    /// Given up at this moment or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Given up before this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// How many were left out for each reason.
pub type LeftOuts = BTreeMap<LeftOut, i64>;

/// Somebody asked for messages to be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: ReplayId,
    /// The person; none for a key of the API.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Which messages.
    pub filter: ReplayFilter,
    /// How many there were to look at.
    pub total: i64,
    /// How many have been looked at.
    pub looked_at: i64,
    /// How many were sent again.
    pub sent: i64,
    /// And how many not.
    pub left_out: LeftOuts,
    /// The last that was looked at: they are looked at in the order of their ids.
    pub after: Option<MessageId>,
    /// When the last was looked at.
    pub ended_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests;
