//! Forms come from our own pages only.
//!
//! Every request that may change something and carries the cookie must say that it comes from here:
//! by `Sec-Fetch-Site`, which browsers set and pages cannot forge, or, from browsers too old for it, by
//! an `Origin` whose host is the request's own. A request with neither comes from no browser: it
//! carries no cookie a victim's browser attached, so there is nothing to protect, and scripts and tests
//! need no token. The cookie's `SameSite=Lax` stands besides. Hooks, callbacks and the API have no
//! cookies and do not pass here.

use super::form::read_past;
use super::page;
use super::state::AppState;
use app::form::{FormState, Stop};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode, Uri, header};

/// Refuses what another site's page sent.
pub async fn own_pages_only(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if is_ours(request.method(), request.uri(), request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    read_past(body.into_data_stream()).await;
    let form = FormState::refused("", Stop::Elsewhere.code(), Vec::new());
    page::stopped(&state, parts, StatusCode::FORBIDDEN, form).await
}

fn is_ours(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if headers.contains_key("sec-fetch-site") {
        return matches!(text("sec-fetch-site"), Some("same-origin" | "none"));
    }
    if !headers.contains_key(header::ORIGIN) {
        return true;
    }
    let host = uri.authority().map(|authority| authority.as_str()).or_else(|| text("host"));
    let origin = text("origin").and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    origin.is_some() && origin == host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(headers: &[(&'static str, &'static str)]) -> bool {
        let headers =
            headers.iter().map(|(n, v)| (n.parse().expect("name"), v.parse().expect("value")));
        is_ours(&Method::POST, &Uri::from_static("/sign-in"), &headers.collect())
    }

    #[test]
    fn a_form_of_another_site_is_refused() {
        assert!(post(&[("sec-fetch-site", "same-origin"), ("origin", "https://odd.example")]));
        assert!(post(&[("sec-fetch-site", "none")]));
        for site in ["cross-site", "same-site", "nonsense"] {
            assert!(!post(&[("sec-fetch-site", site), ("host", "a"), ("origin", "http://a")]));
        }
        assert!(post(&[("host", "a.example:3000"), ("origin", "https://a.example:3000")]));
        assert!(!post(&[("host", "a.example"), ("origin", "https://b.example")]));
        assert!(!post(&[("host", "a.example"), ("origin", "null")]));
        assert!(post(&[("host", "a.example")]), "no browser");
    }

    #[test]
    fn looking_is_always_allowed() {
        let headers = [("sec-fetch-site", "cross-site")]
            .map(|(n, v)| (n.parse().expect("name"), v.parse().expect("value")));
        assert!(is_ours(&Method::GET, &Uri::from_static("/"), &headers.into_iter().collect()));
    }
}
