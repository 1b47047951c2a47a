//! Months to come and months that are over.
//!
//! On PostgreSQL the big tables lie in months (`make_months`, `drop_months` of migration 17) and a month that is over is
//! dropped whole. SQLite has no such parts: there the rows go in steps of [`STEP`], oldest first, each a commit of its own.
//! What lies in neither, the small tables of keys, is looked through by a reader and removed by key in such steps, on both.

use super::SqlStore;
use super::dialect::Dialect;
use super::sql::{Sql, statements};
use super::value::{Set, args, cells};
use async_trait::async_trait;
use dispatch::error::Result;
use dispatch::id::{AttemptId, DecisionId, DeliveryId, EventId, MessageId};
use dispatch::port::Keep;
use dispatch::retention::Kept;
use dispatch::time::Timestamp;

/// Rows of one table that go in one commit: a writer that waits behind it waits for some milliseconds.
const STEP: i64 = 500;

statements! {
    TIDY = [tidy];
    MAKE_MONTHS = [make_months];
    DROP_MONTHS = [drop_months];
    // By the key that says the month.
    OLD_DELIVERIES = ["DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE id < $1 ORDER BY id LIMIT $2)"];
    OLD_EVENTS = ["DELETE FROM event WHERE id IN (SELECT id FROM event WHERE id < $1 ORDER BY id LIMIT $2)"];
    OLD_DECISIONS = ["DELETE FROM decision WHERE id IN (SELECT id FROM decision WHERE id < $1 ORDER BY id LIMIT $2)"];
    OLD_MESSAGES = ["DELETE FROM message WHERE id IN (SELECT id FROM message WHERE id < $1 ORDER BY id LIMIT $2)"];
    OLD_ATTEMPTS = ["DELETE FROM attempt WHERE id IN (SELECT id FROM attempt WHERE id < $1 ORDER BY id LIMIT $2)"];
    OLD_STRANDED = ["DELETE FROM stranded WHERE message_id IN (SELECT message_id FROM stranded WHERE message_id < $1 LIMIT $2)"];
    OLD_WATCHES = ["DELETE FROM watch WHERE message_id IN (SELECT message_id FROM watch WHERE message_id < $1 LIMIT $2)"];
    OLD_REPLAYED = ["DELETE FROM replayed WHERE message_id IN (SELECT message_id FROM replayed WHERE message_id < $1 LIMIT $2)"];
    // The oldest that still waits, of each stage.
    WAITING_DELIVERY = ["SELECT min(id) FROM delivery_inbox"];
    WAITING_MESSAGE = ["SELECT min(message_id) FROM outbox"];
    WAITING_EVENT = ["SELECT min(id) FROM event_inbox"];
    OLD_SAYINGS = ["SELECT provider_id FROM inbound WHERE received_at < $1 LIMIT $2"];
    FORGET_SAYINGS = ["DELETE FROM inbound WHERE provider_id IN (SELECT id FROM ", {id: text}, " s)"];
    OLD_ORPHANS = ["SELECT provider_id, kind, sender_id FROM receipt_inbox WHERE look_at IS NULL AND received_at < $1 LIMIT $2"];
    FORGET_ORPHANS = ["DELETE FROM receipt_inbox WHERE (provider_id, kind, sender_id) IN (SELECT a, b, c FROM ",
        {a: text, b: text, c: text}, " s)"];
    OLD_SEEN = ["SELECT connection_id, dedup_key, '' FROM seen_event WHERE event_id < $1 LIMIT $2"];
    FORGET_SEEN = ["DELETE FROM seen_event WHERE (connection_id, dedup_key) IN (SELECT a, b FROM ", {a: text, b: text, c: text}, " s)"];
    OLD_TOLD = ["SELECT brand_id, key, status FROM told WHERE at < $1 LIMIT $2"];
    FORGET_TOLD = ["DELETE FROM told WHERE (brand_id, key, status) IN (SELECT a, b, c FROM ", {a: text, b: text, c: text}, " s)"];
    OLD_CONTACTS = ["SELECT brand_id, key, '' FROM contact WHERE occurred_at < $1 LIMIT $2"];
    FORGET_CONTACTS = ["DELETE FROM contact WHERE (brand_id, key) IN (SELECT a, b FROM ", {a: text, b: text, c: text}, " s)"];
    OLD_PROGRESS = ["SELECT brand_id, key, '' FROM progress WHERE received_at < $1 LIMIT $2"];
    FORGET_PROGRESS = ["DELETE FROM progress WHERE (brand_id, key) IN (SELECT a, b FROM ", {a: text, b: text, c: text}, " s)"];
}

#[async_trait]
impl<DB: Dialect> Keep for SqlStore<DB> {
    async fn make_months(&self, until: Timestamp) -> Result<u64> {
        let mut write = self.write().await?;
        let rows = write.rows(&MAKE_MONTHS, args![until]).await?;
        write.commit().await?;
        let made = rows.into_iter().next().map(|mut row| row.int()).transpose()?;
        Ok(made.and_then(|made| u64::try_from(made).ok()).unwrap_or(0))
    }

    async fn tidy(&self) -> Result<()> {
        self.rows(&TIDY, args![]).await.map(drop)
    }

    async fn forget(&self, kept: Kept, before: Timestamp) -> Result<u64> {
        let mut gone = 0;
        match kept {
            Kept::Deliveries => {
                let before = self.not_waiting::<DeliveryId>(&WAITING_DELIVERY, before).await?;
                gone += self
                    .old("delivery", &OLD_DELIVERIES, DeliveryId::least(before), before)
                    .await?;
                gone += self.old_keys(&OLD_ORPHANS, &FORGET_ORPHANS, args![before, STEP]).await?;
            }
            Kept::Messages => {
                let before = self.not_waiting::<MessageId>(&WAITING_MESSAGE, before).await?;
                let before = self.not_waiting::<EventId>(&WAITING_EVENT, before).await?;
                for old in [&OLD_STRANDED, &OLD_REPLAYED, &OLD_WATCHES] {
                    gone += self.run(old, args![MessageId::least(before), STEP]).await?;
                }
                // What leads to others goes last, so that nothing that is left leads nowhere for long.
                gone +=
                    self.old("attempt", &OLD_ATTEMPTS, AttemptId::least(before), before).await?;
                gone +=
                    self.old("message", &OLD_MESSAGES, MessageId::least(before), before).await?;
                gone +=
                    self.old("decision", &OLD_DECISIONS, DecisionId::least(before), before).await?;
                gone += self.old("event", &OLD_EVENTS, EventId::least(before), before).await?;
                let rows = self.rows(&OLD_SAYINGS, args![before, STEP]).await?;
                if !rows.is_empty() {
                    let ids: Vec<String> =
                        rows.into_iter().map(|mut row| row.text()).collect::<Result<_>>()?;
                    gone += self.run(&FORGET_SAYINGS, args![Set::of(ids)]).await?;
                }
            }
            Kept::Keys => {
                let first = EventId::least(before);
                gone += self.old_keys(&OLD_SEEN, &FORGET_SEEN, args![first, STEP]).await?;
                for (old, forget) in [
                    (&OLD_TOLD, &FORGET_TOLD),
                    (&OLD_CONTACTS, &FORGET_CONTACTS),
                    (&OLD_PROGRESS, &FORGET_PROGRESS),
                ] {
                    gone += self.old_keys(old, forget, args![before, STEP]).await?;
                }
            }
        }
        Ok(gone)
    }
}

/// Ids that say when they were minted.
trait Minted: std::str::FromStr {
    fn moment(&self) -> Timestamp;
}
macro_rules! minted {
    ($($id:ty),*) => {$(impl Minted for $id { fn moment(&self) -> Timestamp { self.minted_at() } })*};
}
minted![DeliveryId, EventId, MessageId];

impl<DB: Dialect> SqlStore<DB> {
    /// The moment, or the earlier one of what still waits.
    async fn not_waiting<Id: Minted>(&self, oldest: &Sql, before: Timestamp) -> Result<Timestamp> {
        let waiting = match self.row(oldest, args![]).await? {
            Some(mut row) => row.read_or_none::<Id>()?,
            None => None,
        };
        Ok(waiting.map_or(before, |id| id.moment().min(before)))
    }

    /// Months of a table where it lies in months, else a step of its rows.
    async fn old<Id: super::value::ToValue>(
        &self,
        table: &'static str,
        step: &Sql,
        first: Id,
        before: Timestamp,
    ) -> Result<u64> {
        if !DB::HAS_MONTHS {
            return self.run(step, args![first, STEP]).await;
        }
        let mut write = self.write().await?;
        let rows = write.rows(&DROP_MONTHS, args![table, before]).await?;
        write.commit().await?;
        let gone = rows.into_iter().next().map(|mut row| row.int()).transpose()?;
        Ok(gone.and_then(|gone| u64::try_from(gone).ok()).unwrap_or(0))
    }

    /// Finds a step's keys without holding the writer, and removes them.
    async fn old_keys(
        &self,
        old: &Sql,
        forget: &Sql,
        which: Vec<super::value::Value>,
    ) -> Result<u64> {
        let rows = self.rows(old, which).await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let mut set = Set::new();
        for mut row in rows {
            set.push(&cells![row.text()?, row.text()?, row.text()?]);
        }
        self.run(forget, args![set]).await
    }
}
