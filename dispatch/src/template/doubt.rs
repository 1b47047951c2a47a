//! What a reviewer may stumble over although every rule is kept: capitals, hidden addresses, questions nobody
//! should answer, another language. Doubts, not faults: a text with them can be submitted.

use super::category::phrases;
use super::check::{Finding, FindingCode, Place, Severity};
use super::content::{ButtonAct, Content};
use super::text::{Piece, scan};
use crate::language::Language;
use std::ops::Range;

/// Fewer letters than this do not shout.
const LEAST_LETTERS: usize = 12;
/// Longest text that is looked at, in bytes: what is longer is refused by every rule anyway.
const LONGEST: usize = 8 * 1024;

/// Hosts behind which nobody sees where a link leads; the provider refuses them.
const SHORTENERS: &[&str] = &[
    "bit.ly",
    "tinyurl.com",
    "t.co",
    "goo.gl",
    "ow.ly",
    "is.gd",
    "cutt.ly",
    "rebrand.ly",
    "t.ly",
    "wa.me",
];

/// What no message may ask for, in lower case, in the languages of the library.
const SECRETS: &[&str] = &[
    "password",
    "card number",
    "credit card",
    "security code",
    "cvv",
    "pin code",
    "bank account",
    "mot de passe",
    "numéro de carte",
    "carte bancaire",
    "code secret",
    "passwort",
    "kartennummer",
    "kreditkarte",
    "wachtwoord",
    "kaartnummer",
    "pincode",
    "contraseña",
    "número de tarjeta",
    "tarjeta de crédito",
    "numero di carta",
    "numero della carta",
    "carta di credito",
];

/// Small words that stand in a text of one language and of none of the others.
const TELLTALE: [(&str, &[&str]); 6] = [
    (
        "de",
        &["ihr", "ihre", "ist", "und", "wir", "sie", "paket", "bestellung", "wird", "dein", "zum"],
    ),
    ("en", &["your", "the", "with", "has", "from", "will", "you", "and", "our", "parcel"]),
    (
        "es",
        &["pedido", "está", "para", "paquete", "gracias", "nosotros", "usted", "ya", "muy", "sido"],
    ),
    ("fr", &["votre", "est", "avec", "vous", "nous", "chez", "pour", "colis", "commande", "une"]),
    ("it", &["suo", "ordine", "è", "pacco", "nostro", "della", "grazie", "che", "lei", "sono"]),
    ("nl", &["uw", "je", "het", "een", "van", "pakket", "bestelling", "wordt", "onze", "voor"]),
];

/// Everything doubtful about a content in a language.
#[must_use]
pub fn doubts(content: &Content, language: &Language) -> Vec<Finding> {
    let body = content.body.as_str();
    if body.len() > LONGEST {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut doubt = |place: Place, at: Range<usize>, code: FindingCode, detail: &str| {
        let (severity, detail) = (Severity::Warning, detail.to_owned());
        found.push(Finding { place, at: Some(at), severity, code, detail, repair: None });
    };
    if shouts(body) {
        doubt(Place::Body, 0..body.len(), FindingCode::Capitals, "");
    }
    if let Some((at, words)) = foreign_words(body, language) {
        doubt(Place::Body, at, FindingCode::OtherLanguage, &words);
    }
    for at in phrases(body, SECRETS) {
        doubt(Place::Body, at.clone(), FindingCode::Secrets, &body[at]);
    }
    for at in short_links(body) {
        doubt(Place::Body, at.clone(), FindingCode::ShortLink, &body[at]);
    }
    for (index, button) in content.buttons.iter().enumerate() {
        if let ButtonAct::Url { url } = &button.act
            && let Some(at) = short_links(url).into_iter().next()
        {
            doubt(Place::Target(index), at.clone(), FindingCode::ShortLink, &url[at]);
        }
    }
    found
}

/// The words of a text, without its tags.
fn words(text: &str) -> impl Iterator<Item = &str> {
    scan(text).0.into_iter().filter_map(|piece| match piece {
        Piece::Text(words) => Some(words),
        Piece::Tag { .. } => None,
    })
}

/// More than half of the letters are capitals.
fn shouts(text: &str) -> bool {
    let (mut letters, mut capitals) = (0, 0);
    for c in words(text).flat_map(str::chars) {
        letters += usize::from(c.is_uppercase() || c.is_lowercase());
        capitals += usize::from(c.is_uppercase());
    }
    letters >= LEAST_LETTERS && capitals * 2 > letters
}

/// The words that tell of another language, and where the first stands: three of it and none of its own, or
/// four against one. Better one too few than a right text doubted.
fn foreign_words(text: &str, language: &Language) -> Option<(Range<usize>, String)> {
    let own = TELLTALE.iter().find(|(code, _)| *code == language.base())?.1;
    let is_letter = |c: char| c.is_alphanumeric();
    let count = |telltale: &[&'static str]| {
        let mut seen: Vec<&'static str> = Vec::new();
        for word in words(text).flat_map(|words| words.split(|c| !is_letter(c))) {
            let lower = word.to_lowercase();
            let told = telltale.iter().copied().find(|each| *each == lower);
            seen.extend(told.filter(|told| !seen.contains(told)));
        }
        seen
    };
    let needed = match count(own).len() {
        0 => 3,
        1 => 4,
        _ => return None,
    };
    let others = TELLTALE.iter().filter(|(code, _)| *code != language.base());
    let seen = others.map(|(_, telltale)| count(telltale)).find(|seen| seen.len() >= needed)?;
    let at =
        seen.iter().filter_map(|word| phrases(text, &[*word]).next()).min_by_key(|at| at.start)?;
    Some((at, seen[..3].join(", ")))
}

/// Where a text hides an address.
fn short_links(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let belongs = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    let mut found: Vec<Range<usize>> = SHORTENERS
        .iter()
        .flat_map(|host| lower.match_indices(host).map(|(at, host)| at..at + host.len()))
        .filter(|at| {
            let before = lower[..at.start].chars().next_back();
            let after = lower[at.end..].chars().next();
            !before.is_some_and(belongs) && after.is_some_and(|c| c == '/')
        })
        .collect();
    found.sort_unstable_by_key(|at| at.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::starter;

    fn of(body: &str, language: &str) -> Vec<(FindingCode, String)> {
        let content = Content { body: body.into(), ..Content::default() };
        let language = language.parse().expect("a language");
        doubts(&content, &language).into_iter().map(|f| (f.code, f.detail)).collect()
    }

    #[test]
    fn the_library_leaves_no_doubt() {
        for variant in starter::all() {
            let found = doubts(&variant.content, &variant.language);
            assert_eq!(found, [], "{} {}", variant.name, variant.language);
        }
    }

    #[test]
    fn most_of_the_library_is_doubted_under_another_language() {
        let french = starter::all().filter(|v| v.language.code() == "fr");
        let (mut all, mut doubted) = (0, 0);
        for variant in french {
            all += 1;
            let found = doubts(&variant.content, &Language::english());
            doubted += usize::from(found.iter().any(|f| f.code == FindingCode::OtherLanguage));
        }
        assert!(doubted * 3 > all * 2, "{doubted} of {all}");
    }

    #[test]
    fn capitals_of_names_and_tags_do_not_shout() {
        assert_eq!(of("DHL has it: <<tracking_number|ABC>>, at UPS.", "en"), []);
        let shouted = of("YOUR PARCEL IS HERE, <<first_name|you>>, COME", "en");
        assert_eq!(shouted, [(FindingCode::Capitals, String::new())]);
        assert_eq!(of("HELLO YOU", "en"), []);
    }

    #[test]
    fn short_addresses_are_hosts_and_no_parts_of_others() {
        let link = |text: &str| of(text, "en").len();
        assert_eq!(link("See https://bit.ly/x for it."), 1);
        assert_eq!(link("See https://Bit.LY/x and t.co/y."), 2);
        assert_eq!(link("See https://rabbit.ly/x, at.co/y, bit.ly.example/z, me@t.co/x."), 0);
    }

    #[test]
    fn a_text_may_borrow_words() {
        assert_eq!(of("Your parcel waits chez Lune, pour vous, avec plaisir.", "en"), []);
        assert_eq!(of("Votre colis est chez nous, et la suite vous attend.", "fr"), []);
        assert_eq!(of("Votre colis est chez nous.", "pt_BR"), []);
        let found = of("Votre colis est chez nous.", "de");
        assert_eq!(found, [(FindingCode::OtherLanguage, "votre, colis, est".into())]);
    }
}
