//! The starter library: one template per status, in every language of `starter/*.json`.
//!
//! To add a language: write `starter/<code>.json` with the eleven bodies and name it below; the tests
//! check it against the provider's rules.

use crate::channel::TrackingStatus;
use crate::language::Language;
use crate::template::{Category, Review, Variant};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Sheet {
    footer: String,
    bodies: BTreeMap<TrackingStatus, String>,
}

const SHEETS: [(&str, &str); 2] =
    [("en", include_str!("../starter/en.json")), ("fr", include_str!("../starter/fr.json"))];

static LIBRARY: LazyLock<BTreeMap<TrackingStatus, Vec<Variant>>> = LazyLock::new(|| {
    let mut library: BTreeMap<TrackingStatus, Vec<Variant>> = BTreeMap::new();
    for (code, text) in SHEETS {
        // A sheet that does not parse leaves its language out; the test below makes that impossible.
        let (Ok(language), Ok(sheet)) =
            (code.parse::<Language>(), serde_json::from_str::<Sheet>(text))
        else {
            continue;
        };
        for (status, body) in sheet.bodies {
            library.entry(status).or_default().push(Variant {
                status,
                name: format!("facteur_{status}"),
                version: 1,
                language: language.clone(),
                category: Category::Utility,
                review: Review::Approved,
                header: None,
                body,
                footer: Some(sheet.footer.clone()),
                buttons: Vec::new(),
            });
        }
    }
    library
});

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
    use crate::template::tags;

    #[test]
    fn every_status_has_every_language() {
        for status in TrackingStatus::ALL {
            assert_eq!(variants(*status).len(), SHEETS.len(), "{status}");
        }
    }

    /// Cloud API contract §6.3: lengths, no tag at either end, no neighbours, enough words.
    #[test]
    fn every_body_keeps_the_providers_rules() {
        for variant in all() {
            let place = format!("{} {}", variant.name, variant.language);
            let tags = tags(&variant.body).unwrap_or_else(|e| panic!("{place}: {e}"));
            assert!(variant.body.chars().count() <= 700, "{place}: room for the values");
            assert!(!variant.body.starts_with("<<") && !variant.body.ends_with(">>"), "{place}");
            assert!(!variant.body.contains(">><<") && !variant.body.contains(">> <<"), "{place}");
            assert!(variant.body.split_whitespace().count() > 2 * tags.len(), "{place}");
            assert!(variant.footer.as_ref().is_some_and(|f| f.chars().count() <= 60), "{place}");
        }
    }
}
