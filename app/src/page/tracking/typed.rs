//! A matrix as a form sent it that is shown again: refused, looked at, or sent to stage a country's row.

use crate::act;
use crate::form::{ACT, FormState};
use dispatch::brand::CountryRow;
use dispatch::change::Rows;
use dispatch::channel::TrackingStatus;
use dispatch::country::Country;

/// What a form's button did to a row before it is shown again. Nothing is written by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Staged {
    /// The country gets a row.
    Comes(Country),
    /// Its row goes.
    Goes(Country),
    /// It was to go and stays as it is stored.
    Stays(Country),
}

impl Staged {
    fn of(form: &FormState) -> Option<Self> {
        let country = |field| form.value(field)?.parse().ok();
        if form.value(act::ADD).is_some() {
            return country("country").map(Self::Comes);
        }
        country(act::DROP).map(Self::Goes).or_else(|| country(act::KEEP).map(Self::Stays))
    }
}

/// A matrix as a form sent it.
pub(super) struct Typed {
    /// None when it could not be read: then it counts as the newest, and nothing typed is lost.
    pub version: Option<i64>,
    /// What its button did.
    pub staged: Option<Staged>,
    rows: Vec<Country>,
    removed: Vec<Country>,
    on: Vec<Country>,
    cells: Vec<(Country, TrackingStatus)>,
}

impl Typed {
    /// None when the request is no form of the matrix. What cannot be read was no box of ours.
    pub fn of(form: &FormState) -> Option<Self> {
        let only_looks = act::LOOKS.iter().any(|field| form.value(field).is_some());
        let shown_again = form.is_refused() || only_looks;
        if !shown_again || form.value(ACT) != Some(act::SAVE_MATRIX) {
            return None;
        }
        let all = |field: &'static str| {
            form.values.iter().filter(move |(name, _)| name == field).map(|(_, text)| text.as_str())
        };
        let countries = |field| all(field).filter_map(|text| text.parse().ok()).collect();
        Some(Self {
            version: form.value("version").and_then(|text| text.trim().parse().ok()),
            staged: Staged::of(form),
            rows: countries("row"),
            removed: countries("remove"),
            on: countries("on"),
            cells: all("cell")
                .filter_map(|text| {
                    let (country, status) = text.split_once(':')?;
                    Some((country.parse().ok()?, status.parse().ok()?))
                })
                .collect(),
        })
    }

    /// What it wants of a matrix; rows it did not show stay. A row that comes is switched on where the plan has
    /// room beside what is switched on already, with every status off: what goes out is the merchant's choice.
    pub fn on(&self, base: &Rows, limit: Option<usize>) -> Rows {
        let mut rows = base.clone();
        for code in &self.rows {
            let row = CountryRow {
                on: self.on.contains(code),
                statuses: self
                    .cells
                    .iter()
                    .filter(|(country, _)| country == code)
                    .map(|(_, status)| *status)
                    .collect(),
            };
            if self.removed.contains(code) && !row.on && row.statuses.is_empty() {
                rows.remove(code);
            } else {
                rows.insert(*code, row);
            }
        }
        match self.staged {
            Some(Staged::Comes(code)) if !rows.contains_key(&code) => {
                let used = rows.values().filter(|row| row.on).count();
                let on = limit.is_none_or(|limit| used < limit);
                rows.insert(code, CountryRow { on, ..CountryRow::default() });
            }
            Some(Staged::Goes(code)) => {
                rows.remove(&code);
            }
            Some(Staged::Stays(code)) => {
                rows.extend(base.get(&code).map(|row| (code, row.clone())));
            }
            Some(Staged::Comes(_)) | None => {}
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> FormState {
        let own = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        let act = [(ACT.to_owned(), act::SAVE_MATRIX.to_owned())];
        FormState {
            errors: Vec::new(),
            values: act.into_iter().chain(fields.iter().map(own)).collect(),
        }
    }

    fn codes(rows: &Rows) -> Vec<String> {
        rows.iter()
            .map(|(code, row)| {
                format!("{code}{}{}", if row.on { "+" } else { "-" }, row.statuses.len())
            })
            .collect()
    }

    #[test]
    fn a_row_that_comes_leaves_every_tick_and_minds_what_is_ticked() {
        let base = Rows::new();
        let ticked = [("row", "FR"), ("on", "FR"), ("cell", "FR:delivered"), ("row", "DE")];
        let add = |more: &[(&str, &str)], limit| {
            let fields: Vec<_> =
                ticked.iter().chain(more).chain(&[(act::ADD, "1")]).copied().collect();
            codes(&Typed::of(&form(&fields)).expect("typed").on(&base, limit))
        };
        assert_eq!(add(&[("country", "IT")], Some(2)), ["DE-0", "FR+1", "IT+0"]);
        assert_eq!(add(&[("on", "DE"), ("country", "IT")], Some(2)), ["DE+0", "FR+1", "IT-0"]);
        assert_eq!(add(&[("on", "DE"), ("country", "IT")], None), ["DE+0", "FR+1", "IT+0"]);
        assert_eq!(add(&[("country", "FR")], Some(2)), ["DE-0", "FR+1"], "has a row already");
        assert_eq!(add(&[("country", "XX")], Some(2)), ["DE-0", "FR+1"], "is no country");
    }

    #[test]
    fn a_row_that_goes_can_stay_as_it_is_stored() {
        let row = CountryRow { on: true, statuses: [TrackingStatus::Delivered].into() };
        let base = Rows::from([("FR".parse().expect("a country"), row)]);
        let wish = |more: (&str, &str)| {
            let fields = [("row", "FR"), ("remove", "FR"), more];
            codes(&Typed::of(&form(&fields)).expect("typed").on(&base, None))
        };
        assert_eq!(wish((act::DROP, "FR")), [""; 0]);
        assert_eq!(wish((act::KEEP, "FR")), ["FR+1"]);
        assert_eq!(wish(("preview", "1")), [""; 0]);
        assert!(
            Typed::of(&form(&[("row", "FR")])).is_none(),
            "a form that saves is not shown again"
        );
    }
}
