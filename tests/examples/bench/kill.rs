//! A process that is killed: how soon its work goes on.

use crate::process::database::{Database, Kind};
use crate::process::{Demo, Process, free_port, load};
use crate::{SECRET_KEY, now_millis, post};
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Messages that wait, and how many of them the number may send a second.
const MESSAGES: u32 = 600;
const PER_SECOND: &str = "50";
/// Messages at the phones before the process is killed.
const SOME: usize = 60;

/// Seconds from the kill to the next message at a phone. On PostgreSQL a second worker stands by and takes the number
/// over; on SQLite the process is started again.
pub async fn measure(kind: Kind, http: &reqwest::Client) -> Result<f64> {
    let database = Database::fresh(kind)?.context("a database")?;
    let sandbox = Process::start(&["sandbox", "--addr", "127.0.0.1:0", "--fast"], &[])?;
    let address = format!("127.0.0.1:{}", free_port());
    let base = format!("http://{address}");
    let settings = [
        ("DATABASE_URL", database.url.as_str()),
        ("LISTEN_ADDR", address.as_str()),
        ("BASE_URL", base.as_str()),
        ("WHATSAPP_BASE_URL", sandbox.url.as_str()),
        ("SECRET_KEY", SECRET_KEY),
        ("WHATSAPP_PER_SECOND", PER_SECOND),
    ];
    let demo = Demo::make(&settings)?;
    let start = |role: &str| Process::start(&["serve", "--role", role], &settings);
    let (web, worker) = match kind {
        Kind::Sqlite => (None, start("all")?),
        Kind::Postgres => (Some(start("web")?), start("worker")?),
    };
    let hook = format!("{base}{}", demo.hook());
    let body = |n: u32| load::body(n, now_millis());
    post::over(http, &hook, demo.secret(), 0..MESSAGES, &body, 1).await?;
    more_than(SOME, http, &sandbox).await?;
    // Only now, so that the first has the number.
    let second = match kind {
        Kind::Sqlite => None,
        Kind::Postgres => Some(start("worker")?),
    };
    worker.kill();
    let began = Instant::now();
    let second = second.map_or_else(|| start("all"), Ok)?;
    // What was on its way when it was killed has arrived.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let there = arrived(http, &sandbox).await?;
    more_than(there, http, &sandbox).await?;
    drop((web, second));
    Ok(began.elapsed().as_secs_f64())
}

async fn arrived(http: &reqwest::Client, sandbox: &Process) -> Result<usize> {
    let answer = http.get(format!("{}/control/messages", sandbox.url)).send().await?;
    let all: Value = answer.error_for_status()?.json().await?;
    Ok(all["data"].as_array().map_or(0, Vec::len))
}

async fn more_than(count: usize, http: &reqwest::Client, sandbox: &Process) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while arrived(http, sandbox).await? <= count {
        anyhow::ensure!(Instant::now() < deadline, "no message after a minute");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
