use super::*;
use crate::security::random::{SystemClock, SystemIds};
use crate::security::signature::sign_hex;
use async_trait::async_trait;
use axum::http::Request;
use dispatch::id::{AccountId, BrandId};
use dispatch::port::{StoredDelivery, Understood};
use dispatch::source::{Proof, Secret};
use dispatch::time::Timestamp;
use std::sync::Mutex;
use tower::ServiceExt;

/// A store of one connection.
struct One {
    connection: Mutex<Option<Connection>>,
    stored: Mutex<Vec<NewDelivery>>,
    refused: Mutex<u32>,
    lookups: Mutex<u32>,
    down: bool,
}

#[async_trait]
impl Inbox for One {
    async fn find_connection(&self, id: ConnectionId) -> Result<Option<Connection>> {
        *self.lookups.lock().expect("a lock") += 1;
        Ok(self.connection.lock().expect("a lock").clone().filter(|c| c.id == id))
    }
    async fn count_refused(&self, _: AccountId, _: ConnectionId) -> Result<()> {
        *self.refused.lock().expect("a lock") += 1;
        Ok(())
    }
    async fn store_deliveries(&self, deliveries: &[NewDelivery]) -> Result<()> {
        if self.down {
            return Err(Error::Unavailable);
        }
        self.stored.lock().expect("a lock").extend_from_slice(deliveries);
        Ok(())
    }
    async fn stored_deliveries(&self, _: i64) -> Result<Vec<StoredDelivery>> {
        Ok(vec![])
    }
    async fn commit_understood(&self, _: &[Understood]) -> Result<()> {
        Ok(())
    }
    async fn replay_delivery(&self, _: AccountId, _: DeliveryId) -> Result<()> {
        Ok(())
    }
}

struct World {
    store: Arc<One>,
    state: HookState,
    id: ConnectionId,
}

fn world(down: bool) -> World {
    let now = Timestamp::from_seconds(0);
    let id = ConnectionId::mint(now, &SystemIds);
    let store = Arc::new(One {
        connection: Mutex::new(Some(Connection {
            account: AccountId::mint(now, &SystemIds),
            brand: BrandId::mint(now, &SystemIds),
            id,
            source: Source::Sendcloud,
            proof: Proof::Signature,
            secrets: vec![Secret::new("key".into())],
            state: ConnectionState::Active,
        })),
        stored: Mutex::default(),
        refused: Mutex::default(),
        lookups: Mutex::default(),
        down,
    });
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let state = HookState::new(store.clone(), clock, ids, Wakes::default());
    World { store, state, id }
}

impl World {
    async fn post(&self, path: &str, key: &str, body: &[u8]) -> (StatusCode, serde_json::Value) {
        let request = Request::post(path)
            .header("Sendcloud-Signature", sign_hex(key, body))
            .body(Body::from(body.to_vec()))
            .expect("a request");
        let response = routes::<()>(self.state.clone()).oneshot(request).await.expect("an answer");
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), LIMIT).await.expect("a body");
        (status, serde_json::from_slice(&bytes).expect("JSON"))
    }

    async fn hook(&self, key: &str, body: &[u8]) -> StatusCode {
        self.post(&format!("/hooks/sendcloud/{}", self.id), key, body).await.0
    }
}

#[tokio::test]
async fn a_signed_delivery_is_kept_byte_for_byte_and_wakes_the_next_stage() {
    let world = world(false);
    let body = b"{ not even json";
    let path = format!("/hooks/sendcloud/{}", world.id);
    let (status, answer) = world.post(&path, "key", body).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let stored = world.store.stored.lock().expect("a lock")[0].clone();
    assert_eq!(answer["delivery_id"], stored.id.to_string());
    assert_eq!(stored.body, body);
    // The wake-up is kept until somebody waits for it.
    world.state.wakes.ingester.rung().await;
}

#[tokio::test]
async fn a_bad_signature_leaves_a_count_and_nothing_else() {
    let world = world(false);
    assert_eq!(world.hook("other", b"{}").await, StatusCode::UNAUTHORIZED);
    assert!(world.store.stored.lock().expect("a lock").is_empty());
    assert_eq!(*world.store.refused.lock().expect("a lock"), 1);
}

#[tokio::test]
async fn unknown_addresses_other_sources_and_removed_connections_are_404() {
    let world = world(false);
    let other = ConnectionId::mint(Timestamp::from_seconds(1), &SystemIds);
    for path in [
        format!("/hooks/sendcloud/{other}"),
        format!("/hooks/simulator/{}", world.id),
        format!("/hooks/nonsense/{}", world.id),
        "/hooks/sendcloud/nonsense".to_owned(),
    ] {
        let (status, answer) = world.post(&path, "key", b"{}").await;
        assert_eq!(
            (status, answer["status"].as_u64()),
            (StatusCode::NOT_FOUND, Some(404)),
            "{path}"
        );
    }
    world.state.recent.forget(world.id);
    if let Some(connection) = &mut *world.store.connection.lock().expect("a lock") {
        connection.state = ConnectionState::Removed;
    }
    assert_eq!(world.hook("key", b"{}").await, StatusCode::NOT_FOUND);
    assert!(world.store.stored.lock().expect("a lock").is_empty());
}

#[tokio::test]
async fn a_body_over_a_mebibyte_is_413() {
    let world = world(false);
    assert_eq!(world.hook("key", &vec![b' '; LIMIT]).await, StatusCode::ACCEPTED);
    assert_eq!(world.hook("key", &vec![b' '; LIMIT + 1]).await, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_connection_is_looked_up_once_a_second_and_a_new_key_works_at_once() {
    let world = world(false);
    for _ in 0..20 {
        assert_eq!(world.hook("key", b"{}").await, StatusCode::ACCEPTED);
    }
    assert_eq!(*world.store.lookups.lock().expect("a lock"), 1);
    if let Some(connection) = &mut *world.store.connection.lock().expect("a lock") {
        connection.secrets.insert(0, Secret::new("new".into()));
    }
    assert_eq!(world.hook("new", b"{}").await, StatusCode::ACCEPTED);
    assert_eq!(world.hook("key", b"{}").await, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_503_and_says_when_to_come_back() {
    let world = world(true);
    assert_eq!(world.hook("key", b"{}").await, StatusCode::SERVICE_UNAVAILABLE);
}
