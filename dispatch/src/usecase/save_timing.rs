//! How many messages a brand's customers get, what is told together, and when a parcel is late.

use super::{Ports, filled, own_connection, parse_id};
use crate::error::{Error, Faults, Result};
use crate::id::BrandId;
use crate::port::Secrets;
use crate::source::Source;
use crate::tenant::{Permission, Viewer};
use crate::timing::{Cap, Late, Merge, Timing};
use std::ops::RangeInclusive;

/// What the form asks: figures as they were typed.
#[derive(Debug, Clone, Default)]
pub struct SaveTiming {
    /// Of which brand.
    pub brand: String,
    /// The version that was changed.
    pub version: String,
    /// Whether there is a cap.
    pub cap_on: bool,
    /// Messages about an order; empty for any number.
    pub cap_order: String,
    /// Messages to a recipient in a day; empty for any number.
    pub cap_day: String,
    /// Whether news waits to be told together.
    pub merge_on: bool,
    /// For so many minutes.
    pub merge_minutes: String,
    /// Whether parcels are watched.
    pub late_on: bool,
    /// Whether the expected day counts.
    pub late_expected: bool,
    /// Hours without a scan; empty when silence means nothing.
    pub late_hours: String,
}

/// Sets it for what is decided from now on; what is held already keeps its moment.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict`; `Invalid` or `Several` on the fields.
pub async fn save_timing(
    ports: &Ports<'_>,
    secrets: &dyn Secrets,
    viewer: &Viewer,
    input: &SaveTiming,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(&input.brand)?;
    let timing = read(input)?;
    let version = input.version.trim().parse().map_err(|_| Error::Conflict)?;
    ports.store.set_timing(viewer.account, brand, version, &timing).await?;
    if timing.late.on {
        // What is found is told by a connection of its own.
        own_connection(ports, secrets, viewer.account, brand, Source::Lookout).await?;
    }
    Ok(())
}

fn read(input: &SaveTiming) -> Result<Timing> {
    let mut faults = Faults::default();
    let per_order = faults.read(figure("cap_order", &input.cap_order, 1..=50));
    let per_day = faults.read(figure("cap_day", &input.cap_day, 1..=200));
    let no_cap = input.cap_on && per_order == Some(None) && per_day == Some(None);
    faults.unless(!no_cap, "cap_order", "required");
    // A figure that is not asked for may stay empty: the one that stands ready comes back.
    let minutes = faults.read(figure("merge_minutes", &input.merge_minutes, 1..=180));
    faults.unless(!(input.merge_on && minutes == Some(None)), "merge_minutes", "required");
    let hours = faults.read(figure("late_hours", &input.late_hours, 12..=720));
    let never_late = input.late_on && !input.late_expected && hours == Some(None);
    faults.unless(!never_late, "late_hours", "required");
    faults.over()?;
    let cap = Cap { on: input.cap_on, per_order: per_order.flatten(), per_day: per_day.flatten() };
    let minutes = minutes.flatten().unwrap_or(Merge::default().minutes);
    let merge = Merge { on: input.merge_on, minutes };
    let late = Late { on: input.late_on, expected: input.late_expected, hours: hours.flatten() };
    Ok(Timing { cap, merge, late })
}

fn figure(field: &'static str, text: &str, range: RangeInclusive<u32>) -> Result<Option<u32>> {
    let Some(text) = filled(text) else { return Ok(None) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let figure =
        digits.then(|| text.parse().ok()).flatten().ok_or(Error::invalid(field, "number"))?;
    if range.contains(&figure) { Ok(Some(figure)) } else { Err(Error::invalid(field, "range")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> SaveTiming {
        SaveTiming {
            cap_on: true,
            cap_order: " 3 ".into(),
            merge_on: true,
            merge_minutes: "15".into(),
            late_on: true,
            late_hours: "48".into(),
            ..SaveTiming::default()
        }
    }

    #[test]
    fn figures_are_read_or_said_to_be_wrong_in_their_field() {
        let timing = read(&typed()).expect("read");
        assert_eq!(timing.cap, Cap { on: true, per_order: Some(3), per_day: None });
        assert_eq!(timing.merge, Merge { on: true, minutes: 15 });
        assert_eq!(timing.late, Late { on: true, expected: false, hours: Some(48) });
        for (change, field, code) in [
            ((|t| t.cap_order = String::new()) as fn(&mut SaveTiming), "cap_order", "required"),
            (|t| t.cap_order = "0".into(), "cap_order", "range"),
            (|t| t.cap_order = "51".into(), "cap_order", "range"),
            (|t| t.cap_day = "-1".into(), "cap_day", "number"),
            (|t| t.cap_day = "9".repeat(100_000), "cap_day", "number"),
            (|t| t.merge_minutes = "ten".into(), "merge_minutes", "number"),
            (|t| t.merge_minutes = "\u{202e}5".into(), "merge_minutes", "number"),
            (|t| t.merge_minutes = String::new(), "merge_minutes", "required"),
            (|t| t.merge_minutes = "181".into(), "merge_minutes", "range"),
            (|t| t.late_hours = "11".into(), "late_hours", "range"),
            (|t| t.late_hours = String::new(), "late_hours", "required"),
        ] {
            let mut input = typed();
            change(&mut input);
            assert_eq!(read(&input), Err(Error::invalid(field, code)), "{input:?}");
        }
        let off = read(&SaveTiming::default()).expect("everything off and empty is a setting");
        assert_eq!(off.merge, Merge::default());
    }
}
