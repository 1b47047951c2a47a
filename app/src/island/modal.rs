//! A dialog awake: the focus goes into it and stays, Escape leaves.

#![expect(missing_docs, reason = "the macro makes a type that nobody names")]

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html};
use web_sys::HtmlElement;

/// What can have the focus.
const FOCUSABLE: &str =
    "a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select, textarea";

/// The box of a question the page asks. It is drawn by the server, so it works asleep as well.
#[island]
pub fn ModalBox(
    /// Id of its heading.
    label: String,
    /// Heading and content; the link marked `data-cancel` leaves.
    children: Children,
) -> impl IntoView {
    let ground = NodeRef::<html::Section>::new();
    let heading = label.clone();
    Effect::new(move |_| {
        if let Some(ground) = ground.get() {
            // The heading, not the first field: whoever listens hears first what is asked.
            focus(&ground, &format!("#{heading}"));
        }
    });
    let key = move |event: ev::KeyboardEvent| {
        let Some(ground) = ground.get_untracked() else { return };
        match event.key().as_str() {
            "Escape" => {
                event.prevent_default();
                if let Some(link) = find(&ground, "[data-cancel]") {
                    link.click();
                }
            }
            "Tab" => {
                let all = list(&ground);
                let (Some(first), Some(last)) = (all.first(), all.last()) else { return };
                let now = document().active_element();
                let at = |element: &HtmlElement| now.as_ref() == Some(element.as_ref());
                let outside = !all.iter().any(at);
                let onto = match event.shift_key() {
                    true if at(first) || outside => last,
                    false if at(last) => first,
                    _ => return,
                };
                event.prevent_default();
                // A browser that refuses leaves the focus where it is.
                let _ = onto.focus();
            }
            _ => {}
        }
    };
    view! {
        <div class="dialog">
            <section
                class="dialog__box"
                role="dialog"
                aria-modal="true"
                aria-labelledby=label
                node_ref=ground
                on:keydown=key
            >
                {children()}
            </section>
        </div>
    }
}

fn find(ground: &web_sys::Element, selector: &str) -> Option<HtmlElement> {
    ground.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn focus(ground: &web_sys::Element, selector: &str) {
    if let Some(element) = find(ground, selector) {
        let _ = element.focus();
    }
}

fn list(ground: &web_sys::Element) -> Vec<HtmlElement> {
    let Ok(list) = ground.query_selector_all(FOCUSABLE) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}
