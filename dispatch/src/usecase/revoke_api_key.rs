//! A key for the REST API is ended.

use super::{Ports, parse_id};
use crate::error::Result;
use crate::tenant::{Permission, Viewer};

/// The key stops working at once.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn revoke_api_key(ports: &Ports<'_>, viewer: &Viewer, id: &str) -> Result<()> {
    viewer.need(Permission::ManageKeys)?;
    ports.store.revoke_api_key(viewer.account, parse_id(id)?, ports.now()).await
}
