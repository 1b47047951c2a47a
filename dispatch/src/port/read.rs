//! Lists and details for screens and the API.

use crate::brand::ChannelSettings;
use crate::channel::Channel;
use crate::error::Result;
use crate::id::{AccountId, BrandId, DecisionId, EventId, InvoiceId, MessageId};
use crate::time::{Month, Timestamp};
use crate::view::{
    CaseView, EventView, InvoiceDetail, InvoiceView, LogCounts, LogFilter, LogRow, OverviewView,
    Page, PriceView, ReasonCount, TextReception, UsageLine,
};
use async_trait::async_trait;
use std::time::Duration;

/// The store's part in showing.
#[async_trait]
pub trait Read: Send + Sync {
    /// What the overview counts.
    async fn overview(&self, account: AccountId, now: Timestamp) -> Result<OverviewView>;
    /// Rows of the log, newest first.
    async fn log(&self, account: AccountId, filter: &LogFilter) -> Result<Page<LogRow>>;
    /// How many rows each tab has since a moment.
    async fn log_counts(
        &self,
        account: AccountId,
        brand: Option<BrandId>,
        since: Timestamp,
    ) -> Result<LogCounts>;
    /// What was not sent since a moment, by the rule that stopped it, most frequent first.
    async fn reasons(
        &self,
        account: AccountId,
        brand: Option<BrandId>,
        since: Timestamp,
    ) -> Result<Vec<ReasonCount>>;
    /// How texts sent since a moment are received, by brand, channel, status and text: see
    /// [`crate::reception`] for what counts as stopping after a message.
    async fn reception(
        &self,
        account: AccountId,
        brand: Option<BrandId>,
        since: Timestamp,
    ) -> Result<Vec<TextReception>>;
    /// Everything about one decision.
    async fn case(&self, account: AccountId, decision: DecisionId) -> Result<Option<CaseView>>;
    /// Everything about one message: its decision's case.
    async fn case_of_message(
        &self,
        account: AccountId,
        message: MessageId,
    ) -> Result<Option<CaseView>>;
    /// Events, newest first, with the log's filters that apply to events; `before` is an event.
    async fn events(
        &self,
        account: AccountId,
        filter: &LogFilter,
        before: Option<EventId>,
    ) -> Result<Page<EventView>>;
    /// One event.
    async fn event(&self, account: AccountId, id: EventId) -> Result<Option<EventView>>;
    /// Charges of a month, counted.
    async fn usage(&self, account: AccountId, month: Month) -> Result<Vec<UsageLine>>;
    /// Invoices, newest first.
    async fn invoices(&self, account: AccountId) -> Result<Vec<InvoiceView>>;
    /// One invoice with its lines.
    async fn invoice(&self, account: AccountId, id: InvoiceId) -> Result<Option<InvoiceDetail>>;
    /// The prices of a channel in force at a moment for the account's company country, one per plan
    /// that has one ([`crate::plan::rate_in_force`]): what the activation shows and what is accepted.
    async fn prices(
        &self,
        account: AccountId,
        channel: Channel,
        at: Timestamp,
    ) -> Result<Vec<PriceView>>;
    /// Whether the database answers.
    async fn ping(&self) -> Result<()>;
    /// How many deliveries, events, messages and receipts wait in the whole server, and for how long the oldest of
    /// each has been: for metrics and the status page.
    async fn backlog(&self, now: Timestamp) -> Result<Backlog>;
    /// How the newest calls of each channel's provider went, in the whole server, since a moment. Looks at the
    /// newest few thousand only: it costs the same however many there are.
    async fn pulses(&self, since: Timestamp) -> Result<Vec<Pulse>>;
    /// The WhatsApp channel of each brand, for lists.
    async fn channels(&self, account: AccountId) -> Result<Vec<(BrandId, ChannelSettings)>>;
}

/// What waits in each stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Deliveries nobody has looked at.
    pub deliveries: i64,
    /// Events nobody has decided about.
    pub events: i64,
    /// Messages that wait to be sent.
    pub messages: i64,
    /// Messages of unknown outcome.
    pub unknown: i64,
    /// Failed messages that wait until somebody has them sent again.
    pub stranded: i64,
    /// Receipts not applied.
    pub receipts: i64,
    /// How long the oldest delivery has been waiting; zero when none is, as below.
    pub oldest_delivery: Duration,
    /// How long the oldest event has been.
    pub oldest_event: Duration,
    /// How long the oldest message that is due has been.
    pub oldest_due: Duration,
    /// How long the oldest receipt has been.
    pub oldest_receipt: Duration,
}

/// How calls to a channel's provider went lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulse {
    /// Which channel.
    pub channel: Channel,
    /// When a message was last taken.
    pub taken_at: Option<Timestamp>,
    /// When a call last ended without a clear answer, or with one that asks to try again.
    pub troubled_at: Option<Timestamp>,
}

impl Pulse {
    /// Whether the newest call that says something was a good one.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.taken_at >= self.troubled_at
    }
}
