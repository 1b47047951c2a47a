//! A brand gets a logo, or loses it.

use super::{Ports, parse_id};
use crate::error::Result;
use crate::port::NewLogo;
use crate::tenant::{Permission, Viewer};

/// Shows this picture for the brand from now on; none shows its first letter again.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn set_logo(
    ports: &Ports<'_>,
    viewer: &Viewer,
    brand: &str,
    logo: Option<&NewLogo>,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    ports.store.set_logo(viewer.account, parse_id(brand)?, logo, ports.now()).await
}
