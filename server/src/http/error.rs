//! The core's errors as HTTP says them. What a driver or provider said stays in the log.

use axum::body::Body;
use axum::response::Response;
use dispatch::error::Error;
use http::{HeaderValue, StatusCode, header};

/// The status that goes with an error, for pages, server functions and the API alike.
#[must_use]
pub const fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Denied => StatusCode::FORBIDDEN,
        Error::Invalid { .. } | Error::Several(_) | Error::Limit { .. } => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Error::Conflict => StatusCode::CONFLICT,
        Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Error::Corrupt => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The fields and the codes a form shows, as `app::form` words them.
#[must_use]
pub fn fields_and_codes(error: &Error) -> Vec<(&'static str, &'static str)> {
    match error {
        Error::Several(fields) => fields.clone(),
        one => vec![field_and_code(one)],
    }
}

/// The first of them.
#[must_use]
pub fn field_and_code(error: &Error) -> (&'static str, &'static str) {
    match error {
        Error::Several(fields) => fields.first().copied().unwrap_or(("", "refused")),
        Error::Invalid { field, reason } => (field, reason),
        Error::Limit { what } => ("", what),
        Error::NotFound => ("", "not_found"),
        Error::Denied => ("", "denied"),
        Error::Conflict => ("", "conflict"),
        Error::Unavailable | Error::Corrupt => ("", "unavailable"),
    }
}

/// A page without the frame, for when there is nobody to frame it for or nothing left to render it.
#[must_use]
pub fn plain_page(status: StatusCode, title: &str, words: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} - Facteur</title></head>\
         <body><main><h1>{title}</h1><p>{words}</p><p><a href=\"/\">Back to Facteur</a></p></main></body></html>"
    );
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}
