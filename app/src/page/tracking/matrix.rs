//! The matrix: countries down, statuses across, one check box per cell, all in one form.
//!
//! One set of boxes serves every width: a table on wide screens; on phones each row becomes a list
//! under its country, by style alone. Rows open by a box of their own that is never sent. What a box
//! was when the page was made stands in `data-was`; style marks what differs, and the island counts it.

use super::Board;
use crate::act;
use crate::island::matrix::StagedMatrix;
use crate::page::Ask;
use crate::page::templates::review_state;
use crate::route;
use crate::text::{country, money, number, status};
use crate::ui::{self, Icon, Kind, icon};
use dispatch::brand::CountryRow;
use dispatch::channel::{StatusGroup, TrackingStatus};
use dispatch::country::Country;
use dispatch::language::Language;
use dispatch::starter;
use dispatch::template::Variant;
use leptos::prelude::*;

/// The form's id, for buttons outside of it.
pub const FORM: &str = "matrix";

/// The switches of every country with a row, and the panel that says what a change would mean.
pub(super) fn matrix(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let mut rows: Vec<(Country, String, &CountryRow)> = board
        .settings
        .countries
        .iter()
        .map(|(code, row)| (*code, country::name(ask.lang, code.code()), row))
        .collect();
    rows.sort_by_cached_key(|(_, name, _)| country::sort_key(name));
    let removals = rows
        .iter()
        .filter(|_| board.may_edit)
        .map(|(code, _, _)| removal_form(*code, board.settings.version))
        .collect_view();
    let lines = rows
        .iter()
        .map(|(code, name, row)| country_rows(ask, board, *code, name, row))
        .collect_view();
    let channel = status::channel(t, board.channel);
    let price = board.price.as_ref().map(|price| price.price);
    let limit = board.limit.and_then(|limit| u32::try_from(limit).ok());
    let form = view! {
        <form method="post" id=FORM class="staged__form">
            <input type="hidden" name=crate::form::ACT value=act::SAVE_MATRIX/>
            <input type="hidden" name="version" value=board.settings.version.to_string()/>
            <p class="small faint only-wide routes__about">{t.tracking_volumes()}</p>
            <table class="routes" role="table">
                <caption class="sr">{t.tracking_caption(channel, &board.brand.name)}</caption>
                {columns()}
                {head(ask)}
                <tbody role="rowgroup">{board.may_edit.then(|| all_row(ask))}{lines}</tbody>
            </table>
            {legend(ask)}
            {board.may_edit.then(|| {
                view! { <div class="form__acts asleep">{ui::submit(Kind::Commit, t.save())}</div> }
            })}
        </form>
        {removals}
    };
    view! {
        <StagedMatrix
            lang=ask.lang
            price=price
            limit=limit
            form=FORM.to_owned()
            editable=board.may_edit
            place=format!("{}/{}", board.brand.id, board.channel)
            saved=ask.query(crate::form::DONE) == "matrix_saved"
        >
            {form}
        </StagedMatrix>
    }
    .into_any()
}

/// Removing a country is a form of its own; its button stands in the country's open row.
fn removal_form(code: Country, version: i64) -> AnyView {
    view! {
        <form method="post" id=format!("remove-{code}")>
            <input type="hidden" name=crate::form::ACT value=act::REMOVE_COUNTRY/>
            <input type="hidden" name="version" value=version.to_string()/>
            <input type="hidden" name="country" value=code.code().to_owned()/>
        </form>
    }
    .into_any()
}

/// Statuses by group, in the order of the columns.
fn groups() -> impl Iterator<Item = (StatusGroup, Vec<TrackingStatus>)> {
    StatusGroup::ALL.iter().map(|group| {
        let statuses =
            TrackingStatus::ALL.iter().copied().filter(|status| status.group() == *group).collect();
        (*group, statuses)
    })
}

/// How many columns a row has: the country, the statuses, a gap before each later group.
fn width() -> usize {
    1 + TrackingStatus::ALL.len() + StatusGroup::ALL.len() - 1
}

fn columns() -> AnyView {
    let groups = groups()
        .enumerate()
        .map(|(index, (_, statuses))| {
            let gap = (index > 0).then(|| view! { <col class="routes__gap"/> });
            let single = if statuses.len() == 1 { "routes__single" } else { "routes__stop" };
            view! { {gap} <col class=single span=statuses.len().to_string()/> }
        })
        .collect_view();
    view! { <colgroup><col class="routes__land"/>{groups}</colgroup> }.into_any()
}

fn head(ask: &Ask) -> AnyView {
    let t = ask.t;
    let group_heads = groups()
        .enumerate()
        .map(|(index, (group, statuses))| {
            let gap = (index > 0).then(|| view! { <td role="presentation"></td> });
            view! {
                {gap}
                <th class="g" role="columnheader" colspan=statuses.len().to_string() scope="colgroup">
                    <span>{status::group(t, group)}</span>
                </th>
            }
        })
        .collect_view();
    let heads = groups()
        .enumerate()
        .map(|(index, (_, statuses))| {
            let gap = (index > 0).then(|| view! { <td role="presentation"></td> });
            let heads = statuses
                .into_iter()
                .map(|each| {
                    view! { <th class="h" role="columnheader" scope="col">{status::name(t, each)}</th> }
                })
                .collect_view();
            view! { {gap} {heads} }
        })
        .collect_view();
    view! {
        <thead role="rowgroup">
            <tr role="row"><td role="presentation"></td>{group_heads}</tr>
            <tr role="row"><th role="columnheader" scope="col"><span class="sr">{t.tracking_country()}</span></th>{heads}</tr>
        </thead>
    }
    .into_any()
}

/// One box per column that stands for all countries. It needs the island, and shows with it.
fn all_row(ask: &Ask) -> AnyView {
    let t = ask.t;
    let cells = cells(|each, edge| {
        let name = t.tracking_all_cell(status::name(t, each));
        view! {
            <td class=format!("s{edge}") role="cell">
                <label class="cell">
                    <span class="sr">{name}</span>
                    <input class="stop soft" type="checkbox" data-column=each.word()/>
                </label>
            </td>
        }
        .into_any()
    });
    view! {
        <tr class="r all awake only-wide" role="row">
            <th class="land" role="rowheader" scope="row">
                <div class="land__in land__in--all"><span class="muted">{t.tracking_all()}</span></div>
            </th>
            {cells}
        </tr>
    }
    .into_any()
}

/// The cells of a row with the gaps between groups; `edge` says where a line begins or ends.
fn cells(cell: impl Fn(TrackingStatus, &'static str) -> AnyView) -> AnyView {
    groups()
        .enumerate()
        .map(|(index, (_, statuses))| {
            let gap = (index > 0).then(|| view! { <td class="gapc" role="presentation"></td> });
            let last = statuses.len() - 1;
            let cells = statuses
                .into_iter()
                .enumerate()
                .map(|(place, status)| {
                    let edge = match (place == 0, place == last) {
                        (true, true) => " first last",
                        (true, false) => " first",
                        (false, true) => " last",
                        (false, false) => "",
                    };
                    cell(status, edge)
                })
                .collect_view();
            view! { {gap} {cells} }
        })
        .collect_view()
        .into_any()
}

/// The variant a country's customers get when they tell no language: theirs, else the brand's, else
/// English, else any.
fn variant(brand: &Language, code: Country, status: TrackingStatus) -> Option<&'static Variant> {
    let variants = starter::variants(status);
    let of = |wanted: &Language| variants.iter().find(|v| v.language.base() == wanted.base());
    code.language()
        .as_ref()
        .and_then(of)
        .or_else(|| of(brand))
        .or_else(|| of(&Language::english()))
        .or_else(|| variants.first())
}

fn volume(board: &Board, code: Country, each: TrackingStatus) -> i64 {
    board
        .volumes
        .iter()
        .filter(|volume| volume.country == code && volume.status.tracking() == Some(each))
        .map(|volume| volume.events)
        .sum()
}

fn country_rows(ask: &Ask, board: &Board, code: Country, name: &str, row: &CountryRow) -> AnyView {
    let t = ask.t;
    let channel = status::channel(t, board.channel);
    let total: i64 = TrackingStatus::ALL.iter().map(|each| volume(board, code, *each)).sum();
    let on = ask.form.ticked_or("on", code.code(), row.on);
    let count = if row.on {
        t.tracking_row_on(row.statuses.len(), TrackingStatus::ALL.len(), total)
    } else {
        t.tracking_row_off(row.statuses.len())
    };
    let cells = cells(|each, edge| {
        let value = format!("{code}:{each}");
        let was = row.statuses.contains(&each);
        let ticked = ask.form.ticked_or("cell", &value, was);
        let heading = edge.contains("first").then(|| {
            view! { <span class="cell__group" aria-hidden="true">{status::group(t, each.group())}</span> }
        });
        let events = volume(board, code, each);
        let seen = if events > 0 {
            t.tracking_cell_events(events)
        } else {
            t.tracking_cell_none().to_owned()
        };
        view! {
            <td class=format!("s{edge}") role="cell">
                {heading}
                <label class="cell">
                    <span class="cell__name">
                        {status::name(t, each)}
                        <span class="sr">{format!(", {name}, {channel}")}</span>
                        <small aria-hidden="true">{seen}</small>
                    </span>
                    <input
                        class="stop"
                        type="checkbox"
                        role="switch"
                        name="cell"
                        value=value
                        id=format!("cell-{code}-{each}")
                        checked=ticked
                        disabled=!board.may_edit
                        data-was=if was { "1" } else { "0" }
                        data-country=code.code().to_owned()
                        data-status=each.word()
                        data-events=events.to_string()
                        data-name=format!("{}, {name}", status::name(t, each))
                    />
                </label>
            </td>
        }
        .into_any()
    });
    let open = ask.query("country") == code.code();
    view! {
        <tr class="r" role="row">
            <th class="land" role="rowheader" scope="row">
                <div class="land__in">
                    <label class="land__btn">
                        <input class="sr land__open" type="checkbox" checked=open autocomplete="off"/>
                        {icon(Icon::Right)}
                        {ui::flag(code.code())}
                        <span class="two">
                            <b>{name.to_owned()}<span class="sr">", " {t.tracking_show()}</span></b>
                            <small>{count}</small>
                        </span>
                    </label>
                    <label class="hit">
                        <span class="sr">{t.tracking_row_switch(name, channel)}</span>
                        <input
                            class="switch"
                            type="checkbox"
                            role="switch"
                            name="on"
                            value=code.code().to_owned()
                            checked=on
                            disabled=!board.may_edit
                            data-was=if row.on { "1" } else { "0" }
                            data-country=code.code().to_owned()
                            data-name=name.to_owned()
                        />
                    </label>
                    <input type="hidden" name="row" value=code.code().to_owned()/>
                </div>
            </th>
            {cells}
        </tr>
        <tr class="more" role="row">
            <td class="drawer" role="cell" colspan=width().to_string()>{drawer(ask, board, code, name)}</td>
        </tr>
    }
    .into_any()
}

/// What stands under an open row: each status with its template, review, volume and price.
fn drawer(ask: &Ask, board: &Board, code: Country, name: &str) -> AnyView {
    let t = ask.t;
    let price = board.price.as_ref().map(|price| money::unit_price(ask.lang, price.price));
    let groups = groups()
        .map(|(group, statuses)| {
            let rows = statuses
                .into_iter()
                .map(|each| {
                    let events = volume(board, code, each);
                    let template = variant(&board.brand.language, code, each);
                    let href = route::with_query(route::TEMPLATES, &[("status", each.word())]);
                    view! {
                        <tr>
                            <td>{status::name(t, each)}</td>
                            <td>
                                {template.map(|variant| view! {
                                    <a href=href>{variant.name.clone()}</a>
                                    " "
                                    <span class="faint">{format!("v{} {}", variant.version, variant.language)}</span>
                                })}
                            </td>
                            <td>{template.map(|variant| review_state(t, variant.review))}</td>
                            <td class="num">
                                {if events > 0 { number::whole(ask.lang, events) } else { "\u{2013}".to_owned() }}
                            </td>
                            <td class="num">{price.clone()}</td>
                        </tr>
                    }
                })
                .collect_view();
            view! {
                <tr class="grp"><th scope="rowgroup" colspan="5">{status::group(t, group)}</th></tr>
                {rows}
            }
        })
        .collect_view();
    let remove = board.may_edit.then(|| {
        view! {
            <button class="btn btn--s btn--quiet btn--bad" type="submit" form=format!("remove-{code}")>
                {t.tracking_remove(name)}
            </button>
        }
    });
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
                </tr>
            </thead>
            <tbody>{groups}</tbody>
        </table>
        <div class="drawer__end">{remove}</div>
    }
    .into_any()
}

fn legend(ask: &Ask) -> AnyView {
    let t = ask.t;
    view! {
        <ul class="legend only-wide" aria-label=t.tracking_key()>
            <li><span class="dot dot--on" aria-hidden="true"></span>{t.tracking_key_on()}</li>
            <li><span class="dot" aria-hidden="true"></span>{t.tracking_key_off()}</li>
            <li><span class="dot dot--on dot--new" aria-hidden="true"></span>{t.tracking_key_new()}</li>
        </ul>
    }
    .into_any()
}
