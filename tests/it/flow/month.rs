//! A small month is the same on both databases and in every run; `make soak` begins with a whole one.

use crate::month::{Plan, replay};
use crate::process::database::Kind;

const PLAN: Plan = Plan { shipments: 120, tick: 3 };

#[tokio::test]
async fn a_month_is_the_same_every_time_and_everywhere() {
    let first = replay(Kind::Sqlite, PLAN).await.expect("SQLite");
    assert!(first.contains("invoice "), "{first}");
    let again = replay(Kind::Sqlite, PLAN).await.expect("SQLite");
    same(&first, &again);
    if let Some(other) = replay(Kind::Postgres, PLAN).await {
        same(&first, &other);
    }
}

/// Names the first line that differs: the whole is long.
fn same(one: &str, other: &str) {
    for (number, (one, other)) in one.lines().zip(other.lines()).enumerate() {
        assert_eq!(one, other, "line {number}");
    }
    assert_eq!(one.len(), other.len());
}
