//! A channel is turned off.

use super::{Ports, parse, parse_id};
use crate::change::ChangeKind;
use crate::error::Result;
use crate::id::ChangeId;
use crate::port::Signed;
use crate::tenant::{Permission, Viewer};

/// Nothing more is sent on the channel; its matrix stays for later. What costs less needs no more
/// than the right to edit.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn deactivate_channel(
    ports: &Ports<'_>,
    viewer: &Viewer,
    brand: &str,
    channel: &str,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let channel = parse("channel", channel)?;
    let now = ports.now();
    let by = Signed::new(ChangeId::mint(now, ports.ids), viewer.user, now)
        .meaning(ChangeKind::Deactivated, None);
    ports.store.deactivate_channel(viewer.account, parse_id(brand)?, channel, by).await
}
