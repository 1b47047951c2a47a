//! Words of state: always an icon and a word, the colour only repeats them.

use super::icon::{Icon, icon};
use leptos::prelude::*;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    class: &'static str,
    icon: Icon,
}

impl State {
    /// Arrived.
    pub const DELIVERED: Self = Self { class: "state--good", icon: Icon::Delivered };
    /// Read by its recipient.
    pub const READ: Self = Self { class: "state--good", icon: Icon::Read };
    /// In order.
    pub const GOOD: Self = Self { class: "state--good", icon: Icon::Check };
    /// On its way.
    pub const SENT: Self = Self { class: "", icon: Icon::Sent };
    /// Kept back until a moment.
    pub const HELD: Self = Self { class: "state--wait", icon: Icon::Held };
    /// Waiting for somebody.
    pub const WAITING: Self = Self { class: "state--wait", icon: Icon::Clock };
    /// Decided not to send.
    pub const NOT_SENT: Self = Self { class: "", icon: Icon::Skip };
    /// Did not work.
    pub const FAILED: Self = Self { class: "state--bad", icon: Icon::Failed };
    /// A rule that ended the matter.
    pub const STOPPED: Self = Self { class: "state--bad", icon: Icon::Halt };
    /// Somebody has to look.
    pub const ATTENTION: Self = Self { class: "state--warn", icon: Icon::Warn };
    /// Being written.
    pub const DRAFT: Self = Self { class: "", icon: Icon::Pen };
    /// Not looked at.
    pub const NONE: Self = Self { class: "", icon: Icon::Minus };
    /// Closed.
    pub const LOCKED: Self = Self { class: "", icon: Icon::Lock };
}

/// A state in a line or a table.
pub fn state_word(state: State, word: impl Into<String>) -> AnyView {
    view! { <span class=format!("state {}", state.class)>{icon(state.icon)}{word.into()}</span> }
        .into_any()
}

/// A state in a box: for drafts, reviews and invoices.
pub fn state_box(state: State, word: impl Into<String>) -> AnyView {
    view! {
        <span class=format!("state state--box {}", state.class)>{icon(state.icon)}{word.into()}</span>
    }
    .into_any()
}

/// A rule of a decision: its name, how it went, what it saw.
pub fn rule_row(
    class: &'static str,
    name: impl Into<String>,
    outcome: impl IntoView,
    saw: impl IntoView,
) -> AnyView {
    view! { <li class=class><span>{name.into()}</span>{outcome}{saw}</li> }.into_any()
}
