//! A country gets a row in the matrix.

use super::{Ports, parse, parse_id};
use crate::channel::Channel;
use crate::country::Country;
use crate::error::{Error, Result};
use crate::id::{BrandId, ChangeId};
use crate::port::{CellChange, Signed};
use crate::tenant::{Permission, Viewer};

/// Adds the country's row, switched on with every status off: what goes out is the merchant's choice.
/// Where the plan has no room for another country the row is added switched off, so that it can take
/// the place of one. A country that has a row already stays as it is. Answers the change that was noted.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on `country`; `Conflict` when somebody saved at the same moment.
pub async fn add_country(
    ports: &Ports<'_>,
    viewer: &Viewer,
    brand: &str,
    channel: &str,
    country: &str,
) -> Result<Option<ChangeId>> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(brand)?;
    let channel: Channel = parse("channel", channel)?;
    let country: Country = parse("country", country)?;
    let account = ports.store.account(viewer.account).await?.ok_or(Error::NotFound)?;
    let before = ports.store.channel_settings(viewer.account, brand, channel).await?;
    if before.countries.contains_key(&country) {
        return Ok(None);
    }
    let count = before.countries_on();
    let on = account.plan.check_countries(count, count + 1).is_ok();
    let now = ports.now();
    let id = ChangeId::mint(now, ports.ids);
    let by = Signed::new(id, viewer.user, now);
    let change = [CellChange::Country { country, on }];
    ports.store.save_matrix(viewer.account, brand, channel, before.version, &change, by).await?;
    Ok(Some(id))
}
