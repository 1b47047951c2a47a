//! A channel is turned off.

use super::{parse, parse_id};
use crate::error::Result;
use crate::port::Brands;
use crate::tenant::{Permission, Viewer};

/// Nothing more is sent on the channel; its matrix stays for later. What costs less needs no more
/// than the right to edit.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn deactivate_channel(
    store: &(impl Brands + ?Sized),
    viewer: &Viewer,
    brand: &str,
    channel: &str,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let channel = parse("channel", channel)?;
    store.deactivate_channel(viewer.account, parse_id(brand)?, channel).await
}
