//! A month's ledger becomes invoices.

use crate::error::{Error, Result};
use crate::id::{IdSource, InvoiceId};
use crate::port::Billing;
use crate::time::{Month, Timestamp};

/// Makes the invoice of every account that has something to pay for the month. Closing twice changes
/// nothing. Answers the new invoices.
///
/// # Errors
/// `Invalid` on `month` with `unfinished` while the month still runs, unless `early`.
pub async fn close_month(
    billing: &dyn Billing,
    ids: &dyn IdSource,
    month: Month,
    early: bool,
    now: Timestamp,
) -> Result<Vec<InvoiceId>> {
    if now < month.end() && !early {
        return Err(Error::invalid("month", "unfinished"));
    }
    let mut made = Vec::new();
    for account in billing.accounts_to_bill(month).await? {
        made.extend(billing.close_month(account, month, now, ids).await?);
    }
    Ok(made)
}
