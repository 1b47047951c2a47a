//! How many people a portfolio reaches within a day.

use crate::attempt::Claimed;
use crate::error::Result;
use crate::id::{AccountId, AttemptId, BrandId, MessageId, SenderId};
use crate::reach::Limit;
use crate::sender::SenderCheck;
use crate::time::Timestamp;
use crate::view::ReachView;
use async_trait::async_trait;
use std::collections::HashMap;
use std::time::Duration;

/// A business portfolio, as one account knows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Portfolio {
    /// Whose.
    pub account: AccountId,
    /// The platform's id; that of the business account while the platform has not told.
    pub id: String,
}

/// What is set for every portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReachTerms {
    /// The limit where the platform has told none.
    pub unknown: Option<u32>,
    /// How old news may be: what waits longer is not sent any more.
    pub stale_after: Duration,
}

/// What follows for a claimed message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It may be sent now; its recipient has a place, or needs none.
    Go,
    /// It waits for a place, which is expected then. Its lease is over, and nothing was tried.
    Held(Timestamp),
    /// It would wait longer than its brand gives this channel: the next one is sooner.
    Next,
}

/// What a provider tells about a portfolio or a number of it. What is not told stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReachNews {
    /// The platform's id of the portfolio.
    pub portfolio: Option<String>,
    /// How many people it may reach.
    pub limit: Option<Limit>,
    /// Messages a second from one number, and its digits.
    pub per_second: Option<(u32, String)>,
}

impl ReachNews {
    /// What a provider told when it was asked about a number.
    #[must_use]
    pub fn of(check: &SenderCheck) -> Self {
        let limit = check.limit.map(Limit::People).or(check.unlimited.then_some(Limit::Any));
        Self { portfolio: check.portfolio.clone(), limit, per_second: None }
    }

    /// Whether nothing was told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The store's part in keeping the limit. Portfolios without one cost nothing: they are not asked about.
#[async_trait]
pub trait Reach: Send + Sync {
    /// The portfolio of each of these senders that has a limit.
    async fn limited(
        &self,
        senders: &[SenderId],
        unknown: Option<u32>,
    ) -> Result<HashMap<SenderId, Portfolio>>;

    /// Gives claimed messages of a portfolio's numbers their places, or plans when they get one, in one commit.
    /// Exact however many workers do so at once.
    async fn admit(
        &self,
        portfolio: &Portfolio,
        claimed: &[&Claimed],
        terms: ReachTerms,
        now: Timestamp,
    ) -> Result<HashMap<MessageId, Admission>>;

    /// Gives back the places of recipients to whom nothing was sent, each with the attempt it was taken for.
    async fn give_back_places(
        &self,
        portfolio: &Portfolio,
        unsent: &[(String, AttemptId)],
    ) -> Result<()>;

    /// Portfolios with messages that wait for a place.
    async fn find_waiting_portfolios(&self) -> Result<Vec<Portfolio>>;

    /// Lets messages go for which places have become free. Answers how many are due sooner than planned.
    async fn move_up(
        &self,
        portfolio: &Portfolio,
        terms: ReachTerms,
        now: Timestamp,
    ) -> Result<u64>;

    /// Notes what the provider of a sender told.
    async fn hear_reach(
        &self,
        account: AccountId,
        sender: SenderId,
        news: &ReachNews,
        now: Timestamp,
    ) -> Result<()>;

    /// How the portfolio of a brand's number stands; none when it has no number of a portfolio.
    async fn reach(
        &self,
        account: AccountId,
        brand: BrandId,
        now: Timestamp,
    ) -> Result<Option<ReachView>>;

    /// Sets how many places of a hundred are kept for urgent news, for the portfolio of a brand's number.
    async fn set_kept(&self, account: AccountId, brand: BrandId, percent: u32) -> Result<()>;

    /// Forgets who was reached longer ago than counts. Answers how many.
    async fn sweep_reached(&self, now: Timestamp) -> Result<u64>;
}
