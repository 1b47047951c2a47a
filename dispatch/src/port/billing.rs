//! From charges to invoices.

use crate::error::Result;
use crate::id::{AccountId, IdSource, InvoiceId};
use crate::time::{Month, Timestamp};
use async_trait::async_trait;

/// The store's part in billing.
#[async_trait]
pub trait Billing: Send + Sync {
    /// Accounts with charges before the end of the month that no invoice bills yet.
    async fn accounts_to_bill(&self, month: Month) -> Result<Vec<AccountId>>;

    /// Makes the account's invoice for a month out of every charge up to its end that no invoice bills
    /// yet, in one commit ([`crate::invoice::draw_up`]). Answers none when the month already has its
    /// invoice, or nothing is to be billed: closing twice changes nothing.
    async fn close_month(
        &self,
        account: AccountId,
        month: Month,
        now: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<Option<InvoiceId>>;
}
