//! Receipts and inbound messages: kept as they come, applied in sets.

use super::SqlStore;
use super::dialect::Dialect;
use super::sql::statements;
use super::value::{Row, Set, args, cells};
use crate::store::row as shared;
use async_trait::async_trait;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, BrandId, MessageId, ReceiptId, SenderId};
use dispatch::join::{JoinCode, JoinRequest};
use dispatch::message::MessageState;
use dispatch::money::Money;
use dispatch::plan::Rate;
use dispatch::port::{Applied, CallbackTarget, Inbound, Leaving, Receipts, Subject, Told};
use dispatch::receipt::{Receipt, ReceiptKind, Standing};
use dispatch::time::Timestamp;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Whether the set says something of that kind that the attempt has not heard yet.
macro_rules! new_sent {
    () => {
        "(s.sent IS NOT NULL AND coalesce(receipts, '') NOT LIKE '%[\"sent\",%')"
    };
}
macro_rules! new_delivered {
    () => {
        "(s.delivered IS NOT NULL AND coalesce(receipts, '') NOT LIKE '%[\"delivered\",%')"
    };
}
macro_rules! new_read {
    () => {
        "(s.read IS NOT NULL AND coalesce(receipts, '') NOT LIKE '%[\"read\",%')"
    };
}
macro_rules! new_failed {
    () => {
        "(s.failed IS NOT NULL AND coalesce(receipts, '') NOT LIKE '%[\"failed\",%')"
    };
}

statements! {
    FIND_SENDER = ["SELECT account_id, brand_id, id, channel, phone_number_id, waba_id, app_secret, verify_token FROM sender WHERE id = $1"];
    VERIFIED = ["UPDATE sender SET verified_at = $3 WHERE account_id = $1 AND id = $2"];
    // To the minute, so that most callbacks write nothing here.
    HEARD = ["UPDATE sender SET callback_at = s.at FROM ", {id: text, at: bigint},
        " s WHERE sender.id = s.id AND (sender.callback_at IS NULL OR sender.callback_at < s.at - 60000000)"];
    STORE = ["INSERT INTO receipt_inbox (id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, code, detail, look_at) \
        SELECT id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, code, detail, received_at FROM ",
        {id: text, account_id: text, sender_id: text, attempt_id: text, provider_id: text, kind: text, occurred_at: bigint,
         received_at: bigint, code: text, detail: text}, " s WHERE true ON CONFLICT DO NOTHING"];
    STORE_INBOUND = ["INSERT INTO inbound (provider_id, account_id, sender_id, sender_from, text, received_at) \
        SELECT provider_id, account_id, sender_id, sender_from, text, received_at FROM ",
        {provider_id: text, account_id: text, sender_id: text, sender_from: text, text: text, received_at: bigint},
        " s WHERE true ON CONFLICT DO NOTHING RETURNING provider_id"];
    UNAPPLIED = ["SELECT account_id, id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, code, detail \
        FROM receipt_inbox WHERE look_at IS NOT NULL AND look_at <= $1 ORDER BY id LIMIT $2"];
    BY_ATTEMPT = ["SELECT a.id, a.id, m.id, m.state, m.charged, m.brand_id, a.channel, m.country, c.plan, c.company_country, a.step, m.fallbacks, m.step, m.account_id \
        FROM ", {id: text}, " s", [attempt a id = s.id], [message m id = a.message_id], " JOIN account c ON c.id = m.account_id"];
    BY_PROVIDER = ["SELECT a.provider_id, a.id, m.id, m.state, m.charged, m.brand_id, a.channel, m.country, c.plan, c.company_country, a.step, m.fallbacks, m.step, m.account_id \
        FROM ", {id: text}, " s", [attempt a provider_id = s.id], [message m id = a.message_id], " JOIN account c ON c.id = m.account_id"];
    RATES = ["SELECT id, company_country, plan, channel, micros, currency, valid_from FROM rate ORDER BY valid_from"];
    // Done first: receipts another worker has applied meanwhile are not given back and count for nothing here.
    DONE = ["DELETE FROM receipt_inbox WHERE look_at IS NOT NULL AND id", in_set, {id: text}, end_of_set,
        " RETURNING id, kind, occurred_at, received_at, code, detail"];
    // What the provider said of an attempt stands in the attempt, once of each kind. And it is its word that it has the
    // message: a lost answer is settled by it.
    HEAR = ["UPDATE attempt SET \
            outcome = CASE WHEN outcome IS NULL OR outcome = 'unknown' THEN 'accepted' ELSE outcome END, \
            provider_id = CASE WHEN outcome IS NULL OR outcome = 'unknown' THEN s.provider_id ELSE attempt.provider_id END, \
            finished_at = coalesce(finished_at, s.at), \
            receipts = coalesce(receipts, '') || CASE WHEN ", (new_sent), " THEN s.sent ELSE '' END \
                || CASE WHEN ", (new_delivered), " THEN s.delivered ELSE '' END \
                || CASE WHEN ", (new_read), " THEN s.read ELSE '' END \
                || CASE WHEN ", (new_failed), " THEN s.failed ELSE '' END FROM ",
        {id: text, provider_id: text, at: bigint, sent: text, delivered: text, read: text, failed: text},
        " s WHERE attempt.id = s.id AND (outcome IS NULL OR outcome = 'unknown' OR ", (new_sent), " OR ", (new_delivered),
        " OR ", (new_read), " OR ", (new_failed), ")"];
    // State and charge in one version of the row: both are news of the same receipts.
    MOVE = ["UPDATE message SET state = CASE WHEN message.rank < s.rank THEN s.state ELSE message.state END, \
            failure = CASE WHEN message.rank < s.rank THEN s.failure ELSE message.failure END, \
            rank = CASE WHEN message.rank < s.rank THEN s.rank ELSE message.rank END, \
            charged = CASE WHEN s.charged = 1 THEN 1 ELSE message.charged END FROM ",
        {id: text, state: text, rank: bigint, failure: text, charged: bigint},
        " s WHERE message.id = s.id AND (message.rank < s.rank OR (s.charged = 1 AND message.charged = 0))"];
    CHARGE = ["INSERT INTO charge (message_id, kind, id, account_id, brand_id, channel, country, currency, micros, rate_id, plan, charged_at) \
        SELECT message_id, kind, id, account_id, brand_id, channel, country, currency, micros, rate_id, plan, charged_at FROM ",
        {message_id: text, kind: text, id: text, account_id: text, brand_id: text, channel: text, country: text, currency: text,
         micros: bigint, rate_id: text, plan: text, charged_at: bigint}, " s WHERE true ON CONFLICT DO NOTHING"];
    // The same price, the other way, for what was charged on that channel.
    REVERSE = ["INSERT INTO charge (message_id, kind, id, account_id, brand_id, channel, country, currency, micros, rate_id, plan, charged_at) \
        SELECT c.message_id, 'reversal', s.id, c.account_id, c.brand_id, c.channel, c.country, c.currency, -c.micros, c.rate_id, c.plan, s.at \
        FROM ", {message_id: text, id: text, channel: text, at: bigint},
        " s JOIN charge c ON c.message_id = s.message_id AND c.kind = 'charge' AND c.channel = s.channel WHERE true ON CONFLICT DO NOTHING"];
    LEAVE = ["DELETE FROM outbox WHERE (message_id, step) IN (SELECT id, step FROM ", {id: text, step: bigint}, " s)"];
    ARRIVE = ["DELETE FROM outbox WHERE message_id IN (SELECT id FROM ", {id: text}, " s)"];
    TOLD = ["SELECT channel, recipient, template, language FROM message WHERE account_id = $1 AND id = $2"];
    POSTPONE = ["UPDATE receipt_inbox SET look_at = CASE WHEN received_at < $2 THEN NULL ELSE CAST($3 AS BIGINT) END \
        WHERE look_at IS NOT NULL AND id IN (SELECT id FROM ", {id: text}, " s)"];
}

/// An answer that never found its message is given up after this long.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

#[async_trait]
impl<DB: Dialect> Receipts for SqlStore<DB> {
    async fn find_sender(&self, id: SenderId) -> Result<Option<CallbackTarget>> {
        let Some(mut row) = self.row(&FIND_SENDER, args![id]).await? else { return Ok(None) };
        let context = shared::sender_context(id);
        Ok(Some(CallbackTarget {
            account: row.read()?,
            brand: row.read()?,
            sender: row.read()?,
            channel: row.read()?,
            phone_number_id: row.text()?,
            waba_id: row.text()?,
            app_secret: shared::unseal(&self.sealer, &context, &row.text()?)?,
            verify_token: shared::unseal(&self.sealer, &context, &row.text()?)?,
        }))
    }

    async fn note_verified(
        &self,
        account: AccountId,
        sender: SenderId,
        now: Timestamp,
    ) -> Result<()> {
        shared::found(self.run(&VERIFIED, args![account, sender, now]).await?)
    }

    async fn open_join(
        &self,
        account: AccountId,
        brand: BrandId,
        code: JoinCode,
        address: &str,
        now: Timestamp,
    ) -> Result<Option<JoinRequest>> {
        self.join_of_code(account, brand, code, address, now).await
    }

    async fn store_receipts(&self, receipts: &[Receipt], inbound: &[Inbound]) -> Result<()> {
        let mut write = self.write().await?;
        let mut set = Set::new();
        for r in receipts {
            set.push(&cells![
                r.id,
                r.account,
                r.sender,
                r.attempt,
                r.provider_id,
                r.kind,
                r.occurred_at,
                r.received_at,
                r.code,
                r.detail
            ]);
        }
        if !set.is_empty() {
            write.run(&STORE, args![set]).await?;
        }
        let mut heard: HashMap<SenderId, Timestamp> = HashMap::new();
        let told = receipts.iter().map(|r| (r.sender, r.received_at));
        for (sender, at) in told.chain(inbound.iter().map(|i| (i.sender, i.received_at))) {
            let last = heard.entry(sender).or_insert(at);
            *last = at.max(*last);
        }
        if !heard.is_empty() {
            // In one order, so that two processes never wait for each other.
            let mut heard: Vec<_> = heard.into_iter().collect();
            heard.sort_by_key(|(sender, _)| sender.to_string());
            let mut set = Set::new();
            for (sender, at) in heard {
                set.push(&cells![sender, at]);
            }
            write.run(&HEARD, args![set]).await?;
        }
        if !inbound.is_empty() {
            // A callback may say the same twice.
            let mut seen = HashSet::new();
            let inbound: Vec<_> = inbound.iter().filter(|i| seen.insert(&i.provider_id)).collect();
            let mut set = Set::new();
            for i in &inbound {
                set.push(&cells![
                    i.provider_id,
                    i.account,
                    i.sender,
                    i.from,
                    i.text,
                    i.received_at
                ]);
            }
            let rows = write.rows(&STORE_INBOUND, args![set]).await?;
            let new: HashSet<String> =
                rows.into_iter().map(|mut row| row.text()).collect::<Result<_>>()?;
            let new: Vec<_> =
                inbound.into_iter().filter(|i| new.contains(&i.provider_id)).collect();
            let confirms =
                new.iter().filter_map(|i| i.confirms.map(|id| (id, i.received_at))).collect();
            let mut confirmed = write.confirm_joins(&confirms).await?;
            let said: Vec<_> = new
                .into_iter()
                // What a request says counts once, with the message that found it open.
                .filter(|i| i.confirms.is_none_or(|id| confirmed.remove(&id)))
                .flat_map(|i| i.consent.iter().map(|record| (i.account, record)))
                .collect();
            write.record_consents(&said).await?;
        }
        write.commit().await
    }

    async fn unapplied(&self, now: Timestamp, limit: i64) -> Result<Vec<Receipt>> {
        let rows = self.rows(&UNAPPLIED, args![now, limit]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(Receipt {
                    account: row.read()?,
                    id: row.read()?,
                    sender: row.read()?,
                    attempt: row.read_or_none()?,
                    provider_id: row.text()?,
                    kind: row.read()?,
                    occurred_at: row.time()?,
                    received_at: row.time()?,
                    code: row.text_or_none()?,
                    detail: row.text_or_none()?,
                })
            })
            .collect()
    }

    async fn subjects(&self, receipts: &[Receipt]) -> Result<Vec<Option<Subject>>> {
        let attempts: HashSet<_> = receipts.iter().filter_map(|r| r.attempt).collect();
        let mut by_attempt = HashMap::new();
        if !attempts.is_empty() {
            by_attempt = keyed(self.rows(&BY_ATTEMPT, args![Set::of(attempts)]).await?)?;
        }
        let others: HashSet<&str> = receipts
            .iter()
            .filter(|r| r.attempt.is_none_or(|id| !by_attempt.contains_key(&id.to_string())))
            .map(|r| r.provider_id.as_str())
            .collect();
        let mut by_provider = HashMap::new();
        if !others.is_empty() {
            by_provider = keyed(self.rows(&BY_PROVIDER, args![Set::of(others)]).await?)?;
        }
        Ok(receipts
            .iter()
            .map(|r| {
                r.attempt
                    .and_then(|id| by_attempt.get(&id.to_string()))
                    .or_else(|| by_provider.get(&r.provider_id))
                    // A sender can only speak about messages of its own account.
                    .filter(|(account, _)| *account == r.account)
                    .map(|(_, subject)| subject.clone())
            })
            .collect())
    }

    async fn rates(&self) -> Result<Vec<Rate>> {
        let rows = self.rows(&RATES, args![]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(Rate {
                    id: row.text()?,
                    company_country: row.read_or_none()?,
                    plan: row.read()?,
                    channel: row.read()?,
                    price: Money::new(row.int()?, row.read()?),
                    valid_from: row.time()?,
                })
            })
            .collect()
    }

    async fn commit_receipts(&self, applied: &[Applied], at: Timestamp) -> Result<()> {
        let done = applied.iter().flat_map(|a| a.receipts.iter().copied());
        let mut write = self.write_behind().await?;
        let said = said(write.rows(&DONE, args![Set::of(done)]).await?)?;
        let is_mine = |a: &&Applied| a.receipts.iter().any(|receipt| said.contains_key(receipt));
        let applied: Vec<&Applied> = applied.iter().filter(is_mine).collect();
        let (mut moved, mut charges, mut reversed) = (Set::new(), Set::new(), Set::new());
        let (mut watched, mut left, mut arrived) = (Set::new(), Set::new(), Vec::new());
        let mut stranded = Set::new();
        for a in &applied {
            if a.state.is_some() || a.charge.is_some() {
                let rank = a.state.map_or(0, MessageState::rank);
                moved.push(&cells![a.message, a.state, rank, a.failure, a.charge.is_some()]);
            }
            if let Some(at) = a.watch {
                watched.push(&cells![a.message, a.attempt, i64::from(a.step), at]);
            }
            match a.leaves {
                Leaving::No => {}
                Leaving::Step(step) => left.push(&cells![a.message, i64::from(step)]),
                Leaving::Arrived => arrived.push(a.message),
            }
            if let Some(reason) = a.waits {
                stranded.push(&cells![a.message, i64::from(a.step), reason, at]);
            }
            if let Some(id) = a.reversal {
                reversed.push(&cells![a.message, id, a.channel, at]);
            }
            if let Some(c) = &a.charge {
                charges.push(&cells![
                    c.message,
                    c.kind,
                    c.id,
                    c.account,
                    c.brand,
                    c.channel,
                    c.country,
                    c.amount.currency,
                    c.amount.micros,
                    c.rate,
                    c.plan,
                    c.charged_at
                ]);
            }
        }
        let mut heard = Set::new();
        for a in &applied {
            let of = |kind| {
                let mut said = a.receipts.iter().filter_map(|id| said.get(id));
                said.find(|(said, _)| *said == kind).map(|(_, entry)| entry.clone())
            };
            let [sent, delivered, read, failed] =
                [ReceiptKind::Sent, ReceiptKind::Delivered, ReceiptKind::Read, ReceiptKind::Failed]
                    .map(of);
            heard.push(&cells![a.attempt, a.provider_id, at, sent, delivered, read, failed]);
        }
        if heard.is_empty() {
            return write.commit().await;
        }
        write.run(&HEAR, args![heard]).await?;
        for (statement, set) in [(&MOVE, moved), (&CHARGE, charges), (&REVERSE, reversed)] {
            if !set.is_empty() {
                write.run(statement, args![set]).await?;
            }
        }
        // Before the rows leave: what is watched and what can be sent again take a part of them along.
        if !watched.is_empty() {
            write.watch(watched).await?;
        }
        if !stranded.is_empty() {
            write.strand(stranded).await?;
        }
        if !left.is_empty() {
            write.run(&LEAVE, args![left]).await?;
        }
        if !arrived.is_empty() {
            write.run(&ARRIVE, args![Set::of(arrived.iter().copied())]).await?;
            write.forget_all(Set::of(arrived)).await?;
        }
        write.commit().await
    }

    async fn told(&self, account: AccountId, message: MessageId) -> Result<Option<Told>> {
        let row = self.row(&TOLD, args![account, message]).await?;
        row.map(|mut row| {
            Ok(Told {
                channel: row.read()?,
                to: row.text()?,
                template: row.text()?,
                language: row.read()?,
            })
        })
        .transpose()
    }

    async fn postpone(&self, receipts: &[ReceiptId], now: Timestamp, wait: Duration) -> Result<()> {
        let set = Set::of(receipts.iter().copied());
        self.run(&POSTPONE, args![set, now.minus(LONGEST_WAIT), now.plus(wait)]).await.map(drop)
    }
}

/// What these receipts say, each as an attempt keeps it: behind a comma, so that what comes later is only added.
fn said(rows: Vec<Row>) -> Result<HashMap<ReceiptId, (ReceiptKind, String)>> {
    rows.into_iter()
        .map(|mut row| {
            let (id, kind): (ReceiptId, ReceiptKind) = (row.read()?, row.read()?);
            let (occurred, received) = (row.int()?, row.int()?);
            let said = match (row.text_or_none()?, row.text_or_none()?) {
                (None, None) => json!([kind.word(), occurred, received]),
                (code, detail) => json!([kind.word(), occurred, received, code, detail]),
            };
            Ok((id, (kind, format!(",{said}"))))
        })
        .collect()
}

type Found = HashMap<String, (dispatch::id::AccountId, Subject)>;

fn keyed(rows: Vec<Row>) -> Result<Found> {
    let mut found = HashMap::with_capacity(rows.len());
    for mut row in rows {
        let key = row.text()?;
        let attempt = row.read()?;
        let standing = Standing { message: row.read()?, state: row.read()?, charged: row.flag()? };
        let subject = Subject {
            standing,
            attempt,
            brand: row.read()?,
            channel: row.read()?,
            country: row.read()?,
            plan: row.read()?,
            company_country: row.read()?,
            step: u32::try_from(row.int()?).map_err(|_| Error::Corrupt)?,
            left: false,
            next: None,
        };
        let (at, next) = shared::next_fallback(&mut row)?;
        let subject = Subject { left: subject.step < at, next, ..subject };
        found.insert(key, (row.read().map_err(|_| Error::Corrupt)?, subject));
    }
    Ok(found)
}
