//! Tracking messages: which parcel news a brand's customers receive, and where.
//!
//! The address is the state: `brand`, `channel`, `view`, `country` (an open row), `activate` (the
//! dialog), `copy`, `restore` and `silence` (a proposal, see `proposal`).

mod activation;
mod adding;
mod concern;
mod drawer;
mod history;
mod matrix;
mod proposal;
mod say;
mod typed;
mod words;

pub use concern::anchor;
pub use history::history;

use super::{Ask, Entry, Problem, Screen};
use crate::act;
use crate::ask::Refused;
use crate::form::DONE;
use crate::island::forecast;
use crate::route;
use crate::text::{money, status, time};
use crate::ui::art::Picture;
use crate::ui::{self, Hidden, Icon, Kind, Tab, Tabs, Tone, icon};
use dispatch::brand::{ChannelSettings, ChannelState, SenderState};
use dispatch::change::flips;
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::error::Error;
use dispatch::forecast::{DryRun, Wish};
use dispatch::id::ChangeId;
use dispatch::port::{CellChange, Shelf};
use dispatch::reception::{self, Concern, Reception};
use dispatch::tenant::Permission;
use dispatch::view::{BrandView, MemberView, PriceView, StatusReception, VolumeView};
use leptos::prelude::*;
use proposal::Proposal;
use std::collections::BTreeMap;
use std::time::Duration;

/// Over how long parcels are counted to say what a switch would mean.
const SPAN: Duration = Duration::from_secs(30 * 24 * 3600);

/// One truth, two ways to look at it on wide screens; phones always have the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Matrix,
    List,
}

impl Look {
    const ALL: [Self; 2] = [Self::Matrix, Self::List];

    const fn word(self) -> &'static str {
        match self {
            Self::Matrix => "matrix",
            Self::List => "list",
        }
    }
}

/// What the page is drawn from.
struct Board {
    brand: BrandView,
    channel: Channel,
    look: Look,
    settings: ChannelSettings,
    /// What the boxes stand at.
    proposal: Proposal,
    volumes: Vec<VolumeView>,
    /// News somebody should think about.
    concerns: Vec<(TrackingStatus, Concern, Reception)>,
    /// What the last 30 days would have become, where a form asked for it.
    preview: Option<Result<DryRun, Refused>>,
    /// The cap the form asks about, in messages; an error where what was typed is no amount.
    cap: Result<Option<i64>, Error>,
    /// What the brand can say, with where it stands at the provider.
    shelf: Shelf,
    /// Prices in force of every plan.
    prices: Vec<PriceView>,
    /// The account's own.
    price: Option<PriceView>,
    /// How many countries the plan allows; none is any number.
    limit: Option<usize>,
    may_edit: bool,
    may_activate: bool,
    /// Whether it can be turned on again without being asked: what was accepted is what would be accepted now.
    accepted: bool,
    /// Whom to ask who may not.
    deciders: Vec<MemberView>,
}

impl Board {
    fn link(&self, more: &[(&str, &str)]) -> String {
        let id = self.brand.id.to_string();
        let look = if self.look == Look::Matrix { "" } else { self.look.word() };
        let mut query =
            vec![("brand", id.as_str()), ("channel", self.channel.word()), ("view", look)];
        query.extend_from_slice(more);
        route::with_query(route::TRACKING, &query)
    }

    /// The same for forms that only look.
    fn place_fields(&self) -> AnyView {
        let look = (self.look == Look::List)
            .then(|| view! { <Hidden name="view" value=self.look.word()/> });
        view! {
            <Hidden name="brand" value=self.brand.id.to_string()/>
            <Hidden name="channel" value=self.channel.word()/>
            {look}
        }
        .into_any()
    }

    /// Whether the plan has no room for another country, beside those that are on as the boxes stand.
    fn is_full(&self) -> bool {
        let on = self.proposal.wanted.values().filter(|row| row.on).count();
        self.limit.is_some_and(|limit| on >= limit)
    }

    /// Whether the switches are shown: also for a row that is only staged.
    fn has_rows(&self) -> bool {
        !self.settings.countries.is_empty() || !self.proposal.wanted.is_empty()
    }

    /// Whether somebody has ever turned the channel on.
    const fn is_untouched(&self) -> bool {
        self.settings.consent_basis.is_none()
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
    let mut counts = BTreeMap::new();
    for each in Channel::ALL {
        let settings = store.channel_settings(account, brand.id, *each).await?;
        counts.insert(*each, settings);
    }
    let settings = counts.get(&channel).cloned().ok_or(Problem::NotFound)?;
    let prices = store.prices(account, channel, now).await?;
    let may_activate = ask.desk.may(Permission::Activate);
    let deciders = if may_activate {
        Vec::new()
    } else {
        let mut members = store.members(account).await?;
        members.retain(|member| member.role.may(Permission::Activate));
        members
    };
    let limit = plan.country_limit();
    let proposal = Proposal::of(&ask, (account, brand.id, channel), &settings, limit).await?;
    let price = prices.iter().find(|price| price.plan == plan).cloned();
    let cap = match &price {
        Some(price) => forecast::cap(ask.form.value("cap").unwrap_or_default(), price.price),
        None => Ok(None),
    };
    let preview = match (ask.form.value("preview"), cap.clone()) {
        (None, _) => None,
        (Some(_), Err(error)) => Some(Err(Refused::from(error).told())),
        (Some(_), Ok(cap)) => {
            let changes = flips(&settings.countries, &proposal.wanted);
            let wish = Wish {
                brand: brand.id.to_string(),
                channel: channel.to_string(),
                version: Some(settings.version),
                changes: CellChange::of(&changes),
                cap,
                ..Wish::default()
            };
            let counted = (ask.desk.dry_runs)(ask.guest()?.viewer.clone(), wish).await;
            Some(counted.map_err(|error| Refused::from(error).told()))
        }
    };
    let accepted = match &price {
        Some(price) if settings.state == ChannelState::Off => {
            let (rate, basis) = (&price.rate, settings.consent_basis);
            let accepted = store.acceptance(account, brand.id, channel).await?;
            accepted.is_some_and(|it| it.holds(rate, act::TERMS_VERSION, basis))
        }
        _ => false,
    };
    let mut received = store.reception(account, Some(brand.id), now.minus(reception::SPAN)).await?;
    received.retain(|text| text.channel == channel);
    let board = Board {
        preview,
        cap,
        concerns: concern::concerns(&StatusReception::of(&received), &settings),
        volumes: store.volumes(account, brand.id, now.minus(SPAN)).await?,
        shelf: store.shelf(account, brand.id).await?,
        price,
        look: if ask.query("view") == Look::List.word() { Look::List } else { Look::Matrix },
        limit,
        may_edit: ask.desk.may(Permission::Edit),
        may_activate,
        accepted: accepted && may_activate && plan.sends_messages(),
        deciders,
        brand,
        channel,
        settings,
        proposal,
        prices,
    };

    let refused = ask.form.is_refused() && ask.form.value(crate::form::ACT) == Some(act::ACTIVATE);
    let asked =
        (refused || !ask.query("activate").is_empty()) && board.settings.state == ChannelState::Off;
    let dialog = asked.then(|| activation::dialog(&ask, &board));
    let tabs = channel_tabs(&ask, route::TRACKING, &board.brand, channel, |each| {
        counts.get(&each).map(ChannelSettings::countries_on)
    });
    let body = view! {
        <div class="page" inert=asked>
            {ui::page_head(t.tracking_title(), t.tracking_lead(&board.brand.name), acts(&ask, &board))}
            {tabs}
            {(!board.may_edit).then(|| ui::note(Tone::Plain, t.form_look_only()))}
            {content(&ask, &board)}
        </div>
        {dialog}
    };
    let screen = Screen::framed(t.tracking_title(), Entry::Tracking, body);
    let offer = undo(&ask, &board).await?;
    Ok(screen.offering(offer))
}

/// How old a change may be whose way back is offered: a page that is opened again later offers none.
const JUST_NOW: Duration = Duration::from_secs(15);

/// The way back from what was just saved: a form of its own beside the notice. With scripts it goes
/// after ten seconds.
async fn undo(ask: &Ask, board: &Board) -> Result<Option<AnyView>, Problem> {
    let done = ask.query(DONE);
    if done == "deactivated" && board.accepted {
        let button = view! {
            <button class="btn btn--s" type="submit">{icon(Icon::Undo)}{ask.t.tracking_undo()}</button>
        };
        return Ok(Some(ui::form(act::RESUME, "inline-form", button)));
    }
    let Some(id) = ask.query_as::<ChangeId>("change") else { return Ok(None) };
    if done != "matrix_saved" || !board.may_edit {
        return Ok(None);
    }
    let store = ask.desk.store.clone();
    let change = store.change(ask.account()?, board.brand.id, board.channel, id).await?;
    Ok(change.filter(|change| ask.desk.now().since(change.at) < JUST_NOW).map(|change| {
        let button = view! {
            <Hidden name="change" value=change.id.to_string()/>
            <button class="btn btn--s" type="submit">{icon(Icon::Undo)}{ask.t.tracking_undo()}</button>
        };
        view! { <div data-fleeting="">{ui::form(act::UNDO, "inline-form", button)}</div> }.into_any()
    }))
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

/// The three channels, each with what `count` knows of it.
fn channel_tabs(
    ask: &Ask,
    path: &str,
    brand: &BrandView,
    current: Channel,
    count: impl Fn(Channel) -> Option<usize>,
) -> AnyView {
    let t = ask.t;
    let brand = brand.id.to_string();
    let tabs = Channel::ALL
        .iter()
        .map(|channel| Tab {
            href: route::with_query(path, &[("brand", &brand), ("channel", channel.word())]),
            label: status::channel(t, *channel).to_owned(),
            icon: Some(match channel {
                Channel::Whatsapp => Icon::Message,
                Channel::Sms => Icon::Sms,
                Channel::Email => Icon::Mail,
            }),
            count: count(*channel).filter(|count| *count > 0).map(|count| count.to_string()),
            current: *channel == current,
        })
        .collect();
    view! { <Tabs label=t.tracking_channels() tabs=tabs/> }.into_any()
}

/// History, simulating, copying, and the menu that gives the matrix another country.
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
    let copy = board.may_edit.then(|| proposal::menu(ask, board));
    let add = board.may_edit.then(|| adding::menu(ask, board));
    view! { {history::link(ask, board)} {simulate} {copy} {add} }.into_any()
}

/// What stands below the tabs: the master switch, an invitation to activate, the switches.
fn content(ask: &Ask, board: &Board) -> AnyView {
    let shown = board.has_rows();
    if !shown && board.is_untouched() {
        return first(ask, board);
    }
    let inner =
        if shown { matrix::matrix(ask, board) } else { adding::without_country(ask, board) };
    let invitation = (board.settings.state == ChannelState::Off).then(|| invitation(ask, board));
    view! {
        {master(ask, board)}
        {invitation}
        {sender(ask, board)}
        {concern::card(ask, board)}
        {inner}
    }
    .into_any()
}

/// A channel nobody has turned on and without a country: what it is, what it costs, where to begin.
fn first(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let channel = status::channel(t, board.channel);
    let (words, act) = match &board.price {
        None => (t.tracking_no_price(channel), ().into_any()),
        Some(price) => {
            let amount = money::amount(ask.lang, price.price);
            (t.tracking_untouched_words(channel, amount), activate_or_ask(ask, board))
        }
    };
    let prepare =
        board.may_edit.then(|| adding::proposals(ask, board, Some(t.tracking_prepare()))).flatten();
    let acts = view! { {act} {prepare} };
    ui::empty(Picture::Letterbox, t.tracking_untouched(channel), words, acts)
}

/// The way to the dialog, or whom to ask who may open it.
fn activate_or_ask(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    if board.may_activate {
        let href = board.link(&[("activate", "1")]);
        let words = t.tracking_activate(status::channel(t, board.channel));
        // Whoever leaves the dialog comes back to where they opened it.
        return view! { <a class="btn btn--ink" id=activation::OPENER href=href>{words}</a> }
            .into_any();
    }
    activation::whom_to_ask(ask, board)
}

/// A channel that is off while its matrix is being prepared says so, and what can be done.
fn invitation(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let channel = status::channel(t, board.channel);
    let note = if board.price.is_none() {
        ui::note(Tone::Warn, t.tracking_no_price(channel))
    } else if board.may_activate {
        let (words, act) = if board.accepted {
            let button = ui::submit(Kind::Primary, t.tracking_resume());
            (t.tracking_resting(channel), ui::form(act::RESUME, "inline-form", button))
        } else {
            (t.tracking_prepared(channel), activate_or_ask(ask, board))
        };
        let content = view! { <div class="spread"><span>{words}</span>{act}</div> };
        ui::note_with(Tone::Wait, content)
    } else {
        let ask_whom = activation::whom_to_ask(ask, board);
        let content = view! { <p>{t.tracking_prepared(channel)}</p> {ask_whom} };
        ui::note_with(Tone::Wait, content)
    };
    view! { <div class="invitation">{note}</div> }.into_any()
}

/// A number that sends nothing, whatever the switches say, and the way to where it is told what to do.
fn sender(ask: &Ask, board: &Board) -> Option<AnyView> {
    let t = ask.t;
    if board.channel != Channel::Whatsapp || board.settings.state == ChannelState::Off {
        return None;
    }
    let name = &board.brand.name;
    let (tone, words) = match board.brand.sender.as_ref().map(|sender| sender.state) {
        Some(SenderState::Ready) => return None,
        Some(SenderState::Paused) => (Tone::Warn, t.overview_paused(name)),
        Some(SenderState::Reconnect) => (Tone::Bad, t.overview_reconnect(name)),
        None => (Tone::Warn, t.overview_no_number(name)),
    };
    let href = format!("{}#sender", route::brand(board.brand.id));
    let content = view! { {words} " " <a href=href>{t.tracking_number()}</a> };
    Some(view! { <div class="invitation">{ui::note_with(tone, content)}</div> }.into_any())
}

/// The line of the master switch: on or off, since when, at what price; and the plan's countries.
fn master(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let channel = status::channel(t, board.channel);
    let on = board.settings.state == ChannelState::On;
    let name = t.tracking_master(channel);
    let switch = if on {
        view! {
            {ui::form(act::DEACTIVATE, "inline-form", view! {
                <button
                    class="hit"
                    type="submit"
                    role="switch"
                    aria-checked="true"
                    aria-label=name
                    disabled=!board.may_edit
                >
                    <span class="switch switch--on"></span>
                </button>
            })}
        }
        .into_any()
    } else if board.accepted {
        view! {
            {ui::form(act::RESUME, "inline-form", view! {
                <button class="hit" type="submit" role="switch" aria-checked="false" aria-label=name>
                    <span class="switch"></span>
                </button>
            })}
        }
        .into_any()
    } else {
        // Turning on asks first, so it only leads to the question.
        let can = board.may_activate && board.price.is_some();
        view! {
            <form class="inline-form" method="get">
                {board.place_fields()}
                <button
                    class="hit"
                    type="submit"
                    name="activate"
                    value="1"
                    role="switch"
                    aria-checked="false"
                    aria-label=name
                    disabled=!can
                >
                    <span class="switch"></span>
                </button>
            </form>
        }
        .into_any()
    };
    let priced = board.price.is_some();
    let since = board.settings.activated_at.filter(|_| on && priced).map(|at| {
        let price = board.price.as_ref().map(|price| money::amount(ask.lang, price.price));
        let words =
            t.tracking_since(time::date(ask.lang, at, &ask.zone), price.unwrap_or_default());
        view! { <span class="muted master__since">" " {words}</span> }
    });
    let words = if on { t.tracking_is_on(channel) } else { t.tracking_is_off(channel) };
    let silent = (board.limit == Some(0)).then(|| ui::note(Tone::Warn, t.form_plan()));
    view! {
        {silent}
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
            let words = match board.settings.state {
                ChannelState::On => t.tracking_countries(used),
                ChannelState::Off => t.tracking_countries_kept(used),
            };
            view! { <span class="row plan muted">{words}</span> }.into_any()
        }
        // Nothing is sent, so nothing is used up.
        Some(0) => {
            view! { <span class="row plan"><a href=route::ACCOUNT>{t.tracking_plans()}</a></span> }
                .into_any()
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
