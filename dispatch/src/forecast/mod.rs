//! The dry run: what the last 30 days would have become under other settings, said before they are saved.
//!
//! A [`Wish`] is what a screen asks: changes staged but not saved, as JSON
//!
//! ```json
//! {"brand": "brd_…", "channel": "whatsapp", "version": 7,
//!  "changes": [{"kind": "status", "country": "IT", "status": "delayed", "on": true},
//!              {"kind": "country", "country": "ES", "on": false},
//!              {"kind": "remove_country", "country": "BE"}],
//!  "texts": [{"status": "shipped", "language": "fr", "content": {"body": "…"}}],
//!  "cap": 500}
//! ```
//!
//! Everything but `brand` may be absent; a wish without changes forecasts what stands. `version` is that of the
//! matrix the changes were made on: another one is a conflict, as it would be when saving. `activate` (a
//! word of [`ConsentBasis`]) forecasts a channel that is still off.
//!
//! A [`DryRun`] is the answer: figures before and after, for every country and status that had events and in
//! total. *Before* is the same replay with the settings as they stand, so the difference is the change's alone:
//! what was really sent also depends on what was set at the time. A message costs the price in force now,
//! as if it was delivered.
//!
//! The [`Replay`] behind it takes the events in the order of their ids and [judges](crate::judge) each at the
//! moment it was received, carrying along what a real run carries: who an order belongs to, how far its parcel is
//! and what was told. Opt-outs, consents, brand, plan and sender are those of today.

mod replay;
#[cfg(test)]
mod tests;

pub use replay::{Page, Replay, Sheet, Spread, Weighed};

use crate::brand::{ChannelState, ConsentBasis};
use crate::channel::{Channel, TrackingStatus};
use crate::country::Country;
use crate::decision::RuleCode;
use crate::error::{Error, Result};
use crate::event::EventStatus;
use crate::language::Language;
use crate::money::Money;
use crate::port::{BrandFile, CellChange};
use crate::template::{Category, Content, Review, Variant, check};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// The span a dry run speaks of.
pub const SPAN: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long before the span the replay begins, so that parcels on their way at its beginning are known and what
/// they were told counts as told. News of more than a few days is stale anyway.
pub const RUN_UP: Duration = Duration::from_secs(7 * 24 * 3600);

/// What a screen asks: see the head of this module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// Of which brand.
    pub brand: String,
    /// Of which channel; WhatsApp when empty.
    pub channel: String,
    /// The version of the matrix that was changed.
    pub version: Option<i64>,
    /// Switches of the matrix, in order.
    pub changes: Vec<CellChange>,
    /// Texts of templates, as if they were approved.
    pub texts: Vec<DraftText>,
    /// Messages a month at most.
    pub cap: Option<i64>,
    /// On this basis the channel is turned on.
    pub activate: Option<ConsentBasis>,
}

/// A template's text in one language, not saved yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftText {
    /// Which news it tells.
    pub status: TrackingStatus,
    /// In which language.
    pub language: Language,
    /// Its category; that of the text it replaces when absent, or utility.
    #[serde(default)]
    pub category: Option<Category>,
    /// What it says.
    pub content: Content,
}

/// A change of what a brand is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposal {
    /// Switches of the matrix.
    Matrix(Vec<CellChange>),
    /// These variants tell a piece of news, instead of all that do so now.
    Template {
        /// Which news.
        status: TrackingStatus,
        /// Who tells it.
        variants: Vec<Variant>,
    },
    /// At most so many messages a month. It stops messages as a budget does, when they would be sent: what was
    /// decided stays decided, so the same news is not told later. The whole span counts as one month.
    Cap(i64),
    /// The channel is turned on.
    Activate(ConsentBasis),
}

impl Wish {
    /// The changes it stands for, on top of what the brand is set to. A text takes the place of its language's
    /// other versions and counts as approved.
    #[must_use]
    pub fn proposals(&self, file: &BrandFile) -> Vec<Proposal> {
        let mut proposals = Vec::new();
        proposals.extend(self.activate.map(Proposal::Activate));
        if !self.changes.is_empty() {
            proposals.push(Proposal::Matrix(self.changes.clone()));
        }
        let mut texts: BTreeMap<TrackingStatus, Vec<Variant>> = BTreeMap::new();
        for text in &self.texts {
            let DraftText { status, language, category, content } = text;
            let variants = texts
                .entry(*status)
                .or_insert_with(|| file.variants(EventStatus::from(*status)).to_vec());
            let of_language = variants.iter().filter(|variant| variant.language == *language);
            let replaced = of_language.max_by_key(|variant| variant.version);
            let version =
                replaced.map_or(1, |newest| newest.version + i64::from(!is_draft(newest)));
            let category = category.or_else(|| replaced.map(|variant| variant.category));
            variants.retain(|variant| variant.language != *language);
            variants.push(Variant {
                status: *status,
                name: format!("draft_{status}"),
                version,
                language: language.clone(),
                category: category.unwrap_or(Category::Utility),
                review: Review::Approved,
                content: content.clone(),
            });
        }
        proposals.extend(
            texts.into_iter().map(|(status, variants)| Proposal::Template { status, variants }),
        );
        proposals.extend(self.cap.map(Proposal::Cap));
        proposals
    }
}

/// Whether saving writes over it instead of making the next version.
fn is_draft(variant: &Variant) -> bool {
    variant.version > 0 && variant.review == Review::Draft
}

/// How many messages an amount pays for; none when they cost nothing.
#[must_use]
pub const fn messages_for(amount: Money, price: Money) -> Option<i64> {
    if price.micros <= 0 { None } else { Some(amount.micros / price.micros) }
}

/// What the span would have become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRun {
    /// From this moment on. Later than 30 days ago when only the newest events were looked at.
    pub since: Timestamp,
    /// Up to this moment.
    pub until: Timestamp,
    /// How many events were looked at.
    pub events: i64,
    /// How many there were: more than `events` when only the newest were looked at.
    pub of: i64,
    /// What one message costs; none when the plan has no price.
    pub price: Option<Money>,
    /// Everything together, events that cannot notify included.
    pub total: Figures,
    /// By country and status, in their order; what had no events is left out.
    pub cells: Vec<CellForecast>,
}

impl DryRun {
    /// Everything about one piece of news.
    #[must_use]
    pub fn news(&self, status: TrackingStatus) -> Figures {
        let mut sum = Figures::default();
        for cell in self.cells.iter().filter(|cell| cell.status == status) {
            sum.add(&cell.figures);
        }
        sum.price(self.price)
    }
}

/// One country and status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellForecast {
    /// The destination; none where nobody told one.
    pub country: Option<Country>,
    /// The news.
    pub status: TrackingStatus,
    /// What became of it.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Figures of some events, with the settings as they stand and as proposed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// How many events.
    pub events: i64,
    /// As things stand.
    pub before: Side,
    /// As proposed.
    pub after: Side,
}

/// What becomes of events under some settings. Messages, `over_cap` and what is held back are all events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Messages that go out.
    pub messages: i64,
    /// Of those, messages that wait for their moment first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub later: i64,
    /// Messages the cap stops.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub over_cap: i64,
    /// What the messages cost; none when there is no price.
    pub cost: Option<Money>,
    /// What the rules hold back, by rule.
    pub held_back: BTreeMap<RuleCode, i64>,
}

const fn is_zero(count: &i64) -> bool {
    *count == 0
}

impl Side {
    fn add(&mut self, other: &Self) {
        self.messages += other.messages;
        self.later += other.later;
        self.over_cap += other.over_cap;
        for (rule, count) in &other.held_back {
            *self.held_back.entry(*rule).or_default() += count;
        }
    }

    fn price(&mut self, price: Option<Money>) {
        self.cost =
            price.map(|each| Money::new(each.micros.saturating_mul(self.messages), each.currency));
    }
}

impl Figures {
    fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.before.add(&other.before);
        self.after.add(&other.after);
    }

    fn price(mut self, price: Option<Money>) -> Self {
        self.before.price(price);
        self.after.price(price);
        self
    }
}

/// What the brand would be set to with proposals made, and the cap among them.
fn propose(file: &BrandFile, proposals: &[Proposal]) -> (BrandFile, Option<i64>) {
    let (mut file, mut cap) = (file.clone(), None);
    for proposal in proposals {
        match proposal {
            Proposal::Matrix(changes) => {
                let settings = &mut file.channel_mut(Channel::Whatsapp).settings;
                *settings = CellChange::apply_all(settings, changes);
            }
            Proposal::Template { status, variants } => {
                file.shelf.insert(*status, variants.clone());
            }
            Proposal::Cap(messages) => cap = Some(*messages),
            Proposal::Activate(basis) => {
                let settings = &mut file.channel_mut(Channel::Whatsapp).settings;
                settings.state = ChannelState::On;
                settings.consent_basis = Some(*basis);
            }
        }
    }
    (file, cap)
}

/// Looks at a wish and answers its channel.
///
/// # Errors
/// `Invalid` on `channel` for one that decides nothing yet, on `cap` below zero, on `texts` for a text that
/// could not be saved either.
pub fn check_wish(wish: &Wish) -> Result<Channel> {
    let channel = match wish.channel.trim() {
        "" | "whatsapp" => Channel::Whatsapp,
        _ => return Err(Error::invalid("channel", "unknown")),
    };
    if wish.cap.is_some_and(|cap| cap < 0) {
        return Err(Error::invalid("cap", "range"));
    }
    let wrong = |text: &DraftText| {
        let category = text.category.unwrap_or(Category::Utility);
        !check::passes(&check::check(&text.content, category, text.status))
    };
    if wish.texts.iter().any(wrong) {
        return Err(Error::invalid("texts", "format"));
    }
    Ok(channel)
}
