//! A message as its recipient sees it. The phone is neutral on purpose: no messenger's colours.

use super::icon::{Icon, icon};
use leptos::prelude::*;

/// A message in its bubble.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bubble {
    /// The text; line breaks are kept.
    pub body: String,
    /// Under it, smaller.
    pub footer: Option<String>,
    /// When it was shown, or words such as "as it would have read".
    pub time: String,
    /// Words of its buttons.
    pub buttons: Vec<String>,
    /// Whether it was never sent: drawn as an outline.
    pub ghost: bool,
}

/// A bubble on its own ground, for a message's page.
pub fn bubble(bubble: Bubble) -> AnyView {
    view! {
        <div class=if bubble.ghost { "bub bub--ghost" } else { "bub" }>
            <p>{bubble.body}</p>
            {bubble.footer.map(|footer| view! { <p class="foot">{footer}</p> })}
            <time>{bubble.time}</time>
            {bubble
                .buttons
                .into_iter()
                .map(|words| view! { <span class="bub__b">{icon(Icon::Link)}{words}</span> })
                .collect_view()}
        </div>
    }
    .into_any()
}

/// The whole phone: who writes, and the bubbles in their order.
pub fn phone(name: &str, caption: &str, day: &str, bubbles: Vec<Bubble>) -> AnyView {
    let initial: String =
        name.chars().next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    view! {
        <div class="phone">
            <div class="phone__screen">
                <div class="phone__top">
                    <span class="logo logo--l logo--round" aria-hidden="true">{initial}</span>
                    <span class="two grow"><b>{name.to_owned()}</b><small>{caption.to_owned()}</small></span>
                </div>
                <div class="chat">
                    <span class="chat__day">{day.to_owned()}</span>
                    {bubbles.into_iter().map(bubble).collect_view()}
                </div>
            </div>
        </div>
    }
    .into_any()
}
