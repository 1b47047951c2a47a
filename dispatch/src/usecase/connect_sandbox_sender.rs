//! A brand gets a number, or an address, of the sandbox to send from.

use super::{Ports, parse_id};
use crate::channel::Channel;
use crate::error::{Error, Result};
use crate::id::{BrandId, SenderId};
use crate::port::{NewSender, Secrets};
use crate::tenant::{Permission, Viewer};

/// Connects a fresh sandbox number, or address; it replaces the brand's earlier sender.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn connect_sandbox_sender(
    ports: &Ports<'_>,
    secrets: &dyn Secrets,
    viewer: &Viewer,
    brand: &str,
    channel: Channel,
) -> Result<SenderId> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(brand)?;
    ports.store.brand(viewer.account, brand).await?.ok_or(Error::NotFound)?;
    let now = ports.now();
    let id = SenderId::mint(now, ports.ids);
    let sender = NewSender::of_sandbox_on(channel, id, brand, ports.ids, secrets);
    ports.store.connect_sender(viewer.account, &sender, now).await?;
    Ok(id)
}
