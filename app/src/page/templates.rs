//! What messages say.

use super::{Ask, Problem, Screen};

/// The templates.
pub async fn templates(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}
