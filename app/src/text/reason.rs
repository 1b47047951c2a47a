//! Why something was sent or not, in sentences: a rule's code, its result and what it saw become
//! words here and nowhere else, so that list, panel and page say the same.

use super::time::{self, Zone};
use super::{Lang, Text, country, language, status};
use dispatch::channel::Channel;
use dispatch::country::Country;
use dispatch::decision::{RuleCode, RuleOutcome, RuleResult, Saw};
use dispatch::event::EventStatus;
use dispatch::plan::Plan;
use dispatch::reach::DAILY_LIMIT;
use dispatch::time::{Date, Timestamp};
use std::time::Duration;

/// A rule's name.
#[must_use]
pub fn rule(t: Text, code: RuleCode) -> &'static str {
    match code {
        RuleCode::Notifies => t.reason_notifies(),
        RuleCode::NotTest => t.reason_not_test(),
        RuleCode::RecipientUsable => t.reason_recipient_usable(),
        RuleCode::BrandActive => t.reason_brand_active(),
        RuleCode::PlanAllows => t.reason_plan_allows(),
        RuleCode::ChannelActivated => t.reason_channel_activated(),
        RuleCode::CountryOn => t.reason_country_on(),
        RuleCode::StatusOn => t.reason_status_on(),
        RuleCode::NotOptedOut => t.reason_not_opted_out(),
        RuleCode::StatusWanted => t.reason_status_wanted(),
        RuleCode::ConsentBasis => t.reason_consent_basis(),
        RuleCode::NotAlreadyTold => t.reason_not_already_told(),
        RuleCode::InOrder => t.reason_in_order(),
        RuleCode::NotStale => t.reason_not_stale(),
        RuleCode::TemplateReady => t.reason_template_ready(),
        RuleCode::MarketingConsent => t.reason_marketing_consent(),
        RuleCode::TagsResolved => t.reason_tags_resolved(),
        RuleCode::SenderReady => t.reason_sender_ready(),
        RuleCode::NotJoined => t.reason_not_joined(),
        RuleCode::WithinCap => t.reason_within_cap(),
        RuleCode::WithinHours => t.reason_within_hours(),
        RuleCode::Gathered => t.reason_gathered(),
    }
}

/// How a rule ended.
#[must_use]
pub fn result(t: Text, result: RuleResult) -> &'static str {
    match result {
        RuleResult::Passed => t.reason_passed(),
        RuleResult::Held => t.reason_held(),
        RuleResult::Stopped => t.reason_stopped(),
        RuleResult::NotReached => t.reason_not_reached(),
    }
}

/// What can be done about a reason.
#[must_use]
pub fn remedy(t: Text, code: RuleCode) -> &'static str {
    match code {
        RuleCode::Notifies => t.reason_do_notifies(),
        RuleCode::NotTest => t.reason_do_not_test(),
        RuleCode::RecipientUsable => t.reason_do_recipient_usable(),
        RuleCode::BrandActive => t.reason_do_brand_active(),
        RuleCode::PlanAllows => t.reason_do_plan_allows(),
        RuleCode::ChannelActivated => t.reason_do_channel_activated(),
        RuleCode::CountryOn => t.reason_do_country_on(),
        RuleCode::StatusOn => t.reason_do_status_on(),
        RuleCode::NotOptedOut => t.reason_do_not_opted_out(),
        RuleCode::StatusWanted => t.reason_do_status_wanted(),
        RuleCode::ConsentBasis => t.reason_do_consent_basis(),
        RuleCode::NotAlreadyTold => t.reason_do_not_already_told(),
        RuleCode::InOrder => t.reason_do_in_order(),
        RuleCode::NotStale => t.reason_do_not_stale(),
        RuleCode::TemplateReady => t.reason_do_template_ready(),
        RuleCode::MarketingConsent => t.reason_do_marketing_consent(),
        RuleCode::TagsResolved => t.reason_do_tags_resolved(),
        RuleCode::SenderReady => t.reason_do_sender_ready(),
        RuleCode::NotJoined => t.reason_do_not_joined(),
        RuleCode::WithinCap => t.reason_do_within_cap(),
        RuleCode::WithinHours => t.reason_do_within_hours(),
        RuleCode::Gathered => t.reason_do_gathered(),
    }
}

/// Who can do it.
#[must_use]
pub fn owner(t: Text, code: RuleCode) -> &'static str {
    match code {
        RuleCode::Notifies
        | RuleCode::NotTest
        | RuleCode::NotAlreadyTold
        | RuleCode::InOrder
        | RuleCode::NotJoined
        | RuleCode::NotStale => t.reason_who_nobody(),
        RuleCode::RecipientUsable => t.reason_who_shop(),
        RuleCode::PlanAllows | RuleCode::ChannelActivated => t.reason_who_owner(),
        RuleCode::NotOptedOut | RuleCode::StatusWanted => t.reason_who_customer(),
        RuleCode::TemplateReady | RuleCode::SenderReady => t.reason_who_platform(),
        RuleCode::BrandActive
        | RuleCode::CountryOn
        | RuleCode::StatusOn
        | RuleCode::ConsentBasis
        | RuleCode::MarketingConsent
        | RuleCode::TagsResolved
        | RuleCode::WithinCap
        | RuleCode::WithinHours
        | RuleCode::Gathered => t.reason_who_merchant(),
    }
}

/// What a reason is about, as far as the list knows it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The news.
    pub status: Option<EventStatus>,
    /// The destination.
    pub country: Option<Country>,
    /// The channel.
    pub channel: Channel,
    /// E.164, when it was read.
    pub phone: Option<&'a str>,
}

/// Why not, in a few words without a full stop: `Delivered is off for Germany`.
#[must_use]
pub fn short(t: Text, code: RuleCode, about: Subject<'_>) -> String {
    let land = about.country.map(|country| after_for(t.lang(), country));
    let news = about.status.map(|known| status::event(t, known));
    match code {
        RuleCode::Notifies => match news {
            Some(news) => t.reason_why_notifies(news),
            None => t.reason_why_notifies_any().to_owned(),
        },
        RuleCode::NotTest => t.reason_why_not_test().to_owned(),
        RuleCode::RecipientUsable if about.status.is_none() => {
            t.reason_why_recipient_usable().to_owned()
        }
        RuleCode::RecipientUsable if about.country.is_none() && about.phone.is_some() => {
            t.reason_why_no_country().to_owned()
        }
        RuleCode::RecipientUsable => t.reason_why_no_phone().to_owned(),
        RuleCode::BrandActive => t.reason_why_brand_active().to_owned(),
        RuleCode::PlanAllows => t.reason_why_plan_allows().to_owned(),
        RuleCode::ChannelActivated => {
            t.reason_why_channel_activated(status::channel(t, about.channel))
        }
        RuleCode::CountryOn => match about.country {
            Some(known) => t.reason_why_country_on(country::name(t.lang(), known.code())),
            None => t.reason_why_country_any().to_owned(),
        },
        RuleCode::StatusOn => match (news, land) {
            (Some(news), Some(land)) => t.reason_why_status_on(news, land),
            (Some(news), None) => t.reason_why_status_off(news),
            (None, _) => t.reason_why_status_any().to_owned(),
        },
        RuleCode::NotOptedOut => t.reason_why_not_opted_out().to_owned(),
        RuleCode::StatusWanted => match news {
            Some(news) => t.reason_why_status_wanted(news),
            None => t.reason_why_status_wanted_any().to_owned(),
        },
        RuleCode::ConsentBasis => t.reason_why_consent_basis().to_owned(),
        RuleCode::NotAlreadyTold => t.reason_why_not_already_told().to_owned(),
        RuleCode::InOrder => t.reason_why_in_order().to_owned(),
        RuleCode::NotStale => t.reason_why_not_stale().to_owned(),
        RuleCode::TemplateReady => t.reason_why_template_ready().to_owned(),
        RuleCode::MarketingConsent => t.reason_why_marketing_consent().to_owned(),
        RuleCode::TagsResolved => t.reason_why_tags_resolved().to_owned(),
        RuleCode::SenderReady => t.reason_why_sender_ready().to_owned(),
        RuleCode::NotJoined => t.reason_why_not_joined().to_owned(),
        RuleCode::WithinCap => t.reason_why_within_cap().to_owned(),
        RuleCode::WithinHours => t.reason_why_within_hours().to_owned(),
        RuleCode::Gathered => t.reason_why_gathered().to_owned(),
    }
}

/// What a rule saw, as a sentence; none for rules that were not reached.
#[must_use]
pub fn sentence(t: Text, zone: &Zone, outcome: &RuleOutcome) -> Option<String> {
    let facts = Facts { t, zone, saw: &outcome.saw };
    match outcome.result {
        RuleResult::NotReached => None,
        RuleResult::Passed => Some(facts.passed(outcome.code)),
        RuleResult::Held | RuleResult::Stopped => Some(facts.stopped(outcome.code)),
    }
}

/// A rule's facts with what is needed to say them.
struct Facts<'a> {
    t: Text,
    zone: &'a Zone,
    saw: &'a Saw,
}

impl Facts<'_> {
    fn get(&self, name: &str) -> &str {
        self.saw.get(name).unwrap_or_default()
    }

    fn status(&self) -> &'static str {
        let known = self.get("status").parse().unwrap_or(EventStatus::Unknown);
        status::event(self.t, known)
    }

    fn country(&self) -> String {
        country::name(self.t.lang(), self.get("country"))
    }

    /// The phone, or for mail the address, as far as they are shown.
    fn address(&self) -> &str {
        match self.get("phone") {
            "" => self.get("email"),
            phone => phone,
        }
    }

    fn country_after_for(&self) -> String {
        match self.get("country").parse() {
            Ok(country) => after_for(self.t.lang(), country),
            Err(_) => self.get("country").to_owned(),
        }
    }

    fn channel(&self) -> &'static str {
        status::channel(self.t, self.get("channel").parse().unwrap_or(Channel::Whatsapp))
    }

    fn plan(&self) -> &'static str {
        self.get("plan").parse().map_or("", plan)
    }

    fn date(&self, name: &str) -> String {
        parse_moment(self.get(name)).map_or_else(
            || self.get(name).to_owned(),
            |at| time::date(self.t.lang(), at, self.zone),
        )
    }

    fn hours(&self, name: &str) -> String {
        let hours: u64 = self.get(name).parse().unwrap_or(0);
        match hours {
            0 => self.t.reason_under_an_hour().to_owned(),
            // Under four days a count of hours says more than a rounded count of days.
            1..96 => format!("{hours} h"),
            _ => time::duration(self.t.lang(), Duration::from_secs(hours * 3600)),
        }
    }

    fn language(&self) -> String {
        language::name(self.t.lang(), self.get("language"))
    }

    fn passed(&self, code: RuleCode) -> String {
        let t = self.t;
        match code {
            RuleCode::Notifies => match self.get("found") {
                "expected" => t.reason_saw_found_expected(self.day("expected")),
                "silent" => t.reason_saw_found_silent().to_owned(),
                _ => t.reason_saw_notifies(self.status()),
            },
            RuleCode::NotTest => t.reason_saw_not_test().to_owned(),
            RuleCode::RecipientUsable if self.get("from") == "order" => {
                t.reason_saw_recipient_remembered(self.address(), self.country())
            }
            RuleCode::RecipientUsable => {
                t.reason_saw_recipient_usable(self.address(), self.country())
            }
            RuleCode::BrandActive => t.reason_saw_brand_active().to_owned(),
            RuleCode::PlanAllows => t.reason_saw_plan_allows(self.plan()),
            RuleCode::ChannelActivated => t.reason_saw_channel_activated(self.channel()),
            RuleCode::CountryOn => t.reason_saw_country_on(self.country()),
            RuleCode::StatusOn => t.reason_saw_status_on(self.status(), self.country()),
            RuleCode::NotOptedOut => t.reason_saw_not_opted_out().to_owned(),
            RuleCode::StatusWanted => t.reason_saw_status_wanted(self.status()),
            RuleCode::ConsentBasis if self.get("recorded").is_empty() => {
                t.reason_saw_consent_collected().to_owned()
            }
            RuleCode::ConsentBasis => t.reason_saw_consent_recorded(self.date("recorded")),
            RuleCode::NotAlreadyTold => t.reason_saw_not_already_told().to_owned(),
            RuleCode::InOrder => t.reason_saw_in_order().to_owned(),
            RuleCode::NotStale => {
                t.reason_saw_not_stale(self.hours("age_hours"), self.hours("limit_hours"))
            }
            RuleCode::TemplateReady => t.reason_saw_template_ready(
                self.get("template"),
                self.get("version"),
                self.language(),
                match self.get("chosen_by") {
                    "recipient" => t.reason_chosen_recipient(),
                    "country" if self.get("country_language") == "brand" => {
                        t.reason_chosen_country_set()
                    }
                    "country" => t.reason_chosen_country(),
                    "brand" => t.reason_chosen_brand(),
                    _ => t.reason_chosen_english(),
                },
            ),
            RuleCode::MarketingConsent if self.get("category") == "marketing" => {
                t.reason_saw_marketing_consent(self.date("recorded"))
            }
            RuleCode::MarketingConsent => t.reason_saw_marketing_none_needed().to_owned(),
            RuleCode::TagsResolved => t.reason_saw_tags_resolved().to_owned(),
            RuleCode::SenderReady => t.reason_saw_sender_ready().to_owned(),
            RuleCode::NotJoined if self.get("merging") == "off" => {
                t.reason_saw_merge_off().to_owned()
            }
            RuleCode::NotJoined => t.reason_saw_not_joined().to_owned(),
            RuleCode::WithinCap => self.within_cap(),
            RuleCode::Gathered => match self.get("at_once") {
                "urgent" => t.reason_saw_gathered_urgent().to_owned(),
                "alone" => t.reason_saw_gathered_alone().to_owned(),
                "quiet" => t.reason_saw_gathered_quiet(self.get("minutes")),
                _ => t.reason_saw_merge_off().to_owned(),
            },
            RuleCode::WithinHours => match (self.get("zone"), self.get("urgent")) {
                ("", _) => t.reason_saw_hours_off().to_owned(),
                (zone, "") => t.reason_saw_within_hours(self.reading("local"), zone, self.span()),
                (zone, urgent) => {
                    let urgent = urgent.parse().unwrap_or(EventStatus::Unknown);
                    let news = status::event(t, urgent);
                    t.reason_saw_hours_urgent(self.reading("local"), zone, news)
                }
            },
        }
    }

    fn stopped(&self, code: RuleCode) -> String {
        let t = self.t;
        match code {
            RuleCode::Notifies => t.reason_stop_notifies(self.status()),
            RuleCode::NotTest => t.reason_stop_not_test().to_owned(),
            RuleCode::RecipientUsable if self.get("email") == "missing" => {
                t.reason_saw_no_mail().to_owned()
            }
            RuleCode::RecipientUsable => self.recipient(),
            RuleCode::BrandActive => t.reason_stop_brand_active().to_owned(),
            RuleCode::PlanAllows => t.reason_stop_plan_allows(self.plan()),
            RuleCode::ChannelActivated => t.reason_stop_channel_activated(self.channel()),
            RuleCode::CountryOn if self.get("state") == "not_added" => {
                t.reason_stop_country_not_added(self.country())
            }
            RuleCode::CountryOn => t.reason_stop_country_off(self.country()),
            RuleCode::StatusOn => t.reason_stop_status_on(self.status(), self.country_after_for()),
            RuleCode::NotOptedOut => t.reason_stop_not_opted_out(self.date("since")),
            RuleCode::StatusWanted => {
                t.reason_stop_status_wanted(self.status(), self.date("since"))
            }
            RuleCode::ConsentBasis if self.get("basis") == "on_record" => {
                t.reason_stop_consent_missing().to_owned()
            }
            RuleCode::ConsentBasis => t.reason_stop_consent_none().to_owned(),
            RuleCode::NotAlreadyTold => t.reason_stop_not_already_told(self.date("at")),
            RuleCode::InOrder => t.reason_stop_in_order(self.status(), self.date("at")),
            RuleCode::NotStale => {
                t.reason_stop_not_stale(self.hours("age_hours"), self.hours("limit_hours"))
            }
            RuleCode::TemplateReady if self.get("template") == "none" => {
                t.reason_stop_template_none().to_owned()
            }
            RuleCode::TemplateReady => t.reason_stop_template_review(
                self.get("template"),
                self.get("version"),
                self.language(),
                review(t, self.get("review")),
            ),
            RuleCode::MarketingConsent => t.reason_stop_marketing_consent().to_owned(),
            RuleCode::TagsResolved if self.get("missing").is_empty() => {
                t.reason_stop_tags_text(self.get("text"))
            }
            RuleCode::TagsResolved => {
                let tags: Vec<String> =
                    self.get("missing").split(", ").map(|tag| format!("<<{tag}>>")).collect();
                t.reason_stop_tags_missing(tags.join(", "))
            }
            RuleCode::SenderReady => match self.get("sender") {
                "reconnect" => t.reason_stop_sender_reconnect(),
                "paused" => t.reason_stop_sender_paused(),
                _ => t.reason_stop_sender_none(),
            }
            .to_owned(),
            RuleCode::NotJoined => t.reason_stop_not_joined(self.moment("until")),
            RuleCode::WithinCap if self.get("over") == "day" => {
                t.reason_stop_cap_day(self.get("day"), self.get("day_limit"))
            }
            RuleCode::WithinCap => {
                t.reason_stop_cap_order(self.get("order"), self.get("order_limit"))
            }
            RuleCode::Gathered => t.reason_hold_gathered(
                self.get("minutes"),
                self.reading("until_local"),
                self.get("zone"),
            ),
            RuleCode::WithinHours => t.reason_hold_within_hours(
                self.reading("local"),
                self.get("zone"),
                self.span(),
                self.reading("until_local"),
            ),
        }
    }

    /// What a clock showed: its time, and the day as people write it.
    fn reading(&self, name: &str) -> String {
        let text = self.get(name);
        let (day, clock) = text.split_once(' ').unwrap_or(("", text));
        match parse_moment(&format!("{day}T{clock}:00Z")) {
            Some(at) => time::short(self.t.lang(), at, &Zone::default()),
            None => text.to_owned(),
        }
    }

    /// Hours from and until.
    fn span(&self) -> String {
        self.get("hours").replace('-', "–")
    }

    /// A day that is one wherever one is.
    fn day(&self, name: &str) -> String {
        parse_moment(self.get(name)).map_or_else(
            || self.get(name).to_owned(),
            |at| time::date(self.t.lang(), at, &Zone::default()),
        )
    }

    /// A moment as the account's clock shows it.
    fn moment(&self, name: &str) -> String {
        parse_moment(self.get(name)).map_or_else(
            || self.get(name).to_owned(),
            |at| time::short(self.t.lang(), at, self.zone),
        )
    }

    /// How near the cap was.
    fn within_cap(&self) -> String {
        let t = self.t;
        if self.get("cap") == "off" {
            return t.reason_saw_cap_off().to_owned();
        }
        let mut said = Vec::new();
        if !self.get("urgent").is_empty() {
            let news = self.get("urgent").parse().unwrap_or(EventStatus::Unknown);
            said.push(t.reason_saw_cap_urgent(status::event(t, news)));
        }
        if !self.get("order").is_empty() {
            said.push(t.reason_saw_cap_order(self.get("order"), self.get("order_limit")));
        }
        if !self.get("day").is_empty() {
            said.push(t.reason_saw_cap_day(self.get("day"), self.get("day_limit")));
        }
        if said.is_empty() { t.reason_saw_cap_none().to_owned() } else { said.join(" ") }
    }

    fn recipient(&self) -> String {
        let t = self.t;
        match (self.get("phone"), self.get("country"), self.get("from")) {
            ("missing", _, "no_order") => t.reason_stop_return().to_owned(),
            ("missing", ..) => t.reason_stop_phone_missing().to_owned(),
            (_, "", _) => t.reason_stop_country_missing().to_owned(),
            _ => t.reason_stop_phone_unreadable(self.country()),
        }
    }
}

/// Where a template stands in its review.
#[must_use]
pub fn review(t: Text, word: &str) -> &'static str {
    match word {
        "submitted" => t.reason_review_submitted(),
        "approved" => t.reason_review_approved(),
        "rejected" => t.reason_review_rejected(),
        "paused" => t.reason_review_paused(),
        "disabled" => t.reason_review_disabled(),
        _ => t.reason_review_draft(),
    }
}

/// A plan by its name; plans are called the same in every language.
#[must_use]
pub const fn plan(plan: Plan) -> &'static str {
    match plan {
        Plan::Free => "Free",
        Plan::Lite => "Lite",
        Plan::Growth => "Growth",
        Plan::Premium => "Premium",
    }
}

/// Whether it is a mail server's code: `5.1.1`.
fn is_mail_code(code: &str) -> bool {
    code.contains('.') && code.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// A failure in a few words without a full stop: the provider's code or a word of ours.
#[must_use]
pub fn failure(t: Text, code: &str) -> String {
    match code {
        "131026" => t.reason_fail_131026(),
        "131030" => t.reason_fail_131030(),
        "131047" => t.reason_fail_131047(),
        "131049" => t.reason_fail_131049(),
        "131050" => t.reason_fail_131050(),
        "131021" => t.reason_fail_131021(),
        "130403" => t.reason_fail_130403(),
        "130472" => t.reason_fail_130472(),
        "130497" => t.reason_fail_130497(),
        "4" | "80007" | "130429" | "131056" | "429" => t.reason_fail_rate(),
        "0" | "3" | "10" | "190" | "131005" | "401" | "403" => t.reason_fail_access(),
        "368" | "131031" | "131048" | "131064" => t.reason_fail_policy(),
        "131042" => t.reason_fail_payment(),
        "131037" | "131045" | "133006" | "133010" => t.reason_fail_registration(),
        "132001" => t.reason_fail_template(),
        "132015" => t.reason_fail_template_paused(),
        "131063" | "132007" | "132016" => t.reason_fail_template_stopped(),
        "132000" | "132005" | "132008" | "132012" | "132018" => t.reason_fail_parameters(),
        "1" | "2" | "131000" | "131016" | "131057" | "133004" | "500" | "502" | "503" | "504" => {
            t.reason_fail_busy()
        }
        "33" | "100" | "131008" | "131009" | "131051" | "135000" => t.reason_fail_request(),
        "21211" | "21612" | "21614" | "30006" => t.reason_fail_not_mobile(),
        "30003" => t.reason_fail_sms_unreachable(),
        "30004" | "30005" | "30008" => t.reason_fail_sms_unknown(),
        "30007" => t.reason_fail_sms_filtered(),
        "21610" => t.reason_fail_sms_stopped(),
        "20003" => t.reason_fail_access(),
        "20429" => t.reason_fail_rate(),
        "20500" | "20503" => t.reason_fail_busy(),
        "no_mail_server" => t.reason_fail_no_mail_server(),
        back if is_mail_code(back) => return t.reason_fail_mail_back(back),
        refused if refused.starts_with("smtp_5") => t.reason_fail_mail_refused(),
        "opted_out" => t.reason_fail_opted_out(),
        "status_unwanted" => t.reason_fail_status_unwanted(),
        "no_marketing_consent" => t.reason_fail_no_marketing_consent(),
        "brand_archived" => t.reason_fail_brand_archived(),
        "overtaken" => t.reason_fail_overtaken(),
        "stale" => t.reason_fail_stale(),
        "sender_not_ready" => t.reason_fail_sender_not_ready(),
        "recipient_busy" | "recipient_limit" => t.reason_fail_recipient_limit(),
        "number_limit" => t.reason_fail_number_limit(),
        "provider_down" => t.reason_fail_provider_down(),
        "quiet_hours" => t.reason_fail_quiet_hours(),
        DAILY_LIMIT => t.reason_fail_daily_limit(),
        "store_unavailable" => t.reason_fail_store_unavailable(),
        "unknown" => t.reason_fail_unknown(),
        "lease_expired" => t.reason_fail_lease_expired(),
        "timeout" => t.reason_fail_timeout(),
        "connection" => t.reason_fail_connection(),
        "connection_lost" => t.reason_fail_connection_lost(),
        "address" => t.reason_fail_address(),
        "unreadable_answer" => t.reason_fail_unreadable_answer(),
        "http_429" => t.reason_fail_rate(),
        other if other.starts_with("http_") => {
            return t.reason_fail_http(other.trim_start_matches("http_"));
        }
        other => return t.reason_fail_other(other),
    }
    .to_owned()
}

/// A country after "for": English gives some an article.
fn after_for(lang: Lang, country: Country) -> String {
    let name = country::name(lang, country.code());
    let article = lang == Lang::En
        && (name.ends_with("Islands")
            || name.starts_with("United ")
            || matches!(country.code(), "NL" | "PH" | "BS" | "GM" | "MV" | "DO" | "CF" | "BQ"));
    if article { format!("the {name}") } else { name }
}

/// Reads the moments rules record (RFC 3339, UTC).
fn parse_moment(text: &str) -> Option<Timestamp> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u8>().ok();
    if !text.ends_with('Z') || text.len() < 20 {
        return None;
    }
    let date =
        Date { year: text.get(0..4)?.parse().ok()?, month: number(5..7)?, day: number(8..10)? };
    let seconds = u64::from(number(11..13)?) * 3600
        + u64::from(number(14..16)?) * 60
        + u64::from(number(17..19)?);
    Some(date.start().plus(Duration::from_secs(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(code: RuleCode, result: RuleResult, facts: &[(&str, &str)]) -> RuleOutcome {
        let saw = facts.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        RuleOutcome { code, result, saw }
    }

    fn say(lang: Lang, outcome: &RuleOutcome) -> String {
        sentence(Text(lang), &Zone::default(), outcome).expect("a sentence")
    }

    #[test]
    fn every_rule_and_result_says_something_in_every_language() {
        for lang in Lang::ALL {
            for code in RuleCode::ALL {
                for result in [RuleResult::Passed, RuleResult::Stopped, RuleResult::Held] {
                    let words = say(lang, &outcome(*code, result, &[]));
                    assert!(words.ends_with('.'), "{code} {result}: {words}");
                }
                assert!(!remedy(Text(lang), *code).is_empty());
            }
        }
    }

    #[test]
    fn the_facts_are_in_the_sentence() {
        let off = outcome(
            RuleCode::StatusOn,
            RuleResult::Stopped,
            &[("status", "delivered"), ("country", "NL"), ("state", "off")],
        );
        assert_eq!(say(Lang::En, &off), "Delivered was switched off for the Netherlands.");
        let out = outcome(
            RuleCode::NotOptedOut,
            RuleResult::Stopped,
            &[("since", "2026-11-20T07:41:02.000000Z")],
        );
        assert_eq!(
            say(Lang::En, &out),
            "Opted out on 20 November 2026. Only the customer can undo it."
        );
        let tags = outcome(
            RuleCode::TagsResolved,
            RuleResult::Stopped,
            &[("missing", "first_name, carrier")],
        );
        assert!(say(Lang::Fr, &tags).contains("<<first_name>>, <<carrier>>"));
    }

    #[test]
    fn a_code_nobody_knows_is_still_named() {
        assert_eq!(failure(Text(Lang::En), "131026"), "Number is not on WhatsApp");
        assert_eq!(failure(Text(Lang::En), "999"), "The provider refused it, code 999");
    }
}
