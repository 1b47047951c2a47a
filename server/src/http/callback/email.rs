//! `POST /callbacks/email/{sender}`: mails that came back, as the operator's mail server pipes them to us.
//!
//! There is no standard for it, so it asks for what every mail server can do: the whole notification as the body, and the
//! sender's token as `Authorization: Bearer`.

use super::{CallbackState, Known, Post, counted};
use crate::http::intake::{self, problem};
use crate::provider::smtp::bounce;
use crate::security::signature;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use dispatch::channel::Channel;
use dispatch::id::ReceiptId;
use dispatch::port::CallbackTarget;
use dispatch::receipt::{Receipt, ReceiptKind};
use http::{HeaderMap, StatusCode, header};

/// Where notifications are posted to.
pub(super) const PATH: &str = "/callbacks/email/{sender}";

/// Notifications carry the mail that came back, or its head.
const LIMIT: usize = 3 * 1024 * 1024;

pub(super) async fn receive(
    State(state): State<CallbackState>,
    Path(sender): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    counted("email", take(&state, &sender, &headers, body).await)
}

async fn take(
    state: &CallbackState,
    sender: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Response> {
    let mut known = Known::find(state, sender, Channel::Email).await?;
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default();
    let fits = |target: &CallbackTarget| {
        let expected = target.verify_token.expose();
        !expected.is_empty() && signature::same_text(expected, given.trim())
    };
    if !known.is_proven(state, fits).await? {
        return Err(problem(
            StatusCode::UNAUTHORIZED,
            "The token is not the one of this sender; nothing was stored.",
        ));
    }
    let target = known.target;
    let body = intake::body(headers, body, LIMIT).await?;
    let now = state.clock.now();
    let mut post = Post::default();
    // Anything else that comes to the address (an answer, a note of absence) is not kept.
    if let Some(found) = bounce::parse(&body) {
        post.receipts.push(Receipt {
            account: target.account,
            id: ReceiptId::mint(now, &*state.ids),
            sender: target.sender,
            attempt: Some(found.attempt),
            provider_id: format!("bounce.{}", found.attempt),
            kind: ReceiptKind::Failed,
            occurred_at: now,
            received_at: now,
            code: Some(found.code),
            detail: None,
        });
    }
    state.keep(post).await
}
