//! What failed and can be sent again: which, what it would mean, and the button.

use super::replay::{left_out, who};
use crate::act;
use crate::page::overview::lines;
use crate::page::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::{again, country, language, money, number, status, time};
use crate::ui::art::Picture;
use crate::ui::{self, Field, Hidden, Kind, Select, Tone};
use dispatch::error::{Error, Result};
use dispatch::id::ReplayId;
use dispatch::port::StrandedGroup;
use dispatch::stranded::{LeftOut, ReplayFilter, Stranded};
use dispatch::tenant::Permission;
use dispatch::time::Timestamp;
use dispatch::usecase::{PickReplay, ReplayPreview, ReplayTerms, preview_replay};
use dispatch::view::{LogFilter, LogTab, ReplayView, TemplateTrouble};
use dispatch::zone::LocalTime;
use leptos::prelude::*;
use std::time::Duration;

/// Earlier times that are listed.
const EARLIER: i64 = 10;

/// Of those that wait, how many are shown.
const NEWEST: i64 = 8;

/// The fields of the filter, as the query names them.
const FIELDS: [&str; 7] = ["brand", "country", "channel", "sender", "reason", "from", "to"];

/// `/messages/again`
pub async fn again(ask: Ask) -> std::result::Result<Screen, Problem> {
    let (t, account, now) = (ask.t, ask.account()?, ask.desk.now());
    let store = ask.desk.store.clone();
    let groups = store.stranded_groups(account).await?;
    let earlier = store.replays(account, EARLIER).await?;
    let content = match picked(&ask, now) {
        Err(error) => view! { {wrong(&ask, &error)}{narrow(&ask, &groups)} }.into_any(),
        Ok(_) if groups.is_empty() => {
            let all = ui::button_link(Kind::Plain, route::MESSAGES, None, t.messages_see_all());
            ui::empty(Picture::Flight, t.again_empty(), t.again_empty_words(), all)
        }
        Ok(filter) => {
            let terms = terms(&ask);
            let viewer = &ask.guest()?.viewer;
            let preview = preview_replay(&*store, terms, viewer, &filter, now).await?;
            view! {
                {narrow(&ask, &groups)}
                {shown(&ask, &filter, &preview, now)}
                {texts(&ask, &preview, now).await?}
                {waiting(&ask).await?}
            }
            .into_any()
        }
    };
    let body = view! {
        <div class="page page--form">
            {ui::back_link(route::MESSAGES, t.messages_title())}
            {ui::page_head(t.again_title(), t.again_lead(), ())}
            <div class="stack--wide">{content}{list(&ask, &earlier)}</div>
        </div>
    };
    Ok(Screen::framed(t.again_title(), Entry::Messages, body))
}

/// What sending again depends on besides what is stored.
pub(super) fn terms(ask: &Ask) -> ReplayTerms<'_> {
    ReplayTerms { zones: &*ask.desk.zones, stale_after: ask.desk.site.stale_after }
}

/// The filter of the query. Days are those of the account's zone; what fails after this moment is not meant.
fn picked(ask: &Ask, now: Timestamp) -> Result<ReplayFilter> {
    let pick = PickReplay {
        ids: None,
        brand: ask.query("brand"),
        country: ask.query("country"),
        channel: ask.query("channel"),
        sender: ask.query("sender"),
        reason: ask.query("reason"),
        since: day(ask, "from", 0)?,
        until: day(ask, "to", 1)?,
    };
    let filter = pick.read()?;
    Ok(ReplayFilter { until: Some(filter.until.map_or(now, |until| until.min(now))), ..filter })
}

/// The moment at which a day begins, or one so many after it; empty where none is given.
fn day(ask: &Ask, field: &'static str, after: u64) -> Result<String> {
    let text = ask.query(field);
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let day: Timestamp = text.parse().map_err(|_| Error::invalid(field, "time"))?;
    let date = day.plus(Duration::from_secs(after * 86_400)).date();
    let reading = LocalTime { date, minute: 0 };
    Ok(ask.desk.zones.moment(ask.zone.name, reading).to_string())
}

/// What cannot be used of the query.
fn wrong(ask: &Ask, error: &Error) -> AnyView {
    let t = ask.t;
    let (field, code) = match error {
        Error::Invalid { field, reason } => (*field, *reason),
        _ => ("", ""),
    };
    let field = match field {
        "brand" => t.again_brand(),
        "country" => t.again_country(),
        "sender" => t.again_sender(),
        "from" => t.again_from(),
        "to" => t.again_to(),
        _ => t.again_reason(),
    };
    ui::note(Tone::Warn, t.again_bad(field, crate::form::sentence(t, code)))
}

/// The filter's form: what there is to choose from is what waits.
fn narrow(ask: &Ask, groups: &[StrandedGroup]) -> AnyView {
    let t = ask.t;
    let options = |of: &dyn Fn(&StrandedGroup) -> (String, String)| {
        let mut all: Vec<(String, String)> = groups.iter().map(of).collect();
        all.sort_by_cached_key(|(value, name)| (country::sort_key(name), value.clone()));
        all.dedup();
        all
    };
    let brands = ask.desk.guest.iter().flat_map(|guest| &guest.brands).collect::<Vec<_>>();
    let brands = options(&|group| {
        let brand = brands.iter().find(|brand| brand.id == group.brand);
        let name = brand.map(|brand| brand.name.clone()).unwrap_or_default();
        (group.brand.to_string(), name)
    });
    let countries = options(&|group| {
        let code = group.country.code();
        (code.to_owned(), country::name(ask.lang, code))
    });
    let senders = options(&|group| (group.sender.to_string(), group.sender_name.clone()));
    let reasons = Stranded::ALL
        .iter()
        .filter(|reason| groups.iter().any(|group| group.reason == **reason))
        .map(|reason| (reason.to_string(), again::why(t, *reason).to_owned()))
        .collect();
    let is_narrowed = is_narrowed(ask);
    // One alone needs no choice.
    if !is_narrowed && groups.iter().map(|group| group.count).sum::<i64>() < 2 {
        return ().into_any();
    }
    let clear =
        is_narrowed.then(|| ui::button_link(Kind::Quiet, route::AGAIN, None, t.again_clear()));
    let query = |name: &str| ask.query(name);
    view! {
        <details class="fold" open=is_narrowed>
        <summary>{t.again_narrow()}</summary>
        <form class="again" action=route::AGAIN method="get">
            <Select name="brand" label=t.again_brand() options=brands value=query("brand") placeholder=t.again_any_brand()/>
            <Select name="country" label=t.again_country() options=countries value=query("country") placeholder=t.again_any_country()/>
            <Select name="sender" label=t.again_sender() options=senders value=query("sender") placeholder=t.again_any_sender()/>
            <Select name="reason" label=t.again_reason() options=reasons value=query("reason") placeholder=t.again_any_reason()/>
            <Field name="from" label=t.again_from() kind="date" value=query("from")/>
            <Field name="to" label=t.again_to() kind="date" value=query("to")/>
            <div class="row">{ui::submit(Kind::Primary, t.again_show())}{clear}</div>
        </form>
        </details>
    }
    .into_any()
}

fn is_narrowed(ask: &Ask) -> bool {
    FIELDS.iter().any(|field| !ask.query(field).is_empty())
}

/// The texts that some of them wait for, each with the way to it.
async fn texts(ask: &Ask, preview: &ReplayPreview, now: Timestamp) -> Result<Option<AnyView>> {
    if preview.left_out.iter().all(|(why, _)| *why != LeftOut::TemplateNotReady) {
        return Ok(None);
    }
    let account = ask.account().map_err(|_| Error::Denied)?;
    // What is merely long in review is none of theirs.
    let alerts = ask.desk.store.template_alerts(account, now).await?;
    let links = alerts
        .iter()
        .filter(|alert| {
            matches!(alert.trouble, TemplateTrouble::Paused | TemplateTrouble::Disabled)
        })
        .map(|alert| {
            let brand = alert.brand.to_string();
            let text = route::template(alert.status, &alert.language);
            let href = route::with_query(&text, &[("brand", brand.as_str())]);
            let language = language::name(ask.lang, alert.language.code());
            let name = format!("{} ({language})", status::name(ask.t, alert.status));
            view! { <li><a href=href>{name}</a></li> }
        })
        .collect::<Vec<_>>();
    Ok((!links.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="texts">
                <h2 id="texts">{ask.t.again_texts()}</h2>
                <ul class="stack stack--s">{links}</ul>
            </section>
        }
        .into_any()
    }))
}

/// The newest of those that wait, while all are meant.
async fn waiting(ask: &Ask) -> Result<Option<AnyView>> {
    if is_narrowed(ask) {
        return Ok(None);
    }
    let (t, account) = (ask.t, ask.account().map_err(|_| Error::Denied)?);
    let filter = LogFilter { tab: LogTab::Waiting, limit: NEWEST, ..LogFilter::default() };
    let page = ask.desk.store.log(account, &filter).await?;
    let all = route::with_query(route::MESSAGES, &[("tab", "waiting")]);
    let more = page.more.then(|| view! { <a class="small" href=all>{t.again_waiting_all()}</a> });
    Ok((!page.rows.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="waiting">
                <div class="spread"><h2 id="waiting">{t.again_waiting()}</h2>{more}</div>
                {lines(ask, t.again_waiting(), &page.rows)}
            </section>
        }
        .into_any()
    }))
}

/// What would go, what not, and the button.
fn shown(ask: &Ask, filter: &ReplayFilter, preview: &ReplayPreview, now: Timestamp) -> AnyView {
    let t = ask.t;
    let (count, brands) = (preview.count(), preview.brands.len());
    let gone: i64 = preview.left_out.iter().filter(|(why, _)| why.is_final()).map(|(_, n)| n).sum();
    if count == 0 && preview.left_out.is_empty() {
        return ui::note(Tone::Plain, t.again_empty_filtered());
    }
    let stays: i64 =
        preview.left_out.iter().filter(|(why, _)| !why.is_final()).map(|(_, n)| n).sum();
    let heading = match (count, brands) {
        (0, _) if stays > 0 => t.again_none_yet(stays),
        (0, _) => t.again_none().to_owned(),
        (_, 0 | 1) => t.again_go(count),
        _ => t.again_go_brands(count, brands),
    };
    let cost = preview.cost.map(|cost| {
        view! { <p>{t.again_cost(money::amount(ask.lang, cost.rounded()))}</p> }
    });
    let pace = (count > 0).then(|| view! { <p class="muted">{t.again_pace()}</p> });
    let more = preview.more.then(|| view! { <p class="muted">{t.again_more()}</p> });
    let may = ask.desk.may(Permission::Edit);
    let button = match (may, count, gone) {
        (false, ..) => ui::note(Tone::Plain, t.again_denied()),
        (true, 0, 0) => ().into_any(),
        (true, 0, _) => confirm(ask, filter, now, ui::submit(Kind::Primary, t.again_drop(gone))),
        (true, ..) => confirm(ask, filter, now, ui::submit(Kind::Commit, t.again_confirm(count))),
    };
    view! {
        <section class="card" aria-labelledby="again">
            <div class="card__b stack">
                <h2 id="again">{heading}</h2>
                {cost}{pace}{more}
                {left_out(ask, &preview.left_out)}
                {button}
            </div>
        </section>
    }
    .into_any()
}

/// The form that does what was shown: of what failed until then, once, however often it is pressed.
fn confirm(ask: &Ask, filter: &ReplayFilter, now: Timestamp, button: AnyView) -> AnyView {
    fn word(value: Option<impl ToString>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    let id = ReplayId::mint(now, &*ask.desk.ids).to_string();
    let fields = [
        ("id", id),
        ("brand", word(filter.brand)),
        ("country", word(filter.country)),
        ("channel", word(filter.channel)),
        ("sender", word(filter.sender)),
        ("reason", word(filter.reason)),
        ("since", word(filter.since)),
        ("until", word(filter.until)),
    ];
    // Under other names than the filter's fields: names are unique on a page.
    let fields = fields
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <Hidden name=format!("pick_{name}") value=value/> })
        .collect_view();
    view! {
        <form method="post" action=route::AGAIN>
            <Hidden name=crate::form::ACT value=act::REPLAY/>
            {fields}
            {button}
        </form>
    }
    .into_any()
}

/// The times before.
fn list(ask: &Ask, earlier: &[ReplayView]) -> Option<AnyView> {
    let t = ask.t;
    if earlier.is_empty() {
        return None;
    }
    let items = earlier
        .iter()
        .map(|one| {
            let replay = &one.replay;
            let when = time::full(ask.lang, replay.at, &ask.zone);
            let whole = |value| number::whole(ask.lang, value);
            let done = match replay.ended_at {
                Some(_) => t.again_earlier_line(whole(replay.sent), whole(replay.total)),
                None => t.again_running().to_owned(),
            };
            view! {
                <li>
                    <span class="two grow">
                        <b>{who(ask, one)}</b>
                        <small>{ui::moment(ask.lang, replay.at, &ask.zone, when)}</small>
                    </span>
                    <a href=route::replay(replay.id)>{done}</a>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="stack" aria-labelledby="earlier">
                <h2 id="earlier">{t.again_earlier()}</h2>
                <ul class="list">{items}</ul>
            </section>
        }
        .into_any(),
    )
}
