//! One function per rule. Each answers whether it passed and what it saw.

use super::{Draft, Fact, RuleCode, Saw, Situation, address, values};
use crate::brand::{BrandState, ChannelState, ConsentBasis, CountryRow, SenderState};
use crate::channel::Channel;
use crate::event::Direction;
use crate::late::{self, Lateness};
use crate::source::Source;
use crate::template::{
    Category, ChosenBy, Letter, RenderError, Rendered, RenderedMail, Values, Variant, choose,
    render, render_mail, render_sms,
};
use crate::time::Timestamp;
use crate::zone;
use std::time::Duration;

/// What has been worked out so far while the rules are applied in order.
pub(super) struct Desk<'a> {
    situation: &'a Situation<'a>,
    variant: Option<&'a Variant>,
    rendered: Option<Rendered>,
    held_until: Option<Timestamp>,
}

type Look = (bool, Saw);

/// At most four, of whatever kinds.
macro_rules! saw {
    ($($name:literal: $value:expr),+ $(,)?) => {
        [$(($name, Fact::from($value))),+].into_iter().collect::<Saw>()
    };
}

impl<'a> Desk<'a> {
    pub(super) const fn new(situation: &'a Situation<'a>) -> Self {
        Self { situation, variant: None, rendered: None, held_until: None }
    }

    pub(super) fn apply(&mut self, code: RuleCode) -> Look {
        match code {
            RuleCode::Notifies => self.notifies(),
            RuleCode::NotTest => self.not_test(),
            RuleCode::RecipientUsable => self.recipient_usable(),
            RuleCode::BrandActive => self.brand_active(),
            RuleCode::PlanAllows => self.plan_allows(),
            RuleCode::ChannelActivated => self.channel_activated(),
            RuleCode::CountryOn => self.country_on(),
            RuleCode::StatusOn => self.status_on(),
            RuleCode::NotOptedOut => self.not_opted_out(),
            RuleCode::StatusWanted => self.status_wanted(),
            RuleCode::ConsentBasis => self.consent_basis(),
            RuleCode::NotAlreadyTold => self.not_already_told(),
            RuleCode::InOrder => self.in_order(),
            RuleCode::NotStale => self.not_stale(),
            RuleCode::TemplateReady => self.template_ready(),
            RuleCode::MarketingConsent => self.marketing_consent(),
            RuleCode::TagsResolved => self.tags_resolved(),
            RuleCode::SenderReady => self.sender_ready(),
            RuleCode::NotJoined => self.not_joined(),
            RuleCode::WithinCap => self.within_cap(),
            RuleCode::WithinHours => self.within_hours(),
            RuleCode::Gathered => self.gathered(),
        }
    }

    pub(super) fn into_draft(self) -> Option<Draft> {
        let variant = self.variant?;
        let channel = self.situation.channel.channel;
        Some(Draft {
            channel,
            sender: self.situation.sender?.id,
            to: address(self.situation.event, channel)?.clone(),
            template: variant.name.clone(),
            template_version: variant.version,
            language: variant.language.clone(),
            category: variant.category,
            rendered: self.rendered?,
            held_until: self.held_until,
        })
    }

    fn row(&self) -> Option<&'a CountryRow> {
        let country = self.situation.event.facts.country?;
        self.situation.channel.countries.get(&country)
    }

    fn country(&self) -> String {
        self.situation.event.facts.country.map_or_else(String::new, |c| c.to_string())
    }

    fn notifies(&self) -> Look {
        let status = self.situation.event.status;
        let mut seen = saw!["status": status.word()];
        if self.situation.event.source == Source::Lookout {
            // Nobody told us: we found it ourselves.
            let missed = late::missed(self.situation.event);
            let why = if missed.is_some() { Lateness::Expected } else { Lateness::Silent };
            seen.insert("found", why.word());
            seen.extend(missed.map(|day| ("expected", day.start().to_string())));
        }
        (status.tracking().is_some(), seen)
    }

    fn not_test(&self) -> Look {
        (
            !self.situation.event.test,
            saw!["test": if self.situation.event.test { "true" } else { "false" }],
        )
    }

    fn recipient_usable(&self) -> Look {
        let facts = &self.situation.event.facts;
        let phone = match (&facts.phone, &facts.phone_raw) {
            (Some(phone), _) => Fact::from(mask_phone(phone)),
            (None, Some(_)) => "unreadable".into(),
            (None, None) => "missing".into(),
        };
        let channel = self.situation.channel.channel;
        let address = address(self.situation.event, channel);
        let mut seen = match channel {
            Channel::Whatsapp | Channel::Sms => saw!["phone": phone],
            Channel::Email => {
                saw!["email": address.map_or(Fact::from("missing"), |a| mask_mail(a).into())]
            }
        };
        seen.insert("country", self.country());
        if self.situation.contact_remembered {
            seen.insert("from", "order");
        } else if self.situation.event.direction == Direction::Return && !facts.has_contact() {
            // A return names the warehouse, so the person can only come from the order.
            seen.insert("from", "no_order");
        }
        (address.is_some() && facts.country.is_some(), seen)
    }

    fn brand_active(&self) -> Look {
        let state = self.situation.brand.state;
        (state == BrandState::Active, saw!["brand": state.word()])
    }

    fn plan_allows(&self) -> Look {
        let plan = self.situation.plan;
        (plan.sends_messages(), saw!["plan": plan.word()])
    }

    fn channel_activated(&self) -> Look {
        let channel = self.situation.channel;
        let seen = saw!["channel": channel.channel.word(), "state": channel.state.word()];
        (channel.state == ChannelState::On, seen)
    }

    fn country_on(&self) -> Look {
        let (on, state) = match self.row() {
            Some(row) if row.on => (true, "on"),
            Some(_) => (false, "off"),
            None => (false, "not_added"),
        };
        (on, saw!["country": self.country(), "state": state])
    }

    fn status_on(&self) -> Look {
        let status = self.situation.event.status;
        let on = status
            .tracking()
            .is_some_and(|s| self.row().is_some_and(|row| row.statuses.contains(&s)));
        let state = if on { "on" } else { "off" };
        (on, saw!["status": status.word(), "country": self.country(), "state": state])
    }

    fn not_opted_out(&self) -> Look {
        match self.situation.opted_out_at {
            Some(at) => (false, saw!["since": at.to_string()]),
            None => (true, saw!["since": ""]),
        }
    }

    fn status_wanted(&self) -> Look {
        let silenced = self.situation.silenced_at;
        let since = silenced.map_or_else(String::new, |at| at.to_string());
        let status = self.situation.event.status.word();
        (silenced.is_none(), saw!["status": status, "since": since])
    }

    fn consent_basis(&self) -> Look {
        let basis = self.situation.channel.consent_basis;
        let recorded = self.situation.consent_at.map_or_else(String::new, |at| at.to_string());
        let word = basis.map_or("none", ConsentBasis::word);
        let passed = match basis {
            Some(ConsentBasis::CollectedByShop) => true,
            Some(ConsentBasis::OnRecord) => self.situation.consent_at.is_some(),
            None => false,
        };
        (passed, saw!["basis": word, "recorded": recorded])
    }

    fn not_already_told(&self) -> Look {
        match self.situation.before.told {
            Some(told) => (false, saw!["event": told.event.to_string(), "at": told.at.to_string()]),
            None => (true, Saw::new()),
        }
    }

    fn in_order(&self) -> Look {
        match self.situation.newer {
            Some(newer) => {
                (false, saw!["status": newer.status.word(), "at": newer.occurred_at.to_string()])
            }
            None => (true, Saw::new()),
        }
    }

    fn not_stale(&self) -> Look {
        let age = self.situation.now.since(self.situation.event.occurred_at);
        let seen = saw!["age_hours": (age.as_secs() / 3600).to_string(), "limit_hours": (self.situation.stale_after.as_secs() / 3600).to_string()];
        (age <= self.situation.stale_after, seen)
    }

    fn template_ready(&mut self) -> Look {
        let facts = &self.situation.event.facts;
        let languages = &self.situation.brand.languages;
        let by_country = facts.country.and_then(|country| languages.of(country));
        let chosen = choose(
            self.situation.variants,
            self.situation.channel.channel,
            facts.locale.as_ref(),
            by_country.as_ref(),
            &self.situation.brand.language,
        );
        let Some((variant, step)) = chosen else {
            return (false, saw!["template": "none"]);
        };
        self.variant = Some(variant);
        let set = facts.country.filter(|_| step == ChosenBy::Country);
        let set = set.is_some_and(|country| languages.chosen(country).is_some());
        let mut seen = saw!["template": variant.name.clone(), "version": variant.version.to_string(), "language": variant.language.to_string(), "chosen_by": step.word()];
        let channel = self.situation.channel.channel;
        if channel == Channel::Whatsapp {
            seen.insert("review", variant.review.word());
        }
        if set {
            // Not what most people of the country read: the brand has said so.
            seen.insert("country_language", "brand");
        }
        (variant.speaks_on(channel), seen)
    }

    fn marketing_consent(&self) -> Look {
        let Some(variant) = self.variant else { return (false, Saw::new()) };
        let recorded = self.situation.marketing_at;
        let passed = match variant.category {
            Category::Utility => true,
            Category::Marketing => recorded.is_some(),
        };
        let recorded = recorded.map_or_else(String::new, |at| at.to_string());
        let category = variant.category.word();
        (passed, saw!["category": category, "recorded": recorded])
    }

    fn tags_resolved(&mut self) -> Look {
        let Some(variant) = self.variant else { return (false, Saw::new()) };
        let values = values(self.situation, &variant.language);
        match self.rendered_for(variant, &values) {
            Ok(rendered) if rendered.body.chars().count() > self.longest() => {
                (false, saw!["text": "too_long"])
            }
            Ok(rendered) => {
                self.rendered = Some(rendered);
                (true, Saw::new())
            }
            Err(RenderError::Missing(tags)) => {
                let names = tags.iter().map(|t| t.word()).collect::<Vec<_>>().join(", ");
                (false, saw!["missing": names])
            }
            Err(RenderError::Text(error)) => (false, saw!["text": error.to_string()]),
        }
    }

    /// Characters the channel takes: a text message of more than ten parts is refused by every provider.
    const fn longest(&self) -> usize {
        match self.situation.channel.channel {
            Channel::Sms => 1600,
            Channel::Whatsapp | Channel::Email => usize::MAX,
        }
    }

    /// The text as its channel carries it.
    fn rendered_for(&self, variant: &Variant, values: &Values) -> Result<Rendered, RenderError> {
        let stop = self.situation.preferences_url.clone();
        match self.situation.channel.channel {
            Channel::Whatsapp => render(&variant.content, values),
            Channel::Sms => {
                let mut body = render_sms(&variant.content, values)?;
                let one_way = self.situation.sender.is_some_and(|sender| sender.one_way);
                // Whoever cannot answer STOP is told where to.
                if let Some(url) = stop.filter(|url| one_way && !body.contains(url.as_str())) {
                    body = format!("{body}\nSTOP: {url}");
                }
                Ok(Rendered { body, ..Rendered::default() })
            }
            Channel::Email => {
                let RenderedMail { subject, text, html } = render_mail(&variant.content, values)?;
                let from = self.situation.brand.name.clone();
                let mail = Some(Letter { subject, html, from, unsubscribe: stop });
                Ok(Rendered { body: text, mail, ..Rendered::default() })
            }
        }
    }

    fn sender_ready(&self) -> Look {
        let state = self.situation.sender.map(|s| s.state);
        let word = state.map_or("none", SenderState::word);
        (state == Some(SenderState::Ready), saw!["sender": word])
    }

    /// Whether its news does not wait, in quiet hours or otherwise.
    fn is_urgent(&self) -> bool {
        let status = self.situation.event.status.tracking();
        status.is_some_and(|status| self.situation.brand.quiet.urgent.contains(&status))
    }

    fn not_joined(&self) -> Look {
        if !self.situation.brand.timing.merge.on {
            return (true, saw!["merging": "off"]);
        }
        match self.situation.before.waiting {
            None => (true, Saw::new()),
            Some(waiting) => {
                let (message, until) = (waiting.message.to_string(), waiting.until.to_string());
                (false, saw!["message": message, "until": until])
            }
        }
    }

    fn within_cap(&self) -> Look {
        let cap = &self.situation.brand.timing.cap;
        if !cap.on {
            return (true, saw!["cap": "off"]);
        }
        let tally = self.situation.before.tally;
        let (mut seen, mut over) = (Saw::new(), None);
        for (name, count, limit) in
            [("day", tally.day, cap.per_day), ("order", tally.order, cap.per_order)]
        {
            let Some((count, limit)) = count.zip(limit) else { continue };
            seen.insert(name, count.to_string());
            seen.insert(format!("{name}_limit"), limit.to_string());
            if count >= limit {
                over = Some(name);
            }
        }
        let Some(over) = over else { return (true, seen) };
        seen.insert("over", over);
        if self.is_urgent() {
            seen.insert("urgent", self.situation.event.status.word());
        }
        (self.is_urgent(), seen)
    }

    fn within_hours(&mut self) -> Look {
        let quiet = &self.situation.brand.quiet;
        let Some(country) = self.situation.event.facts.country.filter(|_| quiet.on) else {
            return (true, saw!["hours": "off"]);
        };
        let look = quiet.look(self.situation.zones, country, self.situation.now);
        let mut seen =
            saw!["hours": quiet.hours(), "local": look.shows.to_string(), "zone": look.zone];
        let Some((until, clock)) = look.ends else { return (true, seen) };
        let status = self.situation.event.status;
        if status.tracking().is_some_and(|status| quiet.urgent.contains(&status)) {
            seen.insert("urgent", status.word());
            return (true, seen);
        }
        seen.insert("until", until.to_string());
        seen.insert("until_local", clock.to_string());
        self.held_until = Some(until);
        (false, seen)
    }

    fn gathered(&mut self) -> Look {
        let Situation { brand, event, now, zones, .. } = *self.situation;
        let merge = brand.timing.merge;
        let Some(country) = event.facts.country.filter(|_| merge.on) else {
            return (true, saw!["merging": "off"]);
        };
        let mut seen = saw!["minutes": merge.minutes.to_string()];
        let until = now.plus(Duration::from_secs(u64::from(merge.minutes) * 60));
        let why_not = if self.is_urgent() {
            Some("urgent")
        } else if event.status.is_final() && event.facts.order_number.is_none() {
            // Nothing can come after it, and nothing says what else is of its order.
            Some("alone")
        } else if brand.quiet.on && brand.quiet.look(zones, country, until).ends.is_some() {
            // Rather before the quiet hours than after them.
            Some("quiet")
        } else {
            None
        };
        if let Some(why_not) = why_not {
            seen.insert("at_once", why_not);
            return (true, seen);
        }
        let zone = zone::of_country(country);
        seen.insert("until", until.to_string());
        seen.insert("until_local", zones.local(zone, until).to_string());
        seen.insert("zone", zone);
        self.held_until = Some(until);
        (false, seen)
    }
}

/// Shows who was meant without telling the address: `a…@example.org`.
#[must_use]
pub fn mask_mail(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((name, domain)) => {
            let head: String = name.chars().take(1).collect();
            format!("{head}…@{domain}")
        }
        None => "…".to_owned(),
    }
}

/// Shows who was meant without telling the number: `+33 6 ** ** ** 42`.
#[must_use]
pub fn mask_phone(e164: &str) -> String {
    let digits: Vec<char> = e164.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 7 {
        return "**".to_owned();
    }
    let head: String = digits[..2].iter().collect();
    let tail: String = digits[digits.len() - 2..].iter().collect();
    let hidden = vec!["**"; (digits.len() - 5).div_ceil(2)].join(" ");
    format!("+{head} {} {hidden} {tail}", digits[2])
}
