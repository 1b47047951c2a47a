//! A short fault run on each database; `make soak` runs them for as long as one likes.

use crate::fault::{Plan, run};
use crate::process::database::Kind;
use std::time::Duration;

/// Another one is as good: `make soak` draws its own.
const SEED: u64 = 4;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_nothing_is_lost_on_sqlite() {
    short(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_nothing_is_lost_on_postgres() {
    short(Kind::Postgres).await;
}

async fn short(kind: Kind) {
    let plan = Plan {
        seed: SEED,
        parcels: 400,
        span: Duration::from_secs(8),
        unknown_after: Duration::from_secs(4),
        patience: Duration::from_secs(120),
    };
    if let Some(figures) = run(kind, &plan).await.expect("a run that holds") {
        eprintln!("{figures}");
    }
}
