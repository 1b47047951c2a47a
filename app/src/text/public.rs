//! Wording of the pages customers see, in the languages of the starter library.
//!
//! A family of its own beside the console's (`build.rs`): a person's language is not the merchant's, and a
//! language more here asks nothing of the console.

use dispatch::time::Date;
use dispatch::zone::{self, LocalTime};

/// A language of customers' pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tongue {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
    /// German.
    De,
    /// Dutch.
    Nl,
    /// Spanish.
    Es,
    /// Italian.
    It,
}

impl Tongue {
    /// Every language, in the order in which a chooser shows them.
    pub const ALL: [Self; 6] = [Self::En, Self::Fr, Self::De, Self::Nl, Self::Es, Self::It];

    /// The code, as `lang` attributes carry it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::De => "de",
            Self::Nl => "nl",
            Self::Es => "es",
            Self::It => "it",
        }
    }

    /// The language of a code such as `fr` or `fr_CA`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let base = code.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|tongue| tongue.code().eq_ignore_ascii_case(base))
    }

    /// The first language of an `Accept-Language` header that these pages speak.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        header
            .split(',')
            .find_map(|part| Self::from_code(part.split(';').next().unwrap_or_default()))
    }
}

/// The wording of one language; one method per key of `locales/public`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PublicText(pub Tongue);

impl PublicText {
    /// `20 Nov 2026`; German days are ordinals and have their point.
    #[must_use]
    pub fn date(self, date: Date) -> String {
        let month = self.page_months().split(' ').nth(usize::from(date.month) - 1);
        let point = if self.0 == Tongue::De { "." } else { "" };
        format!("{}{point} {} {}", date.day, month.unwrap_or_default(), date.year)
    }

    /// `20 Nov 2026, 14:03`, as the clocks where the parcel went show it.
    #[must_use]
    pub fn moment(self, at: LocalTime) -> String {
        format!("{}, {}", self.date(at.date), zone::clock(at.minute))
    }
}

include!(concat!(env!("OUT_DIR"), "/public_wording.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_twelve_months() {
        for tongue in Tongue::ALL {
            assert_eq!(PublicText(tongue).page_months().split(' ').count(), 12, "{tongue:?}");
            assert_eq!(Tongue::from_code(tongue.code()), Some(tongue));
        }
        let at = LocalTime { date: Date { year: 2026, month: 11, day: 20 }, minute: 543 };
        assert_eq!(PublicText(Tongue::De).moment(at), "20. Nov. 2026, 09:03");
        assert_eq!(Tongue::from_accept_language("ja, de-AT;q=0.7"), Some(Tongue::De));
    }
}
