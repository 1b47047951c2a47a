//! Pages customers see: no sign-in, no scripts, nothing loaded besides the page itself.
//!
//! They stand outside the console's frame and routes: their language is the reader's, their look the brand's,
//! and their style travels within them, so that one answer is the whole page.

mod customer;
mod join;
mod privacy;

pub use customer::{Chosen, CustomerPage, Notice, channel_name, chosen, customer_page};
pub use join::{
    JoinPage, JoinStep, JoinTyped, confirming_words, join_page, join_version, join_words,
};
pub use privacy::{PrivacyPage, privacy_page};

use crate::route::with_query;
use crate::text::public::{PublicText, Tongue};
use crate::ui::art;
use dispatch::color::Color;
use dispatch::view::FaceView;
use leptos::prelude::*;

/// The style of these pages, whole.
const STYLE: &str = include_str!("../../../style/public.css");

/// How a brand looks on these pages.
#[derive(Debug, Clone)]
pub struct Look {
    /// Its name.
    pub brand: String,
    /// Its colour.
    pub color: Option<Color>,
    /// The address of its logo.
    pub logo: Option<String>,
}

impl Look {
    /// That of a brand.
    #[must_use]
    pub fn of(face: &FaceView) -> Self {
        Self {
            brand: face.name.clone(),
            color: Some(face.color.unwrap_or_else(|| crate::ui::phone::color_of(&face.name))),
            logo: face.logo.as_ref().map(crate::route::logo),
        }
    }

    /// The bar at the top: whose page it is, and what for.
    fn bar(&self, subtitle: &'static str) -> AnyView {
        let logo = match self.logo.clone() {
            Some(address) => {
                view! { <img class="logo" src=address alt="" width="36" height="36"/> }.into_any()
            }
            None => {
                let letter = self.brand.chars().next();
                let letter: String = letter.map(|c| c.to_uppercase().collect()).unwrap_or_default();
                view! { <span class="logo" aria-hidden="true">{letter}</span> }.into_any()
            }
        };
        view! {
            <header class="top">
                {logo}
                <p><b>{self.brand.clone()}</b><span>{subtitle}</span></p>
            </header>
        }
        .into_any()
    }
}

/// The same page in the other languages. `query` is what else its address says.
fn languages(now: Tongue, path: &str, query: &[(&str, &str)]) -> AnyView {
    let t = PublicText(now);
    let links = Tongue::ALL
        .map(|tongue| {
            let code = tongue.code();
            let current = (tongue == now).then_some("true");
            let mut pairs = vec![("lang", code)];
            pairs.extend(query);
            view! {
                <a href=with_query(path, &pairs) lang=code hreflang=code aria-current=current>
                    {crate::text::language_name(code)}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="tongues" aria-label=t.page_language()>{links}</nav> }.into_any()
}

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
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
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
