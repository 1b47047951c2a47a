//! A brand is put away or taken out again.

use super::parse_id;
use crate::brand::BrandState;
use crate::error::Result;
use crate::port::Brands;
use crate::tenant::{Permission, Viewer};

/// Nothing is sent for an archived brand; its messages and bills stay.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn archive_brand(
    store: &(impl Brands + ?Sized),
    viewer: &Viewer,
    brand: &str,
    state: BrandState,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    store.set_brand_state(viewer.account, parse_id(brand)?, state).await
}
