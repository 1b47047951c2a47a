//! Measures Facteur on both databases beside the bare limit of the same run, into `BENCHMARKS.md`.
//!
//! The server, the sandbox and this load generator share the machine; CPU and memory are the server's
//! (and its database's) alone. `script/bench` runs this with a durable PostgreSQL.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own: its settings, clock and client"
)]
#![expect(clippy::print_stdout, reason = "figures go to stdout, progress to stderr")]

mod bare;
mod meter;
#[path = "../../it/process/mod.rs"]
#[expect(dead_code, reason = "shared with the tests, which use the rest of it")]
mod process;
mod report;

use anyhow::{Context as _, Result};
use futures::StreamExt as _;
use meter::{Latencies, Usage};
use process::database::{Database, Kind};
use process::{Demo, Process, load};
use serde_json::Value;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// Webhooks posted as fast as they are answered, that lead to no message.
const INGESTED: u32 = 10_000;
/// Webhooks at a steady rate, per second and for how long.
const STEADY_RATE: u32 = 500;
const STEADY: Duration = Duration::from_secs(10);
/// Messages from webhook to charge.
const MESSAGES: u32 = 10_000;
/// Connections of the load generator.
const CONNECTIONS: usize = 16;

/// What one database achieved.
pub struct Figures {
    kind: Kind,
    ingest_per_second: f64,
    ingest: Latencies,
    steady: Latencies,
    bare_posts_per_second: f64,
    messages_per_second: f64,
    bare_messages_per_second: f64,
    server_cpu_per_thousand: f64,
    database_cpu_per_thousand: f64,
    peak_mib: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    if std::env::args().nth(1).as_deref() == Some("bare-server") {
        return bare::serve().await;
    }
    let mut all = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if let Some(database) = Database::fresh(kind)? {
            eprintln!("{kind:?} …");
            all.push(measure(kind, &database).await?);
        }
    }
    let text = report::markdown(&all);
    std::fs::write("BENCHMARKS.md", &text)?;
    println!("{text}");
    Ok(())
}

async fn measure(kind: Kind, database: &Database) -> Result<Figures> {
    let sandbox = Process::start(&["sandbox", "--addr", "127.0.0.1:0", "--fast"], &[])?;
    let site = std::env::var("SITE_ROOT").unwrap_or_else(|_| "target/site".to_owned());
    let settings = [
        ("DATABASE_URL", database.url.as_str()),
        ("LISTEN_ADDR", "127.0.0.1:0"),
        ("WHATSAPP_BASE_URL", sandbox.url.as_str()),
        ("SECRET_KEY", "5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f"),
        ("SITE_ROOT", site.as_str()),
    ];
    let demo = Demo::make(&settings)?;
    let server = Process::start(&["serve"], &settings)?;
    let http = reqwest::Client::builder().pool_max_idle_per_host(64).build()?;
    let hook = format!("{}{}", server.url, demo.hook());
    let secret = demo.secret().to_owned();

    // Ingest: news that notifies nobody, so that nothing competes but the pipeline itself.
    let quiet = |n: u32| load::in_transit(n, now_millis());
    let (ingest_per_second, ingest) = post_all(&http, &hook, &secret, 0..INGESTED, &quiet).await?;
    settled(&http, &server.url, "facteur_waiting").await?;
    let steady = post_steadily(&http, &hook, &secret, INGESTED, &quiet).await?;
    settled(&http, &server.url, "facteur_waiting").await?;

    // The same requests to a server that only answers.
    let bare_server = bare::start()?;
    let (bare_posts_per_second, _) =
        post_all(&http, &bare_server.url, &secret, 0..INGESTED, &quiet).await?;
    drop(bare_server);

    // From webhook to charge.
    let before = Usage::of(server.id(), &database.url)?;
    let started = Instant::now();
    let loud = |n: u32| load::body(n, now_millis());
    post_all(&http, &hook, &secret, 0..MESSAGES, &loud).await?;
    charged(&http, &server.url, demo.api_key(), i64::from(MESSAGES)).await?;
    let messages_per_second = f64::from(MESSAGES) / started.elapsed().as_secs_f64();
    let used = Usage::of(server.id(), &database.url)?.since(&before);
    let peak_mib = meter::peak_mib(server.id())?;
    drop(server);
    drop(sandbox);

    let bare = Database::fresh(kind)?.context("a second database")?;
    let bare_messages_per_second = bare::rows(&bare.url, MESSAGES).await?;
    let thousands = f64::from(MESSAGES) / 1000.0;
    Ok(Figures {
        kind,
        ingest_per_second,
        ingest,
        steady,
        bare_posts_per_second,
        messages_per_second,
        bare_messages_per_second,
        server_cpu_per_thousand: used.server / thousands,
        database_cpu_per_thousand: used.database / thousands,
        peak_mib,
    })
}

fn now_millis() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

async fn post(http: &reqwest::Client, url: &str, secret: &str, body: Vec<u8>) -> Result<Duration> {
    let signature = load::signature(secret, &body);
    let began = Instant::now();
    http.post(url)
        .header("Content-Type", "application/json")
        .header("Sendcloud-Signature", signature)
        .body(body)
        .send()
        .await?
        .error_for_status()?
        .bytes()
        .await?;
    Ok(began.elapsed())
}

/// Posts as fast as answers come, over a fixed number of connections.
async fn post_all(
    http: &reqwest::Client,
    url: &str,
    secret: &str,
    numbers: std::ops::Range<u32>,
    body: &(dyn Fn(u32) -> Vec<u8> + Sync),
) -> Result<(f64, Latencies)> {
    let count = numbers.len();
    let next = AtomicU32::new(numbers.start);
    let began = Instant::now();
    let lanes = (0..CONNECTIONS).map(|_| async {
        let mut took = Vec::with_capacity(count / CONNECTIONS + 1);
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= numbers.end {
                return anyhow::Ok(took);
            }
            took.push(post(http, url, secret, body(number)).await?);
        }
    });
    let mut all = Vec::with_capacity(count);
    for lane in futures::future::join_all(lanes).await {
        all.extend(lane?);
    }
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    let rate = count as f64 / began.elapsed().as_secs_f64();
    Ok((rate, Latencies::new(all)))
}

/// Posts at a steady rate whether or not answers come (an open loop hides no waiting).
async fn post_steadily(
    http: &reqwest::Client,
    url: &str,
    secret: &str,
    first: u32,
    body: &(dyn Fn(u32) -> Vec<u8> + Sync),
) -> Result<Latencies> {
    let began = tokio::time::Instant::now();
    let count = STEADY_RATE * u32::try_from(STEADY.as_secs())?;
    let posts = futures::stream::iter(0..count).map(|i| async move {
        let due = began + STEADY / count * i;
        tokio::time::sleep_until(due).await;
        post(http, url, secret, body(first + i)).await.map(|_| due.elapsed())
    });
    let took: Vec<_> = posts.buffer_unordered(STEADY_RATE as usize).collect().await;
    Ok(Latencies::new(took.into_iter().collect::<Result<_>>()?))
}

/// Waits until no stage has anything waiting, by the server's own gauges.
async fn settled(http: &reqwest::Client, base: &str, gauge: &str) -> Result<()> {
    loop {
        // The gauges are measured every five seconds; two equal zeros in a row are an idle pipeline.
        tokio::time::sleep(Duration::from_secs(6)).await;
        let text = http.get(format!("{base}/metrics")).send().await?.text().await?;
        let waiting: f64 = text
            .lines()
            .filter(|line| line.starts_with(gauge))
            .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
            .sum();
        if waiting == 0.0 {
            return Ok(());
        }
    }
}

/// Waits until so many messages are charged.
async fn charged(http: &reqwest::Client, base: &str, key: &str, wanted: i64) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(300);
    loop {
        let usage: Value =
            http.get(format!("{base}/api/v1/usage")).bearer_auth(key).send().await?.json().await?;
        let count: i64 = usage["data"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|line| line["quantity"].as_i64())
            .sum();
        if count >= wanted {
            return Ok(());
        }
        anyhow::ensure!(Instant::now() < deadline, "{count} of {wanted} charged after 5 minutes");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
