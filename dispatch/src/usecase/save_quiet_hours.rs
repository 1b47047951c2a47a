//! A brand's quiet hours are set.

use super::{Ports, parse_id};
use crate::error::{Error, Result};
use crate::id::BrandId;
use crate::quiet::{QuietHours, parse_clock};
use crate::tenant::{Permission, Viewer};
use std::collections::BTreeSet;
use std::str::FromStr;

/// What the form asks.
#[derive(Debug, Clone, Default)]
pub struct SaveQuietHours {
    /// Of which brand.
    pub brand: String,
    /// The version that was changed.
    pub version: String,
    /// Whether they are kept.
    pub on: bool,
    /// When they begin, `21:00`.
    pub from: String,
    /// When they end.
    pub until: String,
    /// Words of the days on which they begin.
    pub days: Vec<String>,
    /// Words of the statuses that do not wait.
    pub urgent: Vec<String>,
}

/// Sets them for what is decided from now on; what is held already keeps its moment.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict`; `Invalid` on the field.
pub async fn save_quiet_hours(
    ports: &Ports<'_>,
    viewer: &Viewer,
    input: &SaveQuietHours,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(&input.brand)?;
    let quiet = QuietHours {
        on: input.on,
        from: parse_clock("quiet_from", &input.from)?,
        until: parse_clock("quiet_until", &input.until)?,
        days: words("quiet_day", &input.days)?,
        urgent: words("quiet_urgent", &input.urgent)?,
    };
    if !quiet.leave_room() {
        return Err(Error::invalid("quiet_until", "same"));
    }
    if quiet.on && quiet.days.is_empty() {
        return Err(Error::invalid("quiet_day", "choose"));
    }
    let version = input.version.trim().parse().map_err(|_| Error::Conflict)?;
    ports.store.set_quiet_hours(viewer.account, brand, version, &quiet).await
}

fn words<T: FromStr + Ord>(field: &'static str, words: &[String]) -> Result<BTreeSet<T>> {
    words.iter().map(|word| word.parse().map_err(|_| Error::invalid(field, "unknown"))).collect()
}
