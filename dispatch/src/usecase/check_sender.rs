//! A brand's sender is tried out, without a message.

use super::{Ports, note_check, parse_id};
use crate::error::{Error, Result};
use crate::id::BrandId;
use crate::port::Provider;
use crate::tenant::{Permission, Viewer};

/// Asks the provider how the sender in use is, and keeps what it says. `callback` is where a sender's
/// receipts have to go, without its id.
///
/// # Errors
/// `Denied`; `NotFound`, also when the brand has no sender.
pub async fn check_sender(
    ports: &Ports<'_>,
    provider: &dyn Provider,
    viewer: &Viewer,
    brand: &str,
    callback: &str,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(brand)?;
    let brand = ports.store.brand(viewer.account, brand).await?.ok_or(Error::NotFound)?;
    let sender = brand.sender.ok_or(Error::NotFound)?.id;
    let access = ports.store.sender_access(viewer.account, sender).await?;
    let access = access.ok_or(Error::NotFound)?;
    let check = provider.check(&access, &format!("{callback}/{sender}")).await;
    note_check(ports.store, &access, &check, ports.now()).await
}
