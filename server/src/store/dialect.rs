//! Everything that differs between the two databases, each with its reason.
//!
//! 1. How a set of rows is read from one JSON parameter (`jsonb_each` / `jsonb_array_elements`).
//! 2. `skip_locked`, `for_update`: several workers share a PostgreSQL; SQLite has one writer and nothing to skip or lock.
//! 3. How a write transaction begins: SQLite must ask for the write lock at once, or two readers that
//!    both turn into writers fail.
//! 4. How the pool is opened: SQLite gets one writer connection and pragmas.
//! 5. How cells are bound and read: PostgreSQL needs the type of a null.
//! 6. Where a database keeps what it knows about its own tables.
//! 7. What waits is looked up one by one by its key (`[table alias column = key]`). PostgreSQL's planner, which has never seen the
//!    small tables at rest, would else join them by reading all of the big ones, and what has left them is only gone after a `VACUUM`.
//! 8. Months: PostgreSQL keeps the big tables in parts that are made ahead and dropped whole. Both need a lock that everybody
//!    waits behind, so they give up soon and try again.
//! 9. Calls between processes (`LISTEN`, `NOTIFY`): SQLite serves one.

use super::sql::Sql;
use super::value::{Row, Value};
use async_trait::async_trait;
use dispatch::port::{Call, Calls};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{
    Column, Connection as _, Executor as _, Pool, Postgres, Row as _, Sqlite, TypeInfo, ValueRef,
};
use std::future::Future;
use std::str::FromStr;
use std::time::Duration;

/// One piece of a statement in one dialect.
macro_rules! piece {
    ($db:ident $text:literal) => { $text };
    ($db:ident ($fragment:ident)) => { $fragment!() };
    (sqlite make_months) => { "SELECT 0 * $1" };
    (postgres make_months) => {
        "SELECT make_months(to_timestamp($1::bigint / 1000000.0))::bigint FROM set_config('lock_timeout', '3s', true)"
    };
    (sqlite drop_months) => { "SELECT 0 * $2 WHERE $1 <> ''" };
    (postgres drop_months) => {
        "SELECT drop_months($1, to_timestamp($2::bigint / 1000000.0))::bigint FROM set_config('lock_timeout', '3s', true)"
    };
    (sqlite waiting_events) => { "(SELECT id FROM event_inbox ORDER BY id LIMIT $1) w JOIN event e ON e.id = w.id" };
    (postgres waiting_events) => {
        "(SELECT id FROM event_inbox ORDER BY id LIMIT $1) w CROSS JOIN LATERAL (SELECT * FROM event WHERE event.id = w.id OFFSET 0) e"
    };
    (sqlite waiting_deliveries) => { "(SELECT id FROM delivery_inbox ORDER BY id LIMIT $1) w JOIN delivery d ON d.id = w.id" };
    (postgres waiting_deliveries) => {
        "(SELECT id FROM delivery_inbox ORDER BY id LIMIT $1) w CROSS JOIN LATERAL (SELECT * FROM delivery WHERE delivery.id = w.id OFFSET 0) d"
    };
    (sqlite [$table:ident $alias:ident $column:ident = $by:expr $(, $also:ident = $its:expr)*]) => {
        concat!(" JOIN ", stringify!($table), " ", stringify!($alias), " ON ", stringify!($alias), ".", stringify!($column), " = ", stringify!($by)
            $(, " AND ", stringify!($alias), ".", stringify!($also), " = ", stringify!($its))*)
    };
    (postgres [$table:ident $alias:ident $column:ident = $by:expr $(, $also:ident = $its:expr)*]) => {
        concat!(" CROSS JOIN LATERAL (SELECT * FROM ", stringify!($table), " WHERE ", stringify!($table), ".", stringify!($column), " = ",
            stringify!($by) $(, " AND ", stringify!($table), ".", stringify!($also), " = ", stringify!($its))*, " OFFSET 0) ", stringify!($alias))
    };
    // What the log shows of a decision's message: few are shown, and PostgreSQL would join all there are first.
    (sqlite log_joins) => {
        "LEFT JOIN message m ON m.id = d.message_id LEFT JOIN outbox o ON m.state = 'held' AND o.message_id = m.id \
        LEFT JOIN charge c ON c.message_id = d.message_id AND c.kind = 'charge' \
        LEFT JOIN charge r ON r.message_id = d.message_id AND r.kind = 'reversal' "
    };
    (postgres log_joins) => {
        "LEFT JOIN LATERAL (SELECT * FROM message WHERE message.id = d.message_id OFFSET 0) m ON true \
        LEFT JOIN LATERAL (SELECT * FROM outbox WHERE outbox.message_id = m.id AND m.state = 'held' OFFSET 0) o ON true \
        LEFT JOIN LATERAL (SELECT * FROM charge WHERE charge.message_id = d.message_id AND charge.kind = 'charge' OFFSET 0) c ON true \
        LEFT JOIN LATERAL (SELECT * FROM charge WHERE charge.message_id = d.message_id AND charge.kind = 'reversal' OFFSET 0) r ON true "
    };
    // Looked for once, whatever the planner thinks of the table: what is locked and counted must not be looked for again.
    (sqlite in_those) => { " IN (" };
    (postgres in_those) => { " = ANY (ARRAY(" };
    (sqlite end_of_those) => { ")" };
    (postgres end_of_those) => { "))" };
    // What is due of each sender of a set, as many as its room; SQLite finds it for one sender at a time.
    (sqlite due_in_rooms) => {
        "SELECT message_id FROM outbox WHERE phase = 'due' AND sender_id = $1 ->> '$[0][0]' AND due_at <= $4 \
            ORDER BY due_at, message_id LIMIT $1 ->> '$[0][1]'"
    };
    (postgres due_in_rooms) => {
        "SELECT x.message_id FROM (SELECT (v ->> 0) COLLATE \"C\" AS sender_id, (v ->> 1)::bigint AS room FROM jsonb_array_elements($1::jsonb) AS v) s \
            CROSS JOIN LATERAL (SELECT o.message_id FROM outbox o WHERE o.phase = 'due' AND o.sender_id = s.sender_id AND o.due_at <= $4 \
                ORDER BY o.due_at, o.message_id LIMIT s.room FOR UPDATE SKIP LOCKED) x"
    };
    (sqlite in_set) => { " IN (SELECT id FROM " };
    (postgres in_set) => { " = ANY (ARRAY(SELECT id FROM " };
    (sqlite end_of_set) => { " s)" };
    (postgres end_of_set) => { " s))" };
    (sqlite stored_bytes) => {
        "SELECT sum(s.pgsize), sum(CASE WHEN t.tbl_name LIKE 'delivery%' THEN s.pgsize ELSE 0 END) \
            FROM dbstat s LEFT JOIN sqlite_master t ON t.name = s.name WHERE s.aggregate = TRUE"
    };
    (postgres stored_bytes) => {
        "SELECT sum(pg_total_relation_size(oid))::bigint, sum(CASE WHEN relname LIKE 'delivery%' THEN pg_total_relation_size(oid) ELSE 0 END)::bigint \
            FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    };
    (sqlite tidy) => { "SELECT 1" };
    (postgres tidy) => { "VACUUM (SKIP_LOCKED, TRUNCATE off) delivery_inbox, event_inbox, receipt_inbox, outbox" };
    (sqlite settle) => { "SELECT 1" };
    (postgres settle) => { "VACUUM ANALYZE" };
    (sqlite call_out) => { "SELECT $1, $2" };
    (postgres call_out) => { "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)::text" };
    (sqlite skip_locked) => { "" };
    (postgres skip_locked) => { " FOR UPDATE SKIP LOCKED" };
    (sqlite for_update) => { "" };
    (postgres for_update) => { " FOR UPDATE" };
    (sqlite {$($columns:tt)+}) => {
        concat!("(SELECT ", $crate::store::dialect::columns!(sqlite [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23] $($columns)+), " FROM jsonb_each($1))")
    };
    (postgres {$($columns:tt)+}) => {
        concat!("(SELECT ", $crate::store::dialect::columns!(postgres [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23] $($columns)+), " FROM jsonb_array_elements($1::jsonb) AS v)")
    };
}
pub(in crate::store) use piece;

/// The columns of a set: cell number `i` of each inner array, typed.
macro_rules! columns {
    ($db:ident [$i:literal $($rest:literal)*] $name:ident : $kind:ident $(,)?) => {
        $crate::store::dialect::column!($db $i $name $kind)
    };
    ($db:ident [$i:literal $($rest:literal)*] $name:ident : $kind:ident, $($more:tt)+) => {
        concat!($crate::store::dialect::column!($db $i $name $kind), ", ",
                $crate::store::dialect::columns!($db [$($rest)*] $($more)+))
    };
}
pub(in crate::store) use columns;

/// One column of a set. Bytes travel as hex.
macro_rules! column {
    (sqlite $i:literal $name:ident bytes) => {
        concat!("unhex(value ->> ", $i, ") AS ", stringify!($name))
    };
    (sqlite $i:literal $name:ident $kind:ident) => {
        concat!("value ->> ", $i, " AS ", stringify!($name))
    };
    (postgres $i:literal $name:ident bytes) => {
        concat!("decode(v ->> ", $i, ", 'hex') AS ", stringify!($name))
    };
    (postgres $i:literal $name:ident bigint) => {
        concat!("(v ->> ", $i, ")::bigint AS ", stringify!($name))
    };
    (postgres $i:literal $name:ident text) => {
        concat!("(v ->> ", $i, ") COLLATE \"C\" AS ", stringify!($name))
    };
}
pub(in crate::store) use column;

/// A database the store can speak to.
pub trait Dialect: sqlx::Database {
    /// Whether the big tables lie in months.
    const HAS_MONTHS: bool;
    /// How many transactions can write at a time.
    const WRITERS: u32;
    /// Of how many senders one statement can find what is due: only PostgreSQL looks for each of a set up to a number.
    const SENDERS_AT_ONCE: usize;
    /// Begins a transaction that will write.
    const BEGIN_WRITE: &'static str;
    /// Lists table, name and nullability (0 or 1) of every column.
    const COLUMNS: Sql;
    /// Where its migrations are.
    fn migrator() -> sqlx::migrate::Migrator;
    /// The statement's text for this database.
    fn text(sql: &Sql) -> &'static str;
    /// Opens the readers' and the writers' pool.
    fn open(
        url: &str,
    ) -> impl Future<Output = Result<(Pool<Self>, Pool<Self>), sqlx::Error>> + Send;
    /// Applies what is missing of the schema.
    fn migrate(
        pool: &Pool<Self>,
    ) -> impl Future<Output = Result<(), sqlx::migrate::MigrateError>> + Send;
    /// Listens to a channel over a connection of its own; none where there is only one process.
    fn listen(
        pool: &Pool<Self>,
        channel: &'static str,
    ) -> impl Future<Output = Result<Option<Box<dyn Calls>>, sqlx::Error>> + Send;
    /// Asks the database whether it understands a statement.
    fn prepare(
        connection: &mut Self::Connection,
        text: &'static str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
    /// Runs a statement and counts the rows it touched.
    fn run(
        connection: &mut Self::Connection,
        text: &'static str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;
    /// Runs a statement and reads the rows it gives.
    fn rows(
        connection: &mut Self::Connection,
        text: &'static str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>, sqlx::Error>> + Send;
}

/// How long a connection to PostgreSQL is trusted after it was used.
const TRUSTED: Duration = Duration::from_secs(1);

/// A statement only one database is ever asked.
const fn same(text: &'static str) -> Sql {
    Sql { name: "COLUMNS", sqlite: text, postgres: text }
}

macro_rules! bind_all {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Int(number) => query.bind(number),
                Value::Bytes(bytes) => query.bind(bytes),
                Value::NoText => query.bind(None::<String>),
                Value::NoInt => query.bind(None::<i64>),
            };
        }
        query
    }};
}

/// A file of SQLite, and how many pages of 4 KiB it may have: `sqlite://…?max_page_count=N`.
fn page_limit(url: &str) -> (&str, Option<&str>) {
    let limit = url.split_once("?max_page_count=");
    limit.map_or((url, None), |(url, pages)| (url, Some(pages)))
}

/// What a cell of SQLite holds.
enum Kind {
    Null,
    Int,
    Bytes,
    Text,
}

impl Dialect for Sqlite {
    const HAS_MONTHS: bool = false;
    const WRITERS: u32 = 1;
    const SENDERS_AT_ONCE: usize = 1;
    const BEGIN_WRITE: &'static str = "BEGIN IMMEDIATE";
    const COLUMNS: Sql = same(
        "SELECT t.name, c.name, 1 - c.\"notnull\" FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table'",
    );

    fn migrator() -> sqlx::migrate::Migrator {
        sqlx::migrate!("../migrations/sqlite")
    }

    fn text(sql: &Sql) -> &'static str {
        sql.sqlite
    }

    async fn open(url: &str) -> Result<(Pool<Self>, Pool<Self>), sqlx::Error> {
        let (url, most_pages) = page_limit(url);
        let mut options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An answered 202 survives a power cut; group commit keeps the price of each sync low.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("cache_size", "-8000")
            .pragma("journal_size_limit", "67108864")
            // Pages of 4 KiB: a page that was written several times since the last checkpoint is copied once.
            .pragma("wal_autocheckpoint", "4000")
            // The connection's thread must not wait for its reader in the middle of a batch's rows.
            .row_buffer_size(2048);
        if let Some(most) = most_pages {
            options = options.pragma("max_page_count", most.to_owned());
        }
        // A file does not hang up: asking each connection whether it is still there costs two switches
        // of threads for nothing.
        let pool = || {
            SqlitePoolOptions::new().test_before_acquire(false).before_acquire(|connection, _| {
                // On a full disk SQLite rolls back by itself, which the driver takes for a rollback that failed:
                // it would refuse to begin anything on that connection ever again.
                let is_clean = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_clean) })
            })
        };
        let writers = pool().max_connections(Self::WRITERS).connect_with(options.clone()).await?;
        // Pages are looked up by few readers at a time; what is busy is in the system's cache anyway.
        let options = options.read_only(true).pragma("cache_size", "-2000");
        let readers = pool().max_connections(4).connect_with(options).await?;
        Ok((readers, writers))
    }

    async fn migrate(pool: &Pool<Self>) -> Result<(), sqlx::migrate::MigrateError> {
        Self::migrator().run(pool).await
    }

    async fn listen(
        _: &Pool<Self>,
        _: &'static str,
    ) -> Result<Option<Box<dyn Calls>>, sqlx::Error> {
        Ok(None)
    }

    async fn prepare(
        connection: &mut Self::Connection,
        text: &'static str,
    ) -> Result<(), sqlx::Error> {
        connection.prepare(sqlx::SqlStr::from_static(text)).await.map(drop)
    }

    async fn run(
        connection: &mut Self::Connection,
        text: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, sqlx::Error> {
        Ok(bind_all!(sqlx::query(text), values).execute(connection).await?.rows_affected())
    }

    async fn rows(
        connection: &mut Self::Connection,
        text: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let rows = bind_all!(sqlx::query(text), values).fetch_all(connection).await?;
        rows.iter()
            .map(|row| {
                let cells = (0..row.len()).map(|i| {
                    // What SQLite gave, not what the column was declared as: a cell knows its own type.
                    let kind = {
                        let raw = row.try_get_raw(i)?;
                        match raw.type_info().name() {
                            _ if raw.is_null() => Kind::Null,
                            "INTEGER" | "INT8" | "BIGINT" | "BOOLEAN" => Kind::Int,
                            "BLOB" => Kind::Bytes,
                            _ => Kind::Text,
                        }
                    };
                    match kind {
                        Kind::Null => Ok(Value::NoText),
                        Kind::Int => row.try_get_unchecked(i).map(Value::Int),
                        Kind::Bytes => row.try_get_unchecked(i).map(Value::Bytes),
                        Kind::Text => row.try_get_unchecked(i).map(Value::Text),
                    }
                });
                cells.collect::<Result<Vec<_>, sqlx::Error>>().map(Row::new)
            })
            .collect()
    }
}

struct Ear(PgListener);

#[async_trait]
impl Calls for Ear {
    /// A lost connection is made anew, and what was called meanwhile is missed. When that fails, the calls end.
    async fn next(&mut self) -> Option<Call> {
        let call = self.0.try_recv().await.ok()?;
        Some(call.map_or(Call::Missed, |call| Call::Said(call.payload().to_owned())))
    }
}

impl Dialect for Postgres {
    const HAS_MONTHS: bool = true;
    const WRITERS: u32 = 12;
    const SENDERS_AT_ONCE: usize = usize::MAX;
    const BEGIN_WRITE: &'static str = "BEGIN";
    const COLUMNS: Sql = same(
        "SELECT table_name::text, column_name::text, CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END \
            FROM information_schema.columns WHERE table_schema = current_schema() \
                AND NOT (SELECT relispartition FROM pg_class WHERE oid = table_name::text::regclass)",
    );

    fn migrator() -> sqlx::migrate::Migrator {
        sqlx::migrate!("../migrations/postgres")
    }

    fn text(sql: &Sql) -> &'static str {
        sql.postgres
    }

    async fn open(url: &str) -> Result<(Pool<Self>, Pool<Self>), sqlx::Error> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("facteur")
            // A look-up through the months seems costly to the planner, and compiling it takes a second; running it takes none.
            .options([("jit", "off")])
            // A plan is kept, often from when a table was empty: reading all of it was right then and never is again.
            .options([("enable_seqscan", "off")]);
        let pool = PgPoolOptions::new()
            .max_connections(Self::WRITERS)
            .acquire_timeout(Duration::from_secs(10))
            // A connection that was used a moment ago is not asked whether it is still there.
            .test_before_acquire(false)
            .before_acquire(|connection, about| {
                Box::pin(async move {
                    if about.idle_for > TRUSTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        Ok((pool.clone(), pool))
    }

    async fn migrate(pool: &Pool<Self>) -> Result<(), sqlx::migrate::MigrateError> {
        Self::migrator().run(pool).await
    }

    async fn listen(
        pool: &Pool<Self>,
        channel: &'static str,
    ) -> Result<Option<Box<dyn Calls>>, sqlx::Error> {
        let own = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let own = own.connect_with((*pool.connect_options()).clone()).await?;
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen(channel).await?;
        Ok(Some(Box::new(Ear(listener))))
    }

    async fn prepare(
        connection: &mut Self::Connection,
        text: &'static str,
    ) -> Result<(), sqlx::Error> {
        connection.prepare(sqlx::SqlStr::from_static(text)).await.map(drop)
    }

    async fn run(
        connection: &mut Self::Connection,
        text: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, sqlx::Error> {
        Ok(bind_all!(sqlx::query(text), values).execute(connection).await?.rows_affected())
    }

    async fn rows(
        connection: &mut Self::Connection,
        text: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let rows = bind_all!(sqlx::query(text), values).fetch_all(connection).await?;
        rows.iter()
            .map(|row| {
                let cells = row.columns().iter().map(|column| {
                    let i = column.ordinal();
                    if row.try_get_raw(i)?.is_null() {
                        return Ok(Value::NoText);
                    }
                    match column.type_info().name() {
                        "INT8" => row.try_get(i).map(Value::Int),
                        "INT4" => row.try_get::<i32, _>(i).map(|v| Value::Int(i64::from(v))),
                        "BOOL" => row.try_get::<bool, _>(i).map(|v| Value::Int(i64::from(v))),
                        "BYTEA" => row.try_get(i).map(Value::Bytes),
                        _ => row.try_get(i).map(Value::Text),
                    }
                });
                cells.collect::<Result<Vec<_>, sqlx::Error>>().map(Row::new)
            })
            .collect()
    }
}
