//! What happened, in order: event, decision, rendering, attempts, receipts, charges.

use super::case::Place;
use super::word;
use crate::page::Ask;
use crate::route;
use crate::text::{country, language, money, reason, status, time};
use crate::ui::{self, Icon, icon};
use dispatch::attempt::Outcome;
use dispatch::decision::RuleCode;
use dispatch::ledger::ChargeKind;
use dispatch::message::MessageState;
use dispatch::receipt::ReceiptKind;
use dispatch::source::Source;
use dispatch::tenant::Permission;
use dispatch::time::Timestamp;
use dispatch::view::{AttemptView, CaseView, ChargeView, MessageView, ReceiptView, ReplayedView};
use leptos::prelude::*;

/// How a step is drawn on the line.
#[derive(Clone, Copy)]
enum Sign {
    Dot,
    Done(Icon),
    Wait(Icon),
    Bad(Icon),
}

/// One step. `place` orders steps of the same second: a provider tells whole seconds, so its receipt
/// may seem to come before the attempt that caused it.
struct Step {
    at: Timestamp,
    place: u8,
    sign: Sign,
    words: AnyView,
}

/// The ordered list.
pub(super) fn timeline(ask: &Ask, case: &CaseView, place: &Place) -> AnyView {
    let t = ask.t;
    let mut steps = vec![received(ask, case), decided(ask, case)];
    if let Some(message) = &case.message {
        steps.push(rendered(ask, case, message));
        steps.extend(message.attempts.iter().map(|attempt| tried(ask, message, attempt)));
        steps.extend(message.replays.iter().map(|replayed| sent_again(ask, replayed)));
        steps.extend(message.receipts.iter().map(|receipt| told(ask, message, receipt)));
        steps.extend(message.charges.iter().map(|charge| charged(ask, case, charge)));
    }
    steps.sort_by_key(|step| (step.at.seconds(), step.place, step.at));
    let first = steps.first().map_or(case.row.at, |step| step.at);
    let mut day = first;
    let items = steps
        .into_iter()
        .map(|step| {
            let new_day = !time::same_day(day, step.at, &ask.zone);
            day = step.at;
            let date = new_day.then(|| {
                let date = time::date(ask.lang, step.at, &ask.zone);
                view! { <b class="line__day">{date}</b> }
            });
            let clock = time::clock_with_seconds(step.at, &ask.zone);
            view! {
                <li>
                    {ui::moment(ask.lang, step.at, &ask.zone, clock)}
                    {sign(step.sign)}
                    <span>{date}{step.words}</span>
                </li>
            }
        })
        .collect_view();
    let waiting = case.message.as_ref().and_then(|message| waiting(ask, case, message));
    let caption = format!("{}, {}", time::date(ask.lang, first, &ask.zone), ask.zone.name);
    view! {
        <section>
            <div class="spread">
                {place.heading(t.case_what_happened())}
                <span class="small faint">{caption}</span>
            </div>
            <ol class="line">{items}{waiting}</ol>
        </section>
    }
    .into_any()
}

fn sign(sign: Sign) -> AnyView {
    match sign {
        Sign::Dot => view! { <i class="dot"></i> }.into_any(),
        Sign::Done(which) => view! { <i class="done">{icon(which)}</i> }.into_any(),
        Sign::Wait(which) => view! { <i class="wait">{icon(which)}</i> }.into_any(),
        Sign::Bad(which) => view! { <i class="bad">{icon(which)}</i> }.into_any(),
    }
}

/// A source by its name.
pub fn source_name(ask: &Ask, source: Source) -> &'static str {
    match source {
        Source::Sendcloud => "Sendcloud",
        Source::Simulator => ask.t.connections_simulator(),
        Source::Cloudevents => ask.t.connections_api(),
        Source::Lookout => ask.t.connections_lookout(),
    }
}

fn received(ask: &Ask, case: &CaseView) -> Step {
    let t = ask.t;
    let event = &case.event;
    let href = route::with_query(
        &route::connection(case.connection),
        &[("delivery", &event.delivery.to_string())],
    );
    let late = event.received_at.since(event.occurred_at);
    let late = (late.as_secs() >= 60).then(|| {
        let words = t.case_late(time::duration(ask.lang, late));
        view! { <small class="faint">" " {words}</small> }
    });
    let words = view! {
        {match case.source {
            Source::Lookout => t.case_found().to_owned(),
            other => t.case_received(source_name(ask, other)),
        }} " "
        <a href=href>{status::event(t, event.status)}</a> {late}
    };
    Step { at: event.received_at, place: 0, sign: Sign::Dot, words: words.into_any() }
}

fn decided(ask: &Ask, case: &CaseView) -> Step {
    let t = ask.t;
    let (sign, words) = match (case.message.is_some(), case.row.reason) {
        (true, Some(_)) => (Sign::Wait(Icon::Held), t.case_decided_hold()),
        (true, None) => (Sign::Dot, t.case_decided_send()),
        (false, Some(_)) => (Sign::Bad(Icon::Halt), t.case_decided_skip()),
        (false, None) => (Sign::Wait(Icon::Held), t.case_decided_hold()),
    };
    Step { at: case.row.at, place: 1, sign, words: words.into_any() }
}

fn rendered(ask: &Ask, case: &CaseView, message: &MessageView) -> Step {
    let t = ask.t;
    let language_name = language::name(ask.lang, message.language.code());
    let href = route::with_query(
        route::TEMPLATES,
        &[
            ("brand", &case.row.brand.to_string()),
            ("status", case.row.status.word()),
            ("language", message.language.code()),
        ],
    );
    // The library's texts have no versions of the shop's.
    let version = match message.template_version {
        0 => t.case_from_library(language_name),
        own => t.case_version(own.to_string(), language_name),
    };
    let words = view! {
        {t.case_rendered()} " " <a href=href>{message.template.clone()}</a> " " {version}
    };
    Step { at: message.created_at, place: 2, sign: Sign::Dot, words: words.into_any() }
}

fn tried(ask: &Ask, message: &MessageView, attempt: &AttemptView) -> Step {
    let t = ask.t;
    let number = attempt.number.to_string();
    let channel = status::channel(t, attempt.channel);
    let took = attempt
        .finished_at
        .map(|end| time::duration(ask.lang, end.since(attempt.started_at)))
        .unwrap_or_default();
    let why = attempt
        .code
        .as_deref()
        .map_or_else(|| t.case_no_reason().to_owned(), |code| reason::failure(t, code));
    let withdrawn = message.state == MessageState::Cancelled
        && message.attempts.last().is_some_and(|last| last.id == attempt.id);
    let (sign, words) = match attempt.outcome {
        // It was unknown first: what was recorded about the lost answer stays.
        Some(Outcome::Accepted) if attempt.code.is_some() => {
            (Sign::Dot, t.case_try_settled(number, channel, why))
        }
        Some(Outcome::Accepted) => (Sign::Dot, t.case_try_accepted(number, channel, took)),
        Some(Outcome::Retry) => (Sign::Wait(Icon::Held), t.case_try_again(number, channel, why)),
        Some(Outcome::Fallback | Outcome::Refused) => {
            (Sign::Bad(Icon::Failed), t.case_try_refused(number, channel, why))
        }
        Some(Outcome::Unknown) => {
            (Sign::Wait(Icon::Clock), t.case_try_unknown(number, channel, why))
        }
        None if withdrawn => {
            let why = message.failure.as_deref().map(|code| reason::failure(t, code));
            (Sign::Bad(Icon::Halt), t.case_withdrawn(why.unwrap_or_default()))
        }
        None => (Sign::Dot, t.case_try_open(number, channel)),
    };
    // Words of ours are sentences already; the provider's code comes with its own.
    let theirs = |code: &&str| code.bytes().all(|byte| byte.is_ascii_digit());
    let code = attempt.code.as_deref().filter(theirs);
    let detail = attempt.detail.as_deref().filter(|detail| !detail.is_empty());
    let detail = code.zip(detail).map(|(code, detail)| {
        view! { <small class="faint line__more">{t.case_answer(code, detail)}</small> }
    });
    let words = view! { {words}{detail} };
    Step { at: attempt.started_at, place: 3, sign, words: words.into_any() }
}

fn sent_again(ask: &Ask, replayed: &ReplayedView) -> Step {
    let who = super::replay::author(ask, replayed.by.as_deref());
    let words = view! { <a href=route::replay(replayed.replay)>{ask.t.again_step(who)}</a> };
    Step { at: replayed.at, place: 2, sign: Sign::Done(Icon::Play), words: words.into_any() }
}

fn told(ask: &Ask, message: &MessageView, receipt: &ReceiptView) -> Step {
    let t = ask.t;
    let (place, sign, word) = match receipt.kind {
        ReceiptKind::Sent => (4, Sign::Dot, t.state_sent()),
        ReceiptKind::Delivered => (5, Sign::Done(Icon::Delivered), t.state_delivered()),
        ReceiptKind::Read => (8, Sign::Done(Icon::Read), t.state_read()),
        ReceiptKind::Failed => (6, Sign::Bad(Icon::Failed), t.state_failed()),
    };
    let why = receipt.code.as_deref().map(|code| format!(": {}", reason::failure(t, code)));
    let after = receipt.received_at.since(receipt.occurred_at);
    // Under a second is how it should be, and not worth a word.
    let late = (after.as_millis() >= 1_000).then(|| {
        let words = t.case_receipt_later(time::duration(ask.lang, after));
        view! { <small class="faint">" " {words}</small> }
    });
    // Worth a word only where there is more than one.
    let several = message.attempts.iter().any(|attempt| attempt.channel != receipt.channel);
    let on = several.then(|| {
        let words = t.case_receipt_on(status::channel(t, receipt.channel));
        view! { " " {words} }
    });
    let words = view! { {word}{on}{why}{late} };
    Step { at: receipt.occurred_at, place, sign, words: words.into_any() }
}

fn charged(ask: &Ask, case: &CaseView, charge: &ChargeView) -> Step {
    let t = ask.t;
    let month = time::month_name(ask.lang, charge.charged_at.month());
    let land =
        case.row.country.map(|known| country::name(ask.lang, known.code())).unwrap_or_default();
    let to = format!("{month}, {land}");
    let account = if ask.desk.may(Permission::ReadBilling) {
        view! { <a href=bill(charge)>{to}</a> }.into_any()
    } else {
        to.into_any()
    };
    let amount = money::amount(ask.lang, charge.amount);
    let words = match charge.kind {
        ChargeKind::Charge => t.case_charged(amount),
        ChargeKind::Reversal => t.case_reversed(amount),
    };
    let words = view! { {words} " " {account} };
    Step { at: charge.charged_at, place: 7, sign: Sign::Dot, words: words.into_any() }
}

/// Where a charge is billed: its invoice, or the running month.
pub(super) fn bill(charge: &ChargeView) -> String {
    match (charge.invoice, charge.invoice_line) {
        (Some(invoice), Some(line)) => format!("{}#{line}", route::invoice(invoice)),
        (Some(invoice), None) => route::invoice(invoice),
        (None, _) => route::BILLING.to_owned(),
    }
}

/// What is still to come, without a time.
fn waiting(ask: &Ask, case: &CaseView, message: &MessageView) -> Option<AnyView> {
    let t = ask.t;
    let words = match message.state {
        MessageState::Held if word::waits_for_place(&case.row) => t.case_next_reach(),
        MessageState::Held if case.row.reason == Some(RuleCode::Gathered) => t.case_next_gathered(),
        MessageState::Held => t.case_next_hour(),
        MessageState::Queued if message.attempts.is_empty() => t.case_next_send(),
        MessageState::Queued => t.case_next_try(),
        MessageState::Unknown => t.case_next_receipt(),
        MessageState::Accepted | MessageState::Sent => t.case_next_delivery(),
        _ => return None,
    };
    let next = message.next.and_then(|next| {
        let at = time::clock(next.at?, &ask.zone);
        Some(t.case_next_channel(status::channel(t, next.channel), at))
    });
    let next = next.map(|words| view! { <br/><span class="muted">{words}</span> });
    Some(
        view! {
            <li class="gap">
                <time></time>
                <i class="wait">{icon(Icon::Clock)}</i>
                <span><span class="muted">{words}</span>{next}</span>
            </li>
        }
        .into_any(),
    )
}
