//! From events to decisions and messages.

use crate::brand::{Brand, ChannelSettings, ChannelState, Sender};
use crate::channel::{Channel, TrackingStatus};
use crate::country::Country;
use crate::decision::{Counter, Decision, Newer, OtherChannel, Told, Waiting};
use crate::error::Result;
use crate::event::{Event, EventStatus, Facts};
use crate::id::{AccountId, BrandId, DecisionId, EventId, MessageId};
use crate::language::Language;
use crate::late::Watch;
use crate::message::NewMessage;
use crate::plan::Plan;
use crate::template::Variant;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a brand is set to, as decisions need it.
#[derive(Debug, Clone)]
pub struct BrandFile {
    /// The brand.
    pub brand: Brand,
    /// Its account's plan.
    pub plan: Plan,
    /// Its channels; one that was never touched may be missing.
    pub channels: BTreeMap<Channel, ChannelFile>,
    /// What it can say about the statuses of the gathered events, with where each text stands at the sender.
    pub shelf: Shelf,
}

/// One channel of a brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelFile {
    /// What it is set to.
    pub settings: ChannelSettings,
    /// Where it sends from.
    pub sender: Option<Sender>,
}

impl ChannelFile {
    /// A channel nobody has touched yet.
    #[must_use]
    pub const fn untouched(channel: Channel) -> Self {
        Self { settings: ChannelSettings::untouched(channel), sender: None }
    }
}

impl BrandFile {
    /// What a channel is set to; none when nobody has touched it.
    #[must_use]
    pub fn settings(&self, channel: Channel) -> Option<&ChannelSettings> {
        self.channels.get(&channel).map(|file| &file.settings)
    }

    /// A channel, to be changed.
    pub fn channel_mut(&mut self, channel: Channel) -> &mut ChannelFile {
        self.channels.entry(channel).or_insert_with(|| ChannelFile::untouched(channel))
    }

    /// Whether a channel is on.
    #[must_use]
    pub fn is_active(&self, channel: Channel) -> bool {
        self.settings(channel).is_some_and(|settings| settings.state == ChannelState::On)
    }

    /// The variants that tell a news.
    #[must_use]
    pub fn variants(&self, status: EventStatus) -> &[Variant] {
        status.tracking().and_then(|status| self.shelf.get(&status)).map_or(&[], Vec::as_slice)
    }
}

/// Variants by the news they tell.
pub type Shelf = BTreeMap<TrackingStatus, Vec<Variant>>;

/// A person as an earlier event of the same order told them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Name.
    pub name: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// As typed.
    pub phone_raw: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Country.
    pub country: Option<Country>,
    /// Language.
    pub locale: Option<Language>,
    /// Order, for news that names only a parcel.
    pub order_number: Option<String>,
}

impl Contact {
    /// The person as these facts tell them.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        Self {
            name: facts.name.clone(),
            phone: facts.phone.clone(),
            phone_raw: facts.phone_raw.clone(),
            email: facts.email.clone(),
            country: facts.country,
            locale: facts.locale.clone(),
            order_number: facts.order_number.clone(),
        }
    }
}

/// Somebody on a channel of a brand: each channel is agreed to and stopped by itself.
pub type Person = (BrandId, Channel, String);

/// Everything decisions about a set of events need. Keys are those of the event
/// ([`Event::subject_keys`], [`Event::contact_keys`]).
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// By brand.
    pub brands: HashMap<BrandId, BrandFile>,
    /// By brand and contact key.
    pub contacts: HashMap<(BrandId, String), Contact>,
    /// By brand, status and subject key.
    pub told: HashMap<(BrandId, EventStatus, String), Told>,
    /// The furthest news of a parcel and when we heard it, by brand and subject key.
    pub progress: HashMap<(BrandId, String), (Newer, Timestamp)>,
    /// Opt-outs.
    pub opted_out: HashMap<Person, Timestamp>,
    /// Recorded consents.
    pub consented: HashMap<Person, Timestamp>,
    /// Recorded consents to advertising.
    pub marketing: HashMap<Person, Timestamp>,
    /// The news people switched off, and since when.
    pub silenced: HashMap<Person, (BTreeSet<TrackingStatus>, Timestamp)>,
    /// Messages counted against the cap of brands that have one, by brand, key and day
    /// ([`counters`](crate::decision::counters)).
    pub counted: HashMap<(BrandId, String, i64), u32>,
    /// Messages that wait, or did, of brands that tell together: by brand, key
    /// ([`together`](crate::decision::together)) and status.
    pub waiting: HashMap<(BrandId, String, EventStatus), Waiting>,
}

/// A decision to be committed.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The event, its contact completed.
    pub event: Event,
    /// The decision's id.
    pub id: DecisionId,
    /// What was decided.
    pub decision: Decision,
    /// What the other channels of its chain came to.
    pub others: Vec<OtherChannel>,
    /// When.
    pub at: Timestamp,
    /// The message that goes out.
    pub message: Option<NewMessage>,
    /// The keys under which this news counts as told; empty unless a message goes out.
    pub told_keys: Vec<(TrackingStatus, String)>,
    /// Where the message is counted, with what was known to be counted there.
    pub counted: Vec<Counter>,
    /// The key under which others may join the message while it waits.
    pub gathers: Option<String>,
    /// The waiting message that tells this news.
    pub joins: Option<MessageId>,
    /// What is watched of its parcel from now on.
    pub lookout: Option<Watch>,
}

/// The store's part in deciding.
#[async_trait]
pub trait Desk: Send + Sync {
    /// The oldest events nobody has decided about.
    async fn undecided(&self, limit: i64) -> Result<Vec<Event>>;

    /// Gathers what the decisions about these events need: brands with their settings, told keys,
    /// progress, and contacts under the events' keys. Opt-outs, consents and choices are gathered for the
    /// given addresses too (contacts found for events without one included).
    async fn gather(&self, events: &[Event]) -> Result<Gathered>;

    /// The part of [`Desk::gather`] that does not depend on what was heard before: what is known of the
    /// people these events are for, by their addresses.
    async fn gather_people(&self, events: &[Event]) -> Result<Gathered>;

    /// What one brand is set to and everything it can say; none when the account has no such brand.
    async fn brand_file(&self, account: AccountId, brand: BrandId) -> Result<Option<BrandFile>>;

    /// Writes decisions, told keys, messages and their outbox rows in one commit. An event that
    /// somebody else decided meanwhile, or whose news somebody else told meanwhile, is left alone;
    /// those are returned, to be looked at again. So is one whose order or recipient another worker's messages
    /// have brought over the cap meanwhile, that began to wait where another had begun, or whose message to join
    /// has left: caps and joins are exact however many workers there are.
    async fn commit_decisions(&self, decided: &[Decided]) -> Result<Vec<EventId>>;

    /// Forgets what was counted against caps, waits to be told together and watched parcels that concern nothing any more.
    /// Returns how many.
    async fn sweep_restraints(&self, now: Timestamp) -> Result<u64>;
}
