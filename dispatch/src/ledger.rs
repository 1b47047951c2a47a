//! The ledger: append-only lines of what was delivered and what it cost, priced for the day.

use crate::channel::Channel;
use crate::country::Country;
use crate::id::{AccountId, BrandId, ChargeId, InvoiceLineId, MessageId};
use crate::money::Money;
use crate::plan::Plan;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What a line says.
    ChargeKind {
        /// Delivered: to be paid.
        Charge = "charge",
        /// A later contradiction: given back.
        Reversal = "reversal",
    }
}

/// One line. Its id is unique per message and kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: ChargeId,
    /// For which message.
    pub message: MessageId,
    /// Of which brand.
    pub brand: BrandId,
    /// On which channel.
    pub channel: Channel,
    /// To which destination.
    pub country: Country,
    /// Charge or reversal.
    pub kind: ChargeKind,
    /// The price (negative for a reversal).
    pub amount: Money,
    /// The row of the price list that gave it.
    pub rate: String,
    /// The plan it was priced under.
    pub plan: Plan,
    /// When the first delivered receipt was stored: decides month and price.
    pub charged_at: Timestamp,
}

/// Equal charges, counted: what an invoice's lines are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Of which brand.
    pub brand: BrandId,
    /// On which channel.
    pub channel: Channel,
    /// To which destination.
    pub country: Country,
    /// Charge or reversal.
    pub kind: ChargeKind,
    /// Each.
    pub unit_price: Money,
    /// How many.
    pub quantity: i64,
}

/// The line of the bill a tally becomes, and the charges it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledTally {
    /// The line.
    pub line: InvoiceLineId,
    /// What it counts.
    pub tally: Tally,
    /// Rounded once, half to even.
    pub amount: Money,
}
