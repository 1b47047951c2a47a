//! `POST /callbacks/sms/{sender}`: receipts of text messages, and what customers answer.

use super::{CallbackState, Known, Post, counted, said};
use crate::http::intake::{self, problem};
use crate::provider::twilio::callback::{self, Callback};
use crate::provider::whatsapp::callback::Words;
use axum::body::Body;
use axum::extract::{OriginalUri, Path, State};
use axum::response::Response;
use dispatch::channel::Channel;
use dispatch::id::{AttemptId, ReceiptId};
use dispatch::port::{CallbackTarget, Inbound};
use dispatch::receipt::Receipt;
use http::{HeaderMap, StatusCode, Uri};

/// Where the provider posts to; the query names the attempt.
pub(super) const PATH: &str = "/callbacks/sms/{sender}";

/// A form has about a thousand bytes.
const LIMIT: usize = 1024 * 1024;
const SIGNATURE_HEADER: &str = "x-twilio-signature";

pub(super) async fn receive(
    State(state): State<CallbackState>,
    Path(sender): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    counted("sms", take(&state, &sender, &uri, &headers, body).await)
}

async fn take(
    state: &CallbackState,
    sender: &str,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Response> {
    let mut known = Known::find(state, sender, Channel::Sms).await?;
    let body = intake::body(headers, body, LIMIT).await?;
    let fields = callback::fields(&body);
    // The address as the provider called it: ours, whatever stands between us.
    let path = uri.path_and_query().map_or_else(|| uri.path(), |both| both.as_str());
    let url = format!("{}{path}", state.base_url);
    let given = headers.get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
    let is_signed = |target: &CallbackTarget| {
        let token = target.app_secret.expose();
        given.is_some_and(|given| callback::is_signed(token, &url, &fields, given))
    };
    if !known.is_proven(state, is_signed).await? {
        return Err(problem(
            StatusCode::UNAUTHORIZED,
            "The signature does not fit the account's token; nothing was stored.",
        ));
    }
    let target = known.target;
    let now = state.clock.now();
    let mut post = Post::default();
    match callback::parse(&fields) {
        Callback::Receipt { provider_id, kind, code } => post.receipts.push(Receipt {
            account: target.account,
            id: ReceiptId::mint(now, &*state.ids),
            sender: target.sender,
            attempt: attempt(uri),
            provider_id,
            kind,
            occurred_at: now,
            received_at: now,
            code,
            detail: None,
        }),
        Callback::Words { provider_id, from, text, consent } => {
            let words = Words { provider_id, from: Some(from), text, consent, about: None };
            let consent = said(&words, (&target, Channel::Sms), now, &*state.ids);
            post.inbound.push(Inbound {
                account: target.account,
                sender: target.sender,
                provider_id: words.provider_id,
                from: words.from,
                text: words.text,
                received_at: now,
                consent,
                confirms: None,
            });
        }
        Callback::Other => {}
    }
    state.keep(post).await
}

/// The attempt in the address we gave.
fn attempt(uri: &Uri) -> Option<AttemptId> {
    let query = uri.query()?;
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "attempt").and_then(|(_, value)| value.parse().ok())
}
