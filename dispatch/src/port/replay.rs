//! From failed messages that somebody can help back to the queue.

use crate::channel::Channel;
use crate::country::Country;
use crate::error::Result;
use crate::id::{AccountId, BrandId, MessageId, ReplayId, SenderId};
use crate::message::MessageState;
use crate::stranded::{Replay, ReplayFilter, Stranded, StrandedMessage};
use crate::time::Timestamp;
use crate::view::ReplayView;
use async_trait::async_trait;

/// Messages that wait and have the same of everything they can be picked by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrandedGroup {
    /// Of which brand.
    pub brand: BrandId,
    /// To where.
    pub country: Country,
    /// On which channel.
    pub channel: Channel,
    /// From which sender they failed.
    pub sender: SenderId,
    /// What that sender is called.
    pub sender_name: String,
    /// Why they wait.
    pub reason: Stranded,
    /// How many.
    pub count: i64,
}

/// A message that goes back to the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentAgain {
    /// Which.
    pub message: MessageId,
    /// The step it failed at; one that has moved since is left alone.
    pub step: u32,
    /// From which sender it goes now.
    pub sender: SenderId,
    /// As what it waits: whoever is held is looked at once more before leaving.
    pub state: MessageState,
    /// When its turn comes.
    pub due_at: Timestamp,
    /// Until when its news is recent enough.
    pub good_until: Timestamp,
    /// The name under which newer news of its parcel is looked for.
    pub subject: Option<String>,
}

/// One commit of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayBatch {
    /// As it stands afterwards, but for what this batch sends.
    pub replay: Replay,
    /// How many had been looked at before; none when it begins with this batch.
    pub before: Option<i64>,
    /// What goes back to the queue.
    pub again: Vec<SentAgain>,
    /// What waits no longer, because nothing can be done about it any more.
    pub let_go: Vec<MessageId>,
}

/// The store's part in sending again.
#[async_trait]
pub trait Replays: Send + Sync {
    /// Messages of the account that wait, in the order of their ids, after one of them.
    async fn stranded(
        &self,
        account: AccountId,
        filter: &ReplayFilter,
        after: Option<MessageId>,
        limit: i64,
    ) -> Result<Vec<StrandedMessage>>;

    /// How many wait, counted up to `most`.
    async fn count_stranded(
        &self,
        account: AccountId,
        filter: &ReplayFilter,
        most: i64,
    ) -> Result<i64>;

    /// What there is to pick by, most frequent first.
    async fn stranded_groups(&self, account: AccountId) -> Result<Vec<StrandedGroup>>;

    /// Sends a batch again, whole or not at all, and answers how many went. Each message goes once, whoever else does
    /// the same at that moment: one that waits no longer, or of which it is not sure any more that nobody has it, is
    /// left alone. None when somebody else has done this step, or the replay has begun already.
    async fn commit_replay(&self, batch: &ReplayBatch) -> Result<Option<i64>>;

    /// Replays that are not through, of any account, oldest first.
    async fn unfinished_replays(&self, limit: i64) -> Result<Vec<Replay>>;

    /// The account's replays, newest first.
    async fn replays(&self, account: AccountId, limit: i64) -> Result<Vec<ReplayView>>;

    /// One of them.
    async fn replay(&self, account: AccountId, id: ReplayId) -> Result<Option<ReplayView>>;
}
