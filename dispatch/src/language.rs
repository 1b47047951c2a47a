//! Languages as WhatsApp writes them: `en`, `fr`, `pt_BR`.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The languages a template can have (Cloud API contract §6.3).
#[rustfmt::skip]
pub const OF_TEMPLATES: [&str; 86] = [
    "af", "sq", "ar", "ar_EG", "ar_AE", "ar_LB", "ar_MA", "ar_QA", "ar_SA", "az", "bn", "bg", "ca", "zh_CN", "zh_HK",
    "zh_TW", "hr", "cs", "da", "nl", "en", "en_GB", "en_US", "en_AU", "en_CA", "en_IN", "et", "fil", "fi", "fr",
    "fr_CA", "fr_BE", "ka", "de", "el", "gu", "ha", "he", "hi", "hu", "id", "ga", "it", "ja", "kn", "kk", "rw_RW",
    "ko", "ky_KG", "lo", "lv", "lt", "mk", "ms", "ml", "mr", "nb", "fa", "pl", "pt_BR", "pt_PT", "pa", "ro", "ru",
    "sr", "sk", "sl", "es", "es_AR", "es_ES", "es_MX", "es_CL", "es_CO", "es_PE", "es_VE", "sw", "sv", "ta", "te",
    "th", "tr", "uk", "ur", "uz", "vi", "zu",
];

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
