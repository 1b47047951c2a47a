//! Messages from webhook to charge: as fast as it goes, at a provider that takes its time, over few connections, and
//! from a queue that has grown long.

use crate::meter::{self, Latencies, Usage};
use crate::process::{Demo, Process, load};
use crate::scrape::Scrape;
use crate::{CONNECTIONS, now_millis, post};
use anyhow::Result;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Connections of a shop's system that posts while everything is busy.
pub const FEW: usize = 16;
/// What a provider takes that is far away, in milliseconds.
pub const SLOW_MILLIS: u32 = 200;

/// A serving process and its outside world.
pub struct Stand<'a> {
    pub http: &'a reqwest::Client,
    pub server: &'a Process,
    pub sandbox: &'a Process,
    pub demo: &'a Demo,
    pub database_url: &'a str,
}

/// What one run came to.
pub struct Sent {
    pub per_second: f64,
    pub posts: Latencies,
    /// Mean events of a decider's commit.
    pub group: f64,
    /// CPU seconds per 1,000 messages.
    pub server_cpu: f64,
    pub database_cpu: f64,
    pub peak_mib: f64,
}

impl Stand<'_> {
    /// Posts so many parcels' news over so many connections and waits until the last is charged.
    pub async fn send(&self, numbers: std::ops::Range<u32>, connections: usize) -> Result<Sent> {
        let (http, base) = (self.http, &self.server.url);
        let hook = format!("{base}{}", self.demo.hook());
        let loud = |n: u32| load::body(n, now_millis());
        let count = u32::try_from(numbers.len())?;
        let charged_before = self.charged().await?;
        let before = Scrape::of(http, base).await?;
        let usage = Usage::of(self.server.id(), self.database_url)?;
        let began = Instant::now();
        let (_, posts) =
            post::over(http, &hook, self.demo.secret(), numbers, &loud, connections).await?;
        self.wait(&before, charged_before, count).await?;
        let seconds = began.elapsed().as_secs_f64();
        let used = Usage::of(self.server.id(), self.database_url)?.since(&usage);
        let after = Scrape::of(http, base).await?;
        let thousands = f64::from(count) / 1000.0;
        Ok(Sent {
            per_second: f64::from(count) / seconds,
            posts,
            group: after.since(&before).mean("facteur_stage_size", "decider"),
            server_cpu: used.server / thousands,
            database_cpu: used.database / thousands,
            peak_mib: meter::peak_mib(self.server.id())?,
        })
    }

    /// The same at a provider that takes its time for every call.
    pub async fn send_slowly(&self, numbers: std::ops::Range<u32>) -> Result<Sent> {
        let url = format!("{}/control/faults", self.sandbox.url);
        let slow = json!({"kind": "latency", "count": 10_000_000, "ms": SLOW_MILLIS});
        self.http.post(&url).json(&slow).send().await?.error_for_status()?;
        let sent = self.send(numbers, CONNECTIONS).await;
        self.http.delete(&url).send().await?.error_for_status()?;
        sent
    }

    /// Waits until so many more are charged: by the counter of receipts as long as it says that there is no need to
    /// ask for more, because asking for the month's charges is work, too.
    async fn wait(&self, before: &Scrape, charged_before: i64, count: u32) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(300);
        let mut asked = Instant::now();
        loop {
            let enough = self.missing(before, count).await? <= 0.0;
            if !enough && asked.elapsed() < Duration::from_secs(2) {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
            asked = Instant::now();
            if self.charged().await? - charged_before >= i64::from(count) {
                return Ok(());
            }
            anyhow::ensure!(Instant::now() < deadline, "not all charged after 5 minutes");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Receipts that are still to be applied of so many messages.
    async fn missing(&self, before: &Scrape, count: u32) -> Result<f64> {
        let now = Scrape::of(self.http, &self.server.url).await?;
        let receipts = |scrape: &Scrape| scrape.value("facteur_stage_rows_total", "receipts");
        Ok(receipts(before) + 3.0 * f64::from(count) - receipts(&now))
    }

    /// Waits until all receipts of so many messages have been applied, whoever's they are.
    pub async fn heard(&self, before: &Scrape, count: u32) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(300);
        while self.missing(before, count).await? > 0.0 {
            anyhow::ensure!(Instant::now() < deadline, "not all told after 5 minutes");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// What the month's usage says.
    pub async fn charged(&self) -> Result<i64> {
        let url = format!("{}/api/v1/usage", self.server.url);
        let usage = self.http.get(url).bearer_auth(self.demo.api_key()).send().await?;
        let usage: Value = usage.error_for_status()?.json().await?;
        let lines = usage["data"].as_array().into_iter().flatten();
        Ok(lines.filter_map(|line| line["quantity"].as_i64()).sum())
    }
}
