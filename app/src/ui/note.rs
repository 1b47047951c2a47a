//! Notes: what happened, what can be done.

use super::icon::{Icon, icon};
use leptos::prelude::*;

/// How a note is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// A fact.
    #[default]
    Plain,
    /// Done.
    Good,
    /// Waiting.
    Wait,
    /// Needs attention.
    Warn,
    /// Failed.
    Bad,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "note",
            Self::Good => "note note--good",
            Self::Wait => "note note--wait",
            Self::Warn => "note note--warn",
            Self::Bad => "note note--bad",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Plain => Icon::Lock,
            Self::Good => Icon::Delivered,
            Self::Wait => Icon::Clock,
            Self::Warn => Icon::Warn,
            Self::Bad => Icon::Failed,
        }
    }
}

/// A note of one sentence or two.
pub fn note(tone: Tone, words: impl Into<String>) -> AnyView {
    note_with(tone, words.into())
}

/// A note with links or emphasis in it.
pub fn note_with(tone: Tone, content: impl IntoView) -> AnyView {
    view! { <div class=tone.class()>{icon(tone.icon())}<div class="grow">{content}</div></div> }
        .into_any()
}
