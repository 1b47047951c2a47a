//! What needs attention; on the first run, the way from sandbox to live.

use super::{Ask, Problem, Screen};

/// The overview.
pub async fn overview(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}
