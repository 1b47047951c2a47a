//! Rows that come and go, staged like every switch until one Save writes them all.
//!
//! What a country's row says is the server's to know, so it is taken out of the page that answers the same
//! form without scripts. What cannot be done in place goes that ordinary way, with everything that is staged.

use super::boxes::{data, inputs, is_list, was};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{
    DomParser, Element, HtmlElement, HtmlInputElement, HtmlSelectElement, SupportedType,
};

/// Lets the menu of the page's head stage its country here; the menu stands outside of the island. Its button is no
/// longer one that sends the form, or Enter on a switch would press it.
pub(super) fn wake_menu(add: impl Fn() + 'static) {
    let Some(button) = menu_part("button[name=add]") else { return };
    let _ = button.set_attribute("type", "button");
    let pressed = Closure::<dyn Fn()>::new(add);
    let _ = button.add_event_listener_with_callback("click", pressed.as_ref().unchecked_ref());
    // The menu is there as long as the page is.
    pressed.forget();
}

fn menu_part(selector: &str) -> Option<Element> {
    document().query_selector(&format!(".menu__box--picker {selector}")).ok().flatten()
}

fn menu_choice() -> Option<HtmlSelectElement> {
    menu_part("select[name=country]")?.dyn_into().ok()
}

/// The country that is chosen in the menu; empty for none.
pub(super) fn chosen() -> String {
    menu_choice().map(|select| select.value()).unwrap_or_default()
}

/// Says at the menu's button whether it waits for the server.
pub(super) fn show_waiting(waits: bool) {
    if let Some(button) = menu_part("button[name=add]") {
        let _ = button.set_attribute("aria-busy", if waits { "true" } else { "false" });
    }
}

/// Closes the menu with nothing chosen in it.
pub(super) fn close_menu() {
    let Some(select) = menu_choice() else { return };
    select.set_value("");
    if let Ok(Some(menu)) = select.closest("details") {
        let _ = menu.remove_attribute("open");
    }
}

/// Puts the focus on the menu.
pub(super) fn focus_menu() {
    let menu = menu_choice().and_then(|select| select.closest("details").ok().flatten());
    let summary = menu.and_then(|menu| menu.query_selector("summary").ok().flatten());
    if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
        let _ = summary.focus();
    }
}

/// A country's row.
pub(super) fn row(ground: &Element, country: &str) -> Option<Element> {
    ground.query_selector(&format!("tr.r[data-row={country}]")).ok().flatten()
}

/// A country's own switch.
fn switch(row: &Element) -> Option<HtmlInputElement> {
    row.query_selector("input[name=on]").ok().flatten()?.dyn_into().ok()
}

/// Puts the focus on a country's switch; answers the country's name and whether it is on.
pub(super) fn enter(ground: &Element, row: &Element) -> Option<(String, bool)> {
    let switch = switch(row)?;
    if is_list(ground)
        && let Some(open) = inputs(row, ".land__open").first()
    {
        open.set_checked(true);
    }
    let _ = switch.focus();
    Some((data(&switch, "name"), switch.checked()))
}

/// Takes a country's row out of an answered page, at the place it has there.
pub(super) fn take(ground: &Element, page: &str, country: &str) -> Option<Element> {
    let page = DomParser::new().ok()?.parse_from_string(page, SupportedType::TextHtml).ok()?;
    let selector = format!("tr.r[data-row={country}]");
    let theirs = page.query_selector(&selector).ok()??;
    let mut parts = vec![theirs.clone()];
    parts.extend(theirs.next_element_sibling());
    let body = ground.query_selector(".routes > tbody").ok()??;
    let mut next = parts.last()?.next_element_sibling();
    let before = loop {
        let Some(each) = next else { break None };
        let ours = each.get_attribute("data-row").and_then(|code| row(ground, &code));
        if ours.is_some() {
            break ours;
        }
        next = each.next_element_sibling();
    };
    for part in parts {
        // Our own server's page, in which whatever was typed is escaped.
        let part = document().import_node_with_deep(&part, true).ok()?;
        body.insert_before(&part, before.as_deref()).ok()?;
    }
    let row = row(ground, country)?;
    if let Some(switch) = switch(&row) {
        // That is for a page that opens.
        let _ = switch.remove_attribute("autofocus");
    }
    Some(row)
}

/// What became of a row that was to go.
pub(super) enum Dropped {
    /// It goes with the next Save, and can be kept until then.
    Staged,
    /// It had not come yet.
    Forgotten,
}

/// Stages a row to go. `whole` is that in words.
pub(super) fn drop_row(row: &Element, whole: &str) -> Option<Dropped> {
    if !inputs(row, "input[name=row][data-whole]").is_empty() {
        forget(row);
        return Some(Dropped::Forgotten);
    }
    for each in inputs(row, "input[name=on], input[name=cell]") {
        match each.type_().as_str() {
            "hidden" => each.set_disabled(true),
            _ => each.set_checked(false),
        }
    }
    let note = document().create_element("input").ok()?.dyn_into::<HtmlInputElement>().ok()?;
    note.set_type("hidden");
    note.set_name("remove");
    note.set_value(&row.get_attribute("data-row")?);
    note.dataset().set("whole", whole).ok()?;
    row.query_selector(".land__in").ok()??.append_child(&note).ok()?;
    row.set_attribute("data-goes", "").ok()?;
    focus_drawer(row, "button[name=keep]");
    Some(Dropped::Staged)
}

/// Lets a row stay as it is stored.
pub(super) fn keep_row(row: &Element) {
    release(row);
    for each in inputs(row, "input[data-was]") {
        each.set_checked(was(&each));
    }
    focus_drawer(row, "button[name=drop]");
}

fn focus_drawer(row: &Element, selector: &str) {
    let drawer = row.next_element_sibling();
    let button = drawer.and_then(|drawer| drawer.query_selector(selector).ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

/// Lets a row stay, whatever is ticked in it.
fn release(row: &Element) {
    for each in inputs(row, "input[name=remove]") {
        each.remove();
    }
    for each in inputs(row, "input[type=hidden][name=cell]") {
        each.set_disabled(false);
    }
    let _ = row.remove_attribute("data-goes");
}

fn forget(row: &Element) {
    if let Some(drawer) = row.next_element_sibling() {
        drawer.remove();
    }
    row.remove();
}

/// A row in which something is ticked again stays: the server keeps it, too.
pub(super) fn settle(ground: &Element) {
    for note in inputs(ground, "input[name=remove]") {
        let used = |row: &Element| {
            !inputs(row, "input[name=on]:checked, input[name=cell]:checked").is_empty()
        };
        if let Some(row) = row(ground, &note.value()).filter(used) {
            release(&row);
        }
    }
}

/// Forgets every row that was to come or go.
pub(super) fn discard(ground: &Element) {
    for note in inputs(ground, "input[data-whole]") {
        let Some(row) = row(ground, &note.value()) else { continue };
        if note.name() == "remove" { release(&row) } else { forget(&row) }
    }
}
