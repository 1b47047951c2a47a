//! The values tags take for one parcel.

use super::tag::{Tag, TagKind};
use crate::brand::Brand;
use crate::event::Facts;
use crate::language::Language;
use crate::phone;
use crate::tenant::is_bidi_control;
use std::collections::BTreeMap;

/// The values tags can take for one parcel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<Tag, String>);

/// Longest value put into a text, in characters: a carrier's name of a thousand letters is an accident.
const LONGEST_VALUE: usize = 200;

/// Longest address of the web that is put into a text, in characters: a cut one would lead nowhere.
const LONGEST_URL: usize = 1_000;

/// What a text is filled from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The parcel and the person.
    pub facts: &'a Facts,
    /// The shop.
    pub brand: &'a Brand,
    /// The language of the text: days are written its way.
    pub language: &'a Language,
    /// The news in a word or two, in that language.
    pub status: &'a str,
    /// Where the person chooses what they hear.
    pub preferences_url: Option<&'a str>,
}

impl Values {
    /// The values a parcel and its brand provide.
    #[must_use]
    pub fn of(source: Source<'_>) -> Self {
        let Source { facts, brand, .. } = source;
        let first_name = facts.name.as_deref().and_then(|n| n.split_whitespace().next());
        let number = brand.whatsapp_number.as_deref().map(phone::grouped);
        let carrier = facts.carrier.as_deref().map(carrier_name);
        let mut values = Self::default();
        for (tag, value) in [
            (Tag::FirstName, first_name),
            (Tag::Name, facts.name.as_deref()),
            (Tag::OrderNumber, facts.order_number.as_deref()),
            (Tag::Items, facts.items.as_deref()),
            (Tag::CompanyName, Some(brand.name.as_str())),
            (Tag::WhatsappNumber, number.as_deref()),
            (Tag::PreferencesUrl, source.preferences_url),
            (Tag::Carrier, carrier.as_deref()),
            (Tag::Status, Some(source.status)),
            (Tag::TrackingNumber, facts.tracking_number.as_deref()),
            (Tag::TrackingUrl, facts.tracking_url.as_deref()),
            (Tag::ExpectedDate, facts.expected_date.as_deref()),
            (Tag::DeliverySlot, facts.delivery_slot.as_deref()),
            (Tag::DelayReason, facts.delay_reason.as_deref()),
            (Tag::DriverPhone, facts.driver_phone.as_deref()),
            (Tag::PickupPoint, facts.service_point_name.as_deref()),
            (Tag::PickupUntil, facts.pickup_until.as_deref()),
            (Tag::PickupLocation, facts.pickup_location.as_deref()),
            (Tag::ProofUrl, facts.proof_url.as_deref()),
        ] {
            if let Some(value) = value {
                values.set(tag, value, source.language);
            }
        }
        values
    }

    /// Sets one value as a text of that language shows it; what cannot be shown counts as missing.
    pub fn set(&mut self, tag: Tag, value: &str, language: &Language) {
        let value = match tag.kind() {
            TagKind::Date => day(value, language),
            TagKind::Url | TagKind::Image => web_address(value),
            TagKind::Location => place(value),
            TagKind::Text | TagKind::Phone => Some(clean(value)),
        };
        match value.filter(|value| !value.is_empty()) {
            Some(value) => self.0.insert(tag, value),
            None => self.0.remove(&tag),
        };
    }

    /// The same with one more value, in English: samples and tests.
    #[must_use]
    pub fn with(mut self, tag: Tag, value: &str) -> Self {
        self.set(tag, value, &Language::english());
        self
    }

    /// The same without one value.
    #[must_use]
    pub fn without(mut self, tag: Tag) -> Self {
        self.0.remove(&tag);
        self
    }

    /// The value of a tag.
    #[must_use]
    pub fn get(&self, tag: Tag) -> Option<&str> {
        self.0.get(&tag).map(String::as_str)
    }
}

/// A day (`2026-11-27`, with or without a time behind it) as the language writes it; anything else as it is.
fn day(value: &str, language: &Language) -> Option<String> {
    let date = value.trim().split('T').next().unwrap_or_default();
    let parts: Vec<&str> = date.split('-').collect();
    let is_day = |parts: &[&str]| {
        parts.len() == 3
            && [4, 2, 2].iter().zip(parts).all(|(length, part)| {
                part.len() == *length && part.bytes().all(|b| b.is_ascii_digit())
            })
    };
    if !is_day(&parts) {
        return Some(clean(value));
    }
    let (year, month, day) = (parts[0], parts[1], parts[2]);
    Some(match language.base() {
        "de" | "cs" | "da" | "fi" | "nb" | "pl" | "ro" | "ru" | "sk" | "sl" | "tr" | "uk" => {
            format!("{day}.{month}.{year}")
        }
        "nl" => format!("{day}-{month}-{year}"),
        "en" | "fr" | "es" | "it" | "pt" | "ca" | "el" | "ga" | "id" | "ar" | "he" | "vi" => {
            format!("{day}/{month}/{year}")
        }
        _ => date.to_owned(),
    })
}

/// An address with a scheme that opens a page; never a cut one.
fn web_address(value: &str) -> Option<String> {
    let value = value.trim();
    let opens = value.starts_with("https://") || value.starts_with("http://");
    let plain = !value.contains(['<', '>']) && !value.contains("{{");
    let whole = value.chars().all(|c| !c.is_control() && !c.is_whitespace() && !is_bidi_control(c));
    (opens && plain && whole && value.chars().count() <= LONGEST_URL).then(|| value.to_owned())
}

/// `48.8566,2.3522`: degrees north and east.
fn place(value: &str) -> Option<String> {
    let (north, east) = value.split_once(',')?;
    let degrees =
        |text: &str, most: f64| text.trim().parse::<f64>().ok().filter(|value| value.abs() <= most);
    Some(format!("{},{}", degrees(north, 90.0)?, degrees(east, 180.0)?))
}

/// A value on one line, without control or reordering characters and without anything that could be
/// read as a tag or a placeholder. WhatsApp refuses parameters with line breaks, tabs or runs of
/// spaces (error 132018).
pub(super) fn clean(value: &str) -> String {
    let one_line: String = value
        .chars()
        .filter(|c| !is_bidi_control(*c) && (!c.is_control() || c.is_whitespace()))
        .take(LONGEST_VALUE * 2)
        .collect();
    let joined = one_line.split_whitespace().collect::<Vec<_>>().join(" ");
    joined
        .replace('<', "‹")
        .replace('>', "›")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lose_line_breaks_and_reordering_characters() {
        assert_eq!(clean(" a\n\tb\u{202E}c    d "), "a bc d");
    }

    #[test]
    fn days_are_written_as_the_language_does_and_addresses_are_whole_or_absent() {
        let german = "de".parse().expect("a language");
        let mut values = Values::default();
        values.set(Tag::ExpectedDate, "2026-11-27T10:00:00Z", &german);
        assert_eq!(values.get(Tag::ExpectedDate), Some("27.11.2026"));
        values.set(Tag::ExpectedDate, "tomorrow", &german);
        assert_eq!(values.get(Tag::ExpectedDate), Some("tomorrow"));
        let long = format!("https://a.example/{}", "x".repeat(LONGEST_URL));
        for bad in ["javascript:alert(1)", "https://a b", &long] {
            assert_eq!(Values::default().with(Tag::TrackingUrl, bad).get(Tag::TrackingUrl), None);
        }
        assert_eq!(
            Values::default().with(Tag::PickupLocation, "91,0").get(Tag::PickupLocation),
            None
        );
    }
}
