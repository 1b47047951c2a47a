//! Pages customers see: no sign-in, no scripts, nothing loaded besides the page itself.
//!
//! They stand outside the console's frame and routes: their language is the reader's, their look the brand's,
//! and their style travels within them, so that one answer is the whole page.

mod customer;

pub use customer::{Chosen, CustomerPage, Notice, channel_name, chosen, customer_page};

use crate::text::public::{PublicText, Tongue};
use crate::ui::art;
use dispatch::color::Color;
use leptos::prelude::*;

/// The style of these pages, whole.
const STYLE: &str = include_str!("../../../style/public.css");

/// The document around a page. `color` is the brand's, darkened where white on it could not be read.
fn document(
    tongue: Tongue,
    title: String,
    nonce: &str,
    color: Option<Color>,
    body: impl IntoView + 'static,
) -> String {
    let own = color.map(|color| format!(":root{{--brand:{}}}", color.under_white()));
    let style = format!("{STYLE}{}", own.unwrap_or_default());
    let page = view! {
        <html lang=tongue.code()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="robots" content="noindex, nofollow"/>
                <meta name="referrer" content="no-referrer"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{title}</title>
                <style nonce=nonce.to_owned() inner_html=style></style>
            </head>
            <body>{body}</body>
        </html>
    };
    format!("<!DOCTYPE html>{}", page.to_html())
}

fn carried(t: PublicText) -> AnyView {
    view! { <p class="carried">{art::glyph()}{t.page_carried()}</p> }.into_any()
}

/// A page that only says something: the same whether a link is unknown, forged or cut off.
#[must_use]
pub fn plain(tongue: Tongue, nonce: &str, title: &str, words: &str) -> String {
    let t = PublicText(tongue);
    let (title, words) = (title.to_owned(), words.to_owned());
    let body = view! {
        <main>
            <div><h1>{title.clone()}</h1><p>{words}</p></div>
            <footer>{carried(t)}</footer>
        </main>
    };
    document(tongue, title, nonce, None, body)
}
