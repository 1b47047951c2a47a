//! The boxes of the matrix as they stand in the document.

use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// The box an event is about.
pub(super) fn input(target: Option<web_sys::EventTarget>) -> Option<HtmlInputElement> {
    target?.dyn_into().ok()
}

/// Every box of a kind.
pub(super) fn inputs(ground: &Element, selector: &str) -> Vec<HtmlInputElement> {
    all(ground, selector)
}

fn all<Kind: JsCast>(ground: &Element, selector: &str) -> Vec<Kind> {
    let Ok(list) = ground.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

/// Whether a box was ticked as the page was made.
pub(super) fn was(input: &HtmlInputElement) -> bool {
    input.dataset().get("was").as_deref() == Some("1")
}

/// What the page notes at a box.
pub(super) fn data(input: &HtmlInputElement, key: &str) -> String {
    input.dataset().get(key).unwrap_or_default()
}

/// Ticks cells; `which` narrows them. Rows that are to go are left alone.
pub(super) fn set(ground: &Element, which: &str, on: bool) {
    let staying = "tr:not([data-goes]) input[name=cell]:enabled";
    for cell in inputs(ground, &format!("{staying}{which}")) {
        cell.set_checked(on);
    }
}

/// How many statuses of a country are on, of how many. One that cannot be switched counts as it is.
pub(super) fn count_of(ground: &Element, country: &str) -> (usize, usize) {
    let cells = inputs(ground, &format!("tr[data-row={country}] input[name=cell]"));
    let is_on = |cell: &HtmlInputElement| match cell.type_().as_str() {
        "hidden" => !cell.disabled(),
        _ => cell.checked(),
    };
    let on = cells.iter().filter(|cell| is_on(cell)).count();
    (on, dispatch::channel::TrackingStatus::ALL.len())
}

/// Shows on each box that stands for several whether all, some or none of them are ticked.
pub(super) fn show_columns(ground: &Element) {
    for one in inputs(ground, "input[data-column], input[data-line], input[data-every]") {
        let which = match (one.dataset().get("column"), one.dataset().get("line")) {
            (Some(status), _) => format!("[data-status={status}]"),
            (_, Some(country)) => format!("[data-country={country}]"),
            (None, None) => String::new(),
        };
        let staying = "tr:not([data-goes]) input[name=cell][data-was]";
        let cells = inputs(ground, &format!("{staying}{which}"));
        let ticked = cells.iter().filter(|cell| cell.checked()).count();
        one.set_checked(ticked == cells.len() && ticked > 0);
        one.set_indeterminate(ticked > 0 && ticked < cells.len());
    }
}

/// Whether the matrix looks like a list, in which the statuses of a country stand below one another.
pub(super) fn is_list(ground: &Element) -> bool {
    let heads: Vec<HtmlElement> = all(ground, ".routes > thead");
    heads.first().is_some_and(|head| head.offset_height() == 0)
}

/// Moves the focus from a stop to its neighbour as an arrow says; answers whether the key was one. Tab
/// goes on working as everywhere.
pub(super) fn move_focus(ground: &Element, from: &HtmlInputElement, key: &str) -> bool {
    let (Ok(Some(place)), Ok(Some(row))) = (from.closest("td.s"), from.closest("tr.r")) else {
        return false;
    };
    let listed = is_list(ground);
    let (across, down) = match key {
        "ArrowLeft" => (-1, 0),
        "ArrowRight" => (1, 0),
        "ArrowUp" if listed => (-1, 0),
        "ArrowDown" if listed => (1, 0),
        "ArrowUp" => (0, -1),
        "ArrowDown" => (0, 1),
        _ => return false,
    };
    let places = |row: &Element| all::<Element>(row, "td.s");
    let Some(column) = places(&row).iter().position(|each| *each == place) else { return true };
    let rows: Vec<Element> = all(ground, "tr.r");
    let Some(line) = rows.iter().position(|each| *each == row) else { return true };
    let (mut column, mut line) = (column, line);
    loop {
        let (Some(next_column), Some(next_line)) =
            (column.checked_add_signed(across), line.checked_add_signed(down))
        else {
            return true;
        };
        (column, line) = (next_column, next_line);
        let Some(row) = rows.get(line) else { return true };
        let Some(place) = places(row).into_iter().nth(column) else { return true };
        let stop = all::<HtmlElement>(&place, "input:enabled:not([type=hidden]), a");
        if let Some(stop) = stop.first() {
            // What is not shown does not take the focus; then it stays.
            let _ = stop.focus();
            return true;
        }
    }
}
