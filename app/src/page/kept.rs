//! Pages in the place of one whose form could not be taken, with whatever of it is kept.

use super::{Ask, Screen};
use crate::form::{LEFT_OUT, MIB, Stop};
use crate::route;
use leptos::prelude::*;

/// The page to show instead of the one that was posted to; none when the form was taken.
pub(super) fn instead(ask: &Ask) -> Option<Screen> {
    let t = ask.t;
    let stop = Stop::of(&ask.form)?;
    let (title, words, todo) = match stop {
        // Who is signed in again sees the page itself.
        Stop::SignedOut if ask.guest().is_ok() => return None,
        Stop::SignedOut => return Some(signed_out(ask)),
        Stop::TooLarge => {
            let limit = ask.form.value_or(MIB, "1");
            (t.kept_too_large(), t.kept_too_large_words(limit), t.kept_too_large_do())
        }
        Stop::Cut => (t.kept_cut(), t.kept_cut_words().to_owned(), t.kept_cut_do()),
        Stop::Elsewhere => {
            let address = ask.desk.site.base_url.clone();
            (t.kept_elsewhere(), t.kept_elsewhere_words(address), t.kept_elsewhere_do())
        }
    };
    let body = view! {
        <h1>{title}</h1>
        <p>{words}</p>
        <p>{todo}</p>
        <p class="muted">{t.kept_still()}</p>
        <a class="btn btn--ink btn--l btn--wide" href=page(ask)>{t.kept_open()}</a>
    };
    Some(Screen::notice(title, body))
}

/// Everything typed waits in this page to be sent again. What is never kept has to be added in the form
/// itself: sent without it, a form might do something else.
fn signed_out(ask: &Ask) -> Screen {
    let t = ask.t;
    let incomplete = ask.form.value(LEFT_OUT).is_some();
    let fields = ask
        .form
        .values
        .iter()
        .map(|(name, text)| {
            view! { <input type="hidden" name=name.clone() value=text.clone()/> }
        })
        .collect_view();
    // As it came: texts of a form with a file may need more room in the other encoding.
    let encoding = came_in_parts().then_some("multipart/form-data");
    let send = if incomplete { t.kept_fill_in() } else { t.kept_send() };
    let body = view! {
        <h1>{t.kept_signed_out()}</h1>
        <p>{t.kept_signed_out_words()}</p>
        {incomplete.then(|| view! { <p>{t.kept_left_out()}</p> })}
        <a class="btn btn--l btn--wide" href=route::SIGN_IN target="_blank">{t.kept_sign_in()}</a>
        <form method="post" class="form" enctype=encoding>
            {fields}
            <button class="btn btn--ink btn--l btn--wide" type="submit">{send}</button>
        </form>
    };
    Screen::notice(t.kept_signed_out(), body)
}

/// The page that was posted to. A path of two slashes would be another site's address.
fn page(ask: &Ask) -> String {
    if ask.path.starts_with("//") || ask.path.contains('\\') {
        return route::HOME.to_owned();
    }
    format!("{}{}", ask.path, ask.query.to_query_string())
}

fn came_in_parts() -> bool {
    let parts = use_context::<http::request::Parts>();
    let kind = parts.as_ref().and_then(|parts| parts.headers.get(http::header::CONTENT_TYPE));
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"))
}
