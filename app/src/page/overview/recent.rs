//! The newest rows of the log, on the overview.

use crate::page::Ask;
use crate::page::messages::{cards, word};
use crate::route;
use crate::text::{country, status, time};
use crate::ui::layout::{Column, table};
use crate::ui::{self, Tone, state_word};
use dispatch::view::LogRow;
use leptos::prelude::*;

/// How many rows the overview shows.
pub(super) const ROWS: i64 = 8;

/// The newest decisions, each with a link to its page.
pub(super) fn recent(ask: &Ask, shown: &[LogRow]) -> AnyView {
    let t = ask.t;
    let lines = if shown.is_empty() {
        ui::note(Tone::Plain, t.overview_none_yet())
    } else {
        lines(ask, t.overview_recent(), shown)
    };
    view! {
        <div class="stack">
            <div class="spread">
                <h2>{t.overview_recent()}</h2>
                <a class="small" href=route::MESSAGES>{t.overview_all()}</a>
            </div>
            {lines}
        </div>
    }
    .into_any()
}

/// Rows of the log with what became of each: a table, or cards on a phone.
pub fn lines(ask: &Ask, caption: &'static str, shown: &[LogRow]) -> AnyView {
    let t = ask.t;
    let columns = vec![
        Column::words(t.overview_time(ask.zone.name)),
        Column::words(t.overview_order()),
        Column::words(t.overview_news()),
        Column::words(t.overview_outcome()),
    ];
    let lines = shown.iter().map(|row| line(ask, row)).collect_view();
    let table = table("table--recent", caption, columns, lines);
    view! { <div class="only-wide">{table}</div> {cards(ask, shown)} }.into_any()
}

fn line(ask: &Ask, row: &LogRow) -> AnyView {
    let t = ask.t;
    let (state, words) = word::state(t, row);
    let why = word::why(t, row).map(|why| view! { <small>{why}</small> });
    let place = row.country.map(|code| {
        let name = country::name(ask.lang, code.code());
        view! { {ui::flag(code.code())} <span class="sr">{name}</span> }
    });
    view! {
        <tr>
            <td class="faint nowrap">
                {ui::layout::moment(ask.lang, row.at, &ask.zone, time::short(ask.lang, row.at, &ask.zone))}
            </td>
            <td class="nowrap"><a href=word::page(row)>{word::title(t, row)}</a></td>
            <td><span class="row nowrap">{place}{status::event(t, row.status)}</span></td>
            <td><span class="why">{state_word(state, words)}{why}</span></td>
        </tr>
    }
    .into_any()
}
