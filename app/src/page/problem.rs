//! Why a page cannot be shown, as a status and a page that says what still works.

use super::Ask;
use super::frame::{Entry, Screen};
use crate::route;
use crate::ui::{self, art::Picture};
use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// Why there is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Nothing here for this account. Also what another account's ids get.
    NotFound,
    /// The viewer's role does not allow it.
    Denied,
    /// Nobody is signed in.
    SignedOut,
    /// What was asked for is at another address.
    Elsewhere(&'static str),
    /// The store does not answer.
    Unavailable,
}

impl From<dispatch::error::Error> for Problem {
    fn from(error: dispatch::error::Error) -> Self {
        use dispatch::error::Error;
        match error {
            Error::NotFound => Self::NotFound,
            Error::Denied => Self::Denied,
            Error::Invalid { .. }
            | Error::Several(_)
            | Error::Conflict
            | Error::Limit { .. }
            | Error::Unavailable
            | Error::Corrupt => Self::Unavailable,
        }
    }
}

impl Problem {
    const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Denied => StatusCode::FORBIDDEN,
            Self::SignedOut | Self::Elsewhere(_) => StatusCode::SEE_OTHER,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The page in place of the one asked for; sets the response's status.
    #[must_use]
    pub fn screen(self, ask: &Ask) -> Screen {
        match self {
            Self::SignedOut => {
                leptos_axum::redirect(&route::with_query(
                    route::SIGN_IN,
                    &[("next", &ask.address())],
                ));
            }
            Self::Elsewhere(path) => leptos_axum::redirect(path),
            Self::NotFound | Self::Denied | Self::Unavailable => {}
        }
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(self.status());
        }
        let t = ask.t;
        let (title, words) = match self {
            Self::NotFound => (t.problem_not_found(), t.problem_not_found_words()),
            Self::Denied => (t.problem_denied(), t.problem_denied_words()),
            Self::SignedOut | Self::Elsewhere(_) => {
                (t.problem_signed_out(), t.problem_signed_out_words())
            }
            Self::Unavailable => (t.problem_unavailable(), t.problem_unavailable_words()),
        };
        let act = if self == Self::SignedOut {
            let next = route::with_query(route::SIGN_IN, &[("next", &ask.address())]);
            ui::button_link(ui::Kind::Primary, next, None, t.auth_sign_in()).into_any()
        } else {
            ui::button_link(ui::Kind::Plain, route::HOME, None, t.problem_home()).into_any()
        };
        let body = view! {
            <div class="page">
                <h1 class="sr">{title}</h1>
                {ui::empty(Picture::Glass, title, words, act)}
            </div>
        };
        Screen::framed(title, Entry::None, body)
    }
}
