//! Pages: an async function each, from what was asked to what is shown.

pub mod auth;
pub mod billing;
pub mod connections;
pub mod consent;
pub mod frame;
mod kept;
pub mod messages;
pub mod overview;
pub mod problem;
pub mod pulse;
pub mod settings;
pub mod simulate;
pub mod templates;
pub mod tracking;

pub use frame::{Entry, Screen};
pub use problem::Problem;

use crate::backend::{Desk, Guest};
use crate::form::{DONE, FormState};
use crate::request::{BRAND_COOKIE, Preferences, cookie};
use crate::route;
use crate::text::time::Zone;
use crate::text::{Lang, Text};
use dispatch::brand::BrandState;
use dispatch::id::{AccountId, BrandId};
use dispatch::tenant::Permission;
use dispatch::view::BrandView;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::params::ParamsMap;

/// What a page is asked: the address, the language, a refused form, and who asks.
#[derive(Clone)]
pub struct Ask {
    /// What it reads from.
    pub desk: Desk,
    /// The page's words.
    pub t: Text,
    /// Their language, for amounts and times.
    pub lang: Lang,
    /// In which times are shown: that of the company.
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
    /// The id in the brand cookie.
    remembered_brand: Option<BrandId>,
}

impl Ask {
    fn of_request() -> Option<Self> {
        let preferences = Preferences::of_request();
        provide_context(preferences.lang);
        let remembered_brand = use_context::<http::request::Parts>()
            .and_then(|parts| cookie(&parts, BRAND_COOKIE)?.parse().ok());
        let desk = Desk::get()?;
        let zone = desk.guest.as_ref().map_or_else(Zone::default, |guest| {
            Zone::of(guest.account.company_country, desk.zones.clone())
        });
        Some(Self {
            desk,
            t: Text(preferences.lang),
            lang: preferences.lang,
            zone,
            preferences,
            path: use_location().pathname.get_untracked(),
            query: use_query_map().get_untracked(),
            // Absent where no route matched: the page that says so is asked like any other.
            params: use_context::<ArcMemo<ParamsMap>>()
                .map(|params| params.get_untracked())
                .unwrap_or_default(),
            form: use_context().unwrap_or_default(),
            remembered_brand,
        })
    }

    /// A parameter of the query; empty when absent.
    #[must_use]
    pub fn query(&self, name: &str) -> String {
        self.query.get(name).unwrap_or_default()
    }

    /// The page's own local address, to come back to: without the notice of what was done before.
    #[must_use]
    pub fn address(&self) -> String {
        let query = self.query.clone().into_iter().filter(|(name, _)| name != DONE);
        let query = query.collect::<Vec<_>>();
        let pairs = query.iter().map(|(name, value)| (&**name, value.as_str()));
        route::with_query(&self.path, &pairs.collect::<Vec<_>>())
    }

    /// A parameter of the query as one of our words or ids; none when absent or not one.
    #[must_use]
    pub fn query_as<Value: std::str::FromStr>(&self, name: &str) -> Option<Value> {
        self.query.get(name)?.parse().ok()
    }

    /// A part of the path that must be an id of some kind.
    ///
    /// # Errors
    /// `NotFound` when it is none: an address nobody can have been given.
    pub fn id<Id: std::str::FromStr>(&self, name: &str) -> Result<Id, Problem> {
        self.params.get(name).and_then(|text| text.parse().ok()).ok_or(Problem::NotFound)
    }

    /// The signed-in person.
    ///
    /// # Errors
    /// `SignedOut` on a page that needs one.
    pub fn guest(&self) -> Result<&Guest, Problem> {
        self.desk.guest.as_ref().ok_or(Problem::SignedOut)
    }

    /// The account that is open: the first argument of every read.
    ///
    /// # Errors
    /// `SignedOut` on a page that needs one.
    pub fn account(&self) -> Result<AccountId, Problem> {
        Ok(self.guest()?.viewer.account)
    }

    /// Asks for a right.
    ///
    /// # Errors
    /// `SignedOut`, or `Denied` when the role does not include it.
    pub fn need(&self, permission: Permission) -> Result<(), Problem> {
        Ok(self.guest()?.viewer.need(permission)?)
    }

    /// The brand being looked at: the one the page is about, before `?brand=`, before the one chosen last,
    /// before the first in use.
    #[must_use]
    pub fn brand(&self) -> Option<&BrandView> {
        let brands = &self.desk.guest.as_ref()?.brands;
        let find = |id: Option<BrandId>| brands.iter().find(|brand| Some(brand.id) == id);
        find(self.brand_of_path())
            .or_else(|| find(self.query_as("brand")))
            .or_else(|| find(self.remembered_brand))
            .or_else(|| brands.iter().find(|brand| brand.state == BrandState::Active))
            .or_else(|| brands.first())
    }

    /// The id of [`Ask::brand`] as text, for links; empty without one.
    #[must_use]
    pub fn brand_id(&self) -> String {
        self.brand().map(|brand| brand.id.to_string()).unwrap_or_default()
    }

    /// The brand whose own page this is.
    fn brand_of_path(&self) -> Option<BrandId> {
        let id = self.path.strip_prefix(route::BRANDS)?.strip_prefix('/')?;
        id.parse().ok()
    }

    /// Whether `?brand=` names none of this account: another one in its place would be changed in error.
    fn names_a_strange_brand(&self) -> bool {
        let named = self.query("brand");
        let Some(guest) = &self.desk.guest else { return false };
        // The log's filter has a word of its own, and of a strange brand it shows nothing.
        let chooses = !named.is_empty() && self.path != route::MESSAGES;
        chooses && guest.brands.iter().all(|brand| brand.id.to_string() != named)
    }

    /// Keeps a brand chosen by link for the next pages.
    fn remember_brand(&self) {
        let Some(chosen) = self.query_as::<BrandId>("brand") else { return };
        if Some(chosen) == self.remembered_brand {
            return;
        }
        let cookie =
            format!("{BRAND_COOKIE}={chosen}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
        if let (Some(response), Ok(value)) =
            (use_context::<leptos_axum::ResponseOptions>(), http::HeaderValue::from_str(&cookie))
        {
            response.append_header(http::header::SET_COOKIE, value);
        }
    }
}

/// Shows a page inside its frame, or the page that says why it cannot be shown.
pub fn show<Asked, Shown>(page: Asked) -> AnyView
where
    Asked: FnOnce(Ask) -> Shown,
    Shown: Future<Output = Result<Screen, Problem>> + Send + 'static,
{
    let Some(ask) = Ask::of_request() else { return ().into_any() };
    if let Some(screen) = kept::instead(&ask) {
        return screen.render(&ask);
    }
    if ask.names_a_strange_brand() {
        return Problem::NotFound.screen(&ask).render(&ask);
    }
    ask.remember_brand();
    let answer = page(ask.clone());
    Suspend::new(async move {
        let screen = match answer.await {
            Ok(screen) => screen,
            Err(problem) => problem.screen(&ask),
        };
        screen.render(&ask)
    })
    .into_any()
}
