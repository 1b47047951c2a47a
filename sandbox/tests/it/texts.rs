//! A shop that sends SMS and is told about them, over real HTTP.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use sandbox::Running;
use serde_json::Value;
use sha1::Sha1;

use crate::world::until;

pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";
pub const TOKEN: &str = "auth-token";
pub const FROM: &str = "+33700000001";
pub const PHONE: &str = "+33639980042";

/// One callback as it arrived.
#[derive(Clone, Debug)]
pub struct Told {
    pub path: String,
    pub fields: BTreeMap<String, String>,
    pub signed: bool,
    pub accepted: bool,
}

/// A shop's side of SMS: it sends, and is told.
#[derive(Clone)]
pub struct Texts {
    pub base: String,
    pub http: reqwest::Client,
    pub callback: String,
    pub told: Arc<Mutex<Vec<Told>>>,
    pub answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Texts {
    pub async fn new(sandbox: &Running) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let callback = format!("http://{}", listener.local_addr().expect("an address"));
        let texts = Self {
            base: sandbox.base_url(),
            http: reqwest::Client::new(),
            callback,
            told: Arc::default(),
            answers: Arc::default(),
        };
        let app = Router::new().route("/{*path}", post(receive)).with_state(texts.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        texts
    }

    pub async fn call(&self, path: &str, token: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let mut url = reqwest::Url::parse("http://x").expect("an address");
        url.query_pairs_mut().extend_pairs(fields);
        let url_body = url.query().unwrap_or_default().to_owned();
        let answer = self
            .http
            .post(format!("{}/2010-04-01/Accounts/{ACCOUNT}/{path}", self.base))
            .basic_auth(ACCOUNT, Some(token))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(url_body)
            .send()
            .await
            .expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json().await.expect("JSON"))
    }

    pub async fn send(&self, fields: &[(&str, &str)]) -> (u16, Value) {
        self.call("Messages.json", TOKEN, fields).await
    }

    /// Sends and expects acceptance; gives the sid.
    pub async fn sent(&self, to: &str, body: &str) -> String {
        let url = format!("{}/status?attempt=1", self.callback);
        let fields = [("To", to), ("From", FROM), ("Body", body), ("StatusCallback", &url)];
        let (status, answer) = self.send(&fields).await;
        assert_eq!(status, 201, "{answer}");
        answer["sid"].as_str().expect("a sid").to_owned()
    }

    pub async fn refused(&self, to: &str) -> (u16, u64) {
        let (status, answer) = self.send(&[("To", to), ("From", FROM), ("Body", "Hi")]).await;
        assert_eq!(answer["status"], status);
        assert!(answer["more_info"].as_str().is_some_and(|link| link.starts_with("https://")));
        (status, answer["code"].as_u64().expect("a code"))
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/{path}", self.base);
        let request = self.http.get(url).basic_auth(ACCOUNT, Some(TOKEN));
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    pub fn told(&self) -> Vec<Told> {
        self.told.lock().expect("unpoisoned").clone()
    }

    /// Status words of one message, in order of arrival.
    pub fn words(&self, sid: &str) -> Vec<String> {
        let accepted = self.told().into_iter().filter(|told| told.accepted);
        let mine = accepted.filter(|told| told.fields["MessageSid"] == sid);
        mine.map(|told| told.fields["SmsStatus"].clone()).collect()
    }

    pub async fn until_word(&self, sid: &str, word: &str) {
        until(word, async || self.words(sid).iter().any(|one| one == word).then_some(())).await;
    }

    pub async fn until_inbound(&self, body: &str) -> Told {
        until(body, async || {
            self.told().into_iter().find(|told| told.fields.get("Body").is_some_and(|b| b == body))
        })
        .await
    }
}

async fn receive(
    State(texts): State<Texts>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let fields: BTreeMap<String, String> =
        url::form_urlencoded::parse(&body).into_owned().collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).expect("any key");
    mac.update(format!("{}{uri}", texts.callback).as_bytes());
    for (name, value) in &fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    let right = STANDARD.encode(mac.finalize().into_bytes());
    let signed = headers.get("x-twilio-signature").is_some_and(|given| given == right.as_str());
    let answer = texts.answers.lock().expect("unpoisoned").pop_front().unwrap_or(204);
    let told = Told { path: uri.path().to_owned(), fields, signed, accepted: answer < 300 };
    texts.told.lock().expect("unpoisoned").push(told);
    StatusCode::from_u16(answer).expect("a status")
}
