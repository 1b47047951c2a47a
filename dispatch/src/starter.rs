//! The starter library: one template per status, in every language of `starter/*.json`.
//!
//! To add a language: write `starter/<code>.json` with the eleven bodies and name it below; the tests
//! check it against the provider's rules.

use crate::channel::TrackingStatus;
use crate::language::Language;
use crate::template::{Category, Content, Review, Variant};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Sheet {
    footer: String,
    /// The news in a word or two: the tag `<<status>>`.
    statuses: BTreeMap<TrackingStatus, String>,
    bodies: BTreeMap<TrackingStatus, String>,
}

const SHEETS: [(&str, &str); 6] = [
    ("en", include_str!("../starter/en.json")),
    ("fr", include_str!("../starter/fr.json")),
    ("de", include_str!("../starter/de.json")),
    ("nl", include_str!("../starter/nl.json")),
    ("es", include_str!("../starter/es.json")),
    ("it", include_str!("../starter/it.json")),
];

/// The sheets with their languages. One that does not parse leaves its language out; the test below makes
/// that impossible.
static LANGUAGES: LazyLock<Vec<(Language, Sheet)>> = LazyLock::new(|| {
    SHEETS
        .iter()
        .filter_map(|(code, text)| Some((code.parse().ok()?, serde_json::from_str(text).ok()?)))
        .collect()
});

static LIBRARY: LazyLock<BTreeMap<TrackingStatus, Vec<Variant>>> = LazyLock::new(|| {
    let mut library: BTreeMap<TrackingStatus, Vec<Variant>> = BTreeMap::new();
    for (language, sheet) in LANGUAGES.iter() {
        for (status, body) in &sheet.bodies {
            library.entry(*status).or_default().push(Variant {
                status: *status,
                name: name(*status),
                version: 0,
                language: language.clone(),
                category: Category::Utility,
                review: Review::Approved,
                content: Content {
                    body: body.clone(),
                    footer: Some(sheet.footer.clone()),
                    ..Content::default()
                },
            });
        }
    }
    library
});

/// The news in a word or two, in a language of the library, else in English.
#[must_use]
pub fn status_word(language: &Language, status: TrackingStatus) -> &'static str {
    let english = Language::english();
    [language.base(), english.code()]
        .into_iter()
        .find_map(|code| LANGUAGES.iter().find(|(language, _)| language.code() == code))
        .and_then(|(_, sheet)| sheet.statuses.get(&status))
        .map_or(status.word(), String::as_str)
}

/// The name of the library's text about a news at the provider: the same for every brand.
#[must_use]
pub fn name(status: TrackingStatus) -> String {
    format!("facteur_{status}")
}

/// The variants that tell this news, one per language.
#[must_use]
pub fn variants(status: TrackingStatus) -> &'static [Variant] {
    LIBRARY.get(&status).map_or(&[], Vec::as_slice)
}

/// Whether the library speaks a language.
#[must_use]
pub fn has(language: &Language) -> bool {
    SHEETS.iter().any(|(code, _)| *code == language.code())
}

/// Every variant of the library.
pub fn all() -> impl Iterator<Item = &'static Variant> {
    LIBRARY.values().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{ConsentKind, keyword};
    use crate::template::check::check;
    use crate::template::sample::try_all;

    #[test]
    fn every_status_has_every_language() {
        for status in TrackingStatus::ALL {
            assert_eq!(variants(*status).len(), SHEETS.len(), "{status}");
        }
    }

    #[test]
    fn every_variant_passes_every_check_and_every_sample() {
        for variant in all() {
            let (status, language) = (variant.status, &variant.language);
            let place = format!("{} {language}", variant.name);
            assert_eq!(check(&variant.content, variant.category, status), [], "{place}");
            let word = status_word(language, status);
            assert!(word != status.word(), "{place} has no word for its news");
            assert_eq!(try_all(&variant.content, status, word, language), [], "{place}");
            // Room for the values.
            assert!(variant.content.body.chars().count() <= 700, "{place}");
        }
    }

    #[test]
    fn every_footer_names_a_word_that_ends_the_messages() {
        for variant in all() {
            let footer = variant.content.footer.as_deref().unwrap_or_default();
            let mut words = footer.split(|c: char| !c.is_alphanumeric());
            let stops = words.any(|word| {
                word.len() > 2
                    && word.chars().all(char::is_uppercase)
                    && keyword(word) == Some(ConsentKind::OptOut)
            });
            assert!(stops, "{} {}: {footer}", variant.name, variant.language);
        }
    }

    #[test]
    fn every_language_uses_the_same_tags() {
        for status in TrackingStatus::ALL {
            let used = |variant: &Variant| {
                let mut used: Vec<String> = variant
                    .content
                    .body
                    .split("<<")
                    .skip(1)
                    .filter_map(|rest| rest.split(['|', '>']).next().map(str::to_owned))
                    .collect();
                used.sort_unstable();
                used
            };
            let mut variants = variants(*status).iter();
            let english = variants.next().expect("a variant");
            for other in variants {
                assert_eq!(used(other), used(english), "{status} {}", other.language);
            }
        }
    }
}
