//! The log: what was sent, and why the rest was not.

use super::{Ask, Problem, Screen};

/// Everything that was sent and everything that was not.
pub async fn list(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// One message: outcome, timeline, rules.
pub async fn message(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// An event that sent nothing, explained.
pub async fn decision(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}
