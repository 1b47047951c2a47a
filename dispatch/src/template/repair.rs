//! Repairs that change words, in the language of the text: what a finding's button writes.
//!
//! Each answers the part's whole text, or none where no good one is known. A repair never makes a text that is
//! worse: what it would leave empty or beginning with a tag is not offered.

use super::check::{Finding, FindingCode, Place};
use super::content::{ButtonAct, Content};
use super::tag::{Tag, TagKind};
use super::text::{Piece, scan};
use crate::language::Language;
use std::ops::Range;

/// What greets a person, what begins news, and what ends a message, in the languages of the library.
const WORDS: [(&str, &str, &str, &str); 6] = [
    ("de", "Hallo ", "Zu Ihrer Bestellung: ", "Vielen Dank."),
    ("en", "Hello ", "About your order: ", "Thank you."),
    ("es", "Hola ", "Sobre su pedido: ", "Gracias."),
    ("fr", "Bonjour ", "Au sujet de votre commande : ", "Merci."),
    ("it", "Buongiorno ", "Sul suo ordine: ", "Grazie."),
    ("nl", "Hallo ", "Over uw bestelling: ", "Bedankt."),
];

/// The part's whole text with a finding repaired.
#[must_use]
pub fn repair(content: &Content, finding: &Finding, language: &Language) -> Option<String> {
    let text = part(content, finding.place)?;
    let at = finding.at.clone()?;
    match finding.code {
        FindingCode::AtTheEdge => at_the_edge(text, at, language),
        FindingCode::Neighbours => {
            let before = text.get(..at.start)?.trim_end();
            Some([before, ", ", text.get(at.start..)?].concat())
        }
        FindingCode::Promotional => {
            let left = without_sentence(text, at)?;
            let is_enough = stands(&left) || (left.is_empty() && finding.place == Place::Footer);
            is_enough.then_some(left)
        }
        FindingCode::Capitals => Some(in_small_letters(text)),
        _ => None,
    }
}

fn part(content: &Content, place: Place) -> Option<&str> {
    match place {
        Place::Header => Some(content.header.text()),
        Place::Body => Some(&content.body),
        Place::Footer => content.footer.as_deref(),
        Place::Button(index) => content.buttons.get(index).map(|button| button.label.as_str()),
        Place::Target(index) => match &content.buttons.get(index)?.act {
            ButtonAct::Url { url } => Some(url),
            ButtonAct::Reply { .. } | ButtonAct::Phone { .. } => None,
        },
        Place::Buttons | Place::Sms | Place::Subject | Place::MailText | Place::MailPage => None,
    }
}

/// Words before a tag that begins the text, or behind one that ends it; both where it is all there is.
fn at_the_edge(text: &str, at: Range<usize>, language: &Language) -> Option<String> {
    let (_, greeting, news, thanks) = WORDS.iter().find(|(code, ..)| *code == language.base())?;
    let tag = tag_at(text, &at)?;
    let begins = text.get(..at.start)?.trim().is_empty();
    let ends = text.get(at.end..)?.trim().is_empty();
    let first = match tag {
        _ if !begins => "",
        Tag::FirstName | Tag::Name => greeting,
        _ => news,
    };
    // A full stop behind an address would become part of it.
    let joint = if tag.kind() == TagKind::Url { "\n" } else { ". " };
    let (joint, last) = if ends { (joint, *thanks) } else { ("", "") };
    let text = if begins { text.trim_start() } else { text };
    let text = if ends { text.trim_end() } else { text };
    Some([first, text, joint, last].concat())
}

fn tag_at(text: &str, wanted: &Range<usize>) -> Option<Tag> {
    scan(text).0.into_iter().find_map(|piece| match piece {
        Piece::Tag { tag, at, .. } if at == *wanted => Some(tag),
        _ => None,
    })
}

/// The text without the sentence something stands in.
fn without_sentence(text: &str, at: Range<usize>) -> Option<String> {
    let ends = sentence_ends(text);
    let start = ends.iter().copied().filter(|end| *end <= at.start).max().unwrap_or(0);
    let end = ends.iter().copied().find(|end| *end >= at.end).unwrap_or(text.len());
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    let joint = match (before.trim_end(), after.trim_start()) {
        ("", _) | (_, "") => "",
        // The break between lines is kept where there was one.
        (_, rest) if after[..after.len() - rest.len()].contains('\n') => "\n",
        (kept, _) if before[kept.len()..].contains('\n') => "\n",
        _ => " ",
    };
    Some([before.trim_end(), joint, after.trim_start()].concat())
}

/// Where sentences end: behind their mark, at the end of a line. What stands in a tag ends none.
fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut from = 0;
    for piece in scan(text).0 {
        match piece {
            Piece::Tag { at, .. } => from = at.end,
            Piece::Text(words) => {
                let mut letters = words.char_indices().peekable();
                while let Some((at, c)) = letters.next() {
                    let after = letters.peek().map(|(_, next)| *next);
                    let closes = matches!(c, '.' | '!' | '?' | '…')
                        && after.is_none_or(|next| next.is_whitespace() || is_symbol(next));
                    if c == '\n' || closes {
                        ends.push(from + at + c.len_utf8());
                    }
                }
                from += words.len();
            }
        }
    }
    ends
}

/// A picture behind a full stop belongs to the next sentence or to none.
fn is_symbol(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_ascii_punctuation() && !c.is_whitespace()
}

/// Whether a text still says something, and neither begins nor ends with a tag.
fn stands(text: &str) -> bool {
    let (pieces, faults) = scan(text.trim());
    let is_words = |piece: Option<&Piece<'_>>| matches!(piece, Some(Piece::Text(words)) if words.chars().any(char::is_alphabetic));
    faults.is_empty()
        && is_words(pieces.first())
        && pieces.last().is_some_and(|last| matches!(last, Piece::Text(_)))
}

/// The text in small letters, with a capital where a sentence begins; tags as they are.
fn in_small_letters(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut begins = true;
    for piece in scan(text).0 {
        match piece {
            Piece::Tag { at, .. } => {
                written.push_str(&text[at]);
                begins = false;
            }
            Piece::Text(words) => {
                for c in words.chars() {
                    if begins && c.is_alphabetic() {
                        written.extend(c.to_uppercase());
                        begins = false;
                    } else {
                        written.extend(c.to_lowercase());
                    }
                    begins |= matches!(c, '.' | '!' | '?' | '…' | '\n');
                }
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::super::category::Category;
    use super::super::check::check;
    use super::super::doubt::doubts;
    use super::*;
    use crate::channel::TrackingStatus;
    use proptest::prelude::*;

    fn found(content: &Content, language: &Language) -> Vec<Finding> {
        let mut found = check(content, Category::Utility, TrackingStatus::Delivered);
        found.extend(doubts(content, language));
        found
    }

    /// Every repair that is offered for a body, by what it repairs.
    fn of(body: &str, language: &str) -> Vec<(FindingCode, String)> {
        let content = Content { body: body.into(), ..Content::default() };
        let language = language.parse().expect("a language");
        found(&content, &language)
            .iter()
            .filter_map(|finding| Some((finding.code, repair(&content, finding, &language)?)))
            .collect()
    }

    fn one(body: &str, language: &str) -> Option<String> {
        of(body, language).into_iter().next().map(|(_, text)| text)
    }

    #[test]
    fn a_tag_at_the_edge_gets_words_of_the_texts_language() {
        let cases = [
            (
                "<<first_name|you>>, it is here.",
                "en",
                Some("Hello <<first_name|you>>, it is here."),
            ),
            (
                "<<carrier|We>> brought it.",
                "fr",
                Some("Au sujet de votre commande : <<carrier|We>> brought it."),
            ),
            (
                "It came with <<carrier|us>>",
                "de_AT",
                Some("It came with <<carrier|us>>. Vielen Dank."),
            ),
            (
                "See it at <<tracking_url|it>> ",
                "nl",
                Some("See it at <<tracking_url|it>>\nBedankt."),
            ),
            ("Hello <<first_name|you>>", "pt_BR", None),
        ];
        for (body, language, expected) in cases {
            assert_eq!(one(body, language).as_deref(), expected, "{body}");
        }
        assert_eq!(one("<<name|you>>", "it").as_deref(), Some("Buongiorno <<name|you>>. Grazie."));
    }

    #[test]
    fn neighbours_get_a_comma() {
        let text = one("It is <<carrier|us>> <<order_number|it>> for you.", "en");
        assert_eq!(text.as_deref(), Some("It is <<carrier|us>>, <<order_number|it>> for you."));
    }

    #[test]
    fn the_sentence_that_sells_goes_and_the_rest_stays() {
        let cases = [
            (
                "Your parcel is here. Enjoy 10 % off! See you.",
                Some("Your parcel is here. See you."),
            ),
            (
                "Your parcel is here.\n\nA special offer waits.\nSee you.",
                Some("Your parcel is here.\nSee you."),
            ),
            ("A discount for you. Your parcel is here.", Some("Your parcel is here.")),
            // Version 3.5 is one word, and so is what stands in a tag.
            (
                "It is 3.5 kg. Take a coupon, <<name|Dr. No>>, today. Bye.",
                Some("It is 3.5 kg. Bye."),
            ),
            ("A special offer only for you", None),
            ("<<name|You>> won it. A discount, too.", None),
        ];
        for (body, expected) in cases {
            let repaired =
                of(body, "en").into_iter().find(|(code, _)| *code == FindingCode::Promotional);
            assert_eq!(repaired.map(|(_, text)| text).as_deref(), expected, "{body}");
        }
        let content = Content {
            body: "Your parcel is here.".into(),
            footer: Some("A special offer".into()),
            ..Content::default()
        };
        let english = Language::english();
        let found = found(&content, &english);
        assert_eq!(
            repair(&content, &found[0], &english).as_deref(),
            Some(""),
            "no footer is a footer"
        );
    }

    #[test]
    fn capitals_become_sentences() {
        let text = one("YOUR PARCEL, <<name|YOU>>, IS HERE. ÉTÉ AT LAST!", "en");
        assert_eq!(text.as_deref(), Some("Your parcel, <<name|YOU>>, is here. Été at last!"));
    }

    proptest! {
        #[test]
        fn a_repair_is_no_panic_and_repairs_what_it_says(
            body in r"(<<carrier>>|<<name\|x>>|10 % |sale|offer|A|é|\.|! |\n| |, |😀|word ){0,14}"
        ) {
            let content = Content { body, ..Content::default() };
            let english = Language::english();
            for finding in found(&content, &english) {
                let Some(body) = repair(&content, &finding, &english) else { continue };
                let repaired = Content { body, ..Content::default() };
                let again = found(&repaired, &english);
                let count = |all: &[Finding]| all.iter().filter(|f| f.code == finding.code).count();
                prop_assert!(
                    count(&again) < count(&found(&content, &english)),
                    "{:?}: {:?} became {:?}", finding, content.body, repaired.body
                );
            }
        }
    }
}
