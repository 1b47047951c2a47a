//! The rules by which a template is reviewed when nobody ordered a verdict. Each is one function;
//! the first that has something to say decides.

use super::{Advice, Verdict, words};
use crate::{
    state::message::Category,
    templates::{ButtonKind, Header, Template, standing::Reason},
};

/// What the reviewers make of a template.
pub(crate) fn judge(template: &Template) -> Verdict {
    let read = Read::new(template);
    let rules = [
        shouts,
        says_nothing,
        abuses,
        asks_for_secrets,
        is_in_another_language,
        is_no_login_code,
        advertises,
    ];
    rules.iter().find_map(|rule| rule(&read)).unwrap_or(Verdict::Approve)
}

/// A template as a reviewer reads it: its words, without variables.
struct Read<'a> {
    template: &'a Template,
    /// As written.
    body: String,
    /// Header, body and button labels in small letters: ` word word `.
    words: String,
    /// Everything somebody could follow.
    addresses: String,
}

impl<'a> Read<'a> {
    fn new(template: &'a Template) -> Self {
        let body = template.body.plain();
        let mut text = body.clone();
        if let Some(Header::Text(header)) = &template.header {
            text.push('\n');
            text.push_str(&header.plain());
        }
        let mut addresses = body.to_lowercase();
        for button in &template.buttons {
            text.push('\n');
            text.push_str(match button {
                ButtonKind::QuickReply { text }
                | ButtonKind::PhoneNumber { text, .. }
                | ButtonKind::CopyCode { text }
                | ButtonKind::Other { text } => text,
                ButtonKind::Url { text, url } => {
                    addresses.push(' ');
                    addresses.push_str(&url.source().to_lowercase());
                    text
                }
            });
        }
        Self { template, body, words: words_of(&text), addresses }
    }

    fn says_any(&self, phrases: &[&str]) -> bool {
        self.count(phrases) > 0
    }

    /// How many of these stand in it as whole words.
    fn count(&self, phrases: &[&str]) -> usize {
        phrases.iter().filter(|phrase| self.words.contains(&format!(" {phrase} "))).count()
    }

    /// `pt` of `pt_BR`.
    fn language(&self) -> &str {
        let code = &self.template.language;
        code.split_once('_').map_or(code.as_str(), |(base, _)| base)
    }
}

/// Small letters, one space around every word; apostrophes belong to words.
fn words_of(text: &str) -> String {
    let mut words = String::from(" ");
    let is_in_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    for word in text.split(|c: char| !is_in_word(c)).filter(|word| !word.is_empty()) {
        words.push_str(&word.to_lowercase().replace('’', "'"));
        words.push(' ');
    }
    words
}

fn reject(reason: Reason) -> Option<Verdict> {
    Some(Verdict::Reject { reason, advice: None })
}

fn format(reason: &str, recommendation: &str) -> Option<Verdict> {
    let advice = Advice { reason: reason.to_owned(), recommendation: recommendation.to_owned() };
    Some(Verdict::Reject { reason: Reason::InvalidFormat, advice: Some(advice) })
}

/// More than half of at least twelve letters are capitals.
fn shouts(read: &Read<'_>) -> Option<Verdict> {
    let cased = |c: &char| c.is_uppercase() || c.is_lowercase();
    let letters = read.body.chars().filter(cased).count();
    let capitals = read.body.chars().filter(|c| c.is_uppercase()).count();
    if letters < 12 || capitals * 2 <= letters {
        return None;
    }
    format(
        "The body is written in capital letters.",
        "Write sentences as people do, with a capital letter where one begins.",
    )
}

/// Two short words, or what people type to see something.
fn says_nothing(read: &Read<'_>) -> Option<Verdict> {
    let letters = read.body.chars().filter(|c| c.is_alphabetic()).count();
    let is_short = letters < 8 && read.template.body.word_count() < 3;
    if !is_short && !read.says_any(words::FILLING) {
        return None;
    }
    format(
        "The body does not say what the message is about.",
        "Write the whole message, so that it can be understood without its variables.",
    )
}

fn abuses(read: &Read<'_>) -> Option<Verdict> {
    if read.says_any(words::ABUSE) { reject(Reason::AbusiveContent) } else { None }
}

fn asks_for_secrets(read: &Read<'_>) -> Option<Verdict> {
    let mut parts = read.addresses.split([' ', '/', '\n', '(']);
    let hides = parts.any(|part| words::SHORTENERS.contains(&part));
    // A login code may well speak of a password.
    let asks = read.template.category != Category::Authentication && read.says_any(words::SECRETS);
    if hides || asks { reject(Reason::Scam) } else { None }
}

/// Three small words of another language and none of its own, or four against one.
fn is_in_another_language(read: &Read<'_>) -> Option<Verdict> {
    let (code, own) = words::TELLTALE.iter().find(|(code, _)| *code == read.language())?;
    let needed = match read.count(own) {
        0 => 3,
        1 => 4,
        _ => return None,
    };
    let mut others = words::TELLTALE.iter().filter(|(other, _)| other != code);
    if others.any(|(_, telltale)| read.count(telltale) >= needed) {
        reject(Reason::TagContentMismatch)
    } else {
        None
    }
}

/// Authentication is for login codes, and those come with a button that takes them.
fn is_no_login_code(read: &Read<'_>) -> Option<Verdict> {
    let has_button = read
        .template
        .buttons
        .iter()
        .any(|button| matches!(button, ButtonKind::CopyCode { .. } | ButtonKind::Other { .. }));
    let is_authentication = read.template.category == Category::Authentication;
    if is_authentication && !has_button { reject(Reason::IncorrectCategory) } else { None }
}

/// Utility that advertises becomes marketing; nothing but advertising is rejected.
fn advertises(read: &Read<'_>) -> Option<Verdict> {
    if read.template.category != Category::Utility {
        return None;
    }
    let list = |code: &str| words::ADVERTISING.iter().find(|(known, _)| *known == code);
    let (_, phrases) = list(read.language()).or_else(|| list("en"))?;
    let found = read.count(phrases) + usize::from(offers_percent(&read.body));
    let about_an_order = read.says_any(words::ABOUT_AN_ORDER);
    match found {
        0 => None,
        1 | 2 => Some(Verdict::Recategorise),
        _ if about_an_order => Some(Verdict::Recategorise),
        _ => reject(Reason::Promotional),
    }
}

/// `20%` or `20 %`.
fn offers_percent(text: &str) -> bool {
    text.match_indices('%').any(|(place, _)| {
        text[..place]
            .trim_end_matches([' ', '\u{a0}', '\u{202f}'])
            .ends_with(|c: char| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::templates::Catalogue;

    fn verdict(change: impl FnOnce(&mut Value)) -> Verdict {
        let mut source = json!({
            "name": "one", "language": "en", "category": "UTILITY",
            "components": [{ "type": "BODY",
                "text": "Hello {{1}}, your order {{2}} has left our house and is on its way.",
                "example": { "body_text": [["Ada", "#1"]] } }],
        });
        change(&mut source);
        judge(&Template::read(&source).expect("a template"))
    }

    fn of_body(text: &str) -> Verdict {
        verdict(|source| source["components"][0]["text"] = json!(text))
    }

    fn reason(verdict: &Verdict) -> &'static str {
        match verdict {
            Verdict::Approve => "approved",
            Verdict::Recategorise => "recategorised",
            Verdict::Reject { reason, .. } => reason.as_str(),
        }
    }

    #[test]
    fn every_starter_template_is_approved() {
        let starter = Catalogue::starter().expect("starter.json is valid");
        for kept in starter.all() {
            let found = judge(&kept.template);
            let Template { name, language, .. } = &*kept.template;
            assert_eq!(found, Verdict::Approve, "{name} {language}");
        }
    }

    #[test]
    fn each_rule_has_its_reason() {
        assert_eq!(reason(&verdict(|_| {})), "approved");
        for (text, expected) in [
            ("YOUR PARCEL COMES TOMORROW, PLEASE BE AT HOME", "INVALID_FORMAT"),
            ("Oh no", "INVALID_FORMAT"),
            ("Lorem ipsum dolor sit amet, consectetur", "INVALID_FORMAT"),
            ("Only an idiot misses the parcel of tomorrow.", "ABUSIVE_CONTENT"),
            ("To get your parcel, answer with your card number today.", "SCAM"),
            ("See where your parcel is: https://bit.ly/3xYz now or later.", "SCAM"),
            ("Votre colis est chez nous, et nous vous écrirons bientôt.", "TAG_CONTENT_MISMATCH"),
            ("Your parcel comes tomorrow. Take a discount on the next one.", "recategorised"),
            ("Your parcel comes tomorrow. 20 % off if you come by again.", "recategorised"),
            ("A discount for you, limited time, buy now: all coats at 50%.", "PROMOTIONAL"),
            ("Your parcel was not stupidly late, and costs no wholesale.", "approved"),
        ] {
            assert_eq!(reason(&of_body(text)), expected, "{text}");
        }
        let marketing = verdict(|source| {
            source["category"] = json!("MARKETING");
            source["components"][0]["text"] = json!("A discount on the coats in our shop.");
        });
        assert_eq!(reason(&marketing), "approved");
        let login = verdict(|source| source["category"] = json!("AUTHENTICATION"));
        assert_eq!(reason(&login), "INCORRECT_CATEGORY");
    }

    #[test]
    fn text_in_another_language_is_mostly_noticed() {
        let starter = Catalogue::starter().expect("starter.json is valid");
        let french: Vec<_> = starter.all().filter(|kept| kept.template.language == "fr").collect();
        let is_noticed = |kept: &&&crate::templates::Kept| {
            let mut source = kept.template.source.clone();
            source["language"] = json!("en");
            let found = judge(&Template::read(&source).expect("a template"));
            reason(&found) == "TAG_CONTENT_MISMATCH"
        };
        // The rule is careful: better one too few than a right one rejected.
        let noticed = french.iter().filter(is_noticed).count();
        assert!(noticed * 3 > french.len() * 2, "{noticed} of {}", french.len());
    }
}
