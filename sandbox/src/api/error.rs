//! Errors as the Graph API writes them.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

use crate::templates::problem::Problem;

/// One refusal of the Cloud API.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: u32,
    message: String,
    details: Option<String>,
    subcode: Option<u32>,
    /// Title and text for a person.
    user: Option<(&'static str, String)>,
}

/// The HTTP status and title of every code the sandbox answers or reports.
pub(crate) fn known(code: u32) -> (StatusCode, &'static str) {
    let bad = StatusCode::BAD_REQUEST;
    match code {
        0 | 190 => (StatusCode::UNAUTHORIZED, "The access token is not accepted"),
        2 | 133_004 => (StatusCode::SERVICE_UNAVAILABLE, "Temporarily not available"),
        3 | 131_016 | 131_045 | 131_057 | 133_000 | 134_102 => {
            (StatusCode::INTERNAL_SERVER_ERROR, "The service cannot do this now")
        }
        200..=299 | 368 | 130_497 | 131_005 | 131_031 => {
            (StatusCode::FORBIDDEN, "Not permitted or restricted")
        }
        10 => (StatusCode::FORBIDDEN, "Application does not have permission for this action"),
        100 => (bad, "Invalid parameter"),
        80_008 => (bad, "There have been too many calls to this WhatsApp Business account"),
        130_429 => (bad, "Rate limit hit"),
        130_472 => (bad, "User's number is part of an experiment"),
        131_000 => (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong"),
        131_008 => (bad, "Required parameter is missing"),
        131_009 => (bad, "Parameter value is not valid"),
        131_026 => (bad, "Message undeliverable"),
        131_047 => (bad, "Re-engagement message"),
        131_049 => {
            (bad, "This message was not delivered to maintain healthy ecosystem engagement.")
        }
        131_050 => (bad, "User has stopped receipt of marketing messages"),
        131_051 => (bad, "Unsupported message type"),
        131_056 => (bad, "(Business Account, Consumer Account) pair rate limit hit"),
        132_000 => (bad, "Number of parameters does not match the expected number of params"),
        132_001 => (StatusCode::NOT_FOUND, "Template name does not exist in the translation"),
        132_005 => (bad, "Translated text too long"),
        132_012 => (bad, "Parameter format does not match format in the created template"),
        132_015 => (bad, "Template is paused"),
        132_016 => (bad, "Template is disabled"),
        132_018 => (bad, "There is an issue with the parameters in your template"),
        _ => (bad, "Unknown error"),
    }
}

/// What a failed message's receipt says besides the title.
pub(crate) fn failure_details(code: u32) -> &'static str {
    match code {
        131_026 => "Message Undeliverable.",
        130_472 => {
            "Failed to send message because this user's phone number is part of an \
                    experiment."
        }
        131_049 => {
            "In order to maintain a healthy ecosystem engagement, the message failed to be \
                    delivered."
        }
        131_050 => "Recipient has chosen to stop receiving marketing messages from your business.",
        _ => "The message failed to be delivered.",
    }
}

impl ApiError {
    /// A documented code with its usual status and title.
    pub(crate) fn new(code: u32, details: impl Into<String>) -> Self {
        let (status, title) = known(code);
        Self {
            status,
            code,
            message: format!("(#{code}) {title}"),
            details: Some(details.into()),
            subcode: None,
            user: None,
        }
    }

    /// 131008.
    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new(131_008, format!("The parameter {parameter} is required."))
    }

    /// 131009.
    pub(crate) fn bad_value(details: impl Into<String>) -> Self {
        Self::new(131_009, details)
    }

    /// 100.
    pub(crate) fn invalid(details: impl Into<String>) -> Self {
        Self::new(100, details)
    }

    /// 190: no token, or one that is not of the form `sbx.<app secret>.<anything>`.
    pub(crate) fn bad_token() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            code: 190,
            message:
                "Invalid OAuth access token - Cannot parse access token. The sandbox's tokens \
                      have the form sbx.<app secret>.<anything>."
                    .to_owned(),
            details: None,
            subcode: None,
            user: None,
        }
    }

    /// 10: the object belongs to the app that used it first.
    pub(crate) fn not_yours() -> Self {
        Self::new(10, "Another app's secret owns this number and its WhatsApp Business account.")
    }

    /// 100/33: no such object.
    pub(crate) fn unknown_object(id: &str) -> Self {
        let id: String = id.chars().take(64).collect();
        Self {
            status: StatusCode::BAD_REQUEST,
            code: 100,
            message: format!(
                "Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due \
                 to missing permissions, or does not support this operation"
            ),
            details: None,
            subcode: Some(33),
            user: None,
        }
    }

    /// 2500: no such path.
    pub(crate) fn unknown_path() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: 2_500,
            message: "Unknown path components. Paths begin with a version, as in /v25.0/"
                .to_owned(),
            details: None,
            subcode: None,
            user: None,
        }
    }

    pub(crate) fn template(problem: Problem) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: 100,
            message: "Invalid parameter".to_owned(),
            details: None,
            subcode: problem.subcode,
            user: Some((problem.title, problem.message)),
        }
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The body, as it goes over the wire.
    pub(crate) fn body(&self) -> Value {
        let mut error = json!({
            "message": self.message,
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": trace_id(),
        });
        if let Some(details) = &self.details {
            error["error_data"] = json!({ "messaging_product": "whatsapp", "details": details });
        }
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if let Some((title, message)) = &self.user {
            error["is_transient"] = json!(false);
            error["error_user_title"] = json!(title);
            error["error_user_msg"] = json!(message);
        }
        json!({ "error": error })
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body())).into_response()
    }
}

/// Looks like Meta's; counts, so that two answers can be told apart.
fn trace_id() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("Asandbox{:015X}", COUNT.fetch_add(1, Ordering::Relaxed))
}
