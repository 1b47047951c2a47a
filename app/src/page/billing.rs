//! The running month and the invoices.

use super::{Ask, Problem, Screen};

/// The running month and all invoices.
pub async fn billing(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// One invoice, whose lines open their messages.
pub async fn invoice(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}
