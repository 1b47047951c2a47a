//! For those who run the server.

use super::state::AppState;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

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

/// Numbers in Prometheus' text format; `telemetry` lists them.
pub async fn metrics(State(state): State<AppState>) -> Response {
    let Some(recorder) = &state.metrics else {
        return (StatusCode::NOT_FOUND, "metrics are not recorded").into_response();
    };
    let text = recorder.render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
