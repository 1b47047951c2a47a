//! Tracking messages: which parcel news a brand's customers receive, and where.
//!
//! The address is the state: `brand`, `channel`, `country` (an open row), `activate` (the dialog).

mod activation;
mod matrix;

use super::{Ask, Entry, Problem, Screen};
use crate::act;
use crate::route;
use crate::text::{country, money, status, time};
use crate::ui::art::Picture;
use crate::ui::{self, Hidden, Icon, Kind, Select, Tab, Tabs, Tone, icon};
use dispatch::brand::{ChannelSettings, ChannelState};
use dispatch::channel::Channel;
use dispatch::country::Country;
use dispatch::tenant::Permission;
use dispatch::view::{BrandView, PriceView, VolumeView};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::time::Duration;

/// Over how long parcels are counted to say what a switch would mean.
const SPAN: Duration = Duration::from_secs(30 * 24 * 3600);

/// How many countries are proposed where parcels went and no row is.
const PROPOSALS: usize = 4;

/// What the page is drawn from.
struct Board {
    brand: BrandView,
    channel: Channel,
    settings: ChannelSettings,
    volumes: Vec<VolumeView>,
    /// Prices in force of every plan.
    prices: Vec<PriceView>,
    /// The account's own.
    price: Option<PriceView>,
    /// How many countries the plan allows; none is any number.
    limit: Option<usize>,
    may_edit: bool,
    may_activate: bool,
}

impl Board {
    fn link(&self, more: &[(&str, &str)]) -> String {
        let id = self.brand.id.to_string();
        let mut query = vec![("brand", id.as_str()), ("channel", self.channel.word())];
        query.extend_from_slice(more);
        route::with_query(route::TRACKING, &query)
    }

    fn is_full(&self) -> bool {
        self.limit.is_some_and(|limit| self.settings.countries_on() >= limit)
    }
}

/// The matrix with everything around it.
pub async fn tracking(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let account = ask.account()?;
    let Some(brand) = ask.brand().cloned() else {
        return Ok(without_brand(&ask));
    };
    let store = ask.desk.store.clone();
    let now = ask.desk.now();
    let channel = ask.query_as("channel").unwrap_or(Channel::Whatsapp);
    let plan = ask.guest()?.account.plan;
    let settings = store.channel_settings(account, brand.id, channel).await?;
    let prices = store.prices(account, channel, now).await?;
    let board = Board {
        volumes: store.volumes(account, brand.id, now.minus(SPAN)).await?,
        price: prices.iter().find(|price| price.plan == plan).cloned(),
        limit: plan.country_limit(),
        may_edit: ask.desk.may(Permission::Edit),
        may_activate: ask.desk.may(Permission::Activate),
        brand,
        channel,
        settings,
        prices,
    };
    let counts: BTreeMap<Channel, usize> = store
        .channels(account)
        .await?
        .into_iter()
        .filter(|(id, _)| *id == board.brand.id)
        .map(|(_, settings)| (settings.channel, settings.countries_on()))
        .collect();

    let asked = !ask.query("activate").is_empty() && board.settings.state == ChannelState::Off;
    let dialog = asked.then(|| activation::dialog(&ask, &board));
    let body = view! {
        <div class="page" inert=asked>
            {ui::page_head(t.tracking_title(), t.tracking_lead(&board.brand.name), acts(&ask, &board))}
            {tabs(&ask, &board, &counts)}
            {content(&ask, &board)}
        </div>
        {dialog}
    };
    Ok(Screen::framed(t.tracking_title(), Entry::Tracking, body))
}

fn without_brand(ask: &Ask) -> Screen {
    let t = ask.t;
    let act = ui::button_link(Kind::Primary, route::BRAND_NEW, None, t.firstrun_brand_act());
    let body = view! {
        <div class="page">
            {ui::page_head(t.tracking_title(), "", ())}
            {ui::empty(Picture::Letterbox, t.tracking_no_brand(), t.tracking_no_brand_words(), act)}
        </div>
    };
    Screen::framed(t.tracking_title(), Entry::Tracking, body)
}

fn tabs(ask: &Ask, board: &Board, counts: &BTreeMap<Channel, usize>) -> AnyView {
    let t = ask.t;
    let brand = board.brand.id.to_string();
    let tabs = Channel::ALL
        .iter()
        .map(|channel| Tab {
            href: route::with_query(
                route::TRACKING,
                &[("brand", &brand), ("channel", channel.word())],
            ),
            label: status::channel(t, *channel).to_owned(),
            icon: Some(match channel {
                Channel::Whatsapp => Icon::Message,
                Channel::Sms => Icon::Sms,
                Channel::Email => Icon::Mail,
            }),
            count: counts.get(channel).filter(|count| **count > 0).map(ToString::to_string),
            current: *channel == board.channel,
        })
        .collect();
    view! { <Tabs label=t.tracking_channels() tabs=tabs/> }.into_any()
}

/// Simulating, and the menu that gives the matrix another country.
fn acts(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let simulate = board.may_edit.then(|| {
        ui::button_link(
            Kind::Plain,
            route::with_query(route::SIMULATE, &[("brand", &board.brand.id.to_string())]),
            Some(Icon::Play),
            t.firstrun_simulate(),
        )
    });
    let ready = board.settings.activated_at.is_some() && board.may_edit;
    let add = ready.then(|| add_country(ask, board));
    view! { {simulate} {add} }.into_any()
}

fn add_country(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let missing = country::sorted(ask.lang)
        .into_iter()
        .filter(|(code, _)| {
            code.parse().is_ok_and(|code: Country| !board.settings.countries.contains_key(&code))
        })
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .collect::<Vec<_>>();
    // After a refusal the menu stays open, so that the field's error can be seen.
    let open = ask.form.error("country").is_some();
    view! {
        <details class="menu menu--end" open=open>
            <summary class="btn btn--ink">{icon(Icon::Plus)}{t.tracking_add_country()}</summary>
            <div class="menu__box menu__box--form">
                {board.is_full().then(|| ui::note(Tone::Plain, t.tracking_full_note()))}
                {ui::form(act::ADD_COUNTRY, "form", view! {
                    <Hidden name="version" value=board.settings.version.to_string()/>
                    <Select name="country" label=t.tracking_country() options=missing placeholder=t.auth_choose() required=true/>
                    {ui::submit(Kind::Primary, t.tracking_add())}
                })}
            </div>
        </details>
    }
    .into_any()
}

/// What stands below the tabs: an invitation to activate, or the switches.
fn content(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let channel = status::channel(t, board.channel);
    if board.settings.activated_at.is_none() {
        let (words, act) = match &board.price {
            None => (t.tracking_no_price(channel), ().into_any()),
            Some(price) => {
                let amount = money::amount(ask.lang, price.price);
                let href = board.link(&[("activate", "1")]);
                let act = ui::button_link(Kind::Primary, href, None, t.tracking_activate(channel));
                (t.tracking_untouched_words(channel, amount), act)
            }
        };
        return ui::empty(Picture::Letterbox, t.tracking_untouched(channel), words, act);
    }
    let inner = if board.settings.countries.is_empty() {
        without_country(ask, board)
    } else {
        matrix::matrix(ask, board)
    };
    view! { {master(ask, board)} {inner} }.into_any()
}

/// The line of the master switch: on or off, since when, at what price; and the plan's countries.
fn master(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let channel = status::channel(t, board.channel);
    let on = board.settings.state == ChannelState::On;
    let switch = if on {
        view! {
            {ui::form(act::DEACTIVATE, "inline-form", view! {
                <button
                    class="switch switch--on"
                    type="submit"
                    role="switch"
                    aria-checked="true"
                    aria-label=t.tracking_master(channel)
                    disabled=!board.may_activate
                ></button>
            })}
        }
        .into_any()
    } else {
        view! {
            <a
                class="switch"
                role="button"
                href=board.link(&[("activate", "1")])
                aria-label=t.tracking_activate(channel)
            ></a>
        }
        .into_any()
    };
    let since = board.settings.activated_at.filter(|_| on).map(|at| {
        let price = board.price.as_ref().map(|price| money::amount(ask.lang, price.price));
        let words =
            t.tracking_since(time::date(ask.lang, at, &ask.zone), price.unwrap_or_default());
        view! { <span class="muted only-wide">" " {words}</span> }
    });
    let words = if on { t.tracking_is_on(channel) } else { t.tracking_is_off(channel) };
    view! {
        <div class="master">
            <div class="row row--wide">{switch}<span><b>{words}</b>{since}</span></div>
            {plan_use(ask, board)}
        </div>
    }
    .into_any()
}

fn plan_use(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let used = board.settings.countries_on();
    match board.limit {
        None => {
            view! { <span class="row plan muted">{t.tracking_countries(used)}</span> }.into_any()
        }
        Some(limit) => {
            let plan = ask.desk.guest.as_ref().map(|guest| settings_plan(ask, guest.account.plan));
            let share = i64::try_from(used * 100 / limit.max(1)).unwrap_or(100);
            view! {
                <span class="row plan">
                    <span class="muted">{t.tracking_countries_of(used, limit, plan.unwrap_or_default())}</span>
                    <span class="plan__meter only-wide">{ui::meter(share, t.tracking_plan_use())}</span>
                    <a href=route::ACCOUNT>{t.tracking_plans()}</a>
                </span>
            }
            .into_any()
        }
    }
}

/// A plan's name.
fn settings_plan(ask: &Ask, plan: dispatch::plan::Plan) -> &'static str {
    super::settings::plan_name(ask.t, plan)
}

/// Countries parcels went to, busiest first.
fn busiest(volumes: &[VolumeView]) -> Vec<(Country, i64)> {
    let mut seen: BTreeMap<Country, i64> = BTreeMap::new();
    for volume in volumes {
        *seen.entry(volume.country).or_default() += volume.events;
    }
    let mut seen: Vec<_> = seen.into_iter().collect();
    seen.sort_by_key(|(_, events)| std::cmp::Reverse(*events));
    seen
}

/// No row yet: proposes the countries parcels went to.
fn without_country(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let buttons = busiest(&board.volumes)
        .into_iter()
        .take(PROPOSALS)
        .map(|(code, events)| {
            let name = country::name(ask.lang, code.code());
            view! {
                {ui::form(act::ADD_COUNTRY, "", view! {
                    <Hidden name="version" value=board.settings.version.to_string()/>
                    <Hidden name="country" value=code.code()/>
                    <button class="btn" type="submit">{ui::flag(code.code())}{t.tracking_add_named(name, events)}</button>
                })}
            }
        })
        .collect_view();
    ui::empty(Picture::Letterbox, t.tracking_no_country(), t.tracking_no_country_words(), buttons)
}
