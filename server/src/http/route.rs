//! Every address the server answers, grouped by who calls it.

use super::state::AppState;
use super::{
    api, callback, csrf, customer, export, form, header, hook, join, logo, media, operations, page,
    privacy, request, session,
};
use app::route as path;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use http::Method;
use leptos::prelude::provide_context;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_sessions::Session;

/// The largest body of the API.
const LARGEST_API_BODY: usize = 1024 * 1024;

/// Routes with their addresses kept beside them, so that tests can walk them all.
struct Table {
    routes: Vec<(Method, String)>,
    router: Router<AppState>,
}

impl Table {
    fn new() -> Self {
        Self { routes: Vec::new(), router: Router::new() }
    }

    fn get<H: Handler<T, AppState>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.add(Method::GET, MethodFilter::GET, path, handler)
    }

    fn post<H: Handler<T, AppState>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.add(Method::POST, MethodFilter::POST, path, handler)
    }

    fn add<H: Handler<T, AppState>, T: 'static>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &str,
        handler: H,
    ) -> Self {
        self.routes.push((method, path.to_owned()));
        self.router = self.router.route(path, on(filter, handler));
        self
    }
}

/// Shops' systems and messaging platforms, which sign what they send.
fn machines(state: &AppState) -> Router<AppState> {
    Router::new()
        .merge(hook::routes(state.hooks.clone()))
        .merge(callback::routes(state.callbacks.clone()))
}

/// The same addresses for [`table`]; their files bring their own state.
fn machine_addresses() -> [(Method, String); 3] {
    [
        (Method::POST, hook::PATH.to_owned()),
        (Method::GET, callback::PATH.to_owned()),
        (Method::POST, callback::PATH.to_owned()),
    ]
}

/// Shops' systems, with a key.
fn api() -> Table {
    Table::new()
        .get("/api/v1/openapi.json", api::openapi)
        .get("/api/v1/connections", api::connections::list)
        .post("/api/v1/connections", api::connections::create)
        .get("/api/v1/connections/{id}", api::connections::one)
        .get("/api/v1/consents", api::consents::list)
        .post("/api/v1/consents", api::consents::create)
        .get("/api/v1/events", api::events::list)
        .post("/api/v1/events", api::events::accept)
        .get("/api/v1/events/{id}", api::events::one)
        .get("/api/v1/decisions", api::decisions::list)
        .get("/api/v1/decisions/{id}", api::decisions::one)
        .get("/api/v1/messages", api::messages::list)
        .get("/api/v1/messages/{id}", api::messages::one)
        .post("/api/v1/messages/replay", api::replay::replay)
        .get("/api/v1/templates", api::templates::list)
        .get("/api/v1/usage", api::usage::list)
        .get("/api/v1/invoices", api::invoices::list)
        .get("/api/v1/invoices/{id}", api::invoices::one)
}

/// People, with a session: every page of `app`, and the forms of those that have some.
fn pages() -> Table {
    let mut table = Table::new();
    for listing in leptos_axum::generate_route_list(app::App) {
        table = table.get(listing.path(), page::show);
    }
    table
}

/// What the forms of the pages do ([`app::act`] lists their fields).
fn forms() -> Table {
    Table::new()
        .post(path::SIGN_IN, form::handler(form::enter::sign_in))
        .post(path::SIGN_UP, form::handler(form::enter::sign_up))
        .post(path::SIGN_OUT, form::handler(form::enter::sign_out))
        .post(path::PREFERENCES, form::preferences::choose)
        .post("/account", form::handler(form::preferences::open_account))
        .post(path::TRACKING, form::handler(form::tracking::submit))
        .post(path::TEMPLATES, form::handler(form::template::list))
        .post("/templates/{status}/{language}", form::with_files(form::template::submit))
        .post(path::BRAND_NEW, form::with_files(form::brand::create))
        .post("/settings/brands/{id}", form::with_files(form::brand::submit))
        .post(path::AGAIN, form::handler(form::messages::again))
        .post("/messages/{id}", form::handler(form::messages::one))
        .post(path::CONSENT, form::with_files(form::consent::submit))
        .post(path::CONNECTION_NEW, form::handler(form::connection::create))
        .post("/connections/{id}", form::handler(form::connection::submit))
        .post(path::ACCOUNT, form::handler(form::account::account))
        .post(path::MEMBERS, form::handler(form::account::members))
        .post(path::KEYS, form::handler(form::account::keys))
        .post(path::SESSIONS, form::handler(form::account::sessions))
        .post(path::SIMULATE, form::handler(form::simulate::submit))
}

/// Customers, with the link of a message or of a shop: no session, and no check of origin, because the link is
/// the right, or what is sent does nothing before its number has confirmed it.
fn customers() -> Table {
    Table::new()
        .get(customer::PATH, customer::show)
        .post(customer::PATH, customer::choose)
        .get(join::PATH, join::show)
        .post(join::PATH, join::ask)
        .get(privacy::PATH, privacy::show)
}

/// Files that pages offer, with the session of whoever saves them.
fn downloads() -> Table {
    Table::new().get(path::CONSENT_EXPORT, export::consents)
}

/// Islands of the pages.
fn islands() -> Table {
    Table::new().get("/do/{*name}", server_function).post("/do/{*name}", server_function)
}

/// Everybody who knows an address: no session, no cookies.
fn public() -> Table {
    Table::new().get(logo::PATH, logo::show).get(media::PATH, media::show)
}

/// Those who run the server.
fn operations() -> Table {
    Table::new()
        .get("/healthz", operations::healthz)
        .get("/readyz", operations::readyz)
        .get("/metrics", operations::metrics)
}

/// Every address with its method, as it is routed; server functions by their own names.
#[must_use]
pub fn table() -> Vec<(Method, String)> {
    let functions =
        leptos::server_fn::axum::server_fn_paths().map(|(path, method)| (method, path.to_owned()));
    [api(), pages(), forms(), downloads(), public(), customers(), operations()]
        .into_iter()
        .flat_map(|table| table.routes)
        .chain(machine_addresses())
        .chain(functions)
        .collect()
}

/// The whole server.
pub fn router(state: AppState) -> Router {
    let api = api()
        .router
        .route("/api/{*rest}", axum::routing::any(api::not_found))
        .method_not_allowed_fallback(api::wrong_method)
        .layer(DefaultBodyLimit::max(LARGEST_API_BODY))
        .layer(from_fn(api::problem::name_requests));

    // The innermost comes first: who asks is known only after it is sure that they asked themselves.
    let screens = pages()
        .router
        .merge(forms().router)
        .merge(downloads().router)
        .merge(islands().router)
        .fallback(page::show)
        .layer(DefaultBodyLimit::max(form::LARGEST))
        .layer(session::layer(&state))
        .layer(from_fn_with_state(state.clone(), csrf::own_pages_only));

    Router::new()
        .merge(api)
        .merge(operations().router)
        .merge(public().router)
        .merge(customers().router)
        .merge(state.assets.routes())
        .merge(screens)
        // Pages are made for each request, so their level is the one that is quick; files of the site
        // lie packed already.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
        .merge(machines(&state))
        .layer(from_fn_with_state(state.clone(), header::secure))
        .layer(from_fn_with_state(state.clone(), request::observe))
        .with_state(state)
}

/// `/do/…`: a server function of an island, with the desk its page would have.
async fn server_function(
    State(state): State<AppState>,
    session: Session,
    request: Request,
) -> Response {
    let visit = session::Visit::new(session);
    let guest = match super::viewer::guest(&state, &visit).await {
        Ok(guest) => guest,
        Err(error) => return super::error::status(&error).into_response(),
    };
    let desk = super::viewer::desk(&state, &visit, guest, None);
    let context = move || provide_context(desk.clone());
    leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_route_of_the_api_is_described_and_every_description_is_a_route() {
        let document: serde_json::Value =
            serde_json::from_str(include_str!("api/openapi.json")).expect("JSON");
        let described: BTreeSet<String> = document["paths"]
            .as_object()
            .expect("paths")
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().expect("methods").keys();
                methods.map(move |method| format!("{} {path}", method.to_uppercase()))
            })
            .collect();
        let routed: BTreeSet<String> =
            api().routes.iter().map(|(method, path)| format!("{method} {path}")).collect();
        assert_eq!(described, routed);
    }

    #[test]
    fn no_address_is_listed_twice() {
        let table = table();
        let unique: BTreeSet<_> =
            table.iter().map(|(method, path)| format!("{method} {path}")).collect();
        assert_eq!(unique.len(), table.len());
        assert!(unique.contains("POST /sign-in") && unique.contains("GET /settings/brands/{id}"));
    }
}
