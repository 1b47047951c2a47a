//! Signing up on a brand's page: what was agreed to there counts once the number's owner has sent us the code
//! that the page showed. Until then nothing is on the ledger.

use crate::channel::Channel;
use crate::consent::{ConsentKind, ConsentRecord, ConsentSource, Purpose};
use crate::error::Error;
use crate::id::{BrandId, ConsentId, IdSource, JoinId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How long a request waits for its message.
pub const JOIN_GOOD_FOR: Duration = Duration::from_secs(48 * 3600);

/// Without vowels, so that no code is a word, and without what looks like something else (0 O, 1 I L).
const ALPHABET: &[u8] = b"23456789BCDFGHJKMNPQRSTVWXZ";

/// Signs of a code.
const LENGTH: usize = 8;

/// The short code by which a message confirms a request. Written `K7Q2-M4XP`.
///
/// It is no secret that opens anything: a code counts only from the number its request was made for, so all
/// it has to do is tell requests apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct JoinCode([u8; LENGTH]);

impl JoinCode {
    /// A new code.
    #[must_use]
    pub fn mint(ids: &dyn IdSource) -> Self {
        let mut random = ids.random();
        let base = ALPHABET.len() as u128;
        Self([(); LENGTH].map(|()| {
            let at = usize::try_from(random % base).unwrap_or(0);
            random /= base;
            ALPHABET[at]
        }))
    }

    /// The code in what somebody wrote, in capitals or not: with its dash anywhere, without it alone. Of
    /// several the last, where the page puts it.
    #[must_use]
    pub fn find_in(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        if let (Some(word), None) = (words.next(), words.next())
            && let Some(code) = Self::read(word)
        {
            return Some(code);
        }
        text.split_whitespace().rev().filter(|word| word.contains(is_dash)).find_map(Self::read)
    }

    fn read(word: &str) -> Option<Self> {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let mut code = [0; LENGTH];
        let mut signs = word.chars().filter(|c| !is_dash(*c));
        for place in &mut code {
            let sign = u8::try_from(signs.next()?).ok()?.to_ascii_uppercase();
            *place = ALPHABET.contains(&sign).then_some(sign)?;
        }
        signs.next().is_none().then_some(Self(code))
    }
}

/// Keyboards make other dashes of ours.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

impl fmt::Display for JoinCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, sign) in self.0.into_iter().enumerate() {
            if at == LENGTH / 2 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(sign))?;
        }
        Ok(())
    }
}

impl FromStr for JoinCode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).ok_or(Error::invalid("code", "format"))
    }
}

/// Something that was ticked, with the words that stood beside the box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// About what.
    pub purpose: Purpose,
    /// The words.
    pub text: String,
}

/// What somebody agreed to on a sign-up page, for a number that is theirs if the message comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinRequest {
    /// Which.
    pub id: JoinId,
    /// Of which brand.
    pub brand: BrandId,
    /// What the message must say.
    pub code: JoinCode,
    /// What was ticked.
    pub agreed: Vec<Agreed>,
    /// The version of the page's words, with their language.
    pub text_version: String,
    /// When the form was sent.
    pub asked_at: Timestamp,
    /// Not good any more from then on.
    pub expires_at: Timestamp,
    /// When the message came.
    pub confirmed_at: Option<Timestamp>,
}

impl JoinRequest {
    /// What the ledger gets when the message has come: one record for each purpose, said at that moment.
    /// `proof` is the provider's id of the message.
    #[must_use]
    pub fn records(
        &self,
        address: &str,
        proof: &str,
        now: Timestamp,
        ids: &dyn IdSource,
    ) -> Vec<ConsentRecord> {
        let record = |agreed: &Agreed| ConsentRecord {
            purpose: agreed.purpose,
            text: agreed.text.clone(),
            text_version: Some(self.text_version.clone()),
            proof: Some(format!("{} {proof}", self.code)),
            ..ConsentRecord::new(
                ConsentId::mint(now, ids),
                self.brand,
                Channel::Whatsapp,
                address,
                ConsentKind::OptIn,
                ConsentSource::SignUpPage,
                now,
            )
        };
        self.agreed.iter().map(record).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u128);

    impl IdSource for Fixed {
        fn random(&self) -> u128 {
            self.0
        }
    }

    #[test]
    fn a_code_reads_back_from_its_text() {
        for random in [0, 1, u128::MAX, 0x5_dead_beef_cafe] {
            let code = JoinCode::mint(&Fixed(random));
            assert_eq!(code.to_string().parse(), Ok(code));
            assert_eq!(code.to_string().len(), LENGTH + 1);
        }
        assert_eq!(JoinCode::mint(&Fixed(0)).to_string(), "2222-2222");
    }

    #[test]
    fn a_code_is_found_however_it_was_typed_and_nothing_else_is_one() {
        let code: JoinCode = "K7Q2-M4XP".parse().expect("a code");
        for text in [
            "K7Q2-M4XP",
            "k7q2m4xp",
            " k7q2–m4xp. ",
            "Yes to news from Maison Lune. Code: K7Q2-M4XP",
            "Code : «K7Q2-M4XP», merci !",
            "BRND-SHPP says K7Q2-M4XP",
            "K7Q2-M4XP\nfor my order 48213948",
        ] {
            assert_eq!(JoinCode::find_in(text), Some(code), "{text}");
        }
        for text in [
            "",
            "STOP",
            "my order is 48213948",
            "K7Q2-M4X",
            "K7Q2-M4XPP",
            "K7Q2 M4XP",
            "K0Q1-M4XP",
            "é7Q2-M4XP",
            "--------",
            "\u{202e}",
        ] {
            assert_eq!(JoinCode::find_in(text), None, "{text}");
        }
    }
}
