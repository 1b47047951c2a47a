//! Addresses of an envelope.

use std::fmt;

/// One address, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    local: String,
    domain: String,
}

impl Address {
    /// Local part and domain, within the lengths of RFC 5321; the local part may be quoted.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (local, domain) = text.rsplit_once('@')?;
        let is_atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        let is_dotted =
            |part: &str| !part.is_empty() && part.split('.').all(|label| !label.is_empty());
        let is_local = match local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(quoted) => is_quoted(quoted),
            None => is_dotted(local) && local.chars().all(is_atom),
        };
        let is_domain = is_dotted(domain)
            && domain.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
            && domain.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-'));
        let fits = local.len() <= 64 && text.len() <= 254;
        (is_local && is_domain && fits)
            .then(|| Self { local: local.to_owned(), domain: domain.to_owned() })
    }

    /// What decides a script: before the plus, in small letters.
    pub(crate) fn mailbox(&self) -> String {
        let local = self.local.split('+').next().unwrap_or_default();
        local.to_ascii_lowercase()
    }

    pub(crate) fn is_ascii(&self) -> bool {
        self.local.is_ascii() && self.domain.is_ascii()
    }

    /// In small letters: what an inbox is called.
    pub(crate) fn inbox(&self) -> String {
        self.to_string().to_lowercase()
    }
}

/// Inside of quotes: anything visible and spaces; quotes and backslashes behind a backslash.
fn is_quoted(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next().is_none_or(char::is_control) => return false,
            '"' => return false,
            c if c.is_control() => return false,
            _ => {}
        }
    }
    !text.is_empty()
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_what_the_standard_says() {
        for right in [
            "elodie@mail.example",
            "Elodie+parcel@mail.example",
            "\"a b\"@x.example",
            "\"a@b\"@x.example",
            "élodie@exämple.test",
            "a@localhost",
        ] {
            assert_eq!(Address::read(right).map(|a| a.to_string()).as_deref(), Some(right));
        }
        for wrong in [
            "",
            "@",
            "a@",
            "@x",
            "a b@x",
            "a@x..y",
            ".a@x",
            "a.@x",
            "a@-x",
            "a@b@c",
            "\"@x",
            "\"a\"b\"@x",
            "\"a\\\"@x",
            "a\r\n@x",
            "a@x\0",
            "<a@x>",
        ] {
            assert_eq!(Address::read(wrong), None, "{wrong:?}");
        }
        assert_eq!(Address::read(&format!("{}@x", "a".repeat(65))), None);
        let bounce = Address::read("Bounce+17@x.example").expect("an address");
        assert_eq!(
            (bounce.mailbox(), bounce.inbox()),
            ("bounce".into(), "bounce+17@x.example".into())
        );
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_written_again(text in ".{0,80}") {
            if let Some(address) = Address::read(&text) {
                prop_assert_eq!(address.to_string(), text.clone());
                prop_assert!(!text.chars().any(char::is_control));
            }
        }
    }
}
