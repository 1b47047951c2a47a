//! The load: a plain loop around an HTTP client, with a closed and an open throttle.

use crate::meter::Latencies;
use crate::process::load;
use crate::{CONNECTIONS, STEADY, STEADY_RATE};
use anyhow::Result;
use futures::StreamExt as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Posts one webhook and reads its answer.
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
pub async fn all(
    http: &reqwest::Client,
    url: &str,
    secret: &str,
    numbers: std::ops::Range<u32>,
    body: &(dyn Fn(u32) -> Vec<u8> + Sync),
) -> Result<(f64, Latencies)> {
    over(http, url, secret, numbers, body, CONNECTIONS).await
}

/// The same over so many connections.
pub async fn over(
    http: &reqwest::Client,
    url: &str,
    secret: &str,
    numbers: std::ops::Range<u32>,
    body: &(dyn Fn(u32) -> Vec<u8> + Sync),
    connections: usize,
) -> Result<(f64, Latencies)> {
    let place = |_: u32| (url.to_owned(), secret.to_owned());
    spread(http, &place, numbers, body, connections).await
}

/// The same, each where `place` says: address and key.
pub async fn spread(
    http: &reqwest::Client,
    place: &(dyn Fn(u32) -> (String, String) + Sync),
    numbers: std::ops::Range<u32>,
    body: &(dyn Fn(u32) -> Vec<u8> + Sync),
    connections: usize,
) -> Result<(f64, Latencies)> {
    let count = numbers.len();
    let next = AtomicU32::new(numbers.start);
    let began = Instant::now();
    let lanes = (0..connections).map(|_| async {
        let mut took = Vec::with_capacity(count / connections + 1);
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= numbers.end {
                return anyhow::Ok(took);
            }
            let (url, secret) = place(number);
            took.push(post(http, &url, &secret, body(number)).await?);
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
pub async fn steadily(
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
