//! The log: tabs, search, filters, rows as a table or as cards, and the case beside it.

use super::asked::{Asked, Brands};
use super::case::{self, Place};
use super::search::{Search, searches};
use super::{reasons, word};
use crate::page::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::{Text, country, money, number, phone, reason, status, time};
use crate::ui::art::Picture;
use crate::ui::{self, Icon, Kind, Pager, Tab, Tabs, flag, icon};
use dispatch::channel::Channel;
use dispatch::id::{AccountId, DecisionId};
use dispatch::money::Currency;
use dispatch::tenant::Permission;
use dispatch::time::Date;
use dispatch::view::{CaseView, LogCounts, LogFilter, LogRow, LogTab, Page};
use leptos::prelude::*;
use std::time::Duration;

/// The counts on the tabs look back so far.
const COUNTED: Duration = Duration::from_secs(30 * 86_400);

/// The list, and the case that is open beside it.
pub async fn list(ask: Ask) -> Result<Screen, Problem> {
    let account = ask.account()?;
    let asked = Asked::of(&ask);
    let since = ask.desk.now().minus(COUNTED);
    let store = ask.desk.store.clone();
    let brand = asked.brand(&ask);
    let counts = store.log_counts(account, brand, since).await?;
    let reasons = match asked.tab {
        LogTab::NotSent if asked.before.is_none() && asked.q.is_empty() => {
            store.reasons(account, brand, since).await?
        }
        _ => Vec::new(),
    };
    let found = find(&ask, &asked, account).await?;
    let open = match asked.open {
        Some(decision) => store.case(account, decision).await?,
        None => None,
    };
    let open = match open {
        Some(case) => Some((case::again(&ask, &case).await?, case)),
        None => None,
    };
    let countries = destinations(&ask, account, &found.page.rows).await?;

    let t = ask.t;
    let title = match asked.tab {
        LogTab::NotSent => t.messages_not_sent_title(),
        _ => t.messages_title(),
    };
    let rows = if found.page.rows.is_empty() {
        nothing(&ask, &asked, &counts)
    } else {
        view! {
            {table(&ask, &asked, &found.page.rows)}
            {cards(&ask, &found.page.rows)}
            {pager(&ask, &asked, &found.page)}
        }
        .into_any()
    };
    let page = view! {
        <div class="page">
            {ui::page_head(t.messages_title(), t.messages_lead(), view! { <span class="only-wide">{simulate(&ask)}</span> })}
            {tabs(&ask, &asked, &counts)}
            {search_box(&ask, &asked)}
            {pills(&ask, &asked, &found, &counts, countries)}
            {(!reasons.is_empty()).then(|| reasons::reasons(&ask, &asked, &reasons))}
            {send_again(&ask, &asked, &counts)}
            {rows}
        </div>
    };
    let body = match open {
        Some((again, case)) => view! {
            <div class="split">{page}{side(&ask, &asked, &found.page.rows, &case, again.as_ref())}</div>
        }
        .into_any(),
        None => page.into_any(),
    };
    Ok(Screen::framed(title, Entry::Messages, body))
}

/// What was found, and what the typed text turned out to be.
struct Found {
    page: Page<LogRow>,
    by: Option<Search>,
}

async fn find(ask: &Ask, asked: &Asked, account: AccountId) -> Result<Found, Problem> {
    let store = &ask.desk.store;
    let filter = asked.filter(ask);
    if asked.q.is_empty() {
        return Ok(Found { page: store.log(account, &filter).await?, by: None });
    }
    for search in searches(&asked.q, ask.guest()?.account.company_country) {
        let page = match &search {
            Search::Decision(id) => one(store.case(account, *id).await?),
            _ => store.log(account, &narrowed(&filter, &search)).await?,
        };
        if !page.rows.is_empty() {
            return Ok(Found { page, by: Some(search) });
        }
    }
    Ok(Found { page: one(None), by: None })
}

fn one(case: Option<CaseView>) -> Page<LogRow> {
    Page { rows: case.into_iter().map(|case| case.row).collect(), more: false }
}

fn narrowed(filter: &LogFilter, search: &Search) -> LogFilter {
    let filter = filter.clone();
    match search.clone() {
        Search::Message(id) => LogFilter { message: Some(id), ..filter },
        Search::Delivery(id) => LogFilter { delivery: Some(id), ..filter },
        Search::Provider(id) => LogFilter { provider_id: Some(id), ..filter },
        Search::Phone(phone) => LogFilter { phone: Some(phone), ..filter },
        Search::Order(number) => LogFilter { order_number: Some(number), ..filter },
        Search::Tracking(number) => LogFilter { tracking_number: Some(number), ..filter },
        Search::Decision(_) => filter,
    }
}

/// The countries worth offering as a filter: those somebody set, and those in sight.
async fn destinations(
    ask: &Ask,
    account: AccountId,
    rows: &[LogRow],
) -> Result<Vec<(String, String)>, Problem> {
    let channels = ask.desk.store.channels(account).await?;
    let mut list: Vec<(String, String)> = channels
        .iter()
        .flat_map(|(_, settings)| settings.countries.keys().copied())
        .chain(rows.iter().filter_map(|row| row.country))
        .map(|known| (known.code().to_owned(), country::name(ask.lang, known.code())))
        .collect();
    list.sort_by_cached_key(|(_, name)| country::sort_key(name));
    list.dedup();
    Ok(list)
}

fn simulate(ask: &Ask) -> Option<AnyView> {
    ask.desk.may(Permission::Edit).then(|| {
        ui::button_link(Kind::Plain, route::SIMULATE, Some(Icon::Play), ask.t.messages_simulate())
    })
}

/// The way to sending all of them again, with what of the filters applies.
fn send_again(ask: &Ask, asked: &Asked, counts: &LogCounts) -> Option<AnyView> {
    let t = ask.t;
    if asked.tab != LogTab::Waiting || counts.waiting == 0 {
        return None;
    }
    let brand = asked.brand(ask).map(|id| id.to_string()).unwrap_or_default();
    let country = asked.country.map(|country| country.to_string()).unwrap_or_default();
    let href = route::with_query(route::AGAIN, &[("brand", &brand), ("country", &country)]);
    let words = view! { {t.again_bar()} " " <a href=href>{t.again_bar_link()}</a> };
    Some(ui::note_with(ui::Tone::Wait, words))
}

fn tabs(ask: &Ask, asked: &Asked, counts: &LogCounts) -> AnyView {
    let t = ask.t;
    let tab = |which: LogTab, label: &str, count: i64| Tab {
        href: Asked { tab: which, brand: asked.brand, ..Asked::default() }.url(),
        label: label.to_owned(),
        icon: None,
        count: Some(number::whole(ask.lang, count)),
        current: asked.tab == which,
    };
    let tabs = vec![
        tab(LogTab::All, t.messages_tab_all(), counts.all),
        tab(LogTab::NotSent, t.messages_tab_not_sent(), counts.not_sent),
        tab(LogTab::Held, t.messages_tab_held(), counts.held),
        tab(LogTab::Failed, t.messages_tab_failed(), counts.failed),
    ];
    // Where nothing waits there is nothing to see: most days.
    let waits = counts.waiting > 0 || asked.tab == LogTab::Waiting;
    let waiting = waits.then(|| tab(LogTab::Waiting, t.messages_tab_waiting(), counts.waiting));
    let tabs = tabs.into_iter().chain(waiting).collect::<Vec<_>>();
    view! { <Tabs label=t.messages_tabs() tabs=tabs/> }.into_any()
}

/// On narrow screens the top bar has no room for the search.
fn search_box(ask: &Ask, asked: &Asked) -> AnyView {
    let t = ask.t;
    view! {
        <form class="find find--wide only-narrow" role="search" action=route::MESSAGES method="get">
            {icon(Icon::Search)}
            <label class="sr" for="find-here">{t.frame_search()}</label>
            <input id="find-here" name="q" type="search" value=asked.q.clone() placeholder=t.frame_search_hint() autocomplete="off"/>
        </form>
    }
    .into_any()
}

/// One filter that is set, with the way to remove it.
fn pill(ask: &Ask, label: &str, value: String, without: String) -> AnyView {
    let t = ask.t;
    let name = t.messages_remove_filter(format!("{label} {value}"));
    view! {
        <li class="pill pill--set">
            <span>{label.to_owned()} " " <b>{value}</b></span>
            <a href=without aria-label=name>{ui::icon::sized(Icon::X, ui::icon::Size::Small)}</a>
        </li>
    }
    .into_any()
}

fn pills(
    ask: &Ask,
    asked: &Asked,
    found: &Found,
    counts: &LogCounts,
    countries: Vec<(String, String)>,
) -> AnyView {
    let t = ask.t;
    let mut set: Vec<AnyView> = Vec::new();
    let mut add = |label: &str, value: String, without: String| {
        set.push(pill(ask, label, value, without));
    };
    if !asked.q.is_empty() {
        let (label, value) = searched(ask, asked, found);
        add(label, value, asked.with(|asked| asked.q.clear()));
    }
    if let Some(status) = asked.status {
        let value = status::event(t, status).to_owned();
        add(t.messages_filter_status(), value, asked.with(|asked| asked.status = None));
    }
    if let Some(code) = asked.country {
        let value = country::name(ask.lang, code.code());
        add(t.messages_filter_country(), value, asked.with(|asked| asked.country = None));
    }
    if let Some(code) = asked.reason {
        let value = reason::rule(t, code).to_owned();
        add(t.messages_filter_reason(), value, asked.with(|asked| asked.reason = None));
    }
    if let Some(state) = asked.state {
        let value = word::name(t, state).to_owned();
        add(t.messages_filter_state(), value, asked.with(|asked| asked.state = None));
    }
    if let Some(channel) = asked.channel {
        let value = status::channel(t, channel).to_owned();
        add(t.messages_filter_channel(), value, asked.with(|asked| asked.channel = None));
    }
    // The days as they were typed, so in no zone.
    let day = |date: Date| time::date(ask.lang, date.start(), &time::Zone::default());
    if let Some(first) = asked.since {
        add(t.messages_filter_since(), day(first), asked.with(|asked| asked.since = None));
    }
    if let Some(last) = asked.until {
        add(t.messages_filter_until(), day(last), asked.with(|asked| asked.until = None));
    }
    if let Some(line) = asked.line {
        let value = line.to_string();
        add(t.messages_filter_line(), value, asked.with(|asked| asked.line = None));
    }
    if let Some(delivery) = asked.delivery {
        let value = delivery.to_string();
        add(t.messages_filter_delivery(), value, asked.with(|asked| asked.delivery = None));
    }
    if let Some(brand) = asked.brand(ask) {
        let name = ask.desk.guest.iter().flat_map(|guest| &guest.brands).find(|b| b.id == brand);
        let value = name.map(|brand| brand.name.clone()).unwrap_or_default();
        add(t.messages_filter_brand(), value, asked.with(|asked| asked.brand = Brands::All));
    }
    let clear = asked.is_narrowed().then(|| {
        view! { <li><a class="small" href=asked.cleared().url()>{t.messages_clear()}</a></li> }
    });
    let shown = (!set.is_empty()).then(|| {
        view! { <ul class="pills" aria-label=t.messages_filters()>{set} {clear}</ul> }
    });
    let (sent, not_sent) = (counts.all - counts.not_sent, counts.not_sent);
    let summary = (!asked.is_narrowed() && counts.all > 0).then(|| {
        view! {
            <p class="small faint row only-wide pills__sum">
                <span class="key">{t.messages_sum_sent(sent)}</span>
                <span class="key key--not">{t.messages_sum_not(not_sent)}</span>
                <span>{t.messages_sum_days()}</span>
            </p>
        }
    });
    view! {
        <div class="pills pills--bar">
            {shown}
            {add_filter(ask, asked, countries)}
            {summary}
        </div>
    }
    .into_any()
}

/// What the typed text was understood as, in a word and as it was found.
fn searched(ask: &Ask, asked: &Asked, found: &Found) -> (&'static str, String) {
    let t = ask.t;
    match &found.by {
        Some(Search::Order(number)) => (t.messages_found_order(), number.clone()),
        Some(Search::Tracking(number)) => (t.messages_found_tracking(), number.clone()),
        Some(Search::Phone(number)) => (t.messages_found_phone(), phone::masked(number)),
        Some(Search::Message(_) | Search::Provider(_)) => {
            (t.messages_found_message(), asked.q.clone())
        }
        Some(Search::Decision(_)) => (t.messages_found_decision(), asked.q.clone()),
        Some(Search::Delivery(_)) => (t.messages_filter_delivery(), asked.q.clone()),
        None => (t.messages_found_none(), asked.q.clone()),
    }
}

/// A menu with a form that adds filters.
fn add_filter(ask: &Ask, asked: &Asked, countries: Vec<(String, String)>) -> AnyView {
    use dispatch::decision::RuleCode;
    use dispatch::event::EventStatus;
    use dispatch::message::MessageState;
    let t = ask.t;
    let chosen = |name: &str| {
        ["status", "country", "reason", "state", "channel", "since", "until"].contains(&name)
    };
    let kept = asked
        .pairs()
        .into_iter()
        .filter(|(name, _)| !chosen(name) && !["before", "open"].contains(name))
        .map(|(name, value)| view! { <ui::Hidden name=name value=value/> })
        .collect_view();
    let statuses = EventStatus::ALL
        .iter()
        .map(|known| (known.to_string(), status::event(t, *known).to_owned()))
        .collect();
    let rules = RuleCode::ALL
        .iter()
        .map(|code| (code.to_string(), reason::rule(t, *code).to_owned()))
        .collect();
    let states = MessageState::ALL
        .iter()
        .map(|state| (state.to_string(), word::name(t, *state).to_owned()))
        .collect();
    let channels = Channel::ALL
        .iter()
        .map(|channel| (channel.to_string(), status::channel(t, *channel).to_owned()))
        .collect();
    let now = |value: Option<String>| value.unwrap_or_default();
    view! {
        <details class="menu">
            <summary class="pill pill--add">{icon(Icon::Plus)}{t.messages_filter()}</summary>
            <form class="menu__box filter" action=route::MESSAGES method="get">
                {kept}
                <ui::Select name="status" label=t.messages_filter_status() options=statuses
                    value=now(asked.status.map(|s| s.to_string())) placeholder=t.messages_any_status()/>
                <ui::Select name="country" label=t.messages_filter_country() options=countries
                    value=now(asked.country.map(|c| c.to_string())) placeholder=t.messages_any_country()/>
                <ui::Select name="reason" label=t.messages_filter_reason() options=rules
                    value=now(asked.reason.map(|r| r.to_string())) placeholder=t.messages_any_reason()/>
                <ui::Select name="state" label=t.messages_filter_state() options=states
                    value=now(asked.state.map(|s| s.to_string())) placeholder=t.messages_any_state()/>
                <ui::Select name="channel" label=t.messages_filter_channel() options=channels
                    value=now(asked.channel.map(|c| c.to_string())) placeholder=t.messages_any_channel()/>
                <div class="filter__days">
                    <ui::Field name="since" label=t.messages_filter_since() kind="date"
                        value=now(asked.since.map(|d| d.to_string()))/>
                    <ui::Field name="until" label=t.messages_filter_until() kind="date"
                        value=now(asked.until.map(|d| d.to_string()))/>
                </div>
                {ui::submit(Kind::Primary, t.messages_apply())}
            </form>
        </details>
    }
    .into_any()
}

/// Rows of one day, under its name.
fn days<'a>(ask: &Ask, rows: &'a [LogRow]) -> Vec<(String, Vec<&'a LogRow>)> {
    let now = ask.desk.now();
    let mut days: Vec<(String, Vec<&LogRow>)> = Vec::new();
    let mut last = None;
    for row in rows {
        let same = last.is_some_and(|at| time::same_day(at, row.at, &ask.zone));
        if !same {
            let date = time::date(ask.lang, row.at, &ask.zone);
            let name = if time::same_day(now, row.at, &ask.zone) {
                ask.t.messages_today(date)
            } else {
                date
            };
            days.push((name, Vec::new()));
        }
        if let Some((_, day)) = days.last_mut() {
            day.push(row);
        }
        last = Some(row.at);
    }
    days
}

fn table(ask: &Ask, asked: &Asked, rows: &[LogRow]) -> AnyView {
    let t = ask.t;
    let currency = rows
        .iter()
        .find_map(|row| row.charged.map(|charged| charged.currency))
        .unwrap_or(Currency::EUR);
    let bodies = days(ask, rows)
        .into_iter()
        .map(|(day, rows)| {
            let rows = rows.into_iter().map(|row| line(ask, asked, row)).collect_view();
            view! {
                <tbody>
                    <tr class="day"><th scope="rowgroup" colspan="6">{day}</th></tr>
                    {rows}
                </tbody>
            }
        })
        .collect_view();
    view! {
        <table class="table table--log only-wide">
            <caption class="sr">{t.messages_caption()}</caption>
            <colgroup>
                <col class="c-time"/><col class="c-order"/><col class="c-event"/><col class="c-to"/>
                <col/><col class="c-sum"/>
            </colgroup>
            <thead>
                <tr>
                    <th scope="col" aria-sort="descending">{t.messages_time()}</th>
                    <th scope="col">{t.messages_order()}</th>
                    <th scope="col">{t.messages_event()}</th>
                    <th scope="col">{t.messages_to()}</th>
                    <th scope="col">{t.messages_state()}</th>
                    <th scope="col" class="num">{currency.code().to_owned()}</th>
                </tr>
            </thead>
            {bodies}
        </table>
    }
    .into_any()
}

/// One row of the table. Order opens the case; event, country, state and reason add a filter.
fn line(ask: &Ask, asked: &Asked, row: &LogRow) -> AnyView {
    let t = ask.t;
    let here = asked.open == Some(row.decision);
    let (sign, state) = word::state(t, row);
    let status_link = asked.with(|asked| asked.status = Some(row.status));
    let land = row.country.map(|known| {
        let name = country::name(ask.lang, known.code());
        let href = asked.with(|asked| asked.country = Some(known));
        view! {
            <a class="cell" href=href title=name.clone()>
                {flag(known.code())}
                <span class="sr">{name.clone()}</span>
            </a>
        }
    });
    let state_link = match row.state {
        Some(state) => asked.with(|asked| asked.state = Some(state)),
        None => asked.with(|asked| asked.tab = LogTab::NotSent),
    };
    let why = word::planned(ask, row).or_else(|| word::why(t, row)).map(|why| match (row.message, row.reason) {
        (None, Some(code)) => {
            let href = asked.with(|asked| asked.reason = Some(code));
            view! { <a class="cell" href=href title=why.clone()><small>{why.clone()}</small></a> }.into_any()
        }
        _ => view! { <small title=why.clone()>{why.clone()}</small> }.into_any(),
    });
    let to = row.phone.as_deref().map_or_else(|| t.messages_no_number().to_owned(), phone::masked);
    let brand = several_brands(ask, asked, row);
    view! {
        <tr class=here.then_some("sel")>
            <td class="faint">{ui::moment(ask.lang, row.at, &ask.zone, time::clock(row.at, &ask.zone))}</td>
            <td>
                <span class="two">
                    <a class="clip" href=asked.opening(row) aria-current=here.then_some("true")>{word::title(t, row)}</a>
                    {brand.map(|name| view! { <small>{name}</small> })}
                </span>
            </td>
            <td><span class="row nowrap">{land}<a class="cell clip" href=status_link>{status::event(t, row.status)}</a></span></td>
            <td class="faint nowrap clip">{to}</td>
            <td><span class="why"><a class="cell" href=state_link>{ui::state_word(sign, state)}</a>{carrier(t, row)}{why}</span></td>
            <td class="num">{charged(ask, row)}</td>
        </tr>
    }
    .into_any()
}

/// The channel, where it is not the one everybody expects.
fn carrier(t: Text, row: &LogRow) -> Option<AnyView> {
    let channel = row.carried.unwrap_or(row.channel);
    (channel != Channel::Whatsapp).then(|| {
        let words = status::channel(t, channel);
        let symbol = if channel == Channel::Sms { Icon::Sms } else { Icon::Mail };
        view! { <span class="by">{icon(symbol)}{words}</span> }.into_any()
    })
}

/// The brand's name, where rows of several stand together.
fn several_brands(ask: &Ask, asked: &Asked, row: &LogRow) -> Option<String> {
    let brands = &ask.desk.guest.as_ref()?.brands;
    if brands.len() < 2 || asked.brand(ask).is_some() {
        return None;
    }
    brands.iter().find(|brand| brand.id == row.brand).map(|brand| brand.name.clone())
}

fn charged(ask: &Ask, row: &LogRow) -> AnyView {
    match row.charged {
        Some(amount) if amount.micros != 0 => money::figure(ask.lang, amount).into_any(),
        _ => view! { <span class="faint" aria-label=ask.t.messages_no_charge() role="img">"–"</span> }.into_any(),
    }
}

/// The same facts on a phone, in the same order.
pub fn cards(ask: &Ask, rows: &[LogRow]) -> AnyView {
    let t = ask.t;
    let items = days(ask, rows)
        .into_iter()
        .map(|(day, rows)| {
            let rows = rows
                .into_iter()
                .map(|row| {
                    let (sign, state) = word::state(t, row);
                    let land = row.country.map(|known| {
                        view! { {flag(known.code())}<span class="sr">{country::name(ask.lang, known.code())}", "</span> }
                    });
                    let to = row
                        .phone
                        .as_deref()
                        .map_or_else(|| t.messages_no_number().to_owned(), phone::masked);
                    let sum = row.charged.filter(|amount| amount.micros != 0);
                    let sum = sum.map(|amount| money::amount(ask.lang, amount));
                    view! {
                        <li>
                            <a href=word::page(row)>
                                <span class="row">{land}<b>{status::event(t, row.status)}</b></span>
                                <span class="faint num">{time::clock(row.at, &ask.zone)}</span>
                                <span class="faint">{word::title(t, row)} " · " {to}</span>
                                <span class="num">{sum}</span>
                                <span class="why cards__state">
                                    {ui::state_word(sign, state)}
                                    {carrier(t, row)}
                                    {word::planned(ask, row).or_else(|| word::why(t, row)).map(|why| view! { <small>{why}</small> })}
                                </span>
                            </a>
                        </li>
                    }
                })
                .collect_view();
            view! { <li class="day">{day}</li> {rows} }
        })
        .collect_view();
    view! { <ol class="cards only-narrow">{items}</ol> }.into_any()
}

fn pager(ask: &Ask, asked: &Asked, page: &Page<LogRow>) -> AnyView {
    let about = ask.t.messages_shown(ask.zone.name, page.rows.len());
    let next = page.rows.last().filter(|_| page.more).map(|row| row.decision);
    let next = next.map(|last: DecisionId| asked.with(|asked| asked.before = Some(last)));
    let first = asked.before.map(|_| asked.with(|_| ()));
    match (first, next) {
        (Some(first), Some(next)) => {
            view! { <Pager about=about first=first next=next/> }.into_any()
        }
        (Some(first), None) => view! { <Pager about=about first=first/> }.into_any(),
        (None, Some(next)) => view! { <Pager about=about next=next/> }.into_any(),
        (None, None) => view! { <Pager about=about/> }.into_any(),
    }
}

/// The three kinds of empty: nothing yet, nothing that fits, good news.
fn nothing(ask: &Ask, asked: &Asked, counts: &LogCounts) -> AnyView {
    let t = ask.t;
    if asked.is_narrowed() {
        let (title, words) = if asked.q.is_empty() {
            (t.messages_empty_filtered().to_owned(), t.messages_empty_filtered_words())
        } else {
            (t.messages_empty_search(&asked.q), t.messages_empty_search_words())
        };
        let acts =
            ui::button_link(Kind::Plain, asked.cleared().url(), None, t.messages_clear_filters());
        return ui::empty(Picture::Glass, title, words, acts);
    }
    let all = || ui::button_link(Kind::Plain, route::MESSAGES, None, t.messages_see_all());
    match asked.tab {
        LogTab::NotSent if counts.all > 0 => ui::empty(
            Picture::Flight,
            t.messages_empty_not_sent(),
            t.messages_empty_not_sent_words(),
            all(),
        ),
        LogTab::Held if counts.all > 0 => ui::empty(
            Picture::Flight,
            t.messages_empty_held(),
            t.messages_empty_held_words(),
            all(),
        ),
        LogTab::Waiting if counts.all > 0 => {
            ui::empty(Picture::Flight, t.again_empty(), t.again_empty_words(), all())
        }
        LogTab::Failed if counts.all > 0 => ui::empty(
            Picture::Flight,
            t.messages_empty_failed(),
            t.messages_empty_failed_words(),
            all(),
        ),
        _ if asked.before.is_some() => {
            ui::empty(Picture::Glass, t.messages_empty_end(), t.messages_empty_end_words(), all())
        }
        _ => {
            let acts = view! {
                {ask.desk.may(Permission::Edit).then(|| ui::button_link(Kind::Primary, route::CONNECTION_NEW, None, t.messages_connect()))}
                {simulate(ask)}
            };
            ui::empty(Picture::Letterbox, t.messages_empty(), t.messages_empty_words(), acts)
        }
    }
}

/// The open case beside the list, with the ways to its neighbours.
fn side(
    ask: &Ask,
    asked: &Asked,
    rows: &[LogRow],
    case: &CaseView,
    again: Option<&case::Again>,
) -> AnyView {
    let t = ask.t;
    let at = rows.iter().position(|row| row.decision == case.row.decision);
    let newer = at.and_then(|at| at.checked_sub(1)).and_then(|at| rows.get(at));
    let older = at.and_then(|at| rows.get(at + 1));
    let step = |row: Option<&LogRow>, which: Icon, name: &'static str| {
        row.map(|row| {
            view! { <a class="iconbtn" href=asked.opening(row) aria-label=name>{icon(which)}</a> }
        })
    };
    let land = case.row.country.map(|known| {
        let name = country::name(ask.lang, known.code());
        (flag(known.code()), format!("{}, {name}", status::event(t, case.row.status)))
    });
    let (sign, about) = match land {
        Some((sign, about)) => (Some(sign), about),
        None => (None, status::event(t, case.row.status).to_owned()),
    };
    let reveal = asked.opening(&case.row).replace("#case", "&reveal=1#case");
    view! {
        <aside class="side" aria-labelledby="case">
            // Where the case takes the list's place, it takes its heading too.
            <h1 class="sr side__title">{t.messages_title()}</h1>
            <div class="side__bar">
                <span class="row grow"><b>{word::title(t, &case.row)}</b>{sign}<span class="clip faint">{about}</span></span>
                {step(newer, Icon::Up, t.messages_newer())}
                {step(older, Icon::Down, t.messages_older())}
                <a class="iconbtn" href=word::page(&case.row) aria-label=t.messages_as_page()>{icon(Icon::Out)}</a>
                <a class="iconbtn" href=asked.closed() aria-label=t.close()>{icon(Icon::X)}</a>
            </div>
            <div class="side__b">{case::case(ask, case, &Place::Panel { reveal }, again)}</div>
        </aside>
    }
    .into_any()
}
