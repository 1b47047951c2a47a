//! Headers that tell browsers what pages may do.

use super::state::AppState;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// On everything but pages, whose policy names their nonce.
const NOTHING_RUNS: &str =
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What a page may load: what the server names by nonce, and our own files.
#[must_use]
pub fn page_policy(nonce: &str, sandbox_url: Option<&str>) -> String {
    // The sandbox's phones are shown in a frame; their origin, not their path.
    let frames = sandbox_url
        .and_then(|url| url::Url::parse(url).ok())
        .map_or_else(|| "'none'".to_owned(), |url| url.origin().ascii_serialization());
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; frame-src {frames}; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

/// Adds what a response does not say itself.
pub async fn secure(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    say(headers, header::CONTENT_SECURITY_POLICY, NOTHING_RUNS);
    say(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(headers, header::REFERRER_POLICY, "same-origin");
    say(headers, header::X_FRAME_OPTIONS, "DENY");
    say(
        headers,
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    );
    say(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    // Kept nowhere unless it says so: most answers are about one account.
    say(headers, header::CACHE_CONTROL, "no-store");
    if state.is_https() {
        say(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    response
}

fn say(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_sandbox_may_be_framed() {
        let policy = page_policy("abc", Some("http://127.0.0.1:3002/phones"));
        assert!(policy.contains("script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval';"));
        assert!(policy.contains("frame-src http://127.0.0.1:3002;"));
        assert!(page_policy("abc", None).contains("frame-src 'none';"));
    }
}
