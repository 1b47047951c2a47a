//! One conformance suite for both databases: every method of every port, one file per port.
//!
//! A case is an `async fn` that gets a [`World`](world::World) with an empty database of its own; `both!`
//! makes two tests of it, one on SQLite and one on PostgreSQL.

/// Makes a test on each database out of each case.
macro_rules! both {
    ($($case:ident),+ $(,)?) => {$(
        mod $case {
            #[tokio::test]
            async fn sqlite() {
                $crate::store::world::run($crate::process::database::Kind::Sqlite, super::$case).await;
            }

            #[tokio::test]
            async fn postgres() {
                $crate::store::world::run($crate::process::database::Kind::Postgres, super::$case).await;
            }
        }
    )+};
}

mod account;
mod billing;
mod brand;
mod change;
mod connection;
mod consent;
mod decide;
mod forecast;
mod history;
mod inbox;
mod isolation;
mod join;
mod keep;
mod late;
mod matrix;
mod model;
mod outbox;
mod reach;
mod read;
mod receipts;
mod reception;
mod replay;
mod restraint;
mod schema;
mod session;
mod signal;
mod template;
mod watch;
pub mod world;
