//! `invoices`: closed months, and the lines they are made of.

use super::key::Caller;
use super::paging::{self, Paging};
use super::problem::Problem;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use dispatch::error::Error;
use dispatch::id::InvoiceId;
use dispatch::tenant::Scope;
use dispatch::view::{InvoiceLineView, InvoiceView};
use serde_json::{Value, json};

/// `GET /api/v1/invoices`
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let page =
        paging.cut(state.store.invoices(caller.account()).await?, |row| row.id.to_string())?;
    Ok(paging::answer(page, |row| row.id.to_string(), |row| show(&row)))
}

/// `GET /api/v1/invoices/{id}`
pub async fn one(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let id: InvoiceId = id.parse().map_err(|_| Error::NotFound)?;
    let found = state.store.invoice(caller.account(), id).await?.ok_or(Error::NotFound)?;
    let mut answer = show(&found.invoice);
    if let Some(object) = answer.as_object_mut() {
        object.insert("lines".to_owned(), found.lines.iter().map(line).collect());
    }
    Ok(Json(answer).into_response())
}

fn show(invoice: &InvoiceView) -> Value {
    json!({
        "id": invoice.id,
        "number": invoice.number,
        "month": invoice.month,
        "state": invoice.state,
        "total": invoice.total,
        "issued_at": invoice.issued_at.to_string(),
        "messages": invoice.messages,
    })
}

fn line(line: &InvoiceLineView) -> Value {
    json!({
        "id": line.id,
        "brand_name": line.brand_name,
        "channel": line.channel,
        "country": line.country,
        "kind": line.kind,
        "unit_price": line.unit_price,
        "quantity": line.quantity,
        "amount": line.amount,
    })
}
