//! What happened before, in bulk. Events travel as lines of JSON joined into one cell: a cell for each value
//! of a hundred thousand events costs more than all the deciding.

use super::SqlStore;
use super::dialect::Dialect;
use super::row;
use super::sql::statements;
use super::value::{Set, args, cells};
use async_trait::async_trait;
use dispatch::error::Result;
use dispatch::event::Event;
use dispatch::id::{AccountId, BrandId, EventId};
use dispatch::port::{History, Remembered};
use dispatch::time::Timestamp;

statements! {
    PAGES = ["SELECT id FROM (SELECT e.id, row_number() OVER (ORDER BY e.id DESC) AS n FROM event e \
        WHERE e.account_id = $1 AND e.brand_id = $2 AND e.id >= $3) s WHERE n % $4 = 0 ORDER BY n"];
    // Ids and words hold nothing that JSON would escape, and facts are JSON already. Both ends of a page are named:
    // with a LIMIT, a planner without statistics sorts everything for each page.
    LINES = ["SELECT string_agg('[\"' || e.id || '\",\"' || e.connection_id || '\",\"' || e.delivery_id || '\",\"' || e.source \
            || '\",\"' || e.status || '\",\"' || e.direction || '\",' || e.test || ',' || e.occurred_at || ',' || e.received_at \
            || ',' || e.facts || ']', ',') \
        FROM event e WHERE e.account_id = $1 AND e.brand_id = $2 AND e.id >= $3 AND e.id < $4"];
    SIZE = ["SELECT count(*) FROM event e WHERE e.account_id = $1 AND e.brand_id = $2 AND e.id >= $3"];
    CONTACTS = ["SELECT c.key, c.occurred_at, c.facts FROM ", {brand_id: text, key: text},
        " s", [contact c brand_id = s.brand_id, key = s.key], " WHERE c.account_id = $2 AND c.occurred_at < $3"];
}

#[async_trait]
impl<DB: Dialect> History for SqlStore<DB> {
    async fn history_pages(
        &self,
        account: AccountId,
        brand: BrandId,
        from: EventId,
        page: i64,
    ) -> Result<Vec<EventId>> {
        let rows = self.rows(&PAGES, args![account, brand, from, page]).await?;
        rows.into_iter().map(|mut row| row.read()).collect()
    }

    async fn history(
        &self,
        account: AccountId,
        brand: BrandId,
        from: EventId,
        until: Option<EventId>,
    ) -> Result<Vec<Event>> {
        let ends = [from.to_string(), row::before(until)];
        let Some(mut row) = self.row(&LINES, args![account, brand, ends[0], ends[1]]).await? else {
            return Ok(Vec::new());
        };
        let lines = row.text_or_none()?.unwrap_or_default();
        let mut events = row::event_lines(account, brand, &format!("[{lines}]"))?;
        // An aggregate promises no order; sorting what is sorted costs nothing.
        events.sort_by_key(|event| event.id);
        Ok(events)
    }

    async fn history_size(&self, account: AccountId, brand: BrandId, from: EventId) -> Result<i64> {
        match self.row(&SIZE, args![account, brand, from]).await? {
            Some(mut row) => row.int(),
            None => Ok(0),
        }
    }

    async fn contacts_before(
        &self,
        account: AccountId,
        brand: BrandId,
        keys: &[String],
        before: Timestamp,
    ) -> Result<Vec<(String, Remembered)>> {
        let mut set = Set::new();
        for key in keys {
            set.push(&cells![brand, *key]);
        }
        let rows = self.rows(&CONTACTS, args![set, account, before]).await?;
        rows.into_iter()
            .map(|mut row| {
                let (key, occurred_at) = (row.text()?, row.time()?);
                Ok((key, Remembered { occurred_at, contact: row::contact(&row.text()?)? }))
            })
            .collect()
    }
}
