//! A mail as it leaves: text and page, who it is from, and how to stop the next one.

use super::bounce::ATTEMPT;
use app::public::channel_name;
use app::text::public::{PublicText, Tongue};
use dispatch::attempt::Claimed;
use dispatch::channel::Channel;
use dispatch::template::Letter;
use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

/// The mail's own name. The same for every try of a message, so that a mail which arrived twice after all is shown once
/// by programs that look.
pub(super) fn id(from: &Address, message: &Claimed) -> String {
    format!("<{}.{}@{}>", message.message, message.step, from.domain())
}

/// The whole mail; none when an address or a name cannot be written.
pub(super) fn write(from: &Address, to: &Address, message: &Claimed) -> Option<Vec<u8>> {
    let letter = message.rendered.mail.as_ref()?;
    let text = match &letter.unsubscribe {
        Some(url) => {
            format!("{}\n\n--\n{}\n{}: {url}\n", message.rendered.body, letter.from, stop(message))
        }
        None => message.rendered.body.clone(),
    };
    let body = MultiPart::alternative_plain_html(text, page(letter, message));
    let mut mail = lettre::Message::builder()
        .from(Mailbox::new(Some(letter.from.clone()), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(letter.subject.clone())
        .message_id(Some(id(from, message)))
        .multipart(body)
        .ok()?;
    let headers = mail.headers_mut();
    let mut add = |name: &str, value: String| {
        if let Ok(name) = HeaderName::new_from_ascii(name.to_owned()) {
            headers.insert_raw(HeaderValue::new(name, value));
        }
    };
    add(ATTEMPT, message.attempt.to_string());
    // Nobody's automatic answer is wanted (RFC 3834).
    add("Auto-Submitted", "auto-generated".to_owned());
    if let Some(url) = &letter.unsubscribe {
        add("List-Unsubscribe", format!("<{url}>"));
        // One click, answered by `/u/{token}` (RFC 8058).
        add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned());
    }
    Some(mail.formatted())
}

/// The words on the link that stops.
fn stop(message: &Claimed) -> String {
    let t = PublicText(Tongue::from_code(message.language.code()).unwrap_or_default());
    t.page_stop(channel_name(t, Channel::Email))
}

/// The page around the text: one narrow column, the shop's name above, the way out below. Mail programs know styles
/// of elements only.
fn page(letter: &Letter, message: &Claimed) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let (from, body) = (escape(&letter.from), &letter.html);
    let language = message.language.code().replace('_', "-");
    let out = letter.unsubscribe.as_ref().map_or_else(String::new, |url| {
        format!(
            "<p style=\"margin:0\"><a href=\"{}\" style=\"color:#5b6472\">{}</a></p>",
            escape(url),
            escape(&stop(message))
        )
    });
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\
<body style=\"margin:0;background:#f5f3ee;color:#1d2430;font:16px/1.5 system-ui,sans-serif\">\
<div style=\"max-width:36rem;margin:0 auto;padding:24px 16px\">\
<p style=\"margin:0 0 16px;font-weight:600\">{from}</p>\
<div style=\"background:#fff;border:1px solid #e4dfd4;border-radius:8px;padding:8px 24px\">{body}</div>\
<div style=\"margin:16px 0 0;font-size:14px;color:#5b6472\">{out}</div>\
</div></body></html>",
        escape(&letter.subject)
    )
}
