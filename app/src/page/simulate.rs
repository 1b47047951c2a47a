//! A parcel that does not exist, sent through the real pipeline.

use super::{Ask, Problem, Screen};

/// Chooses the parcel and sends its journey.
pub async fn simulate(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}
