//! While a text is in review, its page looks how it stands: quietly, ever less often, and not while nobody sees it.
//!
//! The server's page says it. Its notes, tabs and the way to try the text are put where they stand in this one; the
//! form, and whatever is typed into it, is left alone.

use super::forecast::then;
use super::{Desk, REVIEW, REVIEW_SAID, REVIEW_TABS, REVIEW_TRIAL, dom, form};
use dispatch::template::Review;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use std::time::Duration;
use web_sys::{Document, DomParser, Element, HtmlFormElement, Response, SupportedType};

/// The first look: the provider may answer within seconds.
const SOONEST: Duration = Duration::from_secs(3);
/// From some minutes on: it may take a day.
const LATEST: Duration = Duration::from_secs(30);

/// What a look amounts to.
enum Seen {
    /// To be looked at again.
    Waiting,
    /// There is nothing more to come.
    Over,
}

impl Desk {
    /// Looks until the review has ended.
    pub(super) fn watch(self) {
        if place(REVIEW).is_some_and(|notes| is_waiting(&notes)) {
            self.look_after(SOONEST);
        }
    }

    fn look_after(self, pause: Duration) {
        let look = move || {
            if document().hidden() { self.look_after(pause) } else { self.look_once(pause) }
        };
        set_timeout(look, pause);
    }

    fn look_once(self, pause: Duration) {
        let again = move || self.look_after((pause * 3 / 2).min(LATEST));
        let read = move |page: JsValue| match self.see(&page.as_string().unwrap_or_default()) {
            Some(Seen::Waiting) => again(),
            // Over; or another page, for instance to sign in.
            Some(Seen::Over) | None => {}
        };
        let came = move |response: JsValue| match response.dyn_into::<Response>().map(|r| r.text())
        {
            Ok(Ok(text)) => then(&text, read, again),
            _ => again(),
        };
        let form = self.ground().and_then(|ground| form(&ground));
        let form = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        // The form goes to its own page.
        if let Some(form) = form {
            then(&window().fetch_with_str(&form.action()), came, again);
        }
    }

    /// Takes over what a page says of the review, when it says something else.
    fn see(self, page: &str) -> Option<Seen> {
        let page = DomParser::new().ok()?.parse_from_string(page, SupportedType::TextHtml).ok()?;
        let (notes, new) = (place(REVIEW)?, page.get_element_by_id(REVIEW)?);
        if version(&page) != version(&document()) {
            // Somebody wrote the next one meanwhile: saving will tell.
            return Some(Seen::Over);
        }
        let reads = document().active_element().is_some_and(|at| notes.contains(Some(&at)));
        if is_waiting(&new) || reads {
            return Some(Seen::Waiting);
        }
        // Our own server's page, in which whatever was typed is escaped.
        for id in [REVIEW, REVIEW_TABS, REVIEW_TRIAL] {
            if let (Some(old), Some(new)) = (place(id), page.get_element_by_id(id)) {
                old.set_inner_html(&new.inner_html());
            }
        }
        let _ = notes.set_attribute("data-review", &new.get_attribute("data-review")?);
        let open = self.ground().and_then(|ground| form(&ground));
        if open.is_some_and(|form| !form.has_attribute("data-closed")) {
            for live in dom::all(&notes, "[data-live]") {
                live.set_text_content(None);
                self.draw("refused", String::new(), live);
            }
        }
        let said = new.get_attribute("data-said").unwrap_or_default();
        place(REVIEW_SAID)?.set_text_content(Some(&said));
        Some(Seen::Over)
    }
}

fn place(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

fn is_waiting(notes: &Element) -> bool {
    notes.get_attribute("data-review").as_deref() == Some(Review::Submitted.word())
}

/// The version a page's form was made from.
fn version(page: &Document) -> Option<String> {
    page.query_selector("#template [name=version]").ok()??.get_attribute("value")
}
