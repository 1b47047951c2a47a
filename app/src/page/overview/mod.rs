//! What needs attention and what happened today; until the first parcel of a real shop was told
//! about, the way from sandbox to live.

mod first_run;
mod recent;

pub use recent::lines;

use super::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::{Text, language, money, number, status};
use crate::ui::{self, Tone};
use dispatch::brand::{BrandState, ChannelSettings, ChannelState, SenderState};
use dispatch::channel::Channel;
use dispatch::id::BrandId;
use dispatch::reception::{Concern, SPAN};
use dispatch::tenant::Permission;
use dispatch::view::{
    ConnectionView, LogFilter, OverviewView, StatusReception, TemplateAlert, TemplateTrouble,
};
use leptos::prelude::*;
use std::time::Duration;

/// A connection that told nothing for so long may be broken.
const SILENCE: Duration = Duration::from_secs(24 * 3600);

/// A review that takes longer is worth asking about (the provider says up to 24 hours, often minutes).
const REVIEW: Duration = Duration::from_secs(48 * 3600);

/// Templates named one by one; the rest are counted.
const ALERTS: usize = 5;

/// The overview.
pub async fn overview(ask: Ask) -> Result<Screen, Problem> {
    let (account, now, store) = (ask.account()?, ask.desk.now(), ask.desk.store.clone());
    let counts = store.overview(account, now).await?;
    let channels = store.channels(account).await?;
    let connections = store.connections(account, now).await?;
    let t = ask.t;

    let alerts = store.template_alerts(account, now.minus(REVIEW)).await?;
    let received = StatusReception::of(&store.reception(account, None, now.minus(SPAN)).await?);
    let notes = attention(&ask, &counts, &channels, &connections, &alerts, &received);
    let figures = figures(&ask, &counts);
    let filter = LogFilter { limit: recent::ROWS, ..LogFilter::default() };
    let recent = recent::recent(&ask, &store.log(account, &filter).await?.rows);
    if first_run::is_over(&counts) {
        let body = view! {
            <div class="page">
                {ui::page_head(t.overview_title(), t.overview_lead(), ())}
                <div class="stack--wide">
                    {section(t, notes)}
                    {figures}
                    {recent}
                </div>
            </div>
        };
        return Ok(Screen::framed(t.overview_title(), Entry::Overview, body));
    }

    let first = match &counts.first_delivered {
        Some(row) => store.case(account, row.decision).await?,
        None => None,
    };
    // What needs somebody is said before what is still to be set up.
    let needed = (!notes.is_empty())
        .then(|| view! { <div class="first-run__needs">{section(t, notes)}</div> });
    let begun = counts.events_today > 0;
    let steps = first_run::steps(&ask, &counts, &channels);
    let body = view! {
        <div class="editor editor--phone">
            <div class="page page--measure">
                {first_run::head(&ask, first.as_ref(), &steps)}
                {needed}
                {first_run::checklist(&ask, steps)}
                {begun.then(|| view! { <div class="stack--wide first-run__more">{figures}{recent}</div> })}
            </div>
            {first_run::phone(&ask, first.as_ref())}
        </div>
    };
    Ok(Screen::framed(t.overview_title(), Entry::Overview, body))
}

/// What somebody should look at; one good sentence when there is nothing.
fn section(t: Text, notes: Vec<AnyView>) -> AnyView {
    let list = if notes.is_empty() {
        ui::note(Tone::Good, t.overview_quiet())
    } else {
        notes.collect_view().into_any()
    };
    view! {
        <section class="stack" aria-labelledby="attention">
            <h2 id="attention">{t.overview_attention()}</h2>
            {list}
        </section>
    }
    .into_any()
}

/// Each thing that needs somebody, with the way to where it is mended.
fn attention(
    ask: &Ask,
    counts: &OverviewView,
    channels: &[(BrandId, ChannelSettings)],
    connections: &[ConnectionView],
    alerts: &[TemplateAlert],
    received: &[StatusReception],
) -> Vec<AnyView> {
    let t = ask.t;
    // What the first steps ask for anyway needs no second word.
    let over = first_run::is_over(counts);
    let mut notes: Vec<AnyView> = Vec::new();
    let mut add = |tone: Tone, words: String, href: String, link: &'static str| {
        // Read alone, as a list of links is, each says what it opens.
        let name = format!("{link}: {words}");
        let link = view! { <a href=href aria-label=name>{link}</a> };
        notes.push(ui::note_with(tone, view! { {words} " " {link} }));
    };
    for brand in ask.desk.guest.iter().flat_map(|guest| &guest.brands) {
        if brand.state != BrandState::Active {
            continue;
        }
        let number = format!("{}#sender", route::brand(brand.id));
        match brand.sender.as_ref().map(|sender| sender.state) {
            Some(SenderState::Reconnect) => {
                add(Tone::Bad, t.overview_reconnect(&brand.name), number, t.open());
            }
            Some(SenderState::Paused) => {
                add(Tone::Warn, t.overview_paused(&brand.name), number, t.open());
            }
            None if over => add(Tone::Warn, t.overview_no_number(&brand.name), number, t.open()),
            Some(SenderState::Ready) | None => {}
        }
        let off = channels.iter().any(|(id, settings)| {
            let was_on = settings.consent_basis.is_some();
            *id == brand.id && was_on && settings.state == ChannelState::Off
        });
        if over && off {
            let page = route::with_query(route::TRACKING, &[("brand", &brand.id.to_string())]);
            add(Tone::Warn, t.overview_off(&brand.name), page, t.open());
        }
        let silent = channels.iter().any(|(id, settings)| {
            *id == brand.id && settings.activated_at.is_some() && !settings.tells_something()
        });
        if over && silent {
            let page = route::with_query(route::TRACKING, &[("brand", &brand.id.to_string())]);
            add(Tone::Warn, t.overview_all_off(&brand.name), page, t.open());
        }
    }
    if over && counts.connections == 0 {
        add(
            Tone::Warn,
            t.overview_no_shop().to_owned(),
            route::CONNECTION_NEW.to_owned(),
            t.open(),
        );
    }
    if counts.failed_today > 0 {
        let page = route::with_query(route::MESSAGES, &[("tab", "failed")]);
        add(Tone::Warn, t.overview_failed(counts.failed_today), page, t.open());
    }
    if counts.waiting > 0 {
        let page = route::AGAIN.to_owned();
        add(Tone::Warn, t.again_overview(counts.waiting), page, t.open());
    }
    for connection in connections {
        let page = route::connection(connection.id);
        match connection.last_delivery_at {
            Some(last) if ask.desk.now().since(last) > SILENCE => {
                let ago = crate::text::time::duration(ask.lang, ask.desk.now().since(last));
                add(Tone::Warn, t.overview_silent(&connection.brand_name, ago), page, t.open());
            }
            _ => {}
        }
    }
    for line in received.iter().filter(|line| costs_customers(channels, line)) {
        let brands = ask.desk.guest.iter().flat_map(|guest| &guest.brands);
        let mut brands = brands.filter(|brand| brand.state == BrandState::Active);
        let Some(brand) = brands.find(|brand| brand.id == line.brand) else { continue };
        let id = brand.id.to_string();
        let asked = [("brand", id.as_str()), ("channel", line.channel.word())];
        let page = route::with_query(route::TRACKING, &asked);
        let page = format!("{page}#{}", super::tracking::anchor(line.status));
        let (stopped, delivered) = (line.figures.stopped, line.figures.delivered);
        let whole = |count: i64| number::whole(ask.lang, count);
        let news = status::name(t, line.status);
        let words = t.overview_stopping(whole(stopped), whole(delivered), news, &brand.name);
        add(Tone::Warn, words, page, t.open());
    }
    for alert in alerts.iter().take(ALERTS) {
        let brand = alert.brand.to_string();
        let page = route::with_query(
            &route::template(alert.status, &alert.language),
            &[("brand", brand.as_str())],
        );
        let (tone, words) = template_trouble(ask, alert);
        add(tone, words, page, t.open());
    }
    if alerts.len() > ALERTS {
        let more = t.overview_template_more(alerts.len() - ALERTS);
        add(Tone::Warn, more, route::TEMPLATES.to_owned(), t.open());
    }
    notes
}

/// Whether too many stop after this news, and it is still told.
fn costs_customers(channels: &[(BrandId, ChannelSettings)], line: &StatusReception) -> bool {
    let told = line.channel != Channel::Whatsapp
        || channels.iter().filter(|(brand, _)| *brand == line.brand).any(|(_, settings)| {
            settings.countries.values().any(|row| row.on && row.statuses.contains(&line.status))
        });
    told && line.figures.concern(line.channel) == Some(Concern::TooManyStop)
}

/// What is wrong with a template, in a sentence that names it.
fn template_trouble(ask: &Ask, alert: &TemplateAlert) -> (Tone, String) {
    let t = ask.t;
    let name = format!(
        "{} ({})",
        status::name(t, alert.status),
        language::name(ask.lang, alert.language.code())
    );
    match alert.trouble {
        TemplateTrouble::Rejected => (Tone::Bad, t.overview_template_rejected(name)),
        TemplateTrouble::Paused => (Tone::Warn, t.overview_template_paused(name)),
        TemplateTrouble::Disabled => (Tone::Bad, t.overview_template_disabled(name)),
        TemplateTrouble::Recategorised => (Tone::Warn, t.overview_template_recategorised(name)),
        TemplateTrouble::Impending => (Tone::Warn, t.overview_template_impending(name)),
        TemplateTrouble::Overdue => (Tone::Warn, t.overview_template_overdue(name)),
    }
}

/// The last 24 hours; every figure opens the log it counts.
fn figures(ask: &Ask, counts: &OverviewView) -> AnyView {
    let t = ask.t;
    let log = |tab: &str| route::with_query(route::MESSAGES, &[("tab", tab)]);
    let whole = |value: i64| number::whole(ask.lang, value);
    let figure = |href: String, value: String, words: &'static str| {
        view! { <li><a class="figure" href=href><b class="big">{value}</b><span>{words}</span></a></li> }
    };
    let cost = ask.desk.may(Permission::ReadBilling).then(|| {
        let amount = money::amount(ask.lang, counts.cost_this_month.rounded());
        figure(route::BILLING.to_owned(), amount, t.overview_cost())
    });
    view! {
        <section aria-labelledby="today">
            <h2 id="today">{t.overview_today()}</h2>
            <ul class="figures">
                {figure(log(""), whole(counts.events_today), t.overview_events())}
                {figure(log("sent"), whole(counts.messages_today), t.overview_sent())}
                {figure(log("sent"), whole(counts.delivered_today), t.overview_delivered())}
                {figure(log("not_sent"), whole(counts.not_sent_today), t.overview_not_sent())}
                {figure(log("failed"), whole(counts.failed_today), t.overview_failed_figure())}
                {cost}
            </ul>
        </section>
    }
    .into_any()
}
