//! SIGKILL at random moments while events flow: nothing lost, nobody told twice, nothing billed wrongly.
#![expect(
    clippy::disallowed_methods,
    reason = "the program is a process of its own: real clock, real chance, own client"
)]

use crate::process::database::{Database, Kind};
use crate::process::{Demo, Process, eventually, free_port, list, load};
use rand::Rng as _;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Events in all, and how often the server is killed while they flow.
const EVENTS: u32 = 2_000;
const KILLS: u32 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_sqlite_everything_arrives_exactly_once() {
    killed(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_postgres_everything_arrives_exactly_once() {
    killed(Kind::Postgres).await;
}

async fn killed(kind: Kind) {
    let Some(database) = Database::fresh(kind).expect("a database") else { return };
    let folder = database.folder.path().display().to_string();
    let sandbox = Process::start(
        &["sandbox", "--addr", "127.0.0.1:0", "--data", &format!("{folder}/sandbox"), "--fast"],
        &[],
    )
    .expect("the sandbox starts");
    let address = format!("127.0.0.1:{}", free_port());
    let base = format!("http://{address}");
    let key = "5f".repeat(32);
    let settings = [
        ("DATABASE_URL", database.url.as_str()),
        ("LISTEN_ADDR", address.as_str()),
        ("WHATSAPP_BASE_URL", sandbox.url.as_str()),
        ("SECRET_KEY", key.as_str()),
        ("UNKNOWN_AFTER", "10s"),
        // So that a kill finds something under way; how fast a number may go is tested elsewhere.
        ("WHATSAPP_PER_SECOND", "10000"),
    ];
    let demo = Arc::new(Demo::make(&settings).expect("a demo account"));
    let mut server = Process::start(&["serve"], &settings).expect("the server starts");

    let http =
        reqwest::Client::builder().timeout(Duration::from_secs(5)).build().expect("a client");
    for round in 0..KILLS {
        let share = EVENTS / KILLS;
        let posts: Vec<_> = (round * share..(round + 1) * share)
            .map(|number| tokio::spawn(post(http.clone(), base.clone(), demo.clone(), number)))
            .collect();
        // A random moment within the round, so that every stage is hit some time.
        let moment = rand::rng().random_range(5..400);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        server.kill();
        server = Process::start(&["serve"], &settings).expect("the server comes back");
        for one in posts {
            one.await.expect("a poster does not panic");
        }
    }

    // Every accepted event is decided and every message reaches its phone.
    let messages = eventually("every message delivered", Duration::from_secs(150), || async {
        let rows = list(&http, &base, demo.api_key(), "/api/v1/messages")
            .await
            .map_err(|e| e.to_string())?;
        let mut states: HashMap<String, usize> = HashMap::new();
        for row in &rows {
            *states.entry(row["status"].as_str().unwrap_or("?").to_owned()).or_default() += 1;
        }
        let reached = states.get("delivered").unwrap_or(&0) + states.get("read").unwrap_or(&0);
        if reached == EVENTS as usize {
            Ok(rows)
        } else {
            Err(format!("{} messages: {states:?}", rows.len()))
        }
    })
    .await;
    assert_eq!(messages.len(), EVENTS as usize);
    let decisions =
        list(&http, &base, demo.api_key(), "/api/v1/decisions").await.expect("decisions");
    let sent = decisions.iter().filter(|d| d["outcome"] == "send").count();
    assert_eq!(sent, EVENTS as usize, "every event led to a message");

    // Exactly once at the sandbox, by recipient: each parcel has its own.
    let answer: Value = http
        .get(format!("{}/control/messages", sandbox.url))
        .send()
        .await
        .expect("the sandbox answers")
        .json()
        .await
        .expect("JSON");
    let received = answer["data"].as_array().expect("a list");
    let mut by_phone: HashMap<&str, usize> = HashMap::new();
    for message in received {
        *by_phone.entry(message["to"].as_str().unwrap_or("?")).or_default() += 1;
    }
    let twice: Vec<_> = by_phone.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "told twice: {twice:?}");
    assert_eq!(by_phone.len(), EVENTS as usize, "every phone has its message");

    // What is billed is what was delivered.
    let usage: Value = http
        .get(format!("{base}/api/v1/usage"))
        .bearer_auth(demo.api_key())
        .send()
        .await
        .expect("usage")
        .json()
        .await
        .expect("JSON");
    let billed: i64 = usage["data"]
        .as_array()
        .expect("usage is a list")
        .iter()
        .filter_map(|line| line["quantity"].as_i64())
        .sum();
    assert_eq!(billed, i64::from(EVENTS), "charges equal delivered messages");
    eprintln!("{kind:?}: {EVENTS} events, {KILLS} kills, 0 lost, 0 twice, {billed} charged");
    drop(server);
}

/// Posts one event until it is accepted, as a shop's platform would.
async fn post(http: reqwest::Client, base: String, demo: Arc<Demo>, number: u32) {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    let body =
        load::body(number, i64::try_from(now.as_millis()).expect("before the year 292,000,000"));
    let signature = load::signature(demo.secret(), &body);
    loop {
        let answer = http
            .post(format!("{base}{}", demo.hook()))
            .header("Content-Type", "application/json")
            .header("Sendcloud-Signature", &signature)
            .body(body.clone())
            .send()
            .await;
        match answer {
            Ok(answer) if answer.status() == 202 => return,
            Ok(answer) if answer.status().is_server_error() => {}
            Ok(answer) => panic!("event {number}: {}", answer.status()),
            // Killed meanwhile: the platform tries again.
            Err(_) => {}
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
