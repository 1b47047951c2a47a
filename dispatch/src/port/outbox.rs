//! From messages to attempts.

use crate::attempt::{Answer, Claimed};
use crate::channel::{Channel, TrackingStatus};
use crate::country::Country;
use crate::error::Result;
use crate::id::{AccountId, AttemptId, IdSource, MessageId, ReceiptId, SenderId};
use crate::message::Fallback;
use crate::quiet::QuietHours;
use crate::stranded::Stranded;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::time::Duration;

/// An attempt that ended, and what follows for the message.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Whose.
    pub account: AccountId,
    /// Which message.
    pub message: MessageId,
    /// Which attempt.
    pub attempt: AttemptId,
    /// From which sender.
    pub sender: SenderId,
    /// Which step of the message it was: what a later step has done is left alone.
    pub step: u32,
    /// What the provider answered; none when nothing was sent because of the second look.
    pub answer: Option<Answer>,
    /// What follows.
    pub settlement: Settlement,
    /// When it ended.
    pub at: Timestamp,
}

/// A sender's messages that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// Whose.
    pub sender: SenderId,
    /// When the first of them is due.
    pub first_due: Timestamp,
}

/// What follows for the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// The provider has it; receipts follow. Looked at again at that moment: by then it should have arrived.
    Accepted {
        /// When, unless it has all the time.
        watch: Option<Timestamp>,
    },
    /// Due again.
    Again(Timestamp),
    /// Due again, and the try does not count: it says nothing against the message.
    PutOff(Timestamp),
    /// Due again, and nothing was tried: the attempt is taken back.
    GivenBack {
        /// When its turn comes.
        at: Timestamp,
        /// The word for what it waits for.
        why: String,
    },
    /// A receipt or this deadline settles it.
    Unknown(Timestamp),
    /// The next channel stands in; this one failed with a code.
    Next {
        /// The failure's code.
        code: String,
        /// Who stands in.
        fallback: Box<Fallback>,
    },
    /// Given up.
    Failed {
        /// The failure's code.
        code: String,
        /// What somebody has to mend before it can be sent again; none when that is of no use.
        waits: Option<Stranded>,
    },
    /// Withdrawn, with the reason's word.
    Cancelled(String),
}

/// The store's part in sending.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// The senders with messages that wait, and when the first of each is due, earliest first. Costs the same
    /// however many messages wait.
    async fn queues(&self) -> Result<Vec<Queue>>;

    /// Which of these senders the worker owns from now until `until`: one worker at a time owns a sender, so
    /// its limits hold across processes. What nobody owns any more is taken over.
    async fn own(
        &self,
        worker: &str,
        senders: &[SenderId],
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<SenderId>>;

    /// Says that the worker is at work until then. Whoever said so and does not say it again in time has died, and
    /// what it had leased is rescued before the leases run out.
    async fn attend(&self, worker: &str, now: Timestamp, until: Timestamp) -> Result<()>;

    /// Gives up whatever the worker owns: another one need not wait until it runs out.
    async fn disown(&self, worker: &str) -> Result<()>;

    /// Leases due messages until `now + lease`, at most so many of each sender, and writes an attempt for each,
    /// in one commit, before anything is sent. Looks at opt-outs and the sender's state once more.
    async fn claim(
        &self,
        worker: &str,
        now: Timestamp,
        lease: Duration,
        rooms: &[(SenderId, i64)],
        ids: &dyn IdSource,
    ) -> Result<Vec<Claimed>>;

    /// Writes down ended attempts and what follows, in one commit. A message that a receipt has
    /// moved further meanwhile stays there.
    async fn finish(&self, finished: &[Finished]) -> Result<()>;

    /// Attempts whose lease ran out (the process died): their outcome is unknown until `deadline`.
    /// `everyone` also takes leases that still run, of workers other than this one: right when this
    /// process is the only one. Returns how many.
    async fn rescue(
        &self,
        worker: &str,
        everyone: bool,
        now: Timestamp,
        deadline: Timestamp,
    ) -> Result<u64>;

    /// Messages of unknown outcome past their deadline become due again; those that were tried `most_attempts` times, or of
    /// whose present channel `most_lost` answers were lost, are failed. A lease that ran out is no lost answer: the
    /// provider may never have been asked. Returns how many of both.
    async fn give_up_waiting(
        &self,
        now: Timestamp,
        most_attempts: u32,
        most_lost: u32,
    ) -> Result<u64>;

    /// No unknown outcome is given up before `deadline`: after a downtime of ours, receipts that could
    /// not reach us get their chance first.
    async fn extend_unknown(&self, deadline: Timestamp) -> Result<()>;
}

/// A message that has not arrived in the time it was given.
#[derive(Debug, Clone)]
pub struct Watched {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub message: MessageId,
    /// The step it is at.
    pub step: u32,
    /// The attempt that was accepted, or whose outcome is unknown.
    pub attempt: Option<AttemptId>,
    /// The provider's id of it.
    pub provider_id: Option<String>,
    /// From which sender.
    pub sender: SenderId,
    /// On which channel.
    pub channel: Channel,
    /// Whether the provider took it; else its outcome is unknown.
    pub accepted: bool,
    /// The provider's code, if it has said that it will not arrive.
    pub failed: Option<String>,
    /// Whether something further along became known, or the brand was put away.
    pub overtaken: bool,
    /// Who stands in.
    pub next: Option<Fallback>,
    /// Destination.
    pub country: Country,
    /// Which news.
    pub tracking_status: TrackingStatus,
    /// When its brand does not write.
    pub quiet: QuietHours,
}

/// What becomes of a watched message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchEnd {
    /// Nothing: it is not watched any more.
    Leave,
    /// The next channel stands in, not before that moment.
    Next(Box<Fallback>, Timestamp),
    /// No news is good news: it counts as delivered, with this receipt.
    Delivered(ReceiptId),
    /// It will not arrive, and nobody need stand in: the provider's code.
    Failed(String),
}

/// The store's part in watching what was sent.
#[async_trait]
pub trait Watch: Send + Sync {
    /// Messages whose time is over and that have not arrived: accepted ones that are watched, and those of unknown
    /// outcome past their deadline that another channel can stand in for. What has arrived meanwhile is forgotten.
    async fn watched(&self, now: Timestamp, limit: i64) -> Result<Vec<Watched>>;

    /// Ends the watching of each as said, in one commit; what has moved on meanwhile is left alone.
    async fn end_watch(&self, ends: &[(Watched, WatchEnd)], now: Timestamp) -> Result<()>;
}
