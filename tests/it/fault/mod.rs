//! Fault runs: real processes under load, and everything that can happen to them. Afterwards it is counted, from
//! outside, what was lost, told twice, took a step back, or was billed wrongly.
//!
//! What happens, and when, follows from the seed; how far the processes are by then does not.
#![expect(
    clippy::disallowed_methods,
    reason = "the program is processes of its own: real clock and own client"
)]

mod audit;
mod scene;
mod shop;
mod trouble;

use crate::process::database::Kind;
use anyhow::{Result, bail};
pub use audit::Figures;
use audit::{Audit, Watch};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use scene::Scene;
use shop::Shop;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use trouble::Troubles;

/// How long a run is and what decides it.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Decides what happens and when.
    pub seed: u64,
    /// Parcels, each with one piece of news for a person of its own.
    pub parcels: u32,
    /// In which they are handed over, while things go wrong.
    pub span: Duration,
    /// How long a lost answer waits for its receipt.
    pub unknown_after: Duration,
    /// How long everything may take to come to its end afterwards.
    pub patience: Duration,
}

/// Runs, and counts. None without PostgreSQL, when none is required.
///
/// # Errors
/// When the run cannot be made, or what must hold does not: with everything that was counted.
pub async fn run(kind: Kind, plan: &Plan) -> Result<Option<Figures>> {
    let began = Instant::now();
    let Some(mut scene) = Scene::set(kind, plan)? else { return Ok(None) };
    let shop = Arc::new(Shop::new(&scene)?);
    let watch = Watch::start(shop.clone());
    let posting = tokio::spawn(shop.clone().post_all(plan.parcels, plan.span));

    let mut troubles = Troubles::new(StdRng::seed_from_u64(plan.seed), kind);
    let until = Instant::now() + plan.span;
    while Instant::now() < until {
        tokio::time::sleep(troubles.pause()).await;
        troubles.strike(&mut scene, &shop).await?;
    }
    shop.forgive().await?;
    tokio::time::timeout(plan.patience, posting).await??;
    let seen = watch.until_still(&shop, plan).await?;
    if let Some(dead) = scene.dead() {
        bail!("{dead} ended by itself: {}", scene.log_tail());
    }
    let audit = Audit { plan, kind, shop: &shop, seen, troubles: &troubles };
    let mut figures = audit.count(&scene).await?;
    figures.took = began.elapsed();
    Ok(Some(figures))
}

/// Milliseconds since 1970.
fn now_millis() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}
