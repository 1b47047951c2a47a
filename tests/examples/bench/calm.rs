//! A server that has nothing to do: how soon it is there, and what it costs to have it.

use crate::meter::{self, Usage};
use crate::process::Process;
use anyhow::Result;
use server::store::bare::Bare;
use std::time::{Duration, Instant};

/// How long it is left alone before it is looked at, and for how long then.
const SETTLE: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_secs(10);

/// What it came to.
pub struct Calm {
    /// From its start to the line that says where it listens.
    pub start_millis: f64,
    /// Percent of one core, its database's included.
    pub cpu_percent: f64,
    /// Resident, in MiB.
    pub mib: f64,
}

/// On a database that has seen traffic.
pub async fn measure(settings: &[(&str, &str)], database_url: &str) -> Result<Calm> {
    // A database that tidies up after a load is not idle yet.
    Bare::open(database_url).await?.settle().await?;
    let began = Instant::now();
    let server = Process::start(&["serve"], settings)?;
    let start_millis = began.elapsed().as_secs_f64() * 1000.0;
    tokio::time::sleep(SETTLE).await;
    let before = Usage::of(server.id(), database_url)?;
    tokio::time::sleep(LOOK).await;
    let used = Usage::of(server.id(), database_url)?.since(&before);
    let cpu_percent = (used.server + used.database) / LOOK.as_secs_f64() * 100.0;
    Ok(Calm { start_millis, cpu_percent, mib: meter::resident_mib(server.id())? })
}
