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
                    <td data-name=t.consent_channel()>{channel}</td>
                    <td class="num" data-name=t.consent_people()>{whole(people)}</td>
                    <td data-name=t.consent_told()>
                        <span class="row">
                            {ui::meter(share, words)}
                            <span class="num">{format!("{share}\u{202f}%")}</span>
                        </span>
                    </td>
                    <td class="reach__rest" data-name=t.consent_untold()>{untold(ask, line)}</td>
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

/// What became of the others' news, with counts; each reason leads to what it stopped.
fn untold(ask: &Ask, line: &Coverage) -> AnyView {
    let t = ask.t;
    if line.told == line.people() {
        return view! { <span class="faint">{t.consent_everybody()}</span> }.into_any();
    }
    let brand = line.brand.to_string();
    let failed = [("tab", "failed"), ("brand", brand.as_str())];
    let failed = (t.consent_not_arrived(), route::with_query(route::MESSAGES, &failed));
    let waits = (t.consent_under_way(), String::new());
    let sent = [(line.failed, failed), (line.under_way, waits)];
    let sent = sent.into_iter().filter(|(count, _)| *count > 0).map(|(count, (words, href))| {
        let words = if href.is_empty() {
            words.into_any()
        } else {
            view! { <a href=href>{words}</a> }.into_any()
        };
        item(ask, count, words)
    });
    let items = line.untold.iter().map(|(code, count)| {
        let about =
            reason::Subject { status: None, country: None, channel: line.channel, phone: None };
        let asked = [("tab", "not_sent"), ("brand", brand.as_str()), ("reason", code.word())];
        let href = route::with_query(route::MESSAGES, &asked);
        let words = view! { <a href=href>{reason::short(t, *code, about)}</a> };
        item(ask, *count, words.into_any())
    });
    view! { <ul class="reach__why">{sent.chain(items).collect_view()}</ul> }.into_any()
}

fn item(ask: &Ask, count: i64, words: AnyView) -> AnyView {
    let count = number::whole(ask.lang, count);
    view! { <li><span class="num">{count}</span> " " {words}</li> }.into_any()
}
