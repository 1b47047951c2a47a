//! How long things are kept.

use crate::time::Timestamp;
use crate::words::words;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// A month counts as its longest, so that what is promised for a month is there for one.
const DAYS_OF_A_MONTH: u32 = 31;

words! {
    /// What is kept for a time of its own.
    Kept {
        /// What sources told us, as it came, and what a provider said of messages that nobody knows.
        Deliveries = "deliveries",
        /// Events, decisions, messages, attempts, receipts, and what customers wrote.
        Messages = "messages",
        /// What was told already, what was heard already, and whom an order belongs to.
        Keys = "keys",
    }
}

/// How long each is kept. The ledger, invoices, consent and settings stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Raw deliveries, in days.
    pub deliveries_days: u32,
    /// Messages and all that led to them, in months.
    pub messages_months: u32,
    /// Keys, in months.
    pub keys_months: u32,
}

impl Default for Retention {
    /// A quarter for what came in, two years for what was made of it, one for what must not be said again.
    fn default() -> Self {
        Self { deliveries_days: 90, messages_months: 24, keys_months: 12 }
    }
}

impl Retention {
    /// What is older than this need not be kept.
    #[must_use]
    pub fn before(&self, kept: Kept, now: Timestamp) -> Timestamp {
        let days = match kept {
            Kept::Deliveries => self.deliveries_days,
            Kept::Messages => self.messages_months * DAYS_OF_A_MONTH,
            Kept::Keys => self.keys_months * DAYS_OF_A_MONTH,
        };
        now.minus(DAY * days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_own_time() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let retention = Retention { deliveries_days: 7, messages_months: 2, keys_months: 3 };
        let days = |kept| now.since(retention.before(kept, now)).as_secs() / 86_400;
        assert_eq!(Kept::ALL.iter().map(|kept| days(*kept)).collect::<Vec<_>>(), [7, 62, 93]);
    }
}
