//! The table of pages. Every route is rendered whole before the first byte leaves: a page that does
//! not exist answers 404, and nothing needs a script to be seen.

use crate::page::{self, Ask, Problem, Screen, show};
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
                <Route path=path!("/") view=|| show(page::auth::home) ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=|| show(page::auth::sign_in) ssr=SsrMode::Async/>
                <Route path=path!("/sign-up") view=|| show(page::auth::sign_up) ssr=SsrMode::Async/>
                <Route path=path!("/sign-out") view=|| show(page::auth::sign_out) ssr=SsrMode::Async/>
                <Route path=path!("/overview") view=|| show(page::overview::overview) ssr=SsrMode::Async/>
                <Route path=path!("/tracking") view=|| show(page::tracking::tracking) ssr=SsrMode::Async/>
                <Route path=path!("/tracking/history") view=|| show(page::tracking::history) ssr=SsrMode::Async/>
                <Route path=path!("/templates") view=|| show(page::templates::templates) ssr=SsrMode::Async/>
                <Route path=path!("/templates/:status/:language") view=|| show(page::templates::editor) ssr=SsrMode::Async/>
                <Route path=path!("/templates/:status/:language/history") view=|| show(page::templates::timeline) ssr=SsrMode::Async/>
                <Route path=path!("/messages") view=|| show(page::messages::list) ssr=SsrMode::Async/>
                <Route path=path!("/messages/again") view=|| show(page::messages::again) ssr=SsrMode::Async/>
                <Route path=path!("/messages/again/:id") view=|| show(page::messages::replay) ssr=SsrMode::Async/>
                <Route path=path!("/messages/:id") view=|| show(page::messages::message) ssr=SsrMode::Async/>
                <Route path=path!("/decisions/:id") view=|| show(page::messages::decision) ssr=SsrMode::Async/>
                <Route path=path!("/consent") view=|| show(page::consent::consent) ssr=SsrMode::Async/>
                <Route path=path!("/connections") view=|| show(page::connections::list) ssr=SsrMode::Async/>
                <Route path=path!("/connections/new") view=|| show(page::connections::new) ssr=SsrMode::Async/>
                <Route path=path!("/connections/:id") view=|| show(page::connections::connection) ssr=SsrMode::Async/>
                <Route path=path!("/billing") view=|| show(page::billing::billing) ssr=SsrMode::Async/>
                <Route path=path!("/billing/:invoice") view=|| show(page::billing::invoice) ssr=SsrMode::Async/>
                <Route path=path!("/settings") view=|| show(page::settings::hub) ssr=SsrMode::Async/>
                <Route path=path!("/settings/brands") view=|| show(page::settings::brands) ssr=SsrMode::Async/>
                <Route path=path!("/settings/brands/new") view=|| show(page::settings::new_brand) ssr=SsrMode::Async/>
                <Route path=path!("/settings/brands/:id") view=|| show(page::settings::brand) ssr=SsrMode::Async/>
                <Route path=path!("/settings/account") view=|| show(page::settings::account) ssr=SsrMode::Async/>
                <Route path=path!("/settings/members") view=|| show(page::settings::members) ssr=SsrMode::Async/>
                <Route path=path!("/settings/keys") view=|| show(page::settings::keys) ssr=SsrMode::Async/>
                <Route path=path!("/settings/sessions") view=|| show(page::settings::sessions) ssr=SsrMode::Async/>
                <Route path=path!("/status") view=|| show(page::pulse::pulse) ssr=SsrMode::Async/>
                <Route path=path!("/simulate") view=|| show(page::simulate::simulate) ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}

async fn not_found(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}
