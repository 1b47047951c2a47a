//! What the last 30 days would have become: the answer to the form's own button, fetched beside the page.
//!
//! It is asked for when typing rests and something has changed that decisions look at, or when the button is
//! pressed. The server's page says it; its parts are put where they stand in this one.

use super::{Desk, FORECAST_ANSWER, FORECAST_SAID, form};
use crate::act;
use crate::form::ACT;
use dispatch::template::{ButtonAct, Piece, scan};
use leptos::prelude::*;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use std::fmt::Write as _;
use std::time::Duration;
use web_sys::js_sys::Promise;
use web_sys::{
    DomParser, Element, FormData, HtmlFormElement, RequestInit, Response, SupportedType,
    UrlSearchParams,
};

/// How long nothing must be typed before it is counted: counting takes every core of the server.
const PAUSE: Duration = Duration::from_millis(1500);

/// Why there is no page to read the answer from.
#[derive(Clone, Copy)]
enum Lost {
    SignedOut,
    NoAnswer,
}

impl Desk {
    /// Counts whenever typing rests, until the page is left.
    pub(super) fn follow(self) {
        Effect::new(move |_| {
            self.draft.track();
            let faults = self.look.with(|look| look.faults());
            let matters = self.matters();
            if self.counted.with_value(|counted| counted.as_ref() == Some(&matters)) {
                return;
            }
            let untouched = self.counted.with_value(Option::is_none) && !self.is_changed();
            if untouched {
                return;
            }
            let turn = self.next_turn();
            self.grey(true);
            if faults > 0 {
                self.counted.set_value(Some(String::new()));
                return self.say(self.t.editor_forecast_repair());
            }
            self.say(self.t.editor_forecast_again());
            self.counted.set_value(Some(matters));
            set_timeout(
                move || {
                    if self.turn.get_value() == turn {
                        self.fetch(turn);
                    }
                },
                PAUSE,
            );
        });
    }

    /// Counts now.
    pub(super) fn ask(self) {
        self.read();
        self.counted.set_value(Some(self.matters()));
        let turn = self.next_turn();
        self.fetch(turn);
    }

    fn next_turn(self) -> u32 {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.turn.get_value()
    }

    /// What of the text a decision can turn on: its category, its tags, whether they may be missing, what the
    /// samples come to. Other words change nothing that would be counted.
    fn matters(self) -> String {
        self.look.with(|look| {
            let mut matters = self.draft.with(|draft| draft.category().word().to_owned());
            let content = &look.content;
            let targets = content.buttons.iter().map(|button| match &button.act {
                ButtonAct::Url { url } => url.as_str(),
                ButtonAct::Phone { .. } | ButtonAct::Reply { .. } => "",
            });
            let texts = [content.header.text(), content.body.as_str()];
            for text in texts.into_iter().chain(targets) {
                for piece in scan(text).0 {
                    if let Piece::Tag { tag, fallback, .. } = piece {
                        let _ = write!(matters, " {tag}{}", u8::from(fallback.is_some()));
                    }
                }
                matters.push('/');
            }
            let _ = write!(matters, "{} {}", look.faults(), look.failed.len());
            matters
        })
    }

    fn fetch(self, turn: u32) {
        self.say(self.t.impact_counting());
        self.grey(true);
        let still = move || self.turn.get_value() == turn;
        let lost = move |lost: Lost| {
            if still() {
                let reason = match lost {
                    Lost::SignedOut => self.t.ask_signed_out(),
                    Lost::NoAnswer => self.t.ask_unavailable(),
                };
                self.say(&self.t.editor_forecast_failed(reason));
            }
        };
        let read = move |page: JsValue| {
            if still() && self.take(&page.as_string().unwrap_or_default()).is_none() {
                lost(Lost::NoAnswer);
            }
        };
        let came = move |response: JsValue| match response.dyn_into::<Response>() {
            Ok(response) if response.status() == 401 => lost(Lost::SignedOut),
            Ok(response) => match response.text() {
                Ok(text) => then(&text, read, move || lost(Lost::NoAnswer)),
                Err(_) => lost(Lost::NoAnswer),
            },
            Err(_) => lost(Lost::NoAnswer),
        };
        let form = self.ground().and_then(|ground| form(&ground));
        let form = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        match form.and_then(|form| request(&form)) {
            Some((url, request)) => {
                let sent = window().fetch_with_str_and_init(&url, &request);
                then(&sent, came, move || lost(Lost::NoAnswer));
            }
            None => lost(Lost::NoAnswer),
        }
    }

    /// Puts the panel of an answered page in the place of this one's.
    fn take(self, page: &str) -> Option<()> {
        let page = DomParser::new().ok()?.parse_from_string(page, SupportedType::TextHtml).ok()?;
        let said = page.get_element_by_id(FORECAST_SAID)?;
        let answer = page.get_element_by_id(FORECAST_ANSWER)?;
        // Our own server's page, in which whatever was typed is escaped.
        place(FORECAST_ANSWER)?.set_inner_html(&answer.inner_html());
        self.grey(false);
        self.say(&said.text_content().unwrap_or_default());
        Some(())
    }

    fn say(self, words: &str) {
        if let Some(said) = place(FORECAST_SAID) {
            said.set_text_content(Some(words));
        }
    }

    /// Whether the answer that stands is one to another text.
    fn grey(self, is: bool) {
        if let Some(answer) = place(FORECAST_ANSWER) {
            let _ = answer.set_attribute("aria-busy", if is { "true" } else { "false" });
        }
    }
}

fn place(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// What a promise comes to. Only one of the two is called, once, and frees itself by that; the other is a few
/// bytes.
pub(super) fn then(
    promise: &Promise,
    came: impl FnOnce(JsValue) + 'static,
    lost: impl FnOnce() + 'static,
) {
    let came = Closure::once(came);
    let lost = Closure::once(move |_: JsValue| lost());
    let _ = promise.then2(&came, &lost);
    came.forget();
    lost.forget();
}

fn request(form: &HtmlFormElement) -> Option<(String, RequestInit)> {
    let data = FormData::new_with_form(form).ok()?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    body.append(ACT, act::PREVIEW);
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&body);
    Some((form.action(), request))
}
