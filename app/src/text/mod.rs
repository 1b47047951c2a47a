//! Everything a person reads: wording, amounts, times, names of countries and statuses.
//!
//! Wording lives in `app/locales/<language>/<area>.toml`; `build.rs` turns each key into a method of
//! [`Text`], so a missing key, a missing language or a forgotten value does not compile, and only
//! what an island really says ends up in the browser's code.

#[cfg(feature = "ssr")]
pub mod again;
pub mod country;
pub mod language;
pub mod money;
pub mod number;
pub mod phone;
#[cfg(feature = "ssr")]
pub mod public;
pub mod reason;
pub mod status;
pub mod time;
#[cfg(feature = "ssr")]
pub mod tongue_country;

#[cfg(feature = "ssr")]
pub use language::own_name as language_name;
use serde::{Deserialize, Serialize};

/// A language of the screens. (Templates may be written in many more.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

impl Lang {
    /// Every language, in the order in which a chooser shows them.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// The code, as `lang` attributes and the language cookie carry it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// Its own name for itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
        }
    }

    /// The language of a code such as `fr` or `fr-CA`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let base = code.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(base))
    }

    /// The form that goes with a number or a difference: English is singular for one, French for zero and one.
    fn plural(self, count: i64, one: &'static str, other: &'static str) -> &'static str {
        let single = match self {
            Self::En => matches!(count, -1 | 1),
            Self::Fr => (-1..=1).contains(&count),
        };
        if single { one } else { other }
    }

    /// The first language of an `Accept-Language` header that the screens speak. Browsers write
    /// their list in order of preference, so the weights need not be read.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        header
            .split(',')
            .find_map(|part| Self::from_code(part.split(';').next().unwrap_or_default()))
    }
}

/// The wording of one language; one method per key of the locale files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Text(pub Lang);

impl Text {
    /// The language.
    #[must_use]
    pub const fn lang(self) -> Lang {
        self.0
    }
}

/// A sentence or word as it goes on after a colon: begun small, unless its first word is written with
/// capitals inside (`WhatsApp`, `SMS`).
#[must_use]
pub fn after_colon(words: &str) -> String {
    let mut letters = words.chars();
    let Some(first) = letters.next() else { return String::new() };
    let rest = letters.as_str();
    let word = rest.split([' ', '\'', '\u{2019}']).next().unwrap_or_default();
    if word.chars().any(char::is_uppercase) {
        words.to_owned()
    } else {
        first.to_lowercase().chain(rest.chars()).collect()
    }
}

/// Whole numbers that a plural can depend on.
pub trait Count: Copy {
    /// The number; saturates.
    fn count(self) -> i64;
}

macro_rules! counts {
    ($($kind:ty),*) => {$(
        impl Count for $kind {
            fn count(self) -> i64 {
                i64::try_from(self).unwrap_or(i64::MAX)
            }
        }
    )*};
}
counts!(u8, u16, u32, u64, usize, i32, i64);

include!(concat!(env!("OUT_DIR"), "/wording.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_colon_begins_small() {
        assert_eq!(after_colon("Fill this in."), "fill this in.");
        assert_eq!(after_colon("À remplir."), "à remplir.");
        assert_eq!(after_colon("E-mail and password"), "e-mail and password");
        assert_eq!(after_colon("L’expéditeur"), "l’expéditeur");
        for words in ["WhatsApp did not answer", "SMS", "2 of 2", ""] {
            assert_eq!(after_colon(words), words);
        }
    }

    #[test]
    fn the_browser_s_first_known_language_wins() {
        assert_eq!(Lang::from_accept_language("de-DE,fr-CA;q=0.8,en;q=0.5"), Some(Lang::Fr));
        assert_eq!(Lang::from_accept_language("en-GB,fr"), Some(Lang::En));
        assert_eq!(Lang::from_accept_language("ja"), None);
        assert_eq!(Lang::from_accept_language(""), None);
    }

    #[test]
    fn zero_is_singular_in_french_only() {
        assert_eq!(Lang::En.plural(0, "message", "messages"), "messages");
        assert_eq!(Lang::Fr.plural(0, "message", "messages"), "message");
        assert_eq!(Lang::En.plural(1, "message", "messages"), "message");
        assert_eq!(Lang::En.plural(-1, "message", "messages"), "message", "one less");
    }
}
