//! The Cloud API's error codes as data, and what follows from each.
//!
//! Only the code decides, never the wording, the sub-code or the HTTP status: Meta changes those.

use dispatch::attempt::{Answer, Consequence, Failure};
use serde::Deserialize;
use serde_json::Value;

/// What the sender does about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The same message may work later.
    Retry,
    /// The platform itself is in trouble; the same message may work later.
    Down,
    /// Too fast for this recipient.
    SlowPair,
    /// Too fast for this number.
    SlowNumber,
    /// Too many calls by this app or business account.
    SlowAccount,
    /// This person is not reached on WhatsApp.
    Fallback,
    /// Free text outside the window: only an approved template may be sent.
    Template,
    /// This template cannot be used now.
    PauseTemplate,
    /// This template cannot be used any more.
    DisableTemplate,
    /// The provider stopped this number or business account.
    PauseNumber,
    /// The credentials are no longer good.
    Auth,
    /// Our mistake or bad data: the same will be refused again.
    Fix,
    /// This person must not be written to again like this.
    Stop,
    /// This person wants no advertising from this number.
    StopMarketing,
}

use Class::{
    Auth, DisableTemplate, Down, Fallback, Fix, PauseNumber, PauseTemplate, Retry, SlowAccount,
    SlowNumber, SlowPair, Stop, StopMarketing, Template,
};

#[rustfmt::skip]
const TABLE: &[(i64, Class)] = &[
    (0, Auth), (1, Retry), (2, Down), (3, Auth), (4, SlowAccount), (10, Auth), (33, PauseNumber),
    (100, Fix), (190, Auth), (368, PauseNumber), (80_007, SlowAccount), (80_008, SlowAccount),
    (130_403, Stop), (130_429, SlowNumber), (130_472, Fallback), (130_497, Fallback),
    (131_000, Down), (131_005, Auth), (131_008, Fix), (131_009, Fix), (131_016, Down),
    (131_021, Fix), (131_026, Fallback), (131_030, Fix), (131_031, PauseNumber),
    (131_037, PauseNumber), (131_042, PauseNumber), (131_045, PauseNumber), (131_047, Template),
    (131_048, PauseNumber), (131_049, Fallback), (131_050, StopMarketing), (131_051, Fix), (131_052, Fix),
    (131_053, Fix), (131_055, Fix), (131_056, SlowPair), (131_057, Retry), (131_062, Fix),
    (131_063, PauseTemplate), (131_064, PauseNumber),
    (132_000, PauseTemplate), (132_001, PauseTemplate), (132_005, Fix), (132_007, PauseTemplate),
    (132_008, Fix), (132_012, Fix), (132_015, PauseTemplate), (132_016, DisableTemplate),
    (132_018, Fix), (132_068, PauseTemplate), (132_069, PauseTemplate),
    (133_000, PauseNumber), (133_004, Down), (133_005, PauseNumber), (133_006, PauseNumber),
    (133_008, PauseNumber), (133_009, PauseNumber), (133_010, PauseNumber), (133_015, PauseNumber),
    (133_016, PauseNumber), (134_011, PauseNumber), (134_100, Fix), (134_101, Retry),
    (134_102, PauseTemplate), (135_000, Fix), (137_000, Fix),
];

impl Class {
    /// What follows beyond the one message, whether the code came as an answer or in a receipt.
    #[must_use]
    pub const fn consequence(self) -> Consequence {
        match self {
            SlowPair => Consequence::SlowPair,
            SlowNumber => Consequence::SlowNumber,
            SlowAccount => Consequence::SlowAccount,
            PauseTemplate => Consequence::PauseTemplate,
            DisableTemplate => Consequence::DisableTemplate,
            PauseNumber => Consequence::PauseNumber,
            Auth => Consequence::Reconnect,
            Down => Consequence::ProviderDown,
            StopMarketing => Consequence::MarketingStopped,
            Retry | Fallback | Template | Fix | Stop => Consequence::None,
        }
    }
}

/// Every code there is a class for; of the hundred that 2xx stands for, one.
pub fn codes() -> impl Iterator<Item = i64> {
    TABLE.iter().map(|(code, _)| *code).chain([200])
}

/// The class of a code; none when nobody has told us about it.
#[must_use]
pub fn class(code: i64) -> Option<Class> {
    if (200..=299).contains(&code) {
        return Some(Auth);
    }
    TABLE.iter().find(|(known, _)| *known == code).map(|(_, class)| *class)
}

/// An error as the Graph API writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// Decides.
    pub code: i64,
    /// Meta's sentence about the code.
    pub title: String,
    /// What in particular.
    pub detail: String,
    /// Meta says that trying again may help.
    pub transient: bool,
}

#[derive(Deserialize)]
struct Envelope {
    error: Value,
}

/// Reads an error's body; none when it is not one.
#[must_use]
pub fn parse(body: &[u8]) -> Option<ApiError> {
    from_value(&serde_json::from_slice::<Envelope>(body).ok()?.error)
}

/// Reads an error object: of an answer (`message`) or of a callback (`title`).
#[must_use]
pub fn from_value(error: &Value) -> Option<ApiError> {
    let code = match error.get("code")? {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    let text = |place: &str| error.pointer(place).and_then(Value::as_str).unwrap_or_default();
    // `error_data` is an object, or rarely a plain text.
    let detail = [text("/error_data/details"), text("/error_data"), text("/error_user_msg")]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default();
    let title = [text("/title"), text("/message")].into_iter().find(|t| !t.is_empty());
    Some(ApiError {
        code,
        title: short(title.unwrap_or_default()),
        detail: short(detail),
        transient: error.get("is_transient").and_then(Value::as_bool).unwrap_or(false),
    })
}

/// Longest sentence kept, in characters.
const LONGEST: usize = 300;

/// One line without digits that could be a phone number: Meta repeats the recipient in some texts.
fn short(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = clean.split_whitespace().map(|word| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if digits >= 8 { "…" } else { word }
    });
    words.collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

impl ApiError {
    /// The better of the two sentences.
    #[must_use]
    pub fn sentence(&self) -> &str {
        if self.detail.is_empty() { &self.title } else { &self.detail }
    }

    /// What follows for the attempt. An error with a body is a clear no: nothing was sent.
    #[must_use]
    pub fn answer(&self, http_status: u16) -> Answer {
        let known = class(self.code);
        let failure = Failure {
            code: self.code.to_string(),
            detail: self.sentence().to_owned(),
            follows: match known {
                None if http_status >= 500 => Consequence::ProviderDown,
                known => known.map_or(Consequence::None, Class::consequence),
            },
        };
        if self.transient {
            let harmless =
                failure.follows.only_slows() || failure.follows == Consequence::ProviderDown;
            let follows = if harmless { failure.follows } else { Consequence::None };
            return Answer::Retry(Failure { follows, ..failure });
        }
        match known {
            // With credentials the message waits for the merchant to reconnect.
            Some(Retry | Down | SlowPair | SlowNumber | SlowAccount | Auth) => {
                Answer::Retry(failure)
            }
            Some(Fallback | Template | PauseTemplate | DisableTemplate | PauseNumber) => {
                Answer::Fallback(failure)
            }
            Some(Fix | Stop | StopMarketing) => Answer::Refused(failure),
            None if http_status >= 500 => Answer::Retry(failure),
            None => Answer::Refused(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dispatch::attempt::Outcome;
    use dispatch::stranded::Stranded;
    use serde_json::json;

    fn answer(code: i64, http_status: u16) -> Answer {
        let body = json!({"error": {"message": "(#1) Words", "code": code}}).to_string();
        parse(body.as_bytes()).expect("an error").answer(http_status)
    }

    #[test]
    fn the_code_decides() {
        for (code, outcome) in [
            (2, Outcome::Retry),
            (4, Outcome::Retry),
            (100, Outcome::Refused),
            (130_429, Outcome::Retry),
            (131_000, Outcome::Retry),
            (131_026, Outcome::Fallback),
            (131_049, Outcome::Fallback),
            (131_050, Outcome::Refused),
            (131_056, Outcome::Retry),
            (132_000, Outcome::Fallback),
            (132_001, Outcome::Fallback),
            (132_015, Outcome::Fallback),
        ] {
            assert_eq!(answer(code, 400).outcome(), outcome, "{code}");
        }
    }

    /// Sending again helps where something of ours, or of theirs, was mended; it never helps against a person's no, the
    /// platform's restraint, or data that will be refused again.
    #[test]
    fn only_what_can_be_mended_waits_for_somebody() {
        for (code, class) in TABLE {
            let waits = Stranded::of(&answer(*code, 400));
            let expected = match class {
                Retry => Some(Stranded::Tries),
                Down => Some(Stranded::Provider),
                SlowPair | SlowNumber | SlowAccount => Some(Stranded::TooFast),
                Auth => Some(Stranded::Credentials),
                PauseNumber => Some(Stranded::Number),
                PauseTemplate => Some(Stranded::Template),
                Fallback | Template | DisableTemplate | Fix | Stop | StopMarketing => None,
            };
            assert_eq!(waits, expected, "{code}");
        }
        assert_eq!(Stranded::of(&answer(131_026, 400)), None, "not on WhatsApp");
        assert_eq!(Stranded::of(&answer(131_049, 400)), None, "withheld by the platform");
    }

    #[test]
    fn what_follows_beyond_the_message_is_said_too() {
        let follows = |code| answer(code, 400).failure().map(|f| f.follows);
        assert_eq!(follows(190), Some(Consequence::Reconnect));
        assert_eq!(follows(230), Some(Consequence::Reconnect));
        assert_eq!(follows(131_031), Some(Consequence::PauseNumber));
        assert_eq!(follows(131_026), Some(Consequence::None));
        assert_eq!(follows(80_007), Some(Consequence::SlowAccount));
        assert_eq!(follows(132_015), Some(Consequence::PauseTemplate));
    }

    #[test]
    fn an_unknown_code_is_tried_again_only_when_the_fault_is_theirs() {
        assert_eq!(answer(999_999, 500).outcome(), Outcome::Retry);
        let follows = |status| answer(999_999, status).failure().map(|failure| failure.follows);
        assert_eq!(follows(500), Some(Consequence::ProviderDown));
        assert_eq!(follows(400), Some(Consequence::None));
        assert_eq!(answer(999_999, 400).outcome(), Outcome::Refused);
        let transient = json!({"code": 999_999, "is_transient": true});
        let error = from_value(&transient).expect("an error");
        assert_eq!(error.answer(400).outcome(), Outcome::Retry);
    }

    #[test]
    fn no_code_stands_twice() {
        let mut codes: Vec<_> = TABLE.iter().map(|(code, _)| code).collect();
        codes.dedup();
        assert!(codes.is_sorted() && codes.len() == TABLE.len());
    }

    #[test]
    fn a_sentence_names_no_phone() {
        let error = json!({"code": 1, "error_data": "no such user +33 639980012 (33639980012)"});
        assert_eq!(from_value(&error).expect("an error").sentence(), "no such user +33 … …");
        assert!(parse(b"<html>").is_none() && parse(b"{\"error\":{}}").is_none());
    }
}
