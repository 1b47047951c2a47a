//! What stands under an open row, and the key below the matrix.

use super::matrix::{groups, variant, volume};
use super::typed::Staged;
use super::{Board, say};
use crate::act;
use crate::page::Ask;
use crate::page::templates::review_state;
use crate::route;
use crate::text::{money, number, status};
use crate::ui::{Icon, icon};
use dispatch::change::{Cell, Flip};
use dispatch::channel::TrackingStatus;
use dispatch::country::Country;
use leptos::prelude::*;

/// What stands under an open row: each status with its template, review, volume and price.
pub(super) fn drawer(ask: &Ask, board: &Board, code: Country, name: &str) -> AnyView {
    let t = ask.t;
    let price = board.price.as_ref().map(|price| money::unit_price(ask.lang, price.price));
    let groups = groups()
        .map(|(group, statuses)| {
            let rows = statuses
                .into_iter()
                .map(|each| {
                    let events = volume(board, code, each);
                    let template = variant(board, code, each);
                    view! {
                        <tr>
                            <td>{status::name(t, each)}</td>
                            <td>
                                {template.map(|variant| view! {
                                    <a href=say::editor(board, variant)>{say::name(variant)}</a>
                                    " "
                                    <span class="faint">{variant.language.to_string()}</span>
                                })}
                            </td>
                            <td>{template.map(|variant| review_state(t, variant.review))}</td>
                            <td class="num">
                                {if events > 0 { number::whole(ask.lang, events) } else { "\u{2013}".to_owned() }}
                            </td>
                            <td class="num">{price.clone()}</td>
                            {board.may_edit.then(|| view! { <td class="end">{trial(ask, board, code, each)}</td> })}
                        </tr>
                    }
                })
                .collect_view();
            view! {
                <tr class="grp"><th scope="rowgroup" colspan="6">{status::group(t, group)}</th></tr>
                {rows}
            }
        })
        .collect_view();
    let remove = board.may_edit.then(|| removal(ask, board, code, name));
    let heading = board.price.as_ref().map(|price| t.tracking_each_in(price.price.currency));
    view! {
        <table class="detail">
            <caption class="sr">{t.tracking_drawer(name)}</caption>
            <thead>
                <tr>
                    <th scope="col">{t.tracking_status()}</th>
                    <th scope="col">{t.tracking_template()}</th>
                    <th scope="col">{t.tracking_review()}</th>
                    <th scope="col" class="num">{t.tracking_parcels()}</th>
                    <th scope="col" class="num">{heading}</th>
                    {board.may_edit.then(|| view! { <th scope="col"><span class="sr">{t.tracking_try()}</span></th> })}
                </tr>
            </thead>
            <tbody>{groups}</tbody>
        </table>
        {board.may_edit.then(|| trials(ask, board, code))}
        <div class="drawer__end">{remove}</div>
    }
    .into_any()
}

/// The buttons that stage the row to go and let it stay; which of them shows is the row's state, by style.
fn removal(ask: &Ask, board: &Board, code: Country, name: &str) -> AnyView {
    let t = ask.t;
    let goes = super::words::sentence(ask, Flip { cell: Cell::Row(code), on: false });
    let just = board.proposal.just();
    let (dropped, kept) = (just == Some(Staged::Goes(code)), just == Some(Staged::Stays(code)));
    view! {
        <button
            class="btn btn--s btn--quiet btn--bad"
            type="submit"
            name=act::DROP
            value=code.code().to_owned()
            data-whole=goes
            autofocus=kept
        >
            {t.tracking_remove(name)}
        </button>
        <button class="btn btn--s" type="submit" name=act::KEEP value=code.code().to_owned() autofocus=dropped>
            {icon(Icon::Undo)}
            {t.tracking_keep(name)}
        </button>
    }
    .into_any()
}

/// The simulator, set to a status of this country.
fn trial(ask: &Ask, board: &Board, code: Country, each: TrackingStatus) -> AnyView {
    let t = ask.t;
    let brand = board.brand.id.to_string();
    let asked = [("brand", brand.as_str()), ("status", each.word()), ("country", code.code())];
    let name = t.tracking_try_of(status::name(t, each));
    view! {
        <a href=route::with_query(route::SIMULATE, &asked) aria-label=name>{t.tracking_try()}</a>
    }
    .into_any()
}

/// The same where the table has no room.
fn trials(ask: &Ask, board: &Board, code: Country) -> AnyView {
    let t = ask.t;
    let brand = board.brand.id.to_string();
    let links = TrackingStatus::ALL
        .iter()
        .map(|each| {
            let asked =
                [("brand", brand.as_str()), ("status", each.word()), ("country", code.code())];
            let href = route::with_query(route::SIMULATE, &asked);
            view! { <li><a href=href>{status::name(t, *each)}</a></li> }
        })
        .collect_view();
    view! {
        <details class="fold drawer__trials">
            <summary>{t.tracking_try_list()}</summary>
            <ul>{links}</ul>
        </details>
    }
    .into_any()
}

pub(super) fn legend(ask: &Ask) -> AnyView {
    let t = ask.t;
    view! {
        <ul class="legend only-wide" aria-label=t.tracking_key()>
            <li><span class="dot dot--on" aria-hidden="true"></span>{t.tracking_key_on()}</li>
            <li><span class="dot" aria-hidden="true"></span>{t.tracking_key_off()}</li>
            <li><span class="dot dot--on dot--new" aria-hidden="true"></span>{t.tracking_key_new()}</li>
            <li><span class="blocked" aria-hidden="true">{icon(Icon::Pen)}</span>{t.tracking_key_draft()}</li>
            <li><span class="blocked" aria-hidden="true">{icon(Icon::Clock)}</span>{t.tracking_key_review()}</li>
            <li><span class="blocked" aria-hidden="true">{icon(Icon::Held)}</span>{t.tracking_key_paused()}</li>
            <li><span class="blocked blocked--bad" aria-hidden="true">{icon(Icon::Failed)}</span>{t.tracking_key_stopped()}</li>
        </ul>
    }
    .into_any()
}
