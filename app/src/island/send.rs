//! Sends a form of the page and looks at what comes back.

use leptos::prelude::*;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::Promise;
use web_sys::{
    FormData, HtmlFormElement, HtmlInputElement, RequestInit, Response, UrlSearchParams,
};

/// How the sending went.
pub(super) enum Sent {
    /// The page of the answer is being opened.
    Answered,
    /// Nothing came back, or the server could not do it: nothing was changed.
    Lost,
}

/// Sends the form as the browser would. What was done or refused is answered by a page, which is opened;
/// `then` hears how it went. Answers whether it is on its way at all; if not, let the browser do it.
pub(super) fn send(form: &HtmlFormElement, then: impl Fn(Sent) + Clone + 'static) -> bool {
    let Some((url, request)) = request(form, None) else { return false };
    let came = {
        let (form, then) = (form.clone(), then.clone());
        move |response: JsValue| {
            let Ok(response) = response.dyn_into::<Response>() else { return then(Sent::Lost) };
            match response.status() {
                200..300 => {
                    then(Sent::Answered);
                    let _ = window().location().assign(&response.url());
                }
                // A page with what was typed and what is wrong: the browser fetches it itself.
                400..500 => {
                    then(Sent::Answered);
                    let _ = form.submit();
                }
                _ => then(Sent::Lost),
            }
        }
    };
    let lost = move |_: JsValue| then(Sent::Lost);
    hear(&window().fetch_with_str_and_init(&url, &request), came, lost);
    true
}

/// Sends the form as if a button of it was pressed, and hears the page of the answer; none where the server did not
/// answer or could not do it.
pub(super) fn ask(
    form: &HtmlFormElement,
    button: (&str, &str),
    then: impl Fn(Option<String>) + Clone + 'static,
) {
    let Some((url, request)) = request(form, Some(button)) else { return then(None) };
    let lost = {
        let then = then.clone();
        move |_: JsValue| then(None)
    };
    let came = {
        let lost = lost.clone();
        move |response: JsValue| match response.dyn_into::<Response>() {
            Ok(response) if response.status() < 500 => match response.text() {
                Ok(text) => {
                    let then = then.clone();
                    hear(&text, move |page: JsValue| then(page.as_string()), lost.clone());
                }
                Err(why) => lost(why),
            },
            _ => lost(JsValue::NULL),
        }
    };
    hear(&window().fetch_with_str_and_init(&url, &request), came, lost);
}

/// What a promise comes to. One of the two is called once, and frees itself by that; the other is a few bytes.
fn hear(
    promise: &Promise,
    came: impl FnOnce(JsValue) + 'static,
    lost: impl FnOnce(JsValue) + 'static,
) {
    let (came, lost) = (Closure::once(came), Closure::once(lost));
    let _ = promise.then2(&came, &lost);
    came.forget();
    lost.forget();
}

/// Sends the form as if a button of it was pressed, and leaves the rest to the browser.
pub(super) fn press(form: &HtmlFormElement, (name, value): (&str, &str)) {
    let field = document().create_element("input").ok();
    let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) else {
        return;
    };
    field.set_type("hidden");
    field.set_name(name);
    field.set_value(value);
    let _ = form.append_child(&field);
    let _ = form.submit();
}

fn request(form: &HtmlFormElement, button: Option<(&str, &str)>) -> Option<(String, RequestInit)> {
    let data = FormData::new_with_form(form).ok()?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    if let Some((name, value)) = button {
        body.append(name, value);
    }
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&body);
    Some((form.action(), request))
}
