//! For those who run the server.

use super::state::AppState;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

/// The process's one recorder of numbers; none when somebody else installed one.
pub(super) fn recorder() -> Option<PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let install = || {
        let handle = PrometheusBuilder::new()
            .set_buckets(&SECONDS)
            .and_then(PrometheusBuilder::install_recorder)
            .inspect_err(|error| tracing::warn!(%error, "no metrics"))
            .ok()?;
        // Samples pile up in memory until somebody sorts them into their buckets.
        let sorted = handle.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(SORT_EVERY).await;
                sorted.run_upkeep();
            }
        });
        Some(handle)
    };
    RECORDER.get_or_init(install).clone()
}

/// How often samples are sorted.
const SORT_EVERY: Duration = Duration::from_secs(5);

/// Bounds of the histograms, in seconds: from what memory answers to what people give up on.
const SECONDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The process answers.
pub async fn healthz() -> &'static str {
    "ok"
}

/// The process can work: its database answers.
pub async fn readyz(State(state): State<AppState>) -> Response {
    match state.store.ping().await {
        Ok(()) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response(),
    }
}

/// Numbers in Prometheus' text format. What waits is counted when somebody asks.
pub async fn metrics(State(state): State<AppState>) -> Response {
    let Some(recorder) = &state.metrics else {
        return (StatusCode::NOT_FOUND, "metrics are not recorded").into_response();
    };
    if let Ok(backlog) = state.store.backlog(state.clock.now()).await {
        for (stage, waiting) in [
            ("deliveries", backlog.deliveries),
            ("events", backlog.events),
            ("messages", backlog.messages),
            ("unknown", backlog.unknown),
            ("receipts", backlog.receipts),
        ] {
            #[expect(clippy::cast_precision_loss, reason = "a count people look at")]
            metrics::gauge!("facteur_waiting", "stage" => stage).set(waiting as f64);
        }
    }
    let text = recorder.render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
