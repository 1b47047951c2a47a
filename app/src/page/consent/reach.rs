//! Of the people there was news for, how many were told on each channel, and why not the others.

use super::super::Ask;
use crate::route;
use crate::text::{number, reason, status};
use crate::ui;
use crate::ui::layout::Column;
use dispatch::view::Coverage;
use leptos::prelude::*;

/// The table of brands and channels; nothing while there was no news.
pub(super) fn reach(ask: &Ask, lines: &[Coverage]) -> Option<AnyView> {
    let t = ask.t;
    let guest = ask.desk.guest.as_ref()?;
    if lines.is_empty() {
        return None;
    }
    let whole = |count: i64| number::whole(ask.lang, count);
    let rows = lines
        .iter()
        .filter_map(|line| {
            let brand = guest.brands.iter().find(|brand| brand.id == line.brand)?;
            let people = line.people();
            let share = number::percent(line.told, people);
            let channel = status::channel(t, line.channel);
            let words = t.consent_told_of(&brand.name, channel, whole(line.told), whole(people));
            Some(view! {
                <tr>
                    <th scope="row">{brand.name.clone()}</th>
                    <td>{channel}</td>
                    <td class="num">{whole(people)}</td>
                    <td>
                        <span class="row">
                            {ui::meter(share, words)}
                            <span class="num">{format!("{share}\u{202f}%")}</span>
                        </span>
                    </td>
                    <td>{untold(ask, line)}</td>
                </tr>
            })
        })
        .collect_view();
    let columns = vec![
        Column::words(t.consent_brand()),
        Column::words(t.consent_channel()),
        Column::figures(t.consent_people()),
        Column::words(t.consent_told()),
        Column::words(t.consent_untold()),
    ];
    Some(
        view! {
            <section class="stack consent__reach" aria-labelledby="reach">
                <h2 id="reach">{t.consent_reach()}</h2>
                {ui::table("table--consent table--reach", t.consent_reach(), columns, rows)}
                <p class="small faint">{t.consent_reach_words()}</p>
            </section>
        }
        .into_any(),
    )
}

/// The reasons with their counts; each leads to what it stopped.
fn untold(ask: &Ask, line: &Coverage) -> AnyView {
    let t = ask.t;
    if line.untold.is_empty() {
        return view! { <span class="faint">{t.consent_everybody()}</span> }.into_any();
    }
    let brand = line.brand.to_string();
    let items = line
        .untold
        .iter()
        .map(|(code, count)| {
            let about =
                reason::Subject { status: None, country: None, channel: line.channel, phone: None };
            let asked = [("tab", "not_sent"), ("brand", brand.as_str()), ("reason", code.word())];
            let href = route::with_query(route::MESSAGES, &asked);
            view! {
                <li>
                    <span class="num">{number::whole(ask.lang, *count)}</span>
                    " "
                    <a href=href>{reason::short(t, *code, about)}</a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="reach__why">{items}</ul> }.into_any()
}
