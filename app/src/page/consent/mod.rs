//! Consent: who may be written to, who said no, and what proves it.

mod import;
mod ledger;
mod person;
mod reach;
mod record;
mod ways;

use super::{Ask, Entry, Problem, Screen};
use crate::page::messages::{Search, searches};
use crate::route;
use crate::text::{Text, number, phone};
use crate::ui::layout::Column;
use crate::ui::{self, Icon, Kind};
use dispatch::brand::BrandState;
use dispatch::consent::{ConsentKind, ConsentSource, Purpose, keyword_lists};
use dispatch::error::Result;
use dispatch::id::ConsentId;
use dispatch::tenant::Permission;
use dispatch::view::ConsentFigures;
use leptos::prelude::*;
use std::time::Duration;

/// The figures look back so far.
const COUNTED: Duration = Duration::from_secs(30 * 86_400);

/// What the page is asked to show beside the figures.
enum Shown {
    /// The whole ledger of the brand.
    Ledger,
    /// One address.
    Person(String),
    /// Several, found by an order.
    People(Vec<String>),
    /// Nobody.
    Nobody,
}

/// The page.
pub async fn consent(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let account = ask.account()?;
    let shown = shown(&ask).await?;
    let figures = ask.desk.store.consent_figures(account, ask.desk.now().minus(COUNTED)).await?;
    let reach =
        reach::reach(&ask, &ask.desk.store.coverage(account, ask.desk.now().minus(COUNTED)).await?);
    let main = match &shown {
        Shown::Ledger => ledger::ledger(&ask).await?,
        Shown::Person(address) => person::person(&ask, address).await?,
        Shown::People(addresses) => person::people(&ask, addresses).await?,
        Shown::Nobody => view! {
            <div class="stack">
                <p>{t.consent_nobody(ask.query("q"))}</p>
                <p class="consent__back"><a href=route::CONSENT>{t.consent_all_records()}</a></p>
            </div>
        }
        .into_any(),
    };
    let known = match &shown {
        Shown::Person(address) if ask.desk.may(Permission::ReadPhones) => address.clone(),
        _ => String::new(),
    };
    let ways = match shown {
        Shown::Ledger => ways::ways(&ask).await?,
        _ => None,
    };
    let body = view! {
        <div class="page">
            {ui::page_head(t.consent_title(), t.consent_lead(), acts(&ask))}
            {figures_table(&ask, &figures)}
            {reach}
            {search_box(&ask)}
            {main}
            <div class="stack--wide consent__more">
                {ways}
                {record::record(&ask, &known)}
                {import::import(&ask)}
                {keywords(t)}
            </div>
        </div>
    };
    Ok(Screen::framed(t.consent_title(), Entry::Consent, body))
}

/// Who is looked for: by a record of theirs, a number, an address or an order.
async fn shown(ask: &Ask) -> Result<Shown, Problem> {
    let (account, store) = (ask.account()?, &ask.desk.store);
    if !ask.query("person").is_empty() {
        let id: ConsentId = ask.query_as("person").ok_or(Problem::NotFound)?;
        let found = store.consent(account, id).await?.ok_or(Problem::NotFound)?;
        return Ok(Shown::Person(found.record.address));
    }
    let typed = ask.query("q");
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Shown::Ledger);
    }
    if typed.contains('@') {
        return Ok(Shown::Person(typed.to_lowercase()));
    }
    let mut numbers = Vec::new();
    for search in searches(typed, ask.guest()?.account.company_country) {
        match search {
            Search::Order(order) => {
                let mut found = store.addresses_of(account, &order).await?;
                if found.len() == 1 {
                    return Ok(found.pop().map_or(Shown::Nobody, Shown::Person));
                }
                if !found.is_empty() {
                    return Ok(Shown::People(found));
                }
            }
            Search::Phone(number) => numbers.push(number),
            _ => {}
        }
    }
    Ok(numbers.into_iter().next().map_or(Shown::Nobody, Shown::Person))
}

fn acts(ask: &Ask) -> AnyView {
    let t = ask.t;
    let preview = ask.brand().map(|brand| {
        let address = ask.desk.links.preferences_sample(brand.id);
        // The page itself, wherever this server is reached: its path on the same host.
        let path = address.find("/u/").map_or(address.clone(), |at| address[at..].to_owned());
        ui::button_link(Kind::Plain, path, Some(Icon::Eye), t.consent_preview())
    });
    let export = route::with_query(route::CONSENT_EXPORT, &[("brand", &ask.brand_id())]);
    view! {
        {preview}
        <a class="btn" href=export download="">{ui::icon(Icon::Download)}{t.consent_export()}</a>
    }
    .into_any()
}

fn figures_table(ask: &Ask, figures: &[ConsentFigures]) -> Option<AnyView> {
    let t = ask.t;
    let whole = |n: i64| number::whole(ask.lang, n);
    let guest = ask.desk.guest.as_ref()?;
    let rows = guest
        .brands
        .iter()
        .filter(|brand| {
            brand.state == BrandState::Active || figures.iter().any(|line| line.brand == brand.id)
        })
        .map(|brand| {
            let line = figures.iter().find(|line| line.brand == brand.id).copied();
            let line = line.unwrap_or_else(|| ConsentFigures::none(brand.id));
            let coverage = number::percent(line.on_record, line.people);
            let words = t.consent_coverage_of(&brand.name, coverage);
            view! {
                <tr>
                    <th scope="row">
                        <a href=route::with_query(route::CONSENT, &[("brand", &brand.id.to_string())])>{brand.name.clone()}</a>
                    </th>
                    <td class="num" data-name=t.consent_people()>{whole(line.people)}</td>
                    <td data-name=t.consent_coverage()><span class="row">{ui::meter(coverage, words)}<span class="num">{format!("{coverage}\u{202f}%")}</span></span></td>
                    <td class="num" data-name=t.consent_refused()>{whole(line.refused)}</td>
                    <td class="num" data-name=t.consent_stopped_lately()>{whole(line.stopped_lately)}</td>
                    <td class="num" data-name=t.consent_rate()>{rate(ask, line)}</td>
                    <td class="num" data-name=t.consent_stopped()>{whole(line.stopped)}</td>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![
        Column::words(t.consent_brand()),
        Column::figures(t.consent_people()),
        Column::words(t.consent_coverage()),
        Column::figures(t.consent_refused()),
        Column::figures(t.consent_stopped_lately()),
        Column::figures(t.consent_rate()),
        Column::figures(t.consent_stopped()),
    ];
    Some(
        view! {
            <div class="stack">
                <h2>{t.consent_figures()}</h2>
                {ui::table("table--consent", t.consent_figures(), columns, rows)}
                <p class="small faint">{t.consent_figures_words()}</p>
            </div>
        }
        .into_any(),
    )
}

/// Opt-outs of the month for each hundred people there was news for, to a tenth.
fn rate(ask: &Ask, line: ConsentFigures) -> String {
    if line.people == 0 {
        return "–".to_owned();
    }
    number::tenths(ask.lang, line.stopped_lately, line.people)
}

fn search_box(ask: &Ask) -> AnyView {
    let t = ask.t;
    view! {
        <form class="row consent__find" role="search" method="get" action=route::CONSENT>
            <label class="sr" for="consent-q">{t.consent_find()}</label>
            <input class="input" id="consent-q" name="q" type="search" value=ask.query("q") placeholder=t.consent_find_hint() autocomplete="off"/>
            <button class="btn" type="submit">{ui::icon(Icon::Search)}{t.consent_find_act()}</button>
        </form>
    }
    .into_any()
}

fn keywords(t: Text) -> AnyView {
    let rows = keyword_lists()
        .map(|(kind, words)| {
            let name = match kind {
                ConsentKind::OptOut => t.consent_words_stop(),
                _ => t.consent_words_start(),
            };
            view! { <dt>{name}</dt><dd>{words.join(" · ")}</dd> }
        })
        .collect_view();
    view! {
        <details class="fold">
            <summary>{t.consent_words()}</summary>
            <div class="stack">
                <p class="muted">{t.consent_words_lead()}</p>
                <dl class="facts">{rows}</dl>
            </div>
        </details>
    }
    .into_any()
}

/// An address as the viewer may see it.
fn address_as_allowed(ask: &Ask, address: &str) -> String {
    let whole = ask.desk.may(Permission::ReadPhones);
    match address.split_once('@') {
        Some(_) if whole => address.to_owned(),
        Some((name, host)) => {
            format!("{}**@{host}", name.chars().next().map(String::from).unwrap_or_default())
        }
        None if whole => phone::grouped(address),
        None => phone::masked(address),
    }
}

fn purpose_name(t: Text, purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Tracking => t.consent_tracking(),
        Purpose::Marketing => t.consent_marketing(),
    }
}

fn kind_name(t: Text, kind: ConsentKind) -> &'static str {
    match kind {
        ConsentKind::OptIn => t.consent_opt_in(),
        ConsentKind::OptOut => t.consent_opt_out(),
        ConsentKind::Choice => t.consent_choice(),
        ConsentKind::TakenBack => t.consent_taken_back(),
    }
}

fn source_name(t: Text, source: ConsentSource) -> &'static str {
    match source {
        ConsentSource::Keyword => t.consent_by_keyword(),
        ConsentSource::Provider => t.consent_by_provider(),
        ConsentSource::Link => t.consent_by_link(),
        ConsentSource::Page => t.consent_by_page(),
        ConsentSource::SignUpPage => t.consent_by_sign_up_page(),
        ConsentSource::Api => t.consent_by_api(),
        ConsentSource::Member => t.consent_by_member(),
        ConsentSource::Import => t.consent_by_import(),
    }
}
