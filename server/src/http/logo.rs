//! `/logos/{name}`: a brand's logo, for everybody who knows its address. No session, no cookies.

use super::state::AppState;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, StatusCode, header};

/// The route's address; [`app::route::logo`] builds it.
pub const PATH: &str = "/logos/{name}";

/// Answers with the picture. The address changes with it, so it may be kept for ever.
pub async fn show(State(state): State<AppState>, Path(name): Path<String>) -> Response {
    let is_name = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_name {
        return StatusCode::NOT_FOUND.into_response();
    }
    match state.store.find_logo(&name).await {
        Ok(Some(png)) => {
            let headers = [
                (header::CONTENT_TYPE, "image/png"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                // Opened by itself it is a picture and nothing more.
                (
                    header::CONTENT_SECURITY_POLICY,
                    "default-src 'none'; sandbox; frame-ancestors 'none'",
                ),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
                (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
            ];
            (headers, png).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => super::error::status(&error).into_response(),
    }
}
