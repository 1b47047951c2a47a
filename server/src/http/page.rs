//! Renders pages. A page is rendered whole before its first byte leaves, so its status is right.

use super::error::status;
use super::header::page_policy;
use super::session::Visit;
use super::state::AppState;
use super::viewer;
use app::backend::{Desk, Guest};
use app::form::{FormState, Labels};
use app::route;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use dispatch::error::Error;
use http::request::Parts;
use http::{HeaderValue, Method, Request, StatusCode, header};
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;
use tower_sessions::Session;

/// Answers a page's address. The fallback too: what is no page is answered by the one that says so.
pub async fn show(
    State(state): State<AppState>,
    session: Session,
    request: Request<Body>,
) -> Response {
    let (parts, _) = request.into_parts();
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let visit = Visit::new(session);
    let guest = match viewer::guest(&state, &visit).await {
        Ok(guest) => guest,
        Err(error) => return failed(&error),
    };
    // A page fetched in advance is perhaps never seen.
    let in_advance = parts.headers.contains_key("sec-purpose");
    let handover = match &guest {
        Some(guest) if !in_advance => match visit.take_handover(&state, guest.user.id).await {
            Ok(handover) => handover,
            Err(error) => return failed(&error),
        },
        _ => None,
    };
    let desk = viewer::desk(&state, &visit, guest, handover);
    render(&state, parts, desk, None).await
}

/// Renders the page of an address again, with the form that was refused.
pub async fn refuse(
    state: &AppState,
    visit: &Visit,
    guest: Option<Guest>,
    parts: Parts,
    error: &Error,
    form: FormState,
) -> Response {
    again(state, visit, guest, parts, status(error), form).await
}

/// Renders the page of an address again, with a form as it was sent.
pub async fn again(
    state: &AppState,
    visit: &Visit,
    guest: Option<Guest>,
    mut parts: Parts,
    status: StatusCode,
    form: FormState,
) -> Response {
    parts.method = Method::GET;
    let desk = viewer::desk(state, visit, guest, None);
    render(state, parts, desk, Some((status, form))).await
}

/// Renders the page that says why a form was stopped. Nobody is shown signed in on it: it may answer
/// another site, or somebody who is nobody any more.
pub async fn stopped(
    state: &AppState,
    mut parts: Parts,
    status: StatusCode,
    form: FormState,
) -> Response {
    parts.method = Method::GET;
    render(state, parts, viewer::nobody(state), Some((status, form))).await
}

/// Where somebody signs in who wanted to see this address.
#[must_use]
pub fn sign_in_first(parts: &Parts) -> Response {
    let wanted = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    Redirect::to(&route::with_query(route::SIGN_IN, &[("next", wanted)])).into_response()
}

fn failed(error: &Error) -> Response {
    super::error::plain_page(
        status(error),
        "The server is busy with itself",
        "Nothing was lost and nothing was changed. Try again in a moment.",
    )
}

async fn render(
    state: &AppState,
    parts: Parts,
    mut desk: Desk,
    refused: Option<(StatusCode, FormState)>,
) -> Response {
    match viewer::invited(state, &parts).await {
        Ok(invited) => desk.invited = invited,
        Err(error) => return failed(&error),
    }
    let options = state.leptos.clone();
    let sandbox_url = state.site.sandbox_url.clone();
    let context = move || {
        provide_context(desk.clone());
        if let Some((_, form)) = &refused {
            provide_context(form.clone());
            provide_context(Labels::default());
        }
        if let Some(response) = use_context::<ResponseOptions>() {
            if let Some((status, _)) = &refused {
                // Set first: a page that finds nothing to show says so with its own status.
                response.set_status(*status);
            }
            if let Some(policy) = use_nonce()
                .map(|nonce| page_policy(&nonce, sandbox_url.as_deref()))
                .and_then(|policy| HeaderValue::from_str(&policy).ok())
            {
                response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
        }
    };
    let handler =
        leptos_axum::render_app_async_with_context(context, move || app::shell(options.clone()));
    handler(Request::from_parts(parts, Body::empty())).await
}
