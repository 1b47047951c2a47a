//! A message as its recipient sees it. The phone is neutral on purpose: no messenger's colours.

use super::icon::{Icon, icon};
use crate::route;
#[cfg(feature = "ssr")]
use dispatch::color::Color;
use dispatch::template::{ButtonKind, Rendered, RenderedAct, RenderedHeader};
use leptos::prelude::*;

/// A message in its bubble.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bubble {
    /// What stands above the text.
    pub top: Option<Top>,
    /// The text; line breaks are kept.
    pub body: String,
    /// Under it, smaller.
    pub footer: Option<String>,
    /// When it was shown, or words such as "as it would have read".
    pub time: String,
    /// Its buttons: what they do, and the words on them.
    pub buttons: Vec<(ButtonKind, String)>,
    /// Whether it was never sent: drawn as an outline.
    pub ghost: bool,
}

/// What stands above the text of a bubble. Pictures of other hosts are not loaded: their
/// address is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Top {
    /// A line in bold.
    Words(String),
    /// A picture, by its address.
    Picture(String),
    /// A document, by its name.
    Document(String),
    /// A place, by its name.
    Place(String),
}

impl Bubble {
    /// A finished message.
    #[must_use]
    pub fn of(rendered: &Rendered, time: String) -> Self {
        let top = rendered.header.as_ref().map(|header| match header {
            RenderedHeader::Text { text, .. } => Top::Words(text.clone()),
            RenderedHeader::Image { link } => Top::Picture(link.clone()),
            RenderedHeader::Document { name, .. } => Top::Document(name.clone()),
            RenderedHeader::Location { name, .. } => Top::Place(name.clone()),
        });
        let subject = rendered.mail.as_ref().map(|mail| Top::Words(mail.subject.clone()));
        let top = top.or(subject);
        let buttons = rendered.buttons.iter().map(|button| {
            let kind = match &button.does {
                RenderedAct::Url { .. } => ButtonKind::Url,
                RenderedAct::Reply { .. } => ButtonKind::Reply,
                RenderedAct::Phone { .. } => ButtonKind::Phone,
            };
            (kind, button.label.clone())
        });
        Self {
            top,
            body: rendered.body.clone(),
            footer: rendered.footer.clone(),
            time,
            buttons: buttons.collect(),
            ghost: false,
        }
    }
}

fn top(top: Top) -> AnyView {
    let (class, symbol, words) = match top {
        Top::Words(words) => return view! { <p class="bub__top"><b>{words}</b></p> }.into_any(),
        Top::Picture(link) => match route::media_path(&link) {
            Some(own) => {
                let own = own.to_owned();
                return view! { <img class="bub__picture" src=own alt=""/> }.into_any();
            }
            None => ("bub__media bub__media--picture", Icon::Image, link),
        },
        Top::Document(name) => ("bub__media", Icon::File, name),
        Top::Place(name) => ("bub__media bub__media--place", Icon::Pin, name),
    };
    view! { <p class=class>{icon(symbol)}<span>{words}</span></p> }.into_any()
}

/// A bubble on its own ground, for a message's page. The text finds its own direction: Arabic reads from
/// right to left also in an English screen.
pub fn bubble(bubble: Bubble) -> AnyView {
    view! {
        <div class=if bubble.ghost { "bub bub--ghost" } else { "bub" }>
            {bubble.top.map(top)}
            <p dir="auto">{bubble.body}</p>
            {bubble.footer.map(|footer| view! { <p class="foot" dir="auto">{footer}</p> })}
            <time>{bubble.time}</time>
            {bubble
                .buttons
                .into_iter()
                .map(|(kind, words)| {
                    let symbol = match kind {
                        ButtonKind::Url => Icon::Link,
                        ButtonKind::Reply => Icon::Reply,
                        ButtonKind::Phone => Icon::Phone,
                    };
                    view! { <span class="bub__b" dir="auto">{icon(symbol)}{words}</span> }
                })
                .collect_view()}
        </div>
    }
    .into_any()
}

/// The ground of a brand's letter: one of a few quiet ones, always the same for a name.
#[must_use]
pub fn ground(name: &str) -> &'static str {
    match hash(name) {
        0 => "",
        1 => "logo--cap",
        2 => "logo--lum",
        _ => "logo--sea",
    }
}

/// The same ground as a colour, where a style sheet of ours does not reach: pages customers see, and
/// what a shop takes along. The values stand in `style/frame.css` beside their classes.
#[cfg(feature = "ssr")]
#[must_use]
pub fn color_of(name: &str) -> Color {
    match hash(name) {
        0 => Color::rgb(0x22, 0x46, 0x3d),
        1 => Color::rgb(0x7b, 0x3b, 0x2e),
        2 => Color::rgb(0x3d, 0x3a, 0x55),
        _ => Color::rgb(0x1f, 0x4a, 0x5e),
    }
}

fn hash(name: &str) -> u32 {
    name.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % 4
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_brand_without_a_colour_has_the_same_one_everywhere() {
        let style = include_str!("../../../style/frame.css");
        for name in ["a", "b", "c", "d"] {
            let class = ground(name);
            let rule = if class.is_empty() { ".logo {" } else { class };
            let rule = style.split(rule).nth(1).expect("a rule").split('}').next();
            let color = color_of(name).to_string();
            assert!(rule.is_some_and(|rule| rule.contains(&color)), "{name}: {color}");
        }
    }
}

/// The whole phone: who writes, and the bubbles in their order.
pub fn phone(name: &str, caption: &str, day: &str, bubbles: Vec<Bubble>) -> AnyView {
    let initial: String =
        name.chars().next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    view! {
        <div class="phone">
            <div class="phone__screen">
                <div class="phone__top">
                    <span class=format!("logo logo--l logo--round {}", ground(name)) aria-hidden="true">{initial}</span>
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
