//! A phone's WhatsApp: the conversation with one number.

use std::sync::Arc;

use super::{
    heading::heading,
    html::{BOLT, LINK, REPLY, SEND, e, icon, is_web_address},
    view::{View, clock, date, day_name, empty, hidden},
    words::Words,
};
use crate::state::{
    faults::{Channel, Target},
    message::{Button, Content, Message, Side},
    now,
    number::Number,
    world::World,
};

/// Messages on one phone.
pub(super) const MOST_MESSAGES: usize = 100;

/// What a phone shows with one app.
pub(super) struct Screen {
    /// Links to the other conversations.
    pub talks: String,
    pub html: String,
    /// Nobody wrote here yet.
    pub is_empty: bool,
    /// Whose conversation it is, so that the page can ask for the same one again.
    pub shown: Option<String>,
}

/// The conversation that was asked for, or else the latest.
pub(super) fn screen(world: &World, view: &View, phone: &str, note: Option<&str>) -> Screen {
    let words = view.words();
    let senders = senders(world, phone);
    let sender = view
        .sender
        .as_deref()
        .and_then(|asked| world.number(asked))
        .or_else(|| world.number(senders.first()?))
        // Nobody wrote yet: whoever could.
        .or_else(|| world.numbers().min_by_key(|number| number.id.clone()));
    let shop = sender.map_or("Sandbox", Number::verified_name);
    let query = view
        .query(&[("sender", sender.map(|sender| &*sender.id)), ("texts", view.texts.as_deref())]);
    let talks = if senders.len() > 1 && !view.embed {
        let current = sender.map_or("", |sender| &*sender.id);
        conversations(world, view, phone, &senders, current)
    } else {
        String::new()
    };
    let entries = match sender {
        Some(sender) => entries(world, words, view, sender, phone, now()),
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
    let html = format!(
        "<div class=\"phone\"><div class=\"phone__screen\">\
         <div class=\"phone__clock\">{time}<span>Sandbox</span></div>\
         <div class=\"phone__top\"><span class=\"logo\" aria-hidden=\"true\">{initial}</span>\
         <span><b>{shop}</b><small>{business}</small></span></div>\
         <div class=\"chat\" role=\"log\" aria-label=\"{label} {shop}\" aria-relevant=\"additions\" \
         tabindex=\"0\"><div class=\"chat__list\" data-list>{entries}</div></div>\
         {note}{answer}</div></div>",
        time = clock(now()),
        initial = e(&shop.chars().take(1).collect::<String>().to_uppercase()),
        shop = e(shop),
        business = words.business,
        label = words.messages,
    );
    let shown = sender.map(|sender| sender.id.to_string());
    Screen { talks, html, is_empty: senders.is_empty(), shown }
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
            query = e(&view.query(&[("sender", Some(&message.number))])),
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
