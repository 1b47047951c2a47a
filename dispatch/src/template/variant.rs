//! One language of one version of what a brand says, and the choice among them.

use super::category::Category;
use super::content::Content;
use super::review::Review;
use crate::channel::{Channel, TrackingStatus};
use crate::id::BrandId;
use crate::language::Language;
use crate::words::words;

/// One language of one version of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Which news it tells.
    pub status: TrackingStatus,
    /// Its name at the provider: one per version, so that the approved one goes on while the next is reviewed.
    pub name: String,
    /// Counts versions; the library's are version 0.
    pub version: i64,
    /// Its language.
    pub language: Language,
    /// Its category: the provider's answer, before that the merchant's choice.
    pub category: Category,
    /// Where it stands.
    pub review: Review,
    /// What it says.
    pub content: Content,
}

impl Variant {
    /// Whether it may be sent on a channel. Only WhatsApp reviews; elsewhere a text speaks once it is no draft any
    /// more, and the library's always.
    #[must_use]
    pub fn speaks_on(&self, channel: Channel) -> bool {
        match channel {
            Channel::Whatsapp => self.review.is_sendable(),
            Channel::Sms | Channel::Email => self.version == 0 || self.review != Review::Draft,
        }
    }
}

/// The name of a brand's version at the provider: lower-case letters, digits and underscores, the same
/// brand's texts beside each other, no two alike in a business account that several brands share.
#[must_use]
pub fn provider_name(brand: BrandId, status: TrackingStatus, version: i64) -> String {
    let id = brand.to_string().to_lowercase();
    let tail = &id[id.len().saturating_sub(10)..];
    format!("f_{tail}_{status}_{version}")
}

words! {
    /// The step that decided about the language.
    ChosenBy {
        /// The recipient's own.
        Recipient = "recipient",
        /// That of the country.
        Country = "country",
        /// The brand's default.
        Brand = "brand",
        /// English, which the library always has.
        English = "english",
    }
}

/// A variant and the step that led to it.
pub type Choice<'a> = (&'a Variant, ChosenBy);

/// Picks the variant for a person: their own language, the country's, the brand's, then English. In each
/// language the newest sendable version speaks. When none can be sent, the one that would have spoken is
/// answered, so that its state explains why nothing was.
#[must_use]
pub fn choose<'a>(
    variants: &'a [Variant],
    channel: Channel,
    recipient: Option<&Language>,
    country: Option<&Language>,
    brand: &Language,
) -> Option<Choice<'a>> {
    let english = Language::english();
    let steps = [
        (recipient, ChosenBy::Recipient),
        (country, ChosenBy::Country),
        (Some(brand), ChosenBy::Brand),
        (Some(&english), ChosenBy::English),
    ];
    let pick = |sendable: bool| {
        steps.iter().find_map(|(wanted, step)| {
            let wanted = (*wanted)?;
            let newest = |same: &dyn Fn(&Language) -> bool| {
                variants
                    .iter()
                    .filter(|v| same(&v.language) && (!sendable || v.speaks_on(channel)))
                    // A shelf has no order of its own; two variants of a base language may be as new.
                    .max_by(|a, b| (a.version, &a.language).cmp(&(b.version, &b.language)))
            };
            newest(&|language| language == wanted)
                .or_else(|| newest(&|language| language.base() == wanted.base()))
                .map(|variant| (variant, *step))
        })
    };
    pick(true).or_else(|| pick(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(language: &str, version: i64, review: Review) -> Variant {
        Variant {
            status: TrackingStatus::Delivered,
            name: "t".into(),
            version,
            language: language.parse().expect("a language"),
            category: Category::Utility,
            review,
            content: Content::default(),
        }
    }

    #[test]
    fn the_newest_sendable_version_in_the_nearest_language_speaks() {
        let variants = [
            variant("en", 0, Review::Approved),
            variant("de", 1, Review::Approved),
            variant("de", 2, Review::Submitted),
            variant("nl", 1, Review::Draft),
            variant("pt_BR", 1, Review::Approved),
        ];
        let language = |code: &str| code.parse::<Language>().expect("a language");
        let chosen = |recipient: &str, country: &str| {
            let (recipient, country) = (language(recipient), language(country));
            let found = choose(
                &variants,
                Channel::Whatsapp,
                Some(&recipient),
                Some(&country),
                &language("en"),
            );
            found.map(|(v, by)| (v.language.to_string(), v.version, by.word()))
        };
        assert_eq!(chosen("de_AT", "fr"), Some(("de".into(), 1, "recipient")));
        assert_eq!(chosen("nl", "de"), Some(("de".into(), 1, "country")));
        assert_eq!(chosen("pt", "nl"), Some(("pt_BR".into(), 1, "recipient")));
        assert_eq!(chosen("sv", "fi"), Some(("en".into(), 0, "brand")));
        let mut alike =
            [variant("pt_BR", 1, Review::Approved), variant("pt_PT", 1, Review::Approved)];
        for _ in 0..2 {
            alike.reverse();
            let found =
                choose(&alike, Channel::Whatsapp, Some(&language("pt_AO")), None, &language("en"));
            assert_eq!(found.map(|(v, _)| v.language.code()), Some("pt_PT"), "in any order");
        }
        let waiting = [variant("nl", 1, Review::Rejected)];
        let found =
            choose(&waiting, Channel::Whatsapp, Some(&language("nl")), None, &language("en"));
        assert_eq!(found.map(|(v, _)| v.review), Some(Review::Rejected));
    }
}
