//! One decision and its message, whole.

use super::{EventView, LogRow, ReplayedView};
use crate::attempt::Outcome;
use crate::channel::Channel;
use crate::decision::{OtherChannel, RuleOutcome};
use crate::id::{AttemptId, ChargeId, ConnectionId, InvoiceId, InvoiceLineId, MessageId};
use crate::language::Language;
use crate::ledger::ChargeKind;
use crate::message::MessageState;
use crate::money::Money;
use crate::plan::Plan;
use crate::receipt::ReceiptKind;
use crate::source::Source;
use crate::stranded::Stranded;
use crate::template::Rendered;
use crate::time::Timestamp;

/// Everything about one event's decision: the detail page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseView {
    /// The row it has in the log.
    pub row: LogRow,
    /// The brand's name.
    pub brand_name: String,
    /// What happened, whole.
    pub event: EventView,
    /// Told by which connection.
    pub connection: ConnectionId,
    /// From what kind of source.
    pub source: Source,
    /// Every rule with what it saw.
    pub rules: Vec<RuleOutcome>,
    /// What the other channels of the chain came to.
    pub others: Vec<OtherChannel>,
    /// The message, when one was made.
    pub message: Option<MessageView>,
}

/// A message with its whole history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageView {
    /// Which.
    pub id: MessageId,
    /// Where it is.
    pub state: MessageState,
    /// On which channel it is by now.
    pub channel: Channel,
    /// Who still stands in when it does not arrive.
    pub next: Option<NextView>,
    /// E.164, or a mail address.
    pub to: String,
    /// The recipient's name, if the source told it.
    pub name: Option<String>,
    /// Template.
    pub template: String,
    /// Its version.
    pub template_version: i64,
    /// Its language.
    pub language: Language,
    /// The text as the customer saw it.
    pub rendered: Rendered,
    /// When it was decided.
    pub created_at: Timestamp,
    /// Why it failed or was cancelled.
    pub failure: Option<String>,
    /// When it goes, while it is held.
    pub due_at: Option<Timestamp>,
    /// Why it waits for somebody, when it failed and can be sent again.
    pub waits: Option<Stranded>,
    /// When somebody had it sent again, oldest first.
    pub replays: Vec<ReplayedView>,
    /// Every try, in order.
    pub attempts: Vec<AttemptView>,
    /// Every receipt, by arrival.
    pub receipts: Vec<ReceiptView>,
    /// Lines of the ledger, in order.
    pub charges: Vec<ChargeView>,
}

/// A channel that stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextView {
    /// Which.
    pub channel: Channel,
    /// When, if the present one has not arrived by then; none when only its failure counts, or has not left yet.
    pub at: Option<Timestamp>,
    /// Minutes the present one has.
    pub after: Option<u32>,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptView {
    /// Which.
    pub id: AttemptId,
    /// 1 for the first.
    pub number: i64,
    /// On which channel.
    pub channel: Channel,
    /// When it began.
    pub started_at: Timestamp,
    /// When the answer came.
    pub finished_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The provider's id.
    pub provider_id: Option<String>,
    /// Code of the failure.
    pub code: Option<String>,
    /// Sentence of the failure.
    pub detail: Option<String>,
}

/// One receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptView {
    /// About which channel.
    pub channel: Channel,
    /// What it says.
    pub kind: ReceiptKind,
    /// By the provider's clock.
    pub occurred_at: Timestamp,
    /// By ours.
    pub received_at: Timestamp,
    /// Code, for failed.
    pub code: Option<String>,
    /// Words, for failed.
    pub detail: Option<String>,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeView {
    /// Which.
    pub id: ChargeId,
    /// Charge or reversal.
    pub kind: ChargeKind,
    /// How much.
    pub amount: Money,
    /// When.
    pub charged_at: Timestamp,
    /// The row of the price list.
    pub rate: String,
    /// Under which plan.
    pub plan: Plan,
    /// The invoice that bills it.
    pub invoice: Option<InvoiceId>,
    /// Its line.
    pub invoice_line: Option<InvoiceLineId>,
}
