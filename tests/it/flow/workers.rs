//! One web process and two workers on one PostgreSQL, each worker killed once: a number's limit holds whoever
//! sends for it, and nothing is lost or told twice.
#![expect(
    clippy::disallowed_methods,
    reason = "the program is processes of its own: real clock and own client"
)]

use crate::process::database::{Database, Kind};
use crate::process::{Demo, Process, eventually, free_port, list, load};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// Messages in all.
const EVENTS: u32 = 240;
/// What a number may send a second, by our setting, and what the sandbox bears.
const OURS: &str = "30";
const THEIRS: u32 = 40;

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_keep_one_numbers_limit_and_take_over_from_each_other() {
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
        ("UNKNOWN_AFTER", "10s"),
        ("WHATSAPP_PER_SECOND", OURS),
    ];
    let demo = Demo::make(&settings).expect("a demo account");
    let web = Process::start(&["serve", "--role", "web"], &settings).expect("the web process");
    let worker = || Process::start(&["serve", "--role", "worker"], &settings).expect("a worker");
    let (one, other) = (worker(), worker());

    let http = reqwest::Client::new();
    let limit = json!({ "number_per_second": THEIRS });
    let set = http.post(format!("{}/control/limits", sandbox.url)).json(&limit).send().await;
    assert_eq!(set.expect("an answer").status(), 200);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    let now = i64::try_from(now.as_millis()).expect("before the year 292,000,000");
    for number in 0..EVENTS {
        let body = load::body(number, now);
        let signature = load::signature(demo.secret(), &body);
        let post = http
            .post(format!("{base}{}", demo.hook()))
            .header("Content-Type", "application/json")
            .header("Sendcloud-Signature", signature)
            .body(body);
        assert_eq!(post.send().await.expect("an answer").status(), 202);
    }

    // Whichever of the two sends for the number, it is killed once while messages wait.
    let reached = |least: usize| {
        let (http, url) = (http.clone(), format!("{}/control/messages", sandbox.url));
        async move {
            eventually("messages at the phones", Duration::from_secs(60), || async {
                let answer = http.get(&url).send().await.map_err(|e| e.to_string())?;
                let all: Value = answer.json().await.map_err(|e| e.to_string())?;
                let count = all["data"].as_array().map_or(0, Vec::len);
                if count >= least { Ok(all) } else { Err(format!("{count} messages")) }
            })
            .await
        }
    };
    reached(40).await;
    one.kill();
    let third = worker();
    reached(120).await;
    other.kill();

    let all = EVENTS as usize;
    let messages = eventually("every message delivered", Duration::from_secs(90), || async {
        let rows = list(&http, &base, demo.api_key(), "/api/v1/messages").await;
        let rows = rows.map_err(|e| e.to_string())?;
        let is_there = |row: &&Value| matches!(row["status"].as_str(), Some("delivered" | "read"));
        let count = rows.iter().filter(is_there).count();
        if count == all { Ok(rows) } else { Err(format!("{count} of {}", rows.len())) }
    })
    .await;
    let mut codes: HashMap<String, usize> = HashMap::new();
    let attempts = messages.iter().flat_map(|message| message["attempts"].as_array()).flatten();
    for code in attempts.filter_map(|attempt| attempt["code"].as_str()) {
        *codes.entry(code.to_owned()).or_default() += 1;
    }
    assert_eq!(codes.get("130429"), None, "the number was never too fast: {codes:?}");
    let received = reached(all).await;
    let mut by_phone: HashMap<&str, usize> = HashMap::new();
    for message in received["data"].as_array().expect("a list") {
        *by_phone.entry(message["to"].as_str().unwrap_or("?")).or_default() += 1;
    }
    let twice: Vec<_> = by_phone.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "told twice: {twice:?}");
    assert_eq!(by_phone.len(), all);
    drop((third, web));
}
