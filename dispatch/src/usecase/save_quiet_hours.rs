//! A brand's quiet hours are set.

use super::{Ports, parse_id};
use crate::error::{Error, Faults, Result};
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
/// `Denied`, `NotFound`, `Conflict`; `Invalid` or `Several` on the fields.
pub async fn save_quiet_hours(
    ports: &Ports<'_>,
    viewer: &Viewer,
    input: &SaveQuietHours,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(&input.brand)?;
    let quiet = read(input)?;
    let version = input.version.trim().parse().map_err(|_| Error::Conflict)?;
    ports.store.set_quiet_hours(viewer.account, brand, version, &quiet).await
}

fn read(input: &SaveQuietHours) -> Result<QuietHours> {
    let mut faults = Faults::default();
    let from = faults.read(parse_clock("quiet_from", &input.from));
    let until = faults.read(parse_clock("quiet_until", &input.until));
    let days: Option<BTreeSet<_>> = faults.read(words("quiet_day", &input.days));
    let no_day = input.on && days.as_ref().is_some_and(BTreeSet::is_empty);
    faults.unless(!no_day, "quiet_day", "choose");
    let urgent = faults.read(words("quiet_urgent", &input.urgent));
    let (Some(from), Some(until), Some(days), Some(urgent)) = (from, until, days, urgent) else {
        return Err(faults.told());
    };
    let quiet = QuietHours { on: input.on, from, until, days, urgent };
    faults.unless(quiet.leave_room(), "quiet_until", "same");
    faults.over()?;
    Ok(quiet)
}

fn words<T: FromStr + Ord>(field: &'static str, words: &[String]) -> Result<BTreeSet<T>> {
    words.iter().map(|word| word.parse().map_err(|_| Error::invalid(field, "unknown"))).collect()
}
