//! Every rule of the provider that can be checked before anybody else sees a template, and ours: each
//! finding stands at its place and, where that is possible, brings its repair. The same code runs in the
//! editor while somebody types and on the server before anything is stored or submitted.
//!
//! Figures: Cloud API contract §6.3.

use super::category::{self, Category};
use super::content::{Button, ButtonAct, Content, Email, Header, address};
use super::paste::{convert, foreign};
use super::tag::{Provided, Tag, TagKind};
use super::text::{Piece, TextFault, scan};
use crate::channel::TrackingStatus;
use crate::tenant::is_bidi_control;
use crate::words::words;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Longest body, in characters.
pub const BODY: usize = 1_024;
/// Longest line above, in characters.
pub const HEADER: usize = 60;
/// Longest line below, in characters.
pub const FOOTER: usize = 60;
/// Longest label of a button, in characters.
pub const LABEL: usize = 25;
/// Longest address of a button, in characters.
pub const URL: usize = 2_000;
/// Most buttons.
pub const BUTTONS: usize = 10;
/// Most buttons that open a page.
pub const URL_BUTTONS: usize = 2;
/// Most buttons that call.
pub const PHONE_BUTTONS: usize = 1;
/// Longest text message we send, in characters: ten parts.
pub const SMS: usize = 1_530;
/// Longest subject, in characters.
pub const SUBJECT: usize = 200;
/// Longest mail, in characters.
pub const MAIL: usize = 20_000;
/// Longest text that is looked at at all, in bytes: what is longer is refused unread.
pub const LONGEST: usize = 64 * 1024;
/// Most findings of a severity named in one part. A repair carries its part's whole text, so a page of placeholders would
/// otherwise be answered with its own square.
const MOST: usize = 24;

/// A part of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Above.
    Header,
    /// The text.
    Body,
    /// Below.
    Footer,
    /// All buttons together.
    Buttons,
    /// A button's label.
    Button(usize),
    /// What a button opens or calls.
    Target(usize),
    /// The text message.
    Sms,
    /// The mail's subject.
    Subject,
    /// The mail's text.
    MailText,
    /// The mail's page.
    MailPage,
}

words! {
    /// How bad a finding is.
    Severity {
        /// It cannot be submitted.
        Fault = "fault",
        /// It can, and something may go wrong.
        Warning = "warning",
    }
}

words! {
    /// What can be wrong with a content.
    FindingCode {
        /// Nothing is written.
        Required = "required",
        /// More characters than allowed; the detail is the limit.
        TooLong = "too_long",
        /// More text than anybody reads; refused unread.
        FarTooLong = "far_too_long",
        /// Control or reordering characters.
        Characters = "characters",
        /// `<<` without `>>`.
        Unclosed = "unclosed",
        /// No tag of that name; the detail is the name.
        UnknownTag = "unknown_tag",
        /// A fallback that says nothing.
        EmptyFallback = "empty_fallback",
        /// A fallback that is too long or has lines.
        BadFallback = "bad_fallback",
        /// A placeholder of another system; the detail is it.
        Foreign = "foreign",
        /// The text begins or ends with a tag.
        AtTheEdge = "at_the_edge",
        /// Two tags without words between them.
        Neighbours = "neighbours",
        /// Too many tags for so few words.
        TooManyTags = "too_many_tags",
        /// This part takes no tags.
        NoTagsHere = "no_tags_here",
        /// This part takes one tag.
        OneTagHere = "one_tag_here",
        /// This part has no lines.
        OneLine = "one_line",
        /// This part shows no bold or italic.
        NoMarkup = "no_markup",
        /// A picture or place between words.
        NotAText = "not_a_text",
        /// No parcel with this news brings the tag, and it has no fallback.
        NeverProvided = "never_provided",
        /// Some parcels lack the value, and there is no fallback: they will get no message.
        MayBeMissing = "may_be_missing",
        /// An address of this very machine: nobody else can fetch what is there.
        OnlyHere = "only_here",
        /// Not an https address.
        Address = "address",
        /// The tag of an address must be its end.
        TagAtEnd = "tag_at_end",
        /// Not a telephone number.
        PhoneNumber = "phone_number",
        /// Too many buttons, or of one kind; the detail is the limit.
        TooManyButtons = "too_many_buttons",
        /// Answers must stand together, before or after the others.
        Grouping = "grouping",
        /// Two buttons say the same.
        SameLabel = "same_label",
        /// Words that advertise in a text that is to be news; the detail is the words.
        Promotional = "promotional",
        /// Written in capitals.
        Capitals = "capitals",
        /// An address that hides where it leads; the detail is it.
        ShortLink = "short_link",
        /// Asks for what nobody should tell; the detail is the words.
        Secrets = "secrets",
        /// Words of another language; the detail is some of them.
        OtherLanguage = "other_language",
        /// Markup that a mail may not carry.
        UnsafeMarkup = "unsafe_markup",
        /// The mail has no text.
        MailNeedsText = "mail_needs_text",
    }
}

/// Something found in a content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// In which part.
    pub place: Place,
    /// Where in its text, in bytes; none for the whole part.
    pub at: Option<Range<usize>>,
    /// How bad.
    pub severity: Severity,
    /// What.
    pub code: FindingCode,
    /// A figure, a name or the words meant; empty where the code says all.
    pub detail: String,
    /// The part's whole text with this repaired.
    pub repair: Option<String>,
}

/// Whether nothing found prevents a submission.
#[must_use]
pub fn passes(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Fault)
}

/// Looks at everything, in the order of the parts.
#[must_use]
pub fn check(content: &Content, category: Category, status: TrackingStatus) -> Vec<Finding> {
    let mut found = Findings(Vec::new());
    header(&content.header, status, &mut found);
    body(&content.body, status, &mut found);
    if let Some(footer) = &content.footer {
        found.short_line(Place::Footer, footer, FOOTER);
        found.no_tags(Place::Footer, footer);
    }
    buttons(&content.buttons, status, &mut found);
    if let Some(sms) = &content.sms
        && found.readable(Place::Sms, sms)
    {
        found.length(Place::Sms, sms, SMS);
        found.text(Place::Sms, sms, status);
    }
    if let Some(email) = &content.email {
        mail(email, status, &mut found);
    }
    for finding in category::findings(content, category) {
        found.push(finding);
    }
    found.0.sort_by_key(|finding| finding.place);
    found.0
}

struct Findings(Vec<Finding>);

impl Findings {
    /// Keeps a finding unless its part has as many of that severity as anybody reads: warnings never push
    /// a fault out.
    fn push(&mut self, finding: Finding) {
        let same = |f: &&Finding| f.place == finding.place && f.severity == finding.severity;
        if self.0.iter().filter(same).count() < MOST {
            self.0.push(finding);
        }
    }

    fn add(&mut self, place: Place, code: FindingCode, detail: impl Into<String>) {
        self.push(Finding {
            place,
            at: None,
            severity: Severity::Fault,
            code,
            detail: detail.into(),
            repair: None,
        });
    }

    fn add_at(
        &mut self,
        place: Place,
        at: Range<usize>,
        code: FindingCode,
        detail: impl Into<String>,
        repair: Option<String>,
    ) {
        self.push(Finding {
            place,
            at: Some(at),
            severity: Severity::Fault,
            code,
            detail: detail.into(),
            repair,
        });
    }

    fn warn_at(&mut self, place: Place, at: Range<usize>, code: FindingCode, detail: &str) {
        self.push(Finding {
            place,
            at: Some(at),
            severity: Severity::Warning,
            code,
            detail: detail.to_owned(),
            repair: None,
        });
    }

    /// Whether a text is worth looking at; hostile characters are named with the text without them.
    fn readable(&mut self, place: Place, text: &str) -> bool {
        if text.len() > LONGEST {
            self.add(place, FindingCode::FarTooLong, LONGEST.to_string());
            return false;
        }
        let bad = |c: char| (c.is_control() && c != '\n') || is_bidi_control(c);
        if let Some((at, c)) = text.char_indices().find(|(_, c)| bad(*c)) {
            let repaired = text.chars().filter(|c| !bad(*c)).collect();
            self.add_at(
                place,
                at..at + c.len_utf8(),
                FindingCode::Characters,
                format!("U+{:04X}", u32::from(c)),
                Some(repaired),
            );
        }
        true
    }

    fn length(&mut self, place: Place, text: &str, most: usize) {
        if text.trim().is_empty() {
            self.add(place, FindingCode::Required, "");
        } else if text.chars().count() > most {
            let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
            self.add_at(place, end..text.len(), FindingCode::TooLong, most.to_string(), None);
        }
    }

    /// A part that is one short line.
    fn short_line(&mut self, place: Place, text: &str, most: usize) {
        if !self.readable(place, text) {
            return;
        }
        self.length(place, text, most);
        if let Some(at) = text.find('\n') {
            let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
            self.add_at(place, at..at + 1, FindingCode::OneLine, "", Some(joined));
        }
    }

    fn no_tags(&mut self, place: Place, text: &str) {
        if let Some(at) = text.find("<<") {
            self.add_at(place, at..at + 2, FindingCode::NoTagsHere, "", None);
        }
        for each in foreign(text) {
            self.add_at(place, each.at, FindingCode::NoTagsHere, each.written, None);
        }
    }

    /// Faults of tags, foreign placeholders, and what a status cannot bring. Answers the tags in order.
    fn text(&mut self, place: Place, text: &str, status: TrackingStatus) -> Vec<Tag> {
        let (pieces, faults) = scan(text);
        for fault in faults.into_iter().take(MOST) {
            let (code, detail) = match &fault.kind {
                TextFault::Unclosed => (FindingCode::Unclosed, String::new()),
                TextFault::UnknownTag(name) => (FindingCode::UnknownTag, name.clone()),
                TextFault::EmptyFallback(tag) => (FindingCode::EmptyFallback, tag.to_string()),
                TextFault::BadFallback(tag) => (FindingCode::BadFallback, tag.to_string()),
            };
            let repair = match &fault.kind {
                TextFault::UnknownTag(name) => super::tag::meant_by(name).map(|tag| {
                    format!("{}<<{tag}>>{}", &text[..fault.at.start], &text[fault.at.end..])
                }),
                TextFault::EmptyFallback(tag) => {
                    Some(format!("{}<<{tag}>>{}", &text[..fault.at.start], &text[fault.at.end..]))
                }
                TextFault::Unclosed | TextFault::BadFallback(_) => None,
            };
            self.add_at(place, fault.at, code, detail, repair);
        }
        let placeholders = foreign(text);
        let converted = (!placeholders.is_empty()).then(|| convert(text));
        for each in placeholders.into_iter().take(MOST) {
            let repair = each.tag.and(converted.clone());
            self.add_at(place, each.at, FindingCode::Foreign, each.written, repair);
        }
        let mut tags = Vec::new();
        for piece in pieces {
            let Piece::Tag { tag, fallback, at } = piece else { continue };
            if !tag.is_text() && place != Place::Header {
                self.add_at(place, at, FindingCode::NotAText, tag.word(), None);
            } else if fallback.is_none() {
                match tag.provided(status) {
                    Provided::Always => {}
                    Provided::Sometimes => {
                        self.warn_at(place, at, FindingCode::MayBeMissing, tag.word());
                    }
                    Provided::Never => {
                        self.add_at(place, at, FindingCode::NeverProvided, tag.word(), None);
                    }
                }
            }
            tags.push(tag);
        }
        tags
    }

    fn https(&mut self, place: Place, fixed: &str, tag: Option<Tag>) {
        let host = fixed.strip_prefix("https://").unwrap_or_default();
        let whole = tag.is_none() || !fixed.is_empty();
        let plain = fixed.chars().all(|c| c.is_ascii_graphic());
        if whole && (host.split('/').next().is_none_or(|h| !h.contains('.')) || !plain) {
            self.add(place, FindingCode::Address, "");
        }
    }
}

/// Whether an address leads to the machine that opens it: what an installation is called while it is tried out.
#[must_use]
pub fn is_only_here(address: &str) -> bool {
    let host = address.strip_prefix("http://").unwrap_or_default();
    let host = host.split('/').next().unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) => (name, port),
        None => (host, "80"),
    };
    let plain = address.chars().all(|c| c.is_ascii_graphic());
    plain && port.parse::<u16>().is_ok() && matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

fn header(header: &Header, status: TrackingStatus, found: &mut Findings) {
    let place = Place::Header;
    match header {
        Header::None => {}
        Header::Location => {
            if Tag::PickupLocation.provided(status) == Provided::Never {
                found.add(place, FindingCode::NeverProvided, Tag::PickupLocation.word());
            }
        }
        Header::Text(text) => {
            found.short_line(place, text, HEADER);
            let tags = found.text(place, text, status);
            if tags.len() > 1 {
                found.add(place, FindingCode::OneTagHere, "");
            }
            if let Some(tag) = tags.iter().find(|tag| !tag.is_text()) {
                found.add(place, FindingCode::NotAText, tag.word());
            }
            if let Some(at) = text.find(['*', '~', '`']) {
                let plain = text.replace(['*', '~', '`'], "");
                found.add_at(place, at..at + 1, FindingCode::NoMarkup, "", Some(plain));
            }
        }
        Header::Image(text) | Header::Document(text) => {
            found.short_line(place, text, URL);
            found.text(place, text, status);
            match address(text) {
                Ok((fixed, tag)) => {
                    // A tag alone must itself be the whole address of a picture.
                    let alone = fixed.is_empty() && tag.is_some();
                    let kind = tag.map(Tag::kind);
                    let wanted = matches!(header, Header::Image(_));
                    if alone && (kind == Some(TagKind::Image)) != wanted {
                        found.add(place, FindingCode::Address, "");
                    }
                    if is_only_here(fixed) {
                        found.warn_at(place, 0..fixed.len(), FindingCode::OnlyHere, "");
                    } else {
                        found.https(place, fixed, tag);
                    }
                }
                Err(None) => found.add(place, FindingCode::TagAtEnd, ""),
                Err(Some(_)) => {}
            }
        }
    }
}

fn body(text: &str, status: TrackingStatus, found: &mut Findings) {
    let place = Place::Body;
    if !found.readable(place, text) {
        return;
    }
    found.length(place, text, BODY);
    let tags = found.text(place, text, status);
    let (pieces, _) = scan(text.trim());
    let edge = |piece: Option<&Piece<'_>>| match piece {
        Some(Piece::Tag { tag, at, .. }) => Some((*tag, at.clone())),
        _ => None,
    };
    let start = text.len() - text.trim_start().len();
    for (tag, at) in [edge(pieces.first()), edge(pieces.last())].into_iter().flatten() {
        let at = at.start + start..at.end + start;
        found.add_at(place, at, FindingCode::AtTheEdge, tag.word(), None);
        if pieces.len() == 1 {
            break;
        }
    }
    let mut before: Option<Range<usize>> = None;
    for piece in &pieces {
        match piece {
            Piece::Text(words) if words.trim().is_empty() => {}
            Piece::Text(_) => before = None,
            Piece::Tag { at, tag, .. } => {
                if before.is_some() {
                    let at = at.start + start..at.end + start;
                    found.add_at(place, at, FindingCode::Neighbours, tag.word(), None);
                }
                before = Some(at.clone());
            }
        }
    }
    let words: usize = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Text(words) => Some(words.split_whitespace().count()),
            Piece::Tag { .. } => None,
        })
        .sum();
    // The exact ratio is not published; the provider's own emulators refuse below this (contract §6.3).
    if !tags.is_empty() && words < 2 * tags.len() + 1 {
        found.add(place, FindingCode::TooManyTags, tags.len().to_string());
    }
}

fn buttons(buttons: &[Button], status: TrackingStatus, found: &mut Findings) {
    let count = |wanted: fn(&ButtonAct) -> bool| buttons.iter().filter(|b| wanted(&b.act)).count();
    if buttons.len() > BUTTONS {
        found.add(Place::Buttons, FindingCode::TooManyButtons, BUTTONS.to_string());
    }
    for (wanted, most) in [
        ((|act| matches!(act, ButtonAct::Url { .. })) as fn(&ButtonAct) -> bool, URL_BUTTONS),
        (|act| matches!(act, ButtonAct::Phone { .. }), PHONE_BUTTONS),
    ] {
        if count(wanted) > most {
            found.add(Place::Buttons, FindingCode::TooManyButtons, most.to_string());
        }
    }
    let is_reply = |button: &Button| matches!(button.act, ButtonAct::Reply { .. });
    let turns = buttons.windows(2).filter(|two| is_reply(&two[0]) != is_reply(&two[1])).count();
    if turns > 1 {
        found.add(Place::Buttons, FindingCode::Grouping, "");
    }
    for (index, button) in buttons.iter().enumerate() {
        let place = Place::Button(index);
        found.short_line(place, &button.label, LABEL);
        found.no_tags(place, &button.label);
        if buttons[..index].iter().any(|other| other.label.trim() == button.label.trim()) {
            found.add(place, FindingCode::SameLabel, "");
        }
        let place = Place::Target(index);
        match &button.act {
            ButtonAct::Reply { .. } => {}
            ButtonAct::Phone { number } => {
                let digits = number.strip_prefix('+').unwrap_or_default();
                let fits =
                    (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
                if !fits {
                    found.add(place, FindingCode::PhoneNumber, "");
                }
            }
            ButtonAct::Url { url } => {
                found.short_line(place, url, URL);
                found.text(place, url, status);
                match address(url) {
                    Ok((fixed, tag)) => {
                        // A tag alone may be a whole address; the provider wants a fixed beginning.
                        if fixed.is_empty() && tag.is_some_and(|tag| tag.kind() != TagKind::Url) {
                            found.add(place, FindingCode::Address, "");
                        }
                        found.https(place, fixed, tag);
                    }
                    Err(None) => found.add(place, FindingCode::TagAtEnd, ""),
                    Err(Some(_)) => {}
                }
            }
        }
    }
}

/// Elements and attributes that run, load or disguise something.
const UNSAFE: [&str; 12] = [
    "<script",
    "<iframe",
    "<object",
    "<embed",
    "<form",
    "<input",
    "<meta",
    "<base",
    "<link",
    "javascript:",
    "data:text",
    "<svg",
];

fn mail(email: &Email, status: TrackingStatus, found: &mut Findings) {
    found.short_line(Place::Subject, &email.subject, SUBJECT);
    found.text(Place::Subject, &email.subject, status);
    if found.readable(Place::MailText, &email.text) {
        if email.text.trim().is_empty() {
            found.add(Place::MailText, FindingCode::MailNeedsText, "");
        }
        found.length_at_most(Place::MailText, &email.text, MAIL);
        found.text(Place::MailText, &email.text, status);
    }
    let Some(page) = &email.html else { return };
    if !found.readable(Place::MailPage, page) {
        return;
    }
    found.length_at_most(Place::MailPage, page, MAIL);
    // Style sheets have braces and selectors have brackets, so only our own tags are looked at.
    let (_, faults) = scan(page);
    for fault in faults.into_iter().take(MOST) {
        let code = match &fault.kind {
            TextFault::Unclosed => FindingCode::Unclosed,
            TextFault::UnknownTag(_) => FindingCode::UnknownTag,
            TextFault::EmptyFallback(_) => FindingCode::EmptyFallback,
            TextFault::BadFallback(_) => FindingCode::BadFallback,
        };
        found.add_at(Place::MailPage, fault.at, code, fault.kind.to_string(), None);
    }
    let lower = page.to_ascii_lowercase();
    let handler = lower.match_indices(" on").find(|(at, _)| {
        let rest = lower[at + 3..].trim_start_matches(|c: char| c.is_ascii_lowercase());
        rest.trim_start().starts_with('=')
    });
    let element = UNSAFE.iter().find_map(|bad| Some((lower.find(bad)?, bad.len())));
    if let Some((at, length)) = element.or(handler.map(|(at, _)| (at, 3))) {
        let at = at..at + length;
        let written = page[at.clone()].trim().to_owned();
        found.add_at(Place::MailPage, at, FindingCode::UnsafeMarkup, written, None);
    }
}

impl Findings {
    fn length_at_most(&mut self, place: Place, text: &str, most: usize) {
        if text.chars().count() > most {
            self.add(place, FindingCode::TooLong, most.to_string());
        }
    }
}

#[cfg(test)]
mod tests;
