//! Logs and metrics.
//!
//! Nothing personal or secret is written: paths appear as their routes (`/u/{token}`), ids are ours,
//! and phones, addresses, texts and keys stay out of every field.
//!
//! | metric | labels | counts |
//! |---|---|---|
//! | `facteur_http_requests_total` | `route method status` | answered requests |
//! | `facteur_http_seconds` | `route` | how long they took |
//! | `facteur_hooks_total` | `source status` | deliveries by answer |
//! | `facteur_callbacks_total` | `provider status` | callbacks by answer |
//! | `facteur_callback_entries_total` | `what` | receipts, inbound, foreign, other |
//! | `facteur_group_size` | `what` | rows written in one commit |
//! | `facteur_provider_answers_total` | `provider outcome code` | attempts by outcome |
//! | `facteur_provider_seconds` | `provider` | how long the provider took |
//!
//! The workers add `facteur_stage_…`, `facteur_attempts_…` and `facteur_waiting`; see `worker`.

use crate::security::token;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tracing::{Instrument, info_span};
use tracing_subscriber::EnvFilter;

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For a terminal.
    #[default]
    Human,
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    /// `LOG_FORMAT=json`, or for a terminal.
    #[must_use]
    pub fn from_env() -> Self {
        if std::env::var("LOG_FORMAT").is_ok_and(|format| format == "json") {
            Self::Json
        } else {
            Self::Human
        }
    }
}

/// What is logged when `RUST_LOG` says nothing.
pub const DEFAULT_FILTER: &str = "info,sqlx=warn,hyper=warn,tower_sessions=warn,h2=warn";

/// Names the request in logs and answers, so that a person can quote it.
pub const REQUEST_ID_HEADER: &str = "x-request-id";

/// Starts logging, to stderr: stdout belongs to commands' results. A second call changes nothing.
pub fn start_logs(filter: Option<&str>, format: LogFormat) {
    let set = std::env::var("RUST_LOG").ok();
    let filter = filter
        .or(set.as_deref())
        .and_then(|text| EnvFilter::try_new(text).ok())
        .unwrap_or_else(|| EnvFilter::new(DEFAULT_FILTER));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = match format {
        LogFormat::Human => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}

/// Seconds: from a cached page to a provider's limit.
const SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Rows in one commit.
const SIZES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
/// How often kept samples are folded into buckets, so that memory stays flat when nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts counting, once for the process. None when another recorder was installed before, or the
/// buckets above are wrong: then nothing is counted and everything else works.
///
/// Call it inside the runtime: it keeps a task that folds samples.
#[must_use]
pub fn start_metrics() -> Option<PrometheusHandle> {
    RECORDER
        .get_or_init(|| {
            let handle = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), SECONDS)
                .and_then(|b| b.set_buckets_for_metric(Matcher::Suffix("_size".into()), SIZES))
                .and_then(PrometheusBuilder::install_recorder)
                .map_err(|error| tracing::warn!(%error, "metrics are off"))
                .ok()?;
            let kept = handle.clone();
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(UPKEEP).await;
                    kept.run_upkeep();
                }
            });
            Some(handle)
        })
        .clone()
}

/// `GET /metrics`, in Prometheus' text format.
pub async fn metrics(State(handle): State<Option<PrometheusHandle>>) -> Response {
    let text = handle.map(|handle| handle.render()).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// Gives each request an id, a span and its line in the metrics. Goes around the router's routes with
/// `Router::layer`, after they are added.
pub async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    // Ours, whatever came in: an id from outside could carry anything into the logs.
    let id: String = token::random("").expose().chars().take(16).collect();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().as_str().to_owned();
    let span = info_span!("request", %id, %method, %route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status(), started.elapsed());
    span.in_scope(|| {
        if status.is_server_error() {
            tracing::warn!(status = status.as_u16(), ?took, "answered");
        } else {
            tracing::debug!(status = status.as_u16(), ?took, "answered");
        }
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID_HEADER, value);
    }
    metrics::histogram!("facteur_http_seconds", "route" => route.clone()).record(took);
    metrics::counter!(
        "facteur_http_requests_total",
        "route" => route,
        "method" => known_method(&method),
        "status" => status.as_str().to_owned(),
    )
    .increment(1);
    response
}

/// Methods are free text: what nobody uses must not make a new series each.
const fn known_method(method: &str) -> &'static str {
    match method.as_bytes() {
        b"GET" => "GET",
        b"HEAD" => "HEAD",
        b"POST" => "POST",
        b"PUT" => "PUT",
        b"PATCH" => "PATCH",
        b"DELETE" => "DELETE",
        b"OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    #[tokio::test]
    async fn requests_are_counted_under_their_route_and_named() {
        let handle = start_metrics();
        let app = Router::new()
            .route("/u/{token}", get(|| async { "hello" }))
            .route("/metrics", get(metrics).with_state(handle))
            .layer(from_fn(observe));
        let ask = |path: &'static str| {
            let request = Request::get(path).body(Body::empty()).expect("a request");
            let app = app.clone();
            async move { app.oneshot(request).await.expect("an answer") }
        };
        let answer = ask("/u/very-secret").await;
        assert_eq!(answer.headers()[REQUEST_ID_HEADER].len(), 16);
        let text = to_bytes(ask("/metrics").await.into_body(), 1 << 20).await.expect("a body");
        let text = String::from_utf8(text.to_vec()).expect("text");
        assert!(text.contains(r#"route="/u/{token}""#), "{text}");
        assert!(text.contains("facteur_http_seconds_bucket"), "{text}");
        assert!(!text.contains("very-secret"), "{text}");
    }
}
