//! What is staged, as the boxes of the document say it, and the words the panel has for it.

use super::boxes::{count_of, data, inputs, was};
use crate::text::{Lang, Text, money, number};
use dispatch::money::Money;
use leptos::prelude::*;
use web_sys::Element;

/// Most lines the panel lists before it sums up the rest.
const MOST_LINES: usize = 8;

/// One staged difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// `Delayed, Italy`.
    pub name: String,
    /// Messages a month, more or less.
    pub messages: i64,
}

/// Everything staged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Staged {
    pub lines: Vec<Line>,
    /// Messages a month, more or less.
    pub messages: i64,
    /// Countries that would be on.
    pub countries: u32,
}

/// Says beside each country how many of its statuses are on, as staged.
pub(super) fn show_counts(t: Text, ground: &Element) {
    for switch in inputs(ground, "input[name=on]") {
        let country = data(&switch, "country");
        let (on, all) = count_of(ground, &country);
        let words =
            if switch.checked() { t.tracking_on_of(on, all) } else { t.tracking_row_off(on) };
        let place = ground.query_selector(&format!("[data-count={country}]")).ok().flatten();
        if let Some(place) = place {
            place.set_text_content(Some(&words));
        }
    }
}

/// Compares every box with what it was.
pub(super) fn read(ground: &Element) -> Staged {
    let switches = inputs(ground, "input[name=on]");
    let mut staged = Staged {
        countries: u32::try_from(switches.iter().filter(|each| each.checked()).count())
            .unwrap_or(0),
        ..Staged::default()
    };
    for switch in &switches {
        let country = data(switch, "country");
        let cells = inputs(ground, &format!("input[name=cell][data-country={country}]"));
        // A row that comes counts with its switch, one that goes with everything in it.
        let whole = inputs(ground, &format!("tr[data-row={country}] input[data-whole]"));
        let whole = whole.first();
        let goes = whole.is_some_and(|whole| whole.name() == "remove");
        let place = staged.lines.len();
        let mut messages_of_country = 0;
        for cell in &cells {
            let events: i64 = data(cell, "events").parse().unwrap_or(0);
            let now = i64::from(switch.checked() && cell.checked());
            let before = i64::from(was(switch) && was(cell));
            let messages = (now - before) * events;
            staged.messages += messages;
            if goes || cell.checked() == was(cell) {
                messages_of_country += messages;
            } else {
                staged.lines.push(Line { name: data(cell, "name"), messages });
            }
        }
        if let Some(whole) = whole {
            let line = Line { name: data(whole, "whole"), messages: messages_of_country };
            staged.lines.insert(place, line);
        } else if switch.checked() != was(switch) {
            let name = data(switch, "name");
            staged.lines.push(Line { name, messages: messages_of_country });
        }
    }
    staged
}

/// The amount a month with its sign, and the words behind it.
pub(super) fn cost(lang: Lang, price: Option<Money>, messages: i64) -> (String, String) {
    let t = Text(lang);
    match price {
        Some(price) => {
            let total = Money::new(price.micros.saturating_mul(messages), price.currency);
            let figure = money::figure(lang, total);
            let sign = if total.micros > 0 { "+" } else { "" };
            (format!("{sign}{figure}"), t.impact_a_month(price.currency))
        }
        None => (number::change(lang, messages), t.impact_messages_a_month().to_owned()),
    }
}

pub(super) fn headline(t: Text, staged: &Staged) -> String {
    if staged.lines.is_empty() {
        t.impact_none().to_owned()
    } else {
        t.impact_changes(staged.lines.len())
    }
}

pub(super) fn explanation(t: Text, any: bool, staged: &Staged) -> String {
    if any {
        t.impact_messages(number::change(t.lang(), staged.messages), staged.messages)
    } else {
        t.impact_resting().to_owned()
    }
}

/// The button names the amount where there is one.
pub(super) fn save_words(
    t: Text,
    price: Option<Money>,
    messages: i64,
    cost: &(String, String),
) -> String {
    match price.filter(|_| messages != 0) {
        Some(_) => t.impact_save(format!("{} {}", cost.0, cost.1)),
        None => t.save().to_owned(),
    }
}

pub(super) fn lines(t: Text, price: Option<Money>, lines: &[Line]) -> Vec<AnyView> {
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
                    <span class="small faint">{t.impact_messages_short(number::change(t.lang(), line.messages), line.messages)}</span>
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
