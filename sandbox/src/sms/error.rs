//! Errors as Twilio writes them.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

/// One refusal of the SMS API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SmsError {
    status: StatusCode,
    code: u32,
    message: String,
}

impl SmsError {
    /// A refusal that the request itself is to blame for.
    pub(crate) fn new(code: u32, message: impl Into<String>) -> Self {
        let status = match code {
            20_003 => StatusCode::UNAUTHORIZED,
            20_404 => StatusCode::NOT_FOUND,
            20_429 => StatusCode::TOO_MANY_REQUESTS,
            20_500 => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self { status, code, message: message.into() }
    }

    pub(crate) fn unauthenticated() -> Self {
        Self::new(20_003, "Authenticate")
    }

    pub(crate) fn too_many() -> Self {
        Self::new(20_429, "Too Many Requests")
    }

    pub(crate) fn internal() -> Self {
        Self::new(20_500, "Internal Server Error")
    }

    pub(crate) fn unknown(path: &str) -> Self {
        Self::new(20_404, format!("The requested resource {path} was not found"))
    }

    /// What a parameter may not be; the message says it.
    pub(crate) fn parameter(message: impl Into<String>) -> Self {
        Self::new(20_422, message)
    }

    pub(crate) fn body(&self) -> Value {
        json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status.as_u16(),
        })
    }
}

impl IntoResponse for SmsError {
    fn into_response(self) -> Response {
        let mut answer = (self.status, Json(self.body())).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let realm = http::HeaderValue::from_static("Basic realm=\"Twilio API\"");
            answer.headers_mut().insert(http::header::WWW_AUTHENTICATE, realm);
        }
        answer
    }
}

/// What `error_message` says of a message that was not delivered.
pub(crate) fn undelivered(code: u32) -> &'static str {
    match code {
        30_001 => "Queue overflow",
        30_002 => "Account suspended",
        30_003 => "Unreachable destination handset",
        30_004 => "Message blocked",
        30_005 => "Unknown destination handset",
        30_006 => "Landline or unreachable carrier",
        30_007 => "Message filtered",
        _ => "Unknown error",
    }
}
