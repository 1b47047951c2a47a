//! `messages`: what was sent, and what became of it.

use super::decisions::cases;
use super::key::Caller;
use super::paging::{self, Paging};
use super::problem::Problem;
use super::{Filters, Narrow};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use dispatch::error::Error;
use dispatch::id::MessageId;
use dispatch::message::MessageState;
use dispatch::money::Money;
use dispatch::tenant::Scope;
use dispatch::view::{AttemptView, CaseView, LogFilter, LogTab, MessageView, NextView};
use serde_json::{Value, json};

/// `GET /api/v1/messages`; `status` is the message's own.
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Query(filters): Query<Filters>,
    Query(narrow): Query<Narrow>,
    Query(paging): Query<Paging>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let standing = filters
        .status
        .as_deref()
        .map(|word| word.parse::<MessageState>().map_err(|_| Problem::bad_query("status")))
        .transpose()?;
    let filter = LogFilter {
        tab: LogTab::Sent,
        state: standing,
        limit: paging.limit()?,
        before: paging.cursor()?,
        ..narrow.of(filters.read()?)?
    };
    let page = state.store.log(caller.account(), &filter).await?;
    let page = cases(&state, caller.account(), page).await?;
    Ok(paging::answer(page, |case| case.row.decision.to_string(), |case| show(&caller, &case)))
}

/// `GET /api/v1/messages/{id}`
pub async fn one(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let id: MessageId = id.parse().map_err(|_| Error::NotFound)?;
    let case = state.store.case_of_message(caller.account(), id).await?.ok_or(Error::NotFound)?;
    Ok(Json(show(&caller, &case)).into_response())
}

fn show(caller: &Caller, case: &CaseView) -> Value {
    let Some(message) = &case.message else { return Value::Null };
    let attempts: Vec<Value> = message.attempts.iter().map(attempt).collect();
    let receipts: Vec<Value> = message
        .receipts
        .iter()
        .map(|receipt| {
            json!({
                "kind": receipt.kind,
                "channel": receipt.channel,
                "occurred_at": receipt.occurred_at.to_string(),
                "received_at": receipt.received_at.to_string(),
                "code": receipt.code,
                "detail": receipt.detail,
            })
        })
        .collect();
    let replays: Vec<Value> = message
        .replays
        .iter()
        .map(|replayed| json!({ "id": replayed.replay, "at": replayed.at.to_string() }))
        .collect();
    json!({
        "id": message.id,
        "brand": case.row.brand,
        "decision_id": case.row.decision,
        "event_id": case.row.event,
        "status": message.state,
        "channel": message.channel,
        "next": message.next.map(next),
        "country": case.row.country,
        "tracking_status": case.row.status,
        "to": caller.address(&message.to),
        "template": message.template,
        "template_version": message.template_version,
        "language": message.language,
        "order_number": case.row.order_number,
        "tracking_number": case.row.tracking_number,
        "failure": message.failure,
        "waits": message.waits,
        "replays": replays,
        "due_at": message.due_at.map(|at| at.to_string()),
        "created_at": message.created_at.to_string(),
        "charge": charge(message),
        "attempts": attempts,
        "receipts": receipts,
    })
}

/// What the message costs after corrections; none while nothing was charged.
fn charge(message: &MessageView) -> Option<Money> {
    let mut amounts = message.charges.iter().map(|charge| charge.amount);
    let first = amounts.next()?;
    amounts.try_fold(first, Money::plus).ok()
}

/// Who stands in when it does not arrive.
fn next(next: NextView) -> Value {
    json!({
        "channel": next.channel,
        "after_minutes": next.after,
        "at": next.at.map(|at| at.to_string()),
    })
}

fn attempt(attempt: &AttemptView) -> Value {
    json!({
        "id": attempt.id,
        "number": attempt.number,
        "channel": attempt.channel,
        "started_at": attempt.started_at.to_string(),
        "finished_at": attempt.finished_at.map(|at| at.to_string()),
        "outcome": attempt.outcome,
        "provider_id": attempt.provider_id,
        "code": attempt.code,
        "detail": attempt.detail,
    })
}
