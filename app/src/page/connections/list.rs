//! All connections.

use super::detail::proof;
use super::health;
use crate::page::messages::source_name;
use crate::page::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::{after_colon, number, time};
use crate::ui::art::Picture;
use crate::ui::layout::Column;
use crate::ui::{self, Icon, Kind};
use dispatch::tenant::Permission;
use dispatch::view::ConnectionView;
use leptos::prelude::*;

/// All connections.
pub async fn list(ask: Ask) -> Result<Screen, Problem> {
    let account = ask.account()?;
    let connections = ask.desk.store.connections(account, ask.desk.now()).await?;
    let t = ask.t;
    let add = |kind: Kind| {
        ask.desk.may(Permission::Edit).then(|| {
            ui::button_link(kind, route::CONNECTION_NEW, Some(Icon::Plus), t.connections_add())
        })
    };
    let content = if connections.is_empty() {
        let acts = view! {
            {add(Kind::Primary)}
            {ask.desk.may(Permission::Edit).then(|| {
                ui::button_link(Kind::Plain, route::SIMULATE, Some(Icon::Play), t.messages_simulate())
            })}
        };
        ui::empty(Picture::Letterbox, t.connections_empty(), t.connections_empty_words(), acts)
    } else {
        view! { {table(&ask, &connections)} {cards(&ask, &connections)} }.into_any()
    };
    let head_act = (!connections.is_empty()).then(|| add(Kind::Primary));
    let body = view! {
        <div class="page">
            {ui::page_head(t.connections_title(), t.connections_lead(), head_act)}
            {content}
        </div>
    };
    Ok(Screen::framed(t.connections_title(), Entry::Connections, body))
}

fn table(ask: &Ask, connections: &[ConnectionView]) -> AnyView {
    let t = ask.t;
    let columns = vec![
        Column::words(t.connections_source()),
        Column::words(t.connections_brand()),
        Column::words(t.messages_state()),
        Column::words(t.connections_last()),
        Column::figures(t.connections_today()),
        Column::figures(t.connections_refused()),
    ];
    let rows = connections
        .iter()
        .map(|connection| {
            let (sign, word) = health(ask, connection);
            view! {
                <tr>
                    <td>
                        <span class="two">
                            <a href=route::connection(connection.id)><b>{source_name(ask, connection.source)}</b></a>
                            <small>{which(ask, connection)}</small>
                        </span>
                    </td>
                    <td>{connection.brand_name.clone()}</td>
                    <td>{ui::state_word(sign, word)}</td>
                    <td class="faint">{last(ask, connection)}</td>
                    <td class="num">{number::whole(ask.lang, connection.deliveries_today)}</td>
                    <td class="num">{number::whole(ask.lang, connection.refused)}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <div class="only-wide">{ui::table("", t.connections_title(), columns, rows)}</div> }
        .into_any()
}

fn cards(ask: &Ask, connections: &[ConnectionView]) -> AnyView {
    let t = ask.t;
    let items = connections
        .iter()
        .map(|connection| {
            let (sign, word) = health(ask, connection);
            view! {
                <li>
                    <a href=route::connection(connection.id)>
                        <b>{source_name(ask, connection.source)}</b>
                        <span class="faint num">{last(ask, connection)}</span>
                        <span class="faint">{connection.brand_name.clone()} " · " {which(ask, connection)}</span>
                        <span class="num">{t.connections_today_count(connection.deliveries_today)}</span>
                        <span class="why cards__state">{ui::state_word(sign, word)}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="cards only-narrow">{items}</ul> }.into_any()
}

/// What tells it from another of the same system: since when it is there, and how its deliveries are proved.
fn which(ask: &Ask, connection: &ConnectionView) -> String {
    let made = time::short(ask.lang, connection.created_at, &ask.zone);
    ask.t.connections_which(made, after_colon(&proof(ask, connection)))
}

/// The last delivery's age, with the moment behind it.
fn last(ask: &Ask, connection: &ConnectionView) -> AnyView {
    connection.last_delivery_at.map_or_else(
        || ask.t.never().into_any(),
        |at| {
            let age = time::duration(ask.lang, ask.desk.now().since(at));
            ui::moment(ask.lang, at, &ask.zone, ask.t.connections_ago(age))
        },
    )
}
