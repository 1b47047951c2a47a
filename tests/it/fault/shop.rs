//! A shop's platform: hands parcels over until they are taken, some of them twice. It also asks what became of them.

use super::now_millis;
use super::scene::Scene;
use crate::process::{list, load};
use anyhow::{Result, bail};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// One parcel in so many is handed over a second time after it was taken.
const TWICE: u32 = 10;

/// The shop, and how its calls were answered.
pub struct Shop {
    http: reqwest::Client,
    base: String,
    outside: String,
    hook: String,
    secret: String,
    key: String,
    /// 202.
    pub taken: AtomicU32,
    /// 5xx: asked to come back.
    pub put_off: AtomicU32,
    /// No answer.
    pub hung_up: AtomicU32,
}

impl Shop {
    /// Of the scene's demo account.
    pub fn new(scene: &Scene) -> Result<Self> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).build()?;
        let zero = AtomicU32::default;
        Ok(Self {
            http,
            base: scene.base.clone(),
            outside: scene.outside.clone(),
            hook: format!("{}{}", scene.base, scene.demo.hook()),
            secret: scene.demo.secret().to_owned(),
            key: scene.demo.api_key().to_owned(),
            taken: zero(),
            put_off: zero(),
            hung_up: zero(),
        })
    }

    /// Hands all parcels over, spread over the span, each until it is taken.
    pub async fn post_all(self: Arc<Self>, parcels: u32, span: Duration) {
        let began = Instant::now();
        let mut posts = tokio::task::JoinSet::new();
        for number in 0..parcels {
            let at = began + span * number / parcels;
            tokio::time::sleep_until(at.into()).await;
            posts.spawn(self.clone().post(number));
        }
        while posts.join_next().await.is_some() {}
    }

    async fn post(self: Arc<Self>, number: u32) {
        let body = load::body(number, now_millis());
        let times = if number.is_multiple_of(TWICE) { 2 } else { 1 };
        for _ in 0..times {
            while !self.try_post(&body).await {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }

    /// Whether it was taken.
    async fn try_post(&self, body: &[u8]) -> bool {
        let post = self.http.post(&self.hook).header("Content-Type", "application/json");
        let signature = load::signature(&self.secret, body);
        let post = post.header("Sendcloud-Signature", signature).body(body.to_vec());
        let count = match post.send().await {
            Ok(answer) if answer.status() == 202 => &self.taken,
            Ok(answer) if answer.status().is_server_error() => &self.put_off,
            Ok(answer) => panic!("a webhook was answered {}", answer.status()),
            Err(_) => &self.hung_up,
        };
        count.fetch_add(1, Ordering::Relaxed);
        std::ptr::eq(count, &self.taken)
    }

    /// Every row of a list of the API.
    pub async fn list(&self, what: &str) -> Result<Vec<Value>> {
        list(&self.http, &self.base, &self.key, &format!("/api/v1/{what}")).await
    }

    /// What reached anybody's phone, oldest first.
    pub async fn phones(&self) -> Result<Vec<Value>> {
        let url = format!("{}/control/messages?channel=whatsapp", self.outside);
        let answer = self.http.get(url).send().await?.error_for_status()?;
        let mut answer: Value = answer.json().await?;
        let Value::Array(rows) = answer["data"].take() else { bail!("{answer}") };
        Ok(rows)
    }

    /// Orders a fault of the provider.
    pub async fn fault(&self, fault: &Value) -> Result<()> {
        let url = format!("{}/control/faults", self.outside);
        self.http.post(url).json(fault).send().await?.error_for_status()?;
        Ok(())
    }

    /// From now on the provider is well.
    pub async fn forgive(&self) -> Result<()> {
        let url = format!("{}/control/faults", self.outside);
        self.http.delete(url).send().await?.error_for_status()?;
        Ok(())
    }
}
