//! The list of phones and inboxes, and one phone.

use std::{cmp::Reverse, sync::Arc};

use super::{
    chat::{self, Screen},
    html::e,
    texts::{self, Unsent},
    view::{App, View, clock, empty, hidden},
};
use crate::state::{Sandbox, identity, mail::Mail, message::Message, number::Number, world::World};

/// Phones, and inboxes, on one page of the list.
const MOST_PHONES: usize = 50;

/// Everybody who was sent something, latest first.
pub(super) fn list(sandbox: &Sandbox, view: &View, search: &str) -> String {
    let words = view.words();
    let digits: String = search.chars().filter(char::is_ascii_digit).collect();
    // Letters are never part of a number.
    let is_number = search.is_empty() || !digits.is_empty() && !search.contains('@');
    let letters = search.trim().to_lowercase();
    let world = sandbox.world();
    let mut found: Vec<(&Arc<str>, &Message)> =
        world.phones().filter(|(phone, _)| is_number && phone.contains(&digits)).collect();
    found.sort_unstable_by_key(|(_, newest)| Reverse(newest.seq));
    let mut inboxes: Vec<(&Arc<str>, &Mail)> =
        world.mails.inboxes().filter(|(address, _)| address.contains(&letters)).collect();
    inboxes.sort_unstable_by_key(|(_, newest)| Reverse(newest.seq));
    let rows: String = found
        .iter()
        .take(MOST_PHONES)
        .map(|(phone, newest)| {
            format!(
                "<li><a href=\"{address}\"><b>+{phone}</b><span class=\"faint\">{at}</span>\
                 <span class=\"clip\">{text}</span><span class=\"faint\">{who}</span></a></li>",
                address = e(&view.phone_address(phone, view.sender.as_deref())),
                at = clock(newest.at),
                who = e(&correspondent(&world, newest)),
                text = e(&newest.content.body),
            )
        })
        .collect();
    let phones = if !rows.is_empty() {
        let more = if found.len() > MOST_PHONES { words.more_phones } else { "" };
        format!("<ul class=\"people\">{rows}</ul><p class=\"faint\">{more}</p>")
    } else if search.is_empty() {
        format!("<div class=\"void\">{}</div>", empty(words.no_phones, words.no_phones_how))
    } else if inboxes.is_empty() {
        format!("<p>{}</p>", words.none_found)
    } else {
        String::new()
    };
    let mails = if inboxes.is_empty() { String::new() } else { mailboxes(view, &inboxes) };
    // A phone nobody wrote to can write first: whoever signs up does.
    let another = identity::digits(search)
        .filter(|digits| !found.iter().any(|(phone, _)| ***phone == **digits))
        .map_or_else(String::new, |digits| {
            let address = view.phone_address(&digits, view.sender.as_deref());
            format!(
                "<p><a class=\"btn\" href=\"{}\">{} +{digits}</a></p>",
                e(&address),
                words.open_anyway
            )
        });
    let kept: String = std::iter::once(("sender", view.sender.as_deref()))
        .chain(view.kept())
        .filter_map(|(name, value)| Some(hidden(name, value?)))
        .collect();
    let main = format!(
        "<main class=\"page page--lists\" id=\"main\"><header><h1>{title}</h1><p>{intro}</p></header>\
         <form class=\"find\" action=\"/phones\" role=\"search\">{kept}<label>{label}\
         <input type=\"search\" name=\"q\" value=\"{search}\" autocomplete=\"off\" \
         autocapitalize=\"none\"></label><button class=\"btn\">{button}</button></form>\
         <div class=\"lists\"><section>{heading}{phones}{another}</section>{mails}</div></main>",
        title = words.phones,
        intro = words.intro,
        heading = if mails.is_empty() {
            String::new()
        } else {
            format!("<h2>{}</h2>", words.phones_alone)
        },
        label = words.search,
        search = e(search),
        button = words.search_button,
    );
    view.frame(words.phones, &main)
}

/// Whom the newest message of a phone was exchanged with.
fn correspondent(world: &World, message: &Message) -> String {
    match &message.sms {
        Some(sms) => {
            let known = world.sms.sender(&sms.account, &message.number);
            let name = known.and_then(|known| known.name.as_deref()).unwrap_or(&message.number);
            format!("{name}, SMS")
        }
        None => world.number(&message.number).map_or("", Number::verified_name).to_owned(),
    }
}

fn mailboxes(view: &View, inboxes: &[(&Arc<str>, &Mail)]) -> String {
    let words = view.words();
    let rows: String = inboxes
        .iter()
        .take(MOST_PHONES)
        .map(|(address, newest)| {
            format!(
                "<li><a href=\"{href}\"><b>{address}</b><span class=\"faint\">{at}</span>\
                 <span class=\"clip\">{subject}</span></a></li>",
                href = e(&view.inbox_address(address, None)),
                address = e(address),
                at = clock(newest.at),
                subject = e(newest.letter.subject.as_deref().unwrap_or(words.no_subject)),
            )
        })
        .collect();
    let more = if inboxes.len() > MOST_PHONES { words.more_phones } else { "" };
    format!(
        "<section aria-labelledby=\"inboxes\"><h2 id=\"inboxes\">{}</h2>\
         <ul class=\"people\">{rows}</ul><p class=\"faint\">{more}</p></section>",
        words.inboxes
    )
}

/// An address that names no phone, or no inbox.
pub(super) fn unknown(view: &View, title: &str, how: &str) -> String {
    let main = format!(
        "<main class=\"page\" id=\"main\"><header><h1>{title}</h1><p>{how}</p></header></main>"
    );
    view.frame(title, &main)
}

/// What could not be written on a phone.
pub(super) enum Refused<'a> {
    WhatsApp(&'a str),
    Sms(Unsent<'a>),
}

/// One phone with its apps.
pub(super) fn phone(
    sandbox: &Sandbox,
    view: &View,
    phone: &str,
    refused: Option<&Refused<'_>>,
) -> String {
    let words = view.words();
    let world = sandbox.world();
    let (note, unsent) = match refused {
        Some(Refused::WhatsApp(note)) => (Some(*note), None),
        Some(Refused::Sms(unsent)) => (None, Some(unsent)),
        None => (None, None),
    };
    let chat = chat::screen(&world, view, phone, note);
    let texts = texts::screen(&world, view, phone, unsent);
    let header = if view.embed {
        format!("<h1 class=\"sr\">+{phone}</h1>")
    } else {
        format!("<header><h1>+{phone}</h1></header>")
    };
    // In a frame there is room for one: where somebody wrote, WhatsApp first.
    let only = view.app.or_else(|| {
        let is_text = chat.is_empty && !texts.is_empty;
        view.embed.then_some(if is_text { App::Sms } else { App::WhatsApp })
    });
    // The same again, also when another app has news meanwhile.
    let app_again = only.filter(|_| view.app.is_none()).map(App::as_str);
    let query = view.query(&[
        ("sender", chat.shown.as_deref()),
        ("texts", texts.shown.as_deref()),
        ("app", app_again),
    ]);
    let main = format!(
        "<main class=\"page page--phone\" id=\"main\" data-events=\"/phones/+{phone}/events\" \
         data-part=\"/phones/+{phone}{query}\">{header}<div class=\"apps\">{chat}{texts}</div>\
         <noscript><p><a href=\"/phones/+{phone}{query}\">{reload}</a></p></noscript></main>",
        chat = app(App::WhatsApp, &chat, chat.is_empty && !texts.is_empty, only),
        texts = app(App::Sms, &texts, texts.is_empty, only),
        query = e(&query),
        reload = words.reload,
    );
    view.frame(&format!("+{phone}"), &main)
}

/// One app of a phone. What is empty is there and not shown, so that the script can show it.
fn app(app: App, screen: &Screen, is_empty: bool, only: Option<App>) -> String {
    let id = app.as_str();
    let name = match app {
        App::WhatsApp => "WhatsApp",
        App::Sms => "SMS",
    };
    let attributes = format!("id=\"{id}\" aria-label=\"{name}\" data-app");
    let Screen { talks, html, .. } = screen;
    match only {
        Some(only) if only != app => String::new(),
        Some(_) => format!("<section class=\"app\" {attributes}>{talks}{html}</section>"),
        None => {
            let class = if is_empty { " is-empty" } else { "" };
            format!(
                "<section class=\"app{class}\" {attributes}><div class=\"app__head\"><h2>{name}</h2>\
                 {talks}</div>{html}</section>"
            )
        }
    }
}
