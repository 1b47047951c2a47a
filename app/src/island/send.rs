//! Sends a form of the page and looks at what comes back.

use leptos::prelude::*;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{FormData, HtmlFormElement, RequestInit, Response, UrlSearchParams};

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
    let Some((url, request)) = request(form) else { return false };
    let came = {
        let (form, then) = (form.clone(), then.clone());
        Closure::once(move |response: JsValue| {
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
        })
    };
    let lost = Closure::once(move |_: JsValue| then(Sent::Lost));
    let _ = window().fetch_with_str_and_init(&url, &request).then2(&came, &lost);
    // One of them is called once, and frees itself by that; the other is a few bytes.
    came.forget();
    lost.forget();
    true
}

fn request(form: &HtmlFormElement) -> Option<(String, RequestInit)> {
    let data = FormData::new_with_form(form).ok()?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&body);
    Some((form.action(), request))
}
