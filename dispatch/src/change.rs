//! What changed in a channel's settings, cell by cell, so that it can be told, taken back and merged.
//!
//! A matrix is seen here as a set of things that are on: a country's row, its own switch, its statuses.
//! A change is a list of flips between two such sets, so its way back is the same list turned round.

use crate::brand::{ChannelState, ConsentBasis, CountryRow};
use crate::channel::TrackingStatus;
use crate::country::Country;
use crate::words::words;
use std::collections::{BTreeMap, BTreeSet};

words! {
    /// What somebody did to a channel's settings.
    ChangeKind {
        /// Switched by hand, or gave or took a country's row.
        Saved = "saved",
        /// Took another matrix or another country's row as a model.
        Copied = "copied",
        /// Took a change back.
        Undone = "undone",
        /// Went back to an earlier state.
        Restored = "restored",
        /// Accepted the prices and turned the channel on.
        Activated = "activated",
        /// Turned the channel off.
        Deactivated = "deactivated",
        /// Turned it on again under what was accepted before.
        Resumed = "resumed",
    }
}

/// The rows of a matrix, by country.
pub type Rows = BTreeMap<Country, CountryRow>;

/// One thing of a matrix that is on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// Whether the country has a row.
    Row(Country),
    /// The country's own switch.
    Switch(Country),
    /// One status of the country.
    Status(Country, TrackingStatus),
}

impl Cell {
    /// Of which country.
    #[must_use]
    pub const fn country(self) -> Country {
        match self {
            Self::Row(country) | Self::Switch(country) | Self::Status(country, _) => country,
        }
    }
}

/// A cell that became on or off; before, it was the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flip {
    /// Which.
    pub cell: Cell,
    /// What it became.
    pub on: bool,
}

impl Flip {
    /// The way back.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self { cell: self.cell, on: !self.on }
    }
}

/// Everything one change did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// In the matrix.
    pub flips: Vec<Flip>,
    /// The master switch, when it moved: to what.
    pub channel: Option<ChannelState>,
    /// The stated consent basis, when it changed: from what to what.
    pub basis: Option<(Option<ConsentBasis>, ConsentBasis)>,
}

/// The cells that are on.
#[must_use]
pub fn cells(rows: &Rows) -> BTreeSet<Cell> {
    let mut cells = BTreeSet::new();
    for (&country, row) in rows {
        cells.insert(Cell::Row(country));
        if row.on {
            cells.insert(Cell::Switch(country));
        }
        cells.extend(row.statuses.iter().map(|status| Cell::Status(country, *status)));
    }
    cells
}

/// What must flip so that one matrix becomes the other.
#[must_use]
pub fn flips(before: &Rows, after: &Rows) -> Vec<Flip> {
    let (before, after) = (cells(before), cells(after));
    before
        .symmetric_difference(&after)
        .map(|cell| Flip { cell: *cell, on: after.contains(cell) })
        .collect()
}

/// A list of flips turned round.
#[must_use]
pub fn reversed(flips: &[Flip]) -> Vec<Flip> {
    flips.iter().rev().map(|flip| flip.reversed()).collect()
}

/// A matrix after flips. What is switched on in a country without a row gives it one.
#[must_use]
pub fn applied(rows: &Rows, flips: &[Flip]) -> Rows {
    let mut rows = rows.clone();
    // Rows go before what stands in them comes, and come before it.
    let mut flips = flips.to_vec();
    flips.sort_unstable();
    for Flip { cell, on } in flips {
        match (cell, on) {
            (Cell::Row(country), true) => {
                rows.entry(country).or_default();
            }
            (Cell::Row(country), false) => {
                rows.remove(&country);
            }
            (Cell::Switch(country), true) => rows.entry(country).or_default().on = true,
            (Cell::Status(country, status), true) => {
                rows.entry(country).or_default().statuses.insert(status);
            }
            (Cell::Switch(country), false) => {
                if let Some(row) = rows.get_mut(&country) {
                    row.on = false;
                }
            }
            (Cell::Status(country, status), false) => {
                if let Some(row) = rows.get_mut(&country) {
                    row.statuses.remove(&status);
                }
            }
        }
    }
    rows
}

/// A matrix as it was before changes, the newest first.
#[must_use]
pub fn rewound<'a>(rows: &Rows, changes: impl IntoIterator<Item = &'a [Flip]>) -> Rows {
    changes.into_iter().fold(rows.clone(), |rows, flips| applied(&rows, &reversed(flips)))
}

/// What a change's way back meets in the matrix of today.
#[must_use]
pub fn undone(now: &Rows, flips: &[Flip]) -> Option<Rows> {
    let on = cells(now);
    if flips.iter().any(|flip| on.contains(&flip.cell) != flip.on) {
        return None;
    }
    let touched: BTreeSet<Cell> = flips.iter().map(|flip| flip.cell).collect();
    // A row that the change gave must not take away what somebody else has put into it since.
    let given = flips.iter().filter(|flip| flip.on).filter_map(|flip| match flip.cell {
        Cell::Row(country) => Some(country),
        Cell::Switch(_) | Cell::Status(..) => None,
    });
    for country in given {
        if on.iter().any(|cell| cell.country() == country && !touched.contains(cell)) {
            return None;
        }
    }
    Some(applied(now, &reversed(flips)))
}

/// One of my flips that meets what the other did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clash {
    /// What I want.
    pub mine: Flip,
    /// What the other did to the same country.
    pub theirs: Flip,
}

/// Two people's changes of one matrix, side by side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merge {
    /// What the other changed.
    pub theirs: Vec<Flip>,
    /// What both changed to the same: nothing is left to do.
    pub agreed: Vec<Flip>,
    /// What I want and the other did not touch.
    pub clean: Vec<Flip>,
    /// What I want and what the other did that does not go with it. Mine is staged all the same.
    pub clashes: Vec<Clash>,
    /// The matrix of today with everything I want.
    pub staged: Rows,
}

/// Puts my wish, made on `base`, beside what the other made of it.
#[must_use]
pub fn merge(base: &Rows, now: &Rows, wanted: &Rows) -> Merge {
    let theirs = flips(base, now);
    let mine = flips(base, wanted);
    let mut merge = Merge { theirs, ..Merge::default() };
    let mut rest = Vec::new();
    for flip in mine {
        if merge.theirs.contains(&flip) {
            merge.agreed.push(flip);
            continue;
        }
        rest.push(flip);
        match merge.theirs.iter().find(|other| clash(flip, **other)) {
            Some(other) => merge.clashes.push(Clash { mine: flip, theirs: *other }),
            None => merge.clean.push(flip),
        }
    }
    merge.staged = applied(now, &rest);
    merge
}

/// Whether one of two flips silences what the other turns on: a whole row against something in it.
fn clash(one: Flip, other: Flip) -> bool {
    let silences =
        |whole: Flip, part: Flip| !whole.on && part.on && !matches!(whole.cell, Cell::Status(..));
    let gone = |whole: Flip| !whole.on && matches!(whole.cell, Cell::Row(_));
    one.cell.country() == other.cell.country()
        && (silences(one, other) || silences(other, one) || gone(one) || gone(other))
}

/// A matrix with every country of another one as it is there; countries only here stay.
#[must_use]
pub fn copied(into: &Rows, from: &Rows) -> Rows {
    let mut rows = into.clone();
    rows.extend(from.iter().map(|(country, row)| (*country, row.clone())));
    rows
}

/// A matrix in which some countries have the statuses of another; their own switches stay.
#[must_use]
pub fn copied_row(rows: &Rows, from: Country, into: &[Country]) -> Rows {
    let Some(model) = rows.get(&from).map(|row| row.statuses.clone()) else { return rows.clone() };
    let mut rows = rows.clone();
    for country in into.iter().filter(|country| **country != from) {
        rows.entry(*country).or_default().statuses.clone_from(&model);
    }
    rows
}

/// A wish cut down to the countries a plan has room for: those that are on today stay, then by code.
/// Answers those that must wait switched off.
#[must_use]
pub fn fitted(now: &Rows, mut wanted: Rows, limit: Option<usize>) -> (Rows, Vec<Country>) {
    let Some(limit) = limit else { return (wanted, Vec::new()) };
    let was_on = |country: &Country| now.get(country).is_some_and(|row| row.on);
    let mut on: Vec<Country> =
        wanted.iter().filter(|(_, row)| row.on).map(|(country, _)| *country).collect();
    on.sort_by_key(|country| (!was_on(country), *country));
    // What was on before the plan became smaller may stay.
    let room = limit.max(on.iter().filter(|country| was_on(country)).count());
    let waiting = on.split_off(room.min(on.len()));
    for country in &waiting {
        if let Some(row) = wanted.get_mut(country) {
            row.on = false;
        }
    }
    (wanted, waiting)
}

#[cfg(test)]
mod tests;
