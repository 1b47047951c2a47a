//! The Resumable Upload API: `POST /{version}/{app}/uploads`, then `POST /{version}/upload:…`.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Query, Request, State},
    response::{IntoResponse, Response},
};
use futures::StreamExt as _;
use serde_json::json;

use super::{
    access::{AnyApp, App},
    error::ApiError,
};
use crate::state::{Sandbox, journal::Fact};

/// Kinds of files a header's sample can be, with the most bytes of each.
const KINDS: [(&str, u64); 6] = [
    ("image/jpeg", 5 << 20),
    ("image/jpg", 5 << 20),
    ("image/png", 5 << 20),
    ("video/mp4", 16 << 20),
    ("video/3gpp", 16 << 20),
    ("application/pdf", 100 << 20),
];

/// Begins one. All parameters stand in the address.
pub(super) async fn begin(
    State(sandbox): State<Sandbox>,
    app: App,
    _: AnyApp,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, ApiError> {
    let wanted = |key: &str| {
        let value = query.get(key).filter(|value| !value.is_empty());
        value.ok_or_else(|| ApiError::invalid(format!("The parameter {key} is required.")))
    };
    wanted("file_name")?;
    let kind = wanted("file_type")?;
    let length = wanted("file_length")?.parse::<u64>().ok().filter(|length| *length > 0);
    let length = length.ok_or_else(|| ApiError::invalid("file_length is a number of bytes."))?;
    let (kind, most) = KINDS.iter().find(|(known, _)| known == kind).ok_or_else(|| {
        let known = KINDS.map(|(known, _)| known).join(", ");
        ApiError::invalid(format!("file_type is one of {known}."))
    })?;
    if length > *most {
        return Err(ApiError::invalid(format!("A file of type {kind} has at most {most} bytes.")));
    }
    let id = sandbox.world().begin_upload(&app.secret, kind, length);
    Ok(Json(json!({ "id": id })).into_response())
}

/// Takes the bytes from `file_offset` on; the last piece is answered with the handle.
pub(super) async fn receive(
    sandbox: &Sandbox,
    app: &App,
    id: &str,
    request: Request,
) -> Result<Response, ApiError> {
    let mut upload = find(sandbox, app, id)?;
    let offset = request.headers().get("file_offset").and_then(|value| value.to_str().ok());
    let offset = offset.and_then(|offset| offset.trim().parse::<u64>().ok());
    if offset != Some(upload.received) {
        let received = upload.received;
        return Err(ApiError::invalid(format!(
            "The header file_offset must be {received}: that many bytes have been received."
        )));
    }
    let mut stream = request.into_body().into_data_stream();
    // What arrived before the connection broke counts: that is what can be resumed.
    while let Some(Ok(piece)) = stream.next().await {
        upload.received += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        if upload.received > upload.file_length {
            return Err(ApiError::invalid("There are more bytes than file_length said."));
        }
    }
    let answer = match upload.handle() {
        Some(handle) => json!({ "h": handle }),
        None => json!({ "id": upload.id, "file_offset": upload.received }),
    };
    sandbox.world().record(Fact::Upload(upload));
    Ok(Json(answer).into_response())
}

/// How far it has come.
pub(super) fn show(sandbox: &Sandbox, app: &App, id: &str) -> Result<Response, ApiError> {
    let upload = find(sandbox, app, id)?;
    Ok(Json(json!({ "id": upload.id, "file_offset": upload.received })).into_response())
}

fn find(sandbox: &Sandbox, app: &App, id: &str) -> Result<crate::state::upload::Upload, ApiError> {
    let world = sandbox.world();
    world.upload(id, &app.secret).cloned().ok_or_else(|| ApiError::unknown_object(id))
}
