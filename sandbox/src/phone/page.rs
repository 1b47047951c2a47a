//! The pages, written as text.

use std::{cmp::Reverse, sync::Arc};

use time::{Date, OffsetDateTime};

use super::{
    heading::heading,
    html::{BOLT, LINK, REPLY, SEND, e, icon, is_web_address},
    words::{Language, Words},
};
use crate::{
    control::instant,
    state::{
        Sandbox,
        faults::{Channel, Target},
        identity,
        message::{Button, Content, Message, Side},
        now,
        number::Number,
        world::World,
    },
};

/// Phones on one page of the list, and messages on one phone.
const MOST_PHONES: usize = 50;
const MOST_MESSAGES: usize = 100;

/// How a page was asked for; links and forms on it ask the same way.
pub(super) struct View {
    pub language: Language,
    /// The language was in the address, not only in the browser's settings.
    pub chosen: bool,
    pub theme: Option<&'static str>,
    pub embed: bool,
    pub sender: Option<String>,
}

impl View {
    fn words(&self) -> &'static Words {
        self.language.words()
    }

    /// What stands behind an address so that the next page looks the same.
    fn query(&self, sender: Option<&str>) -> String {
        let mut parts = Vec::new();
        parts.extend(sender.map(|sender| format!("sender={sender}")));
        parts.extend(self.chosen.then(|| format!("lang={}", self.language.code())));
        parts.extend(self.theme.map(|theme| format!("theme={theme}")));
        parts.extend(self.embed.then(|| "embed=1".to_owned()));
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }

    pub(super) fn phone_address(&self, phone: &str, sender: Option<&str>) -> String {
        let sender = sender.filter(|sender| identity::is_numeric_id(sender));
        format!("/phones/+{phone}{}", self.query(sender))
    }

    fn frame(&self, title: &str, main: &str) -> String {
        let words = self.words();
        let theme = self.theme.map_or_else(String::new, |theme| format!(" data-theme=\"{theme}\""));
        let (class, bar) = if self.embed {
            (" class=\"embed\"", String::new())
        } else {
            let all = words.all_phones;
            let query = self.query(None);
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
            version = env!("CARGO_PKG_VERSION"),
        )
    }
}

/// Everybody who was sent something, latest first.
pub(super) fn list(sandbox: &Sandbox, view: &View, search: &str) -> String {
    let words = view.words();
    let wanted: String = search.chars().filter(char::is_ascii_digit).collect();
    let world = sandbox.world();
    let mut found: Vec<(&Arc<str>, &Message)> =
        world.phones().filter(|(phone, _)| phone.contains(&wanted)).collect();
    found.sort_unstable_by_key(|(_, newest)| Reverse(newest.seq));
    let rows: String = found
        .iter()
        .take(MOST_PHONES)
        .map(|(phone, newest)| {
            format!(
                "<li><a href=\"{address}\"><b>+{phone}</b><span class=\"faint\">{at}</span>\
                 <span class=\"clip\">{text}</span><span class=\"faint\">{shop}</span></a></li>",
                address = e(&view.phone_address(phone, view.sender.as_deref())),
                at = clock(newest.at),
                shop = e(world.number(&newest.number).map_or("", Number::verified_name)),
                text = e(&newest.content.body),
            )
        })
        .collect();
    let what = if !rows.is_empty() {
        let more = if found.len() > MOST_PHONES { words.more_phones } else { "" };
        format!("<ul class=\"people\">{rows}</ul><p class=\"faint\">{more}</p>")
    } else if search.is_empty() {
        format!("<div class=\"void\">{}</div>", empty(words.no_phones, words.no_phones_how))
    } else {
        format!("<p>{}</p>", words.none_found)
    };
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
    let kept: String = [
        view.sender.as_deref().map(|sender| ("sender", sender)),
        view.chosen.then(|| ("lang", view.language.code())),
        view.theme.map(|theme| ("theme", theme)),
        view.embed.then_some(("embed", "1")),
    ]
    .into_iter()
    .flatten()
    .map(|(name, value)| hidden(name, value))
    .collect();
    let main = format!(
        "<main class=\"page\" id=\"main\"><header><h1>{phones}</h1><p>{intro}</p></header>\
         <form class=\"find\" action=\"/phones\" role=\"search\">{kept}<label>{label}\
         <input type=\"search\" name=\"q\" value=\"{search}\" inputmode=\"tel\" \
         autocomplete=\"off\"></label><button class=\"btn\">{button}</button></form>{what}{another}</main>",
        phones = words.phones,
        intro = words.intro,
        label = words.search,
        search = e(search),
        button = words.search_button,
    );
    view.frame(words.phones, &main)
}

/// An address that names no phone.
pub(super) fn unknown(view: &View) -> String {
    let words = view.words();
    let main = format!(
        "<main class=\"page\" id=\"main\"><header><h1>{}</h1><p>{}</p></header></main>",
        words.not_found, words.not_found_how
    );
    view.frame(words.not_found, &main)
}

/// One phone, with the conversation that was asked for or else the latest.
pub(super) fn phone(sandbox: &Sandbox, view: &View, phone: &str, note: Option<&str>) -> String {
    let words = view.words();
    let world = sandbox.world();
    let senders = senders(&world, phone);
    let sender = view
        .sender
        .as_deref()
        .and_then(|asked| world.number(asked))
        .or_else(|| world.number(senders.first()?))
        // Nobody wrote yet: whoever could.
        .or_else(|| world.numbers().min_by_key(|number| number.id.clone()));
    let shop = sender.map_or("Sandbox", Number::verified_name);
    let query = view.query(sender.map(|sender| &*sender.id));
    let talks = if senders.len() > 1 && !view.embed {
        let current = sender.map_or("", |sender| &*sender.id);
        conversations(&world, view, phone, &senders, current)
    } else {
        String::new()
    };
    let header = if view.embed {
        format!("<h1 class=\"sr\">+{phone}</h1>")
    } else {
        format!("<header><h1>+{phone}</h1></header>")
    };
    let entries = match sender {
        Some(sender) => entries(&world, words, view, sender, phone, now()),
        None => String::new(),
    };
    let entries = if entries.is_empty() {
        let void = empty(words.nothing_yet, words.nothing_yet_how);
        format!("<div id=\"void\" class=\"void\">{void}</div>")
    } else {
        entries
    };
    let note = note.map_or_else(String::new, |note| {
        format!("<p class=\"phone__note\" role=\"alert\">{note}</p>")
    });
    let answer = match sender {
        Some(sender) => format!(
            "<form class=\"phone__in\" method=\"post\" action=\"/phones/+{phone}/reply{query}\">\
             {sender}<label class=\"sr\" for=\"answer\">{label}</label>\
             <input id=\"answer\" name=\"text\" placeholder=\"{label}\" required \
             maxlength=\"4096\" autocomplete=\"off\" enterkeyhint=\"send\">\
             <button aria-label=\"{send}\">{icon}</button></form>",
            query = e(&query),
            sender = hidden("sender", &sender.id),
            label = words.answer,
            send = words.send,
            icon = icon(SEND),
        ),
        None => format!("<div class=\"phone__in\"><p>{}</p></div>", words.no_business),
    };
    let main = format!(
        "<main class=\"page page--phone\" id=\"main\">{header}{talks}\
         <div class=\"phone\"><div class=\"phone__screen\">\
         <div class=\"phone__clock\">{time}<span>Sandbox</span></div>\
         <div class=\"phone__top\"><span class=\"logo\" aria-hidden=\"true\">{initial}</span>\
         <span><b>{shop}</b><small>{business}</small></span></div>\
         <div class=\"chat\" role=\"log\" aria-label=\"{label} {shop}\" aria-relevant=\"additions\" \
         tabindex=\"0\"><div class=\"chat__list\" data-events=\"/phones/+{phone}/events\" \
         data-part=\"/phones/+{phone}{query}\">{entries}</div></div>\
         {note}{answer}</div></div>\
         <noscript><p><a href=\"/phones/+{phone}{query}\">{reload}</a></p></noscript></main>",
        time = clock(now()),
        initial = e(&shop.chars().take(1).collect::<String>().to_uppercase()),
        shop = e(shop),
        business = words.business,
        label = words.messages,
        query = e(&query),
        reload = words.reload,
    );
    view.frame(&format!("+{phone}"), &main)
}

/// Numbers this phone talked with, latest first.
fn senders(world: &World, phone: &str) -> Vec<Arc<str>> {
    let mut senders: Vec<Arc<str>> = Vec::new();
    for message in world.on_phone(phone).rev().filter(|message| !message.is_sms()) {
        if !senders.contains(&message.number) {
            senders.push(message.number.clone());
        }
    }
    senders
}

fn conversations(
    world: &World,
    view: &View,
    phone: &str,
    senders: &[Arc<str>],
    current: &str,
) -> String {
    let links: String = senders
        .iter()
        .map(|sender| {
            let mark = if **sender == *current { " aria-current=\"page\"" } else { "" };
            let name = world.number(sender).map_or("", Number::verified_name);
            let address = view.phone_address(phone, Some(sender));
            format!("<a href=\"{}\"{mark}>{}</a>", e(&address), e(name))
        })
        .collect();
    format!("<nav class=\"talks\" aria-label=\"{}\">{links}</nav>", view.words().conversations)
}

/// The conversation with one number: days, bubbles, notes.
fn entries(
    world: &World,
    words: &Words,
    view: &View,
    sender: &Number,
    phone: &str,
    now: u64,
) -> String {
    let mut messages: Vec<&Message> = world
        .on_phone(phone)
        .rev()
        .filter(|message| message.number == sender.id && !message.is_sms())
        .take(MOST_MESSAGES)
        .collect();
    messages.reverse();
    let today = date(now);
    let mut day = None;
    let mut out = String::new();
    for message in messages {
        let this = date(message.at);
        if day != Some(this) {
            day = Some(this);
            out.push_str(&format!(
                "<span class=\"chat__day\" id=\"day-{this}\">{}</span>",
                day_name(words, this, today)
            ));
        }
        match message.failure() {
            Some(code) => out.push_str(&format!(
                "<p class=\"chat__sys chat__sys--bad\" id=\"m{}\">{}: {code}, {}</p>",
                message.seq,
                words.not_arrived,
                e(crate::api::error::known(code).1)
            )),
            None => out.push_str(&bubble(words, view, sender, message, now)),
        }
    }
    out.push_str(&faults(world, words, sender, phone));
    out
}

fn bubble(words: &Words, view: &View, sender: &Number, message: &Message, now: u64) -> String {
    let Content { header, body, footer, buttons } = &message.content;
    let (class, who, state) = match message.side {
        Side::Business => (
            "bub",
            format!("{} {}", sender.verified_name(), words.by_business),
            words.stage(message.stage(now)),
        ),
        Side::Person => ("bub bub--out", words.by_person.to_owned(), words.told(message.owed == 0)),
    };
    let header = header.as_ref().map_or_else(String::new, |header| heading(words, header));
    let footer = footer
        .as_ref()
        .map_or_else(String::new, |text| format!("<p class=\"foot\">{}</p>", e(text)));
    let buttons: String = buttons.iter().map(|one| button(words, view, message, one)).collect();
    format!(
        "<div class=\"{class}\" id=\"m{seq}\"><span class=\"sr\">{who}:</span>{header}\
         <p>{body}</p>{footer}<span class=\"bub__at\">{at}<span data-state>{state}</span></span>\
         {buttons}</div>",
        seq = message.seq,
        who = e(&who),
        body = e(body),
        at = clock(message.at),
    )
}

fn button(words: &Words, view: &View, message: &Message, button: &Button) -> String {
    match button {
        Button::Url { text, url } if is_web_address(url) => format!(
            "<a class=\"bub__b\" href=\"{url}\" target=\"_blank\" rel=\"noopener noreferrer\">{}{}\
             <span class=\"sr\">, {}</span><small class=\"bub__to\">{url}</small></a>",
            icon(LINK),
            e(text),
            words.opens_elsewhere,
            url = e(url),
        ),
        Button::QuickReply { text, payload } => format!(
            "<form method=\"post\" action=\"/phones/+{phone}/reply{query}\">{sender}{context}\
             {payload}{hidden_text}<button class=\"bub__b\">{icon}{text}</button></form>",
            phone = message.phone,
            query = e(&view.query(Some(&message.number))),
            sender = hidden("sender", &message.number),
            context = hidden("context", &message.id),
            payload = hidden("payload", payload),
            hidden_text = hidden("text", text),
            icon = icon(REPLY),
            text = e(text),
        ),
        Button::CopyCode { text, code } => {
            format!("<span class=\"bub__b\">{}: {}</span>", e(text), e(code))
        }
        Button::PhoneNumber { text, phone_number } => {
            format!("<span class=\"bub__b\">{}: {}</span>", e(text), e(phone_number))
        }
        Button::Url { text, .. } | Button::Other { text } => {
            format!("<span class=\"bub__b\">{}</span>", e(text))
        }
    }
}

/// Faults that would hit the next message to this phone.
fn faults(world: &World, words: &Words, sender: &Number, phone: &str) -> String {
    let target = Target {
        channel: Channel::WhatsApp,
        number: &sender.id,
        phone: Some(phone),
        template: None,
        address: None,
    };
    let in_force = world.faults.all().iter().filter(|fault| fault.is_in_force(&target));
    in_force
        .map(|fault| {
            format!(
                "<p class=\"chat__sys\" id=\"fault{}\">{}{}</p>",
                fault.id,
                icon(BOLT),
                words.fault(fault.kind)
            )
        })
        .collect()
}

fn empty(title: &str, how: &str) -> String {
    format!(
        "<svg width=\"72\" height=\"54\" viewBox=\"0 0 72 54\" aria-hidden=\"true\">\
         <rect x=\"12\" y=\"12\" width=\"48\" height=\"32\" rx=\"3\"/>\
         <path d=\"m13 14 23 18 23-18M2 20h6M4 28h4M2 36h6\"/></svg><b>{title}</b><p>{how}</p>"
    )
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", e(value))
}

/// The hour and minute, in UTC until the script makes it the reader's own.
fn clock(millis: u64) -> String {
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

fn date(millis: u64) -> Date {
    moment(millis).date()
}

fn day_name(words: &Words, day: Date, today: Date) -> String {
    if day == today {
        words.today.to_owned()
    } else if Some(day) == today.previous_day() {
        words.yesterday.to_owned()
    } else {
        let month = words.months[usize::from(u8::from(day.month())) - 1];
        format!("{} {month}", day.day())
    }
}
