//! Tracking messages.

use super::{Ask, Problem, Screen};

/// The matrix.
pub async fn tracking(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}
