//! What a database says about itself: for tests that hold the two databases together.

use super::SqlStore;
use super::dialect::Dialect;
use super::sql::statements;
use super::value::args;
use async_trait::async_trait;
use dispatch::error::{Error, Result};

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
    /// Bytes on disk with indexes, and how much of them raw deliveries take.
    async fn stored_bytes(&self) -> Result<(i64, i64)>;
    /// Everything kept about what channels are set to and what was changed, a text per row that begins
    /// with `brand/channel`.
    async fn setting_rows(&self) -> Result<Vec<String>>;
}

statements! {
    STORED_BYTES = [stored_bytes];
    SETTING_ROWS = ["SELECT brand_id || '/' || channel || ' country ' || country || ' ' || is_on || ' ' || statuses || ' ' || account_id AS line \
            FROM country_setting \
        UNION ALL SELECT brand_id || '/' || channel || ' channel ' || state || ' ' || coalesce(activated_at, 0) || ' ' \
            || coalesce(consent_basis, '') || ' ' || version || ' ' || account_id FROM channel_setting \
        UNION ALL SELECT brand_id || '/' || channel || ' change ' || id || ' ' || version || ' ' || kind || ' ' || changes || ' ' || account_id \
            FROM setting_change \
        UNION ALL SELECT brand_id || '/' || channel || ' acceptance ' || id || ' ' || coalesce(user_id, '') || ' ' || ip || ' ' || basis || ' ' \
            || text_version || ' ' || rate_id || ' ' || accepted_at FROM acceptance \
        ORDER BY line"];
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

    async fn stored_bytes(&self) -> Result<(i64, i64)> {
        let mut row = self.row(&STORED_BYTES, args![]).await?.ok_or(Error::Corrupt)?;
        Ok((row.int()?, row.int()?))
    }

    async fn setting_rows(&self) -> Result<Vec<String>> {
        let rows = self.rows(&SETTING_ROWS, args![]).await?;
        rows.into_iter().map(|mut row| row.text()).collect()
    }
}
