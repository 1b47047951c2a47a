//! The text of a template: words and tags, with the place of whatever is wrong.
//!
//! A tag is written `<<carrier>>` or, with what to say when the value is missing, `<<first_name|there>>`.

use super::tag::Tag;
use std::ops::Range;

/// What is wrong with a text, and where: bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct TextError {
    /// From where to where.
    pub at: Range<usize>,
    /// What.
    pub kind: TextFault,
}

/// What can be wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// `<<` without `>>`.
    #[error("a tag opened with << is not closed")]
    Unclosed,
    /// A name that is in no catalogue.
    #[error("<<{0}>> is not a tag")]
    UnknownTag(String),
    /// `<<first_name|>>`: a fallback that says nothing.
    #[error("the fallback of <<{0}>> is empty")]
    EmptyFallback(Tag),
    /// A fallback longer than a value may be, or with `<<` in it.
    #[error("the fallback of <<{0}>> cannot be used")]
    BadFallback(Tag),
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Text(&'a str),
    /// A tag.
    Tag {
        /// Which.
        tag: Tag,
        /// What is said when it has no value.
        fallback: Option<&'a str>,
        /// Where it stands, from `<<` to `>>`.
        at: Range<usize>,
    },
}

/// Longest name or fallback that is quoted in an error, in characters.
const QUOTED: usize = 40;
/// Longest fallback, in characters.
pub const LONGEST_FALLBACK: usize = 60;

/// Takes a text apart; faults stand beside the pieces in the order of the text, and words around a
/// fault stay words.
#[must_use]
pub fn scan(text: &str) -> (Vec<Piece<'_>>, Vec<TextError>) {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let mut from = 0;
    let mut words_from = 0;
    while let Some(start) = text[from..].find("<<").map(|at| from + at) {
        let inner_from = start + 2;
        let Some(end) = text[inner_from..].find(">>").map(|at| inner_from + at) else {
            faults.push(TextError { at: start..text.len(), kind: TextFault::Unclosed });
            break;
        };
        let at = start..end + 2;
        let inner = &text[inner_from..end];
        // `<<a <<carrier>>`: the first was never closed.
        if let Some(second) = inner.find("<<") {
            faults.push(TextError { at: start..inner_from + second, kind: TextFault::Unclosed });
            from = inner_from + second;
            continue;
        }
        match read(inner) {
            Ok((tag, fallback)) => {
                if words_from < start {
                    found.push(Piece::Text(&text[words_from..start]));
                }
                found.push(Piece::Tag { tag, fallback, at: at.clone() });
                words_from = at.end;
            }
            Err(kind) => faults.push(TextError { at: at.clone(), kind }),
        }
        from = at.end;
    }
    if words_from < text.len() {
        found.push(Piece::Text(&text[words_from..]));
    }
    (found, faults)
}

fn read(inner: &str) -> Result<(Tag, Option<&str>), TextFault> {
    let (name, fallback) = match inner.split_once('|') {
        Some((name, fallback)) => (name.trim(), Some(fallback.trim())),
        None => (inner.trim(), None),
    };
    let tag: Tag =
        name.parse().map_err(|_| TextFault::UnknownTag(name.chars().take(QUOTED).collect()))?;
    match fallback {
        Some("") => Err(TextFault::EmptyFallback(tag)),
        Some(text) if text.chars().count() > LONGEST_FALLBACK || text.contains('\n') => {
            Err(TextFault::BadFallback(tag))
        }
        _ => Ok((tag, fallback)),
    }
}

/// The pieces of a text without faults.
///
/// # Errors
/// The first fault.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, TextError> {
    let (pieces, faults) = scan(text);
    faults.into_iter().next().map_or(Ok(pieces), Err)
}

/// The tags of a text in the order of their first use.
///
/// # Errors
/// The first fault of the text.
pub fn tags(text: &str) -> Result<Vec<Tag>, TextError> {
    let mut found = Vec::new();
    for piece in pieces(text)? {
        if let Piece::Tag { tag, .. } = piece
            && !found.contains(&tag)
        {
            found.push(tag);
        }
    }
    Ok(found)
}

/// The text with each tag replaced by what `write` makes of it: how a provider's adapter puts its own
/// placeholders in.
///
/// # Errors
/// The first fault of the text.
pub fn with_placeholders(text: &str, write: impl Fn(Tag) -> String) -> Result<String, TextError> {
    Ok(pieces(text)?
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Tag { tag, .. } => write(tag),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fault(text: &str) -> Option<(Range<usize>, TextFault)> {
        scan(text).1.into_iter().next().map(|e| (e.at, e.kind))
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        assert_eq!(fault("a <<carrier"), Some((2..11, TextFault::Unclosed)));
        assert_eq!(fault("a <<b>> c"), Some((2..7, TextFault::UnknownTag("b".into()))));
        assert_eq!(fault("<<carrier|>>"), Some((0..12, TextFault::EmptyFallback(Tag::Carrier))));
        assert_eq!(fault("<<x <<carrier>>"), Some((0..4, TextFault::Unclosed)));
        assert_eq!(scan("a <<b>> <<carrier>> <<d").1.len(), 2);
    }

    #[test]
    fn words_around_a_fault_stay_words() {
        let (pieces, _) = scan("a <<b>> c <<carrier>>");
        assert_eq!(pieces[0], Piece::Text("a <<b>> c "));
        assert_eq!(pieces.len(), 2);
    }

    proptest! {
        #[test]
        fn pieces_give_the_text_back(text in r"(<<|>>|\||carrier|first_name| |[a-zé😀]){0,30}") {
            let (pieces, _) = scan(&text);
            let mut whole = String::new();
            for piece in pieces {
                match piece {
                    Piece::Text(words) => whole.push_str(words),
                    Piece::Tag { at, .. } => {
                        prop_assert_eq!(at.start, whole.len());
                        whole.push_str(&text[at]);
                    }
                }
            }
            prop_assert_eq!(whole, text);
        }
    }
}
