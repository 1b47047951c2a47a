//! Entering and leaving.

use super::{Ask, Problem, Screen};

/// Sends to the overview; the frame asks who is not signed in to do so.
pub async fn home(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// Enter.
pub async fn sign_in(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// Make an account.
pub async fn sign_up(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// Leave.
pub async fn sign_out(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}
