//! A web process and a worker on one PostgreSQL: what one stores the other takes at once, without looking around.
#![expect(
    clippy::disallowed_methods,
    reason = "the program is processes of its own: real clock and own client"
)]

use crate::process::database::{Database, Kind};
use crate::process::{Demo, Process, free_port, load};
use serde_json::Value;
use std::time::{Duration, Instant, SystemTime};

/// Parcels, one after the other.
const PARCELS: u32 = 12;
/// What a parcel may take on the mean. A worker that only looks by itself, every two seconds, needs about one.
const MOST: Duration = Duration::from_millis(300);

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_hears_at_once_what_the_web_process_stores() {
    let Some(database) = Database::fresh(Kind::Postgres).expect("a database") else { return };
    let sandbox = Process::start(&["sandbox", "--addr", "127.0.0.1:0", "--fast"], &[]);
    let sandbox = sandbox.expect("the sandbox starts");
    let address = format!("127.0.0.1:{}", free_port());
    let base = format!("http://{address}");
    let key = "5f".repeat(32);
    let settings = [
        ("DATABASE_URL", database.url.as_str()),
        ("LISTEN_ADDR", address.as_str()),
        ("BASE_URL", base.as_str()),
        ("WHATSAPP_BASE_URL", sandbox.url.as_str()),
        ("SECRET_KEY", key.as_str()),
    ];
    let demo = Demo::make(&settings).expect("a demo account");
    let _web = Process::start(&["serve", "--role", "web"], &settings).expect("the web process");
    let _worker = Process::start(&["serve", "--role", "worker"], &settings).expect("a worker");

    let http = reqwest::Client::new();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    let now = i64::try_from(now.as_millis()).expect("before the year 292,000,000");
    let mut taken = Duration::ZERO;
    for number in 0..PARCELS {
        let body = load::body(number, now);
        let began = Instant::now();
        let post = http
            .post(format!("{base}{}", demo.hook()))
            .header("Content-Type", "application/json")
            .header("Sendcloud-Signature", load::signature(demo.secret(), &body))
            .body(body);
        assert_eq!(post.send().await.expect("an answer").status(), 202);
        let to = load::phone(number).replace('+', "%2B");
        let phone = format!("{}/control/messages?to={to}", sandbox.url);
        while !has_message(&http, &phone).await {
            assert!(began.elapsed() < Duration::from_secs(20), "parcel {number} was never told");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // The first finds a worker that has just started.
        if number > 0 {
            taken += began.elapsed();
        }
    }
    let mean = taken / (PARCELS - 1);
    assert!(mean < MOST, "{mean:?} from webhook to phone");
}

async fn has_message(http: &reqwest::Client, phone: &str) -> bool {
    let answer = http.get(phone).send().await.expect("an answer");
    let all: Value = answer.json().await.expect("JSON");
    all["data"].as_array().is_some_and(|messages| !messages.is_empty())
}
