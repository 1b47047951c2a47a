//! Forms: what calls bring and what callbacks carry, and the signature over the latter.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use url::form_urlencoded;

/// Fields in order of arrival; a name may come again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Whatever was sent, as far as it is a form: bytes that are no text become U+FFFD.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// The first field of this name with something in it.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter();
        fields.find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| &**value)
    }

    pub(crate) fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// As it travels.
    pub(crate) fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// `X-Twilio-Signature`: the URL, then each name with its values, both sorted, repeated values
    /// once; HMAC-SHA1 under the account's primary token.
    pub(crate) fn sign(&self, token: &str, url: &str) -> String {
        let mut fields = self.0.clone();
        fields.sort();
        fields.dedup();
        // HMAC takes keys of any length; the error cannot happen, and an empty signature says so.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.as_bytes()) else {
            return String::new();
        };
        mac.update(url.as_bytes());
        for (name, value) in &fields {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PUBLISHED: &str =
        include_str!("../../tests/fixtures/twilio/signature_official_vector.json");
    const DELIVERED: &str = include_str!("../../tests/fixtures/twilio/sms_status_delivered.json");
    const STOP: &str = include_str!("../../tests/fixtures/twilio/inbound_stop.json");

    fn signed(fixture: &str, token: &str) -> String {
        let fixture: serde_json::Value = serde_json::from_str(fixture).expect("JSON");
        let text = |key: &str| fixture[key].as_str().expect("a text").to_owned();
        Form::read(text("body").as_bytes()).sign(token, &text("url"))
    }

    #[test]
    fn the_published_signatures_are_ours() {
        assert_eq!(signed(PUBLISHED, "12345"), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        assert_eq!(signed(DELIVERED, "tw-auth-token-1"), "y4fFtgV5uVOdrHQaDpMJrMdynbA=");
        assert_eq!(signed(STOP, "tw-auth-token-1"), "7S1vswxfOWcu1A9cQsis37qZR3I=");
        let repeated = "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234";
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let signature = Form::read(repeated.as_bytes()).sign("12345", url);
        assert_eq!(signature, "IK+Dwps556ElfBT0I3Rgjkr1wJU=");
    }

    #[test]
    fn empty_fields_are_absent() {
        let form = Form::read(b"To=&Body=a+b%26&To=%2B33&From");
        assert_eq!(form.get("To"), Some("+33"));
        assert_eq!(form.get("Body"), Some("a b&"));
        assert_eq!(form.get("From"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_form(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let form = Form::read(&bytes);
            prop_assert_eq!(&Form::read(form.encode().as_bytes()), &form);
            form.sign("token", "http://x");
        }

        #[test]
        fn what_is_written_is_read(fields in prop::collection::vec((".{0,12}", ".{0,40}"), 0..8)) {
            let form = Form(fields);
            prop_assert_eq!(Form::read(form.encode().as_bytes()), form);
        }
    }
}
