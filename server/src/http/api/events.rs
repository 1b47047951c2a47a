//! `events`: what happened, as sources told it; and the door for shops that tell it themselves.

use super::Filters;
use super::key::Caller;
use super::paging::{self, Paging};
use super::problem::Problem;
use crate::http::state::AppState;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use dispatch::error::Error;
use dispatch::id::EventId;
use dispatch::tenant::Scope;
use dispatch::usecase::{self, Accepted};
use dispatch::view::{EventView, LogFilter};
use http::{HeaderMap, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// `GET /api/v1/events`
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Query(filters): Query<Filters>,
    Query(paging): Query<Paging>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let filter = LogFilter { limit: paging.limit()?, ..filters.by_event()? };
    let page = state.store.events(caller.account(), &filter, paging.cursor()?).await?;
    Ok(paging::answer(page, |row| row.id.to_string(), |row| show(&caller, &row)))
}

/// `GET /api/v1/events/{id}`
pub async fn one(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let id: EventId = id.parse().map_err(|_| Error::NotFound)?;
    let event = state.store.event(caller.account(), id).await?.ok_or(Error::NotFound)?;
    Ok(Json(show(&caller, &event)).into_response())
}

fn show(caller: &Caller, event: &EventView) -> Value {
    let facts = &event.facts;
    json!({
        "id": event.id,
        "brand": event.brand,
        "delivery_id": event.delivery,
        "status": event.status,
        "direction": event.direction,
        "test": event.test,
        "occurred_at": event.occurred_at.to_string(),
        "received_at": event.received_at.to_string(),
        "order_number": facts.order_number,
        "tracking_number": facts.tracking_number,
        "parcel_id": facts.parcel_id,
        "carrier": facts.carrier,
        "country": facts.country,
        "phone": facts.phone.as_deref().map(|phone| caller.phone(phone)),
        "phone_raw": facts.phone_raw.as_deref().map(|phone| caller.phone(phone)),
        "email": facts.email,
        "locale": facts.locale,
        "name": facts.name,
        "tracking_url": facts.tracking_url,
        "service_point_id": facts.service_point_id,
        "service_point_name": facts.service_point_name,
        "brand_id": facts.brand_id,
        "items": facts.items,
        "expected_date": facts.expected_date,
        "delivery_slot": facts.delivery_slot,
        "delay_reason": facts.delay_reason,
        "driver_phone": facts.driver_phone,
        "pickup_until": facts.pickup_until,
        "pickup_location": facts.pickup_location,
        "proof_url": facts.proof_url,
    })
}

/// For which brand events are handed in.
#[derive(Deserialize)]
pub struct For {
    #[serde(default)]
    brand: String,
}

/// `POST /api/v1/events?brand=`: CloudEvents 1.0, structured, batched or binary.
pub async fn accept(
    State(state): State<AppState>,
    caller: Caller,
    Query(For { brand }): Query<For>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    caller.need(Scope::Write)?;
    let items = items(&headers, &body)?;
    let secrets = &*state.secrets;
    let results =
        usecase::accept_events(&state.ports(), secrets, &caller.viewer, &brand, &items).await?;
    state.wakes.ingester.ring();
    let none_kept = !results.is_empty()
        && results.iter().all(|result| matches!(result, Accepted::Refused { .. }));
    let data: Vec<Value> = items.iter().zip(&results).map(|(item, r)| result(item, r)).collect();
    let status = if none_kept { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::ACCEPTED };
    Ok((status, Json(json!({ "data": data }))).into_response())
}

fn result(item: &Value, result: &Accepted) -> Value {
    let id = item.get("id");
    match result {
        Accepted::Stored(delivery) => {
            json!({ "id": id, "state": "stored", "delivery_id": delivery })
        }
        Accepted::Refused { field, reason } => json!({
            "id": id, "state": "refused", "field": field, "reason": reason,
            "detail": format!("`{field}`: {reason}. This item was not kept."),
        }),
    }
}

fn items(headers: &HeaderMap, body: &[u8]) -> Result<Vec<Value>, Problem> {
    // An empty body is readable in binary mode: an event without data.
    let read = |body: &[u8]| {
        serde_json::from_slice::<Value>(body)
            .map_err(|error| Problem::bad_body(format!("It is no JSON: {error}.")))
    };
    if headers.contains_key("ce-specversion") {
        let data = if body.is_empty() { None } else { Some(read(body)?) };
        return Ok(vec![binary(headers, data)]);
    }
    let batch = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/cloudevents-batch+json"));
    match read(body)? {
        Value::Array(items) => Ok(items),
        _ if batch => Err(Problem::bad_body("A batch is a JSON array of events.")),
        item => Ok(vec![item]),
    }
}

/// Binary mode: the attributes are headers, the body is the data.
fn binary(headers: &HeaderMap, data: Option<Value>) -> Value {
    let mut item = Map::new();
    for (name, value) in headers {
        if let (Some(name), Ok(value)) = (name.as_str().strip_prefix("ce-"), value.to_str()) {
            let text = percent_decode_str(value).decode_utf8_lossy().into_owned();
            item.insert(name.to_owned(), Value::String(text));
        }
    }
    if let Some(data) = data {
        item.insert("data".to_owned(), data);
    }
    Value::Object(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(n, v)| (n.parse::<http::HeaderName>().expect("name"), v.parse().expect("value")))
            .collect()
    }

    #[test]
    fn all_three_modes_are_read() {
        let json = headers(&[("content-type", "application/cloudevents+json")]);
        let batch = headers(&[("content-type", "application/cloudevents-batch+json")]);
        assert_eq!(items(&json, br#"{"id":"1"}"#).expect("one").len(), 1);
        assert_eq!(items(&batch, br#"[{"id":"1"},{"id":"2"}]"#).expect("two").len(), 2);
        assert_eq!(items(&batch, b"[]").expect("none").len(), 0);
        assert!(items(&batch, b"{}").is_err());
        assert!(items(&json, b"nonsense").is_err());
        let deep = [b"[".repeat(10_000), b"]".repeat(10_000)].concat();
        assert!(items(&json, &deep).is_err());
        let binary = headers(&[("ce-specversion", "1.0"), ("ce-id", "a%20b")]);
        let found = items(&binary, br#"{"order_number":"1"}"#).expect("one");
        assert_eq!(found[0]["id"], "a b");
        assert_eq!(found[0]["data"]["order_number"], "1");
    }
}
