//! Buttons, and links that look like them. At most one `Commit` per screen: the act that sends,
//! pays or costs.

use super::icon::{Icon, icon};
use crate::form::ACT;
use leptos::prelude::*;

/// What a button's act weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Letterbox yellow: sends, pays or costs.
    Commit,
    /// Ink: the page's main act.
    Primary,
    /// An act among others.
    #[default]
    Plain,
    /// An act in passing.
    Quiet,
    /// Removes something.
    Remove,
}

impl Kind {
    const fn class(self) -> &'static str {
        match self {
            Self::Commit => "btn btn--commit",
            Self::Primary => "btn btn--ink",
            Self::Plain => "btn",
            Self::Quiet => "btn btn--quiet",
            Self::Remove => "btn btn--bad",
        }
    }
}

/// Sends the form it stands in.
pub fn submit(kind: Kind, label: impl Into<String>) -> AnyView {
    view! { <button class=kind.class() type="submit">{label.into()}</button> }.into_any()
}

/// Sends the form it stands in with this act, where a form has several.
pub fn submit_act(kind: Kind, act: &'static str, label: impl Into<String>) -> AnyView {
    view! { <button class=kind.class() type="submit" name=ACT value=act>{label.into()}</button> }
        .into_any()
}

/// A link to where something is done.
pub fn button_link(
    kind: Kind,
    href: impl Into<String>,
    picture: Option<Icon>,
    label: impl Into<String>,
) -> AnyView {
    view! { <a class=kind.class() href=href.into()>{picture.map(icon)}{label.into()}</a> }
        .into_any()
}
