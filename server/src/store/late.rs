//! Looks at watched parcels. Found by the index of what is due, whatever number is watched.

use super::SqlStore;
use super::dialect::Dialect;
use super::row;
use super::sql::statements;
use super::value::{Set, args, cells};
use async_trait::async_trait;
use dispatch::error::{Error, Result};
use dispatch::event::EventStatus;
use dispatch::id::BrandId;
use dispatch::late::Watched;
use dispatch::port::{LateParcels, Looked};
use dispatch::time::{Date, Timestamp};
use std::collections::{BTreeMap, HashSet};

/// A watched parcel with what was heard of it last, and how far it is.
macro_rules! watched {
    () => {
        "SELECT w.key, w.expected, w.expected_at, w.silent_at, p.final, p.status, \
            e.account_id, e.id, e.brand_id, e.connection_id, e.delivery_id, e.source, e.status, e.direction, \
            e.test, e.occurred_at, e.received_at, e.facts FROM (SELECT * FROM lookout WHERE "
    };
}

macro_rules! how_far {
    () => {
        " LEFT JOIN progress p ON p.brand_id = w.brand_id AND p.key = w.key"
    };
}

statements! {
    EXPECTED = [(watched), "expected_at <= $1 ORDER BY expected_at, key LIMIT $2) w", [event e id = w.event_id], (how_far),
        " ORDER BY w.expected_at, w.key"];
    SILENT = [(watched), "silent_at <= $1 ORDER BY silent_at, key LIMIT $2) w", [event e id = w.event_id], (how_far),
        " ORDER BY w.silent_at, w.key"];
    // As it was read: another worker, or another event, may have been faster.
    LOOKED = ["UPDATE lookout SET expected_at = s.expected_at, silent_at = s.silent_at, knows = coalesce(s.knows, lookout.knows) FROM ",
        {brand_id: text, key: text, event_id: text, was_expected_at: bigint, was_silent_at: bigint, expected_at: bigint,
         silent_at: bigint, knows: text},
        " s WHERE lookout.brand_id = s.brand_id AND lookout.key = s.key AND lookout.event_id = s.event_id \
            AND coalesce(lookout.expected_at, 0) = s.was_expected_at AND coalesce(lookout.silent_at, 0) = s.was_silent_at \
            RETURNING lookout.brand_id, lookout.key"];
    OVER = ["DELETE FROM lookout WHERE (brand_id, key, event_id) IN (SELECT brand_id, key, event_id FROM ",
        {brand_id: text, key: text, event_id: text}, " s)"];
    REPORT = ["INSERT INTO delivery (id, account_id, connection_id, received_at, body, state, reason, replays) \
        SELECT id, account_id, connection_id, received_at, body, 'stored', NULL, 0 FROM ",
        {id: text, account_id: text, connection_id: text, received_at: bigint, body: bytes}, " s"];
    WAIT = ["INSERT INTO delivery_inbox (id) SELECT id FROM ", {id: text}, " s"];
}

#[async_trait]
impl<DB: Dialect> LateParcels for SqlStore<DB> {
    async fn due_watches(&self, now: Timestamp, limit: i64) -> Result<Vec<Watched>> {
        let mut seen = HashSet::new();
        let mut due = Vec::new();
        for statement in [&EXPECTED, &SILENT] {
            for mut row in self.rows(statement, args![now, limit]).await? {
                let key = row.text()?;
                let expected = row.text_or_none()?;
                let (expected_at, silent_at) = (row.time_or_none()?, row.time_or_none()?);
                let arrived = row.int_or_none()? == Some(1);
                let furthest: Option<EventStatus> = row.read_or_none()?;
                let watched = Watched {
                    key,
                    expected: expected.as_deref().map(day).transpose()?,
                    expected_at,
                    silent_at,
                    over: arrived || furthest == Some(EventStatus::ReadyForPickup),
                    event: row::event(&mut row)?,
                };
                if seen.insert((watched.event.brand, watched.key.clone())) {
                    due.push(watched);
                }
            }
        }
        Ok(due)
    }

    async fn commit_looks(&self, looked: &[Looked]) -> Result<u64> {
        let (mut over, mut again) = (Set::new(), BTreeMap::new());
        for look in looked {
            let (brand, key) = (look.brand, &look.watched.key);
            if look.watched.over {
                over.push(&cells![brand, *key, look.watched.event.id]);
            } else {
                again.insert((brand, key.as_str()), look);
            }
        }
        let mut set = Set::new();
        for ((brand, key), look) in &again {
            let was = |at: Option<Timestamp>| at.map_or(0, Timestamp::micros);
            set.push(&cells![
                *brand,
                *key,
                look.watched.event.id,
                was(look.watched.expected_at),
                was(look.watched.silent_at),
                look.expected_at,
                look.silent_at,
                look.knows.map(|day| day.to_string())
            ]);
        }
        let mut write = self.write().await?;
        let mut mine: HashSet<(BrandId, String)> = HashSet::new();
        if !again.is_empty() {
            for mut row in write.rows(&LOOKED, args![set]).await? {
                mine.insert((row.read()?, row.text()?));
            }
        }
        if !over.is_empty() {
            write.run(&OVER, args![over]).await?;
        }
        let (mut reports, mut waiting) = (Set::new(), Set::new());
        let mut count = 0;
        for look in again.values() {
            let Some(d) = &look.report else { continue };
            if mine.contains(&(look.brand, look.watched.key.clone())) {
                reports.push(&cells![d.id, d.account, d.connection, d.received_at, d.body]);
                waiting.push(&cells![d.id]);
                count += 1;
            }
        }
        if count > 0 {
            write.run(&REPORT, args![reports]).await?;
            write.run(&WAIT, args![waiting]).await?;
        }
        write.commit().await?;
        Ok(count)
    }
}

fn day(text: &str) -> Result<Date> {
    text.parse::<Timestamp>().map(Timestamp::date).map_err(|_| Error::Corrupt)
}
