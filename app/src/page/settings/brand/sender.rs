//! The number a brand's messages leave from: how it is, how to try it, and how to give it another.

use super::own_form;
use crate::act;
use crate::page::Ask;
use crate::text::{Text, number, reason, time};
use crate::ui::{self, Check, Field, Kind, State, Tone, state_box};
use dispatch::brand::SenderState;
use dispatch::sender::{SenderCheck, SenderProblem, SenderQuality};
use dispatch::tenant::Permission;
use dispatch::time::Timestamp;
use dispatch::view::{BrandView, ReachView, SenderDetail};
use leptos::prelude::*;

/// The section of a brand's page.
pub(super) fn section(
    ask: &Ask,
    brand: &BrandView,
    senders: &[SenderDetail],
    reach: Option<&ReachView>,
) -> AnyView {
    let t = ask.t;
    let may_edit = ask.desk.may(Permission::Edit);
    let (current, earlier): (Vec<_>, Vec<_>) =
        senders.iter().partition(|sender| sender.replaced_at.is_none());
    let current = match current.first() {
        None => ui::note(Tone::Warn, t.brand_no_sender()),
        Some(detail) => view! {
            {health(ask, detail)}
            {reach.map(|reach| super::reach::reach(ask, reach))}
            {check_in_force(detail).map(|check| found(ask, detail, check))}
            {may_edit.then(|| own_form(ask, act::CHECK_SENDER, "row", || view! {
                {ui::submit(Kind::Plain, t.brand_check())}
                <span class="hint">{t.brand_check_hint()}</span>
            }.into_any()))}
        }
        .into_any(),
    };
    let on_sandbox = brand.sender.as_ref().is_some_and(|sender| sender.sandbox);
    let sandbox = (may_edit && !on_sandbox && ask.desk.site.sandbox_url.is_some()).then(|| {
        own_form(ask, act::CONNECT_SANDBOX, "", || {
            ui::submit(Kind::Plain, t.brand_connect_sandbox()).into_any()
        })
    });
    view! {
        <section class="stack" id="sender" aria-labelledby="sender-head">
            <h2 id="sender-head">{t.brand_sender()}</h2>
            <div class="stack">{current}{sandbox}{may_edit.then(|| connect(ask))}{replaced(ask, &earlier)}</div>
        </section>
    }
    .into_any()
}

/// The form that connects a number of one's own.
fn connect(ask: &Ask) -> AnyView {
    let t = ask.t;
    let sent = ask.form.of(act::CONNECT_SENDER);
    let refused = sent.is_refused();
    // Only where a test could not be had.
    let untested = sent.error("untested").is_some() || sent.value("untested").is_some();
    let form = own_form(ask, act::CONNECT_SENDER, "form", || {
        view! {
            <p class="muted">{t.brand_connect_lead()}</p>
            <div class="form__pair">
                <Field name="phone_number_id" label=t.brand_phone_number_id() required=true/>
                <Field name="waba_id" label=t.brand_waba_id() required=true/>
            </div>
            <Field name="display_number" label=t.brand_display_number() kind="tel" required=true/>
            <Field name="access_token" label=t.brand_access_token() kind="password" autocomplete="off" hint=t.brand_secret_hint() required=true/>
            <Field name="app_secret" label=t.brand_app_secret() kind="password" autocomplete="off" required=true/>
            <Field name="verify_token" label=t.brand_verify_token() kind="password" autocomplete="off" hint=t.brand_verify_token_hint() required=true/>
            {untested.then(|| view! { <Check name="untested" label=t.brand_untested() hint=t.brand_untested_hint()/> })}
            <div class="form__acts">{ui::submit(Kind::Primary, t.brand_connect_act())}</div>
        }
        .into_any()
    });
    view! {
        <details class="fold" open=refused>
            <summary>{t.brand_connect()}</summary>
            {form}
        </details>
    }
    .into_any()
}

fn moment(ask: &Ask, at: Timestamp) -> AnyView {
    ui::moment(ask.lang, at, &ask.zone, time::full(ask.lang, at, &ask.zone)).into_any()
}

/// What is known of it: state, since when, and what the platform said last.
fn health(ask: &Ask, detail: &SenderDetail) -> AnyView {
    let t = ask.t;
    let sender = &detail.sender;
    let (state, remedy) = match sender.state {
        SenderState::Ready => (state_box(State::GOOD, t.brand_sender_ready()), None),
        SenderState::Reconnect => (
            state_box(State::FAILED, t.brand_sender_reconnect()),
            Some(t.brand_sender_reconnect_do()),
        ),
        SenderState::Paused => {
            (state_box(State::ATTENTION, t.brand_sender_paused()), Some(t.brand_sender_paused_do()))
        }
    };
    let since = detail.state_since.unwrap_or(detail.created_at);
    // What was wrong once and is mended is history; while it stands it is shown with what to do.
    let error = detail
        .error_code
        .as_deref()
        .zip(detail.error_at)
        .filter(|_| sender.state != SenderState::Ready)
        .map(|(code, at)| {
            view! {
                <dt>{t.brand_error()}</dt>
                <dd>{reason::failure(t, code)} " (" <span class="mono">{code.to_owned()}</span> "), " {moment(ask, at)}</dd>
            }
        });
    let callback = format!("{}/callbacks/whatsapp/{}", ask.desk.site.base_url, sender.id);
    let subscribed = match &detail.callback_url {
        Some(url) if *url == callback => state_box(State::GOOD, t.brand_subscribed()),
        Some(_) => state_box(State::ATTENTION, t.brand_subscribed_elsewhere()),
        None => state_box(State::WAITING, t.brand_subscribing()),
    };
    let heard =
        detail.callback_at.map_or_else(|| t.brand_never_heard().into_any(), |at| moment(ask, at));
    let verified = detail.verified_at.map_or_else(
        || t.brand_never_verified().into_any(),
        |at| view! { {t.brand_verified()} " " {moment(ask, at)} }.into_any(),
    );
    view! {
        <dl class="facts">
            <dt>{t.brand_display_number()}</dt>
            <dd>
                <span class="row">
                    {sender.display_number.clone()}
                    {sender.sandbox.then(|| view! { <span class="faint">{t.frame_sandbox_number()}</span> })}
                </span>
            </dd>
            <dt>{t.brand_state()}</dt>
            <dd><span class="row">{state}<span class="faint">{t.brand_since()} " " {moment(ask, since)}</span></span></dd>
            {remedy.map(|words| view! { <dt>{t.brand_what_to_do()}</dt><dd>{words}</dd> })}
            {error}
            <dt>{t.brand_phone_number_id()}</dt>
            <dd><code class="id">{sender.phone_number_id.clone()}</code></dd>
            <dt>{t.brand_waba_id()}</dt>
            <dd><code class="id">{detail.waba_id.clone()}</code></dd>
            <dt>{t.brand_callback()}</dt>
            <dd class="stack stack--s"><code class="id">{callback}</code>{subscribed}</dd>
            <dt>{t.brand_verify_token()}</dt>
            <dd>{t.brand_verify_set()} " " {verified}</dd>
            <dt>{t.brand_last_heard()}</dt>
            <dd>{heard}</dd>
        </dl>
    }
    .into_any()
}

/// What the platform said when it was asked; nothing where it has stopped the number since.
fn check_in_force(detail: &SenderDetail) -> Option<&SenderCheck> {
    let before = detail.checked_at < detail.state_since;
    let overtaken = detail.sender.state != SenderState::Ready && before;
    detail.check.as_ref().filter(|_| !overtaken)
}

/// What the platform said when it was asked.
fn found(ask: &Ask, detail: &SenderDetail, check: &SenderCheck) -> AnyView {
    let t = ask.t;
    let when = detail
        .checked_at
        .map(|at| view! { <p class="small faint">{t.brand_checked()} " " {moment(ask, at)}</p> });
    if check.problems.is_empty() {
        let quality = match check.quality {
            SenderQuality::Green => t.brand_quality_green(),
            SenderQuality::Yellow => t.brand_quality_yellow(),
            SenderQuality::Red => t.brand_quality_red(),
            SenderQuality::Unknown => t.brand_quality_unknown(),
        };
        let limit = check.limit.map_or_else(
            || t.brand_limit_none().to_owned(),
            |people| t.brand_limit(number::whole(ask.lang, i64::from(people))),
        );
        let name = check.name.clone().map(|name| t.brand_check_name(name));
        let tone = match check.quality {
            SenderQuality::Yellow | SenderQuality::Red => Tone::Warn,
            SenderQuality::Green | SenderQuality::Unknown => Tone::Good,
        };
        return ui::note_with(
            tone,
            view! {
                <p><b>{t.brand_check_fine()}</b> " " {name}</p>
                <p>{quality} " " {limit}</p>
                {when}
            },
        );
    }
    let problems =
        check.problems.iter().map(|problem| view! { <li>{words(t, *problem)}</li> }).collect_view();
    ui::note_with(
        Tone::Bad,
        view! { <p><b>{t.brand_check_wrong()}</b></p><ul>{problems}</ul>{when} },
    )
}

/// What is wrong, and what to do about it.
fn words(t: Text, problem: SenderProblem) -> &'static str {
    match problem {
        SenderProblem::TokenRefused => t.brand_wrong_token(),
        SenderProblem::NumberUnknown => t.brand_wrong_number(),
        SenderProblem::WrongWaba => t.brand_wrong_waba(),
        SenderProblem::NotRegistered => t.brand_wrong_registered(),
        SenderProblem::NotSubscribed => t.brand_wrong_subscribed(),
        SenderProblem::SubscribedElsewhere => t.brand_wrong_elsewhere(),
        SenderProblem::Unreachable => t.brand_wrong_unreachable(),
        SenderProblem::Unclear => t.brand_wrong_unclear(),
    }
}

/// Numbers the brand had before: their messages still name them.
fn replaced(ask: &Ask, earlier: &[&SenderDetail]) -> Option<AnyView> {
    let t = ask.t;
    if earlier.is_empty() {
        return None;
    }
    let rows = earlier
        .iter()
        .map(|detail| {
            let until = detail.replaced_at.map(|at| time::date(ask.lang, at, &ask.zone));
            let from = time::date(ask.lang, detail.created_at, &ask.zone);
            let sandbox = detail.sender.sandbox.then(|| t.frame_sandbox_number());
            view! {
                <li class="two">
                    <span>{detail.sender.display_number.clone()} " " <span class="faint">{sandbox}</span></span>
                    <small>{t.brand_replaced(from, until.unwrap_or_default())} " " <span class="mono">{detail.sender.phone_number_id.clone()}</span></small>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <details class="fold">
                <summary>{t.brand_earlier(earlier.len())}</summary>
                <ul class="stack stack--s">{rows}</ul>
            </details>
        }
        .into_any(),
    )
}
