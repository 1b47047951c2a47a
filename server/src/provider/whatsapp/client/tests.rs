use super::*;
use crate::provider::http_client;
use crate::security::random::SystemIds;
use axum::Router;
use axum::extract::{Json, Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use dispatch::attempt::{Outcome, Recheck};
use dispatch::id::{AccountId, AttemptId, BrandId, MessageId, SenderId};
use dispatch::language::Language;
use dispatch::source::Secret;
use dispatch::template::{Rendered, Tag};
use dispatch::time::Timestamp;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn sender() -> SenderAccess {
    let now = Timestamp::from_seconds(0);
    SenderAccess {
        account: AccountId::mint(now, &SystemIds),
        id: SenderId::mint(now, &SystemIds),
        channel: Channel::Whatsapp,
        brand: BrandId::mint(now, &SystemIds),
        phone_number_id: "118842056631907".into(),
        waba_id: "204817735902146".into(),
        access_token: Secret::new("token".into()),
        verify_token: Secret::new("verify".into()),
        callback_url: None,
        per_second: None,
        slowed: None,
    }
}

fn message() -> Claimed {
    let now = Timestamp::from_seconds(0);
    Claimed {
        account: AccountId::mint(now, &SystemIds),
        message: MessageId::mint(now, &SystemIds),
        attempt: AttemptId::mint(now, &SystemIds),
        number: 1,
        channel: Channel::Whatsapp,
        step: 0,
        next: None,
        sender: SenderId::mint(now, &SystemIds),
        to: "+33639980012".into(),
        template: "facteur_delivered".into(),
        language: Language::english(),
        rendered: Rendered {
            header: None,
            body: "Hello Ada".into(),
            footer: None,
            buttons: vec![],
            values: vec![(Tag::FirstName, "Ada".into())],
            mail: None,
        },
        free: 0,
        recheck: Recheck::Passed,
        hours: None,
    }
}

fn api(base_url: String) -> CloudApi {
    let client = http_client(&[&base_url]).expect("a client");
    CloudApi::new(client, &Settings { base_url, version: "v25.0".into() })
}

type Seen = Arc<Mutex<Vec<(String, HeaderMap, Value)>>>;

/// A server that notes each request and gives one fixed answer.
async fn answering(status: u16, body: &'static str) -> (CloudApi, Seen) {
    let seen = Seen::default();
    let app = Router::new()
        .route(
            "/{*path}",
            post(
                move |State(seen): State<Seen>,
                      Path(path): Path<String>,
                      headers: HeaderMap,
                      Json(json): Json<Value>| async move {
                    seen.lock().expect("a lock").push((path, headers, json));
                    let status = axum::http::StatusCode::from_u16(status).expect("a status");
                    let answer: Response = (status, body).into_response();
                    answer
                },
            ),
        )
        .with_state(seen.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    (api(format!("http://{address}/")), seen)
}

/// A server that reads the request and then does something rude.
async fn breaking(last_words: &'static [u8]) -> CloudApi {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut buffer = [0; 8192];
            let _ = socket.read(&mut buffer).await;
            let _ = socket.write_all(last_words).await;
        }
    });
    api(format!("http://{address}"))
}

#[tokio::test]
async fn a_message_travels_with_its_values_and_its_attempt() {
    let answer = r#"{"messaging_product":"whatsapp","contacts":[{"input":"+33639980012","wa_id":"33639980012"}],
        "messages":[{"id":"wamid.X","message_status":"held_for_quality_assessment"}]}"#;
    let (api, seen) = answering(200, answer).await;
    let message = message();
    let answer = api.send(&sender(), &message).await;
    assert_eq!(answer, Answer::Accepted { provider_id: "wamid.X".into() });
    let seen = seen.lock().expect("a lock");
    let (path, headers, body) = &seen[0];
    assert_eq!(path, "v25.0/118842056631907/messages");
    assert_eq!(headers["authorization"], "Bearer token");
    assert_eq!(body["biz_opaque_callback_data"], message.attempt.to_string());
    assert_eq!(body["to"], "+33639980012");
    assert_eq!(
        body["template"],
        json!({"name": "facteur_delivered", "language": {"code": "en"}, "components": [
            {"type": "body", "parameters": [
                {"type": "text", "parameter_name": "first_name", "text": "Ada"}]}]})
    );
}

#[tokio::test]
async fn answers_are_sorted_by_whether_something_may_have_been_sent() {
    for (status, body, outcome, code) in [
        (200, "{}", Outcome::Unknown, "unreadable_answer"),
        (200, "", Outcome::Unknown, "unreadable_answer"),
        (500, "<html>", Outcome::Unknown, "http_500"),
        (502, "", Outcome::Unknown, "http_502"),
        (500, r#"{"error":{"code":131000}}"#, Outcome::Retry, "131000"),
        (429, "", Outcome::Retry, "http_429"),
        (429, r#"{"error":{"code":130429}}"#, Outcome::Retry, "130429"),
        (404, "not here", Outcome::Refused, "http_404"),
        (400, r#"{"error":{"code":131026}}"#, Outcome::Fallback, "131026"),
    ] {
        let (api, _) = answering(status, body).await;
        let answer = api.send(&sender(), &message()).await;
        let found = answer.failure().map(|f| f.code.clone()).unwrap_or_default();
        assert_eq!((answer.outcome(), found.as_str()), (outcome, code), "{status} {body}");
        let slows = answer.failure().is_some_and(|f| f.follows == Consequence::SlowNumber);
        assert_eq!(slows, status == 429, "{status} {body}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_is_unknown_and_one_that_never_was_is_not() {
    for last_words in [b"" as &[u8], b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"mess"] {
        let answer = breaking(last_words).await.send(&sender(), &message()).await;
        assert_eq!(answer.outcome(), Outcome::Unknown);
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let answer = api(format!("http://{address}")).send(&sender(), &message()).await;
    assert_eq!(answer.failure().map(|f| f.code.as_str()), Some("connection"));
    assert_eq!(answer.outcome(), Outcome::Retry);
}

#[tokio::test]
async fn subscribing_names_the_callback_and_tells_bad_credentials_apart() {
    let (api, seen) = answering(200, r#"{"success":true}"#).await;
    assert_eq!(api.subscribe(&sender(), "https://f.test/callbacks/whatsapp/s").await, Ok(()));
    {
        let seen = seen.lock().expect("a lock");
        assert_eq!(seen[0].0, "v25.0/204817735902146/subscribed_apps");
        assert_eq!(seen[0].2["override_callback_uri"], "https://f.test/callbacks/whatsapp/s");
        assert_eq!(seen[0].2["verify_token"], "verify");
    }
    let (api, _) = answering(401, r#"{"error":{"code":190}}"#).await;
    assert_eq!(api.subscribe(&sender(), "https://f.test").await, Err(Error::Denied));
    let (api, _) = answering(503, "").await;
    assert_eq!(api.subscribe(&sender(), "https://f.test").await, Err(Error::Unavailable));
}
