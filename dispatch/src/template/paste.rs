//! Text that was written for another system: its placeholders are recognised and can be converted.

use super::tag::{Tag, meant_by};
use std::ops::Range;

/// A placeholder of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// Where it stands, in bytes of the text.
    pub at: Range<usize>,
    /// As it is written.
    pub written: String,
    /// The tag it most likely means; none when nothing is known about the name.
    pub tag: Option<Tag>,
}

/// What positional placeholders mean in most tracking templates, in their order.
const BY_POSITION: [Tag; 5] =
    [Tag::FirstName, Tag::OrderNumber, Tag::Carrier, Tag::TrackingUrl, Tag::ExpectedDate];
/// Longest name of a placeholder, in bytes.
const LONGEST: usize = 40;

/// Finds `{{carrier}}`, `{{1}}`, `{Name}` and `[ORDER_ID]`. Braces and brackets around anything that is
/// no name (`[see below]`, `{ a }` in a sentence) are left alone.
#[must_use]
pub fn foreign(text: &str) -> Vec<Foreign> {
    let mut found: Vec<Foreign> = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(['{', '[']).map(|at| from + at) {
        let rest = &text[start..];
        let (open, close) = if rest.starts_with("{{") {
            ("{{", "}}")
        } else if rest.starts_with('{') {
            ("{", "}")
        } else {
            ("[", "]")
        };
        let inner_from = start + open.len();
        let inner = text[inner_from..].find(close).map(|len| &text[inner_from..inner_from + len]);
        match inner.filter(|name| is_name(name.trim(), open)) {
            Some(name) => {
                let end = inner_from + name.len() + close.len();
                found.push(Foreign {
                    at: start..end,
                    written: text[start..end].to_owned(),
                    tag: tag_of(name.trim()),
                });
                from = end;
            }
            None => from = inner_from,
        }
    }
    found
}

fn is_name(name: &str, open: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.';
    if name.is_empty() || name.len() > LONGEST || !name.chars().all(word) {
        return false;
    }
    match open {
        // `[ORDER_ID]` shouts; `[sic]` does not.
        "[" => name.chars().all(|c| !c.is_ascii_lowercase()) && name.contains(char::is_alphabetic),
        "{" => name.contains(char::is_alphabetic),
        _ => true,
    }
}

fn tag_of(name: &str) -> Option<Tag> {
    match name.parse::<usize>() {
        Ok(position) => BY_POSITION.get(position.checked_sub(1)?).copied(),
        Err(_) => meant_by(name),
    }
}

/// The text with every placeholder converted whose meaning is known.
#[must_use]
pub fn convert(text: &str) -> String {
    let mut converted = String::with_capacity(text.len() + 16);
    let mut from = 0;
    for place in foreign(text) {
        let Some(tag) = place.tag else { continue };
        converted.push_str(&text[from..place.at.start]);
        converted.push_str("<<");
        converted.push_str(tag.word());
        converted.push_str(">>");
        from = place.at.end;
    }
    converted.push_str(&text[from..]);
    converted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_four_other_spellings_become_tags() {
        assert_eq!(convert("By {{carrier}}."), "By <<carrier>>.");
        assert_eq!(convert("Hi {{1}}, order {{2}}"), "Hi <<first_name>>, order <<order_number>>");
        assert_eq!(convert("Hi {Name}: [ORDER_ID]"), "Hi <<name>>: <<order_number>>");
    }

    #[test]
    fn what_is_no_placeholder_stays_and_what_is_unknown_is_named() {
        assert_eq!(convert("[see below] {a b} {{}}"), "[see below] {a b} {{}}");
        let unknown = foreign("{{loyalty_points}}");
        assert_eq!((unknown.len(), unknown[0].tag), (1, None));
        assert_eq!(convert("{{loyalty_points}}"), "{{loyalty_points}}");
    }

    proptest! {
        #[test]
        fn converting_twice_changes_nothing_more(text in r"(\{\{|\}\}|[\[\]{}]|carrier|1|Name|X_Y|é| ){0,20}") {
            let once = convert(&text);
            prop_assert_eq!(convert(&once), once);
        }
    }
}
