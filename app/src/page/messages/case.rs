//! One event, its decision and its message: the panel beside the list and the page of its own.

use super::outcome::{self, Outcome};
use super::{others, setting, timeline, why, word};
use crate::page::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::{after_colon, again, country, money, phone, reason, status, time};
use crate::ui::phone::{Bubble, bubble};
use crate::ui::postmark::{Postmark, postmark};
use crate::ui::{self, Icon, Kind, flag};
use dispatch::decision::RuleCode;
use dispatch::id::MessageId;
use dispatch::message::MessageState;
use dispatch::receipt::ReceiptKind;
use dispatch::stranded::{LeftOut, ReplayFilter, Stranded};
use dispatch::tenant::Permission;
use dispatch::usecase::preview_replay;
use dispatch::view::{CaseView, MessageView};
use leptos::prelude::*;

/// Where a case is shown.
pub(super) enum Place {
    /// On its own page.
    Page,
    /// Beside the list.
    Panel {
        /// The same place with the phone number shown.
        reveal: String,
    },
}

impl Place {
    /// A section's heading, one level below the outcome.
    pub(super) fn heading(&self, words: &'static str) -> AnyView {
        match self {
            Self::Page => view! { <h2>{words}</h2> }.into_any(),
            Self::Panel { .. } => view! { <h3>{words}</h3> }.into_any(),
        }
    }
}

/// A message by its id.
pub async fn message(ask: Ask) -> Result<Screen, Problem> {
    let case = ask.desk.store.case_of_message(ask.account()?, ask.id("id")?).await?;
    page(&ask, &case.ok_or(Problem::NotFound)?).await
}

/// A decision by its id; the page of its message when there is one is the same.
pub async fn decision(ask: Ask) -> Result<Screen, Problem> {
    let case = ask.desk.store.case(ask.account()?, ask.id("id")?).await?;
    page(&ask, &case.ok_or(Problem::NotFound)?).await
}

/// Whether a message that failed can be sent again now.
pub(super) struct Again {
    message: MessageId,
    waits: Stranded,
    against: Option<LeftOut>,
}

/// Looks whether the case's message can be; none where it does not wait for that.
pub(super) async fn again(ask: &Ask, case: &CaseView) -> Result<Option<Again>, Problem> {
    let Some(message) = &case.message else { return Ok(None) };
    let Some(waits) = message.waits else { return Ok(None) };
    let filter = ReplayFilter { ids: Some(vec![message.id]), ..ReplayFilter::default() };
    let (store, viewer) = (&*ask.desk.store, &ask.guest()?.viewer);
    let terms = super::again::terms(ask);
    let preview = preview_replay(store, terms, viewer, &filter, ask.desk.now()).await?;
    let against = preview.left_out.into_keys().next();
    Ok(Some(Again { message: message.id, waits, against }))
}

async fn page(ask: &Ask, case: &CaseView) -> Result<Screen, Problem> {
    let t = ask.t;
    let again = again(ask, case).await?;
    let title = word::title(t, &case.row);
    let land = case.row.country.map(|known| {
        let name = country::name(ask.lang, known.code());
        view! { {flag(known.code())}<span>{status::event(t, case.row.status)} ", " {name}</span> }
            .into_any()
    });
    let about = land.unwrap_or_else(|| status::event(t, case.row.status).into_any());
    let body = view! {
        <div class="page page--case">
            {ui::back_link(route::MESSAGES, t.messages_title())}
            <p class="row case__about"><b>{title.clone()}</b> <span class="row faint">{about}</span></p>
            <div class="case">{self::case(ask, case, &Place::Page, again.as_ref())}</div>
        </div>
    };
    Ok(Screen::framed(t.case_title(title), Entry::Messages, body))
}

/// All that is known about a case.
pub(super) fn case(ask: &Ask, case: &CaseView, place: &Place, again: Option<&Again>) -> AnyView {
    let outcome = outcome::outcome(ask, case);
    view! {
        <div class="case__a">
            {verdict(ask, case, place, &outcome)}
            {again.map(|again| send_again(ask, again))}
            {seen(ask, case, place)}
            {timeline::timeline(ask, case, place)}
        </div>
        <div class="case__b">
            {why::why(ask, case, place)}
            {others::others(ask, case, place)}
        </div>
        <div class="case__c">
            {price(ask, case, place)}
            {names(ask, case, place)}
            {acts(ask, case, &outcome)}
        </div>
    }
    .into_any()
}

/// The outcome in words, and the postmark of what is final.
fn verdict(ask: &Ask, case: &CaseView, place: &Place, outcome: &Outcome) -> AnyView {
    let mut lines = Vec::new();
    for (index, line) in outcome.lines.iter().enumerate() {
        if index > 0 {
            lines.push(view! { <br/> }.into_any());
        }
        lines.push(line.clone().into_any());
    }
    let heading = match place {
        Place::Page => view! { <h1 class="outcome" id="case">{lines}</h1> }.into_any(),
        Place::Panel { .. } => view! { <h2 class="outcome" id="case">{lines}</h2> }.into_any(),
    };
    // Where the number is told about, what can be done stands, too: one instruction for every page.
    let number = (case.row.reason == Some(RuleCode::SenderReady))
        .then(|| setting::of_case(ask, case, RuleCode::SenderReady))
        .flatten()
        .map(|href| view! { " " <a href=href>{ask.t.tracking_number()}</a> });
    let note =
        outcome.note.clone().map(|note| view! { <p class="muted case__note">{note}{number}</p> });
    let again = outcome.moving.then(|| {
        view! { <p class="case__note"><a href="">{ask.t.case_look_again()}</a></p> }
    });
    view! {
        <div class="verdict">
            <div>{heading}{note}{again}</div>
            {case.message.as_ref().and_then(|message| mark(ask, case, message))}
        </div>
    }
    .into_any()
}

/// What can be done about a message that waits to be sent again.
fn send_again(ask: &Ask, again: &Again) -> AnyView {
    let t = ask.t;
    let words = match again.against {
        Some(reason) => t.again_case_not(after_colon(again::left_out(t, reason))),
        None => t.again_case(again::why(t, again.waits)),
    };
    let may = again.against.is_none() && ask.desk.may(Permission::Edit);
    let button = may.then(|| {
        // The panel beside the list has no address of its own.
        view! {
            <form class="no-print" method="post" action=route::message(again.message)>
                <ui::Hidden name=crate::form::ACT value=crate::act::REPLAY/>
                {ui::submit(Kind::Primary, t.again_case_send())}
            </form>
        }
    });
    ui::note_with(ui::Tone::Wait, view! { <div class="stack"><p>{words}</p>{button}</div> })
}

/// Pressed once the message has arrived.
fn mark(ask: &Ask, case: &CaseView, message: &MessageView) -> Option<AnyView> {
    let arrived = message
        .receipts
        .iter()
        .filter(|receipt| matches!(receipt.kind, ReceiptKind::Delivered | ReceiptKind::Read))
        .map(|receipt| receipt.occurred_at)
        .min()
        .filter(|_| message.state.reached())?;
    Some(postmark(Postmark {
        above: case.brand_name.clone(),
        below: ask.t.state_delivered().to_owned(),
        day: time::short_date(ask.lang, arrived, &ask.zone),
        time: time::clock(arrived, &ask.zone),
        year: arrived.date().year.to_string(),
    }))
}

/// To whom, and the message as they saw it, or as it would have read.
fn seen(ask: &Ask, case: &CaseView, place: &Place) -> AnyView {
    let t = ask.t;
    let facts = &case.event.facts;
    let number = case.message.as_ref().map(|m| m.to.as_str()).or(facts.phone.as_deref());
    let name = case.message.as_ref().and_then(|m| m.name.clone()).or_else(|| facts.name.clone());
    let may = ask.desk.may(Permission::ReadPhones);
    let shown = may && ask.query("reveal") == "1";
    let number = match number {
        Some(number) if shown => phone::grouped(number),
        Some(number) => phone::masked(number),
        None => t.messages_no_number().to_owned(),
    };
    let has_number = case.message.is_some() || facts.phone.is_some();
    let reveal = (may && !shown && has_number).then(|| {
        let href = match place {
            Place::Page => "?reveal=1#case".to_owned(),
            Place::Panel { reveal } => reveal.clone(),
        };
        view! {
            <a class="btn btn--s btn--quiet no-print" href=href rel="nofollow">
                {ui::icon(Icon::Eye)}{t.case_reveal()}
            </a>
        }
    });
    let text = case.message.as_ref().map_or_else(
        || view! { <p class="muted case__none">{t.case_no_text()}</p> }.into_any(),
        |message| text(ask, message),
    );
    view! {
        <section class="seen" aria-label=t.case_seen()>
            <div class="spread seen__to">
                <p class="row">
                    <span class="muted">{t.messages_to()}</span>
                    {name.map(|name| view! { <span>{name}</span> })}
                    <span class="faint nowrap">{number}</span>
                </p>
                {reveal}
            </div>
            {text}
        </section>
    }
    .into_any()
}

fn text(ask: &Ask, message: &MessageView) -> AnyView {
    let t = ask.t;
    let arrived = message
        .receipts
        .iter()
        .filter(|receipt| matches!(receipt.kind, ReceiptKind::Delivered | ReceiptKind::Read))
        .map(|receipt| receipt.occurred_at)
        .min();
    let ghost = !message.state.reached();
    let time = match arrived.filter(|_| !ghost) {
        Some(at) => time::clock(at, &ask.zone),
        None if message.state.rank() < MessageState::Unknown.rank() => {
            t.case_will_read().to_owned()
        }
        None => t.case_would_read().to_owned(),
    };
    bubble(Bubble { ghost, ..Bubble::of(&message.rendered, time) })
}

/// How the price came about.
fn price(ask: &Ask, case: &CaseView, place: &Place) -> Option<AnyView> {
    let t = ask.t;
    let message = case.message.as_ref()?;
    let first = message.charges.first()?;
    let charge = first;
    let reversals = message.charges.iter().skip(1).map(|charge| {
        let amount = money::amount(ask.lang, charge.amount);
        let date = time::date(ask.lang, charge.charged_at, &ask.zone);
        view! { <dt>{t.case_price_reversal()}</dt><dd>{amount} ", " {date}</dd> }
    });
    let invoice = ask.desk.may(Permission::ReadBilling).then(|| {
        let words = if charge.invoice.is_some() {
            t.case_price_invoiced().to_owned()
        } else {
            t.case_price_running(time::month(ask.lang, charge.charged_at.month()))
        };
        view! { <dt>{t.case_price_invoice()}</dt><dd><a href=timeline::bill(charge)>{words}</a></dd> }
    });
    let country = ask
        .desk
        .guest
        .as_ref()
        .map(|guest| country::name(ask.lang, guest.account.company_country.code()))
        .unwrap_or_default();
    Some(
        view! {
            <section>
                {place.heading(t.case_price())}
                <dl class="facts case__facts">
                    <dt>{t.case_price_amount()}</dt><dd>{money::amount(ask.lang, charge.amount)}</dd>
                    <dt>{t.case_price_plan()}</dt><dd>{t.case_price_plan_words(reason::plan(charge.plan), country)}</dd>
                    <dt>{t.case_price_day()}</dt><dd>{time::date(ask.lang, charge.charged_at, &ask.zone)}</dd>
                    <dt>{t.case_price_row()}</dt><dd class="mono">{charge.rate.clone()}</dd>
                    {invoice}
                    {reversals.collect_view()}
                </dl>
            </section>
        }
        .into_any(),
    )
}

/// Ids to copy, and the ways to what belongs to them.
fn names(ask: &Ask, case: &CaseView, place: &Place) -> AnyView {
    let t = ask.t;
    let row = &case.row;
    let provider = case
        .message
        .iter()
        .flat_map(|message| message.attempts.iter().rev())
        .find_map(|attempt| attempt.provider_id.clone());
    let delivery = route::with_query(
        &route::connection(case.connection),
        &[("delivery", &case.event.delivery.to_string())],
    );
    let fact = |name: &'static str, value: String| {
        view! { <dt>{name}</dt><dd><code class="id">{value}</code></dd> }
    };
    let order = row.order_number.clone().map(|order| {
        let href = route::with_query(route::MESSAGES, &[("q", &order)]);
        view! {
            <dt>{t.messages_order()}</dt>
            <dd><code class="id">{order}</code> " " <a href=href>{t.case_whole_order()}</a></dd>
        }
    });
    view! {
        <section>
            {place.heading(t.case_names())}
            <dl class="facts case__facts">
                {order}
                {row.tracking_number.clone().map(|number| fact(t.case_tracking(), number))}
                {row.message.map(|id| fact(t.case_message(), id.to_string()))}
                {fact(t.case_decision(), row.decision.to_string())}
                {fact(t.case_event(), row.event.to_string())}
                <dt>{t.case_delivery()}</dt>
                <dd><code class="id">{case.event.delivery.to_string()}</code> " " <a href=delivery>{t.open()}</a></dd>
                {provider.map(|id| fact(t.case_provider(), id))}
            </dl>
        </section>
    }
    .into_any()
}

fn acts(ask: &Ask, case: &CaseView, outcome: &Outcome) -> AnyView {
    let t = ask.t;
    let try_it = ask.desk.may(Permission::Edit).then(|| {
        let country = case.row.country.map(|known| known.to_string()).unwrap_or_default();
        let href = route::with_query(
            route::SIMULATE,
            &[
                ("brand", &case.row.brand.to_string()),
                ("country", &country),
                ("status", case.row.status.word()),
            ],
        );
        ui::button_link(Kind::Plain, href, Some(Icon::Phone), t.case_simulate())
    });
    view! {
        <div class="row no-print">{try_it}</div>
        <details class="fold no-print">
            <summary>{ui::icon(Icon::Copy)}{t.case_ticket()}</summary>
            <pre class="code" tabindex="0">{ticket(ask, case, outcome)}</pre>
        </details>
    }
    .into_any()
}

/// The case as plain text for a ticket; the phone stays masked.
fn ticket(ask: &Ask, case: &CaseView, outcome: &Outcome) -> String {
    let t = ask.t;
    let row = &case.row;
    let land = row.country.map(|known| country::name(ask.lang, known.code())).unwrap_or_default();
    let to = row.phone.as_deref().map_or_else(|| t.messages_no_number().to_owned(), phone::masked);
    let mut lines = vec![
        format!(
            "{} - {}, {land} - {}",
            word::title(t, row),
            status::event(t, row.status),
            case.brand_name
        ),
        outcome.lines.join(" "),
        format!("{} {to}", t.messages_to()),
        time::full(ask.lang, row.at, &ask.zone),
    ];
    if let Some(rule) = case.rules.iter().find(|rule| Some(rule.code) == row.reason) {
        lines.extend(reason::sentence(t, &ask.zone, rule));
    }
    lines.extend(row.message.map(|id| id.to_string()));
    lines.push(row.decision.to_string());
    lines.push(case.event.delivery.to_string());
    lines.push(format!("{}{}", ask.desk.site.base_url, word::page(row)));
    lines.join("\n")
}
