//! `POST /hooks/{source}/{connection}`: where shops' systems tell us what happened.
//!
//! Check the proof over the raw bytes, keep them, answer 202; what they mean is found out later. Also
//! what cannot be understood is answered 202: platforms switch off hooks that answer errors.

use super::gather::Gatherer;
use super::intake::{self, Recent, problem, unavailable};
use crate::source::verify;
use crate::worker::Wakes;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use dispatch::error::{Error, Result};
use dispatch::id::{ConnectionId, DeliveryId, IdSource};
use dispatch::port::{Inbox, NewDelivery};
use dispatch::source::{Connection, ConnectionState, Source};
use dispatch::time::Clock;
use http::{HeaderMap, StatusCode, header};
use serde_json::json;
use std::sync::Arc;
use tokio::time::Instant;

/// Where sources post to.
pub const PATH: &str = "/hooks/{source}/{connection}";

/// Longest delivery, in bytes.
pub const LIMIT: usize = 1024 * 1024;

/// What the hooks work with.
#[derive(Clone)]
pub struct HookState {
    store: Arc<dyn Inbox>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    writer: Gatherer<NewDelivery>,
    wakes: Wakes,
    /// Connections as they were within the last second.
    recent: Arc<Recent<ConnectionId, Connection>>,
}

impl HookState {
    /// Starts the task that commits deliveries in groups. The ingester is woken after each commit.
    #[must_use]
    pub fn new(
        store: Arc<dyn Inbox>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        wakes: Wakes,
    ) -> Self {
        let (inbox, burst) = (store.clone(), wakes.burst.clone());
        let writer = Gatherer::start("deliveries", move |deliveries: Vec<NewDelivery>| {
            let (inbox, burst) = (inbox.clone(), burst.clone());
            Box::pin(async move {
                inbox.store_deliveries(&deliveries).await?;
                burst.written(deliveries.len(), Instant::now());
                Ok(())
            })
        });
        Self { store, clock, ids, writer, wakes, recent: Arc::default() }
    }

    /// Reads the connection again at its next delivery: somebody has changed it.
    pub fn forget(&self, id: ConnectionId) {
        self.recent.forget(id);
    }

    async fn find(&self, id: ConnectionId) -> Result<Option<Connection>> {
        self.recent.renew(id, self.store.find_connection(id)).await
    }
}

/// The route, with its state.
pub fn routes<S: Clone + Send + Sync + 'static>(state: HookState) -> Router<S> {
    Router::new().route(PATH, post(receive)).with_state(state)
}

async fn receive(
    State(state): State<HookState>,
    Path((source, connection)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let known = source.parse::<Source>().ok().zip(connection.parse::<ConnectionId>().ok());
    let answer = match known {
        Some((source, id)) => take(&state, source, id, &headers, body).await,
        None => Err(unknown()),
    };
    let response = answer.unwrap_or_else(|response| response);
    metrics::counter!(
        "facteur_hooks_total",
        "source" => known.map_or("unknown", |(source, _)| source.word()),
        "status" => response.status().as_str().to_owned(),
    )
    .increment(1);
    response
}

fn unknown() -> Response {
    problem(
        StatusCode::NOT_FOUND,
        "No connection has this address. Copy it again from the connection's page.",
    )
}

/// What to answer when the store failed.
fn failed(error: &Error) -> Response {
    match error {
        Error::NotFound => unknown(),
        _ => unavailable(),
    }
}

async fn take(
    state: &HookState,
    source: Source,
    id: ConnectionId,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Response> {
    let accepts = |c: &Connection| c.source == source && c.state == ConnectionState::Active;
    let remembered = state.recent.get(id);
    let fresh = remembered.is_none();
    let found = match remembered {
        Some(connection) => Some(connection),
        None => state.find(id).await.map_err(|error| failed(&error))?,
    };
    let mut connection = found.filter(accepts).ok_or_else(unknown)?;
    let body = intake::body(headers, body, LIMIT).await?;
    let mut proven = verify(&connection, headers, &body);
    if !proven && !fresh {
        // The key may have been changed since.
        let found = state.find(id).await.map_err(|error| failed(&error))?;
        connection = found.filter(accepts).ok_or_else(unknown)?;
        proven = verify(&connection, headers, &body);
    }
    if !proven {
        if let Err(error) = state.store.count_refused(connection.account, id).await {
            tracing::warn!(connection = %id, %error, "a refused delivery was not counted");
        }
        return Err(problem(
            StatusCode::UNAUTHORIZED,
            "The signature does not fit any of the connection's keys; nothing was stored.",
        ));
    }
    let now = state.clock.now();
    let delivery = DeliveryId::mint(now, &*state.ids);
    let new = NewDelivery {
        account: connection.account,
        id: delivery,
        connection: id,
        received_at: now,
        body: body.into(),
    };
    state.writer.commit(new).await.map_err(|error| failed(&error))?;
    state.wakes.ingester.ring();
    let answer = json!({ "delivery_id": delivery }).to_string();
    Ok((StatusCode::ACCEPTED, [(header::CONTENT_TYPE, "application/json")], answer).into_response())
}

#[cfg(test)]
mod tests;
