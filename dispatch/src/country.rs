//! Countries as ISO 3166-1 alpha-2 codes.

use crate::error::{Error, Result};
use crate::language::Language;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A country of the list below.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Country([u8; 2]);

/// All officially assigned codes of ISO 3166-1, and `XK` as carriers use it.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW \
BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA \
GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH \
KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY \
MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH \
SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI \
VN VU WF WS XK YE YT ZA ZM ZW";

impl Country {
    /// The two letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// Every country, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        CODES.split_ascii_whitespace().filter_map(|code| code.parse().ok())
    }

    /// The language most of its customers read, among those the starter templates have; the second
    /// step when a recipient's own language is unknown.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        let code = match self.code() {
            "FR" | "LU" | "MC" | "RE" | "GP" | "MQ" | "GF" | "YT" | "PM" | "BL" | "MF" => "fr",
            "GB" | "IE" | "US" | "CA" | "AU" | "NZ" | "MT" | "GI" | "JE" | "GG" | "IM" => "en",
            "DE" | "AT" | "CH" | "LI" => "de",
            // Three Belgians in five read Dutch first; a source that tells the locale wins over this.
            "NL" | "BE" | "SR" => "nl",
            "ES" | "AD" | "MX" | "AR" | "CL" | "CO" | "PE" | "UY" => "es",
            "IT" | "SM" | "VA" => "it",
            _ => return None,
        };
        code.parse().ok()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Country {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        match text.trim().as_bytes() {
            [a, b] => {
                let letters = [a.to_ascii_uppercase(), b.to_ascii_uppercase()];
                CODES
                    .as_bytes()
                    .split(|c| *c == b' ')
                    .any(|code| code == letters)
                    .then_some(Self(letters))
                    .ok_or(Error::invalid("country", "unknown"))
            }
            _ => Err(Error::invalid("country", "unknown")),
        }
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.code().to_owned()
    }
}

impl TryFrom<String> for Country {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::starter;

    #[test]
    fn neighbours_read_a_language_of_the_library() {
        for (country, language) in [
            ("FR", "fr"),
            ("LU", "fr"),
            ("DE", "de"),
            ("AT", "de"),
            ("CH", "de"),
            ("NL", "nl"),
            ("BE", "nl"),
            ("ES", "es"),
            ("IT", "it"),
            ("GB", "en"),
        ] {
            let read = country.parse::<Country>().ok().and_then(|country| country.language());
            assert_eq!(read.as_ref().map(Language::code), Some(language), "{country}");
        }
        for read in Country::all().filter_map(|country| country.language()) {
            assert!(starter::has(&read), "{read} has no sheet");
        }
    }
}
