//! An inbox: its mails, and the one that is open.

use super::{
    html::{FILE, LINK, e, icon, is_web_address},
    view::{View, clock, date, day_name, empty, hidden, in_path, linked},
    words::Words,
};
use crate::{
    mail::Letter,
    state::{Sandbox, mail::Mail, now},
};

/// Mails in one list.
const MOST_MAILS: usize = 100;

/// What came of an unsubscription.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unsubscribed {
    /// The sender answered this status.
    Answered(u16),
    Unreachable,
}

/// The mail that was asked for, or else the newest.
pub(super) fn inbox(
    sandbox: &Sandbox,
    view: &View,
    address: &str,
    done: Option<Unsubscribed>,
) -> String {
    let words = view.words();
    let world = sandbox.world();
    let mails: Vec<&Mail> = world.mails.inbox(address).rev().take(MOST_MAILS).collect();
    let asked = view.mail.as_deref();
    let open = mails.iter().find(|mail| Some(&*mail.id) == asked).or(mails.first()).copied();
    let (class, inside) = match open {
        None => {
            let void = empty(words.no_mails, words.no_mails_how);
            (" is-empty", format!("<div class=\"void\">{void}</div>"))
        }
        Some(open) => {
            let rows: String = mails.iter().map(|mail| row(view, address, mail, open)).collect();
            let list = format!(
                "<nav aria-label=\"{}\"><ul class=\"people mails\" data-list>{rows}</ul></nav>",
                words.mails
            );
            ("", format!("{list}{}", letter(view, address, open, done)))
        }
    };
    let main = format!(
        "<main class=\"page page--mail\" id=\"main\" data-events=\"/mail/{path}/events\" \
         data-part=\"{part}\"><header><h1>{shown}</h1></header>\
         <div class=\"mailbox{class}\" id=\"mailbox\" data-app>{inside}</div>\
         <noscript><p><a href=\"{part}\">{reload}</a></p></noscript></main>",
        path = in_path(address),
        part = e(&view.inbox_address(address, open.map(|open| &*open.id))),
        shown = e(address).to_string().replace('@', "@<wbr>"),
        reload = words.reload_mails,
    );
    view.frame(address, &main)
}

fn row(view: &View, address: &str, mail: &Mail, open: &Mail) -> String {
    let words = view.words();
    let current = if mail.id == open.id { " aria-current=\"true\"" } else { "" };
    let bounced = if mail.is_returned(address) { words.bounced } else { "" };
    format!(
        "<li id=\"mail-{id}\"><a href=\"{href}\"{current}><b>{from}</b>\
         <span class=\"faint\">{day} {at}</span><span class=\"clip\">{subject}</span>\
         <span class=\"bad\" data-state>{bounced}</span></a></li>",
        id = mail.id,
        href = e(&view.inbox_address(address, Some(&mail.id))),
        from = e(sender_name(&mail.letter)),
        day = day_name(words, date(mail.at), date(now())),
        at = clock(mail.at),
        subject = e(subject(words, &mail.letter)),
    )
}

/// The name before the address, or the address.
fn sender_name(letter: &Letter) -> &str {
    let from = letter.from.as_deref().unwrap_or_default();
    from.split_once(" <").map_or(from, |(name, _)| name)
}

fn subject<'a>(words: &Words, letter: &'a Letter) -> &'a str
where
    'static: 'a,
{
    letter.subject.as_deref().filter(|subject| !subject.is_empty()).unwrap_or(words.no_subject)
}

fn letter(view: &View, address: &str, mail: &Mail, done: Option<Unsubscribed>) -> String {
    let words = view.words();
    let letter = &mail.letter;
    let line = |name: &str, value: &str| format!("<dt>{name}</dt><dd>{value}</dd>");
    let mut about = line(words.from, &e(letter.from.as_deref().unwrap_or_default()).to_string());
    about += &line(words.to, &e(letter.to.as_deref().unwrap_or(address)).to_string());
    let day = day_name(words, date(mail.at), date(now()));
    about += &line(words.received, &format!("{day} {}", clock(mail.at)));
    if !letter.unsubscribe.is_empty() {
        about += &line("List-Unsubscribe", &ways_out(words, letter));
    }
    for file in &letter.attachments {
        let name = file.name.as_deref().unwrap_or(words.media("document"));
        let kind = format!("{}, {} kB", file.content_type, file.size.div_ceil(1_000));
        let shown = format!("{} {} <small>{}</small>", icon(FILE), e(name), e(&kind));
        about += &line(words.attachment, &shown);
    }
    let bounced = if mail.is_returned(address) {
        format!("<p class=\"note note--bad\">{}</p>", words.bounced_how)
    } else {
        String::new()
    };
    let html = letter.html.as_deref().map(|html| {
        format!(
            "<iframe class=\"letter__html\" title=\"{}\" \
             sandbox=\"allow-popups allow-popups-to-escape-sandbox\" \
             srcdoc=\"{}{}\"></iframe>",
            words.html_part,
            e("<!doctype html><base target=\"_blank\"><meta name=\"color-scheme\" content=\"light\">"),
            e(html),
        )
    });
    let text = letter.text.as_deref().map(|text| linked(words, text.trim_end()));
    let text = match (text, html.is_some()) {
        (Some(text), true) => format!(
            "<details class=\"more\"><summary>{}</summary><div class=\"letter__text\">{text}</div>\
             </details>",
            words.text_part
        ),
        (Some(text), false) => format!("<div class=\"letter__text\">{text}</div>"),
        (None, _) => format!("<p class=\"note\">{}</p>", words.no_text_part),
    };
    let headers: String = letter
        .headers
        .iter()
        .map(|(name, value)| format!("<dt>{}</dt><dd>{}</dd>", e(name), e(value)))
        .collect();
    format!(
        "<article class=\"letter\"><header><h2>{subject}</h2>{unsubscribe}</header>\
         <dl class=\"facts\">{about}</dl>{bounced}{done}{html}{text}\
         <details class=\"more\"><summary>{all}</summary><dl class=\"facts facts--all\">{headers}</dl>\
         </details></article>",
        subject = e(subject(words, letter)),
        unsubscribe = one_click(view, address, mail),
        done = done.map_or_else(String::new, |done| outcome(words, done)),
        html = html.unwrap_or_default(),
        all = words.headers,
    )
}

/// Addresses of `List-Unsubscribe`; those of the web open.
fn ways_out(words: &Words, letter: &Letter) -> String {
    let ways: Vec<String> = letter
        .unsubscribe
        .iter()
        .map(|way| if is_web_address(way) { linked(words, way) } else { e(way).to_string() })
        .collect();
    let kind = if letter.one_click { words.one_click } else { words.not_one_click };
    format!("{} <small>{kind}</small>", ways.join("<br>"))
}

/// Mail programs offer a button when a sender allows one click.
fn one_click(view: &View, address: &str, mail: &Mail) -> String {
    if target(&mail.letter).is_none() {
        return String::new();
    }
    format!(
        "<form method=\"post\" action=\"/mail/{path}/unsubscribe{query}\">{id}\
         <button class=\"btn\">{icon}{label}</button></form>",
        path = in_path(address),
        query = e(&view.query(&[])),
        id = hidden("mail", &mail.id),
        icon = icon(LINK),
        label = view.words().unsubscribe,
    )
}

/// Where one click goes.
pub(super) fn target(letter: &Letter) -> Option<&str> {
    let mut ways = letter.unsubscribe.iter().filter(|_| letter.one_click);
    ways.find(|way| is_web_address(way)).map(String::as_str)
}

fn outcome(words: &Words, done: Unsubscribed) -> String {
    match done {
        Unsubscribed::Answered(status @ 200..=299) => {
            format!("<p class=\"note\" role=\"status\">{} {status}.</p>", words.unsubscribed)
        }
        Unsubscribed::Answered(status) => {
            format!("<p class=\"note note--bad\" role=\"alert\">{} {status}.</p>", words.refused)
        }
        Unsubscribed::Unreachable => {
            format!("<p class=\"note note--bad\" role=\"alert\">{}</p>", words.unreachable)
        }
    }
}
