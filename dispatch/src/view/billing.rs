//! Prices, the running month, invoices.

use super::AccountView;
use crate::channel::Channel;
use crate::country::Country;
use crate::id::{BrandId, InvoiceId, InvoiceLineId};
use crate::invoice::InvoiceState;
use crate::ledger::ChargeKind;
use crate::money::Money;
use crate::plan::Plan;
use crate::time::{Month, Timestamp};

/// A price in force, for the activation dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceView {
    /// The row of the price list.
    pub rate: String,
    /// Under which plan.
    pub plan: Plan,
    /// Each delivered message.
    pub price: Money,
    /// Since when.
    pub valid_from: Timestamp,
}

/// The running month, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageLine {
    /// Brand.
    pub brand: BrandId,
    /// Its name.
    pub brand_name: String,
    /// Channel.
    pub channel: Channel,
    /// Destination.
    pub country: Country,
    /// Each.
    pub unit_price: Money,
    /// How many delivered.
    pub quantity: i64,
    /// Quantity times price, not rounded.
    pub amount: Money,
}

/// An invoice in lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceView {
    /// Which.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// The month it bills.
    pub month: Month,
    /// Where it stands.
    pub state: InvoiceState,
    /// The sum.
    pub total: Money,
    /// When it was made.
    pub issued_at: Timestamp,
    /// How many messages it bills.
    pub messages: i64,
}

/// An invoice with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceDetail {
    /// The invoice.
    pub invoice: InvoiceView,
    /// The account it is for.
    pub account: AccountView,
    /// Its lines.
    pub lines: Vec<InvoiceLineView>,
    /// Sum of the ledger behind it, recomputed when the page was read: equal to what the lines say.
    pub ledger_total: Money,
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLineView {
    /// Which.
    pub id: InvoiceLineId,
    /// Brand's name.
    pub brand_name: String,
    /// Channel.
    pub channel: Channel,
    /// Destination.
    pub country: Country,
    /// Charge or reversal.
    pub kind: ChargeKind,
    /// Each.
    pub unit_price: Money,
    /// How many.
    pub quantity: i64,
    /// Rounded once.
    pub amount: Money,
}
