//! A Twilio-compatible SMS API: the Messages resource, numbers with their callback, and what is
//! told about messages.

mod access;
mod callback;
mod error;
mod form;
mod read;
mod script;
mod segments;
mod send;
mod senders;
mod write;

use axum::{
    Router,
    routing::{get, post},
};

pub(crate) use self::{
    callback::told,
    error::undelivered,
    script::Outcome,
    send::is_web_url,
    write::{Unwritten, write},
};
use crate::state::Sandbox;

pub(crate) fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/2010-04-01/Accounts/{account}/Messages.json", get(read::list).post(send::send))
        .route("/2010-04-01/Accounts/{account}/Messages/{message}", get(read::show))
        .route(
            "/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json",
            get(senders::list).post(senders::create),
        )
        .route(
            "/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{number}",
            post(senders::update),
        )
}

/// The country's prefix, the number: 7 to 15 digits after a plus.
pub(crate) fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

/// A name in place of a number: nobody can answer it.
pub(crate) fn is_name(sender: &str) -> bool {
    (1..=11).contains(&sender.len())
        && sender.bytes().any(|b| b.is_ascii_alphabetic())
        && sender.bytes().all(|b| b.is_ascii_alphanumeric() || b" -_&+.".contains(&b))
}

/// A number, a short code or a name.
pub(crate) fn is_sender(text: &str) -> bool {
    let is_short_code = (3..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_e164(text) || is_short_code || is_name(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_numbers_short_codes_or_names() {
        for right in ["+33700000001", "38080", "Sauvel", "SHOP 24", "3 Suisses"] {
            assert!(is_sender(right), "{right}");
        }
        for wrong in ["", "33700000001", "+0370000000", "12", "Maison Sauvel", "Élan", "+33 7"] {
            assert!(!is_sender(wrong), "{wrong}");
        }
        assert!(!is_name("38080") && is_name("3A"));
    }
}
