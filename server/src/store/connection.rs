//! Connections as merchants manage them: keys, counts, and what became of each delivery.

use super::SqlStore;
use super::dialect::Dialect;
use super::row;
use super::sql::statements;
use super::value::{Row, Set, args};
use async_trait::async_trait;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, BrandId, ConnectionId, DeliveryId};
use dispatch::port::{Connections, NewConnection};
use dispatch::source::{Proof, Secret, Source};
use dispatch::time::Timestamp;
use dispatch::view::{ConnectionView, DeliveryEventView, DeliveryView, Page};
use std::collections::HashMap;
use std::time::Duration;

/// A connection in use with its counts; `$2` is the least delivery id of a day ago.
macro_rules! in_use {
    () => {
        "SELECT c.id, c.brand_id, b.name, c.source, c.state, c.auth, c.secrets, c.created_at, \
            (SELECT d.received_at FROM delivery d WHERE d.account_id = c.account_id AND d.connection_id = c.id ORDER BY d.id DESC LIMIT 1), \
            (SELECT count(*) FROM delivery d WHERE d.account_id = c.account_id AND d.connection_id = c.id AND d.id >= $2), \
            coalesce(r.count, 0) \
        FROM connection c JOIN brand b ON b.id = c.brand_id LEFT JOIN refused_delivery r ON r.connection_id = c.id \
        WHERE c.account_id = $1 AND c.state = 'active' "
    };
}

/// A delivery without its bytes.
macro_rules! delivery_columns {
    () => {
        "SELECT id, connection_id, received_at, state, reason, length(body), replays"
    };
}

statements! {
    ADD = ["INSERT INTO connection (id, account_id, brand_id, source, state, auth, secrets, created_at) \
        SELECT $3, b.account_id, b.id, $4, 'active', $5, $6, $7 FROM brand b WHERE b.account_id = $1 AND b.id = $2"];
    IN_USE = [(in_use), "ORDER BY c.id DESC"];
    ONE_IN_USE = [(in_use), "AND c.id = $3"];
    OF_SOURCE = ["SELECT id FROM connection WHERE account_id = $1 AND brand_id = $2 AND source = $3 AND state = 'active' ORDER BY id LIMIT 1"];
    // Changes nothing; two rotations wait for each other here, so that neither loses the other's key.
    LOCK = ["UPDATE connection SET state = state WHERE account_id = $1 AND id = $2 AND state = 'active' RETURNING secrets"];
    SET_SECRETS = ["UPDATE connection SET secrets = $3 WHERE account_id = $1 AND id = $2"];
    SECRETS = ["SELECT secrets FROM connection WHERE account_id = $1 AND id = $2 AND state = 'active'"];
    REMOVE = ["UPDATE connection SET state = 'removed' WHERE account_id = $1 AND id = $2 AND state = 'active'"];
    DELIVERIES = [(delivery_columns), " FROM delivery WHERE account_id = $1 AND connection_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4"];
    DELIVERY = [(delivery_columns), ", body FROM delivery WHERE account_id = $1 AND id = $2"];
    // Of deliveries that were found with their account.
    OUTCOMES = ["SELECT e.delivery_id, e.id, e.status, d.id, d.verdict, d.reason, d.message_id FROM ", {id: text},
        " s CROSS JOIN event e LEFT JOIN decision d ON d.event_id = e.id WHERE e.delivery_id = s.id ORDER BY e.id, d.id"];
}

const DAY: Duration = Duration::from_secs(24 * 3600);

#[async_trait]
impl<DB: Dialect> Connections for SqlStore<DB> {
    async fn create_connection(&self, account: AccountId, new: &NewConnection) -> Result<()> {
        let auth = row::proof_column(&new.proof);
        let secrets = row::seal_secrets(&self.sealer, new.id, &new.secrets)?;
        let connection = args![account, new.brand, new.id, new.source, auth, secrets, new.at];
        row::found(self.run(&ADD, connection).await?)
    }

    async fn connections(&self, account: AccountId, now: Timestamp) -> Result<Vec<ConnectionView>> {
        let yesterday = DeliveryId::least(now.minus(DAY));
        let rows = self.rows(&IN_USE, args![account, yesterday]).await?;
        rows.into_iter().map(|mut row| connection_view(&mut row)).collect()
    }

    async fn connection(
        &self,
        account: AccountId,
        id: ConnectionId,
        now: Timestamp,
    ) -> Result<Option<ConnectionView>> {
        let yesterday = DeliveryId::least(now.minus(DAY));
        let row = self.row(&ONE_IN_USE, args![account, yesterday, id]).await?;
        row.map(|mut row| connection_view(&mut row)).transpose()
    }

    async fn connection_of(
        &self,
        account: AccountId,
        brand: BrandId,
        source: Source,
    ) -> Result<Option<ConnectionId>> {
        let row = self.row(&OF_SOURCE, args![account, brand, source]).await?;
        row.map(|mut row| row.read()).transpose()
    }

    async fn rotate_secret(
        &self,
        account: AccountId,
        id: ConnectionId,
        secret: &Secret,
    ) -> Result<()> {
        let mut write = self.write().await?;
        let mut locked = write.rows(&LOCK, args![account, id]).await?;
        let column = locked.pop().ok_or(Error::NotFound)?.text()?;
        let former = row::open_secrets(&self.sealer, id, &column)?;
        let keys: Vec<Secret> =
            [secret.clone()].into_iter().chain(former.into_iter().take(1)).collect();
        let column = row::seal_secrets(&self.sealer, id, &keys)?;
        write.run(&SET_SECRETS, args![account, id, column]).await?;
        write.commit().await
    }

    async fn current_secret(&self, account: AccountId, id: ConnectionId) -> Result<Option<Secret>> {
        let Some(mut row) = self.row(&SECRETS, args![account, id]).await? else { return Ok(None) };
        Ok(row::open_secrets(&self.sealer, id, &row.text()?)?.into_iter().next())
    }

    async fn remove_connection(&self, account: AccountId, id: ConnectionId) -> Result<()> {
        row::found(self.run(&REMOVE, args![account, id]).await?)
    }

    async fn deliveries(
        &self,
        account: AccountId,
        connection: ConnectionId,
        before: Option<DeliveryId>,
        limit: i64,
    ) -> Result<Page<DeliveryView>> {
        let before = row::before(before);
        let rows = self.rows(&DELIVERIES, args![account, connection, before, limit + 1]).await?;
        let views =
            rows.into_iter().map(|mut row| delivery_view(&mut row)).collect::<Result<_>>()?;
        let mut page = row::page(views, limit);
        self.add_outcomes(&mut page.rows).await?;
        Ok(page)
    }

    async fn delivery(
        &self,
        account: AccountId,
        id: DeliveryId,
    ) -> Result<Option<(DeliveryView, Vec<u8>)>> {
        let Some(mut row) = self.row(&DELIVERY, args![account, id]).await? else { return Ok(None) };
        let mut view = delivery_view(&mut row)?;
        let body = row.bytes()?;
        self.add_outcomes(std::slice::from_mut(&mut view)).await?;
        Ok(Some((view, body)))
    }
}

impl<DB: Dialect> SqlStore<DB> {
    /// Adds to deliveries the events they became and what was decided about each.
    async fn add_outcomes(&self, views: &mut [DeliveryView]) -> Result<()> {
        if views.is_empty() {
            return Ok(());
        }
        let set = Set::of(views.iter().map(|view| view.id));
        let mut events: HashMap<DeliveryId, Vec<DeliveryEventView>> = HashMap::new();
        for mut row in self.rows(&OUTCOMES, args![set]).await? {
            events.entry(row.read()?).or_default().push(DeliveryEventView {
                event: row.read()?,
                status: row.read()?,
                decision: row.read_or_none()?,
                verdict: row.read_or_none()?,
                reason: row.read_or_none()?,
                message: row.read_or_none()?,
            });
        }
        for view in views {
            view.events = events.remove(&view.id).unwrap_or_default();
        }
        Ok(())
    }
}

fn connection_view(row: &mut Row) -> Result<ConnectionView> {
    Ok(ConnectionView {
        id: row.read()?,
        brand: row.read()?,
        brand_name: row.text()?,
        source: row.read()?,
        state: row.read()?,
        auth: match row::proof(&row.text()?) {
            Proof::Signature => "hmac".to_owned(),
            Proof::Header(name) => name,
        },
        secrets: row.json::<Vec<String>>()?.len() as i64,
        created_at: row.time()?,
        last_delivery_at: row.time_or_none()?,
        deliveries_today: row.int()?,
        refused: row.int()?,
    })
}

fn delivery_view(row: &mut Row) -> Result<DeliveryView> {
    Ok(DeliveryView {
        id: row.read()?,
        connection: row.read()?,
        received_at: row.time()?,
        state: row.read()?,
        reason: row.text_or_none()?,
        size: row.int()?,
        replays: row.int()?,
        events: Vec::new(),
    })
}
