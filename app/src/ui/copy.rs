//! A button that copies a text. It appears where scripts run; elsewhere the text is selected by hand. Sixteen
//! lines of script instead of a bundle of islands: the pages that have it ship no other code.

use super::icon::{Icon, icon};
use crate::text::Text;
use leptos::nonce::use_nonce;
use leptos::prelude::*;

const SCRIPT: &str = include_str!("copy.js");

/// Copies the text of the element with this id.
pub fn copy_button(id: &'static str, t: Text) -> AnyView {
    view! {
        <button class="btn" type="button" hidden data-copies=id aria-describedby=format!("{id}-h")>
            {icon(Icon::Copy)}<span>{t.copy()}</span>
        </button>
        // Said to those who listen; empty until then.
        <span class="sr" role="status" data-copied=t.copied()></span>
    }
    .into_any()
}

/// Wakes the buttons of a page: once, after the last.
pub fn copying() -> AnyView {
    view! { <script type="module" nonce=use_nonce() inner_html=SCRIPT></script> }.into_any()
}
