//! Another country in the matrix: the menu that stages its row, and the countries that are proposed.

use super::{Board, matrix};
use crate::act;
use crate::island::picker::CountryPicker;
use crate::page::Ask;
use crate::text::country;
use crate::ui::art::Picture;
use crate::ui::{self, Hidden, Icon, Select, Tone, icon};
use dispatch::brand::ChannelState;
use dispatch::country::Country;
use dispatch::view::VolumeView;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// How many countries are proposed where parcels went and no row is.
pub(super) const PROPOSALS: usize = 4;

/// The menu that stages a row for another country. Where there are switches its fields belong to their form, so
/// that what is ticked there travels along.
pub(super) fn menu(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let has_row = |code: &Country| {
        let (stored, wanted) = (&board.settings.countries, &board.proposal.wanted);
        stored.contains_key(code) || wanted.contains_key(code)
    };
    let missing = country::sorted(ask.lang)
        .into_iter()
        .filter(|(code, _)| code.parse().is_ok_and(|code: Country| !has_row(&code)))
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .collect::<Vec<_>>();
    // After a refusal the menu stays open, so that the field's error can be seen.
    let open = ask.form.error("country").is_some();
    // Where the channel is off, turning it on comes first.
    let summary = if board.settings.state == ChannelState::On { "btn btn--ink" } else { "btn" };
    let of = board.has_rows().then_some(matrix::FORM);
    let fields = view! {
        <CountryPicker lang=ask.lang>
            <Select name="country" label=t.tracking_country() options=missing placeholder=t.auth_choose() of=of.unwrap_or_default()/>
        </CountryPicker>
        <button class="btn btn--ink" type="submit" form=of name=act::ADD value="1">{t.tracking_add()}</button>
    };
    let form = match of {
        Some(_) => view! { {enter_presses(board)} <div class="form">{fields}</div> }.into_any(),
        None => first_row(board, "form", fields),
    };
    view! {
        <details class="menu menu--end" open=open name="acts">
            <summary class=summary>{icon(Icon::Plus)}{t.tracking_add_country()}</summary>
            <div class="menu__box menu__box--form menu__box--picker">
                {board.is_full().then(|| ui::note(Tone::Plain, t.tracking_full_note()))}
                {form}
            </div>
        </details>
    }
    .into_any()
}

/// A form of its own that stages a country's row where no switches are shown yet.
fn first_row(board: &Board, class: &'static str, content: impl IntoView) -> AnyView {
    let fields = view! {
        <Hidden name="version" value=board.settings.version.to_string()/>
        {content}
    };
    ui::form(act::SAVE_MATRIX, class, fields)
}

/// The first button of a form, wherever it stands, is what Enter in a field presses: it must not be one that adds or
/// removes a country. Without scripts whoever types a cap to ask about it saves nothing by that.
fn enter_presses(board: &Board) -> AnyView {
    let asks = (board.settings.state == ChannelState::On).then(|| {
        view! {
            <noscript>
                <button
                    class="sr"
                    type="submit"
                    form=matrix::FORM
                    name="preview"
                    value="1"
                    tabindex="-1"
                    aria-hidden="true"
                ></button>
            </noscript>
        }
    });
    view! {
        {asks}
        <button class="sr" type="submit" form=matrix::FORM tabindex="-1" aria-hidden="true"></button>
    }
    .into_any()
}

/// Countries parcels went to, busiest first.
pub(super) fn busiest(volumes: &[VolumeView]) -> Vec<(Country, i64)> {
    let mut seen: BTreeMap<Country, i64> = BTreeMap::new();
    for volume in volumes {
        *seen.entry(volume.country).or_default() += volume.events;
    }
    let mut seen: Vec<_> = seen.into_iter().collect();
    seen.sort_by_key(|(_, events)| std::cmp::Reverse(*events));
    seen
}

/// Buttons that stage rows for the countries parcels went to.
pub(super) fn proposals(ask: &Ask, board: &Board, lead: Option<&'static str>) -> Option<AnyView> {
    let t = ask.t;
    let busiest: Vec<_> = busiest(&board.volumes)
        .into_iter()
        .filter(|(code, _)| !board.settings.countries.contains_key(code))
        .take(PROPOSALS)
        .collect();
    if busiest.is_empty() {
        return None;
    }
    let buttons = busiest
        .into_iter()
        .map(|(code, events)| {
            let name = country::name(ask.lang, code.code());
            first_row(
                board,
                "",
                view! {
                    <Hidden name="country" value=code.code()/>
                    <button class="btn" type="submit" name=act::ADD value="1">
                        {ui::flag(code.code())}
                        {t.tracking_add_named(name, events)}
                    </button>
                },
            )
        })
        .collect_view();
    let lead = lead.map(|lead| view! { <p class="void__lead muted">{lead}</p> });
    Some(view! { {lead} {buttons} }.into_any())
}

/// No row yet: proposes the countries parcels went to.
pub(super) fn without_country(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let buttons = board.may_edit.then(|| proposals(ask, board, None)).flatten();
    ui::empty(Picture::Letterbox, t.tracking_no_country(), t.tracking_no_country_words(), buttons)
}
