//! A kept delivery is read once more.

use super::{Ports, parse_id};
use crate::error::{Error, Result};
use crate::id::{ConnectionId, DeliveryId};
use crate::tenant::{Permission, Viewer};

/// Puts a delivery of this connection back among those nobody has looked at. Nobody is told twice:
/// what was already told stops the second message.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn replay_delivery(
    ports: &Ports<'_>,
    viewer: &Viewer,
    connection: &str,
    delivery: &str,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let connection: ConnectionId = parse_id(connection)?;
    let delivery: DeliveryId = parse_id(delivery)?;
    let (found, _) =
        ports.store.delivery(viewer.account, delivery).await?.ok_or(Error::NotFound)?;
    if found.connection != connection {
        return Err(Error::NotFound);
    }
    ports.store.replay_delivery(viewer.account, delivery).await
}
