//! What both doors for machines share: short answers, bodies with a limit, and a memory of a second.

use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use dispatch::error::Result;
use http::{HeaderMap, StatusCode, header};
use http_body_util::LengthLimitError;
use serde_json::json;
use std::collections::HashMap;
use std::error::Error as _;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// An answer that says no, as `application/problem+json` (RFC 9457).
pub(super) fn problem(status: StatusCode, detail: &str) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": detail,
    });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

/// The store did not answer: the caller is asked to come back, and platforms do.
pub(super) fn unavailable() -> Response {
    let mut answer = problem(
        StatusCode::SERVICE_UNAVAILABLE,
        "Nothing was stored. Send the same again in a moment.",
    );
    answer.headers_mut().insert(header::RETRY_AFTER, http::HeaderValue::from_static("2"));
    answer
}

/// The whole body, or the answer to one that is too long or broke off.
pub(super) async fn body(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> std::result::Result<Bytes, Response> {
    let too_long = || {
        problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("At most {} MiB are accepted; nothing was stored.", limit / (1024 * 1024)),
        )
    };
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_long());
    }
    to_bytes(body, limit).await.map_err(|error| {
        if error.source().is_some_and(|source| source.is::<LengthLimitError>()) {
            too_long()
        } else {
            problem(StatusCode::BAD_REQUEST, "The body broke off; nothing was stored.")
        }
    })
}

/// How long something looked up is believed. A change in this process is told by `forget`; one made by another process takes
/// effect within this time where it takes something away, and at once where it gives: what does not prove itself is looked up anew.
/// Long enough that each of some thousand accounts is asked for less often than it is heard of.
const BELIEVED: Duration = Duration::from_secs(10);
/// Entries kept before all are dropped.
const MOST: usize = 10_000;

/// Remembers for a while what was found, so that a thousand hooks a second are not a thousand reads.
/// What was not found is not remembered.
#[derive(Debug)]
pub struct Recent<K, V>(Mutex<HashMap<K, (Instant, V)>>);

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash + Copy, V: Clone> Recent<K, V> {
    /// What was found lately.
    pub(super) fn get(&self, key: K) -> Option<V> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&key).filter(|(at, _)| at.elapsed() < BELIEVED).map(|(_, value)| value.clone())
    }

    /// Looks it up anew and remembers it.
    pub(super) async fn renew(
        &self,
        key: K,
        find: impl Future<Output = Result<Option<V>>>,
    ) -> Result<Option<V>> {
        // Read before it is looked up: what changes meanwhile is not believed any longer for it.
        let at = Instant::now();
        let found = find.await?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        match &found {
            Some(value) => kept.insert(key, (at, value.clone())),
            None => kept.remove(&key),
        };
        Ok(found)
    }

    /// Says that something has changed.
    pub fn forget(&self, key: K) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dispatch::error::Error;

    #[tokio::test]
    async fn what_was_found_is_remembered_and_what_was_not_is_not() {
        let recent = Recent::default();
        assert_eq!(recent.get(1), None);
        assert_eq!(recent.renew(1, async { Ok(Some("a")) }).await, Ok(Some("a")));
        assert_eq!(recent.get(1), Some("a"));
        assert_eq!(
            recent.renew(1, async { Err(Error::Unavailable) }).await,
            Err(Error::Unavailable)
        );
        assert_eq!(recent.get(1), Some("a"));
        recent.forget(1);
        assert_eq!(recent.get(1), None);
        assert_eq!(recent.renew(1, async { Ok(None) }).await, Ok(None));
        assert_eq!(recent.get(1), None);
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_413_whether_it_says_so_or_not() {
        let mut honest = HeaderMap::new();
        honest.insert(header::CONTENT_LENGTH, "11".parse().expect("a value"));
        for headers in [honest, HeaderMap::new()] {
            let answer = body(&headers, Body::from("hello world"), 10).await;
            assert_eq!(answer.expect_err("too long").status(), StatusCode::PAYLOAD_TOO_LARGE);
        }
        let whole = body(&HeaderMap::new(), Body::from("hello"), 5).await.expect("a body");
        assert_eq!(whole, "hello");
    }
}
