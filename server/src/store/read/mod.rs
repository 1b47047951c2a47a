//! What screens and the API read: one file per group of screens.

/// A row of the log: a decision, its message and what that cost so far.
macro_rules! log_columns {
    () => {
        "SELECT d.id, d.event_id, d.message_id, d.brand_id, d.decided_at, d.channel, m.channel, d.status, d.country, \
            d.order_number, d.tracking_number, d.phone, d.verdict, d.reason, m.state, m.failure, o.due_at, \
            c.micros + coalesce(r.micros, 0), c.currency "
    };
}

/// What [`row::event`](super::row::event) reads.
macro_rules! event_columns {
    () => {
        "e.account_id, e.id, e.brand_id, e.connection_id, e.delivery_id, e.source, e.status, e.direction, \
            e.test, e.occurred_at, e.received_at, e.facts "
    };
}

mod billing;
mod case;
mod event;
mod log;
mod overview;
mod reception;

use super::SqlStore;
use super::dialect::Dialect;
use super::sql::Sql;
use async_trait::async_trait;
use dispatch::brand::ChannelSettings;
use dispatch::channel::Channel;
use dispatch::error::Result;
use dispatch::id::{AccountId, BrandId, DecisionId, EventId, InvoiceId, MessageId};
use dispatch::port::{Backlog, Pulse, Read};
use dispatch::time::{Month, Timestamp};
use dispatch::view::{
    CaseView, EventView, InvoiceDetail, InvoiceView, LogCounts, LogFilter, LogRow, OverviewView,
    Page, PriceView, ReasonCount, TextReception, UsageLine,
};

/// Every statement of this folder's files.
pub(in crate::store) fn statements() -> impl Iterator<Item = &'static Sql> {
    [billing::ALL, case::ALL, event::ALL, log::ALL, overview::ALL, reception::ALL]
        .into_iter()
        .flatten()
        .copied()
}

#[async_trait]
impl<DB: Dialect> Read for SqlStore<DB> {
    async fn overview(&self, account: AccountId, now: Timestamp) -> Result<OverviewView> {
        self.read_overview(account, now).await
    }

    async fn log(&self, account: AccountId, filter: &LogFilter) -> Result<Page<LogRow>> {
        self.read_log(account, filter).await
    }

    async fn log_counts(
        &self,
        account: AccountId,
        brand: Option<BrandId>,
        since: Timestamp,
    ) -> Result<LogCounts> {
        self.count_log(account, brand, since).await
    }

    async fn reasons(
        &self,
        account: AccountId,
        brand: Option<BrandId>,
        since: Timestamp,
    ) -> Result<Vec<ReasonCount>> {
        self.count_reasons(account, brand, since).await
    }

    async fn reception(
        &self,
        account: AccountId,
        brand: Option<BrandId>,
        since: Timestamp,
    ) -> Result<Vec<TextReception>> {
        self.read_reception(account, brand, since).await
    }

    async fn case(&self, account: AccountId, decision: DecisionId) -> Result<Option<CaseView>> {
        self.read_case(account, decision).await
    }

    async fn case_of_message(
        &self,
        account: AccountId,
        message: MessageId,
    ) -> Result<Option<CaseView>> {
        match self.decision_of(account, message).await? {
            Some(decision) => self.read_case(account, decision).await,
            None => Ok(None),
        }
    }

    async fn events(
        &self,
        account: AccountId,
        filter: &LogFilter,
        before: Option<EventId>,
    ) -> Result<Page<EventView>> {
        self.read_events(account, filter, before).await
    }

    async fn event(&self, account: AccountId, id: EventId) -> Result<Option<EventView>> {
        self.read_event(account, id).await
    }

    async fn usage(&self, account: AccountId, month: Month) -> Result<Vec<UsageLine>> {
        self.read_usage(account, month).await
    }

    async fn invoices(&self, account: AccountId) -> Result<Vec<InvoiceView>> {
        self.read_invoices(account).await
    }

    async fn invoice(&self, account: AccountId, id: InvoiceId) -> Result<Option<InvoiceDetail>> {
        self.read_invoice(account, id).await
    }

    async fn prices(
        &self,
        account: AccountId,
        channel: Channel,
        at: Timestamp,
    ) -> Result<Vec<PriceView>> {
        self.read_prices(account, channel, at).await
    }

    async fn ping(&self) -> Result<()> {
        self.read_ping().await
    }

    async fn backlog(&self, now: Timestamp) -> Result<Backlog> {
        self.count_backlog(now).await
    }

    async fn pulses(&self, since: Timestamp) -> Result<Vec<Pulse>> {
        self.read_pulses(since).await
    }

    async fn channels(&self, account: AccountId) -> Result<Vec<(BrandId, ChannelSettings)>> {
        self.read_channels(account).await
    }
}

/// The parameter of an optional filter: empty when it is not asked for.
fn any<T: std::fmt::Display>(filter: Option<&T>) -> String {
    filter.map(ToString::to_string).unwrap_or_default()
}
