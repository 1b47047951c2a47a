//! `/media/{name}/{file}`: a header's picture or document, for everybody who knows its address: the provider
//! fetches it for every customer. No session, no cookies.

use super::state::AppState;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use dispatch::template::HeaderKind;
use http::{HeaderName, StatusCode, header};

/// The route's address; [`app::route::media`] builds it.
pub const PATH: &str = "/media/{name}/{file}";

/// Answers with the file. The address changes with it, so it may be kept for ever.
pub async fn show(
    State(state): State<AppState>,
    Path((name, file)): Path<(String, String)>,
) -> Response {
    let is_name = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_name {
        return StatusCode::NOT_FOUND.into_response();
    }
    match state.store.find_media(&name).await {
        Ok(Some(media)) if media.file == file => {
            // A picture may be looked at in its tab; a document is only ever saved, so that nothing in it runs here.
            let kept = match media.kind.header() {
                HeaderKind::Document => "attachment",
                _ => "inline",
            };
            let headers = [
                (header::CONTENT_TYPE, media.kind.word().to_owned()),
                (header::CONTENT_DISPOSITION, format!("{kept}; filename=\"{file}\"")),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
                (
                    header::CONTENT_SECURITY_POLICY,
                    "default-src 'none'; sandbox; frame-ancestors 'none'".to_owned(),
                ),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
                // Customers' phones are other origins.
                (
                    HeaderName::from_static("cross-origin-resource-policy"),
                    "cross-origin".to_owned(),
                ),
            ];
            (headers, media.bytes).into_response()
        }
        Ok(_) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => super::error::status(&error).into_response(),
    }
}
