//! From receipts to message states and charges.

use crate::channel::Channel;
use crate::consent::ConsentRecord;
use crate::country::Country;
use crate::error::Result;
use crate::id::{AccountId, AttemptId, BrandId, ChargeId, JoinId, MessageId, ReceiptId, SenderId};
use crate::join::{JoinCode, JoinRequest};
use crate::language::Language;
use crate::ledger::Charge;
use crate::message::{Fallback, MessageState};
use crate::plan::{Plan, Rate};
use crate::receipt::{Receipt, Standing};
use crate::source::Secret;
use crate::stranded::Stranded;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::time::Duration;

/// The sender of a callback's address, with what proves a callback.
#[derive(Debug, Clone)]
pub struct CallbackTarget {
    /// Whose.
    pub account: AccountId,
    /// Of which brand.
    pub brand: BrandId,
    /// Which.
    pub sender: SenderId,
    /// For which channel.
    pub channel: Channel,
    /// Entries for another number are not for us.
    pub phone_number_id: String,
    /// Templates belong to the business account.
    pub waba_id: String,
    /// Signs the bytes.
    pub app_secret: Secret,
    /// Answers the handshake.
    pub verify_token: Secret,
}

/// What a customer wrote.
#[derive(Debug, Clone)]
pub struct Inbound {
    /// Whose customer.
    pub account: AccountId,
    /// To which sender.
    pub sender: SenderId,
    /// The provider's id: the same message twice is one.
    pub provider_id: String,
    /// E.164; absent when the person hides it.
    pub from: Option<String>,
    /// What they wrote or tapped.
    pub text: String,
    /// When it came.
    pub received_at: Timestamp,
    /// What it means for consent, one record for each purpose: written in the same commit.
    pub consent: Vec<ConsentRecord>,
    /// The request of a sign-up page that it confirms. The records then count only if that is still open.
    pub confirms: Option<JoinId>,
}

/// The message a receipt is about, with what its price depends on.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Where the message is.
    pub standing: Standing,
    /// The attempt the receipt names.
    pub attempt: AttemptId,
    /// Which step of the message that attempt was.
    pub step: u32,
    /// Whether another channel stands in for that attempt's already.
    pub left: bool,
    /// Who stands in if that attempt fails.
    pub next: Option<Fallback>,
    /// Brand.
    pub brand: BrandId,
    /// The attempt's channel.
    pub channel: Channel,
    /// Destination.
    pub country: Country,
    /// The account's plan.
    pub plan: Plan,
    /// Where the company is registered.
    pub company_country: Country,
}

/// Whether receipts take a message out of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// It stays: an earlier channel only speaks up once more.
    No,
    /// As long as it is at this step: another channel may stand in meanwhile.
    Step(u32),
    /// It has arrived: nobody sends it or watches it any more, at whatever step.
    Arrived,
}

/// What the receipts of one message change, in one commit.
#[derive(Debug, Clone)]
pub struct Applied {
    /// Whose.
    pub account: AccountId,
    /// Which message.
    pub message: MessageId,
    /// The new state, if it moves.
    pub state: Option<MessageState>,
    /// Code, when the new state is failed.
    pub failure: Option<String>,
    /// Why it can be sent again once somebody has mended it, when the new state is failed.
    pub waits: Option<Stranded>,
    /// When to look whether the next channel stands in: now, if this one has failed.
    pub watch: Option<Timestamp>,
    /// Which step of the message the attempt was.
    pub step: u32,
    /// Whether it leaves the outbox.
    pub leaves: Leaving,
    /// The attempt that turns out to have been accepted, and the provider's id of it.
    pub attempt: AttemptId,
    /// The provider's id.
    pub provider_id: String,
    /// A line for the ledger.
    pub charge: Option<Charge>,
    /// The line that gives the charge back, if what was taken for delivered came back.
    pub reversal: Option<ChargeId>,
    /// The attempt's channel.
    pub channel: Channel,
    /// The receipts that are done with.
    pub receipts: Vec<ReceiptId>,
}

/// What a message was sent with: its present step's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// On which channel.
    pub channel: Channel,
    /// To whom: E.164, or a mail address.
    pub to: String,
    /// The text's name at the provider.
    pub template: String,
    /// The text's language.
    pub language: Language,
}

/// The store's part in receiving receipts.
#[async_trait]
pub trait Receipts: Send + Sync {
    /// The sender of a callback's address.
    async fn find_sender(&self, id: SenderId) -> Result<Option<CallbackTarget>>;

    /// Notes that the provider asked for a sender's verify token and got the right answer.
    async fn note_verified(
        &self,
        account: AccountId,
        sender: SenderId,
        now: Timestamp,
    ) -> Result<()>;

    /// The open request of a sign-up page with this code, made for this number: none when it was made for
    /// another number or brand, is confirmed already, or has expired.
    async fn open_join(
        &self,
        account: AccountId,
        brand: BrandId,
        code: JoinCode,
        address: &str,
        now: Timestamp,
    ) -> Result<Option<JoinRequest>>;

    /// Keeps receipts and inbound messages, in one commit; repetitions are dropped. An opt-out takes
    /// effect with this commit, and a request is confirmed with it, once. Notes, to the minute, that these senders were heard of.
    async fn store_receipts(&self, receipts: &[Receipt], inbound: &[Inbound]) -> Result<()>;

    /// Receipts not yet applied, oldest first.
    async fn unapplied(&self, now: Timestamp, limit: i64) -> Result<Vec<Receipt>>;

    /// The message of each receipt, as far as it can be found, in the receipts' order.
    async fn subjects(&self, receipts: &[Receipt]) -> Result<Vec<Option<Subject>>>;

    /// The whole price list.
    async fn rates(&self) -> Result<Vec<Rate>>;

    /// Moves messages, appends charges and reversals (at most one of each per message), settles unknown attempts
    /// and marks receipts done, in one commit. What another worker has done with all its receipts meanwhile changes nothing.
    async fn commit_receipts(&self, applied: &[Applied], at: Timestamp) -> Result<()>;

    /// What a message was sent with.
    async fn told(&self, account: AccountId, message: MessageId) -> Result<Option<Told>>;

    /// Receipts whose message is not known (yet): looked at again after `wait`, given up after a day.
    async fn postpone(&self, receipts: &[ReceiptId], now: Timestamp, wait: Duration) -> Result<()>;
}
