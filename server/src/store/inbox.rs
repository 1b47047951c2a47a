//! The inbox: raw deliveries in, events out.

use super::SqlStore;
use super::dialect::Dialect;
use super::row;
use super::sql::statements;
use super::value::{Set, args, cells};
use async_trait::async_trait;
use dispatch::error::{Error, Result};
use dispatch::event::Event;
use dispatch::id::{AccountId, ConnectionId, DeliveryId};
use dispatch::port::{Inbox, NewDelivery, StoredDelivery, Understood};
use dispatch::source::{Connection, DeliveryState};
use std::collections::{HashMap, HashSet};

statements! {
    FIND_CONNECTION = ["SELECT account_id, brand_id, id, source, state, auth, secrets FROM connection WHERE id = $1"];
    COUNT_REFUSED = ["INSERT INTO refused_delivery (account_id, connection_id, count) VALUES ($1, $2, 1) \
        ON CONFLICT (connection_id) DO UPDATE SET count = refused_delivery.count + 1"];
    STORE = ["INSERT INTO delivery (id, account_id, connection_id, received_at, body, state, reason, replays) \
        SELECT id, account_id, connection_id, received_at, body, 'stored', NULL, 0 FROM ",
        {id: text, account_id: text, connection_id: text, received_at: bigint, body: bytes}, " s"];
    WAIT = ["INSERT INTO delivery_inbox (id) SELECT id FROM ", {id: text}, " s"];
    STORED = ["SELECT d.account_id, c.brand_id, d.id, d.connection_id, c.source, d.received_at, d.body, d.replays \
        FROM ", waiting_deliveries, " JOIN connection c ON c.id = d.connection_id ORDER BY d.id"];
    // Only what is still waiting: somebody else may have finished it meanwhile.
    FINISH = ["UPDATE delivery SET state = s.state, reason = s.reason FROM ",
        {id: text, state: text, reason: text}, " s WHERE delivery.id = s.id AND delivery.state = 'stored' RETURNING delivery.id"];
    TAKEN = ["DELETE FROM delivery_inbox WHERE id", in_set, {id: text}, end_of_set];
    SEE = ["INSERT INTO seen_event (connection_id, dedup_key, event_id) SELECT connection_id, dedup_key, event_id FROM ",
        {connection_id: text, dedup_key: text, event_id: text}, " s WHERE true ON CONFLICT DO NOTHING RETURNING event_id"];
    ADD_EVENTS = ["INSERT INTO event (id, account_id, brand_id, connection_id, delivery_id, source, status, source_status, \
            direction, test, occurred_at, received_at, order_number, tracking_number, country, phone, facts) \
        SELECT id, account_id, brand_id, connection_id, delivery_id, source, status, source_status, direction, test, \
            occurred_at, received_at, order_number, tracking_number, country, phone, facts FROM ",
        {id: text, account_id: text, brand_id: text, connection_id: text, delivery_id: text, source: text, status: text,
         source_status: text, direction: text, test: bigint, occurred_at: bigint, received_at: bigint, order_number: text,
         tracking_number: text, country: text, phone: text, facts: text}, " s"];
    ASK = ["INSERT INTO event_inbox (id) SELECT id FROM ", {id: text}, " s"];
    REMEMBER = ["INSERT INTO contact (account_id, brand_id, key, occurred_at, facts) SELECT account_id, brand_id, key, occurred_at, facts FROM ",
        {account_id: text, brand_id: text, key: text, occurred_at: bigint, facts: text},
        " s WHERE true ON CONFLICT (brand_id, key) DO UPDATE SET occurred_at = excluded.occurred_at, facts = excluded.facts \
          WHERE excluded.occurred_at >= contact.occurred_at"];
    // A final status stays the furthest whatever comes later; else the later moment is the further one.
    ADVANCE = ["INSERT INTO progress (account_id, brand_id, key, final, status, occurred_at, received_at) \
        SELECT account_id, brand_id, key, final, status, occurred_at, received_at FROM ",
        {account_id: text, brand_id: text, key: text, final: bigint, status: text, occurred_at: bigint, received_at: bigint},
        " s WHERE true ON CONFLICT (brand_id, key) DO UPDATE SET final = excluded.final, status = excluded.status, \
            occurred_at = excluded.occurred_at, received_at = excluded.received_at \
          WHERE excluded.final > progress.final OR (excluded.final = progress.final AND excluded.occurred_at > progress.occurred_at)"];
    DUPLICATE = ["UPDATE delivery SET state = 'ignored', reason = 'duplicate' WHERE id IN (SELECT id FROM ", {id: text}, " s)"];
    REPLAY = ["UPDATE delivery SET state = 'stored', reason = NULL, replays = replays + 1 \
        WHERE account_id = $1 AND id = $2 AND state <> 'stored'"];
    WAIT_AGAIN = ["INSERT INTO delivery_inbox (id) VALUES ($1) ON CONFLICT DO NOTHING"];
    EXISTS = ["SELECT id FROM delivery WHERE account_id = $1 AND id = $2"];
}

#[async_trait]
impl<DB: Dialect> Inbox for SqlStore<DB> {
    async fn find_connection(&self, id: ConnectionId) -> Result<Option<Connection>> {
        let Some(mut row) = self.row(&FIND_CONNECTION, args![id]).await? else { return Ok(None) };
        Ok(Some(Connection {
            account: row.read()?,
            brand: row.read()?,
            id: row.read()?,
            source: row.read()?,
            state: row.read()?,
            proof: row::proof(&row.text()?),
            secrets: row::open_secrets(&self.sealer, id, &row.text()?)?,
        }))
    }

    async fn count_refused(&self, account: AccountId, connection: ConnectionId) -> Result<()> {
        self.run(&COUNT_REFUSED, args![account, connection]).await.map(drop)
    }

    async fn store_deliveries(&self, deliveries: &[NewDelivery]) -> Result<()> {
        let mut set = Set::new();
        for d in deliveries {
            set.push(&cells![d.id, d.account, d.connection, d.received_at, d.body]);
        }
        let mut write = self.write().await?;
        write.run(&STORE, args![set]).await?;
        write.run(&WAIT, args![Set::of(deliveries.iter().map(|d| d.id))]).await?;
        write.commit().await
    }

    async fn stored_deliveries(&self, limit: i64) -> Result<Vec<StoredDelivery>> {
        let rows = self.rows(&STORED, args![limit]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(StoredDelivery {
                    account: row.read()?,
                    brand: row.read()?,
                    id: row.read()?,
                    connection: row.read()?,
                    source: row.read()?,
                    received_at: row.time()?,
                    body: row.bytes()?,
                    replays: row.int()?,
                })
            })
            .collect()
    }

    async fn commit_understood(&self, understood: &[Understood]) -> Result<()> {
        let mut write = self.write_behind().await?;
        let mut finished = Set::new();
        for u in understood {
            finished.push(&cells![u.delivery, u.state, u.reason]);
        }
        let mine: HashSet<DeliveryId> = write
            .rows(&FINISH, args![finished])
            .await?
            .into_iter()
            .map(|mut row| row.read())
            .collect::<Result<_>>()?;
        write.run(&TAKEN, args![Set::of(mine.iter().copied())]).await?;

        let mut keys = Set::new();
        let told = || understood.iter().filter(|u| mine.contains(&u.delivery));
        for new in told().flat_map(|u| &u.events) {
            keys.push(&cells![new.event.connection, new.dedup_key, new.event.id]);
        }
        if keys.is_empty() {
            return write.commit().await;
        }
        let first: HashSet<_> = write
            .rows(&SEE, args![keys])
            .await?
            .into_iter()
            .map(|mut row| row.read::<dispatch::id::EventId>())
            .collect::<Result<_>>()?;

        let mut repeated = Set::new();
        for u in told().filter(|u| u.state == DeliveryState::Understood) {
            if !u.events.iter().any(|new| first.contains(&new.event.id)) {
                repeated.push(&cells![u.delivery]);
            }
        }
        if !repeated.is_empty() {
            write.run(&DUPLICATE, args![repeated]).await?;
        }

        let (mut events, mut asked) = (Set::new(), Set::new());
        let (mut contacts, mut progress) = (HashMap::new(), HashMap::new());
        for new in told().flat_map(|u| &u.events).filter(|new| first.contains(&new.event.id)) {
            events.push(&row::event_cells(new)?);
            asked.push(&cells![new.event.id]);
            remember(&new.event, &mut contacts);
            advance(&new.event, &mut progress);
        }
        if !events.is_empty() {
            write.run(&ADD_EVENTS, args![events]).await?;
            write.run(&ASK, args![asked]).await?;
        }
        let mut set = Set::new();
        for ((brand, key), event) in contacts {
            let facts = row::contact_json(&event.facts)?;
            set.push(&cells![event.account, brand, key, event.occurred_at, facts]);
        }
        if !set.is_empty() {
            write.run(&REMEMBER, args![set]).await?;
        }
        let mut set = Set::new();
        for ((brand, key), event) in progress {
            set.push(&cells![
                event.account,
                brand,
                key,
                event.status.is_final(),
                event.status,
                event.occurred_at,
                event.received_at
            ]);
        }
        if !set.is_empty() {
            write.run(&ADVANCE, args![set]).await?;
        }
        write.commit().await
    }

    async fn replay_delivery(&self, account: AccountId, delivery: DeliveryId) -> Result<()> {
        let mut write = self.write().await?;
        if write.run(&REPLAY, args![account, delivery]).await? == 1 {
            write.run(&WAIT_AGAIN, args![delivery]).await?;
            return write.commit().await;
        }
        drop(write);
        // Waiting already: asking twice is no error.
        self.row(&EXISTS, args![account, delivery]).await?.map(drop).ok_or(Error::NotFound)
    }
}

type Keyed<'a> = HashMap<(dispatch::id::BrandId, String), &'a Event>;

/// One statement may write a row only once, so the latest of the set is found here.
fn remember<'a>(event: &'a Event, contacts: &mut Keyed<'a>) {
    if !event.facts.has_contact() {
        return;
    }
    for key in event.contact_keys() {
        let entry = contacts.entry((event.brand, key)).or_insert(event);
        if event.occurred_at >= entry.occurred_at {
            *entry = event;
        }
    }
}

fn advance<'a>(event: &'a Event, progress: &mut Keyed<'a>) {
    if !event.is_progress() {
        return;
    }
    let weight = |e: &Event| (e.status.is_final(), e.occurred_at);
    for key in event.subject_keys() {
        let entry = progress.entry((event.brand, key)).or_insert(event);
        if weight(event) > weight(entry) {
            *entry = event;
        }
    }
}
