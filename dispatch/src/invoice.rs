//! Invoices: a month's ledger, added up once. Finalising makes an invoice `open`; after that only
//! its payment changes, corrections go to the next month.

use crate::error::{Error, Result};
use crate::id::{AccountId, IdSource, InvoiceId, InvoiceLineId};
use crate::ledger::{BilledTally, Tally};
use crate::money::Money;
use crate::time::{Month, Timestamp};
use crate::words::words;

words! {
    /// Where an invoice stands.
    InvoiceState {
        /// Still collecting.
        Draft = "draft",
        /// Final, to be paid.
        Open = "open",
        /// Paid.
        Paid = "paid",
        /// Withdrawn; its number stays used.
        Void = "void",
    }
}

/// A finished bill, ready to be stored in one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvoice {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: InvoiceId,
    /// For which month.
    pub month: Month,
    /// Its lines, in the order people read them.
    pub lines: Vec<BilledTally>,
    /// The sum of the lines.
    pub total: Money,
    /// When it was made.
    pub at: Timestamp,
}

/// Makes the bill of one account and one currency from its tallies.
///
/// # Errors
/// `Corrupt` when a sum does not fit or the currencies differ.
pub fn draw_up(
    account: AccountId,
    id: InvoiceId,
    month: Month,
    mut tallies: Vec<Tally>,
    at: Timestamp,
    ids: &dyn IdSource,
) -> Result<Option<NewInvoice>> {
    let Some(first) = tallies.first() else { return Ok(None) };
    let mut total = Money::new(0, first.unit_price.currency);
    tallies.sort_by_key(|t| (t.brand, t.channel, t.country, t.kind, t.unit_price.micros));
    let mut lines = Vec::with_capacity(tallies.len());
    for tally in tallies {
        let micros = tally.unit_price.micros.checked_mul(tally.quantity).ok_or(Error::Corrupt)?;
        let amount = Money::new(micros, tally.unit_price.currency).rounded();
        total = total.plus(amount)?;
        lines.push(BilledTally { line: InvoiceLineId::mint(at, ids), tally, amount });
    }
    Ok(Some(NewInvoice { account, id, month, lines, total, at }))
}

/// The number people write on their payment: the month, and the account's count of invoices.
#[must_use]
pub fn number(month: Month, count: i64) -> String {
    format!("{month}-{count:04}")
}
