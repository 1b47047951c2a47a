//! Pages: an async function each, from what was asked to what is shown.

pub mod frame;
pub mod problem;

pub use frame::{Entry, Screen};
pub use problem::Problem;

use crate::form::FormState;
use crate::request::Preferences;
use crate::text::time::Zone;
use crate::text::{Lang, Text};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};
use leptos_router::params::ParamsMap;

/// What a page is asked: the address, the language, a refused form, and who asks.
#[derive(Clone)]
pub struct Ask {
    /// The page's words.
    pub t: Text,
    /// Their language, for amounts and times.
    pub lang: Lang,
    /// In which times are shown.
    pub zone: Zone,
    /// Language and theme, for the chooser.
    pub preferences: Preferences,
    /// The path.
    pub path: String,
    /// The query.
    pub query: ParamsMap,
    /// The path's variable parts.
    pub params: ParamsMap,
    /// A form of this page that was refused; empty otherwise.
    pub form: FormState,
}

impl Ask {
    fn of_request() -> Self {
        let preferences = Preferences::of_request();
        Self {
            t: Text(preferences.lang),
            lang: preferences.lang,
            zone: Zone::default(),
            preferences,
            path: use_location().pathname.get_untracked(),
            query: use_query_map().get_untracked(),
            params: use_params_map().get_untracked(),
            form: use_context().unwrap_or_default(),
        }
    }

    /// A parameter of the query; empty when absent.
    #[must_use]
    pub fn query(&self, name: &str) -> String {
        self.query.get(name).unwrap_or_default()
    }

    /// A part of the path that must be an id of some kind.
    ///
    /// # Errors
    /// `NotFound` when it is none: an address nobody can have been given.
    pub fn id<Id: std::str::FromStr>(&self, name: &str) -> Result<Id, Problem> {
        self.params.get(name).and_then(|text| text.parse().ok()).ok_or(Problem::NotFound)
    }
}

/// Shows a page inside its frame, or the page that says why it cannot be shown.
pub fn show<Asked, Shown>(page: Asked) -> AnyView
where
    Asked: FnOnce(Ask) -> Shown,
    Shown: Future<Output = Result<Screen, Problem>> + Send + 'static,
{
    let ask = Ask::of_request();
    let answer = page(ask.clone());
    Suspend::new(async move {
        let screen = match answer.await {
            Ok(screen) => screen,
            Err(problem) => problem.screen(&ask),
        };
        screen.render(&ask).await
    })
    .into_any()
}
