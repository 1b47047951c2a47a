//! What a database says about itself: for tests that hold the two databases together.

use super::SqlStore;
use super::dialect::Dialect;
use super::value::args;
use async_trait::async_trait;
use dispatch::error::Result;

/// A column as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Whether it may be empty.
    pub nullable: bool,
}

/// Questions about the database itself.
#[async_trait]
pub trait Inspect: Send + Sync {
    /// Prepares every statement; answers the names of those the database refuses, with its reason.
    async fn refused_statements(&self) -> anyhow::Result<Vec<String>>;
    /// The columns of every table of ours, in order of table and name.
    async fn columns(&self) -> Result<Vec<Column>>;
}

#[async_trait]
impl<DB: Dialect> Inspect for SqlStore<DB> {
    async fn refused_statements(&self) -> anyhow::Result<Vec<String>> {
        let mut refused = Vec::new();
        for sql in super::statements() {
            let mut connection = self.writers.acquire().await?;
            if let Err(error) = DB::prepare(&mut connection, DB::text(sql)).await {
                refused.push(format!("{}: {error}", sql.name));
            }
        }
        Ok(refused)
    }

    async fn columns(&self) -> Result<Vec<Column>> {
        let rows = self.rows(&DB::COLUMNS, args![]).await?;
        let mut columns = rows
            .into_iter()
            .map(|mut row| {
                Ok(Column { table: row.text()?, name: row.text()?, nullable: row.flag()? })
            })
            .collect::<Result<Vec<_>>>()?;
        columns.retain(|column| !column.table.starts_with('_'));
        columns.sort();
        Ok(columns)
    }
}
