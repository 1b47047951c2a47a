//! The overview's counts, what every brand is set to, and what waits in each stage.

use super::log::log_row;
use crate::store::SqlStore;
use crate::store::dialect::Dialect;
use crate::store::row as shared;
use crate::store::sql::statements;
use crate::store::value::{Row, args};
use dispatch::brand::ChannelSettings;
use dispatch::channel::Channel;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, AttemptId, BrandId, DecisionId, EventId, MessageId};
use dispatch::money::{Currency, Money};
use dispatch::port::{Backlog, Pulse};
use dispatch::time::Timestamp;
use dispatch::view::OverviewView;
use std::time::Duration;

statements! {
    SET_UP = ["SELECT (SELECT count(*) FROM brand WHERE account_id = $1 AND state = 'active'), \
        (SELECT count(*) FROM connection WHERE account_id = $1 AND state = 'active' AND source <> 'simulator'), \
        (SELECT count(*) FROM connection WHERE account_id = $1 AND source <> 'simulator'), \
        (SELECT count(*) FROM channel_setting s JOIN brand b ON b.id = s.brand_id WHERE b.account_id = $1 AND s.state = 'on')"];
    // Every message that reached a phone has its charge, and charges are found by their time.
    NEWEST_DELIVERED = [(log_columns), "FROM (SELECT message_id FROM charge WHERE account_id = $1 AND kind = 'charge' \
            ORDER BY charged_at DESC LIMIT 1) n JOIN message x ON x.id = n.message_id JOIN decision d ON d.id = x.decision_id ", log_joins, "WHERE d.account_id = $1"];
    EVENTS = ["SELECT count(*) FROM event WHERE account_id = $1 AND id >= $2 AND received_at >= $3"];
    MESSAGES = ["SELECT count(*), count(CASE WHEN state IN ('delivered', 'read') THEN 1 END), \
            count(CASE WHEN state IN ('failed', 'unknown') THEN 1 END) \
        FROM message WHERE account_id = $1 AND id >= $2 AND created_at >= $3"];
    WAITING = ["SELECT count(*) FROM stranded WHERE account_id = $1"];
    NOT_SENT = ["SELECT count(*) FROM decision WHERE account_id = $1 AND id >= $2 AND decided_at >= $3 AND verdict = 'skip'"];
    COST = ["SELECT coalesce(CAST(sum(micros) AS BIGINT), 0), min(currency) FROM charge WHERE account_id = $1 AND charged_at >= $2"];
    CHANNELS = ["SELECT b.id, c.state, c.activated_at, c.consent_basis, c.version, n.country, n.is_on, n.statuses \
        FROM brand b LEFT JOIN channel_setting c ON c.brand_id = b.id AND c.channel = $2 \
            LEFT JOIN country_setting n ON n.brand_id = b.id AND n.channel = $2 \
        WHERE b.account_id = $1 ORDER BY b.id, n.country"];
    PING = ["SELECT 1"];
    BACKLOG = ["SELECT (SELECT count(*) FROM delivery_inbox), (SELECT count(*) FROM event_inbox), \
        (SELECT count(*) FROM outbox WHERE phase = 'due' AND (good_until IS NULL OR due_at <= $1)), (SELECT count(*) FROM outbox WHERE phase = 'unknown'), \
        (SELECT count(*) FROM receipt_inbox WHERE look_at IS NOT NULL), \
        (SELECT count(*) FROM stranded), \
        (SELECT min(due_at) FROM outbox WHERE phase = 'due' AND due_at <= $1), \
        (SELECT received_at FROM delivery WHERE id = (SELECT min(id) FROM delivery_inbox)), \
        (SELECT received_at FROM event WHERE id = (SELECT min(id) FROM event_inbox)), \
        (SELECT min(received_at) FROM receipt_inbox WHERE look_at IS NOT NULL)"];
    // The newest by the primary key; older ones are not read.
    PULSES = ["SELECT channel, max(CASE WHEN outcome = 'accepted' THEN finished_at END), \
            max(CASE WHEN outcome IN ('retry', 'unknown') THEN finished_at END) \
        FROM (SELECT channel, outcome, finished_at FROM attempt WHERE id >= $1 ORDER BY id DESC LIMIT 2000) a \
        WHERE finished_at >= $2 GROUP BY channel ORDER BY channel"];
}

const DAY: Duration = Duration::from_secs(24 * 3600);

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn read_overview(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<OverviewView> {
        let since = now.minus(DAY);
        let mut set_up = self.row(&SET_UP, args![account]).await?.ok_or(Error::Corrupt)?;
        let newest = self.row(&NEWEST_DELIVERED, args![account]).await?;
        let first = EventId::least(since);
        let mut events =
            self.row(&EVENTS, args![account, first, since]).await?.ok_or(Error::Corrupt)?;
        let first = MessageId::least(since);
        let mut messages =
            self.row(&MESSAGES, args![account, first, since]).await?.ok_or(Error::Corrupt)?;
        let first = DecisionId::least(since);
        let mut not_sent =
            self.row(&NOT_SENT, args![account, first, since]).await?.ok_or(Error::Corrupt)?;
        let mut waiting = self.row(&WAITING, args![account]).await?.ok_or(Error::Corrupt)?;
        let month = now.month().start();
        let mut cost = self.row(&COST, args![account, month]).await?.ok_or(Error::Corrupt)?;
        Ok(OverviewView {
            brands: set_up.int()?,
            connections: set_up.int()?,
            was_connected: set_up.int()? > 0,
            activated: set_up.flag()?,
            first_delivered: newest.map(|mut row| log_row(&mut row)).transpose()?,
            events_today: events.int()?,
            messages_today: messages.int()?,
            delivered_today: messages.int()?,
            failed_today: messages.int()?,
            waiting: waiting.int()?,
            not_sent_today: not_sent.int()?,
            cost_this_month: Money::new(cost.int()?, cost.read_or_none()?.unwrap_or(Currency::EUR)),
        })
    }

    pub(super) async fn read_channels(
        &self,
        account: AccountId,
    ) -> Result<Vec<(BrandId, ChannelSettings)>> {
        let rows = self.rows(&CHANNELS, args![account, Channel::Whatsapp]).await?;
        shared::settings(Channel::Whatsapp, rows)
    }

    pub(super) async fn read_ping(&self) -> Result<()> {
        self.row(&PING, args![]).await.map(drop)
    }

    pub(super) async fn count_backlog(&self, now: Timestamp) -> Result<Backlog> {
        let mut row = self.row(&BACKLOG, args![now]).await?.ok_or(Error::Corrupt)?;
        let age = |since: Option<Timestamp>| since.map_or(Duration::ZERO, |since| now.since(since));
        Ok(Backlog {
            deliveries: row.int()?,
            events: row.int()?,
            messages: row.int()?,
            unknown: row.int()?,
            receipts: row.int()?,
            stranded: row.int()?,
            oldest_due: age(row.time_or_none()?),
            oldest_delivery: age(row.time_or_none()?),
            oldest_event: age(row.time_or_none()?),
            oldest_receipt: age(row.time_or_none()?),
        })
    }

    pub(super) async fn read_pulses(&self, since: Timestamp) -> Result<Vec<Pulse>> {
        let rows = self.rows(&PULSES, args![AttemptId::least(since), since]).await?;
        let pulse = |mut row: Row| {
            Ok(Pulse {
                channel: row.read()?,
                taken_at: row.time_or_none()?,
                troubled_at: row.time_or_none()?,
            })
        };
        rows.into_iter().map(pulse).collect()
    }
}
