//! Flips in words: what was, what it became.

use crate::page::Ask;
use crate::text::{country, status};
use crate::ui::Icon;
use dispatch::change::{Cell, ChangeKind, Flip};
use dispatch::channel::TrackingStatus;
use dispatch::country::Country;
use leptos::prelude::*;

/// How many flips a list shows before the rest is folded.
const SHOWN: usize = 8;

/// The name of a cell: `Delivered, France`.
pub(super) fn name(ask: &Ask, cell: Cell) -> String {
    let t = ask.t;
    let land = |code: Country| country::name(ask.lang, code.code());
    match cell {
        Cell::Row(code) => t.tracking_flip_row(land(code)),
        Cell::Switch(code) => t.tracking_flip_switch(land(code)),
        Cell::Status(code, each) => t.tracking_flip_status(status::name(t, each), land(code)),
    }
}

/// Old and new of a cell.
fn values(ask: &Ask, flip: Flip) -> &'static str {
    let t = ask.t;
    match (flip.cell, flip.on) {
        (Cell::Row(_), true) => t.tracking_flip_added(),
        (Cell::Row(_), false) => t.tracking_flip_removed(),
        (_, true) => t.tracking_flip_on(),
        (_, false) => t.tracking_flip_off(),
    }
}

/// A whole flip: `Delivered, France: was off, now on`.
pub(super) fn sentence(ask: &Ask, flip: Flip) -> String {
    ask.t.tracking_flip(name(ask, flip.cell), values(ask, flip))
}

/// Flips as people read a matrix: country by country in their language, statuses as the columns stand.
pub(super) fn in_order(ask: &Ask, flips: &[Flip]) -> Vec<Flip> {
    let mut flips = flips.to_vec();
    flips.sort_by_cached_key(|flip| {
        let land = country::sort_key(&country::name(ask.lang, flip.cell.country().code()));
        let place = match flip.cell {
            Cell::Row(_) => 0,
            Cell::Switch(_) => 1,
            Cell::Status(_, each) => {
                2 + TrackingStatus::ALL.iter().position(|other| *other == each).unwrap_or(0)
            }
        };
        (land, place)
    });
    flips
}

/// A list of flips; a long one is folded behind its beginning.
pub(super) fn list(ask: &Ask, flips: &[Flip]) -> AnyView {
    let flips = in_order(ask, flips);
    let item = |flip: &Flip| {
        view! {
            <li>
                <span>{name(ask, flip.cell)}</span>
                " "
                <span class="muted">{values(ask, *flip)}</span>
            </li>
        }
    };
    let (first, rest) = flips.split_at(SHOWN.min(flips.len()));
    let first = first.iter().map(item).collect_view();
    let rest = (!rest.is_empty()).then(|| {
        let items = rest.iter().map(item).collect_view();
        view! {
            <details class="flips__more">
                <summary>{ask.t.tracking_flips_more(rest.len())}</summary>
                <ul class="flips">{items}</ul>
            </details>
        }
    });
    view! { <ul class="flips">{first}</ul> {rest} }.into_any()
}

/// What somebody did, and its picture.
pub(super) fn kind(ask: &Ask, kind: ChangeKind) -> (Icon, &'static str) {
    let t = ask.t;
    match kind {
        ChangeKind::Saved => (Icon::Pen, t.tracking_did_saved()),
        ChangeKind::Copied => (Icon::Copy, t.tracking_did_copied()),
        ChangeKind::Undone => (Icon::Undo, t.tracking_did_undone()),
        ChangeKind::Restored => (Icon::History, t.tracking_did_restored()),
        ChangeKind::Activated => (Icon::Play, t.tracking_did_activated()),
        ChangeKind::Resumed => (Icon::Play, t.tracking_did_resumed()),
        ChangeKind::Deactivated => (Icon::Halt, t.tracking_did_deactivated()),
    }
}
