//! The consent ledger and what follows from it: callbacks and pages both write it, so it belongs to no
//! port's file. Records are appended and nothing here changes one.

use super::Write;
use super::dialect::Dialect;
use super::row;
use super::sql::statements;
use super::value::{Set, args, cells};
use dispatch::consent::{ConsentKind, ConsentRecord, Position};
use dispatch::error::Result;
use dispatch::id::{AccountId, BrandId};
use std::collections::BTreeMap;

statements! {
    RECORD = ["INSERT INTO consent (id, account_id, brand_id, channel, address, purpose, kind, source, origin, text, \
            text_version, proof, user_id, statuses, at, recorded_at) \
        SELECT id, account_id, brand_id, channel, address, purpose, kind, source, origin, text, \
            text_version, proof, user_id, statuses, at, recorded_at FROM ",
        {id: text, account_id: text, brand_id: text, channel: text, address: text, purpose: text, kind: text, source: text,
         origin: text, text: text, text_version: text, proof: text, user_id: text, statuses: text, at: bigint,
         recorded_at: bigint}, " s"];
    // As `Standpoint::gives_way_to` says: a case of the conformance suite compares the two.
    STAND = ["INSERT INTO standing (account_id, brand_id, channel, address, purpose, kind, own, since) \
        SELECT account_id, brand_id, channel, address, purpose, kind, own, since FROM ",
        {account_id: text, brand_id: text, channel: text, address: text, purpose: text, kind: text, own: bigint, since: bigint},
        " s WHERE true ON CONFLICT (brand_id, address, channel, purpose) \
        DO UPDATE SET kind = excluded.kind, own = excluded.own, since = excluded.since \
        WHERE excluded.since >= standing.since \
            AND (excluded.own = 1 OR standing.own = 0 OR standing.kind <> 'opt_out')"];
    CHOOSE = ["INSERT INTO choice (account_id, brand_id, channel, address, statuses, since) \
        SELECT account_id, brand_id, channel, address, statuses, since FROM ",
        {account_id: text, brand_id: text, channel: text, address: text, statuses: text, since: bigint},
        " s WHERE true ON CONFLICT (brand_id, address, channel) \
        DO UPDATE SET statuses = excluded.statuses, since = excluded.since WHERE excluded.since >= choice.since"];
}

impl<DB: Dialect> Write<DB> {
    /// Appends records and moves what decisions read, within this transaction. All records are the
    /// persons' own words or all are the shop's: between the two, their order would count.
    pub(super) async fn record_consents(
        &mut self,
        records: &[(AccountId, &ConsentRecord)],
    ) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let mut lines = Set::new();
        // One row for each key: a statement may not meet the same row twice.
        let mut people: BTreeMap<(AccountId, BrandId, &str), Vec<&ConsentRecord>> = BTreeMap::new();
        for (account, r) in records {
            let chosen = r.kind == ConsentKind::Choice;
            lines.push(&cells![
                r.id,
                *account,
                r.brand,
                r.channel,
                r.address,
                r.purpose,
                r.kind,
                r.source,
                r.origin,
                r.text,
                r.text_version,
                r.proof,
                r.user,
                chosen.then(|| row::statuses_column(&r.silent)),
                r.at,
                r.recorded_at
            ]);
            people.entry((*account, r.brand, &r.address)).or_default().push(r);
        }
        let (mut said, mut chosen) = (Set::new(), Set::new());
        for ((account, brand, address), records) in people {
            let position = Position::of(records);
            for ((channel, purpose), s) in position.said {
                let own = i64::from(s.own);
                said.push(&cells![account, brand, channel, address, purpose, s.kind, own, s.since]);
            }
            for (channel, (silent, since)) in position.silent {
                let silent = row::statuses_column(&silent);
                chosen.push(&cells![account, brand, channel, address, silent, since]);
            }
        }
        self.run(&RECORD, args![lines]).await?;
        if !said.is_empty() {
            self.run(&STAND, args![said]).await?;
        }
        if !chosen.is_empty() {
            self.run(&CHOOSE, args![chosen]).await?;
        }
        Ok(())
    }
}
