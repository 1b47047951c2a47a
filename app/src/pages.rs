//! The table of pages. Every route is rendered whole before the first byte leaves: a page that does
//! not exist answers 404, and nothing needs a script to be seen.

use crate::page::{Ask, Problem, Screen, show};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

/// All pages behind their addresses.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=|| show(not_found)>
                <Route path=path!("/overview") view=|| show(not_found) ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}

async fn not_found(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}
