//! How a page is asked for, the frame around it, and what all pages write the same way.

use std::sync::LazyLock;

use time::{Date, OffsetDateTime};
use url::form_urlencoded;

use super::{
    html::{e, is_web_address},
    words::{Language, Words},
};
use crate::{
    control::instant,
    state::{draw, identity},
};

/// The style sheet and the script; their addresses change when they do.
pub(super) const STYLE: &str = include_str!("style.css");
pub(super) const SCRIPT: &str = include_str!("live.js");

static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{:016x}", draw::digest(STYLE) ^ draw::digest(SCRIPT)));

/// How a page was asked for; links and forms on it ask the same way.
pub(super) struct View {
    pub language: Language,
    /// The language was in the address, not only in the browser's settings.
    pub chosen: bool,
    pub theme: Option<&'static str>,
    pub embed: bool,
    /// The one app of a phone that is shown; all that have something, when absent.
    pub app: Option<App>,
    /// Whose WhatsApp conversation is shown.
    pub sender: Option<String>,
    /// Whose SMS are shown.
    pub texts: Option<String>,
    /// The id of the mail that is open.
    pub mail: Option<String>,
}

/// What a phone shows messages with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum App {
    WhatsApp,
    Sms,
}

impl App {
    /// As addresses write it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::WhatsApp => "whatsapp",
            Self::Sms => "sms",
        }
    }
}

impl View {
    pub(super) fn words(&self) -> &'static Words {
        self.language.words()
    }

    /// What stands behind an address so that the next page looks the same.
    pub(super) fn query(&self, more: &[(&str, Option<&str>)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in more.iter().copied().chain(self.kept()) {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }

    /// What every address and form carries on.
    pub(super) fn kept(&self) -> [(&'static str, Option<&'static str>); 4] {
        [
            ("lang", self.chosen.then(|| self.language.code())),
            ("theme", self.theme),
            ("embed", self.embed.then_some("1")),
            ("app", self.app.map(App::as_str)),
        ]
    }

    pub(super) fn phone_address(&self, phone: &str, sender: Option<&str>) -> String {
        let sender = sender.filter(|sender| identity::is_numeric_id(sender));
        let query = self.query(&[("sender", sender), ("texts", self.texts.as_deref())]);
        format!("/phones/+{phone}{query}")
    }

    /// The same phone with another SMS thread.
    pub(super) fn texts_address(&self, phone: &str, texts: &str) -> String {
        let query = self.query(&[("sender", self.sender.as_deref()), ("texts", Some(texts))]);
        format!("/phones/+{phone}{query}")
    }

    pub(super) fn inbox_address(&self, address: &str, mail: Option<&str>) -> String {
        format!("/mail/{}{}", in_path(address), self.query(&[("mail", mail)]))
    }

    pub(super) fn frame(&self, title: &str, main: &str) -> String {
        let words = self.words();
        let theme = self.theme.map_or_else(String::new, |theme| format!(" data-theme=\"{theme}\""));
        let (class, bar) = if self.embed {
            (" class=\"embed\"", String::new())
        } else {
            let all = words.all_phones;
            let query = self.query(&[]);
            let skip = words.skip;
            let bar = format!(
                "<a class=\"skip\" href=\"#main\">{skip}</a><header class=\"bar\"><b>Sandbox</b>\
                 <nav aria-label=\"Sandbox\"><a href=\"/phones{}\">{all}</a></nav></header>",
                e(&query)
            );
            ("", bar)
        };
        format!(
            "<!doctype html><html lang=\"{lang}\"{theme}><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title} - Sandbox</title>\
             <link rel=\"icon\" href=\"/assets/icon.svg?v={version}\" type=\"image/svg+xml\">\
             <link rel=\"stylesheet\" href=\"/assets/phone.css?v={version}\">\
             <script src=\"/assets/phone.js?v={version}\" defer></script>\
             </head><body{class}>{bar}{main}</body></html>",
            lang = self.language.code(),
            title = e(title),
            version = *VERSION,
        )
    }
}

pub(super) fn empty(title: &str, how: &str) -> String {
    format!(
        "<svg width=\"72\" height=\"54\" viewBox=\"0 0 72 54\" aria-hidden=\"true\">\
         <rect x=\"12\" y=\"12\" width=\"48\" height=\"32\" rx=\"3\"/>\
         <path d=\"m13 14 23 18 23-18M2 20h6M4 28h4M2 36h6\"/></svg><b>{title}</b><p>{how}</p>"
    )
}

pub(super) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", e(value))
}

/// The hour and minute, in UTC until the script makes it the reader's own.
pub(super) fn clock(millis: u64) -> String {
    let at = moment(millis);
    format!(
        "<time datetime=\"{}\" data-clock>{:02}:{:02}</time>",
        instant(millis),
        at.hour(),
        at.minute()
    )
}

fn moment(millis: u64) -> OffsetDateTime {
    i64::try_from(millis / 1_000)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

pub(super) fn date(millis: u64) -> Date {
    moment(millis).date()
}

pub(super) fn day_name(words: &Words, day: Date, today: Date) -> String {
    if day == today {
        words.today.to_owned()
    } else if Some(day) == today.previous_day() {
        words.yesterday.to_owned()
    } else {
        let month = words.months[usize::from(u8::from(day.month())) - 1];
        format!("{} {month}", day.day())
    }
}

/// A text as one piece of an address's path.
pub(super) fn in_path(text: &str) -> String {
    let mut path = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@+".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

/// Text as phones and mail programs show it: what looks like an address of the web can be opened.
pub(super) fn linked(words: &Words, text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("http") {
        let (before, found) = rest.split_at(start);
        out.push_str(&e(before).to_string());
        let end =
            found.find(|c: char| c.is_whitespace() || "<>\"".contains(c)).unwrap_or(found.len());
        let link = found[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '’', '\'']);
        let scheme = link.find("://").map_or(link.len(), |place| place + 3);
        if is_web_address(link) && link.len() > scheme {
            out.push_str(&format!(
                "<a href=\"{link}\" target=\"_blank\" rel=\"noopener noreferrer\">{link}\
                 <span class=\"sr\">, {}</span></a>",
                words.opens_elsewhere,
                link = e(link),
            ));
            rest = &found[link.len()..];
        } else {
            out.push_str("http");
            rest = &found[4..];
        }
    }
    out.push_str(&e(rest).to_string());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_texts_open_and_nothing_else_does() {
        let linked = |text| linked(Language::English.words(), text);
        let html = linked("Track: https://t.example/a?b=1&c=2. Bye <b>");
        assert!(
            html.starts_with("Track: <a href=\"https://t.example/a?b=1&amp;c=2\" target"),
            "{html}"
        );
        assert!(html.ends_with("</a>. Bye &lt;b&gt;"), "{html}");
        for plain in ["http", "https://", "http:/x", "javascript:alert(1)", "éhttpé"] {
            assert_eq!(linked(plain), plain);
        }
        assert!(linked("http://x\"onclick=1").starts_with("<a href=\"http://x\" "));
    }

    #[test]
    fn an_address_is_one_piece_of_a_path() {
        assert_eq!(in_path("a+b@x.example"), "a+b@x.example");
        assert_eq!(in_path("\"a/b?\"@é"), "%22a%2Fb%3F%22@%C3%A9");
    }
}
