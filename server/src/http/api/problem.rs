//! What went wrong, as RFC 9457 says it. `type` is stable and meant for programs, `title` belongs to
//! it, `detail` is for people.

use axum::response::{IntoResponse, Response};
use dispatch::error::Error;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// A problem document.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    word: &'static str,
    title: &'static str,
    detail: String,
    /// The input's field and the word for what is wrong with it.
    field: Option<(&'static str, &'static str)>,
    request: Option<String>,
}

impl Problem {
    fn new(
        status: StatusCode,
        word: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self { status, word, title, detail: detail.into(), field: None, request: None }
    }

    /// No key, or none that is good.
    #[must_use]
    pub fn no_key() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "no_key",
            "No valid API key",
            "Send `Authorization: Bearer <key>` with a key that was not revoked.",
        )
    }

    /// A key without the right scope.
    #[must_use]
    pub fn no_scope(scope: &str) -> Self {
        let detail = format!("This key does not have the scope `{scope}`. Make one that has.");
        Self::new(StatusCode::FORBIDDEN, "denied", "Not allowed", detail)
    }

    /// A body that cannot be read at all.
    #[must_use]
    pub fn bad_body(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_body", "The body cannot be read", detail)
    }

    /// A body over the limit.
    #[must_use]
    pub fn too_large() -> Self {
        let detail = "At most 1 MiB. Send several smaller requests.";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is too large", detail)
    }

    /// A parameter of the query that cannot be used.
    #[must_use]
    pub fn bad_query(field: &'static str) -> Self {
        Self::from(Error::invalid(field, "format"))
    }

    /// A route that does not know the method.
    #[must_use]
    pub fn wrong_method() -> Self {
        let detail = "openapi.json lists what each address knows.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", "Unknown method", detail)
    }

    /// Something of ours broke.
    #[must_use]
    pub fn internal() -> Self {
        Self::from(Error::Corrupt)
    }

    /// Names the request, for whoever asks support.
    #[must_use]
    pub fn with_request(mut self, id: &str) -> Self {
        self.request = Some(id.to_owned());
        self
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = crate::http::error::status(&error);
        match error {
            Error::NotFound => Self::new(
                status,
                "not_found",
                "Not found",
                "There is no such thing in the account of this key.",
            ),
            Error::Denied => {
                Self::new(status, "denied", "Not allowed", "This key does not allow it.")
            }
            Error::Invalid { field, reason } => {
                let detail = format!("`{field}`: {reason}. Nothing was changed.");
                let problem = Self::new(status, "invalid", "The input cannot be used", detail);
                Self { field: Some((field, reason)), ..problem }
            }
            Error::Several(fields) => {
                fields.first().map_or_else(Self::internal, |(field, reason)| {
                    Self::from(Error::invalid(field, reason))
                })
            }
            Error::Conflict => Self::new(
                status,
                "conflict",
                "Changed meanwhile",
                "Somebody else changed it; read it again and repeat.",
            ),
            Error::Limit { what } => {
                let detail = format!("The limit of {what} is reached. Nothing was changed.");
                Self::new(status, "limit", "A limit is reached", detail)
            }
            Error::Unavailable => Self::new(
                status,
                "unavailable",
                "Not available",
                "The server cannot answer at the moment. Try again; nothing was changed.",
            ),
            Error::Corrupt => {
                tracing::error!("stored data contradicts itself");
                Self::new(
                    status,
                    "internal",
                    "Something broke here",
                    "It was noted. Tell support the request's id if it stays broken.",
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut document = json!({
            "type": format!("urn:facteur:problem:{}", self.word),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "request_id": self.request,
        });
        if let (Some((field, reason)), Some(object)) = (self.field, document.as_object_mut()) {
            object.insert("field".to_owned(), json!(field));
            object.insert("reason".to_owned(), json!(reason));
        }
        let mut response = (self.status, document.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.extensions_mut().insert(Told(self));
        response
    }
}

/// A response that is a problem, so that the request's id can be written into it.
#[derive(Clone)]
struct Told(Problem);

/// Writes the request's id into problem documents: handlers need not know it.
pub async fn name_requests(
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let id = request.extensions().get::<crate::http::request::RequestId>().cloned();
    let mut response = next.run(request).await;
    match (id, response.extensions_mut().remove::<Told>()) {
        (Some(id), Some(Told(problem))) => problem.with_request(&id.0).into_response(),
        _ => response,
    }
}
