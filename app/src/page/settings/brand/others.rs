//! Where a brand's text messages and mails leave from.

use super::own_form;
use crate::act;
use crate::page::Ask;
use crate::text::{reason, time};
use crate::ui::{self, Check, Field, Hidden, Kind, State, state_box};
use dispatch::brand::SenderState;
use dispatch::channel::Channel;
use dispatch::tenant::Permission;
use dispatch::view::{BrandView, SenderDetail};
use leptos::prelude::*;

/// The section for one channel.
pub(super) fn section(
    ask: &Ask,
    brand: &BrandView,
    channel: Channel,
    senders: &[SenderDetail],
) -> AnyView {
    let t = ask.t;
    let may_edit = ask.desk.may(Permission::Edit);
    let (head, words) = match channel {
        Channel::Sms => (t.brand_sms(), t.brand_sms_words()),
        _ => (t.brand_mail(), t.brand_mail_words()),
    };
    let current = senders.iter().find(|sender| sender.replaced_at.is_none());
    let known = match current {
        None => view! { <p class="muted">{words}</p> }.into_any(),
        Some(detail) => facts(ask, channel, detail),
    };
    let on_sandbox = current.is_some_and(|detail| detail.sender.sandbox);
    let sandbox = (may_edit && !on_sandbox && ask.desk.site.sandbox_url.is_some()).then(|| {
        own_form(ask, act::CONNECT_SANDBOX, "", || {
            let label = match channel {
                Channel::Sms => t.brand_connect_sandbox(),
                _ => t.brand_mail_sandbox(),
            };
            view! {
                <Hidden name="channel" value=channel.word()/>
                {ui::submit(Kind::Plain, label)}
            }
            .into_any()
        })
    });
    let connect = may_edit.then(|| match channel {
        Channel::Sms => connect_sms(ask),
        _ => connect_mail(ask, brand),
    });
    let id = channel.word();
    let head_id = format!("{id}-head");
    let labelled = head_id.clone();
    view! {
        <section class="stack" id=id aria-labelledby=labelled>
            <h2 id=head_id>{head}</h2>
            <div class="stack">{known}{sandbox}{connect}</div>
        </section>
    }
    .into_any()
}

fn facts(ask: &Ask, channel: Channel, detail: &SenderDetail) -> AnyView {
    let t = ask.t;
    let sender = &detail.sender;
    let state = match sender.state {
        SenderState::Ready => state_box(State::GOOD, t.brand_sender_ready()),
        SenderState::Reconnect => state_box(State::FAILED, t.brand_sender_reconnect()),
        SenderState::Paused => state_box(State::ATTENTION, t.brand_sms_paused()),
    };
    let error = detail
        .error_code
        .as_deref()
        .zip(detail.error_at)
        .filter(|_| sender.state != SenderState::Ready)
        .map(|(code, at)| {
            let when = time::full(ask.lang, at, &ask.zone);
            view! {
                <dt>{t.brand_error()}</dt>
                <dd>{reason::failure(t, code)} " (" <span class="mono">{code.to_owned()}</span> "), " {ui::moment(ask.lang, at, &ask.zone, when)}</dd>
            }
        });
    let callback = format!("{}/callbacks/{channel}/{}", ask.desk.site.base_url, sender.id);
    let (label, address) = match channel {
        Channel::Sms => (t.brand_sms_from(), t.brand_callback()),
        _ => (t.brand_mail_from(), t.brand_mail_back()),
    };
    let since = time::full(ask.lang, detail.created_at, &ask.zone);
    let account = (channel == Channel::Sms).then(|| {
        view! { <dt>{t.brand_sms_account()}</dt><dd><code class="id">{detail.waba_id.clone()}</code></dd> }
    });
    let back = (channel == Channel::Email)
        .then(|| view! { <p class="hint">{t.brand_mail_back_hint()}</p> });
    view! {
        <dl class="facts">
            <dt>{label}</dt>
            <dd>
                <span class="row">
                    {sender.display_number.clone()}
                    {sender.sandbox.then(|| view! { <span class="faint">{t.brand_on_sandbox()}</span> })}
                </span>
            </dd>
            <dt>{t.brand_state()}</dt>
            <dd><span class="row">{state}<span class="faint">{t.brand_since()} " " {ui::moment(ask.lang, detail.created_at, &ask.zone, since)}</span></span></dd>
            {error}
            {account}
            <dt>{address}</dt>
            <dd class="stack stack--s"><code class="id">{callback}</code>{back}</dd>
        </dl>
    }
    .into_any()
}

fn connect_sms(ask: &Ask) -> AnyView {
    let t = ask.t;
    let sent = ask.form.of(act::CONNECT_SMS);
    let untested = sent.error("untested").is_some() || sent.value("untested").is_some();
    let form = own_form(ask, act::CONNECT_SMS, "form", || {
        view! {
            <p class="muted">{t.brand_sms_lead()}</p>
            <Field name="sms_account" label=t.brand_sms_account() required=true/>
            <Field name="sms_token" label=t.brand_sms_token() kind="password" autocomplete="off" hint=t.brand_sms_token_hint() required=true/>
            <Field name="sms_from" label=t.brand_sms_from() hint=t.brand_sms_from_hint() required=true/>
            {untested.then(|| view! { <Check name="untested" label=t.brand_untested() hint=t.brand_untested_hint()/> })}
            <div class="form__acts">{ui::submit(Kind::Primary, t.brand_connect_act())}</div>
        }
        .into_any()
    });
    fold(t.brand_sms_connect(), sent.is_refused(), form)
}

fn connect_mail(ask: &Ask, brand: &BrandView) -> AnyView {
    let t = ask.t;
    let sent = ask.form.of(act::CONNECT_MAIL);
    let name = brand.name.clone();
    let form = own_form(ask, act::CONNECT_MAIL, "form", || {
        view! {
            <p class="muted">{t.brand_mail_lead(name)}</p>
            <Field name="mail_from" label=t.brand_mail_from() kind="email" hint=t.brand_mail_from_hint() required=true/>
            <div class="form__acts">{ui::submit(Kind::Primary, t.brand_connect_act())}</div>
        }
        .into_any()
    });
    fold(t.brand_mail_connect(), sent.is_refused(), form)
}

fn fold(summary: &'static str, open: bool, form: AnyView) -> AnyView {
    view! { <details class="fold" open=open><summary>{summary}</summary>{form}</details> }
        .into_any()
}
