//! Settings.

use super::{Ask, Problem, Screen};

/// All settings.
pub async fn hub(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// Brands.
pub async fn brands(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// A new brand.
pub async fn new_brand(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// One brand.
pub async fn brand(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// The account.
pub async fn account(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// Members.
pub async fn members(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// API keys.
pub async fn keys(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}

/// Sessions.
pub async fn sessions(_: Ask) -> Result<Screen, Problem> {
    Err(Problem::NotFound)
}
