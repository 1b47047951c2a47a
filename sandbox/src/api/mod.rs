//! The Cloud API, under any version.

pub(crate) mod access;
mod envelope;
pub(crate) mod error;
mod messages;
mod nodes;
mod subscribed;
mod templates;
mod uploads;

use axum::{
    Router,
    body::Bytes,
    extract::rejection::BytesRejection,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::StatusCode;
use serde_json::Value;

use self::error::ApiError;
use crate::state::Sandbox;

pub(crate) fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/{version}/{id}/messages", post(messages::send))
        .route(
            "/{version}/{id}/message_templates",
            get(templates::list).post(templates::create).delete(templates::delete),
        )
        .route(
            "/{version}/{id}/subscribed_apps",
            get(subscribed::list).post(subscribed::subscribe).delete(subscribed::unsubscribe),
        )
        .route("/{version}/{id}/unpause", post(templates::unpause))
        .route("/{version}/{id}/uploads", post(uploads::begin))
        .route("/{version}/{id}", get(nodes::show).post(nodes::act))
}

/// No such path, in the Graph API's words.
pub(crate) async fn unknown() -> ApiError {
    ApiError::unknown_path()
}

/// The body as JSON, an object.
fn json_body(body: Result<Bytes, BytesRejection>) -> Result<Value, ApiError> {
    let bytes = body.map_err(|rejection| {
        let status = rejection.status();
        ApiError::invalid("The body could not be read, or it is larger than 1 MiB.")
            .with_status(status)
    })?;
    match serde_json::from_slice(&bytes) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(ApiError::invalid("The body must be a JSON object.")),
        Err(_) if bytes.is_empty() => Ok(Value::Object(serde_json::Map::new())),
        Err(error) => Err(ApiError::invalid(format!("The body is not valid JSON: {error}."))),
    }
}

/// `{"success": true}`
fn success() -> Response {
    (StatusCode::OK, axum::Json(serde_json::json!({ "success": true }))).into_response()
}
