//! Who calls and what is called: tokens, versions, ids.

use axum::{
    extract::{FromRequestParts, Path},
    http::{header::AUTHORIZATION, request::Parts},
};

use super::error::ApiError;
use crate::state::identity::is_numeric_id;

/// An access token of the sandbox for an app; any text after the secret would do as well.
#[must_use]
pub fn access_token(app_secret: &str) -> String {
    format!("sbx.{app_secret}.token")
}

/// The app that calls, known by its secret.
pub(crate) struct App {
    pub secret: String,
}

impl<S: Sync> FromRequestParts<S> for App {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        // Uploads are documented with the older word.
        let token = header.and_then(|value| {
            value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("OAuth "))
        });
        let secret = token.and_then(|token| {
            let (secret, rest) = token.trim().strip_prefix("sbx.")?.split_once('.')?;
            (!secret.is_empty() && !rest.is_empty()).then(|| secret.to_owned())
        });
        secret.map(|secret| Self { secret }).ok_or_else(ApiError::bad_token)
    }
}

/// The object of a path `/{version}/{id}/…`.
pub(crate) struct Object(pub String);

/// What a path `/{version}/{id}` names.
pub(crate) enum Node {
    /// A number, a WABA or a template.
    Object(String),
    /// `upload:…`
    Upload(String),
}

/// Any second part of a path: for uploads it is the app, which the token says better.
pub(crate) struct AnyApp;

impl<S: Send + Sync> FromRequestParts<S> for Object {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Node::from_request_parts(parts, state).await? {
            Node::Object(id) => Ok(Self(id)),
            Node::Upload(id) => Err(ApiError::unknown_object(&id)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Node {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = second(parts, state).await?;
        if id.starts_with("upload:") {
            return Ok(Self::Upload(id));
        }
        if !is_numeric_id(&id) {
            return Err(ApiError::unknown_object(&id));
        }
        Ok(Self::Object(id))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AnyApp {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        second(parts, state).await.map(|_| Self)
    }
}

/// What stands behind the version.
async fn second<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<String, ApiError> {
    let Path((version, id)) = Path::<(String, String)>::from_request_parts(parts, state)
        .await
        .map_err(|_| ApiError::unknown_path())?;
    let is_version = version
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(major, minor)| is_numeric_id(major) && is_numeric_id(minor));
    if is_version { Ok(id) } else { Err(ApiError::unknown_path()) }
}
