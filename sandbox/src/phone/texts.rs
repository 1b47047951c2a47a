//! A phone's SMS: the thread with one sender.

use std::sync::Arc;

use super::{
    chat::{MOST_MESSAGES, Screen},
    html::{BOLT, SEND, e, icon},
    view::{View, clock, date, day_name, empty, hidden, linked},
    words::Words,
};
use crate::{
    sms::{is_name, undelivered},
    state::{
        faults::{Channel, Target},
        message::{Message, Side},
        now,
        world::World,
    },
};

/// What could not be written, and why.
pub(super) struct Unsent<'a> {
    pub note: &'a str,
    pub typed: &'a str,
}

/// The thread that was asked for, or else the latest.
pub(super) fn screen(
    world: &World,
    view: &View,
    phone: &str,
    unsent: Option<&Unsent<'_>>,
) -> Screen {
    let words = view.words();
    let threads = world.sms_threads(phone);
    let asked = view.texts.as_deref();
    let sender = threads
        .iter()
        .find(|(_, sender)| Some(&**sender) == asked)
        .or(threads.first())
        .map(|(account, sender)| Thread { account, sender });
    let talks = if threads.len() > 1 && !view.embed {
        let current = sender.map_or("", |thread| thread.sender);
        conversations(world, view, phone, &threads, current)
    } else {
        String::new()
    };
    let entries = match sender {
        Some(thread) => entries(world, words, thread, phone, now()),
        None => format!(
            "<div id=\"void-sms\" class=\"void\">{}</div>",
            empty(words.no_texts, words.nothing_yet_how)
        ),
    };
    let name = sender.map_or("SMS", |thread| thread.name(world));
    let below = sender.map(|thread| thread.sender).filter(|sender| *sender != name);
    let initial: String = name.chars().find(|c| c.is_alphabetic()).into_iter().collect();
    let note = unsent.map_or_else(String::new, |unsent| {
        format!("<p class=\"phone__note\" role=\"alert\">{}</p>", unsent.note)
    });
    let answer = match sender {
        Some(thread) if is_name(thread.sender) => {
            format!("<div class=\"phone__in\"><p>{}</p></div>", words.no_answer)
        }
        Some(thread) => {
            let texts = Some(thread.sender);
            let query = view.query(&[("sender", view.sender.as_deref()), ("texts", texts)]);
            format!(
                "<form class=\"phone__in\" method=\"post\" action=\"/phones/+{phone}/sms{query}\">\
                 {sender}<label class=\"sr\" for=\"answer-sms\">{label}</label>\
                 <input id=\"answer-sms\" name=\"text\" placeholder=\"{label}\" required \
                 value=\"{typed}\" maxlength=\"1600\" autocomplete=\"off\" enterkeyhint=\"send\">\
                 <button aria-label=\"{send}\">{icon}</button></form>",
                query = e(&query),
                sender = hidden("sender", thread.sender),
                label = words.answer_sms,
                typed = e(unsent.map_or("", |unsent| unsent.typed)),
                send = words.send_sms,
                icon = icon(SEND),
            )
        }
        None => format!("<div class=\"phone__in\"><p>{}</p></div>", words.no_business),
    };
    let html = format!(
        "<div class=\"phone phone--sms\"><div class=\"phone__screen\">\
         <div class=\"phone__clock\">{time}<span>Sandbox</span></div>\
         <div class=\"phone__top\"><span class=\"logo\" aria-hidden=\"true\">{initial}</span>\
         <span><b>{name}</b><small>{below}</small></span></div>\
         <div class=\"chat\" role=\"log\" aria-label=\"{label} {name}\" aria-relevant=\"additions\" \
         tabindex=\"0\"><div class=\"chat__list\" data-list>{entries}</div></div>\
         {note}{answer}</div></div>",
        time = clock(now()),
        initial = e(if initial.is_empty() { "#" } else { &initial }),
        name = e(name),
        below = e(below.unwrap_or(words.text_message)),
        label = words.texts_with,
    );
    let shown = sender.map(|thread| thread.sender.to_owned());
    Screen { talks, html, is_empty: threads.is_empty(), shown }
}

/// Who a phone writes SMS with.
#[derive(Clone, Copy)]
struct Thread<'a> {
    account: &'a str,
    sender: &'a str,
}

impl<'a> Thread<'a> {
    /// As the address book has it, or the number.
    fn name(self, world: &'a World) -> &'a str {
        let known = world.sms.sender(self.account, self.sender);
        known.and_then(|known| known.name.as_deref()).unwrap_or(self.sender)
    }
}

fn conversations(
    world: &World,
    view: &View,
    phone: &str,
    threads: &[(Arc<str>, Arc<str>)],
    current: &str,
) -> String {
    let links: String = threads
        .iter()
        .map(|(account, sender)| {
            let mark = if **sender == *current { " aria-current=\"page\"" } else { "" };
            let name = Thread { account, sender }.name(world);
            let address = view.texts_address(phone, sender);
            format!("<a href=\"{}#sms\"{mark}>{}</a>", e(&address), e(name))
        })
        .collect();
    format!("<nav class=\"talks\" aria-label=\"{}\">{links}</nav>", view.words().threads)
}

/// Days, bubbles, notes.
fn entries(world: &World, words: &Words, thread: Thread<'_>, phone: &str, now: u64) -> String {
    let mut messages: Vec<&Message> = world
        .on_phone(phone)
        .rev()
        .filter(|message| message.is_sms() && *message.number == *thread.sender)
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
                "<span class=\"chat__day\" id=\"sms-day-{this}\">{}</span>",
                day_name(words, this, today)
            ));
        }
        out.push_str(&match message.failure() {
            Some(code) => format!(
                "<p class=\"chat__sys chat__sys--bad\" id=\"m{}\">{}: {code}, {}</p>",
                message.seq,
                words.not_arrived,
                undelivered(code)
            ),
            None if !message.is_on_phone() => format!(
                "<p class=\"chat__sys chat__sys--bad\" id=\"m{}\">{}</p>",
                message.seq, words.unheard
            ),
            None => bubble(world, words, thread, message, now),
        });
    }
    if world.sms.has_stopped(thread.account, thread.sender, phone) {
        out.push_str(&format!("<p class=\"chat__sys\" id=\"stopped\">{}</p>", words.stopped));
    }
    out.push_str(&faults(world, words, thread, phone));
    out
}

fn bubble(world: &World, words: &Words, thread: Thread<'_>, message: &Message, now: u64) -> String {
    let (class, who, state) = match message.side {
        Side::Business => (
            "bub bub--sms",
            format!("{} {}", thread.name(world), words.by_business),
            words.stage(message.stage(now)),
        ),
        Side::Person => {
            ("bub bub--sms bub--out", words.by_person.to_owned(), words.told(message.owed == 0))
        }
    };
    let segments = message.sms.as_ref().map_or(1, |sms| sms.segments);
    let parts = if segments > 1 {
        format!("<span>{segments} {}</span>", words.segments)
    } else {
        String::new()
    };
    format!(
        "<div class=\"{class}\" id=\"m{seq}\"><span class=\"sr\">{who}:</span>\
         <p>{body}</p><span class=\"bub__at\">{parts}{at}<span data-state>{state}</span></span></div>",
        seq = message.seq,
        who = e(&who),
        body = linked(words, &message.content.body),
        at = clock(message.at),
    )
}

/// Faults that would hit the next SMS to this phone.
fn faults(world: &World, words: &Words, thread: Thread<'_>, phone: &str) -> String {
    let target = Target {
        channel: Channel::Sms,
        number: thread.sender,
        phone: Some(phone),
        template: None,
        address: None,
    };
    let in_force = world.faults.all().iter().filter(|fault| fault.is_in_force(&target));
    in_force
        .map(|fault| {
            format!(
                "<p class=\"chat__sys\" id=\"sms-fault{}\">{}{}</p>",
                fault.id,
                icon(BOLT),
                words.fault(fault.kind)
            )
        })
        .collect()
}
