//! The exact figures beside the estimate: what the last 30 days would have become, counted by the server
//! once somebody has stopped switching for a moment.

use super::boxes::{data, inputs, was};
use crate::ask::{Refused, dry_run};
use crate::text::{Text, money, number, reason};
use dispatch::country::Country;
use dispatch::decision::RuleCode;
use dispatch::error::Error;
use dispatch::forecast::{DryRun, Figures, Side, Wish, messages_for};
use dispatch::money::Money;
use dispatch::port::CellChange;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::time::Duration;
use web_sys::Element;

/// How long nothing must be pressed before it is counted.
const PAUSE: Duration = Duration::from_millis(500);

/// Most lines of a list; the rest is in the sum.
const MOST_LINES: usize = 8;

/// How far the count is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Forecast {
    /// Nothing is staged.
    Resting,
    /// The server counts.
    Counting,
    /// The answer.
    Counted(Box<DryRun>),
    /// No answer. The estimate stands all the same.
    Failed(Refused),
}

/// Asks for the staged boxes again, under a cap of so many messages where one is asked for, unless something is
/// pressed meanwhile.
pub(super) fn ask_again(
    ground: &Element,
    place: (String, String, i64),
    cap: Option<i64>,
    forecast: RwSignal<Forecast>,
    turn: StoredValue<u32>,
) {
    turn.update_value(|turn| *turn = turn.wrapping_add(1));
    let mine = turn.get_value();
    let changes = staged(ground);
    if changes.is_empty() && cap.is_none() {
        forecast.set(Forecast::Resting);
        return;
    }
    forecast.set(Forecast::Counting);
    let (brand, channel, version) = place;
    let wish = Wish { brand, channel, version: Some(version), changes, cap, ..Wish::default() };
    set_timeout(
        move || {
            if turn.get_value() != mine {
                return;
            }
            leptos::task::spawn_local(async move {
                let answer = dry_run(wish).await;
                if turn.get_value() == mine {
                    forecast.set(match answer {
                        Ok(answer) => Forecast::Counted(Box::new(answer)),
                        Err(refused) => Forecast::Failed(refused),
                    });
                }
            });
        },
        PAUSE,
    );
}

/// The boxes that differ from what is saved, as changes.
fn staged(ground: &Element) -> Vec<CellChange> {
    let mut changes = Vec::new();
    for gone in inputs(ground, "input[name=remove]") {
        changes
            .extend(gone.value().parse().ok().map(|country| CellChange::RemoveCountry { country }));
    }
    let boxes = inputs(ground, "tr:not([data-goes]) input[data-was]");
    for each in boxes.iter().filter(|each| each.checked() != was(each)) {
        let Ok(country) = data(each, "country").parse::<Country>() else { continue };
        let on = each.checked();
        let status = each.dataset().get("status").map(|status| status.parse());
        match status {
            None => changes.push(CellChange::Country { country, on }),
            Some(Ok(status)) => changes.push(CellChange::Status { country, status, on }),
            Some(Err(_)) => {}
        }
    }
    changes
}

/// The cap that is asked about, in messages: none where nothing is written.
///
/// # Errors
/// `Invalid` where what is written is no amount.
pub fn cap(text: &str, price: Money) -> Result<Option<i64>, Error> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let micros = money::read(text).ok_or(Error::invalid("cap", "amount"))?;
    Ok(messages_for(Money::new(micros, price.currency), price))
}

/// The names of the cells, as the page wrote them.
pub(super) fn names(ground: &Element) -> BTreeMap<String, String> {
    inputs(ground, "input[name=cell][data-name]")
        .iter()
        .map(|each| (each.value(), data(each, "name")))
        .collect()
}

/// What the panel says of it. `capped` is whether a cap was asked for.
pub(super) fn words(
    t: Text,
    forecast: &Forecast,
    names: &BTreeMap<String, String>,
    capped: bool,
) -> AnyView {
    match forecast {
        Forecast::Resting => ().into_any(),
        Forecast::Counting => {
            view! { <p class="muted" aria-busy="true">{t.impact_counting()}</p> }.into_any()
        }
        Forecast::Failed(refused) => {
            view! { <p class="note note--warn">{t.impact_not_counted(refused.words(t))}</p> }
                .into_any()
        }
        Forecast::Counted(answer) => figures(t, answer, names, capped),
    }
}

/// The same in a line, where there is room for no more; none while nothing is staged.
pub(super) fn short(t: Text, forecast: &Forecast) -> Option<String> {
    match forecast {
        Forecast::Resting => None,
        Forecast::Counting => Some(t.impact_counting().to_owned()),
        Forecast::Failed(_) => Some(t.impact_not_counted_short().to_owned()),
        Forecast::Counted(answer) => {
            let Figures { before, after, .. } = &answer.total;
            let messages = after.messages - before.messages;
            let change = number::change(t.lang(), messages);
            Some(t.impact_counted_short(difference(t, before, after), change, messages))
        }
    }
}

/// The sum, what it is made of, and what the rules would have held back. `names` are those of the cells,
/// by `FR:delivered`.
pub fn figures(
    t: Text,
    answer: &DryRun,
    names: &BTreeMap<String, String>,
    capped: bool,
) -> AnyView {
    let total = &answer.total;
    let messages = total.after.messages - total.before.messages;
    let sum = difference(t, &total.before, &total.after);
    let cut = (answer.of > answer.events).then(|| {
        let words =
            t.ask_cut(number::whole(t.lang(), answer.events), number::whole(t.lang(), answer.of));
        view! { <p class="small muted">{words}</p> }
    });
    let lines = answer
        .cells
        .iter()
        .filter(|cell| cell.figures.before != cell.figures.after)
        .filter_map(|cell| {
            let key = format!("{}:{}", cell.country?, cell.status);
            let name = names.get(&key).cloned().unwrap_or(key);
            let (before, after) = (&cell.figures.before, &cell.figures.after);
            let messages = after.messages - before.messages;
            let amount = difference(t, before, after);
            Some(view! {
                <tr>
                    <th scope="row">
                        {name} <br/>
                        <span class="small faint">{t.impact_messages_short(number::change(t.lang(), messages), messages)}</span>
                    </th>
                    <td>{amount}</td>
                </tr>
            })
        })
        .take(MOST_LINES)
        .collect_view();
    let held = held_back(t, &total.after);
    let cap = capped.then(|| {
        let words = match total.after.over_cap {
            0 => t.impact_cap_never().to_owned(),
            stopped => t.impact_cap_stops(stopped),
        };
        view! { <p>{words}</p> }
    });
    let all = number::whole(t.lang(), total.after.messages);
    view! {
        <p><b>{sum}</b> " " {t.impact_counted(number::change(t.lang(), messages), messages, all)}</p>
        {cap}
        {cut}
        <table class="sums"><tbody>{lines}</tbody></table>
        {held}
    }
    .into_any()
}

fn held_back(t: Text, after: &Side) -> Option<AnyView> {
    // What is off is what the switches say anyway.
    let switched = [RuleCode::Notifies, RuleCode::CountryOn, RuleCode::StatusOn];
    let mut held: Vec<(RuleCode, i64)> = after
        .held_back
        .iter()
        .filter(|(code, count)| !switched.contains(code) && **count > 0)
        .map(|(code, count)| (*code, *count))
        .collect();
    held.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    if held.is_empty() {
        return None;
    }
    let lines = held
        .into_iter()
        .take(MOST_LINES)
        .map(|(code, count)| {
            view! {
                <tr>
                    <th scope="row">{reason::rule(t, code)}</th>
                    <td>{number::whole(t.lang(), count)}</td>
                </tr>
            }
        })
        .collect_view();
    Some(
        view! {
            <details class="impact__held">
                <summary>{t.impact_held_back()}</summary>
                <table class="sums"><tbody>{lines}</tbody></table>
            </details>
        }
        .into_any(),
    )
}

/// The amount that changes, with its sign; the messages where there is no price.
fn difference(t: Text, before: &Side, after: &Side) -> String {
    match (&before.cost, &after.cost) {
        (Some(before), Some(after)) => {
            money::change(t.lang(), Money::new(after.micros - before.micros, after.currency))
        }
        _ => number::change(t.lang(), after.messages - before.messages),
    }
}
