//! What was not sent, counted by the rule that stopped it: who can change it, and where.

use super::asked::Asked;
use super::setting;
use crate::page::Ask;
use crate::text::{number, reason, time};
use crate::ui;
use dispatch::channel::Channel;
use dispatch::view::ReasonCount;
use leptos::prelude::*;

/// The table of reasons; each leads to its rows.
pub(super) fn reasons(ask: &Ask, asked: &Asked, counts: &[ReasonCount]) -> AnyView {
    let t = ask.t;
    let most = counts.iter().map(|count| count.count).max().unwrap_or(1);
    let rows = counts
        .iter()
        .map(|count| {
            let about = reason::Subject {
                status: None,
                country: None,
                channel: Channel::Whatsapp,
                phone: None,
            };
            let here = asked.reason == Some(count.reason);
            let words = reason::short(t, count.reason, about);
            let change = setting::general(ask, count.reason).map(|href| {
                let name = format!("{}: {words}", t.change());
                view! { <span aria-hidden="true">" · "</span> <a href=href aria-label=name>{t.change()}</a> }
            });
            let share = number::percent(count.count, most);
            let figure = number::whole(ask.lang, count.count);
            view! {
                <tr class=here.then_some("sel")>
                    <th scope="row">
                        <a href=asked.with(|asked| asked.reason = Some(count.reason)) aria-current=here.then_some("true")>
                            {words.clone()}
                        </a>
                        <p class="hint">{reason::remedy(t, count.reason)}</p>
                    </th>
                    <td>{reason::owner(t, count.reason)}{change}</td>
                    <td class="faint nowrap">
                        {ui::moment(ask.lang, count.last_at, &ask.zone, time::short(ask.lang, count.last_at, &ask.zone))}
                    </td>
                    <td class="reasons__bar"><span aria-hidden="true">{ui::meter(share, "")}</span></td>
                    <td class="num"><b>{figure}</b></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="reasons" aria-labelledby="reasons">
            <div class="spread">
                <h2 id="reasons">{t.messages_reasons()}</h2>
                <span class="small faint">{t.messages_sum_days()}</span>
            </div>
            <table class="table table--reasons">
                <caption class="sr">{t.messages_reasons_caption()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t.messages_reasons_reason()}</th>
                        <th scope="col">{t.messages_reasons_who()}</th>
                        <th scope="col">{t.messages_reasons_last()}</th>
                        <th scope="col" colspan="2" class="num">{t.messages_reasons_count()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}
