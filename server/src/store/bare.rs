//! The bare limit a benchmark compares with: the rows one message leaves, written by plain set statements
//! with nothing decided, sent or asked. Not part of the product's way.

use super::SqlStore;
use super::dialect::Dialect;
use super::sql::statements;
use super::value::{Set, args};
use crate::security::seal::Sealer;
use dispatch::error::Result;
use sqlx::{Postgres, Sqlite};

statements! {
    DELIVERY = ["INSERT INTO delivery (id, account_id, connection_id, received_at, body, state, replays) \
        SELECT id, 'acc_01KA0000000000000000000000', 'con_01KA0000000000000000000000', 1, $2, 'understood', 0 FROM ", {id: text}, " s"];
    EVENT = ["INSERT INTO event (id, account_id, brand_id, connection_id, delivery_id, source, status, direction, test, \
            occurred_at, received_at, order_number, tracking_number, country, phone, facts, decided) \
        SELECT id, 'acc_01KA0000000000000000000000', 'brd_01KA0000000000000000000000', 'con_01KA0000000000000000000000', id, \
            'sendcloud', 'delivered', 'outbound', 0, 1, 1, id, id, 'FR', '+33639980012', $2, 1 FROM ", {id: text}, " s"];
    DECISION = ["INSERT INTO decision (id, account_id, brand_id, event_id, delivery_id, channel, verdict, rules, message_id, decided_at, \
            status, country, order_number, tracking_number, phone) \
        SELECT id, 'acc_01KA0000000000000000000000', 'brd_01KA0000000000000000000000', id, id, 'whatsapp', 'send', $2, id, 1, \
            'delivered', 'FR', id, id, '+33639980012' FROM ", {id: text}, " s"];
    MESSAGE = ["INSERT INTO message (id, account_id, brand_id, decision_id, sender_id, channel, country, tracking_status, recipient, \
            template, template_version, language, rendered, state, rank, charged, created_at) \
        SELECT id, 'acc_01KA0000000000000000000000', 'brd_01KA0000000000000000000000', id, 'snd_01KA0000000000000000000000', 'whatsapp', \
            'FR', 'delivered', '+33639980012', 'facteur_delivered', 1, 'fr', $2, 'read', 70, 1, 1 FROM ", {id: text}, " s"];
    ATTEMPT = ["INSERT INTO attempt (id, account_id, message_id, sender_id, number, started_at, finished_at, outcome, provider_id) \
        SELECT id, 'acc_01KA0000000000000000000000', id, 'snd_01KA0000000000000000000000', 1, 1, 1, 'accepted', id FROM ", {id: text}, " s"];
    RECEIPT = ["INSERT INTO receipt (id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, message_id) \
        SELECT id, 'acc_01KA0000000000000000000000', 'snd_01KA0000000000000000000000', id, id, $2, 1, 1, id FROM ", {id: text}, " s"];
    CHARGE = ["INSERT INTO charge (message_id, kind, id, account_id, brand_id, channel, country, currency, micros, rate_id, plan, charged_at) \
        SELECT id, 'charge', id, 'acc_01KA0000000000000000000000', 'brd_01KA0000000000000000000000', 'whatsapp', 'FR', 'EUR', 140000, \
            'whatsapp-growth-2025-01-01', 'growth', 1 FROM ", {id: text}, " s"];
}

/// About what a decision's rules take: they are the longest text a message leaves.
const RULES_BYTES: usize = 1_100;
const RENDERED_BYTES: usize = 420;
const FACTS_BYTES: usize = 330;

/// Writes the rows of so many messages into a fresh database, so many messages to a commit.
///
/// # Errors
/// When the database does not answer.
pub async fn write(url: &str, messages: u32, commit: u32, body: &[u8]) -> anyhow::Result<()> {
    let sealer = Sealer::from_hex(&Sealer::generate_key())?;
    if url.starts_with("sqlite:") {
        rows(&SqlStore::<Sqlite>::open(url, sealer).await?, messages, commit, body).await?;
    } else {
        rows(&SqlStore::<Postgres>::open(url, sealer).await?, messages, commit, body).await?;
    }
    Ok(())
}

async fn rows<DB: Dialect>(
    store: &SqlStore<DB>,
    messages: u32,
    commit: u32,
    body: &[u8],
) -> Result<()> {
    let text = |bytes: usize| "x".repeat(bytes);
    for first in (0..messages).step_by(usize::try_from(commit).unwrap_or(1)) {
        let last = (first + commit).min(messages);
        let ids = |kind: &str| {
            Set::of((first..last).map(|n| format!("{kind}_01KA{n:022}")).collect::<Vec<_>>())
        };
        let mut write = store.write().await?;
        write.run(&DELIVERY, args![ids("dlv"), body.to_vec()]).await?;
        write.run(&EVENT, args![ids("evt"), text(FACTS_BYTES)]).await?;
        write.run(&DECISION, args![ids("dec"), text(RULES_BYTES)]).await?;
        write.run(&MESSAGE, args![ids("msg"), text(RENDERED_BYTES)]).await?;
        write.run(&ATTEMPT, args![ids("att")]).await?;
        for (kind, prefix) in [("sent", "rca"), ("delivered", "rcb"), ("read", "rcc")] {
            write.run(&RECEIPT, args![ids(prefix), kind]).await?;
        }
        write.run(&CHARGE, args![ids("msg")]).await?;
        write.commit().await?;
    }
    Ok(())
}
