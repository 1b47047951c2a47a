//! `connections`: where events come from.

use super::key::Caller;
use super::paging::{self, Paging};
use super::problem::Problem;
use crate::http::state::AppState;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use dispatch::error::Error;
use dispatch::id::ConnectionId;
use dispatch::source::Source;
use dispatch::tenant::Scope;
use dispatch::usecase::{self, CreateConnection};
use dispatch::view::ConnectionView;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// `GET /api/v1/connections`
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let rows = state.store.connections(caller.account(), state.clock.now()).await?;
    let page = paging.cut(rows, |row| row.id.to_string())?;
    Ok(paging::answer(page, |row| row.id.to_string(), |row| show(&state, &row)))
}

/// `GET /api/v1/connections/{id}`
pub async fn one(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let id: ConnectionId = id.parse().map_err(|_| Error::NotFound)?;
    let found = state.store.connection(caller.account(), id, state.clock.now()).await?;
    Ok(Json(show(&state, &found.ok_or(Error::NotFound)?)).into_response())
}

#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    brand: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    secrets: Vec<String>,
    #[serde(default)]
    settings: Settings,
}

#[derive(Default, Deserialize)]
struct Settings {
    auth: Option<Auth>,
}

/// `"hmac"`, or `{"header": "X-Api-Key"}`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Auth {
    Word(String),
    Header { header: String },
}

/// `POST /api/v1/connections`
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    caller.need(Scope::Write)?;
    let input: Input =
        serde_json::from_slice(&body).map_err(|error| Problem::bad_body(error.to_string()))?;
    let header = match input.settings.auth {
        None => None,
        Some(Auth::Word(word)) if word == "hmac" => None,
        Some(Auth::Word(_)) => return Err(Error::invalid("settings.auth", "unknown").into()),
        Some(Auth::Header { header }) => Some(header),
    };
    let brand = input.brand.clone();
    let input = CreateConnection {
        brand: input.brand,
        source: input.source,
        header,
        secrets: input.secrets,
    };
    let secrets = &*state.secrets;
    let made = usecase::create_connection(&state.ports(), secrets, &caller.viewer, &input).await?;
    let mut answer = json!({
        "id": made.id,
        "brand": brand,
        "source": made.source,
        "url": url(&state, made.source, made.id),
    });
    if let (Some(secret), Some(object)) = (&made.made, answer.as_object_mut()) {
        object.insert("secret".to_owned(), json!(secret.expose()));
    }
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

fn url(state: &AppState, source: Source, id: ConnectionId) -> String {
    format!("{}/hooks/{source}/{id}", state.site.base_url)
}

fn show(state: &AppState, row: &ConnectionView) -> Value {
    json!({
        "id": row.id,
        "brand": row.brand,
        "brand_name": row.brand_name,
        "source": row.source,
        "state": row.state,
        "url": url(state, row.source, row.id),
        "auth": row.auth,
        "secrets": row.secrets,
        "created_at": row.created_at.to_string(),
        "last_delivery_at": row.last_delivery_at.map(|at| at.to_string()),
        "deliveries_today": row.deliveries_today,
        "refused": row.refused,
    })
}
