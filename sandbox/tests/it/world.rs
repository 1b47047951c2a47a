//! A sandbox, a shop that uses it, and the shop's callback, all over real HTTP.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    routing::get,
};
use hmac::{Hmac, Mac as _};
use sandbox::{Running, Settings, access_token, waba_of};
use serde_json::{Value, json};
use sha2::Sha256;

/// Longer than anything here takes, so that only a real fault reaches it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Templates are decided within the call.
pub fn quick() -> Settings {
    Settings { review: Duration::ZERO, ..Settings::fast() }
}

pub async fn start(settings: Settings) -> Running {
    sandbox::start(settings).await.expect("the sandbox starts")
}

/// Waits until `look` gives something.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A shop's side: one number, one app secret.
#[derive(Clone)]
pub struct Shop {
    pub base: String,
    pub number: String,
    pub secret: String,
    pub http: reqwest::Client,
}

impl Shop {
    pub fn new(sandbox: &Running) -> Self {
        Self {
            base: sandbox.base_url(),
            number: "118842056631907".to_owned(),
            secret: "app-secret-of-the-shop".to_owned(),
            http: reqwest::Client::new(),
        }
    }

    pub fn waba(&self) -> String {
        waba_of(&self.number)
    }

    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let method = method.parse().expect("a method");
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(access_token(&self.secret));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub async fn send(&self, body: Value) -> (u16, Value) {
        self.call("POST", &format!("/v25.0/{}/messages", self.number), Some(body)).await
    }

    /// Sends and expects acceptance; gives the message id.
    pub async fn told(&self, to: &str, opaque: &str) -> String {
        let (status, body) = self.send(delivered(to, opaque)).await;
        assert_eq!(status, 200, "{body}");
        body["messages"][0]["id"].as_str().expect("an id").to_owned()
    }

    pub async fn subscribe(&self, callback: &Callback) {
        let path = format!("/v25.0/{}/subscribed_apps", self.waba());
        let body = json!({ "override_callback_uri": callback.url, "verify_token": "verify-me" });
        let answer = self.call("POST", &path, Some(body)).await;
        assert_eq!(answer, (200, json!({ "success": true })));
    }

    pub async fn create_template(&self, body: Value) -> (u16, Value) {
        self.call("POST", &format!("/v25.0/{}/message_templates", self.waba()), Some(body)).await
    }

    /// Creates a template and gives its id and status.
    pub async fn created(&self, body: Value) -> (String, String) {
        let (status, answer) = self.create_template(body).await;
        assert_eq!(status, 200, "{answer}");
        let text = |key: &str| answer[key].as_str().expect("a text").to_owned();
        (text("id"), text("status"))
    }

    pub async fn template(&self, id: &str) -> Value {
        let (status, body) = self.call("GET", &format!("/v25.0/{id}"), None).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// What happens to the tests' template, by the control API.
    pub async fn happens(&self, what: Value) -> Value {
        let mut body =
            json!({ "phone_number_id": self.number, "name": TEMPLATE, "language": "en" });
        for (key, value) in what.as_object().expect("an object") {
            body[key] = value.clone();
        }
        self.control("templates", body).await
    }

    pub async fn phone(&self, to: &str) -> Vec<Value> {
        let (status, body) = self.call("GET", &format!("/control/messages?to={to}"), None).await;
        assert_eq!(status, 200, "{body}");
        body["data"].as_array().expect("a list").clone()
    }

    pub async fn control(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.call("POST", &format!("/control/{path}"), Some(body)).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    pub async fn state(&self) -> Value {
        self.call("GET", "/control/state", None).await.1
    }
}

/// A send of a starter template.
pub fn delivered(to: &str, opaque: &str) -> Value {
    let parameter = |name, text| json!({ "type": "text", "parameter_name": name, "text": text });
    json!({
        "messaging_product": "whatsapp",
        "to": to,
        "type": "template",
        "biz_opaque_callback_data": opaque,
        "template": {
            "name": TEMPLATE,
            "language": { "code": "en" },
            "components": [{ "type": "body", "parameters": [
                parameter("first_name", "Marina"),
                parameter("order_number", "#10482"),
            ] }],
        },
    })
}

pub const TEMPLATE: &str = "order_delivered";

/// A template of the tests' own: the starter ones may change.
pub fn template() -> Value {
    let example = |name, text| json!({ "param_name": name, "example": text });
    json!({
        "name": TEMPLATE,
        "language": "en",
        "category": "utility",
        "parameter_format": "named",
        "components": [
            { "type": "BODY",
              "text": "Hello {{first_name}}, your order {{order_number}} was delivered today.",
              "example": { "body_text_named_params": [
                  example("first_name", "Ada"), example("order_number", "#1")] } },
            { "type": "FOOTER", "text": "Answer STOP to end these messages" },
        ],
    })
}

/// One webhook as it arrived.
#[derive(Clone, Debug)]
pub struct Post {
    pub body: Value,
    pub signed: bool,
    pub accepted: bool,
}

/// What the callback answers next; 200 when the list is empty.
#[derive(Default)]
struct Desk {
    answers: VecDeque<u16>,
    posts: Vec<Post>,
    verify_token: String,
}

/// The shop's callback.
#[derive(Clone)]
pub struct Callback {
    pub url: String,
    desk: Arc<Mutex<Desk>>,
}

type Shared = (Arc<Mutex<Desk>>, String);

impl Callback {
    pub async fn start(secret: &str) -> Self {
        let desk =
            Arc::new(Mutex::new(Desk { verify_token: "verify-me".to_owned(), ..Desk::default() }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/callbacks", listener.local_addr().expect("an address"));
        let app = Router::new()
            .route("/callbacks", get(verify).post(receive))
            .with_state((desk.clone(), secret.to_owned()));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, desk }
    }

    pub fn answer_next(&self, answers: &[u16]) {
        self.desk.lock().expect("unpoisoned").answers.extend(answers);
    }

    pub fn expect_token(&self, token: &str) {
        token.clone_into(&mut self.desk.lock().expect("unpoisoned").verify_token);
    }

    pub fn posts(&self) -> Vec<Post> {
        self.desk.lock().expect("unpoisoned").posts.clone()
    }

    /// POSTs about messages; those about templates are left out.
    pub fn updates(&self) -> Vec<Post> {
        let about_messages =
            |post: &Post| post.body["entry"][0]["changes"][0]["field"] == "messages";
        self.posts().into_iter().filter(about_messages).collect()
    }

    /// Every status of an accepted POST, in order of arrival.
    pub fn statuses(&self) -> Vec<Value> {
        self.values("statuses")
    }

    pub fn messages(&self) -> Vec<Value> {
        self.values("messages")
    }

    /// What was told under one webhook field, in order of arrival, repeated ones included.
    pub fn news(&self, field: &str) -> Vec<Value> {
        let posts = self.posts().into_iter().filter(|post| post.accepted);
        let entries = posts.flat_map(|post| list(&post.body["entry"]));
        let changes = entries.flat_map(|entry| list(&entry["changes"]));
        let mine = changes.filter(|change| change["field"] == field);
        mine.map(|change| change["value"].clone()).collect()
    }

    /// Waits until this many were told.
    pub async fn until_news(&self, field: &str, count: usize) -> Vec<Value> {
        until(field, async || Some(self.news(field)).filter(|news| news.len() >= count)).await
    }

    fn values(&self, key: &str) -> Vec<Value> {
        let posts = self.posts().into_iter().filter(|post| post.accepted);
        let changes = posts.flat_map(|post| list(&post.body["entry"][0]["changes"]));
        changes.flat_map(|change| list(&change["value"][key])).collect()
    }

    /// Words of the statuses told about one message, in order.
    pub fn words(&self, id: &str) -> Vec<String> {
        let mine = self.statuses().into_iter().filter(|status| status["id"] == id);
        mine.map(|status| status["status"].as_str().unwrap_or_default().to_owned()).collect()
    }

    pub async fn until_read(&self, id: &str) {
        until("the read receipt", async || {
            self.words(id).contains(&"read".to_owned()).then_some(())
        })
        .await;
    }
}

pub fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

async fn verify(
    State((desk, _)): State<Shared>,
    Query(query): Query<std::collections::HashMap<String, String>>,
) -> (StatusCode, String) {
    let token = desk.lock().expect("unpoisoned").verify_token.clone();
    if query.get("hub.mode").is_some_and(|mode| mode == "subscribe")
        && query.get("hub.verify_token") == Some(&token)
    {
        (StatusCode::OK, query.get("hub.challenge").cloned().unwrap_or_default())
    } else {
        (StatusCode::FORBIDDEN, String::new())
    }
}

async fn receive(
    State((desk, secret)): State<Shared>,
    headers: HeaderMap,
    bytes: Bytes,
) -> StatusCode {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
    mac.update(&bytes);
    let right = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    let signed = headers.get("x-hub-signature-256").is_some_and(|given| given == right.as_str());
    let mut desk = desk.lock().expect("unpoisoned");
    let answer = desk.answers.pop_front().unwrap_or(200);
    let body = serde_json::from_slice(&bytes).expect("JSON");
    desk.posts.push(Post { body, signed, accepted: answer == 200 });
    StatusCode::from_u16(answer).expect("a status")
}

/// A sandbox with a subscribed shop that has the tests' template.
pub async fn shop(settings: Settings) -> (Running, Shop, Callback) {
    let sandbox = start(settings).await;
    let shop = Shop::new(&sandbox);
    let callback = Callback::start(&shop.secret).await;
    shop.subscribe(&callback).await;
    let (status, body) = shop.create_template(template()).await;
    assert_eq!(status, 200, "{body}");
    (sandbox, shop, callback)
}
