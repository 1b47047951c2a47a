//! A fresh database for one test: SQLite in a temporary folder, or a new one on the tests' PostgreSQL.

use anyhow::{Context as _, Result, bail};
use std::process::Command;
use tempfile::TempDir;

/// Which kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A database of its own on the server of `TEST_POSTGRES_URL`.
    Postgres,
}

/// A database that nobody else uses.
pub struct Database {
    /// For `DATABASE_URL`.
    pub url: String,
    /// A folder for what a server keeps beside it.
    pub folder: TempDir,
}

impl Database {
    /// Makes one. None when there is no PostgreSQL to make it on and none is required.
    pub fn fresh(kind: Kind) -> Result<Option<Self>> {
        let folder = tempfile::tempdir()?;
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}/facteur.db", folder.path().display()),
            Kind::Postgres => match std::env::var("TEST_POSTGRES_URL") {
                Ok(server) => new_on(&server)?,
                Err(_) if std::env::var_os("REQUIRE_POSTGRES").is_some() => {
                    bail!("REQUIRE_POSTGRES is set and TEST_POSTGRES_URL is not")
                }
                Err(_) => {
                    eprintln!(
                        "left out: TEST_POSTGRES_URL is not set (script/with-postgres sets it)"
                    );
                    return Ok(None);
                }
            },
        };
        Ok(Some(Self { url, folder }))
    }
}

fn new_on(server: &str) -> Result<String> {
    let name = format!("t{:016x}", rand::random::<u64>());
    let done = Command::new("psql")
        .args([server, "-qAtc", &format!("CREATE DATABASE {name}")])
        .output()
        .context("psql is needed for tests on PostgreSQL")?;
    if !done.status.success() {
        bail!("a database could not be made: {}", String::from_utf8_lossy(&done.stderr));
    }
    let (address, query) = server.split_once('?').unwrap_or((server, ""));
    let (host, _) = address.rsplit_once('/').context("TEST_POSTGRES_URL names a database")?;
    Ok(format!("{host}/{name}?{query}"))
}
