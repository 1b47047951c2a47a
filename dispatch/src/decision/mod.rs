//! The decision: a pure function over an ordered list of named rules.
//!
//! Every rule is recorded with what it saw; the first that does not pass decides, and those after it
//! are recorded as not reached. Support reads this record months later, so it holds facts, not prose:
//! the screens turn code, result and facts into a sentence.
//!
//! To add a rule: a variant in [`RuleCode`] at its place, a function in `rules.rs`, wording in the
//! locale files.

mod restraint;
mod rules;
mod saw;

use crate::brand::{Brand, ChannelSettings, Sender};
use crate::channel::Channel;
use crate::event::{Event, EventStatus};
use crate::id::{EventId, SenderId};
use crate::language::Language;
use crate::late;
use crate::plan::Plan;
use crate::starter;
use crate::template::{Category, Rendered, Source, Values, Variant};
use crate::time::Timestamp;
use crate::words::words;
use crate::zone::Zones;
use std::borrow::Cow;
use std::time::Duration;

pub use restraint::{Counter, Tally, Waiting, counter_keys, counters, is_told, together};
pub use rules::{mask_mail, mask_phone};
pub use saw::{Fact, Saw};

words! {
    /// What becomes of an event on a channel.
    Verdict {
        /// A message goes out.
        Send = "send",
        /// A message waits for its moment.
        Hold = "hold",
        /// Nobody is told.
        Skip = "skip",
    }
}

words! {
    /// How one rule ended.
    RuleResult {
        /// Nothing against it.
        Passed = "passed",
        /// Not now.
        Held = "held",
        /// Not at all: this rule decided.
        Stopped = "stopped",
        /// An earlier rule had already decided.
        NotReached = "not_reached",
    }
}

words! {
    /// The rules in their order.
    RuleCode {
        /// The status is one that can notify.
        Notifies = "notifies",
        /// Not made by a test button.
        NotTest = "not_test",
        /// There is an address one can write to on the channel, and a country.
        RecipientUsable = "recipient_usable",
        /// The brand is not archived.
        BrandActive = "brand_active",
        /// The plan includes tracking messages.
        PlanAllows = "plan_allows",
        /// The channel's master switch is on.
        ChannelActivated = "channel_activated",
        /// The destination's switch is on.
        CountryOn = "country_on",
        /// The status is on for that country.
        StatusOn = "status_on",
        /// The person has not opted out of this brand's messages.
        NotOptedOut = "not_opted_out",
        /// The person has not switched this news off.
        StatusWanted = "status_wanted",
        /// There is a ground for writing to this person.
        ConsentBasis = "consent_basis",
        /// Nobody told them the same before.
        NotAlreadyTold = "not_already_told",
        /// Nothing newer is known about this parcel.
        InOrder = "in_order",
        /// It happened recently enough to be news.
        NotStale = "not_stale",
        /// An approved template says it in a language they read.
        TemplateReady = "template_ready",
        /// What advertises goes only to people who asked for advertising.
        MarketingConsent = "marketing_consent",
        /// Every tag has a value or a fallback.
        TagsResolved = "tags_resolved",
        /// The brand has a sender that works.
        SenderReady = "sender_ready",
        /// No message that waits tells the same about the same order.
        NotJoined = "not_joined",
        /// The customer has not had as many messages as the brand allows.
        WithinCap = "within_cap",
        /// The recipient's clock stands outside the brand's quiet hours.
        WithinHours = "within_hours",
        /// It need not wait for more of its order.
        Gathered = "gathered",
    }
}

words! {
    /// The setting that would change a rule's result: screens link to it.
    Setting {
        /// The shop's data at the source.
        SourceData = "source_data",
        /// The brand's state.
        Brand = "brand",
        /// The account's plan.
        Plan = "plan",
        /// The channel's master switch.
        Channel = "channel",
        /// The country's switch.
        Country = "country",
        /// The cell of the matrix.
        Status = "status",
        /// The recipient's own choice; only they can change it.
        Recipient = "recipient",
        /// The consent basis of the channel, or a consent record.
        Consent = "consent",
        /// The template.
        Template = "template",
        /// The brand's sender.
        Sender = "sender",
        /// How old news may be.
        Staleness = "staleness",
        /// The brand's quiet hours.
        QuietHours = "quiet_hours",
        /// How many messages the brand sends at most.
        Cap = "cap",
        /// What the brand tells together.
        Merging = "merging",
    }
}

impl RuleCode {
    /// Which setting would change the result; none where there is nothing to set.
    #[must_use]
    pub const fn setting(self) -> Option<Setting> {
        match self {
            Self::Notifies | Self::NotTest | Self::NotAlreadyTold | Self::InOrder => None,
            Self::RecipientUsable => Some(Setting::SourceData),
            Self::BrandActive => Some(Setting::Brand),
            Self::PlanAllows => Some(Setting::Plan),
            Self::ChannelActivated => Some(Setting::Channel),
            Self::CountryOn => Some(Setting::Country),
            Self::StatusOn => Some(Setting::Status),
            Self::NotOptedOut | Self::StatusWanted => Some(Setting::Recipient),
            Self::ConsentBasis | Self::MarketingConsent => Some(Setting::Consent),
            Self::NotStale => Some(Setting::Staleness),
            Self::TemplateReady | Self::TagsResolved => Some(Setting::Template),
            Self::SenderReady => Some(Setting::Sender),
            Self::WithinHours => Some(Setting::QuietHours),
            Self::WithinCap => Some(Setting::Cap),
            Self::NotJoined | Self::Gathered => Some(Setting::Merging),
        }
    }

    /// How the rule ends when it speaks against sending: for good, or for now.
    #[must_use]
    pub const fn against(self) -> RuleResult {
        match self {
            Self::WithinHours | Self::Gathered => RuleResult::Held,
            _ => RuleResult::Stopped,
        }
    }
}

/// One rule of one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleOutcome {
    /// Which rule.
    pub code: RuleCode,
    /// How it ended.
    pub result: RuleResult,
    /// What it looked at.
    pub saw: Saw,
}

/// What is already known about the same shipment (or else order) and status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The event that led to the message.
    pub event: EventId,
    /// When it was decided.
    pub at: Timestamp,
}

/// A newer fact about the same parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newer {
    /// What it said.
    pub status: EventStatus,
    /// When it happened.
    pub occurred_at: Timestamp,
}

/// What was told before, or is about to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Before {
    /// The same was told before.
    pub told: Option<Told>,
    /// How many messages count against the brand's cap.
    pub tally: Tally,
    /// A message that waits and says the same about the same order.
    pub waiting: Option<Waiting>,
}

/// Everything `decide` looks at, gathered beforehand: the function reads nothing else.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    /// What happened; its contact already completed from the order where the source told none.
    pub event: &'a Event,
    /// Whether the contact came from an earlier event of the same order.
    pub contact_remembered: bool,
    /// The brand it happened for.
    pub brand: &'a Brand,
    /// The account's plan.
    pub plan: Plan,
    /// What is set for the channel.
    pub channel: &'a ChannelSettings,
    /// The brand's sender on that channel.
    pub sender: Option<&'a Sender>,
    /// Since when the person does not want this brand's messages.
    pub opted_out_at: Option<Timestamp>,
    /// When consent was recorded for this person and brand.
    pub consent_at: Option<Timestamp>,
    /// Since when the person does not want this very news.
    pub silenced_at: Option<Timestamp>,
    /// When this person agreed to the brand's advertising.
    pub marketing_at: Option<Timestamp>,
    /// What was told before.
    pub before: Before,
    /// Something newer is known about the parcel.
    pub newer: Option<Newer>,
    /// Where the person chooses what they hear from the brand.
    pub preferences_url: Option<String>,
    /// The variants that tell this news.
    pub variants: &'a [Variant],
    /// The present moment.
    pub now: Timestamp,
    /// How old news may be (72 h unless set otherwise).
    pub stale_after: Duration,
    /// How clocks are set around the world.
    pub zones: &'a dyn Zones,
}

/// The message a decision wants sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// On which channel.
    pub channel: Channel,
    /// From which sender.
    pub sender: SenderId,
    /// E.164, or a mail address.
    pub to: String,
    /// The chosen template's name.
    pub template: String,
    /// Its version.
    pub template_version: i64,
    /// The chosen language.
    pub language: Language,
    /// Whether it tells or advertises.
    pub category: Category,
    /// The finished text.
    pub rendered: Rendered,
    /// When it may go, if it has to wait for that.
    pub held_until: Option<Timestamp>,
}

/// What was decided, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// On which channel.
    pub channel: Channel,
    /// Send, hold or skip.
    pub verdict: Verdict,
    /// The rule that decided against it, or that holds it; none when the message goes out.
    pub reason: Option<RuleCode>,
    /// Every rule, in order.
    pub rules: Vec<RuleOutcome>,
    /// The message, when one goes out, now or later.
    pub draft: Option<Draft>,
}

/// What another channel of the chain came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherChannel {
    /// Minutes the one before it has to arrive; none when only its failure counts, or nothing was before it.
    pub after: Option<u32>,
    /// What was decided; its draft is not kept here.
    pub decision: Decision,
}

/// Decides about one event on one channel.
#[must_use]
pub fn decide(situation: &Situation<'_>) -> Decision {
    let mut desk = rules::Desk::new(situation);
    let mut outcomes = Vec::with_capacity(RuleCode::ALL.len());
    let mut reason = None;
    for code in RuleCode::ALL.iter().copied() {
        if reason.is_some() {
            outcomes.push(RuleOutcome { code, result: RuleResult::NotReached, saw: Saw::new() });
            continue;
        }
        let (passed, saw) = desk.apply(code);
        let result = if passed { RuleResult::Passed } else { code.against() };
        if !passed {
            reason = Some(code);
        }
        outcomes.push(RuleOutcome { code, result, saw });
    }
    let stopped = reason.is_some_and(|code| code.against() == RuleResult::Stopped);
    let draft = if stopped { None } else { desk.into_draft() };
    let verdict = match &draft {
        None => Verdict::Skip,
        Some(draft) if draft.held_until.is_some() => Verdict::Hold,
        Some(_) => Verdict::Send,
    };
    Decision { channel: situation.channel.channel, verdict, reason, rules: outcomes, draft }
}

/// Where a person is reached on a channel.
#[must_use]
pub const fn address(event: &Event, channel: Channel) -> Option<&String> {
    match channel {
        Channel::Whatsapp | Channel::Sms => event.facts.phone.as_ref(),
        Channel::Email => event.facts.email.as_ref(),
    }
}

/// The values a situation offers to the tags of a text in a language.
fn values(situation: &Situation<'_>, language: &Language) -> Values {
    let status = situation.event.status.tracking();
    let mut facts = Cow::Borrowed(&situation.event.facts);
    if late::missed(situation.event).is_some() {
        // A day that has passed is no day to expect it on.
        facts.to_mut().expected_date = None;
    }
    Values::of(Source {
        facts: &facts,
        brand: situation.brand,
        language,
        status: status.map_or("", |status| starter::status_word(language, status)),
        preferences_url: situation.preferences_url.as_deref(),
    })
}

#[cfg(test)]
mod tests;
