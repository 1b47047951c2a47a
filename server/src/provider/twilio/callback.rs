//! Callbacks: signed forms, to receipts and to what customers wrote.

use crate::security::signature;
use dispatch::consent::{ConsentKind, keyword};
use dispatch::receipt::ReceiptKind;
use std::collections::BTreeMap;

/// What one callback says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callback {
    /// About a message of ours.
    Receipt {
        /// The provider's id.
        provider_id: String,
        /// What it says.
        kind: ReceiptKind,
        /// Why it failed.
        code: Option<String>,
    },
    /// A customer wrote.
    Words {
        /// The provider's id.
        provider_id: String,
        /// E.164.
        from: String,
        /// What they wrote.
        text: String,
        /// What it means for consent.
        consent: Option<ConsentKind>,
    },
    /// Nothing we keep: an intermediate state, a medium, another kind of event.
    Other,
}

/// A form's fields in the order in which they came.
pub type Fields = Vec<(String, String)>;

/// Reads a form's body.
#[must_use]
pub fn fields(body: &[u8]) -> Fields {
    url::form_urlencoded::parse(body).into_owned().collect()
}

/// Whether the account's token signed this form for this address: the address, then each name with its values, sorted
/// and without repetition. The sender is inconsistent about a port that goes without saying, so both are tried.
#[must_use]
pub fn is_signed(token: &str, url: &str, fields: &Fields, given: &str) -> bool {
    if token.is_empty() {
        return false;
    }
    let mut sorted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in fields {
        sorted.entry(name).or_default().push(value);
    }
    let mut tail = String::new();
    for (name, mut values) in sorted {
        values.sort_unstable();
        values.dedup();
        for value in values {
            tail.push_str(name);
            tail.push_str(value);
        }
    }
    let fits = |url: &str| {
        let made = signature::sign_sha1(token, format!("{url}{tail}").as_bytes());
        signature::same_text(&made, given)
    };
    fits(url) | fits(&with_port(url))
}

/// The address with the port that goes without saying.
fn with_port(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let port = match scheme {
        "https" => 443,
        _ => 80,
    };
    if host.contains(':') { url.to_owned() } else { format!("{scheme}://{host}:{port}{path}") }
}

/// Words that could be about an order, but that the networks take for a stop: nothing reaches the person after them, so our
/// ledger must say so too.
const NETWORK_STOPS: &[&str] = &["CANCEL", "END", "REVOKE", "OPTOUT"];

fn network_stop(word: &str) -> Option<ConsentKind> {
    let is_stop = NETWORK_STOPS.iter().any(|stop| word.trim().eq_ignore_ascii_case(stop));
    is_stop.then_some(ConsentKind::OptOut)
}

/// Longest value kept, in characters: ids have 34, texts at most 1,600.
const LONGEST: usize = 4_096;

/// What a form says. Unknown fields are ignored: they grow without notice.
#[must_use]
pub fn parse(fields: &Fields) -> Callback {
    // Without what a database refuses.
    let get = |name: &str| -> String {
        let found = fields.iter().find(|(key, _)| key == name);
        let value = found.map(|(_, value)| value.replace('\0', "")).unwrap_or_default();
        value.trim().chars().take(LONGEST).collect()
    };
    let first = |names: [&str; 2]| names.map(get).into_iter().find(|value| !value.is_empty());
    let Some(provider_id) = first(["MessageSid", "SmsSid"]) else { return Callback::Other };
    let status = first(["MessageStatus", "SmsStatus"]).unwrap_or_default();
    let kind = match status.as_str() {
        "sent" => ReceiptKind::Sent,
        "delivered" => ReceiptKind::Delivered,
        "read" => ReceiptKind::Read,
        "failed" | "undelivered" | "canceled" => ReceiptKind::Failed,
        // What somebody writes has a sender and no state of ours.
        "received" | "receiving" | "" if !get("From").is_empty() => {
            let (text, said) = (get("Body"), get("OptOutType"));
            let word = if said.is_empty() { &text } else { &said };
            let consent = keyword(word).or_else(|| network_stop(word));
            return Callback::Words { provider_id, from: get("From"), text, consent };
        }
        _ => return Callback::Other,
    };
    let code = (kind == ReceiptKind::Failed).then(|| match get("ErrorCode") {
        none if none.is_empty() => status,
        code => code,
    });
    Callback::Receipt { provider_id, kind, code }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(all: &[(&str, &str)]) -> Fields {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_somebody_writes_needs_no_state_and_a_networks_stop_is_one() {
        let told = |body: &str| {
            parse(&pairs(&[("MessageSid", "SM1"), ("From", "+33639930001"), ("Body", body)]))
        };
        for (body, expected) in [
            ("STOP", Some(ConsentKind::OptOut)),
            ("Cancel", Some(ConsentKind::OptOut)),
            ("cancel my order", None),
            ("sair", Some(ConsentKind::OptOut)),
        ] {
            let Callback::Words { consent, .. } = told(body) else { panic!("words") };
            assert_eq!(consent, expected, "{body}");
        }
        let Callback::Words { provider_id, .. } =
            parse(&pairs(&[("SmsSid", "S\0M"), ("From", "1"), ("SmsStatus", "received")]))
        else {
            panic!("words")
        };
        assert_eq!(provider_id, "SM", "a database refuses the rest");
        assert_eq!(parse(&pairs(&[("MessageSid", "SM1")])), Callback::Other);
    }

    #[test]
    fn the_published_vectors_fit() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let form = pairs(&[
            ("CallSid", "CA1234567890ABCDE"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
            ("Caller", "+14158675309"),
        ]);
        assert!(is_signed("12345", url, &form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(!is_signed("12346", url, &form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(!is_signed("", url, &form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        let repeated = pairs(&[
            ("Sid", "CA123"),
            ("SidAccount", "AC123"),
            ("Digits", "5678"),
            ("Digits", "1234"),
            ("Digits", "1234"),
        ]);
        assert!(is_signed("12345", url, &repeated, "IK+Dwps556ElfBT0I3Rgjkr1wJU="));
    }
}
