//! Receipts as fast as a platform may post them: signed callbacks at a steady rate, each about a message that exists.

use crate::meter::Latencies;
use crate::process::Demo;
use anyhow::{Context as _, Result};
use futures::StreamExt as _;
use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha2::Sha256;
use std::time::Duration;

/// Callbacks a second, and for how long.
pub const RATE: u32 = 3_000;
const LASTING: Duration = Duration::from_secs(5);
/// Messages they are about, again and again: most receipts of a day are about what is already known.
const SUBJECTS: usize = 2_000;

/// Posts them whether or not answers come.
pub async fn measure(http: &reqwest::Client, base: &str, demo: &Demo) -> Result<Latencies> {
    let text = |pointer: &str| {
        let found = demo.0.pointer(pointer).and_then(serde_json::Value::as_str);
        found.map(str::to_owned).context(pointer.to_owned())
    };
    let (number, secret) = (text("/sender/phone_number_id")?, text("/sender/app_secret")?);
    let url = format!("{base}/callbacks/whatsapp/{}", text("/sender/id")?);
    let mut known = Vec::new();
    let mut cursor = String::new();
    while known.len() < SUBJECTS {
        let path = format!("{base}/api/v1/messages?limit=200&cursor={cursor}");
        let page = http.get(path).bearer_auth(demo.api_key()).send().await?;
        let page: serde_json::Value = page.error_for_status()?.json().await?;
        let attempts = page["data"].as_array().into_iter().flatten();
        known.extend(
            attempts.filter_map(|m| m["attempts"][0]["provider_id"].as_str().map(str::to_owned)),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    anyhow::ensure!(!known.is_empty(), "no message to have receipts of");

    let began = tokio::time::Instant::now();
    let count = RATE * u32::try_from(LASTING.as_secs())?;
    let posts = futures::stream::iter(0..count).map(|i| {
        let id = &known[i as usize % known.len()];
        let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": {
            "messaging_product": "whatsapp", "metadata": {"phone_number_id": number},
            "statuses": [{"id": id, "status": "read", "timestamp": "1795161600", "recipient_id": "33639980042"}]}}]}]});
        let body = body.to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
        mac.update(body.as_bytes());
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        let post = http.post(&url).header("X-Hub-Signature-256", signature).body(body);
        async move {
            let due = began + LASTING / count * i;
            tokio::time::sleep_until(due).await;
            post.send().await?.error_for_status()?.bytes().await?;
            anyhow::Ok(due.elapsed())
        }
    });
    let took: Vec<_> = posts.buffer_unordered(RATE as usize / 2).collect().await;
    Ok(Latencies::new(took.into_iter().collect::<Result<_>>()?))
}
