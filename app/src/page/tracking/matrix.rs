//! The matrix: countries down, statuses across, one check box per cell, all in one form.
//!
//! One set of boxes serves every width: a table on wide screens; on phones, and in the list view, each
//! row becomes a list under its country, by style alone. Rows open by a box of their own that is never
//! sent. What a box was when the page was made stands in `data-was`; style marks what differs, and the
//! island counts it.

use super::concern;
use super::drawer::{drawer, legend};
use super::say;
use super::typed::Staged;
use super::{Board, Look};
use crate::act;
use crate::island::forecast;
use crate::island::matrix::StagedMatrix;
use crate::page::Ask;
use crate::route;
use crate::text::{country, language, number, status};
use crate::ui::{self, Icon, Kind, icon};
use dispatch::brand::{ChannelState, CountryRow};
use dispatch::change::{Cell, Flip, Rows};
use dispatch::channel::{Channel, StatusGroup, TrackingStatus};
use dispatch::country::Country;
use dispatch::template::{Review, Variant, choose};
use leptos::prelude::*;

/// The form's id, for buttons outside of it.
pub const FORM: &str = "matrix";

/// Countries with their names, in the order of the viewer's language.
pub(super) fn by_name(ask: &Ask, rows: &Rows) -> Vec<(Country, String)> {
    let mut list: Vec<_> =
        rows.keys().map(|code| (*code, country::name(ask.lang, code.code()))).collect();
    list.sort_by_cached_key(|(_, name)| country::sort_key(name));
    list
}

/// The switches of every country with a row, and the panel that says what a change would mean.
pub(super) fn matrix(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    // What a proposal adds and what it takes away both have a row, or the change could not be seen.
    let mut shown = board.settings.countries.clone();
    for (code, row) in &board.proposal.wanted {
        shown.entry(*code).or_insert_with(|| row.clone());
    }
    let rows = by_name(ask, &shown);
    let lines =
        rows.iter().map(|(code, name)| country_rows(ask, board, *code, name)).collect_view();
    let channel = status::channel(t, board.channel);
    let price = board.price.as_ref().map(|price| price.price);
    let limit = board.limit.and_then(|limit| u32::try_from(limit).ok());
    let look = match board.look {
        Look::Matrix => "routes-box",
        Look::List => "routes-box routes-box--list",
    };
    let kept = if board.settings.state == ChannelState::Off { " routes-box--off" } else { "" };
    let look = format!("{look}{kept}");
    let form = view! {
        {board.proposal.card(ask, board)}
        {preview(ask, board)}
        <div class="spread routes__top only-wide">
            {looks(ask, board)}
            <p class="small faint">{t.tracking_volumes()}</p>
        </div>
        <form method="post" id=FORM class="staged__form">
            <input type="hidden" name=crate::form::ACT value=act::SAVE_MATRIX/>
            <input type="hidden" name="version" value=board.settings.version.to_string()/>
            {board.proposal.fields()}
            <div class=look>
                <table class="routes" role="table">
                    <caption class="sr">{t.tracking_caption(channel, &board.brand.name)}</caption>
                    {columns()}
                    {head(ask, board)}
                    <tbody role="rowgroup">{board.may_edit.then(|| all_row(ask))}{lines}</tbody>
                </table>
            </div>
            {legend(ask)}
            {board.may_edit.then(|| {
                view! {
                    <div class="form__acts asleep">
                        {ui::submit(Kind::Commit, t.save())}
                        {(board.settings.state == ChannelState::On).then(|| view! {
                            <button class="btn" type="submit" name="preview" value="1">{t.tracking_preview()}</button>
                        })}
                    </div>
                    {(board.settings.state == ChannelState::On).then(|| cap_field(ask, board))}
                }
            })}
        </form>
    };
    view! {
        <StagedMatrix
            lang=ask.lang
            price=price
            limit=limit
            form=FORM.to_owned()
            editable=board.may_edit
            counts=board.settings.state == ChannelState::On
            brand=board.brand.id.to_string()
            channel=board.channel.to_string()
            version=board.settings.version
        >
            {form}
        </StagedMatrix>
    }
    .into_any()
}

/// What the last 30 days would have become: the answer to the button that asks for it where no script does.
fn preview(ask: &Ask, board: &Board) -> Option<AnyView> {
    let t = ask.t;
    let content = match board.preview.as_ref()? {
        Ok(answer) => {
            let names = answer
                .cells
                .iter()
                .filter_map(|cell| {
                    let code = cell.country?;
                    let land = country::name(ask.lang, code.code());
                    let name = format!("{}, {land}", status::name(t, cell.status));
                    Some((format!("{code}:{}", cell.status), name))
                })
                .collect();
            forecast::figures(t, answer, &names, matches!(board.cap, Ok(Some(_))))
        }
        Err(refused) => ui::note(ui::Tone::Warn, refused.words(t)),
    };
    Some(
        view! {
            <section class="card proposal" aria-labelledby="preview">
                <div class="card__b stack">
                    <h2 id="preview">{t.impact_exact()}</h2>
                    {content}
                    <p class="muted">{t.tracking_preview_words()}</p>
                </div>
            </section>
        }
        .into_any(),
    )
}

/// A cap to be asked about where no script does: it goes into the preview and nowhere else.
fn cap_field(ask: &Ask, board: &Board) -> Option<AnyView> {
    let t = ask.t;
    let price = board.price.as_ref()?.price;
    let wrong = board.cap.is_err();
    Some(
        view! {
            <div class="field asleep captry">
                <label class="label" for="cap-asked">{t.impact_cap(price.currency)}</label>
                <input
                    class=if wrong { "input is-bad" } else { "input" }
                    id="cap-asked"
                    name="cap"
                    inputmode="decimal"
                    autocomplete="off"
                    value=ask.form.value("cap").unwrap_or_default().to_owned()
                    aria-describedby="cap-asked-hint"
                    aria-invalid=wrong.to_string()
                />
                {wrong.then(|| view! { <p class="error" role="alert">{t.form_amount()}</p> })}
                <p class="hint" id="cap-asked-hint">{t.impact_cap_hint()}</p>
            </div>
        }
        .into_any(),
    )
}

/// The two looks, as links: the address is the state.
fn looks(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let id = board.brand.id.to_string();
    let links = Look::ALL
        .map(|look| {
            let href = route::with_query(
                route::TRACKING,
                &[("brand", &id), ("channel", board.channel.word()), ("view", look.word())],
            );
            let words = match look {
                Look::Matrix => t.tracking_look_matrix(),
                Look::List => t.tracking_look_list(),
            };
            view! { <a href=href aria-current=(look == board.look).then_some("true")>{words}</a> }
        })
        .collect_view();
    view! { <div class="seg" role="group" aria-label=t.tracking_look()>{links}</div> }.into_any()
}

/// Statuses by group, in the order of the columns.
pub(super) fn groups() -> impl Iterator<Item = (StatusGroup, Vec<TrackingStatus>)> {
    StatusGroup::ALL.iter().map(|group| {
        let statuses =
            TrackingStatus::ALL.iter().copied().filter(|status| status.group() == *group).collect();
        (*group, statuses)
    })
}

/// How many columns a row has: the country, all of its statuses, the statuses, a gap before each later
/// group.
pub(super) fn width() -> usize {
    2 + TrackingStatus::ALL.len() + StatusGroup::ALL.len() - 1
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
    view! { <colgroup><col class="routes__land"/><col class="routes__every"/>{groups}</colgroup> }
        .into_any()
}

fn head(ask: &Ask, board: &Board) -> AnyView {
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
                    view! {
                        <th class="h" role="columnheader" scope="col">
                            {status::name(t, each)}
                            {concern::mark(ask, board, each)}
                        </th>
                    }
                })
                .collect_view();
            view! { {gap} {heads} }
        })
        .collect_view();
    view! {
        <thead role="rowgroup">
            <tr role="row"><td role="presentation"></td><td role="presentation"></td>{group_heads}</tr>
            <tr role="row">
                <th role="columnheader" scope="col"><span class="sr">{t.tracking_country()}</span></th>
                <th class="h" role="columnheader" scope="col">{t.tracking_every()}</th>
                {heads}
            </tr>
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
            <td class="s s--every" role="cell">
                <label class="cell">
                    <span class="sr">{t.tracking_every_cell()}</span>
                    <input class="stop soft" type="checkbox" data-every=""/>
                </label>
            </td>
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

/// The variant a country's customers get when they tell no language.
pub(super) fn variant(board: &Board, code: Country, status: TrackingStatus) -> Option<&Variant> {
    let variants = board.shelf.get(&status)?;
    let country = board.brand.languages.of(code);
    choose(variants, board.channel, None, country.as_ref(), &board.brand.language)
        .map(|(variant, _)| variant)
}

/// Why a status cannot be switched on in a country; none when it can. Only WhatsApp reviews what is said,
/// and only where there is a number to say it from.
fn hindrance(board: &Board, code: Country, each: TrackingStatus) -> Option<Option<Review>> {
    let reviewed = board.channel == Channel::Whatsapp && board.brand.sender.is_some();
    match variant(board, code, each) {
        None => Some(None),
        Some(variant) if reviewed && !variant.review.is_sendable() => Some(Some(variant.review)),
        Some(_) => None,
    }
}

/// A text that would be sent and rests at the provider, and the one in another language that goes in its place.
fn stand_in(board: &Board, code: Country, each: TrackingStatus) -> Option<(&Variant, &Variant)> {
    let sent = variant(board, code, each).filter(|sent| sent.speaks_on(board.channel))?;
    let country = board.brand.languages.of(code);
    let wanted = country.as_ref().unwrap_or(&board.brand.language).base();
    if sent.language.base() == wanted {
        return None;
    }
    let resting = board.shelf.get(&each)?.iter().find(|variant| {
        let stopped =
            matches!(variant.review, Review::Paused | Review::Disabled | Review::Rejected);
        variant.language.base() == wanted && stopped
    })?;
    Some((resting, sent))
}

pub(super) fn volume(board: &Board, code: Country, each: TrackingStatus) -> i64 {
    board
        .volumes
        .iter()
        .filter(|volume| volume.country == code && volume.status.tracking() == Some(each))
        .map(|volume| volume.events)
        .sum()
}

/// One status of one country.
fn cell(
    ask: &Ask,
    board: &Board,
    (code, name): (Country, &str),
    (each, edge): (TrackingStatus, &'static str),
) -> AnyView {
    let t = ask.t;
    let channel = status::channel(t, board.channel);
    let value = format!("{code}:{each}");
    let has = |rows: &Rows| rows.get(&code).is_some_and(|row| row.statuses.contains(&each));
    let (was, ticked) = (has(&board.settings.countries), has(&board.proposal.wanted));
    let heading = edge.contains("first").then(|| {
        view! { <span class="cell__group" aria-hidden="true">{status::group(t, each.group())}</span> }
    });
    let events = volume(board, code, each);
    let seen =
        if events > 0 { t.tracking_cell_events(events) } else { t.tracking_cell_none().to_owned() };
    let named = move |small: String| {
        view! {
            <span class="cell__name">
                {status::name(t, each)}
                <span class="sr">{format!(", {name}, {channel}")}</span>
                <small aria-hidden="true">{small}</small>
            </span>
        }
    };
    let inner = if let Some(review) = hindrance(board, code, each) {
        let (picture, why) = blocked(ask, review);
        let whole = format!("{why}: {}, {name}, {channel}", status::name(t, each));
        let language = board.brand.language.code().to_owned();
        let href = route::with_query(
            route::TEMPLATES,
            &[("status", each.word()), ("language", &language)],
        );
        let class = if matches!(review, None | Some(Review::Rejected | Review::Disabled)) {
            "blocked blocked--bad"
        } else {
            "blocked"
        };
        view! {
            <span class="cell">
                <span class="cell__name" aria-hidden="true">{status::name(t, each)}<small>{why}</small></span>
                <a class=class href=href title=whole.clone() aria-label=whole>{icon(picture)}</a>
            </span>
            // It stays as it is, whatever else is saved.
            {(was || ticked).then(|| view! { <input type="hidden" name="cell" value=value disabled=!ticked/> })}
        }
        .into_any()
    } else {
        let review = variant(board, code, each)
            .filter(|variant| board.channel == Channel::Whatsapp && variant.review.is_sendable())
            .map(|_| format!(" · {}", t.templates_approved()))
            .unwrap_or_default();
        let price = say::price(ask, board).map(|price| format!(" · {price}")).unwrap_or_default();
        let other = stand_in(board, code, each).map(|(resting, sent)| {
            let (_, why) = blocked(ask, Some(resting.review));
            let tongue = |of: &Variant| language::name(ask.lang, of.language.code());
            t.tracking_stands_in(why, tongue(resting), tongue(sent))
        });
        let small = match &other {
            Some(words) => words.clone(),
            None => format!("{seen}{review}{price}"),
        };
        let mark = other.map(|words| {
            view! {
                <span class="cell__mark" title=words.clone()>
                    {icon(Icon::Warn)}<span class="sr">{words.clone()}</span>
                </span>
            }
        });
        view! {
            <label class="cell">
                {named(small)}
                {mark}
                <input
                    class="stop"
                    type="checkbox"
                    role="switch"
                    name="cell"
                    value=value
                    id=format!("cell-{code}-{each}")
                    checked=ticked
                    disabled=!board.may_edit
                    autocomplete="off"
                    data-was=if was { "1" } else { "0" }
                    data-country=code.code().to_owned()
                    data-status=each.word()
                    data-events=events.to_string()
                    data-name=format!("{}, {name}", status::name(t, each))
                />
            </label>
        }
        .into_any()
    };
    let says = say::fold(ask, board, (code, name), each);
    view! { <td class=format!("s{edge}") role="cell">{heading}{inner}{says}</td> }.into_any()
}

/// Picture and words of what hinders a status.
pub(super) fn blocked(ask: &Ask, review: Option<Review>) -> (Icon, &'static str) {
    let t = ask.t;
    match review {
        None => (Icon::Failed, t.tracking_blocked_missing()),
        Some(Review::Draft) => (Icon::Pen, t.tracking_blocked_draft()),
        Some(Review::Submitted) => (Icon::Clock, t.tracking_blocked_submitted()),
        Some(Review::Rejected) => (Icon::Failed, t.tracking_blocked_rejected()),
        Some(Review::Paused) => (Icon::Held, t.tracking_blocked_paused()),
        Some(Review::Disabled | Review::Approved) => (Icon::Failed, t.tracking_blocked_disabled()),
    }
}

/// What is wrong with the texts of a country; none where each is sent as it is meant.
fn templates_of(ask: &Ask, board: &Board, code: Country) -> Option<String> {
    let t = ask.t;
    let hindered =
        TrackingStatus::ALL.iter().filter(|each| hindrance(board, code, **each).is_some()).count();
    let others: Vec<_> =
        TrackingStatus::ALL.iter().filter_map(|each| stand_in(board, code, *each)).collect();
    let other = others.first().map(|(_, sent)| {
        let count = others.len();
        let language = language::name(ask.lang, sent.language.code());
        if others.iter().all(|(resting, _)| resting.review == Review::Paused) {
            t.tracking_land_paused(count, language)
        } else {
            t.tracking_land_other(count, language)
        }
    });
    let hindered = (hindered > 0).then(|| t.tracking_land_hindered(hindered));
    let said: Vec<_> = [hindered, other].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" · "))
}

fn country_rows(ask: &Ask, board: &Board, code: Country, name: &str) -> AnyView {
    let t = ask.t;
    let channel = status::channel(t, board.channel);
    let nothing = CountryRow::default();
    let was = board.settings.countries.get(&code);
    let wanted = board.proposal.row(code).unwrap_or(&nothing);
    let goes = was.is_some() && board.proposal.row(code).is_none();
    let just = board.proposal.just();
    let added = just == Some(Staged::Comes(code));
    let touched = matches!(just, Some(Staged::Goes(of) | Staged::Stays(of)) if of == code);
    let total: i64 = TrackingStatus::ALL.iter().map(|each| volume(board, code, *each)).sum();
    let count = t.tracking_on_of(wanted.statuses.len(), TrackingStatus::ALL.len());
    let count = if wanted.on { count } else { t.tracking_row_off(wanted.statuses.len()) };
    let cells = cells(|each, edge| cell(ask, board, (code, name), (each, edge)));
    // A row that has just come is there to be filled: in the list that needs it open. One that goes or stays was
    // open when its button was pressed.
    let filled = added && board.look == Look::List;
    let open = ask.query("country") == code.code() || filled || touched;
    let full = board.limit.filter(|_| was.is_none() && board.is_full());
    let row_was = was.is_some_and(|row| row.on);
    // A row that comes or goes whole is a change of its own.
    let whole = |on| super::words::sentence(ask, Flip { cell: Cell::Row(code), on });
    let comes = was.is_none().then(|| whole(true));
    let row_goes = whole(false);
    view! {
        <tr class="r" role="row" data-row=code.code().to_owned() data-goes=goes.then_some("")>
            <th class="land" role="rowheader" scope="row">
                <div class="land__in">
                    <label class="land__btn">
                        <input class="sr land__open" type="checkbox" checked=open autocomplete="off"/>
                        {icon(Icon::Right)}
                        {ui::flag(code.code())}
                        <span class="two">
                            <b>{name.to_owned()}<span class="sr">", " {t.tracking_show()}</span></b>
                            <small>
                                <span data-count=code.code().to_owned()>{count}</span>
                                {(total > 0).then(|| view! {
                                    " "
                                    <span class="nowrap">
                                        "· "
                                        <span class="land__sum">{t.tracking_cell_events(total)}</span>
                                        <span class="land__figure" aria-hidden="true">{number::whole(ask.lang, total)}</span>
                                    </span>
                                })}
                            </small>
                            {templates_of(ask, board, code).map(|words| view! { <small class="land__wrong">{words}</small> })}
                            {was.is_none().then(|| view! {
                                <small class="land__note">
                                    {t.tracking_row_new()}
                                    {full.map(|limit| view! { <span class="land__full">" " {t.tracking_row_full(limit)}</span> })}
                                </small>
                            })}
                            <small class="land__note land__goes">{t.tracking_row_goes()}</small>
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
                            checked=wanted.on
                            disabled=!board.may_edit
                            autocomplete="off"
                            autofocus=added
                            data-was=if row_was { "1" } else { "0" }
                            data-country=code.code().to_owned()
                            data-name=name.to_owned()
                        />
                    </label>
                    <input type="hidden" name="row" value=code.code().to_owned() data-whole=comes/>
                    {goes.then(|| view! {
                        <input type="hidden" name="remove" value=code.code().to_owned() data-whole=row_goes/>
                    })}
                </div>
            </th>
            <td class="s s--every" role="cell">
                {board.may_edit.then(|| view! {
                    <label class="cell awake">
                        <span class="cell__name">
                            {t.tracking_every_status()}
                            <span class="sr">{format!(", {name}, {channel}")}</span>
                        </span>
                        <input class="stop soft" type="checkbox" autocomplete="off" data-line=code.code().to_owned()/>
                    </label>
                })}
            </td>
            {cells}
        </tr>
        <tr class="more" role="row">
            <td class="drawer" role="cell" colspan=width().to_string()>{drawer(ask, board, code, name)}</td>
        </tr>
    }
    .into_any()
}
