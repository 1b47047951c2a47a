//! Languages as WhatsApp writes them: `en`, `fr`, `pt_BR`.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A language code: two or three lower-case letters, optionally `_` and an upper-case region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Language(String);

impl Language {
    /// English, the language every starter template has.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }

    /// The code without its region: `pt` of `pt_BR`.
    #[must_use]
    pub fn base(&self) -> &str {
        self.0.split('_').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Accepts `fr`, `fr-FR`, `fr_FR` in any case, as sources and browsers write them.
impl FromStr for Language {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let bad = Error::invalid("language", "format");
        let text = text.trim().replace('-', "_");
        let (base, region) = match text.split_once('_') {
            Some((base, region)) => (base, Some(region)),
            None => (text.as_str(), None),
        };
        let letters = |s: &str, lengths: &[usize]| {
            lengths.contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        if !letters(base, &[2, 3]) || !region.is_none_or(|r| letters(r, &[2, 3, 4])) {
            return Err(bad);
        }
        let mut code = base.to_ascii_lowercase();
        if let Some(region) = region {
            code.push('_');
            code.push_str(&region.to_ascii_uppercase());
        }
        Ok(Self(code))
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl TryFrom<String> for Language {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}
