use super::*;
use crate::security::random::{SystemClock, SystemIds};
use async_trait::async_trait;
use axum::http::Request;
use dispatch::channel::Channel;
use dispatch::consent::{ConsentKind, Purpose};
use dispatch::error::Error;
use dispatch::id::{AccountId, BrandId, MessageId};
use dispatch::port::{Applied, Subject, Told};
use dispatch::receipt::ReceiptKind;
use dispatch::source::Secret;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::time::Duration;
use tower::ServiceExt;

/// A store of one sender.
struct One {
    target: Mutex<CallbackTarget>,
    kept: Mutex<Post>,
}

#[async_trait]
impl Receipts for One {
    async fn find_sender(&self, id: SenderId) -> Result<Option<CallbackTarget>> {
        let target = self.target.lock().expect("a lock").clone();
        Ok((id == target.sender).then_some(target))
    }
    async fn note_verified(&self, _: AccountId, _: SenderId, _: Timestamp) -> Result<()> {
        Ok(())
    }
    async fn store_receipts(&self, receipts: &[Receipt], inbound: &[Inbound]) -> Result<()> {
        let mut kept = self.kept.lock().expect("a lock");
        kept.receipts.extend_from_slice(receipts);
        kept.inbound.extend_from_slice(inbound);
        Ok(())
    }
    async fn open_join(
        &self,
        _: AccountId,
        _: BrandId,
        _: JoinCode,
        _: &str,
        _: Timestamp,
    ) -> Result<Option<JoinRequest>> {
        Ok(None)
    }
    async fn unapplied(&self, _: Timestamp, _: i64) -> Result<Vec<Receipt>> {
        Err(Error::Unavailable)
    }
    async fn subjects(&self, _: &[Receipt]) -> Result<Vec<Option<Subject>>> {
        Err(Error::Unavailable)
    }
    async fn rates(&self) -> Result<Vec<dispatch::plan::Rate>> {
        Err(Error::Unavailable)
    }
    async fn commit_receipts(&self, _: &[Applied], _: Timestamp) -> Result<()> {
        Err(Error::Unavailable)
    }
    async fn told(&self, _: AccountId, _: MessageId) -> Result<Option<Told>> {
        Err(Error::Unavailable)
    }
    async fn postpone(&self, _: &[ReceiptId], _: Timestamp, _: Duration) -> Result<()> {
        Err(Error::Unavailable)
    }
}

struct World {
    heard: Arc<Mutex<Vec<TemplateNews>>>,
    store: Arc<One>,
    state: CallbackState,
    path: String,
}

fn world() -> World {
    let heard = Arc::<Mutex<Vec<TemplateNews>>>::default();
    let now = Timestamp::from_seconds(0);
    let target = CallbackTarget {
        account: AccountId::mint(now, &SystemIds),
        brand: BrandId::mint(now, &SystemIds),
        sender: SenderId::mint(now, &SystemIds),
        channel: Channel::Whatsapp,
        phone_number_id: "42".into(),
        waba_id: "4200".into(),
        app_secret: Secret::new("app".into()),
        verify_token: Secret::new("verify me".into()),
    };
    let path = format!("/callbacks/whatsapp/{}", target.sender);
    let store = Arc::new(One { target: Mutex::new(target), kept: Mutex::default() });
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let state = {
        let kept = heard.clone();
        let hear: Hear = Arc::new(move |_, _, news| {
            kept.lock().expect("a lock").extend(news.templates);
            Box::pin(async { Ok(()) })
        });
        CallbackState::new(store.clone(), hear, clock, ids, Bell::default(), String::new())
    };
    World { store, state, path, heard }
}

impl World {
    async fn ask(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = routes::<()>(self.state.clone()).oneshot(request).await.expect("an answer");
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), LIMIT).await.expect("a body");
        (status, String::from_utf8(bytes.to_vec()).expect("text"))
    }

    async fn get(&self, query: &str) -> (StatusCode, String) {
        let request = Request::get(format!("{}?{query}", self.path));
        self.ask(request.body(Body::empty()).expect("a request")).await
    }

    async fn post(&self, secret: &str, body: &[u8]) -> StatusCode {
        let request = Request::post(&self.path)
            .header("X-Hub-Signature-256", format!("sha256={}", signature::sign_hex(secret, body)))
            .body(Body::from(body.to_vec()))
            .expect("a request");
        self.ask(request).await.0
    }

    fn kept(&self) -> Post {
        self.store.kept.lock().expect("a lock").clone()
    }
}

fn entry(number: &str, field: &str, items: &Value) -> Value {
    json!({"id": "1", "changes": [{"field": "messages",
        "value": {"metadata": {"phone_number_id": number}, field: items}}]})
}

#[tokio::test]
async fn the_handshake_answers_the_challenge_or_403() {
    let world = world();
    let good = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify%20me";
    assert_eq!(world.get(good).await, (StatusCode::OK, "1158201444".to_owned()));
    for bad in [
        "",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=other",
        "hub.mode=subscribe&hub.challenge=1",
        "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=verify%20me",
        "hub.mode=subscribe&hub.mode=subscribe&hub.verify_token=%ff",
    ] {
        assert_eq!(world.get(bad).await.0, StatusCode::FORBIDDEN, "{bad}");
    }
    let stranger = World { path: "/callbacks/whatsapp/nobody".into(), ..world };
    assert_eq!(stranger.get(good).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_batch_is_kept_whole_and_a_stop_becomes_a_consent_record() {
    let world = world();
    let body = json!({"object": "whatsapp_business_account", "entry": [
        entry("42", "statuses", &json!([
            {"id": "w1", "status": "sent", "timestamp": "1763640001"},
            {"id": "w1", "status": "read", "timestamp": "9999999999"}])),
        entry("42", "messages", &json!([
            {"id": "i1", "from": "33639980012", "type": "text", "text": {"body": "Arrêt"}},
            {"id": "i2", "type": "text", "text": {"body": "STOP"}}])),
        entry("43", "statuses", &json!([{"id": "w2", "status": "sent"}])),
    ]})
    .to_string();
    assert_eq!(world.post("app", body.as_bytes()).await, StatusCode::OK);
    let kept = world.kept();
    assert_eq!(kept.receipts.len(), 2);
    assert_eq!(kept.receipts[1].kind, ReceiptKind::Read);
    assert_eq!(kept.receipts[1].occurred_at, kept.receipts[1].received_at, "no news of tomorrow");
    let record = kept.inbound[0].consent.first().expect("a record");
    let purposes: Vec<_> = kept.inbound[0].consent.iter().map(|record| record.purpose).collect();
    assert_eq!(purposes, [Purpose::Tracking, Purpose::Marketing], "a no ends everything");
    assert_eq!(record.proof.as_deref(), Some("i1"));
    assert_eq!((record.kind, record.address.as_str()), (ConsentKind::OptOut, "+33639980012"));
    assert_eq!(record.brand, world.store.target.lock().expect("a lock").brand);
    // Nobody knows whose number it is: the words are kept, the record would name nobody.
    assert!(kept.inbound[1].consent.is_empty());
    world.state.wake.rung().await;
}

#[tokio::test]
async fn only_signed_bodies_of_known_senders_are_looked_at() {
    let world = world();
    let body = json!({"entry": [entry("42", "statuses", &json!([{"id": "w", "status": "sent"}]))]})
        .to_string();
    assert_eq!(world.post("other", body.as_bytes()).await, StatusCode::UNAUTHORIZED);
    let unsigned = Request::post(&world.path).body(Body::from(body.clone())).expect("a request");
    assert_eq!(world.ask(unsigned).await.0, StatusCode::UNAUTHORIZED);
    assert!(world.kept().receipts.is_empty());
    assert_eq!(world.post("app", b"not json").await, StatusCode::OK);
    let long = vec![b' '; LIMIT + 1];
    assert_eq!(world.post("app", &long).await, StatusCode::PAYLOAD_TOO_LARGE);
    let path =
        format!("/callbacks/whatsapp/{}", SenderId::mint(Timestamp::from_seconds(9), &SystemIds));
    let stranger = World { path, ..world };
    assert_eq!(stranger.post("app", body.as_bytes()).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_switch_in_the_app_is_about_advertising_alone() {
    let world = world();
    for (value, kind) in [("stop", ConsentKind::OptOut), ("resume", ConsentKind::OptIn)] {
        let body = json!({"entry": [{"id": "1", "changes": [{"field": "user_preferences", "value": {
            "metadata": {"phone_number_id": "42"},
            "user_preferences": [{"wa_id": "33639980012", "category": "marketing_messages", "value": value,
                "detail": "User requested it", "timestamp": 1_763_640_500}]}}]}]})
        .to_string();
        assert_eq!(world.post("app", body.as_bytes()).await, StatusCode::OK);
        let said = world.kept().inbound.pop().expect("the person's word");
        let record = &said.consent[0];
        assert_eq!((said.consent.len(), record.kind), (1, kind));
        assert_eq!((record.purpose, record.source), (Purpose::Marketing, ConsentSource::Provider));
        assert_eq!(record.address, "+33639980012");
    }
    assert_eq!(world.kept().inbound.len(), 2);
}

#[tokio::test]
async fn a_changed_secret_counts_at_once_on_every_channel() {
    let world = world();
    let body = r#"{"entry": []}"#;
    assert_eq!(world.post("app", body.as_bytes()).await, StatusCode::OK);
    world.store.target.lock().expect("a lock").app_secret = Secret::new("new".into());
    assert_eq!(world.post("new", body.as_bytes()).await, StatusCode::OK);
    assert_eq!(world.post("app", body.as_bytes()).await, StatusCode::UNAUTHORIZED);

    let sender = {
        let mut target = world.store.target.lock().expect("a lock");
        target.channel = Channel::Email;
        target.sender = SenderId::mint(Timestamp::from_seconds(9), &SystemIds);
        target.sender
    };
    let bounce = async |token: &str| {
        let request = Request::post(format!("/callbacks/email/{sender}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from("an answer"))
            .expect("a request");
        world.ask(request).await.0
    };
    assert_eq!(bounce("verify me").await, StatusCode::OK);
    world.store.target.lock().expect("a lock").verify_token = Secret::new("anew".into());
    assert_eq!(bounce("anew").await, StatusCode::OK);
    assert_eq!(bounce("verify me").await, StatusCode::UNAUTHORIZED);

    world.store.target.lock().expect("a lock").channel = Channel::Sms;
    let told = async |token: &str| {
        let path = format!("/callbacks/sms/{sender}");
        let request = Request::post(&path)
            .header("X-Twilio-Signature", signature::sign_sha1(token, path.as_bytes()))
            .body(Body::empty())
            .expect("a request");
        world.ask(request).await.0
    };
    // Remembered as a sender of mails until it is looked up anew.
    world.state.recent.forget(sender);
    assert_eq!(told("new").await, StatusCode::OK);
    world.store.target.lock().expect("a lock").app_secret = Secret::new("newer".into());
    assert_eq!(told("newer").await, StatusCode::OK);
    assert_eq!(told("new").await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn news_of_templates_is_heard_for_our_business_account_alone() {
    let world = world();
    let entry = |account: &str| {
        json!({"id": account, "time": 100, "changes": [{"field": "message_template_status_update",
            "value": {"event": "APPROVED", "message_template_id": 7, "message_template_name": "f_1",
                "message_template_language": "fr"}}]})
    };
    let body = json!({"entry": [entry("4200"), entry("4300")]}).to_string();
    assert_eq!(world.post("app", body.as_bytes()).await, StatusCode::OK);
    let heard = world.heard.lock().expect("a lock");
    assert_eq!(heard.len(), 1);
    assert_eq!((heard[0].name.as_str(), heard[0].at.seconds()), ("f_1", 100));
}
