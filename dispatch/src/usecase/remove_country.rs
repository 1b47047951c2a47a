//! A country's row is taken out of the matrix.

use super::{Ports, parse, parse_id};
use crate::channel::Channel;
use crate::country::Country;
use crate::error::{Error, Result};
use crate::id::{BrandId, ChangeId};
use crate::port::{CellChange, Signed};
use crate::tenant::{Permission, Viewer};

/// Removes the row with its switches; answers the change that was noted.
///
/// # Errors
/// `Denied`; `NotFound`, also when there is no such row; `Invalid` on `country`; `Conflict` when
/// somebody saved at the same moment.
pub async fn remove_country(
    ports: &Ports<'_>,
    viewer: &Viewer,
    brand: &str,
    channel: &str,
    country: &str,
) -> Result<ChangeId> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(brand)?;
    let channel: Channel = parse("channel", channel)?;
    let country: Country = parse("country", country)?;
    let before = ports.store.channel_settings(viewer.account, brand, channel).await?;
    if !before.countries.contains_key(&country) {
        return Err(Error::NotFound);
    }
    let now = ports.now();
    let id = ChangeId::mint(now, ports.ids);
    let by = Signed::new(id, viewer.user, now);
    let change = [CellChange::RemoveCountry { country }];
    ports.store.save_matrix(viewer.account, brand, channel, before.version, &change, by).await?;
    Ok(id)
}
