//! Who changed what: every save, copy, activation, with old and new of each cell, and a way back to
//! the state after it.

use super::{channel_tabs, words};
use crate::page::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::time;
use crate::ui::art::Picture;
use crate::ui::{self, Kind, icon};
use dispatch::brand::{ChannelState, ConsentBasis};
use dispatch::channel::Channel;
use dispatch::id::ChangeId;
use dispatch::port::ChangesAsked;
use dispatch::tenant::Permission;
use dispatch::view::ChangeView;
use leptos::prelude::*;

/// Changes on one page.
const PAGE: i64 = 20;

/// `/tracking/history?brand=&channel=&cursor=`
pub async fn history(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let account = ask.account()?;
    let brand = ask.brand().cloned().ok_or(Problem::NotFound)?;
    let channel = ask.query_as("channel").unwrap_or(Channel::Whatsapp);
    let before: Option<ChangeId> = ask.query_as("cursor");
    let asked = ChangesAsked { above: 0, before, limit: PAGE };
    let page = ask.desk.store.changes(account, brand.id, channel, asked).await?;

    let id = brand.id.to_string();
    let place = [("brand", id.as_str()), ("channel", channel.word())];
    let board = route::with_query(route::TRACKING, &place);
    let more = page.more.then(|| page.rows.last().map(|change| change.id.to_string())).flatten();
    let next = more.map(|cursor| {
        let query = [place[0], place[1], ("cursor", cursor.as_str())];
        route::with_query(route::TRACKING_HISTORY, &query)
    });
    let first = before.map(|_| route::with_query(route::TRACKING_HISTORY, &place));
    let content = if page.rows.is_empty() {
        let words = t.tracking_history_none_words();
        ui::empty(Picture::Letterbox, t.tracking_history_none(), words, ())
    } else {
        let may_restore = ask.desk.may(Permission::Edit);
        let items = page
            .rows
            .iter()
            .enumerate()
            .map(|(index, change)| {
                // The newest state is the one that is.
                let newest = index == 0 && before.is_none();
                let restore = (may_restore && !newest).then(|| {
                    let id = change.id.to_string();
                    route::with_query(
                        route::TRACKING,
                        &[place[0], place[1], ("restore", id.as_str())],
                    )
                });
                entry(&ask, change, restore)
            })
            .collect_view();
        view! {
            <ol class="history">{items}</ol>
            <nav class="pager" aria-label=t.pages()>
                <span class="small faint">{t.tracking_history_about(ask.zone.name)}</span>
                <span class="row">
                    {first.map(|href| view! { <a class="btn btn--s" href=href>{t.first_page()}</a> })}
                    {next.map(|href| view! {
                        <a class="btn btn--s" rel="next" href=href>{t.next_page()}{icon(ui::Icon::Right)}</a>
                    })}
                </span>
            </nav>
        }
        .into_any()
    };
    let tabs = channel_tabs(&ask, route::TRACKING_HISTORY, &brand, channel, |_| None);
    let body = view! {
        <div class="page page--form">
            {ui::back_link(&board, t.tracking_title())}
            {ui::page_head(t.tracking_history(), t.tracking_history_lead(&brand.name), ())}
            {tabs}
            {content}
        </div>
    };
    Ok(Screen::framed(t.tracking_history(), Entry::Tracking, body))
}

fn entry(ask: &Ask, change: &ChangeView, restore: Option<String>) -> AnyView {
    let t = ask.t;
    let (picture, did) = words::kind(ask, change.kind);
    let who = change.by.clone().unwrap_or_else(|| t.tracking_history_server().to_owned());
    let at = time::full(ask.lang, change.at, &ask.zone);
    let difference = &change.difference;
    let master = difference.channel.map(|state| match state {
        ChannelState::On => t.tracking_flip_on(),
        ChannelState::Off => t.tracking_flip_off(),
    });
    let master = master.map(|values| {
        view! { <li><span>{t.tracking_flip_master()}</span> " " <span class="muted">{values}</span></li> }
    });
    let basis = difference.basis.map(|(old, new)| {
        let old = old.map_or(t.tracking_basis_none(), |basis| basis_name(ask, basis));
        let values = t.tracking_flip_values(old, basis_name(ask, new));
        view! { <li><span>{t.tracking_basis_short()}</span> " " <span class="muted">{values}</span></li> }
    });
    let special = (master.is_some() || basis.is_some())
        .then(|| view! { <ul class="flips">{master}{basis}</ul> });
    let flips = (!difference.flips.is_empty()).then(|| words::list(ask, &difference.flips));
    let restore = restore.map(|href| {
        // Every link of the list has a name of its own.
        let name = t.tracking_restore_name(&at);
        view! {
            <a class="btn btn--s" href=href aria-label=name>{icon(ui::Icon::History)}{t.tracking_restore()}</a>
        }
    });
    view! {
        <li id=change.id.to_string()>
            <i aria-hidden="true">{icon(picture)}</i>
            <div class="grow stack">
                <div class="spread">
                    <h2 class="two">
                        <b>{format!("{who}, {did}")}</b>
                        <small>{ui::moment(ask.lang, change.at, &ask.zone, at.clone())}</small>
                    </h2>
                    {restore}
                </div>
                {special}
                {flips}
            </div>
        </li>
    }
    .into_any()
}

fn basis_name(ask: &Ask, basis: ConsentBasis) -> &'static str {
    match basis {
        ConsentBasis::CollectedByShop => ask.t.tracking_basis_shop(),
        ConsentBasis::OnRecord => ask.t.tracking_basis_record(),
    }
}

/// The quiet button that leads here.
pub(super) fn link(ask: &Ask, board: &super::Board) -> AnyView {
    let id = board.brand.id.to_string();
    let href = route::with_query(
        route::TRACKING_HISTORY,
        &[("brand", &id), ("channel", board.channel.word())],
    );
    ui::button_link(Kind::Quiet, href, Some(ui::Icon::History), ask.t.tracking_history())
}
