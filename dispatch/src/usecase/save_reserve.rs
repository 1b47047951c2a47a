//! How much of a portfolio's daily limit is kept for urgent news.

use super::{Ports, filled, parse_id};
use crate::error::{Error, Result};
use crate::id::BrandId;
use crate::reach::MOST_KEPT_PERCENT;
use crate::tenant::{Permission, Viewer};

/// Sets it, in per cent, for all brands whose numbers share the limit.
///
/// # Errors
/// `Denied`; `NotFound`, also when the brand has no number of a portfolio; `Invalid` on `reserve`.
pub async fn save_reserve(
    ports: &Ports<'_>,
    viewer: &Viewer,
    brand: &str,
    percent: &str,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(brand)?;
    let text = filled(percent).ok_or(Error::invalid("reserve", "required"))?;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let percent = digits.then(|| text.parse::<u32>().ok()).flatten();
    let percent = percent.ok_or(Error::invalid("reserve", "number"))?;
    if percent > MOST_KEPT_PERCENT {
        return Err(Error::invalid("reserve", "range"));
    }
    ports.store.set_kept(viewer.account, brand, percent).await
}
