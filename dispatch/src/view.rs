//! What screens and the API read: flat, made once by the store, nothing secret in it.
//!
//! Phones are whole here; whoever shows them masks them unless the viewer may see them
//! ([`crate::tenant::Permission::ReadPhones`]).

mod consent;
mod template;

pub use consent::{ConsentFigures, ConsentFilter, ConsentView, FaceView, ReceivedView};
pub use template::{
    TemplateAlert, TemplateChange, TemplateChangeView, TemplateTrouble, TemplateView, VersionView,
};

use crate::attempt::Outcome;
use crate::brand::{BrandState, SenderState};
use crate::change::{ChangeKind, Difference};
use crate::channel::Channel;
use crate::color::Color;
use crate::country::Country;
use crate::decision::{RuleCode, RuleOutcome, Verdict};
use crate::event::{Direction, EventStatus, Facts};
use crate::id::{
    AccountId, ApiKeyId, AttemptId, BrandId, ChangeId, ChargeId, ConnectionId, DecisionId,
    DeliveryId, EventId, InvitationId, InvoiceId, InvoiceLineId, MessageId, SenderId, UserId,
};
use crate::invoice::InvoiceState;
use crate::language::Language;
use crate::ledger::ChargeKind;
use crate::message::MessageState;
use crate::money::Money;
use crate::plan::Plan;
use crate::quiet::QuietHours;
use crate::receipt::ReceiptKind;
use crate::sender::SenderCheck;
use crate::source::{ConnectionState, DeliveryState, Source};
use crate::template::Rendered;
use crate::tenant::Role;
use crate::time::{Month, Timestamp};

/// An account, as its members see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    /// Which.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Where the company is registered: decides the price.
    pub company_country: Country,
    /// Its plan.
    pub plan: Plan,
    /// Since when.
    pub created_at: Timestamp,
}

/// An account a person belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipView {
    /// Which account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// What the person may do there.
    pub role: Role,
}

/// A person, as the top bar shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserView {
    /// Who.
    pub id: UserId,
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Language of the screens (`en`, `fr`), when chosen.
    pub language: Option<String>,
}

/// A member of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberView {
    /// Who.
    pub user: UserId,
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub since: Timestamp,
}

/// An invitation not yet taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationView {
    /// Which.
    pub id: InvitationId,
    /// For whom.
    pub email: String,
    /// With which role.
    pub role: Role,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A place where somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// Its id, hashed: names it without opening it.
    pub handle: String,
    /// The browser, as it calls itself.
    pub agent: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Last request.
    pub seen_at: Timestamp,
    /// The one that is asking.
    pub current: bool,
}

/// An API key; the key itself was shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyView {
    /// Which.
    pub id: ApiKeyId,
    /// What the owner called it.
    pub name: String,
    /// Its first characters, to tell keys apart.
    pub hint: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Last use, to the minute.
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A brand in lists and the switcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrandView {
    /// Which.
    pub id: BrandId,
    /// Name.
    pub name: String,
    /// In use or put away.
    pub state: BrandState,
    /// Default language.
    pub language: Language,
    /// Number behind `<<whatsappnumber>>`.
    pub whatsapp_number: Option<String>,
    /// Its colour on public pages, as it was chosen.
    pub color: Option<Color>,
    /// Where customers may ask by e-mail.
    pub support_email: Option<String>,
    /// Where customers may ask on the web.
    pub support_url: Option<String>,
    /// The public name of its logo.
    pub logo: Option<String>,
    /// When it does not write.
    pub quiet: QuietHours,
    /// Its WhatsApp sender.
    pub sender: Option<SenderView>,
    /// Counts edits, for conflicts.
    pub version: i64,
}

/// A sender without its credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderView {
    /// Which.
    pub id: SenderId,
    /// The platform's id of the number.
    pub phone_number_id: String,
    /// The number as people read it.
    pub display_number: String,
    /// Usable or not.
    pub state: SenderState,
    /// Whether it speaks to the built-in sandbox.
    pub sandbox: bool,
}

/// A sender with how it is, without its credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderDetail {
    /// The sender.
    pub sender: SenderView,
    /// The platform's id of the business account.
    pub waba_id: String,
    /// Where its receipts were last told to go.
    pub callback_url: Option<String>,
    /// When it was connected.
    pub created_at: Timestamp,
    /// When another took its place.
    pub replaced_at: Option<Timestamp>,
    /// Since when its state is what it is; since it was connected if nobody changed it.
    pub state_since: Option<Timestamp>,
    /// The provider's last code about it.
    pub error_code: Option<String>,
    /// When that came.
    pub error_at: Option<Timestamp>,
    /// When the provider last told us something, to the minute.
    pub callback_at: Option<Timestamp>,
    /// When it last asked for the verify token.
    pub verified_at: Option<Timestamp>,
    /// When it was last asked.
    pub checked_at: Option<Timestamp>,
    /// What it said then.
    pub check: Option<SenderCheck>,
}

/// A price in force, for the activation dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceView {
    /// The row of the price list.
    pub rate: String,
    /// Under which plan.
    pub plan: Plan,
    /// Each delivered message.
    pub price: Money,
    /// Since when.
    pub valid_from: Timestamp,
}

/// Messages of one cell over a span, for the matrix and its impact panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeView {
    /// Destination.
    pub country: Country,
    /// News.
    pub status: EventStatus,
    /// Events that came in (sent or not).
    pub events: i64,
}

/// A connection in lists and on its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionView {
    /// Which.
    pub id: ConnectionId,
    /// For which brand.
    pub brand: BrandId,
    /// The brand's name.
    pub brand_name: String,
    /// From what.
    pub source: Source,
    /// Accepts or not.
    pub state: ConnectionState,
    /// `hmac`, or the header's name.
    pub auth: String,
    /// How many keys are accepted (current, previous).
    pub secrets: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// The last delivery's arrival.
    pub last_delivery_at: Option<Timestamp>,
    /// Deliveries of the last 24 hours.
    pub deliveries_today: i64,
    /// Deliveries refused for a wrong signature, ever.
    pub refused: i64,
}

/// A raw delivery on its connection's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryView {
    /// Which.
    pub id: DeliveryId,
    /// By which connection.
    pub connection: ConnectionId,
    /// When it came.
    pub received_at: Timestamp,
    /// What became of it.
    pub state: DeliveryState,
    /// Why, when there is something to say: a stable word, sometimes with a detail after a colon.
    pub reason: Option<String>,
    /// Size of the body in bytes.
    pub size: i64,
    /// How often it was replayed.
    pub replays: i64,
    /// Its events: status, and what was decided.
    pub events: Vec<DeliveryEventView>,
}

/// What a delivery became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryEventView {
    /// Which event.
    pub event: EventId,
    /// What it said.
    pub status: EventStatus,
    /// The decision, once made.
    pub decision: Option<DecisionId>,
    /// Send, hold or skip.
    pub verdict: Option<Verdict>,
    /// The rule that decided against it.
    pub reason: Option<RuleCode>,
    /// The message.
    pub message: Option<MessageId>,
}

/// An event, as the API gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventView {
    /// Which.
    pub id: EventId,
    /// For which brand.
    pub brand: BrandId,
    /// In which delivery.
    pub delivery: DeliveryId,
    /// What happened.
    pub status: EventStatus,
    /// Which way.
    pub direction: Direction,
    /// Made by a test button.
    pub test: bool,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When we were told.
    pub received_at: Timestamp,
    /// The parcel and the person.
    pub facts: Facts,
}

/// One row of the log: a decision, and its message if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// The decision: the row's own id and the cursor of the list.
    pub decision: DecisionId,
    /// The event it is about.
    pub event: EventId,
    /// The message, when one was made.
    pub message: Option<MessageId>,
    /// For which brand.
    pub brand: BrandId,
    /// When it was decided.
    pub at: Timestamp,
    /// On which channel.
    pub channel: Channel,
    /// What happened.
    pub status: EventStatus,
    /// Destination.
    pub country: Option<Country>,
    /// Order.
    pub order_number: Option<String>,
    /// Carrier's number.
    pub tracking_number: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// Send, hold or skip.
    pub verdict: Verdict,
    /// The rule that decided against it.
    pub reason: Option<RuleCode>,
    /// Where the message is.
    pub state: Option<MessageState>,
    /// Why it failed or was cancelled: the provider's code or a word of ours.
    pub failure: Option<String>,
    /// When it goes, while it is held.
    pub due_at: Option<Timestamp>,
    /// What it cost so far.
    pub charged: Option<Money>,
}

/// Which rows of the log are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Only this brand.
    pub brand: Option<BrandId>,
    /// Only this part.
    pub tab: LogTab,
    /// Only this status.
    pub status: Option<EventStatus>,
    /// Only this destination.
    pub country: Option<Country>,
    /// Only what this rule stopped.
    pub reason: Option<RuleCode>,
    /// Only where the message is in this state.
    pub state: Option<MessageState>,
    /// Exact order number.
    pub order_number: Option<String>,
    /// Exact tracking number.
    pub tracking_number: Option<String>,
    /// Exact E.164.
    pub phone: Option<String>,
    /// Exact ids, as search finds them.
    pub message: Option<MessageId>,
    /// By the provider's id of the message.
    pub provider_id: Option<String>,
    /// What came out of this delivery.
    pub delivery: Option<DeliveryId>,
    /// What this line of an invoice bills.
    pub invoice_line: Option<InvoiceLineId>,
    /// Rows older than this one.
    pub before: Option<DecisionId>,
    /// At most so many.
    pub limit: i64,
}

/// The tabs of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogTab {
    /// Everything.
    #[default]
    All,
    /// With a message.
    Sent,
    /// Decided against.
    NotSent,
    /// Waiting.
    Held,
    /// Failed or of unknown outcome.
    Failed,
}

/// One change of a channel's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeView {
    /// Which.
    pub id: ChangeId,
    /// To what end.
    pub kind: ChangeKind,
    /// The earlier change it takes back or goes back to.
    pub of: Option<ChangeId>,
    /// Who; none for the server itself.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The version it led to.
    pub version: i64,
    /// What it changed.
    pub difference: Difference,
}

/// One page of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether older ones follow.
    pub more: bool,
}

/// How many rows of the log each tab has, over the last 30 days (a count people can wait for).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogCounts {
    /// Everything.
    pub all: i64,
    /// Decided against.
    pub not_sent: i64,
    /// Waiting.
    pub held: i64,
    /// Failed or of unknown outcome.
    pub failed: i64,
}

/// How many events one rule stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonCount {
    /// The rule.
    pub reason: RuleCode,
    /// How many.
    pub count: i64,
    /// The last one.
    pub last_at: Timestamp,
}

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
    /// E.164.
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
    /// Every try, in order.
    pub attempts: Vec<AttemptView>,
    /// Every receipt, by arrival.
    pub receipts: Vec<ReceiptView>,
    /// Lines of the ledger, in order.
    pub charges: Vec<ChargeView>,
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

/// The running month, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageLine {
    /// Brand.
    pub brand: BrandId,
    /// Its name.
    pub brand_name: String,
    /// Channel.
    pub channel: Channel,
    /// Destination.
    pub country: Country,
    /// Each.
    pub unit_price: Money,
    /// How many delivered.
    pub quantity: i64,
    /// Quantity times price, not rounded.
    pub amount: Money,
}

/// An invoice in lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceView {
    /// Which.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// The month it bills.
    pub month: Month,
    /// Where it stands.
    pub state: InvoiceState,
    /// The sum.
    pub total: Money,
    /// When it was made.
    pub issued_at: Timestamp,
    /// How many messages it bills.
    pub messages: i64,
}

/// An invoice with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceDetail {
    /// The invoice.
    pub invoice: InvoiceView,
    /// The account it is for.
    pub account: AccountView,
    /// Its lines.
    pub lines: Vec<InvoiceLineView>,
    /// Sum of the ledger behind it, recomputed when the page was read: equal to what the lines say.
    pub ledger_total: Money,
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLineView {
    /// Which.
    pub id: InvoiceLineId,
    /// Brand's name.
    pub brand_name: String,
    /// Channel.
    pub channel: Channel,
    /// Destination.
    pub country: Country,
    /// Charge or reversal.
    pub kind: ChargeKind,
    /// Each.
    pub unit_price: Money,
    /// How many.
    pub quantity: i64,
    /// Rounded once.
    pub amount: Money,
}

/// What the overview page counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewView {
    /// Brands in use.
    pub brands: i64,
    /// Connections in use, without the simulator.
    pub connections: i64,
    /// Whether any channel of any brand is on.
    pub activated: bool,
    /// The newest message that reached a phone.
    pub first_delivered: Option<LogRow>,
    /// Events of the last 24 hours.
    pub events_today: i64,
    /// Messages of the last 24 hours.
    pub messages_today: i64,
    /// Of those, delivered or read.
    pub delivered_today: i64,
    /// Of those, failed or of unknown outcome.
    pub failed_today: i64,
    /// Decided against in the last 24 hours.
    pub not_sent_today: i64,
    /// Charged this month, not rounded.
    pub cost_this_month: Money,
}
