//! A portfolio's daily limit, as the sender's page shows it.

use crate::reach::Limit;
use crate::time::Timestamp;

/// How a portfolio stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachView {
    /// What is known of its limit.
    pub limit: Limit,
    /// Places of a hundred kept for urgent news.
    pub percent: u32,
    /// People reached within the last day who count. Nobody is counted while there is no limit.
    pub reached: u32,
    /// When the next of them counts no more.
    pub next_at: Option<Timestamp>,
    /// Messages that wait for a place.
    pub waiting: u32,
    /// Brands whose numbers share the limit.
    pub brands: u32,
}
