//! `consents`: what customers agreed to, as the ledger keeps it; and the door for shops that ask them.

use super::key::Caller;
use super::paging::{self, Paging};
use super::problem::Problem;
use crate::http::state::AppState;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use dispatch::consent::{ConsentRecord, ConsentSource, Purpose};
use dispatch::error::Error;
use dispatch::id::BrandId;
use dispatch::tenant::Scope;
use dispatch::usecase::{self, RecordConsent};
use dispatch::view::ConsentFilter;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// The filters of the list.
#[derive(Debug, Default, Deserialize)]
pub struct Filters {
    brand: Option<String>,
    phone: Option<String>,
    purpose: Option<String>,
}

/// `GET /api/v1/consents`
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Query(filters): Query<Filters>,
    Query(paging): Query<Paging>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let brand = filters.brand.as_deref().map(str::parse::<BrandId>).transpose();
    let purpose = filters.purpose.as_deref().map(str::parse::<Purpose>).transpose();
    let filter = ConsentFilter {
        brand: brand.map_err(|_| Problem::bad_query("brand"))?,
        address: filters.phone.as_deref().map(address).transpose()?,
        purpose: purpose.map_err(|_| Problem::bad_query("purpose"))?,
        before: paging.cursor()?,
        limit: paging.limit()?,
    };
    let page = state.store.consents(caller.account(), &filter).await?;
    Ok(paging::answer(page, |row| row.record.id.to_string(), |row| show(&caller, &row.record)))
}

/// A number with its country's code, or an e-mail address. A plus in a query is often sent as a space.
fn address(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.contains('@') {
        return Ok(text.to_lowercase());
    }
    let number = if text.starts_with('+') { text.to_owned() } else { format!("+{text}") };
    crate::phone::to_e164(&number, None).ok_or_else(|| Problem::bad_query("phone"))
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Input {
    brand: String,
    phone: String,
    country: String,
    channel: String,
    purpose: String,
    kind: String,
    source: String,
    text: String,
    text_version: String,
    proof: String,
    at: String,
}

/// `POST /api/v1/consents`
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    caller.need(Scope::Write)?;
    let input: Input =
        serde_json::from_slice(&body).map_err(|error| Problem::bad_body(error.to_string()))?;
    let input = RecordConsent {
        brand: input.brand,
        phone: input.phone,
        country: input.country,
        channel: input.channel,
        purpose: input.purpose,
        kind: input.kind,
        origin: input.source,
        text: input.text,
        text_version: input.text_version,
        proof: input.proof,
        at: input.at,
    };
    let (ports, phone) = (state.ports(), crate::phone::to_e164);
    let made =
        usecase::record_consent(&ports, &caller.viewer, phone, ConsentSource::Api, &input).await;
    let records = made.map_err(|error| match error {
        // As the body names it.
        Error::Invalid { field: "origin", reason } => Error::invalid("source", reason),
        other => other,
    })?;
    let data: Vec<Value> = records.iter().map(|record| show(&caller, record)).collect();
    Ok((StatusCode::CREATED, Json(json!({ "data": data }))).into_response())
}

fn show(caller: &Caller, record: &ConsentRecord) -> Value {
    json!({
        "id": record.id,
        "brand": record.brand,
        "channel": record.channel,
        "phone": caller.address(&record.address),
        "purpose": record.purpose,
        "kind": record.kind,
        "recorded_by": record.source,
        "source": record.origin,
        "text": record.text,
        "text_version": record.text_version,
        "proof": record.proof,
        "silent": record.silent,
        "at": record.at.to_string(),
        "recorded_at": record.recorded_at.to_string(),
    })
}
