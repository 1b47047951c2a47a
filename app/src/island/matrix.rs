//! The matrix awake: says at once what staged switches would mean, before one Save writes them all.
//!
//! The boxes are the page's own, rendered by the server inside this island. It reads them from the
//! document (`data-was`, `data-events`) instead of keeping a copy, so there is one truth and nothing to
//! send twice. Saving posts the form like any other.

#![expect(missing_docs, reason = "the macro makes a type that nobody names")]

use crate::text::{Lang, Text, money, number};
use dispatch::money::Money;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html};
use std::time::Duration;
use web_sys::{HtmlFormElement, HtmlInputElement};

/// Under which name the tab remembers what the boxes were before the last save.
const BEFORE: &str = "matrix-before";

/// How long a save can be taken back.
const UNDO_FOR: Duration = Duration::from_secs(10);

/// Most lines the panel lists before it sums up the rest.
const MOST_LINES: usize = 8;

/// One staged difference.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// `Delayed, Italy`.
    name: String,
    /// Messages a month, more or less.
    messages: i64,
}

/// Everything staged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Staged {
    lines: Vec<Line>,
    /// Messages a month, more or less.
    messages: i64,
    /// Countries that would be on.
    countries: u32,
}

/// The form of switches, with its panel beside it and its bar below on narrower screens.
#[island]
pub fn StagedMatrix(
    /// Language of the panel.
    lang: Lang,
    /// What one delivered message costs.
    price: Option<Money>,
    /// How many countries the plan allows.
    limit: Option<u32>,
    /// Id of the form.
    form: String,
    /// Whether the viewer may save.
    editable: bool,
    /// Brand and channel, so that one board's save is not taken back on another.
    place: String,
    /// Whether the page answers a save, which can be taken back for a moment.
    saved: bool,
    /// The form itself.
    children: Children,
) -> impl IntoView {
    let t = Text(lang);
    let ground = NodeRef::<html::Div>::new();
    let staged = RwSignal::new(Staged::default());
    let awake = RwSignal::new(false);
    let saving = StoredValue::new(false);
    let before = RwSignal::new(None::<Vec<String>>);
    let place = StoredValue::new(place);

    let count = move || {
        if let Some(ground) = ground.get_untracked() {
            staged.set(read(&ground));
            show_columns(&ground);
        }
    };
    Effect::new(move |_| {
        if ground.get().is_some() {
            awake.set(editable);
            count();
            if saved && editable {
                before.set(recall(&place.read_value()));
                set_timeout(move || before.set(None), UNDO_FOR);
            }
        }
    });
    let submitted = move |_| {
        saving.set_value(true);
        if let Some(ground) = ground.get_untracked() {
            remember(&place.read_value(), &ground);
        }
    };
    let undo = move |_| {
        let (Some(ground), Some(before)) = (ground.get_untracked(), before.get_untracked()) else {
            return;
        };
        for each in inputs(&ground, "input[data-was]") {
            each.set_checked(before.contains(&name_of(&each)));
        }
        let form = ground.query_selector("form.staged__form").ok().flatten();
        if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
            // A browser without `requestSubmit` keeps the staged boxes; Save then writes them.
            let _ = form.request_submit();
        }
        count();
    };
    let changed = move |event: ev::Event| {
        let (Some(ground), Some(box_)) = (ground.get_untracked(), input(event.target())) else {
            return;
        };
        if let Some(column) = box_.dataset().get("column") {
            set_column(&ground, &column, box_.checked());
        }
        count();
    };
    let discard = move |_| {
        if let Some(ground) = ground.get_untracked() {
            for each in inputs(&ground, "input[data-was]") {
                each.set_checked(was(&each));
            }
            count();
        }
    };
    // Leaving with staged switches would lose them; saving does not.
    let guard = window_event_listener(ev::beforeunload, move |event| {
        if !saving.get_value() && staged.with_untracked(|staged| !staged.lines.is_empty()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || guard.remove());

    let any = move || staged.with(|staged| !staged.lines.is_empty());
    let too_many =
        move || limit.is_some_and(|limit| staged.with(|staged| staged.countries > limit)) && any();
    let cost = move || staged.with(|staged| cost(lang, price, staged.messages));
    let save_form = form.clone();
    view! {
        <div
            class="cols staged"
            class:is-awake=move || awake.get()
            node_ref=ground
            on:change=changed
            on:submit=submitted
        >
            <div class="staged__main">{children()}</div>
            <aside class="card impact only-wide" class:is-resting=move || !any() aria-labelledby="impact">
                <div class="card__b">
                    <h2 id="impact" aria-live="polite">
                        {move || staged.with(|staged| headline(t, staged))}
                    </h2>
                    <p class="big" hidden=move || !any()>{move || cost().0} " " <small>{move || cost().1}</small></p>
                    <p class="muted impact__words">{move || staged.with(|staged| explanation(t, any(), staged))}</p>
                </div>
                <div class="card__b" hidden=move || !any()>
                    <table class="sums"><tbody>{move || staged.with(|staged| lines(t, price, &staged.lines))}</tbody></table>
                </div>
                <div class="card__b" hidden=move || !too_many()>
                    <p class="note note--warn">{t.impact_too_many(limit.unwrap_or_default())}</p>
                </div>
                <div class="card__b" hidden=move || before.with(Option::is_none) || any()>
                    <button class="btn btn--wide" type="button" on:click=undo>{t.impact_undo()}</button>
                </div>
                <div class="card__b stack" hidden=move || !any()>
                    <button class="btn btn--commit btn--wide" type="submit" form=form disabled=too_many>
                        {move || save_words(t, price, staged.with(|staged| staged.messages), &cost())}
                    </button>
                    <button class="btn btn--quiet btn--wide" type="button" on:click=discard>{t.impact_discard()}</button>
                </div>
            </aside>
            <div class="savebar" hidden=move || !any()>
                <span class="two">
                    <b>{move || { let (amount, unit) = cost(); format!("{amount} {unit}") }}</b>
                    <small>{move || staged.with(|staged| headline(t, staged))}</small>
                </span>
                <span class="row">
                    <button class="btn btn--quiet" type="button" on:click=discard>{t.impact_discard()}</button>
                    <button class="btn btn--commit" type="submit" form=save_form disabled=too_many>{t.save()}</button>
                </span>
            </div>
        </div>
    }
}

/// A box's name and value as the form sends them.
fn name_of(input: &HtmlInputElement) -> String {
    format!("{}={}", input.name(), input.value())
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Keeps, for this tab, which boxes were ticked as the page was made.
fn remember(place: &str, ground: &web_sys::Element) {
    let names = inputs(ground, "input[data-was]")
        .iter()
        .filter(|each| was(each))
        .map(name_of)
        .collect::<Vec<_>>()
        .join(" ");
    if let Some(storage) = storage() {
        // Full or forbidden storage only costs the way back.
        let _ = storage.set_item(BEFORE, &format!("{place} {names}"));
    }
}

/// The boxes that were ticked before the last save of this board.
fn recall(place: &str) -> Option<Vec<String>> {
    let kept = storage()?.get_item(BEFORE).ok().flatten()?;
    let mut words = kept.split(' ').map(str::to_owned);
    (words.next()? == place).then(|| words.collect())
}

fn input(target: Option<web_sys::EventTarget>) -> Option<HtmlInputElement> {
    target?.dyn_into().ok()
}

fn inputs(ground: &web_sys::Element, selector: &str) -> Vec<HtmlInputElement> {
    let Ok(list) = ground.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

fn was(input: &HtmlInputElement) -> bool {
    input.dataset().get("was").as_deref() == Some("1")
}

fn data(input: &HtmlInputElement, key: &str) -> String {
    input.dataset().get(key).unwrap_or_default()
}

/// Compares every box with what it was.
fn read(ground: &web_sys::Element) -> Staged {
    let switches = inputs(ground, "input[name=on]");
    let mut staged = Staged {
        countries: u32::try_from(switches.iter().filter(|each| each.checked()).count())
            .unwrap_or(0),
        ..Staged::default()
    };
    for switch in &switches {
        let country = data(switch, "country");
        let cells = inputs(ground, &format!("input[name=cell][data-country={country}]"));
        let mut messages_of_country = 0;
        for cell in &cells {
            let events: i64 = data(cell, "events").parse().unwrap_or(0);
            let now = i64::from(switch.checked() && cell.checked());
            let before = i64::from(was(switch) && was(cell));
            let messages = (now - before) * events;
            staged.messages += messages;
            if cell.checked() == was(cell) {
                messages_of_country += messages;
            } else {
                staged.lines.push(Line { name: data(cell, "name"), messages });
            }
        }
        if switch.checked() != was(switch) {
            let name = data(switch, "name");
            staged.lines.push(Line { name, messages: messages_of_country });
        }
    }
    staged
}

/// Ticks a status in every country.
fn set_column(ground: &web_sys::Element, status: &str, on: bool) {
    for cell in inputs(ground, &format!("input[name=cell][data-status={status}]")) {
        cell.set_checked(on);
    }
}

/// Shows above each column whether all, some or none of its boxes are ticked.
fn show_columns(ground: &web_sys::Element) {
    for column in inputs(ground, "input[data-column]") {
        let status = data(&column, "column");
        let cells = inputs(ground, &format!("input[name=cell][data-status={status}]"));
        let ticked = cells.iter().filter(|cell| cell.checked()).count();
        column.set_checked(ticked == cells.len() && ticked > 0);
        column.set_indeterminate(ticked > 0 && ticked < cells.len());
    }
}

/// The amount a month with its sign, and the words behind it.
fn cost(lang: Lang, price: Option<Money>, messages: i64) -> (String, String) {
    let t = Text(lang);
    match price {
        Some(price) => {
            let total = Money::new(price.micros.saturating_mul(messages), price.currency);
            let figure = money::figure(lang, total);
            let sign = if total.micros > 0 { "+" } else { "" };
            (format!("{sign}{figure}"), t.impact_a_month(price.currency))
        }
        None => (signed(lang, messages), t.impact_messages_a_month().to_owned()),
    }
}

fn signed(lang: Lang, value: i64) -> String {
    let text = number::whole(lang, value);
    if value > 0 { format!("+{text}") } else { text }
}

fn headline(t: Text, staged: &Staged) -> String {
    if staged.lines.is_empty() {
        t.impact_none().to_owned()
    } else {
        t.impact_changes(staged.lines.len())
    }
}

fn explanation(t: Text, any: bool, staged: &Staged) -> String {
    if any {
        t.impact_messages(signed(t.lang(), staged.messages))
    } else {
        t.impact_resting().to_owned()
    }
}

/// The button names the amount where there is one.
fn save_words(t: Text, price: Option<Money>, messages: i64, cost: &(String, String)) -> String {
    match price.filter(|_| messages != 0) {
        Some(_) => t.impact_save(format!("{} {}", cost.0, cost.1)),
        None => t.save().to_owned(),
    }
}

fn lines(t: Text, price: Option<Money>, lines: &[Line]) -> Vec<AnyView> {
    let line = |line: &Line| {
        let amount = price.map(|price| {
            let total = Money::new(price.micros.saturating_mul(line.messages), price.currency);
            let sign = if total.micros > 0 { "+" } else { "" };
            format!("{sign}{}", money::figure(t.lang(), total))
        });
        view! {
            <tr>
                <th scope="row">
                    {line.name.clone()} <br/>
                    <span class="small faint">{t.impact_messages_short(signed(t.lang(), line.messages))}</span>
                </th>
                <td>{amount}</td>
            </tr>
        }
        .into_any()
    };
    let rest = lines.len().saturating_sub(MOST_LINES);
    let mut rows: Vec<AnyView> = lines.iter().take(MOST_LINES).map(line).collect();
    if rest > 0 {
        rows.push(
            view! { <tr><th scope="row" colspan="2">{t.impact_more(rest)}</th></tr> }.into_any(),
        );
    }
    rows
}
