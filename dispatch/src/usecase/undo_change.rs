//! A change of the matrix is taken back.

use super::{Ports, parse, parse_id};
use crate::change::{ChangeKind, flips, undone};
use crate::channel::Channel;
use crate::error::{Error, Result};
use crate::id::{BrandId, ChangeId};
use crate::port::{CellChange, Signed};
use crate::tenant::{Permission, Viewer};
use std::time::Duration;

/// How long a change is taken back as a whole: the way out of a slip. Later the history leads back, with a look
/// at what would change first.
const WITHIN: Duration = Duration::from_secs(600);

/// Reverses exactly what a recorded change flipped, as a change of its own. What others changed beside
/// it stays.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on `change` with `overtaken` when somebody has changed the same cells
/// since, with `too_late` when it is no slip any more; `Limit` with `countries`.
pub async fn undo_change(
    ports: &Ports<'_>,
    viewer: &Viewer,
    brand: &str,
    channel: &str,
    change: &str,
) -> Result<ChangeId> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(brand)?;
    let channel: Channel = parse("channel", channel)?;
    let change: ChangeId = parse_id(change)?;
    let account = ports.store.account(viewer.account).await?.ok_or(Error::NotFound)?;
    let noted = ports.store.change(viewer.account, brand, channel, change).await?;
    let noted = noted.ok_or(Error::NotFound)?;
    let now = ports.now();
    if now.since(noted.at) > WITHIN {
        return Err(Error::invalid("change", "too_late"));
    }
    let before = ports.store.channel_settings(viewer.account, brand, channel).await?;

    let overtaken = Error::invalid("change", "overtaken");
    let flipped = &noted.difference.flips;
    let Some(rows) = undone(&before.countries, flipped).filter(|_| !flipped.is_empty()) else {
        return Err(overtaken);
    };
    let on = rows.values().filter(|row| row.on).count();
    account.plan.check_countries(before.countries_on(), on)?;
    let back = CellChange::of(&flips(&before.countries, &rows));
    let id = ChangeId::mint(now, ports.ids);
    let by = Signed::new(id, viewer.user, now).meaning(ChangeKind::Undone, Some(change));
    match ports.store.save_matrix(viewer.account, brand, channel, before.version, &back, by).await {
        Ok(_) => Ok(id),
        Err(Error::Conflict) => Err(overtaken),
        Err(other) => Err(other),
    }
}
