//! The bare limits a benchmark compares with: the rows a delivery and a message leave, written by plain set
//! statements with nothing checked, decided, sent or asked. Not part of the product's way.

use super::SqlStore;
use super::dialect::Dialect;
use super::sql::statements;
use super::value::{Set, args, cells};
use crate::security::seal::Sealer;
use dispatch::error::Result;
use sqlx::{Postgres, Sqlite};

statements! {
    STORED = ["INSERT INTO delivery (id, account_id, connection_id, received_at, body, state, replays) \
        SELECT id, 'acc_01KA0000000000000000000000', 'con_01KA0000000000000000000000', 1, body, 'stored', 0 FROM ",
        {id: text, body: bytes}, " s"];
    DELIVERY = ["INSERT INTO delivery (id, account_id, connection_id, received_at, body, state, replays) \
        SELECT id, 'acc_01KA0000000000000000000000', 'con_01KA0000000000000000000000', 1, $2, 'understood', 0 FROM ", {id: text}, " s"];
    SEEN = ["INSERT INTO seen_event (connection_id, dedup_key, event_id) \
        SELECT 'con_01KA0000000000000000000000', id, id FROM ", {id: text}, " s"];
    CONTACT = ["INSERT INTO contact (account_id, brand_id, key, occurred_at, facts) \
        SELECT 'acc_01KA0000000000000000000000', 'brd_01KA0000000000000000000000', id, 1, $2 FROM ", {id: text}, " s"];
    PROGRESS = ["INSERT INTO progress (account_id, brand_id, key, final, status, occurred_at, received_at) \
        SELECT 'acc_01KA0000000000000000000000', 'brd_01KA0000000000000000000000', id, 1, 'delivered', 1, 1 FROM ", {id: text}, " s"];
    TOLD = ["INSERT INTO told (account_id, brand_id, status, key, event_id, at) \
        SELECT 'acc_01KA0000000000000000000000', 'brd_01KA0000000000000000000000', 'delivered', id, id, 1 FROM ", {id: text}, " s"];
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
const CONTACT_BYTES: usize = 110;

/// Takes deliveries and writes them as they are.
pub struct Bare(Kind);

enum Kind {
    Sqlite(SqlStore<Sqlite>),
    Postgres(SqlStore<Postgres>),
}

impl Bare {
    /// On a database of its own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        let sealer = Sealer::from_hex(&Sealer::generate_key())?;
        Ok(Self(if url.starts_with("sqlite:") {
            Kind::Sqlite(SqlStore::open(url, sealer).await?)
        } else {
            Kind::Postgres(SqlStore::open(url, sealer).await?)
        }))
    }

    /// Writes these deliveries, numbered from `first`, in one commit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn store(&self, first: u32, bodies: &[impl AsRef<[u8]> + Sync]) -> Result<()> {
        let mut set = Set::new();
        for (n, body) in (first..).zip(bodies) {
            set.push(&cells![format!("dlv_01KA{n:022}"), body.as_ref().to_vec()]);
        }
        match &self.0 {
            Kind::Sqlite(store) => store.run(&STORED, args![set]).await,
            Kind::Postgres(store) => store.run(&STORED, args![set]).await,
        }
        .map(drop)
    }

    /// Writes the rows of so many messages, so many messages to a commit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn messages(&self, messages: u32, commit: u32, body: &[u8]) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(store) => rows(store, messages, commit, body).await,
            Kind::Postgres(store) => rows(store, messages, commit, body).await,
        }
    }
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
        write.run(&SEEN, args![ids("evt")]).await?;
        write.run(&EVENT, args![ids("evt"), text(FACTS_BYTES)]).await?;
        for key in ["t:", "p:", "o:"] {
            write.run(&CONTACT, args![ids(key), text(CONTACT_BYTES)]).await?;
        }
        for key in ["t:", "p:"] {
            write.run(&PROGRESS, args![ids(key)]).await?;
            write.run(&TOLD, args![ids(key)]).await?;
        }
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
