//! Phones one can read and answer on.

use axum::Router;

use crate::state::Sandbox;

pub(crate) fn routes(_sandbox: &Sandbox) -> Router<Sandbox> {
    Router::new()
}
