//! What is watched of parcels, written with the decisions about their events. The same rules as
//! [`Watch::then`](dispatch::late::Watch), in SQL.

use crate::store::Write;
use crate::store::dialect::Dialect;
use crate::store::sql::statements;
use crate::store::value::{Set, args, cells};
use dispatch::error::Result;
use dispatch::id::BrandId;
use dispatch::late::Watch;
use dispatch::port::Decided;
use std::collections::BTreeMap;
use std::time::Duration;

/// What nobody has heard of for so long is not watched any more.
const KEPT: Duration = Duration::from_secs(60 * 24 * 3600);

statements! {
    KEEP = ["INSERT INTO lookout (account_id, brand_id, key, event_id, expected, expected_at, silent_at, knows, until) \
        SELECT account_id, brand_id, key, event_id, expected, expected_at, silent_at, knows, until FROM ",
        {account_id: text, brand_id: text, key: text, event_id: text, expected: text, expected_at: bigint, silent_at: bigint,
         knows: text, until: bigint},
        " s WHERE true ON CONFLICT (brand_id, key) DO UPDATE SET event_id = excluded.event_id, until = excluded.until, \
            knows = coalesce(excluded.knows, lookout.knows), expected = coalesce(excluded.expected, lookout.expected), \
            expected_at = CASE WHEN excluded.expected IS NULL AND excluded.knows IS NOT NULL THEN NULL \
                WHEN excluded.expected IS NULL THEN lookout.expected_at \
                WHEN excluded.expected <= coalesce(excluded.knows, lookout.knows) THEN NULL \
                WHEN excluded.expected = lookout.expected THEN lookout.expected_at ELSE excluded.expected_at END, \
            silent_at = CASE WHEN coalesce(excluded.knows, lookout.knows) IS NOT NULL THEN NULL \
                WHEN lookout.silent_at > excluded.silent_at OR excluded.silent_at IS NULL THEN lookout.silent_at \
                ELSE excluded.silent_at END"];
    END = ["DELETE FROM lookout WHERE (brand_id, key) IN (SELECT brand_id, key FROM ", {brand_id: text, key: text}, " s)"];
}

impl<DB: Dialect> Write<DB> {
    /// Watches the parcels of these events, or no longer.
    pub(super) async fn look_out(&mut self, decided: impl Iterator<Item = &Decided>) -> Result<()> {
        // One statement may write a row only once, and in the order of the keys nobody waits for another.
        let mut watches: BTreeMap<(BrandId, String), (&Decided, Watch)> = BTreeMap::new();
        for d in decided {
            let Some(watch) = &d.lookout else { continue };
            for key in &watch.keys {
                let place = (d.event.brand, key.clone());
                let watch = match watches.remove(&place) {
                    Some((_, earlier)) => earlier.then(watch.clone()),
                    None => watch.clone(),
                };
                watches.insert(place, (d, watch));
            }
        }
        let (mut kept, mut over) = (Set::new(), Set::new());
        for ((brand, key), (d, watch)) in watches {
            if watch.over {
                over.push(&cells![brand, key]);
                continue;
            }
            let day = |day: Option<dispatch::time::Date>| day.map(|day| day.to_string());
            kept.push(&cells![
                d.event.account,
                brand,
                key,
                d.event.id,
                day(watch.expected),
                watch.expected_at,
                watch.silent_at,
                day(watch.knows),
                d.at.plus(KEPT)
            ]);
        }
        if !kept.is_empty() {
            self.run(&KEEP, args![kept]).await?;
        }
        if !over.is_empty() {
            self.run(&END, args![over]).await?;
        }
        Ok(())
    }
}
