//! One file per verb: each a public function that reads like its sentence.

mod apply_receipts;
mod close_month;
mod decide_events;
mod settle_attempt;
mod understand_deliveries;

pub use apply_receipts::apply_receipts;
pub use close_month::close_month;
pub use decide_events::{Terms, decide_events};
pub use settle_attempt::{settle_attempt, settle_recheck};
pub use understand_deliveries::understand_deliveries;
