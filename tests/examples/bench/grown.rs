//! `bench grown [sqlite|postgres] [N]`: a database that has grown far, and nothing else. Part of `make soak`, because writing
//! five million messages takes a quarter of an hour and some 20 GB.

use crate::process::database::{Database, Kind};
use crate::process::{Demo, Process};
use crate::send::Sent;
use crate::{CONNECTIONS, MESSAGES, grow, settings, site, stand};
use anyhow::Result;

/// Past messages: five years of a busy shop.
const STORED: u32 = 5_000_000;

/// Measures and prints.
pub async fn run(arguments: impl Iterator<Item = String>) -> Result<()> {
    let (mut kinds, mut stored) = (vec![Kind::Sqlite, Kind::Postgres], STORED);
    for argument in arguments {
        match argument.as_str() {
            "sqlite" => kinds = vec![Kind::Sqlite],
            "postgres" => kinds = vec![Kind::Postgres],
            number => stored = number.parse()?,
        }
    }
    for kind in kinds {
        if let Some(database) = Database::fresh(kind)? {
            measure(kind, &database, stored).await?;
        }
    }
    Ok(())
}

async fn measure(kind: Kind, database: &Database, stored: u32) -> Result<()> {
    let sandbox = Process::start(&["sandbox", "--addr", "127.0.0.1:0", "--fast"], &[])?;
    let site = site();
    let settings = settings(&database.url, &sandbox.url, &site);
    let demo = Demo::make(&settings)?;
    let http = reqwest::Client::builder().pool_max_idle_per_host(2 * CONNECTIONS).build()?;
    let rest = (&http, &sandbox, &demo, database.url.as_str());
    let server = Process::start(&["serve"], &settings)?;
    let empty = stand(&server, rest).send(0..MESSAGES, CONNECTIONS).await?;
    drop(server);
    eprintln!("{kind:?}: writing {stored} past messages …");
    let log = grow::measure(&database.url, &demo, stored).await?;
    let server = Process::start(&["serve"], &settings)?;
    let full = stand(&server, rest).send(MESSAGES..2 * MESSAGES, CONNECTIONS).await?;
    let cost = |sent: &Sent| sent.server_cpu + sent.database_cpu;
    println!("{kind:?} with {stored} messages stored:");
    println!("  messages a second {:.0}, empty {:.0}", full.per_second, empty.per_second);
    println!(
        "  CPU seconds per 1,000, times those of the empty database {:.2}",
        cost(&full) / cost(&empty)
    );
    println!(
        "  p95 of the log, ms: first page {:.1}, by order {:.1}, by tracking number {:.1}, by phone {:.1}",
        log.first_page.percentile(95),
        log.by_order.percentile(95),
        log.by_tracking.percentile(95),
        log.by_phone.percentile(95),
    );
    println!("  bytes on disk a message {:.0}", log.bytes_per_message);
    Ok(())
}
