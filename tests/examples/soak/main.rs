//! Fault runs one after the other, each with a seed of its own, for as long as one likes: `script/soak`.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own: its settings, clock and chance"
)]
#![expect(clippy::print_stdout, reason = "figures go to stdout, progress to stderr")]

#[path = "../../it/fault/mod.rs"]
mod fault;
#[path = "../../it/month/mod.rs"]
mod month;
#[path = "../../it/process/mod.rs"]
#[expect(dead_code, reason = "shared with the tests, which use the rest of it")]
mod process;

#[path = "../../it/store"]
#[expect(dead_code, reason = "shared with the tests, which use the rest of it")]
mod store {
    pub mod world;
}

use anyhow::{Context as _, Result, bail, ensure};
use fault::Plan;
use process::database::Kind;
use std::time::{Duration, Instant};

/// `soak [sqlite|postgres] [MINUTES] [seed=N]`: both databases in turns, ten minutes, seeds of chance.
struct Order {
    kinds: Vec<Kind>,
    minutes: u64,
    seed: u64,
}

fn order(arguments: impl Iterator<Item = String>) -> Result<Order> {
    let mut order = Order {
        kinds: vec![Kind::Sqlite, Kind::Postgres],
        minutes: 10,
        seed: rand::random::<u32>().into(),
    };
    for argument in arguments {
        match (argument.as_str(), argument.parse()) {
            ("sqlite", _) => order.kinds = vec![Kind::Sqlite],
            ("postgres", _) => order.kinds = vec![Kind::Postgres],
            (_, Ok(minutes)) => order.minutes = minutes,
            (other, _) => match other.strip_prefix("seed=") {
                Some(seed) => order.seed = seed.parse().context("seed=N")?,
                None => bail!("soak [sqlite|postgres] [MINUTES] [seed=N], not {other}"),
            },
        }
    }
    Ok(order)
}

/// A month of 10,000 shipments on each database; both come to the same.
async fn whole_month(kinds: &[Kind]) -> Result<()> {
    let plan = month::Plan { shipments: 10_000, tick: 1 };
    let mut first: Option<String> = None;
    for kind in kinds {
        let began = Instant::now();
        let Some(text) = month::replay(*kind, plan).await else { continue };
        let (took, lines) = (began.elapsed().as_secs_f64(), text.lines().count());
        println!("{kind:?}: a month of {} shipments in {took:.1} s, {lines} lines", plan.shipments);
        let same = first.as_ref().is_none_or(|first| *first == text);
        ensure!(same, "the databases do not agree about the month");
        first = Some(text);
    }
    Ok(())
}

/// A minute of load and trouble.
const fn plan(seed: u64) -> Plan {
    Plan {
        seed,
        parcels: 6_000,
        span: Duration::from_secs(60),
        unknown_after: Duration::from_secs(10),
        patience: Duration::from_secs(400),
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let order = order(std::env::args().skip(1))?;
    whole_month(&order.kinds).await?;
    let until = Instant::now() + Duration::from_secs(60 * order.minutes);
    let (mut runs, mut parcels, mut unknown, mut failed) = (0, 0, 0, 0);
    let mut seed = order.seed;
    while Instant::now() < until {
        for kind in &order.kinds {
            eprintln!("{kind:?}, seed {seed} …");
            let run = fault::run(*kind, &plan(seed)).await;
            let figures = run.with_context(|| format!("{kind:?}, seed={seed}"))?;
            let Some(figures) = figures else { continue };
            println!("{figures}");
            runs += 1;
            parcels += figures.parcels;
            unknown += figures.unknown.len();
            failed += figures.failed.len();
        }
        seed += 1;
    }
    println!(
        "{runs} runs, {parcels} parcels: 0 lost, 0 told twice, {unknown} told again after they had been unknown too long, {failed} given up"
    );
    Ok(())
}
