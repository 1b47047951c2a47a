//! One connection: its address, its keys, how to set up the source, and what came in.

use super::{delivery_reason, delivery_state, health, url};
use crate::act;
use crate::backend::HandoverKind;
use crate::page::messages::source_name;
use crate::page::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::{number, reason, status, time};
use crate::ui::art::Picture;
use crate::ui::{self, Field, Form, Hidden, Kind, Pager, Tone};
use dispatch::channel::Channel;
use dispatch::decision::Verdict;
use dispatch::id::DeliveryId;
use dispatch::source::Source;
use dispatch::tenant::Permission;
use dispatch::view::{ConnectionView, DeliveryEventView, DeliveryView, Page};
use leptos::prelude::*;

/// Deliveries of one page.
const ROWS: i64 = 25;

/// More of a body is nobody's reading; the API has the whole.
const LONGEST_BODY: usize = 64 * 1024;

/// One connection with its deliveries.
pub async fn connection(ask: Ask) -> Result<Screen, Problem> {
    let account = ask.account()?;
    let id = ask.id("id")?;
    let store = ask.desk.store.clone();
    let connection =
        store.connection(account, id, ask.desk.now()).await?.ok_or(Problem::NotFound)?;
    let before: Option<DeliveryId> = ask.query_as("before");
    let deliveries = store.deliveries(account, id, before, ROWS).await?;
    let opened = match ask.query_as::<DeliveryId>("delivery") {
        Some(delivery) => store
            .delivery(account, delivery)
            .await?
            .filter(|(delivery, _)| delivery.connection == id),
        None => None,
    };
    let t = ask.t;
    let name = source_name(&ask, connection.source);
    let (sign, word) = health(&ask, &connection);
    let body = view! {
        <div class="page">
            {ui::back_link(route::CONNECTIONS, t.connections_title())}
            <div class="page__head">
                <div>
                    <h1 class="row">{name} {ui::state_box(sign, word)}</h1>
                    <p>{t.connections_for(&connection.brand_name)}</p>
                </div>
            </div>
            <div class="cols cols--wide">
                <div class="stack--wide">
                    {handed_over(&ask)}
                    {opened.map(|(delivery, bytes)| raw(&ask, &connection, &delivery, &bytes))}
                    {list(&ask, &connection, &deliveries, before)}
                </div>
                <aside class="stack--wide">
                    {address(&ask, &connection)}
                    {keys(&ask, &connection)}
                    {set_up(&ask, &connection)}
                    {remove(&ask, &connection)}
                </aside>
            </div>
        </div>
    };
    Ok(Screen::framed(name, Entry::Connections, body))
}

/// The secret that was just made: shown this once.
fn handed_over(ask: &Ask) -> Option<AnyView> {
    let t = ask.t;
    let secret = ask
        .desk
        .handover
        .as_ref()
        .filter(|handover| handover.kind == HandoverKind::ConnectionSecret)?;
    Some(ui::note_with(
        Tone::Warn,
        view! {
            <h2>{t.connections_secret_once()}</h2>
            <p>{t.connections_secret_once_words()}</p>
            <code class="code">{secret.text.expose().to_owned()}</code>
        },
    ))
}

fn address(ask: &Ask, connection: &ConnectionView) -> AnyView {
    let t = ask.t;
    let content = view! {
        <p class="muted small" id="hook-h">{t.connections_url_words()}</p>
        <code class="code" id="hook" tabindex="0">{url(ask, connection)}</code>
        <p class="row">{ui::copy_button("hook", t)}</p>
        {ui::copying()}
    };
    ui::card(t.connections_url(), content)
}

/// How its deliveries show whose they are.
pub(super) fn proof(ask: &Ask, connection: &ConnectionView) -> String {
    match connection.auth.as_str() {
        "hmac" => ask.t.connections_proof_hmac().to_owned(),
        header => ask.t.connections_proof_header(header),
    }
}

fn keys(ask: &Ask, connection: &ConnectionView) -> AnyView {
    let t = ask.t;
    let proof = proof(ask, connection);
    let accepted =
        if connection.secrets > 1 { t.connections_keys_two() } else { t.connections_keys_one() };
    let refused = (connection.refused > 0)
        .then(|| ui::note(Tone::Warn, t.connections_refused_words(connection.refused)));
    let rotate = (ask.desk.may(Permission::Edit) && connection.source == Source::Sendcloud).then(|| {
        view! {
            <details class="fold">
                <summary>{t.connections_rotate()}</summary>
                <Form act=act::ROTATE class="form">
                    <p class="muted small">{t.connections_rotate_words()}</p>
                    <Field name="secret" label=t.connections_new_secret() hint=t.connections_secret_hint()
                        autocomplete="off" max=512/>
                    <div class="form__acts">{ui::submit(Kind::Plain, t.connections_rotate_act())}</div>
                </Form>
            </details>
        }
    });
    let content = view! {
        <div class="stack">
            <dl class="facts">
                <dt>{t.connections_proof()}</dt><dd>{proof}</dd>
                <dt>{t.connections_accepted()}</dt><dd>{accepted}</dd>
                <dt>{t.connections_since()}</dt><dd>{time::date(ask.lang, connection.created_at, &ask.zone)}</dd>
            </dl>
            {refused}
            {rotate}
        </div>
    };
    ui::card(t.connections_keys(), content)
}

/// The way to a working connection, in the source's own words.
fn set_up(ask: &Ask, connection: &ConnectionView) -> Option<AnyView> {
    let t = ask.t;
    let last = if connection.auth == "hmac" {
        t.connections_step_key().to_owned()
    } else {
        t.connections_step_header(&connection.auth)
    };
    (connection.source == Source::Sendcloud).then(|| {
        let content = view! {
            <ol class="howto">
                <li>{t.connections_step_open()}</li>
                <li>{t.connections_step_url()}</li>
                <li>{last}</li>
                <li>{t.connections_step_test()}</li>
            </ol>
            <p class="hint">{t.connections_step_scope()}</p>
        };
        ui::card(t.connections_set_up(), content)
    })
}

fn remove(ask: &Ask, connection: &ConnectionView) -> Option<AnyView> {
    let t = ask.t;
    let may = ask.desk.may(Permission::Edit) && connection.source == Source::Sendcloud;
    let words = t.connections_remove_words(&connection.brand_name);
    may.then(|| {
        view! {
            <details class="fold">
                <summary>{t.connections_remove()}</summary>
                <Form act=act::REMOVE class="form">
                    <p class="muted small">{words}</p>
                    <div class="form__acts">{ui::submit(Kind::Remove, t.connections_remove_act())}</div>
                </Form>
            </details>
        }
        .into_any()
    })
}

fn list(
    ask: &Ask,
    connection: &ConnectionView,
    page: &Page<DeliveryView>,
    before: Option<DeliveryId>,
) -> AnyView {
    let t = ask.t;
    let here = route::connection(connection.id);
    let content = if page.rows.is_empty() {
        ui::empty(
            Picture::Letterbox,
            t.connections_no_delivery(),
            t.connections_no_delivery_words(),
            (),
        )
    } else {
        let rows = page.rows.iter().map(|delivery| row(ask, connection, delivery)).collect_view();
        let about = t.messages_shown(ask.zone.name, page.rows.len());
        let next = page
            .rows
            .last()
            .filter(|_| page.more)
            .map(|last| route::with_query(&here, &[("before", &last.id.to_string())]));
        let pager = match (before.map(|_| here), next) {
            (Some(first), Some(next)) => {
                view! { <Pager about=about first=first next=next/> }.into_any()
            }
            (Some(first), None) => view! { <Pager about=about first=first/> }.into_any(),
            (None, Some(next)) => view! { <Pager about=about next=next/> }.into_any(),
            (None, None) => view! { <Pager about=about/> }.into_any(),
        };
        view! { <ol class="inbox">{rows}</ol> {pager} }.into_any()
    };
    view! {
        <section aria-labelledby="deliveries">
            <div class="spread">
                <h2 id="deliveries">{t.connections_deliveries()}</h2>
                <span class="small faint">{t.connections_today_count(connection.deliveries_today)}</span>
            </div>
            {content}
        </section>
    }
    .into_any()
}

/// One delivery: when, what became of it, what came out of it.
fn row(ask: &Ask, connection: &ConnectionView, delivery: &DeliveryView) -> AnyView {
    let t = ask.t;
    let (sign, word) = delivery_state(t, delivery.state);
    let why = delivery.reason.as_deref().map(|reason| delivery_reason(t, reason));
    let open = route::with_query(
        &route::connection(connection.id),
        &[("delivery", &delivery.id.to_string())],
    );
    let events = delivery.events.iter().map(|event| event_line(ask, event)).collect_view();
    let here = ask.query("delivery") == delivery.id.to_string();
    let replays = (delivery.replays > 0).then(|| {
        view! { <span class="small faint">{t.connections_replays(delivery.replays)}</span> }
    });
    let at = time::short(ask.lang, delivery.received_at, &ask.zone);
    let (id, replay_name) = (delivery.id.to_string(), t.connections_replay_name(&at));
    let replay = ask.desk.may(Permission::Edit).then(|| {
        view! {
            <Form act=act::REPLAY class="inline-form">
                <Hidden name="delivery" value=id/>
                <button class="btn btn--s btn--quiet" type="submit" aria-label=replay_name>
                    {ui::icon(ui::Icon::Refresh)}{t.connections_replay()}
                </button>
            </Form>
        }
    });
    view! {
        <li class=if here { "inbox__row sel" } else { "inbox__row" }>
            <span class="inbox__at faint">{ui::moment(ask.lang, delivery.received_at, &ask.zone, at.clone())}</span>
            <div class="inbox__what">
                <p class="row inbox__state">
                    {ui::state_word(sign, word)}
                    {why.map(|why| view! { <span class="small faint">{why}</span> })}
                    {replays}
                </p>
                <ul>{events}</ul>
            </div>
            <span class="inbox__acts">
                <a class="btn btn--s btn--quiet" href=format!("{open}#raw") aria-label=t.connections_body_name(at)>
                    {t.connections_body()}
                </a>
                {replay}
            </span>
        </li>
    }
    .into_any()
}

/// What a delivery's event led to, with the way there.
fn event_line(ask: &Ask, event: &DeliveryEventView) -> AnyView {
    let t = ask.t;
    let name = status::event(t, event.status);
    let about = reason::Subject {
        status: Some(event.status),
        country: None,
        channel: Channel::Whatsapp,
        phone: None,
    };
    let (words, href) = match (event.message, event.decision, event.verdict) {
        (Some(message), ..) => {
            (t.connections_event_message().to_owned(), Some(route::message(message)))
        }
        (None, Some(decision), Some(Verdict::Hold)) => {
            (t.state_held().to_owned(), Some(route::decision(decision)))
        }
        (None, Some(decision), _) => {
            let words = match event.reason {
                Some(code) => format!("{}: {}", t.state_not_sent(), reason::short(t, code, about)),
                None => t.state_not_sent().to_owned(),
            };
            (words, Some(route::decision(decision)))
        }
        (None, None, _) => (t.connections_event_waiting().to_owned(), None),
    };
    let link = match href {
        Some(href) => view! { <a href=href>{words}</a> }.into_any(),
        None => view! { <span class="faint">{words}</span> }.into_any(),
    };
    view! { <li>{name} ", " {link}</li> }.into_any()
}

/// A delivery's bytes as they came. They name people, so only those who may see phones see them.
fn raw(ask: &Ask, connection: &ConnectionView, delivery: &DeliveryView, bytes: &[u8]) -> AnyView {
    let t = ask.t;
    let content = if ask.desk.may(Permission::ReadPhones) {
        let shown = &bytes[..bytes.len().min(LONGEST_BODY)];
        let text = String::from_utf8_lossy(shown).into_owned();
        let cut = (bytes.len() > LONGEST_BODY).then(|| {
            view! { <p class="hint">{t.connections_body_cut()}</p> }
        });
        view! {
            <details class="fold" open=true>
                <summary>{t.connections_body_bytes(number::whole(ask.lang, delivery.size))}</summary>
                <pre class="code code--body" tabindex="0" aria-label=t.connections_body()>{text}</pre>
            </details>
            {cut}
        }
        .into_any()
    } else {
        ui::note(Tone::Plain, t.connections_body_denied())
    };
    let (sign, word) = delivery_state(t, delivery.state);
    let why = delivery.reason.as_deref().map(|reason| delivery_reason(t, reason));
    view! {
        <section class="card" id="raw" aria-labelledby="raw-title">
            <div class="card__b spread">
                <h2 id="raw-title">{t.connections_delivery()}</h2>
                <a class="iconbtn" href=route::connection(connection.id) aria-label=t.close()>{ui::icon(ui::Icon::X)}</a>
            </div>
            <div class="card__b stack">
                <dl class="facts">
                    <dt>{t.case_delivery()}</dt><dd><code class="id">{delivery.id.to_string()}</code></dd>
                    <dt>{t.connections_arrived()}</dt><dd>{time::full(ask.lang, delivery.received_at, &ask.zone)}</dd>
                    <dt>{t.messages_state()}</dt><dd>{ui::state_word(sign, word)} " " {why}</dd>
                </dl>
                {content}
            </div>
        </section>
    }
    .into_any()
}
