//! Around every request: an id to find it by, one line in the log, numbers, and a net for panics.

use super::api::problem::Problem;
use super::error::plain_page;
use super::state::AppState;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::time::Instant;
use tracing::Instrument;

/// The header that carries the id back.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Names one request in answers and in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Gives the request its id, and writes down how it went. The log holds the route, not the path: paths
/// may hold tokens, queries may hold what people search for.
pub async fn observe(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = format!("{:020x}", state.ids.random());
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let is_api = request.uri().path().starts_with("/api/");
    let span = tracing::info_span!("request", request.id = %id, %method, route);
    let began = Instant::now();

    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span.clone()).await;
    let mut response = answer.unwrap_or_else(|_| {
        // The panic hook has written where; this ties it to the request.
        tracing::error!(parent: &span, "a handler panicked");
        broken(is_api, &id)
    });

    let (status, took) = (response.status(), began.elapsed());
    if status.is_server_error() {
        tracing::warn!(parent: &span, status = status.as_u16(), ?took, "answered");
    } else {
        tracing::debug!(parent: &span, status = status.as_u16(), ?took, "answered");
    }
    let method = known_method(&method);
    metrics::histogram!(
        "facteur_http_request_seconds",
        "method" => method,
        "route" => route.clone(),
    )
    .record(took);
    metrics::counter!(
        "facteur_http_requests_total",
        "method" => method,
        "route" => route,
        "status" => status.as_str().to_owned(),
    )
    .increment(1);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// Methods are free text: what nobody uses must not make a new series each.
fn known_method(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

fn broken(is_api: bool, id: &str) -> Response {
    if is_api {
        return Problem::internal().with_request(id).into_response();
    }
    plain_page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something broke here",
        &format!(
            "Nothing you typed was saved by this request; everything else works. \
             Try again, and if it stays broken, tell support the number {id}."
        ),
    )
}

/// The client's address. Where the peer is on this machine or a private network it is taken for our
/// own proxy, and the address it noted last is the client's.
#[must_use]
pub fn client_address(extensions: &Extensions, headers: &HeaderMap) -> String {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let noted =
        headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| {
            value.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
        });
    match (peer, noted) {
        (Some(peer), Some(noted)) if is_near(peer) => noted.to_string(),
        (Some(peer), _) => peer.to_string(),
        (None, _) => "unknown".to_owned(),
    }
}

const fn is_near(peer: IpAddr) -> bool {
    match peer {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: Option<&'static str>) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().expect("an address"), 1)));
        let mut headers = HeaderMap::new();
        if let Some(value) = forwarded {
            headers.insert("x-forwarded-for", HeaderValue::from_static(value));
        }
        client_address(&extensions, &headers)
    }

    #[test]
    fn only_our_own_proxy_is_believed() {
        assert_eq!(address("127.0.0.1", Some("6.6.6.6, 198.51.100.7")), "198.51.100.7");
        assert_eq!(address("203.0.113.9", Some("198.51.100.7")), "203.0.113.9");
        assert_eq!(address("10.0.0.2", Some("nonsense")), "10.0.0.2");
    }
}
