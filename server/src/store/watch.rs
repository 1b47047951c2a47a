//! Watching what was sent: whoever stands in for it, and mails that count as delivered.

use super::SqlStore;
use super::dialect::Dialect;
use super::row as shared;
use super::sql::statements;
use super::stand_in::StandIn;
use super::value::{Row, Set, args, cells};
use async_trait::async_trait;
use dispatch::brand::BrandState;
use dispatch::error::{Error, Result};
use dispatch::message::MessageState;
use dispatch::port::{Watch, WatchEnd, Watched};
use dispatch::receipt::ReceiptKind;
use dispatch::time::Timestamp;

/// What both kinds of watched messages are read by.
macro_rules! watched {
    () => {
        "SELECT w.message_id, w.step, w.attempt_id, (SELECT a.provider_id FROM attempt a WHERE a.id = w.attempt_id), \
            m.account_id, m.sender_id, m.channel, m.state, m.country, m.tracking_status, \
            (SELECT count(*) FROM progress p WHERE p.brand_id = m.brand_id AND p.key = w.subject \
                AND p.status <> m.tracking_status AND (p.final = 1 OR p.occurred_at > e.occurred_at)), \
            (SELECT max(f.receipts) FROM attempt f WHERE f.message_id = m.id AND f.sender_id = m.sender_id AND f.receipts LIKE '%[\"failed\",%'), \
            (SELECT count(*) FROM outbox q WHERE q.message_id = m.id), \
            b.state, b.quiet_on, b.quiet_from, b.quiet_until, b.quiet_days, b.quiet_urgent, m.fallbacks, m.step FROM "
    };
}

statements! {
    DUE = [(watched), "(SELECT message_id, step, attempt_id, subject FROM watch WHERE due_at <= $1 ORDER BY due_at LIMIT $2) w",
        [message m id = w.message_id], [decision d id = m.decision_id], [event e id = d.event_id], " JOIN brand b ON b.id = m.brand_id"];
    // Nobody knows what became of it, and another channel can stand in.
    OVERDUE = [(watched), "(SELECT o.message_id, o.step, o.attempt_id, o.subject FROM outbox o", [message x id = o.message_id],
        " WHERE o.phase = 'unknown' AND o.due_at <= $1 AND x.fallbacks IS NOT NULL ORDER BY o.due_at LIMIT $2) w",
        [message m id = w.message_id], [decision d id = m.decision_id], [event e id = d.event_id], " JOIN brand b ON b.id = m.brand_id"];
    FAIL = ["UPDATE message SET state = s.state, rank = s.rank, failure = s.failure FROM ",
        {id: text, step: bigint, state: text, rank: bigint, failure: text},
        " s WHERE message.id = s.id AND message.step = s.step AND message.rank < s.rank"];
    DELIVERED = ["INSERT INTO receipt_inbox (id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, look_at) \
        SELECT id, account_id, sender_id, attempt_id, provider_id, kind, at, at, at FROM ",
        {id: text, account_id: text, sender_id: text, attempt_id: text, provider_id: text, kind: text, at: bigint},
        " s WHERE true ON CONFLICT DO NOTHING"];
}

#[async_trait]
impl<DB: Dialect> Watch for SqlStore<DB> {
    async fn watched(&self, now: Timestamp, limit: i64) -> Result<Vec<Watched>> {
        let mut found = Vec::new();
        let mut over = Set::new();
        for mut row in self.rows(&DUE, args![now, limit]).await? {
            let (one, state, is_queued, at) = watched(&mut row)?;
            match state {
                MessageState::Accepted | MessageState::Sent if at == one.step => found.push(one),
                // Its answer is about to be written down, or its deadline will tell.
                MessageState::Sending | MessageState::Unknown if at == one.step && is_queued => {}
                // Nobody else knows of it any more.
                MessageState::Sending | MessageState::Unknown if at == one.step => found.push(one),
                _ => over.push(&cells![one.message, i64::from(one.step)]),
            }
        }
        if !over.is_empty() {
            let mut write = self.write().await?;
            write.forget(over).await?;
            write.commit().await?;
        }
        for mut row in self.rows(&OVERDUE, args![now, limit]).await? {
            let (one, _, _, at) = watched(&mut row)?;
            if one.next.is_some() && at == one.step {
                found.push(Watched { accepted: false, ..one });
            }
        }
        Ok(found)
    }

    async fn end_watch(&self, ends: &[(Watched, WatchEnd)], now: Timestamp) -> Result<()> {
        let (mut over, mut delivered, mut next) = (Set::new(), Set::new(), Vec::new());
        let mut failed = Set::new();
        for (one, end) in ends {
            match end {
                WatchEnd::Leave => over.push(&cells![one.message, i64::from(one.step)]),
                WatchEnd::Next(fallback, due_at) => next.push(StandIn {
                    message: one.message,
                    step: one.step,
                    fallback,
                    // Whoever has to wait is looked at once more before leaving.
                    state: if *due_at > now { MessageState::Held } else { MessageState::Queued },
                    due_at: *due_at,
                    failure: None,
                }),
                WatchEnd::Failed(code) => {
                    let (step, state) = (i64::from(one.step), MessageState::Failed);
                    over.push(&cells![one.message, step]);
                    failed.push(&cells![one.message, step, state, state.rank(), *code]);
                }
                WatchEnd::Delivered(id) => {
                    over.push(&cells![one.message, i64::from(one.step)]);
                    let provider_id = one.provider_id.clone().unwrap_or_default();
                    delivered.push(&cells![
                        *id,
                        one.account,
                        one.sender,
                        one.attempt,
                        provider_id,
                        ReceiptKind::Delivered,
                        now
                    ]);
                }
            }
        }
        let mut write = self.write_behind().await?;
        write.stand_in(&next).await?;
        if !failed.is_empty() {
            write.run(&FAIL, args![failed]).await?;
        }
        if !delivered.is_empty() {
            write.run(&DELIVERED, args![delivered]).await?;
        }
        if !over.is_empty() {
            write.forget(over).await?;
        }
        write.commit().await
    }
}

/// The code of the first failure an attempt has heard of, empty where none was given.
fn failure_code(receipts: &str) -> Result<String> {
    let list = shared::heard(receipts)?;
    let failed = list.iter().find(|said| said.first().is_some_and(|kind| kind == "failed"));
    let code = failed.and_then(|said| said.get(3)).and_then(|code| code.as_str());
    Ok(code.unwrap_or_default().to_owned())
}

/// A watched message, its state, whether it has a place in the queue, and the step it is at by now.
fn watched(row: &mut Row) -> Result<(Watched, MessageState, bool, u32)> {
    let message = row.read()?;
    let step = u32::try_from(row.int()?).map_err(|_| Error::Corrupt)?;
    let attempt = row.read_or_none()?;
    let provider_id = row.text_or_none()?;
    let (account, sender, channel) = (row.read()?, row.read()?, row.read()?);
    let state: MessageState = row.read()?;
    let (country, tracking_status) = (row.read()?, row.read()?);
    let newer = row.int()?;
    let failed = row.text_or_none()?.map(|said| failure_code(&said)).transpose()?;
    let is_queued = row.int()? > 0;
    let brand: BrandState = row.read()?;
    let quiet = shared::quiet_hours(row)?;
    let (at, next) = shared::next_fallback(row)?;
    let one = Watched {
        account,
        message,
        step,
        attempt,
        provider_id,
        sender,
        channel,
        accepted: true,
        failed,
        overtaken: newer > 0 || brand == BrandState::Archived,
        next,
        country,
        tracking_status,
        quiet,
    };
    Ok((one, state, is_queued, at))
}
