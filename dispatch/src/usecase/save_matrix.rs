//! The staged switches of the matrix are saved.

use super::{Ports, parse, parse_id};
use crate::brand::ChannelSettings;
use crate::change::ChangeKind;
use crate::channel::{Channel, TrackingStatus};
use crate::country::Country;
use crate::error::{Error, Result};
use crate::id::{BrandId, ChangeId};
use crate::port::{CellChange, Signed};
use crate::tenant::{Permission, Viewer};
use std::collections::BTreeSet;

/// The matrix as the form shows it. Only ticked boxes are sent, so the rows that were shown are named.
#[derive(Debug, Clone, Default)]
pub struct SaveMatrix {
    /// Of which brand.
    pub brand: String,
    /// Of which channel.
    pub channel: String,
    /// The version that was changed.
    pub version: String,
    /// Countries that were shown.
    pub rows: Vec<String>,
    /// Countries whose own switch is on.
    pub countries: Vec<String>,
    /// Cells that are on: country and status.
    pub cells: Vec<(String, String)>,
    /// Shown countries whose rows go, unless something in them is on.
    pub removed: Vec<String>,
    /// Where the wish comes from: `copied`, `restored`, or by hand.
    pub kind: String,
    /// The earlier change a restored state is that of.
    pub of: String,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavedMatrix {
    /// The matrix's version.
    pub version: i64,
    /// The change as it was noted; none when nothing differed.
    pub change: Option<ChangeId>,
}

/// Writes what differs from the stored matrix, as one change.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict`; `Invalid` on what is no country or status; `Limit` with
/// `countries` when the plan has no room for more.
pub async fn save_matrix(
    ports: &Ports<'_>,
    viewer: &Viewer,
    input: &SaveMatrix,
) -> Result<SavedMatrix> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(&input.brand)?;
    let channel: Channel = parse("channel", &input.channel)?;
    let version: i64 = input.version.trim().parse().map_err(|_| Error::Conflict)?;
    let wanted = Wanted::read(input)?;

    let account = ports.store.account(viewer.account).await?.ok_or(Error::NotFound)?;
    let before = ports.store.channel_settings(viewer.account, brand, channel).await?;
    if before.version != version {
        return Err(Error::Conflict);
    }
    let changes = wanted.differences(&before);
    if changes.is_empty() {
        return Ok(SavedMatrix { version, change: None });
    }
    let after = CellChange::apply_all(&before, &changes);
    account.plan.check_countries(before.countries_on(), after.countries_on())?;
    let now = ports.now();
    let id = ChangeId::mint(now, ports.ids);
    let kind = match input.kind.parse() {
        Ok(kind @ (ChangeKind::Copied | ChangeKind::Restored)) => kind,
        _ => ChangeKind::Saved,
    };
    let of = input.of.parse().ok().filter(|_| kind == ChangeKind::Restored);
    let by = Signed::new(id, viewer.user, now).meaning(kind, of);
    let version =
        ports.store.save_matrix(viewer.account, brand, channel, version, &changes, by).await?;
    Ok(SavedMatrix { version, change: Some(id) })
}

struct Wanted {
    rows: BTreeSet<Country>,
    removed: BTreeSet<Country>,
    on: BTreeSet<Country>,
    cells: BTreeSet<(Country, TrackingStatus)>,
}

impl Wanted {
    fn read(input: &SaveMatrix) -> Result<Self> {
        let countries = |texts: &[String]| {
            texts.iter().map(|text| parse("country", text)).collect::<Result<BTreeSet<Country>>>()
        };
        let cells = input
            .cells
            .iter()
            .map(|(country, status)| Ok((parse("country", country)?, parse("status", status)?)))
            .collect::<Result<_>>()?;
        Ok(Self {
            rows: countries(&input.rows)?,
            removed: countries(&input.removed)?,
            on: countries(&input.countries)?,
            cells,
        })
    }

    /// What must be switched so that every shown row becomes what is wanted. Rows that were not shown
    /// stay as they are.
    fn differences(&self, before: &ChannelSettings) -> Vec<CellChange> {
        let mut changes = Vec::new();
        for &country in &self.rows {
            let row = before.countries.get(&country);
            let on = self.on.contains(&country);
            let used = on || self.cells.iter().any(|(of, _)| *of == country);
            if self.removed.contains(&country) && !used {
                if row.is_some() {
                    changes.push(CellChange::RemoveCountry { country });
                }
                continue;
            }
            if row.is_none_or(|row| row.on != on) {
                changes.push(CellChange::Country { country, on });
            }
            for &status in TrackingStatus::ALL {
                let on = self.cells.contains(&(country, status));
                if row.is_some_and(|row| row.statuses.contains(&status)) != on {
                    changes.push(CellChange::Status { country, status, on });
                }
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::CountryRow;

    fn country(code: &str) -> Country {
        code.parse().expect("a country")
    }

    #[test]
    fn only_what_differs_in_the_shown_rows_is_written() {
        let mut before = ChannelSettings::untouched(Channel::Whatsapp);
        let delivered = TrackingStatus::Delivered;
        for code in ["FR", "DE"] {
            let row = CountryRow { on: true, statuses: BTreeSet::from([delivered]) };
            before.countries.insert(country(code), row);
        }
        let input = SaveMatrix {
            rows: vec!["FR".into(), "NL".into()],
            countries: vec!["FR".into()],
            cells: vec![("FR".into(), "delivered".into()), ("FR".into(), "shipped".into())],
            ..SaveMatrix::default()
        };
        let changes = Wanted::read(&input).expect("readable").differences(&before);
        let (fr, nl) = (country("FR"), country("NL"));
        assert_eq!(
            changes,
            [
                CellChange::Status { country: fr, status: TrackingStatus::Shipped, on: true },
                CellChange::Country { country: nl, on: false },
            ]
        );
        let after = CellChange::apply_all(&before, &changes);
        assert_eq!(after.countries_on(), 2, "Germany was not shown and stays on");
        assert!(after.countries.contains_key(&nl));
    }
}
