//! Event sources: the list, a new one, one with its deliveries.

use super::{Ask, Problem, Screen};

/// All connections.
pub async fn list(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// A new connection.
pub async fn new(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// One connection with its deliveries.
pub async fn connection(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}
