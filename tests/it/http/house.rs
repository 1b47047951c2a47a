//! A server without workers on a database of its own, and browsers to visit it with.

use crate::process::database::{Database, Kind};
use dispatch::attempt::Answer as Attempted;
use dispatch::channel::Channel;
use dispatch::id::{AccountId, BrandId, ReceiptId};
use dispatch::plan::Plan;
use dispatch::port::{Finished, Settlement};
use dispatch::receipt::{Receipt, ReceiptKind};
use dispatch::time::{Clock, Timestamp};
use dispatch::usecase::{Terms, apply_receipts, decide_events, understand_deliveries};
use reqwest::header::{LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Method, Response};
use server::dry_run::DryRuns;
use server::http::callback::{CallbackState, hear};
use server::http::hook::HookState;
use server::http::throttle::Throttles;
use server::http::{AppState, asset, router};
use server::provider::smtp::{Settings as SmtpSettings, Smtp};
use server::provider::twilio::{Settings as TwilioSettings, Twilio};
use server::provider::whatsapp::{CloudApi, Settings};
use server::provider::{Switchboard, http_client};
use server::security::link::CustomerLinks;
use server::security::password::Passwords;
use server::security::random::{SystemClock, SystemIds};
use server::security::seal::Sealer;
use server::store::{self, Everything};
use server::worker::Wakes;
use server::zone::BundledZones;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// How old news may be.
pub const STALE_AFTER: Duration = Duration::from_secs(72 * 3600);

/// A server to visit.
pub struct House {
    pub base: String,
    pub store: Arc<dyn Everything>,
    pub clock: Arc<MovableClock>,
    pub links: Arc<CustomerLinks>,
    pub provider: Arc<Switchboard>,
    pub wakes: Wakes,
    pub gate: Arc<Gate>,
    folder: tempfile::TempDir,
    serving: tokio::task::JoinHandle<()>,
}

/// The system's clock, and how far a test has moved it.
#[derive(Default)]
pub struct MovableClock(AtomicI64);

impl MovableClock {
    pub fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).expect("a short time");
        self.0.fetch_add(micros, Ordering::Relaxed);
    }

    /// As somebody does who sets the clock right.
    pub fn set_back(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).expect("a short time");
        self.0.fetch_sub(micros, Ordering::Relaxed);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(SystemClock.now().micros() + self.0.load(Ordering::Relaxed))
    }
}

/// The clock of dry runs: while the gate is closed, a run that has its turn stands before it.
pub struct Gate {
    clock: Arc<MovableClock>,
    closed: Mutex<bool>,
    opened: Condvar,
    reached: tokio::sync::Notify,
}

impl Gate {
    fn of(clock: Arc<MovableClock>) -> Self {
        let (closed, opened) = (Mutex::default(), Condvar::default());
        Self { clock, closed, opened, reached: tokio::sync::Notify::new() }
    }

    pub fn close(&self) {
        *self.closed.lock().expect("whole") = true;
    }

    pub fn open(&self) {
        *self.closed.lock().expect("whole") = false;
        self.opened.notify_all();
    }

    /// Waits until a run stands before it.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }
}

impl Clock for Gate {
    fn now(&self) -> Timestamp {
        let closed = self.closed.lock().expect("whole");
        if *closed {
            self.reached.notify_one();
        }
        drop(self.opened.wait_while(closed, |closed| *closed).expect("whole"));
        self.clock.now()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.gate.open();
        self.serving.abort();
    }
}

impl House {
    /// Opens on a port of the system's choice, with a provider that never answers: nobody listens there.
    pub async fn open() -> Self {
        Self::open_to("http://127.0.0.1:9").await
    }

    /// The same, with a sandbox behind it that takes no mail.
    pub async fn open_to(sandbox: &str) -> Self {
        Self::open_to_all(sandbox, None).await
    }

    /// The same, with a sandbox behind it, its mail server, and the address under which it is called back.
    pub async fn open_to_all(sandbox: &str, more: Option<(&str, &str)>) -> Self {
        Self::open_on(Kind::Sqlite, sandbox, more).await.expect("SQLite needs nothing")
    }

    /// The same, on a database of this kind if there can be one.
    pub async fn open_on(kind: Kind, sandbox: &str, more: Option<(&str, &str)>) -> Option<Self> {
        let Database { url, folder } = Database::fresh(kind).expect("a database")?;
        let sealer = Sealer::from_hex(&Sealer::generate_key()).expect("a key");
        let store = store::open(&url, sealer.clone()).await.expect("a database");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let clock = Arc::new(MovableClock::default());
        let gate = Arc::new(Gate::of(clock.clone()));
        let (ids, wakes) = (Arc::new(SystemIds), Wakes::default());
        let links = Arc::new(CustomerLinks::new(&sealer, &base));
        let assets = asset::Site::open(folder.path().join("site"));
        let client = http_client(&[sandbox]).expect("a client");
        let cloud = Settings { base_url: sandbox.to_owned(), ..Settings::default() };
        let callback_base = more.map_or_else(|| base.clone(), |(_, back)| back.to_owned());
        let twilio =
            TwilioSettings { base_url: sandbox.to_owned(), callback_base: callback_base.clone() };
        let smtp = more.map(|(smtp, _)| SmtpSettings::parse(smtp).expect("an address"));
        let provider = Arc::new(Switchboard {
            whatsapp: Box::new(CloudApi::new(client.clone(), &cloud)),
            sms: Box::new(Twilio::new(client, twilio)),
            email: Box::new(Smtp::new(smtp)),
        });
        let state = AppState {
            store: store.clone(),
            sessions: store.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            zones: Arc::new(BundledZones),
            provider: provider.clone(),
            secrets: Arc::new(Passwords::default()),
            sealer,
            links: links.clone(),
            site: app::backend::Site {
                base_url: base.clone(),
                sandbox_url: Some(sandbox.to_owned()),
                document_mib: 1,
                retention: dispatch::retention::Retention::default(),
                unknown_reach: None,
                stale_after: STALE_AFTER,
            },
            hooks: HookState::new(store.clone(), clock.clone(), ids.clone(), wakes.clone()),
            callbacks: CallbackState::new(
                store.clone(),
                hear(store.clone(), ids.clone()),
                clock.clone(),
                ids.clone(),
                wakes.receipts.clone(),
                callback_base,
            ),
            leptos: assets.leptos_options(SocketAddr::from(([127, 0, 0, 1], 0))),
            assets,
            wakes: wakes.clone(),
            dry_runs: DryRuns::new(
                store.clone(),
                gate.clone(),
                ids.clone(),
                Arc::new(BundledZones),
                STALE_AFTER,
            )
            .patient_for(Duration::from_millis(50)),
            throttles: Arc::new(Throttles::new(clock.clone())),
            metrics: server::telemetry::start_metrics(),
        };
        let routes = router(state).into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(async move {
            axum::serve(listener, routes).await.expect("served");
        });
        Some(Self { base, store, clock, links, gate, provider, wakes, folder, serving })
    }

    /// Somebody nobody knows yet.
    #[expect(clippy::disallowed_methods, reason = "a browser has cookies of its own")]
    pub fn browser(&self) -> Browser {
        let client = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .build()
            .expect("a client");
        Browser { client, base: self.base.clone() }
    }

    /// Somebody with an account of their own, signed in.
    pub async fn owner(&self, name: &str) -> Owner {
        let browser = self.browser();
        let email = format!("{name}@example.org");
        let answer = browser.post("/sign-up", &sign_up_form(name, &email)).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let hash = self.store.find_credentials(&email).await.expect("a store").expect("known");
        let account = self.store.find_memberships(hash.user).await.expect("a store")[0].account;
        let brand = self.store.brands(account).await.expect("a store")[0].id;
        Owner { browser, email, account, brand }
    }
}

impl House {
    /// Whether a text stands anywhere in the database's files.
    pub fn holds(&self, text: &str) -> bool {
        let files = std::fs::read_dir(self.folder.path()).expect("a folder");
        files.map(|file| file.expect("a file").path()).filter(|path| path.is_file()).any(|path| {
            let bytes = std::fs::read(path).expect("a file");
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What the workers would do with what waits before anything is sent.
    pub async fn decide(&self) {
        let (store, ids) = (&*self.store, &SystemIds);
        let terms = || Terms {
            now: self.now(),
            stale_after: STALE_AFTER,
            zones: &BundledZones,
            links: &*self.links,
        };
        while understand_deliveries(store, &server::source::read, ids, 100).await.expect("read") > 0
        {
        }
        while decide_events(store, ids, terms(), 100).await.expect("decided") > 0 {}
    }

    /// What the workers would do with what waits: understand, decide, send, and hear that it arrived.
    pub async fn work(&self) {
        self.decide().await;
        let (store, ids) = (&*self.store, &SystemIds);
        let lease = Duration::from_secs(60);
        let queues = store.queues().await.expect("queues");
        let rooms: Vec<_> = queues.into_iter().map(|queue| (queue.sender, 100)).collect();
        let claimed = store.claim("tests", self.now(), lease, &rooms, ids).await.expect("claimed");
        let mut finished = Vec::new();
        let mut receipts = Vec::new();
        for message in claimed {
            let provider_id = format!("wamid.{}", message.attempt);
            finished.push(Finished {
                account: message.account,
                message: message.message,
                attempt: message.attempt,
                sender: message.sender,
                step: message.step,
                answer: Some(Attempted::Accepted { provider_id: provider_id.clone() }),
                settlement: Settlement::Accepted { watch: None },
                at: self.now(),
            });
            receipts.push(Receipt {
                account: message.account,
                id: ReceiptId::mint(self.now(), ids),
                sender: message.sender,
                attempt: Some(message.attempt),
                provider_id,
                kind: ReceiptKind::Delivered,
                occurred_at: self.now(),
                received_at: self.now(),
                code: None,
                detail: None,
            });
        }
        store.finish(&finished).await.expect("finished");
        store.store_receipts(&receipts, &[]).await.expect("stored");
        while apply_receipts(store, ids, &crate::process::nothing_follows, self.now(), 100)
            .await
            .expect("applied")
            .taken
            > 0
        {}
    }
}

/// The sign-up as the page sends it.
pub fn sign_up_form<'a>(name: &'a str, email: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("act", "sign_up"),
        ("name", name),
        ("email", email),
        ("password", PASSWORD),
        ("account", name),
        ("company_country", "FR"),
    ]
}

/// The password of everybody in these tests.
pub const PASSWORD: &str = "correct horse";

/// Somebody with an account.
pub struct Owner {
    pub browser: Browser,
    pub email: String,
    pub account: AccountId,
    pub brand: BrandId,
}

impl Owner {
    /// Turns WhatsApp on with France and news of delivery.
    pub async fn activate(&self, house: &House) {
        let prices =
            house.store.prices(self.account, Channel::Whatsapp, house.now()).await.expect("prices");
        let rate = prices.into_iter().find(|p| p.plan == Plan::Lite).expect("a price").rate;
        let path = format!("/tracking?brand={}", self.brand);
        let form = [
            ("act", "activate"),
            ("rate", rate.as_str()),
            ("text_version", "2026-11"),
            ("basis", "collected_by_shop"),
            ("accept_price", "on"),
            ("accept_terms", "on"),
            ("country", "FR"),
            ("cell", "FR:delivered"),
        ];
        let answer = self.browser.post(&path, &form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }

    /// Sends a delivered parcel through the pipeline, to a phone.
    pub async fn ship(&self, house: &House, order: &str, phone: &str) {
        self.hand_over(order, phone).await;
        house.work().await;
    }

    /// Hands a delivered parcel to the simulator.
    pub async fn hand_over(&self, order: &str, phone: &str) {
        let brand = self.brand.to_string();
        let form = [
            ("act", "simulate"),
            ("brand", brand.as_str()),
            ("status", "delivered"),
            ("phone", phone),
            ("country", "FR"),
            ("name", "Camille Durand"),
            ("order", order),
        ];
        let answer = self.browser.post("/simulate", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }

    /// A key with these scopes, as the page hands it over once.
    pub async fn key(&self, scopes: &[&str]) -> String {
        let mut form = vec![("act", "create"), ("name", "tests")];
        form.extend(scopes.iter().map(|scope| ("scope", *scope)));
        let answer = self.browser.post("/settings/keys", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let page = self.browser.get(&answer.location).await;
        let start = page.body.find("fct_").expect("the key is shown");
        page.body[start..start + 68].to_owned()
    }
}

/// A browser without scripts: cookies are kept, redirects are looked at.
pub struct Browser {
    client: reqwest::Client,
    base: String,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub body: String,
    pub response_headers: reqwest::header::HeaderMap,
}

impl Browser {
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], |request| request).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, &[("sec-fetch-site", "same-origin")], |r| r.form(form)).await
    }

    /// A form with a file, as browsers send it.
    pub async fn upload(
        &self,
        path: &str,
        form: &[(&str, &str)],
        file: (&str, &str, &[u8]),
    ) -> Answer {
        let (field, name, bytes) = file;
        let mut body = Vec::new();
        for (field, text) in form {
            let part = format!(
                "--edge\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             content-type: image/png\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("content-type", "multipart/form-data; boundary=edge"),
        ];
        self.send(Method::POST, path, &headers, |request| request.body(body)).await
    }

    /// A request with headers and whatever body.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        with: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(with(request).send().await.expect("an answer")).await
    }

    /// What an island asks.
    pub async fn ask(&self, path: &str, body: &str) -> Answer {
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
        self.send(Method::POST, path, &headers, |request| request.body(body.to_owned())).await
    }

    /// A call of the API.
    pub async fn api(&self, method: Method, path: &str, key: &str, body: Option<&str>) -> Answer {
        let bearer = format!("Bearer {key}");
        self.send(method, path, &[("authorization", &bearer)], |request| match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_owned()),
            None => request,
        })
        .await
    }
}

impl Answer {
    async fn of(response: Response) -> Self {
        let header = |name| {
            response
                .headers()
                .get(name)
                .and_then(|v: &reqwest::header::HeaderValue| v.to_str().ok())
        };
        let location = header(LOCATION).unwrap_or_default().to_owned();
        Self {
            status: response.status().as_u16(),
            location,
            response_headers: response.headers().clone(),
            body: response.text().await.expect("text"),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.response_headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    pub fn sets_cookie(&self) -> bool {
        self.response_headers.contains_key(SET_COOKIE)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}
