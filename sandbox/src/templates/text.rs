//! Text with variables: `{{1}}` or `{{first_name}}`.

use std::borrow::Cow;

/// A text split at its variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Slot(String),
}

impl Text {
    pub(crate) fn parse(source: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = source;
        while let Some((before, name, after)) = next_slot(rest) {
            if !before.is_empty() {
                parts.push(Part::Words(before.to_owned()));
            }
            parts.push(Part::Slot(name.to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Words(rest.to_owned()));
        }
        Self { parts }
    }

    /// Names of its variables, each once, in order of first use.
    pub(crate) fn slots(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for part in &self.parts {
            if let Part::Slot(name) = part
                && !names.contains(&name.as_str())
            {
                names.push(name.as_str());
            }
        }
        names
    }

    /// How often variables stand in it, repeated ones included.
    pub(crate) fn slot_count(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part, Part::Slot(_))).count()
    }

    pub(crate) fn starts_or_ends_with_slot(&self) -> bool {
        let words = |part: &&Part| !matches!(part, Part::Words(text) if text.trim().is_empty());
        let is_slot = |part: Option<&Part>| matches!(part, Some(Part::Slot(_)));
        is_slot(self.parts.iter().find(words)) || is_slot(self.parts.iter().rfind(words))
    }

    pub(crate) fn has_adjacent_slots(&self) -> bool {
        self.parts.windows(2).any(|pair| matches!(pair, [Part::Slot(_), Part::Slot(_)]))
    }

    pub(crate) fn ends_with_slot(&self) -> bool {
        matches!(self.parts.last(), Some(Part::Slot(_)))
    }

    /// Words outside variables.
    pub(crate) fn word_count(&self) -> usize {
        let words = |part: &Part| match part {
            Part::Words(text) => {
                text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count()
            }
            Part::Slot(_) => 0,
        };
        self.parts.iter().map(words).sum()
    }

    /// As it was written, but for spaces inside braces.
    pub(crate) fn source(&self) -> String {
        self.fill(|name| Cow::Owned(format!("{{{{{name}}}}}")))
    }

    /// What stands outside variables.
    pub(crate) fn plain(&self) -> String {
        self.fill(|_| Cow::Borrowed(" "))
    }

    /// The text with each variable replaced by what `value` gives for its name.
    pub(crate) fn fill<'a>(&self, value: impl Fn(&str) -> Cow<'a, str>) -> String {
        self.parts.iter().fold(String::new(), |mut out, part| {
            match part {
                Part::Words(text) => out.push_str(text),
                Part::Slot(name) => out.push_str(&value(name)),
            }
            out
        })
    }
}

/// The next `{{name}}`: what stands before it, its name, what stands after.
fn next_slot(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find("{{")?;
    let length = text[open + 2..].find("}}")?;
    let name = text[open + 2..open + 2 + length].trim();
    Some((&text[..open], name, &text[open + length + 4..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_found_and_filled() {
        let text = Text::parse("Hello {{first_name}}, {{ order }} and {{order}} again");
        assert_eq!(text.slots(), ["first_name", "order"]);
        assert_eq!(text.slot_count(), 3);
        let filled = text.fill(|name| Cow::Owned(name.to_uppercase()));
        assert_eq!(filled, "Hello FIRST_NAME, ORDER and ORDER again");
    }

    #[test]
    fn unclosed_braces_are_words() {
        assert!(Text::parse("a {{ b").slots().is_empty());
        assert_eq!(Text::parse("{{").fill(|_| Cow::Borrowed("")), "{{");
    }

    #[test]
    fn edges_and_neighbours_are_seen() {
        assert!(Text::parse("{{1}} is here").starts_or_ends_with_slot());
        assert!(Text::parse("it is {{1}} ").starts_or_ends_with_slot());
        assert!(!Text::parse("it is {{1}}.").starts_or_ends_with_slot());
        assert!(Text::parse("a {{1}}{{2}} b").has_adjacent_slots());
    }
}
