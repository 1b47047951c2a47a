//! The control API: looking at phones, causing faults, answering as a person,
//! deciding as Meta's reviewers.

mod inbound;
mod levers;
mod messages;
mod reviews;

use axum::{
    Json, Router,
    body::Bytes,
    extract::rejection::BytesRejection,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::json;

pub(crate) use self::{
    inbound::{Words, write},
    messages::instant,
};
use crate::state::Sandbox;

pub(crate) fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/control/messages", get(messages::list))
        .route(
            "/control/faults",
            get(levers::faults).post(levers::add_fault).delete(levers::clear_faults),
        )
        .route("/control/inbound", post(inbound::answer))
        .route("/control/reset", post(levers::reset))
        .route("/control/limits", get(levers::limits).post(levers::set_limits))
        .route("/control/numbers", post(levers::set_number))
        .route("/control/portfolios", post(levers::set_portfolio))
        .route("/control/senders", post(levers::set_sender))
        .route("/control/templates", post(reviews::change))
        .route("/control/reviews", get(reviews::list).post(reviews::order).delete(reviews::clear))
        .route("/control/state", get(levers::state))
}

/// Why the sandbox did not do it, in words.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
}

impl Refusal {
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: message.into() }
    }

    pub(crate) fn unknown(message: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: message.into() }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": { "message": self.message } }))).into_response()
    }
}

/// The body, whatever its content type: these calls are typed by hand. An empty one is `{}`.
fn read<T: DeserializeOwned>(body: Result<Bytes, BytesRejection>) -> Result<T, Refusal> {
    let bytes = body.map_err(|rejection| Refusal {
        status: rejection.status(),
        message: "The body could not be read, or it is larger than 1 MiB.".to_owned(),
    })?;
    let bytes = if bytes.is_empty() { &b"{}"[..] } else { &bytes[..] };
    serde_json::from_slice(bytes)
        .map_err(|error| Refusal::bad(format!("The body was not understood: {error}.")))
}
