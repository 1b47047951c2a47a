//! A whole town in one process: people's doors, the workers, and the real sandbox as the provider, all over
//! HTTP. Our clock can be moved; the sandbox keeps its own, as Meta does.

use crate::http::house::{Answer, House, Owner, STALE_AFTER};
use crate::process::database::Kind;
use crate::process::eventually;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use dispatch::channel::TrackingStatus;
use dispatch::language::Language;
use dispatch::pace::Paces;
use dispatch::template::Review;
use dispatch::view::{MessageView, TemplateTrouble, TemplateView, VersionView};
use reqwest::Method;
use serde_json::{Value, json};
use server::security::random::SystemIds;
use server::worker::{self, Crew};
use server::zone::BundledZones;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long anything may take that takes a moment.
const SOON: Duration = Duration::from_secs(20);
/// The news of these tests.
pub const STATUS: TrackingStatus = TrackingStatus::Delivered;
/// The language of the shop and of its customers.
pub const FRENCH: &str = "fr";

/// The town, with one shop in it that tells customers in France about deliveries.
pub struct Town {
    pub house: House,
    pub shop: Owner,
    pub key: String,
    pub sandbox: sandbox::Running,
    post: PostOffice,
    pub http: reqwest::Client,
    ending: CancellationToken,
}

impl Drop for Town {
    fn drop(&mut self) {
        self.ending.cancel();
        self.post.serving.abort();
    }
}

/// Stands where the provider's callbacks arrive, hands them on, and loses those about texts when it is told to.
struct PostOffice {
    url: String,
    loses: Arc<AtomicBool>,
    lost: Arc<AtomicUsize>,
    serving: tokio::task::JoinHandle<()>,
}

fn url_of(listener: &TcpListener) -> String {
    format!("http://{}", listener.local_addr().expect("an address"))
}

impl PostOffice {
    async fn open(listener: TcpListener, house: String, http: reqwest::Client) -> Self {
        let url = url_of(&listener);
        let (loses, lost) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (losing, count) = (loses.clone(), lost.clone());
        let hand_on = move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| async move {
            let is_about_a_text = String::from_utf8_lossy(&body).contains("message_template_name");
            if is_about_a_text && losing.load(Ordering::Relaxed) {
                count.fetch_add(1, Ordering::Relaxed);
                return (StatusCode::OK, String::new());
            }
            let mut request = http.request(method, format!("{house}{uri}")).body(body);
            for name in ["content-type", "x-hub-signature-256", "x-twilio-signature"] {
                if let Some(value) = headers.get(name) {
                    request = request.header(name, value);
                }
            }
            let answer = request.send().await.expect("an answer");
            (answer.status(), answer.text().await.expect("text"))
        };
        let routes = axum::Router::new().fallback(hand_on);
        let serving = tokio::spawn(async move {
            axum::serve(listener, routes).await.expect("served");
        });
        Self { url, loses, lost, serving }
    }
}

impl Town {
    /// Everybody is at work.
    pub async fn open() -> Self {
        Self::open_on(Kind::Sqlite).await.expect("SQLite needs nothing")
    }

    /// The same, on a database of this kind if there can be one.
    pub async fn open_on(kind: Kind) -> Option<Self> {
        Self::open_that_waits(kind, Duration::from_secs(60)).await
    }

    /// The same; a lost answer waits so long for a receipt.
    #[expect(clippy::disallowed_methods, reason = "whoever plays Meta is no part of the server")]
    pub async fn open_that_waits(kind: Kind, unknown_after: Duration) -> Option<Self> {
        let settings = sandbox::Settings::fast();
        let sandbox = sandbox::start(settings).await.expect("a sandbox");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let post = url_of(&listener);
        let more = Some((sandbox.smtp_url(), post));
        let more = more.as_ref().map(|(smtp, post)| (smtp.as_str(), post.as_str()));
        let house = House::open_on(kind, &sandbox.base_url(), more).await?;
        let http = reqwest::Client::new();
        let post = PostOffice::open(listener, house.base.clone(), http.clone()).await;
        let ending = CancellationToken::new();
        let crew = Crew {
            store: house.store.clone(),
            provider: house.provider.clone(),
            read: server::source::read,
            clock: house.clock.clone(),
            ids: Arc::new(SystemIds),
            zones: Arc::new(BundledZones),
            links: house.links.clone(),
            wakes: house.wakes.clone(),
            base_url: post.url.clone(),
            stale_after: STALE_AFTER,
            unknown_after,
            unknown_reach: None,
            retention: dispatch::retention::Retention::default(),
            breakers: Arc::default(),
            paces: Arc::new(Mutex::new(Paces::new(10_000))),
            alone: true,
        };
        worker::start(&crew, "town", &TaskTracker::new(), &ending);
        let shop = house.owner("ada").await;
        shop.activate(&house).await;
        let key = shop.key(&["read", "write", "read_phones"]).await;
        let town = Self { house, shop, key, sandbox, post, http, ending };
        town.until_subscribed().await;
        Some(town)
    }

    /// Every sender's provider knows where receipts go.
    pub async fn until_subscribed(&self) {
        eventually("the sandbox knows where receipts go", SOON, || async {
            let all = self.house.store.find_unsubscribed(&self.post.url).await;
            all.expect("a store").is_empty().then_some(()).ok_or_else(String::new)
        })
        .await;
    }

    /// Plays the provider.
    pub async fn control(&self, path: &str, order: Value) -> Value {
        let url = format!("{}/control/{path}", self.sandbox.base_url());
        let answer = self.http.post(url).json(&order).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{order}");
        answer.json().await.expect("JSON")
    }

    /// Orders a fault of the provider.
    pub async fn fault(&self, fault: Value) {
        self.control("faults", fault).await;
    }

    /// The message of a decision.
    pub async fn message_of(&self, decision: &Decision) -> MessageView {
        let id = decision.0["id"].as_str().expect("an id").parse().expect("an id");
        let case = self.house.store.case(self.shop.account, id).await.expect("a store");
        case.expect("a case").message.expect("a message")
    }

    pub async fn look(&self, path: &str) -> Value {
        let url = format!("{}/control/{path}", self.sandbox.base_url());
        self.http.get(url).send().await.expect("an answer").json().await.expect("JSON")
    }

    /// From now on the provider's callbacks about texts are lost on their way.
    pub fn lose_callbacks(&self) {
        self.post.loses.store(true, Ordering::Relaxed);
    }

    /// Callbacks have been lost, this many in all.
    pub async fn until_lost(&self, least: usize) {
        eventually("a lost callback", SOON, || async {
            let lost = self.post.lost.load(Ordering::Relaxed);
            (lost >= least).then_some(()).ok_or_else(|| lost.to_string())
        })
        .await;
    }

    /// What happens to a version at the provider.
    pub async fn happens(&self, version: &VersionView, what: Value) {
        let sender = self.house.store.brand(self.shop.account, self.shop.brand).await;
        let sender = sender.expect("a store").and_then(|brand| brand.sender).expect("a sender");
        let mut order = json!({
            "phone_number_id": sender.phone_number_id,
            "name": version.variant.name,
            "language": version.variant.language,
        });
        for (name, value) in what.as_object().expect("an object") {
            order[name] = value.clone();
        }
        self.control("templates", order).await;
    }

    /// The reviewers of the provider have something before them.
    pub async fn until_waiting(&self) {
        eventually("a text before the reviewers", SOON, || async {
            let state = self.look("reviews").await;
            let waits = state["waiting"].as_array().is_some_and(|all| !all.is_empty());
            waits.then_some(()).ok_or_else(|| state.to_string())
        })
        .await;
    }

    /// The page of the text.
    pub fn page(&self) -> String {
        format!("/templates/{STATUS}/{FRENCH}?brand={}", self.shop.brand)
    }

    /// Writes a text over what the page shows, and submits it or not.
    pub async fn write(&self, act: &str, body: &str) -> Answer {
        let page = self.shop.browser.get(&self.page()).await.body;
        let hidden = |name: &str| {
            let (_, rest) = page.split_once(&format!(r#"name="{name}" value=""#)).expect(name);
            rest.split('"').next().expect("a value").to_owned()
        };
        let (version, revision) = (hidden("version"), hidden("revision"));
        let form = [
            ("act", act),
            ("version", version.as_str()),
            ("revision", revision.as_str()),
            ("category", "utility"),
            ("header_kind", "none"),
            ("body", body),
        ];
        let answer = self.shop.browser.post(&self.page(), &form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer
    }

    /// Makes an earlier version the draft.
    pub async fn restore(&self, version: i64) {
        let version = version.to_string();
        let form = [("act", "restore"), ("restored", version.as_str()), ("into", FRENCH)];
        let answer = self.shop.browser.post(&self.page(), &form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }

    /// The version and the provider's template that an order's message was written with.
    pub async fn spoken(&self, order: &str) -> (i64, String) {
        let path = format!("/api/v1/messages?order_number={order}");
        let found = self.shop.browser.api(Method::GET, &path, &self.key, None).await.json();
        let message = &found["data"][0];
        let name = message["template"].as_str().expect("a template").to_owned();
        (message["template_version"].as_i64().expect("a version"), name)
    }

    /// What a version is called at the provider.
    pub async fn name_of(&self, version: i64) -> String {
        let versions = self.text().await.versions;
        let found = versions.into_iter().find(|each| each.variant.version == version);
        found.expect("the version").variant.name
    }

    pub async fn text(&self) -> TemplateView {
        self.text_in(FRENCH).await
    }

    pub async fn text_in(&self, language: &str) -> TemplateView {
        let language: Language = language.parse().expect("a language");
        let store = &self.house.store;
        let (account, brand) = (self.shop.account, self.shop.brand);
        store.template(account, brand, STATUS, &language).await.expect("a view")
    }

    /// The newest version, once the provider's word for it has come through.
    pub async fn until_newest(&self, review: Review) -> VersionView {
        eventually(review.word(), SOON, || async {
            let newest = self.text().await.versions.into_iter().next().expect("a version");
            let state = format!("{:?} {:?}", newest.variant.review, newest.reason);
            (newest.variant.review == review).then_some(newest).ok_or(state)
        })
        .await
    }

    /// Hands a parcel over and waits for its decision.
    pub async fn ship(&self, order: &str, phone: &str) -> Decision {
        self.shop.hand_over(order, phone).await;
        eventually("a decision", SOON, || async {
            let path = format!("/api/v1/decisions?order_number={order}");
            let browser = &self.shop.browser;
            let found = browser.api(Method::GET, &path, &self.key, None).await.json();
            let decision = found["data"][0].clone();
            if decision.is_object() { Ok(Decision(decision)) } else { Err(found.to_string()) }
        })
        .await
    }

    /// What a phone reads.
    pub async fn read_at(&self, phone: &str) -> Value {
        eventually("a message at the phone", SOON, || async {
            let messages = self.look(&format!("messages?to={phone}")).await;
            messages["data"].get(0).cloned().ok_or_else(|| messages.to_string())
        })
        .await
    }

    /// How many messages a phone has.
    pub async fn count_at(&self, phone: &str) -> usize {
        self.look(&format!("messages?to={phone}")).await["data"].as_array().map_or(0, Vec::len)
    }

    /// Ships a parcel that is told about, and answers what the customer reads and which version said it.
    pub async fn tell(&self, order: &str, phone: &str) -> (String, i64) {
        let decision = self.ship(order, phone).await;
        assert_eq!(decision.0["outcome"], "send", "{}", decision.0);
        let message = self.read_at(phone).await;
        let version = decision.saw("template_ready", "version").parse().expect("a version");
        (message["text"].as_str().expect("a text").to_owned(), version)
    }

    /// What the overview names.
    pub async fn troubles(&self) -> Vec<TemplateTrouble> {
        let since = self.house.now().minus(Duration::from_secs(48 * 3600));
        let found = self.house.store.template_alerts(self.shop.account, since).await;
        found.expect("a store").into_iter().map(|alert| alert.trouble).collect()
    }

    /// The overview names this and nothing else.
    pub async fn until_trouble(&self, trouble: TemplateTrouble) {
        eventually(trouble.word(), SOON, || async {
            let named = self.troubles().await;
            if named == [trouble] { Ok(()) } else { Err(format!("{named:?}")) }
        })
        .await;
    }

    /// The overview names no text any more.
    pub async fn until_well(&self) {
        eventually("nothing to look at", SOON, || async {
            let named = self.troubles().await;
            if named.is_empty() { Ok(()) } else { Err(format!("{named:?}")) }
        })
        .await;
    }

    /// Ships parcels until the choice of their text shows this: what the provider said comes through in its
    /// own time, and of the library's texts no version of ours tells.
    pub async fn until_decision(
        &self,
        order: &str,
        first_phone: u32,
        fact: &str,
        value: &str,
    ) -> Decision {
        let mut tries = 0..20;
        loop {
            let number = tries.next().expect("a decision that shows it");
            let phone = format!("+336399812{:02}", first_phone + number);
            let decision = self.ship(&format!("{order}-{number}"), &phone).await;
            if decision.saw("template_ready", fact) == value {
                return decision;
            }
        }
    }

    /// What a page says, as a person without scripts sees it.
    pub async fn says(&self, path: &str) -> String {
        let page = self.shop.browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        page.body
    }

    /// The reviewer looks now, and need not wait for its round.
    pub fn wake_reviewer(&self) {
        self.house.wakes.reviewer.ring();
    }
}

/// A decision as the API tells it.
#[derive(Debug)]
pub struct Decision(pub Value);

impl Decision {
    /// Where a person reads it.
    pub fn page(&self) -> String {
        format!("/decisions/{}", self.0["id"].as_str().expect("an id"))
    }

    pub fn rule(&self, code: &str) -> &Value {
        let mut rules = self.0["rules"].as_array().expect("rules").iter();
        rules.find(|rule| rule["code"] == code).expect("the rule")
    }

    pub fn saw(&self, code: &str, fact: &str) -> &str {
        self.rule(code)["saw"][fact].as_str().unwrap_or_default()
    }
}
