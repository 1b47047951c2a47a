//! How a database answers the core's ports: one adapter for SQLite and PostgreSQL.
//!
//! - `dialect.rs` is the whole list of differences; `sql.rs` how a statement is written once for both.
//! - `value.rs` are the cells that go in and come out.
//! - One file per port, SQL beside its function. A port's file uses no other port's file; rows two
//!   ports need live in `row.rs`.
//!
//! To add a statement: put it into the `statements!` of its port's file (the test that prepares every
//! statement finds it there), use `args![…]` for its parameters and read its rows cell by cell.

mod account;
pub mod bare;
mod billing;
mod brand;
mod change;
mod connection;
mod consent;
mod decide;
pub mod dialect;
mod history;
mod inbox;
pub mod inspect;
mod join;
mod keep;
mod late;
mod ledger;
mod outbox;
mod reach;
mod read;
mod receipts;
mod replay;
mod row;
mod ruling;
mod sender;
mod session;
mod shelf;
mod signal;
pub mod sql;
mod stand_in;
mod template;
pub mod value;
mod watch;

use crate::security::seal::Sealer;
use dialect::Dialect;
use dispatch::error::{Error, Result};
use sql::Sql;
use sqlx::pool::PoolConnection;
use sqlx::{Pool, Postgres, Sqlite};
use std::sync::Arc;
use value::{Row, Value};

/// Everything the store serves, behind one handle.
pub trait Everything:
    dispatch::port::Store + dispatch::port::SessionRows + inspect::Inspect + dispatch::port::Signal
{
}
impl<T> Everything for T where
    T: dispatch::port::Store
        + dispatch::port::SessionRows
        + inspect::Inspect
        + dispatch::port::Signal
{
}

/// Opens the database a URL names and applies what is missing of the schema. The only place that
/// chooses between the two.
///
/// # Errors
/// With the reason, for the operator's eyes.
pub async fn open(url: &str, sealer: Sealer) -> anyhow::Result<Arc<dyn Everything>> {
    if url.starts_with("sqlite:") {
        if let Some(path) = url.strip_prefix("sqlite://").and_then(|p| p.split('?').next())
            && let Some(folder) = std::path::Path::new(path).parent()
        {
            std::fs::create_dir_all(folder)?;
        }
        Ok(Arc::new(SqlStore::<Sqlite>::open(url, sealer).await?))
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        Ok(Arc::new(SqlStore::<Postgres>::open(url, sealer).await?))
    } else {
        anyhow::bail!("DATABASE_URL must begin with sqlite:// or postgres://")
    }
}

/// The store on one kind of database.
pub struct SqlStore<DB: Dialect> {
    readers: Pool<DB>,
    writers: Pool<DB>,
    sealer: Sealer,
    rulings: ruling::Known,
    /// Held by the stage that writes; see [`SqlStore::write_behind`].
    stages: Arc<tokio::sync::Mutex<()>>,
}

/// A transaction that writes. Dropped without [`Write::commit`], it never happened.
struct Write<DB: Dialect> {
    transaction: sqlx::Transaction<'static, DB>,
    _turn: Option<tokio::sync::OwnedMutexGuard<()>>,
}

/// Logs what the driver said and keeps it from everybody else.
fn unavailable(what: &str, error: &sqlx::Error) -> Error {
    tracing::error!(statement = what, %error, "database");
    Error::Unavailable
}

/// Whether a write failed because the value is taken.
fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

impl<DB: Dialect> SqlStore<DB> {
    /// Opens the database and applies what is missing of the schema.
    ///
    /// # Errors
    /// With the reason, for the operator's eyes.
    pub async fn open(url: &str, sealer: Sealer) -> anyhow::Result<Self> {
        let (readers, writers) = DB::open(url).await?;
        DB::migrate(&writers).await?;
        Ok(Self {
            readers,
            writers,
            sealer,
            rulings: ruling::Known::default(),
            stages: Arc::default(),
        })
    }

    async fn reader(&self) -> Result<PoolConnection<DB>> {
        self.readers.acquire().await.map_err(|e| unavailable("acquire", &e))
    }

    /// Reads rows, outside any transaction.
    async fn rows(&self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        let mut connection = self.reader().await?;
        DB::rows(&mut connection, DB::text(sql), values)
            .await
            .map_err(|e| unavailable(sql.name, &e))
    }

    /// Reads one row, if there is one.
    async fn row(&self, sql: &Sql, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Runs one statement in a commit of its own; answers how many rows it touched.
    async fn run(&self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        let mut write = self.write().await?;
        let touched = write.run(sql, values).await?;
        write.commit().await?;
        Ok(touched)
    }

    async fn write(&self) -> Result<Write<DB>> {
        let transaction =
            self.writers.begin_with(DB::BEGIN_WRITE).await.map_err(|e| unavailable("begin", &e))?;
        Ok(Write { transaction, _turn: None })
    }

    /// The same for the stages behind a webhook's answer, whose batches are long and which nobody waits for. Where there
    /// is one writer, only one of them at a time stands in its queue, so that a webhook waits for one batch at most.
    async fn write_behind(&self) -> Result<Write<DB>> {
        let turn = match DB::WRITERS {
            1 => Some(self.stages.clone().lock_owned().await),
            _ => None,
        };
        Ok(Write { _turn: turn, ..self.write().await? })
    }
}

impl<DB: Dialect> Write<DB> {
    async fn run(&mut self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        DB::run(&mut self.transaction, DB::text(sql), values)
            .await
            .map_err(|e| unavailable(sql.name, &e))
    }

    /// Runs a statement that may meet a value that is taken; none then (and nothing more can be done
    /// in this transaction).
    async fn run_unless_taken(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Option<u64>> {
        match DB::run(&mut self.transaction, DB::text(sql), values).await {
            Ok(touched) => Ok(Some(touched)),
            Err(error) if is_taken(&error) => Ok(None),
            Err(error) => Err(unavailable(sql.name, &error)),
        }
    }

    async fn rows(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        DB::rows(&mut self.transaction, DB::text(sql), values)
            .await
            .map_err(|e| unavailable(sql.name, &e))
    }

    async fn commit(self) -> Result<()> {
        self.transaction.commit().await.map_err(|e| unavailable("commit", &e))
    }
}

/// Every statement of every port.
fn statements() -> impl Iterator<Item = &'static Sql> {
    [
        account::ALL,
        bare::ALL,
        billing::ALL,
        brand::ALL,
        change::ALL,
        connection::ALL,
        consent::ALL,
        decide::ALL,
        decide::RESTRAINT,
        decide::LOOKOUT,
        history::ALL,
        inbox::ALL,
        inspect::ALL,
        join::ALL,
        keep::ALL,
        ledger::ALL,
        outbox::ALL,
        stand_in::ALL,
        watch::ALL,
        reach::ALL,
        receipts::ALL,
        ruling::ALL,
        replay::ALL,
        sender::ALL,
        session::ALL,
        shelf::ALL,
        signal::ALL,
        late::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
    .chain(read::statements())
    .chain(template::statements())
}
