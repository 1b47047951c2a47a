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
        SELECT 'dlv' || id, $2, $3, 1, $4, 'understood', 0 FROM ", {id: text, number: text, phone: text}, " s"];
    SEEN = ["INSERT INTO seen_event (connection_id, dedup_key, event_id) SELECT $2, '0123456789abcdef0123456' || number || 'f', 'evt' || id FROM ", {id: text, number: text, phone: text}, " s"];
    CONTACT = ["INSERT INTO contact (account_id, brand_id, key, occurred_at, facts) \
        SELECT $2, $3, $4 || number, 1, $5 FROM ", {id: text, number: text, phone: text}, " s"];
    PROGRESS = ["INSERT INTO progress (account_id, brand_id, key, final, status, occurred_at, received_at) \
        SELECT $2, $3, $4 || number, 1, 'delivered', 1, 1 FROM ", {id: text, number: text, phone: text}, " s"];
    TOLD = ["INSERT INTO told (account_id, brand_id, status, key, event_id, at) \
        SELECT $2, $3, 'delivered', $4 || number, 'evt' || id, 1 FROM ", {id: text, number: text, phone: text}, " s"];
    EVENT = ["INSERT INTO event (id, account_id, brand_id, connection_id, delivery_id, source, status, direction, test, \
            occurred_at, received_at, order_number, tracking_number, country, phone, facts) \
        SELECT 'evt' || id, $2, $3, $4, 'dlv' || id, 'sendcloud', 'delivered', 'outbound', 0, 1, 1, 'L-' || number, 'PAST' || number, 'FR', \
            phone, $5 FROM ", {id: text, number: text, phone: text}, " s"];
    DECISION = ["INSERT INTO decision (id, account_id, brand_id, event_id, delivery_id, channel, verdict, rules, ruling, message_id, decided_at, \
            status, country, order_number, tracking_number, phone) \
        SELECT 'dec' || id, $2, $3, 'evt' || id, 'dlv' || id, 'whatsapp', 'send', $4, '000000000000000000000000', 'msg' || id, 1, 'delivered', 'FR', 'L-' || number, \
            'PAST' || number, phone FROM ", {id: text, number: text, phone: text}, " s"];
    MESSAGE = ["INSERT INTO message (id, account_id, brand_id, decision_id, sender_id, channel, country, tracking_status, recipient, \
            template, template_version, language, rendered, state, rank, charged, created_at) \
        SELECT 'msg' || id, $2, $3, 'dec' || id, $4, 'whatsapp', 'FR', 'delivered', phone, 'facteur_delivered', 1, 'fr', $5, 'read', \
            70, 1, 1 FROM ", {id: text, number: text, phone: text}, " s"];
    ATTEMPT = ["INSERT INTO attempt (id, account_id, message_id, sender_id, number, started_at, finished_at, outcome, provider_id, receipts) \
        SELECT 'att' || id, $2, 'msg' || id, $3, 1, 1, 1, 'accepted', 'wamid.HBgLMzM2MzAwMDA0MDcVAg' || id, $4 FROM ", {id: text, number: text, phone: text}, " s"];
    SETTLE = [settle];
    CHARGE = ["INSERT INTO charge (message_id, kind, id, account_id, brand_id, channel, country, currency, micros, rate_id, plan, charged_at) \
        SELECT 'msg' || id, 'charge', 'chg' || id, $2, $3, 'whatsapp', 'FR', 'EUR', 140000, 'whatsapp-growth-2025-01-01', 'growth', 1 \
        FROM ", {id: text, number: text, phone: text}, " s"];
}

/// Whose rows they are: ids as texts.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Account.
    pub account: String,
    /// Brand.
    pub brand: String,
    /// Connection.
    pub connection: String,
    /// Sender.
    pub sender: String,
}

impl Owner {
    /// Somebody who is not there.
    #[must_use]
    pub fn nobody() -> Self {
        let id = |prefix: &str| format!("{prefix}_01KA0000000000000000000000");
        Self { account: id("acc"), brand: id("brd"), connection: id("con"), sender: id("snd") }
    }
}

/// A message to be written.
#[derive(Debug, Clone)]
pub struct Written {
    /// What all its ids end in.
    pub id: String,
    /// Eight digits, which its order and its parcel bear.
    pub number: String,
    /// Whom it was for.
    pub phone: String,
}

// As long as those which the product writes for the benchmark's webhooks, on average.
/// What a decision keeps of its own beside its ruling.
const RULES_BYTES: usize = 37;
const RENDERED_BYTES: usize = 360;
const FACTS_BYTES: usize = 216;
const CONTACT_BYTES: usize = 62;

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

    /// Writes the rows of so many messages of nobody's, so many messages to a commit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn messages(&self, messages: u32, commit: u32, body: &[u8]) -> Result<()> {
        let owner = Owner::nobody();
        for first in (0..messages).step_by(usize::try_from(commit).unwrap_or(1)) {
            let numbers = first..(first + commit).min(messages);
            let part: Vec<Written> = numbers
                .map(|n| Written {
                    id: format!("_01KA{n:022}"),
                    number: format!("{n:08}"),
                    phone: "+33639980012".to_owned(),
                })
                .collect();
            self.fill(&owner, &part, body).await?;
        }
        Ok(())
    }

    /// Lets the database look at what was written, as it would have in the year that it took.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle(&self) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(_) => Ok(()),
            Kind::Postgres(store) => store.rows(&SETTLE, args![]).await.map(drop),
        }
    }

    /// Writes the rows of these messages in one commit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn fill(&self, owner: &Owner, part: &[Written], body: &[u8]) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(store) => rows(store, owner, part, body).await,
            Kind::Postgres(store) => rows(store, owner, part, body).await,
        }
    }
}

async fn rows<DB: Dialect>(
    store: &SqlStore<DB>,
    owner: &Owner,
    part: &[Written],
    body: &[u8],
) -> Result<()> {
    let text = |bytes: usize| "x".repeat(bytes);
    let all = || {
        let mut set = Set::new();
        for Written { id, number, phone } in part {
            set.push(&cells![*id, *number, *phone]);
        }
        set
    };
    let Owner { account, brand, connection, sender } = owner;
    let mut write = store.write().await?;
    write.run(&DELIVERY, args![all(), *account, *connection, body.to_vec()]).await?;
    write.run(&SEEN, args![all(), *connection]).await?;
    write.run(&EVENT, args![all(), *account, *brand, *connection, text(FACTS_BYTES)]).await?;
    for key in ["t:PAST", "p:sendcloud:1", "o:L-"] {
        write.run(&CONTACT, args![all(), *account, *brand, key, text(CONTACT_BYTES)]).await?;
    }
    for key in ["t:PAST", "p:sendcloud:1"] {
        write.run(&PROGRESS, args![all(), *account, *brand, key]).await?;
        write.run(&TOLD, args![all(), *account, *brand, key]).await?;
    }
    write.run(&DECISION, args![all(), *account, *brand, text(RULES_BYTES)]).await?;
    write.run(&MESSAGE, args![all(), *account, *brand, *sender, text(RENDERED_BYTES)]).await?;
    let receipts = ["sent", "delivered", "read"]
        .map(|kind| format!(",[\"{kind}\",1795161600000000,1795161600000000]"));
    write.run(&ATTEMPT, args![all(), *account, *sender, receipts.concat()]).await?;
    write.run(&CHARGE, args![all(), *account, *brand]).await?;
    write.commit().await
}
