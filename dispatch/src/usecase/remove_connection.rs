//! A connection is switched off.

use super::parse_id;
use crate::error::Result;
use crate::port::Connections;
use crate::tenant::{Permission, Viewer};

/// Its address answers 404 from now on; what it delivered stays.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn remove_connection(
    store: &(impl Connections + ?Sized),
    viewer: &Viewer,
    connection: &str,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    store.remove_connection(viewer.account, parse_id(connection)?).await
}
