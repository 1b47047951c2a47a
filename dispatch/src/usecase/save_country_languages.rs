//! The languages of countries are set, for people who tell none of their own.

use super::{Ports, parse, parse_id};
use crate::brand::CountryLanguages;
use crate::country::Country;
use crate::error::{Error, Result};
use crate::id::BrandId;
use crate::language::{self, Language};
use crate::tenant::{Permission, Viewer};
use std::collections::BTreeMap;

/// What the form asks.
#[derive(Debug, Clone, Default)]
pub struct SaveCountryLanguages {
    /// Of which brand.
    pub brand: String,
    /// The version that was changed.
    pub version: String,
    /// Countries with their languages; an empty language is the one most people there read.
    pub languages: Vec<(String, String)>,
}

/// Sets them for what is decided from now on.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict`; `Invalid` on the field.
pub async fn save_country_languages(
    ports: &Ports<'_>,
    viewer: &Viewer,
    input: &SaveCountryLanguages,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(&input.brand)?;
    let mut chosen = BTreeMap::new();
    for (country, language) in &input.languages {
        // The row for one more country, left alone.
        if country.trim().is_empty() && language.trim().is_empty() {
            continue;
        }
        let country: Country = parse("land", country)?;
        if language.trim().is_empty() {
            continue;
        }
        let language: Language = parse("reads", language)?;
        if !language::OF_TEMPLATES.contains(&language.code()) {
            return Err(Error::invalid("reads", "unknown"));
        }
        chosen.insert(country, language);
    }
    let version = input.version.trim().parse().map_err(|_| Error::Conflict)?;
    let languages = CountryLanguages(chosen);
    ports.store.set_country_languages(viewer.account, brand, version, &languages).await
}
