//! Twilio's error codes as data. Twilio itself warns that codes are split and renamed: what is not here failed for an
//! unknown reason, and another channel may reach the person.

use dispatch::attempt::{Answer, Consequence, Failure};

/// What the sender does about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The same message may work later.
    Retry,
    /// The provider itself is in trouble; the same message may work later.
    Down,
    /// Too many calls.
    SlowNumber,
    /// This person is not reached by text message.
    Fallback,
    /// The person has stopped this number.
    Stop,
    /// The credentials are no longer good.
    Auth,
    /// The provider stopped the account or the number.
    PauseNumber,
    /// Our mistake or bad data: the same will be refused again.
    Fix,
}

use Class::{Auth, Down, Fallback, Fix, PauseNumber, Retry, SlowNumber, Stop};

#[rustfmt::skip]
const TABLE: &[(i64, Class)] = &[
    (20_003, Auth), (20_005, PauseNumber), (20_404, Auth), (20_429, SlowNumber), (20_500, Down), (20_503, Down),
    (21_211, Fallback), (21_408, Fallback), (21_602, Fix), (21_606, Fallback), (21_610, Stop), (21_611, Retry),
    (21_612, Fallback), (21_614, Fallback), (21_617, Fix),
    (30_001, Retry), (30_002, PauseNumber), (30_003, Fallback), (30_004, Fallback), (30_005, Fallback),
    (30_006, Fallback), (30_007, Fallback), (30_008, Fallback),
];

/// Every code there is a class for.
pub fn codes() -> impl Iterator<Item = i64> {
    TABLE.iter().map(|(code, _)| *code)
}

/// The class of a code.
#[must_use]
pub fn class(code: i64) -> Class {
    TABLE.iter().find(|(known, _)| *known == code).map_or(Fallback, |(_, class)| *class)
}

impl Class {
    /// What follows beyond the one message.
    #[must_use]
    pub const fn consequence(self) -> Consequence {
        match self {
            SlowNumber => Consequence::SlowNumber,
            Stop => Consequence::RecipientStopped,
            Auth => Consequence::Reconnect,
            PauseNumber => Consequence::PauseNumber,
            Down => Consequence::ProviderDown,
            Retry | Fallback | Fix => Consequence::None,
        }
    }

    /// What it says about the attempt.
    #[must_use]
    pub fn answer(self, failure: Failure) -> Answer {
        match self {
            Retry | Down | SlowNumber | Auth | PauseNumber => Answer::Retry(failure),
            Fallback => Answer::Fallback(failure),
            Stop | Fix => Answer::Refused(failure),
        }
    }
}

/// A failure with what follows from its code.
#[must_use]
pub fn failure(code: i64, detail: &str) -> Failure {
    Failure {
        code: code.to_string(),
        detail: without_numbers(detail),
        follows: class(code).consequence(),
    }
}

/// The provider's sentence without the number it is about: what is kept of a failure names nobody.
fn without_numbers(detail: &str) -> String {
    let words = detail.split_whitespace().map(|word| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        if digits >= 6 { "…" } else { word }
    });
    words.collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_nobody() {
        let made = failure(21_614, "'To' number is not a valid mobile number: +33639920666");
        assert_eq!(made.detail, "'To' number is not a valid mobile number: …");
        assert_eq!(class(99_999), Fallback, "what nobody has told us about");
    }
}
