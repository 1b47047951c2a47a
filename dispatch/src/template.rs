//! Templates: text with tags, and what becomes of it for one parcel.
//!
//! A tag is written `<<carrier>>` or, with what to say when the value is missing,
//! `<<first_name|there>>`. Rendering either gives finished text or names the tags that have no value:
//! a raw tag can never reach a customer.

use crate::brand::Brand;
use crate::channel::TrackingStatus;
use crate::event::Facts;
use crate::language::Language;
use crate::tenant::is_bidi_control;
use crate::words::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// A value a template can show.
    Tag {
        /// The carrier's name.
        Carrier = "carrier",
        /// The brand's name.
        CompanyName = "companyname",
        /// The number customers may write to.
        WhatsappNumber = "whatsappnumber",
        /// The recipient's first name.
        FirstName = "first_name",
        /// The shop's order number.
        OrderNumber = "order_number",
        /// The carrier's number.
        TrackingNumber = "tracking_number",
        /// Public tracking page.
        TrackingUrl = "tracking_url",
        /// Name of the pickup point.
        PickupPoint = "pickup_point",
    }
}

/// What is wrong with a template's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// `<<` without `>>`.
    #[error("a tag opened with << is not closed")]
    Unclosed,
    /// A name that is in no catalogue.
    #[error("<<{0}>> is not a tag")]
    UnknownTag(String),
    /// `<<first_name|>>`: a fallback that says nothing.
    #[error("the fallback of <<{0}>> is empty")]
    EmptyFallback(Tag),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Tag { tag: Tag, fallback: Option<&'a str> },
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, TextError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("<<") {
        if start > 0 {
            found.push(Piece::Text(&rest[..start]));
        }
        let inner = &rest[start + 2..];
        let end = inner.find(">>").ok_or(TextError::Unclosed)?;
        let (name, fallback) = match inner[..end].split_once('|') {
            Some((name, fallback)) => (name.trim(), Some(fallback.trim())),
            None => (inner[..end].trim(), None),
        };
        let tag: Tag = name.parse().map_err(|_| TextError::UnknownTag(name.to_owned()))?;
        if fallback.is_some_and(str::is_empty) {
            return Err(TextError::EmptyFallback(tag));
        }
        found.push(Piece::Tag { tag, fallback });
        rest = &inner[end + 2..];
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    Ok(found)
}

/// The tags of a text in the order of their first use.
///
/// # Errors
/// What is wrong with the text.
pub fn tags(text: &str) -> Result<Vec<Tag>, TextError> {
    let mut found = Vec::new();
    for piece in pieces(text)? {
        if let Piece::Tag { tag, .. } = piece
            && !found.contains(&tag)
        {
            found.push(tag);
        }
    }
    Ok(found)
}

/// The text with each tag replaced by what `write` makes of it: how a provider's adapter puts its own
/// placeholders in.
///
/// # Errors
/// What is wrong with the text.
pub fn with_placeholders(text: &str, write: impl Fn(Tag) -> String) -> Result<String, TextError> {
    Ok(pieces(text)?
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Tag { tag, .. } => write(tag),
        })
        .collect())
}

words! {
    /// Meta's categories; they decide the operator's cost and which consent is needed.
    Category {
        /// About the customer's own order.
        Utility = "utility",
        /// Anything that advertises.
        Marketing = "marketing",
    }
}

words! {
    /// Where a variant stands in the provider's review.
    Review {
        /// Being written.
        Draft = "draft",
        /// With the provider.
        Submitted = "submitted",
        /// May be sent.
        Approved = "approved",
        /// Refused by the provider.
        Rejected = "rejected",
        /// Stopped for a while.
        Paused = "paused",
        /// Stopped for good.
        Disabled = "disabled",
    }
}

/// One language of one version of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Which news it tells.
    pub status: TrackingStatus,
    /// Its name at the provider.
    pub name: String,
    /// Counts edits.
    pub version: i64,
    /// Its language.
    pub language: Language,
    /// Its category.
    pub category: Category,
    /// Where it stands.
    pub review: Review,
    /// A short line in bold above, without tags.
    pub header: Option<String>,
    /// The text.
    pub body: String,
    /// A quiet line below, without tags.
    pub footer: Option<String>,
    /// Quick replies.
    pub buttons: Vec<String>,
}

/// The values tags can take for one parcel.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<Tag, String>);

/// Longest value put into a text, in characters: a carrier's name of a thousand letters is an accident.
const LONGEST_VALUE: usize = 200;

impl Values {
    /// The values a parcel and its brand provide.
    #[must_use]
    pub fn of(facts: &Facts, brand: &Brand) -> Self {
        let first_name = facts.name.as_deref().and_then(|n| n.split_whitespace().next());
        let mut values = BTreeMap::new();
        for (tag, value) in [
            (Tag::Carrier, facts.carrier.as_deref().map(carrier_name)),
            (Tag::CompanyName, Some(brand.name.clone())),
            (Tag::WhatsappNumber, brand.whatsapp_number.clone()),
            (Tag::FirstName, first_name.map(str::to_owned)),
            (Tag::OrderNumber, facts.order_number.clone()),
            (Tag::TrackingNumber, facts.tracking_number.clone()),
            (Tag::TrackingUrl, facts.tracking_url.clone()),
            (Tag::PickupPoint, facts.service_point_name.clone()),
        ] {
            if let Some(value) = value.as_deref().map(clean).filter(|v| !v.is_empty()) {
                values.insert(tag, value);
            }
        }
        Self(values)
    }

    /// Sets one value: samples and previews.
    #[must_use]
    pub fn with(mut self, tag: Tag, value: &str) -> Self {
        self.0.insert(tag, clean(value));
        self
    }
}

/// A value on one line, without control or reordering characters and without anything that could be
/// read as a tag or a placeholder. WhatsApp refuses parameters with line breaks, tabs or runs of
/// spaces (error 132018).
fn clean(value: &str) -> String {
    let one_line: String = value
        .chars()
        .filter(|c| !is_bidi_control(*c) && (!c.is_control() || c.is_whitespace()))
        .take(LONGEST_VALUE * 2)
        .collect();
    let joined = one_line.split_whitespace().collect::<Vec<_>>().join(" ");
    joined
        .replace("<<", "‹‹")
        .replace(">>", "››")
        .replace("{{", "{ {")
        .chars()
        .take(LONGEST_VALUE)
        .collect()
}

/// What customers call a carrier, from the code sources use. Unknown codes are shown as words.
#[must_use]
pub fn carrier_name(code: &str) -> String {
    match code.to_ascii_lowercase().as_str() {
        "postnl" => "PostNL".into(),
        "dhl" | "dhl_de" | "dhl_parcel" | "dhl_express" => "DHL".into(),
        "dpd" | "dpd_fr" | "dpd_de" => "DPD".into(),
        "ups" => "UPS".into(),
        "gls" | "gls_fr" | "gls_de" => "GLS".into(),
        "chronopost" => "Chronopost".into(),
        "colissimo" => "Colissimo".into(),
        "mondial_relay" => "Mondial Relay".into(),
        "colisprive" => "Colis Privé".into(),
        "correos" => "Correos".into(),
        "correos_express" => "Correos Express".into(),
        "bpost" => "bpost".into(),
        "fedex" => "FedEx".into(),
        "hermes" => "Hermes".into(),
        "poste_italiane" => "Poste Italiane".into(),
        "brt" => "BRT".into(),
        _ if code.chars().any(char::is_uppercase) || code.contains(' ') => code.to_owned(),
        _ => {
            let words = code.replace(['_', '-'], " ");
            let mut letters = words.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().collect::<String>() + letters.as_str()
            })
        }
    }
}

/// Finished text, and the values the provider needs to build the same text from the approved template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// Bold line above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// The text as the customer reads it.
    pub body: String,
    /// Quiet line below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    /// Labels of the buttons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<String>,
    /// The body's tags with their values, in order of first use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(Tag, String)>,
}

/// Why a template gives no finished text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// These tags have neither value nor fallback.
    #[error("no value for {0:?}")]
    Missing(Vec<Tag>),
    /// The text itself is wrong (checked at writing; here for completeness).
    #[error(transparent)]
    Text(#[from] TextError),
}

/// Puts a parcel's values into a template.
///
/// # Errors
/// The tags without a value, or what is wrong with the text.
pub fn render(variant: &Variant, values: &Values) -> Result<Rendered, RenderError> {
    let mut missing = Vec::new();
    let mut used: Vec<(Tag, String)> = Vec::new();
    let mut body = String::with_capacity(variant.body.len() + 64);
    for piece in pieces(&variant.body)? {
        match piece {
            Piece::Text(text) => body.push_str(text),
            Piece::Tag { tag, fallback } => {
                // The first use of a tag decides, so that the provider's one parameter fits all uses.
                let earlier = used.iter().find(|(t, _)| *t == tag).map(|(_, v)| v.clone());
                let value = earlier
                    .clone()
                    .or_else(|| values.0.get(&tag).cloned())
                    .or_else(|| fallback.map(clean));
                match value {
                    Some(value) => {
                        body.push_str(&value);
                        if earlier.is_none() {
                            used.push((tag, value));
                        }
                    }
                    None if missing.contains(&tag) => {}
                    None => missing.push(tag),
                }
            }
        }
    }
    if !missing.is_empty() {
        return Err(RenderError::Missing(missing));
    }
    Ok(Rendered {
        header: variant.header.clone(),
        body,
        footer: variant.footer.clone(),
        buttons: variant.buttons.clone(),
        values: used,
    })
}

/// Picks the variant for a person: their own language, the country's, the brand's, then English.
/// Returns it with the word for the step that decided.
#[must_use]
pub fn choose<'a>(
    variants: &'a [Variant],
    locale: Option<&Language>,
    country: Option<&Language>,
    brand: &Language,
) -> Option<(&'a Variant, &'static str)> {
    let english = Language::english();
    [
        (locale, "recipient"),
        (country, "country"),
        (Some(brand), "brand"),
        (Some(&english), "english"),
    ]
    .into_iter()
    .find_map(|(wanted, step)| {
        let wanted = wanted?;
        variants
            .iter()
            .find(|v| v.language == *wanted)
            .or_else(|| variants.iter().find(|v| v.language.base() == wanted.base()))
            .map(|variant| (variant, step))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn variant(body: &str) -> Variant {
        Variant {
            status: TrackingStatus::Delivered,
            name: "t".into(),
            version: 1,
            language: Language::english(),
            category: Category::Utility,
            review: Review::Approved,
            header: None,
            body: body.into(),
            footer: None,
            buttons: vec![],
        }
    }

    #[test]
    fn a_missing_value_takes_the_fallback_and_without_one_is_named() {
        let values = Values::default().with(Tag::Carrier, "DHL");
        let text = render(&variant("Hi <<first_name|there>>, by <<carrier>>."), &values);
        assert_eq!(text.map(|r| r.body), Ok("Hi there, by DHL.".into()));
        let none = render(&variant("Order <<order_number>> by <<carrier>>."), &values);
        assert_eq!(none, Err(RenderError::Missing(vec![Tag::OrderNumber])));
    }

    #[test]
    fn what_is_wrong_with_a_text_is_named() {
        assert_eq!(tags("a <<carrier"), Err(TextError::Unclosed));
        assert_eq!(tags("a <<nonsense>>"), Err(TextError::UnknownTag("nonsense".into())));
        assert_eq!(tags("a <<carrier|>>"), Err(TextError::EmptyFallback(Tag::Carrier)));
    }

    #[test]
    fn values_lose_line_breaks_and_reordering_characters() {
        assert_eq!(clean(" a\n\tb\u{202E}c    d "), "a bc d");
    }

    proptest! {
        #[test]
        fn no_raw_tag_survives(body in ".{0,80}", value in ".{0,80}") {
            let text = format!("Hello <<first_name>> {body} <<carrier|x>> end");
            let values = Values::default().with(Tag::FirstName, &format!("a{value}"));
            if let Ok(rendered) = render(&variant(&text), &values) {
                for tag in Tag::ALL {
                    let raw = format!("<<{tag}");
                    prop_assert!(!rendered.body.contains(&raw));
                }
            }
        }
    }
}
