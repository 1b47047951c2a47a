use super::*;
use proptest::prelude::*;

fn country(code: &str) -> Country {
    code.parse().expect("a country")
}

fn row(on: bool, statuses: &[TrackingStatus]) -> CountryRow {
    CountryRow { on, statuses: statuses.iter().copied().collect() }
}

fn rows(list: &[(&str, bool, &[TrackingStatus])]) -> Rows {
    list.iter().map(|(code, on, statuses)| (country(code), row(*on, statuses))).collect()
}

use TrackingStatus::{Delayed, Delivered, Shipped};

#[test]
fn a_save_is_taken_back_only_where_nobody_touched_it_since() {
    let before = rows(&[("FR", true, &[Delivered])]);
    let saved = rows(&[("FR", true, &[Delivered, Shipped]), ("DE", true, &[Delayed])]);
    let change = flips(&before, &saved);
    assert_eq!(undone(&saved, &change), Some(before.clone()));

    // Somebody else changed another cell: it stays.
    let mut other = saved.clone();
    other.insert(country("FR"), row(true, &[Shipped]));
    assert_eq!(undone(&other, &change), Some(rows(&[("FR", true, &[])])));
    // Somebody else took one of them back already.
    assert_eq!(undone(&before, &change), None);
    // Somebody else put something into the row that the save gave.
    let mut more = saved;
    more.insert(country("DE"), row(true, &[Delayed, Delivered]));
    assert_eq!(undone(&more, &change), None);
}

#[test]
fn a_removed_row_comes_back_with_all_that_stood_in_it() {
    let before = rows(&[("FR", true, &[Delivered, Shipped])]);
    let change = flips(&before, &Rows::new());
    assert_eq!(change.len(), 4);
    assert_eq!(undone(&Rows::new(), &change), Some(before));
}

#[test]
fn two_people_keep_both_their_switches_and_see_what_does_not_go_together() {
    let base = rows(&[("FR", true, &[Delivered]), ("DE", true, &[])]);
    let now = rows(&[("FR", true, &[Delivered, Shipped])]);
    let wanted = rows(&[("FR", true, &[Shipped]), ("DE", true, &[Delayed])]);
    let merge = merge(&base, &now, &wanted);
    let on = |cell| Flip { cell, on: true };
    let off = |cell| Flip { cell, on: false };
    let (fr, de) = (country("FR"), country("DE"));
    assert_eq!(merge.agreed, [on(Cell::Status(fr, Shipped))]);
    assert_eq!(merge.clean, [off(Cell::Status(fr, Delivered))]);
    assert_eq!(
        merge.clashes,
        [Clash { mine: on(Cell::Status(de, Delayed)), theirs: off(Cell::Row(de)) }]
    );
    assert_eq!(merge.staged, rows(&[("FR", true, &[Shipped]), ("DE", false, &[Delayed])]));
}

#[test]
fn a_country_switched_off_meets_a_status_switched_on_in_it() {
    let base = rows(&[("FR", true, &[])]);
    let now = rows(&[("FR", false, &[])]);
    let wanted = rows(&[("FR", true, &[Shipped])]);
    let seen = merge(&base, &now, &wanted);
    assert_eq!((seen.clashes.len(), seen.clean.len()), (1, 0));
    assert!(!seen.staged[&country("FR")].on, "the other's switch is not lost");
    let seen = merge(&base, &wanted, &now);
    assert_eq!((seen.clashes.len(), seen.clean.len()), (1, 0), "the other way round too");
}

#[test]
fn a_copy_overwrites_its_countries_and_waits_where_the_plan_is_full() {
    let here = rows(&[("FR", true, &[Delivered]), ("IT", false, &[])]);
    let there = rows(&[("BE", true, &[Shipped]), ("DE", true, &[]), ("FR", true, &[Shipped])]);
    let wanted = copied(&here, &there);
    assert_eq!(wanted.len(), 4);
    let (fits, waiting) = fitted(&here, wanted.clone(), Some(2));
    assert_eq!(waiting, [country("DE")]);
    assert!(fits[&country("FR")].on && fits[&country("BE")].on && !fits[&country("DE")].on);
    assert_eq!(fitted(&here, wanted.clone(), None), (wanted, Vec::new()));

    let copy = copied_row(&there, country("FR"), &[country("DE"), country("FR")]);
    assert_eq!(copy[&country("DE")], row(true, &[Shipped]));
    assert_eq!(copy[&country("BE")], there[&country("BE")]);
}

fn any_rows() -> impl Strategy<Value = Rows> {
    let codes = ["FR", "DE", "NL"];
    let statuses = proptest::sample::subsequence(TrackingStatus::ALL.to_vec(), 0..=11);
    let line = (any::<bool>(), statuses);
    proptest::collection::btree_map(proptest::sample::select(codes.to_vec()), line, 0..=3).prop_map(
        |map| map.into_iter().map(|(code, (on, list))| (country(code), row(on, &list))).collect(),
    )
}

proptest! {
    #[test]
    fn flips_lead_there_and_back(before in any_rows(), after in any_rows()) {
        let change = flips(&before, &after);
        prop_assert_eq!(&applied(&before, &change), &after);
        prop_assert_eq!(&rewound(&after, [change.as_slice()]), &before);
        prop_assert_eq!(undone(&after, &change), Some(before));
    }

    #[test]
    fn nobody_s_change_is_lost_in_a_merge(base in any_rows(), now in any_rows(), wanted in any_rows()) {
        let merge = merge(&base, &now, &wanted);
        let mine = merge.agreed.len() + merge.clean.len() + merge.clashes.len();
        prop_assert_eq!(mine, flips(&base, &wanted).len());
        // What I did not touch is what the other made of it, but for rows that go or come whole.
        let staged = cells(&merge.staged);
        let whole: BTreeSet<Country> = flips(&base, &wanted).iter().filter(|flip| matches!(flip.cell, Cell::Row(_))).map(|flip| flip.cell.country()).collect();
        for flip in merge.theirs.iter().filter(|flip| matches!(flip.cell, Cell::Status(..)) && !whole.contains(&flip.cell.country())) {
            if !flips(&base, &wanted).iter().any(|own| own.cell == flip.cell) {
                prop_assert_eq!(staged.contains(&flip.cell), flip.on);
            }
        }
    }
}
