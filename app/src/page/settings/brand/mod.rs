//! Brands: the list, a new one, one with its hours and its sender.

mod hours;

use super::settings_page;
use crate::act;
use crate::page::frame::brand_logo;
use crate::page::{Ask, Problem, Screen};
use crate::route;
use crate::text::language_name;
use crate::ui::{self, Field, Hidden, Icon, Kind, Select, State, Tone, state_box};
use dispatch::brand::{BrandState, SenderState};
use dispatch::channel::TrackingStatus;
use dispatch::id::BrandId;
use dispatch::starter;
use dispatch::tenant::Permission;
use dispatch::view::{BrandView, SenderView};
use leptos::prelude::*;

/// All brands.
pub async fn brands(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let guest = ask.guest()?;
    let rows = guest
        .brands
        .iter()
        .map(|brand| {
            let archived = (brand.state == BrandState::Archived)
                .then(|| state_box(State::LOCKED, t.brand_archived()));
            let number = brand
                .sender
                .as_ref()
                .map_or_else(|| t.frame_no_number().to_owned(), |sender| sender.display_number.clone());
            view! {
                <li>
                    <a href=route::brand(brand.id)>
                        {brand_logo(&brand.name)}
                        <span class="two grow"><b>{brand.name.clone()}</b><small>{number}</small></span>
                        {archived}
                        {ui::icon(Icon::Right)}
                    </a>
                </li>
            }
        })
        .collect_view();
    let add = ask
        .desk
        .may(Permission::Edit)
        .then(|| ui::button_link(Kind::Primary, route::BRAND_NEW, Some(Icon::Plus), t.brand_new()));
    let content = if guest.brands.is_empty() {
        ui::empty(
            ui::art::Picture::Letterbox,
            t.tracking_no_brand(),
            t.tracking_no_brand_words(),
            (),
        )
    } else {
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    Ok(settings_page(&ask, t.settings_brands(), t.settings_brands_words(), add, content))
}

/// A new brand.
pub async fn new_brand(ask: Ask) -> Result<Screen, Problem> {
    ask.need(Permission::Edit)?;
    let t = ask.t;
    let content = view! {
        {ui::form(act::CREATE, "form", view! {
            {identity(&ask, None)}
            <div class="form__acts">
                {ui::submit(Kind::Primary, t.brand_create())}
                {ui::button_link(Kind::Quiet, route::BRANDS, None, t.cancel())}
            </div>
        })}
    };
    Ok(settings_page(&ask, t.brand_new(), t.brand_new_lead(), (), content))
}

/// One brand.
pub async fn brand(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let id: BrandId = ask.id("id")?;
    let brand = ask.desk.store.brand(ask.account()?, id).await?.ok_or(Problem::NotFound)?;
    let may_edit = ask.desk.may(Permission::Edit);
    let form = view! {
        {ui::form(act::SAVE, "form", view! {
            <Hidden name="version" value=brand.version.to_string()/>
            {identity(&ask, Some(&brand))}
            {may_edit.then(|| view! { <div class="form__acts">{ui::submit(Kind::Primary, t.save())}</div> })}
        })}
    };
    let content = view! {
        <div class="stack--wide">
            {(brand.state == BrandState::Archived).then(|| ui::note(Tone::Plain, t.brand_archived_words()))}
            <section class="stack" aria-labelledby="identity">
                <h2 id="identity">{t.brand_identity()}</h2>
                <fieldset disabled=!may_edit>{form}</fieldset>
            </section>
            {hours::hours(&ask, &brand)}
            <section class="stack" id="sender" aria-labelledby="sender-head">
                <h2 id="sender-head">{t.brand_sender()}</h2>
                {sender(&ask, &brand)}
            </section>
            {may_edit.then(|| put_away(&ask, &brand))}
        </div>
    };
    let tracking = ui::button_link(
        Kind::Plain,
        route::with_query(route::TRACKING, &[("brand", &brand.id.to_string())]),
        Some(Icon::Route),
        t.frame_tracking(),
    );
    Ok(settings_page(&ask, brand.name, "", tracking, content))
}

/// One of the page's forms: its fields show again what was typed into it, and only that. What was
/// typed into another would empty its boxes.
fn own_form(
    ask: &Ask,
    act: &str,
    class: &'static str,
    content: impl FnOnce() -> AnyView,
) -> AnyView {
    provide_context(ask.form.of(act));
    let form = ui::form(act, class, content());
    provide_context(ask.form.clone());
    form
}

/// Name, language and the number customers may write to.
fn identity(ask: &Ask, brand: Option<&BrandView>) -> AnyView {
    let t = ask.t;
    let languages = starter::variants(TrackingStatus::Shipped)
        .iter()
        .map(|variant| {
            (variant.language.code().to_owned(), language_name(variant.language.code()).to_owned())
        })
        .collect::<Vec<_>>();
    let name = brand.map(|brand| brand.name.clone()).unwrap_or_default();
    let language = brand.map_or(ask.lang.code(), |brand| brand.language.code()).to_owned();
    let number = brand.and_then(|brand| brand.whatsapp_number.clone()).unwrap_or_default();
    view! {
        <Field name="name" label=t.brand_name() hint=t.brand_name_hint() value=name required=true max=80/>
        <Select name="language" label=t.brand_language() hint=t.brand_language_hint() options=languages value=language required=true/>
        <Field name="whatsapp_number" label=t.brand_number() hint=t.brand_number_hint() kind="tel" value=number autocomplete="tel"/>
    }
    .into_any()
}

/// The number messages leave from, and how to give the brand another.
fn sender(ask: &Ask, brand: &BrandView) -> AnyView {
    let t = ask.t;
    let may_edit = ask.desk.may(Permission::Edit);
    let current = match &brand.sender {
        None => ui::note(Tone::Warn, t.brand_no_sender()),
        Some(sender) => facts(ask, sender),
    };
    let on_sandbox = brand.sender.as_ref().is_some_and(|sender| sender.sandbox);
    let sandbox = (may_edit && !on_sandbox && ask.desk.site.sandbox_url.is_some()).then(|| {
        view! {
            {ui::form(act::CONNECT_SANDBOX, "", view! {
                {ui::submit(Kind::Plain, t.brand_connect_sandbox())}
            })}
        }
    });
    let refused = [
        "phone_number_id",
        "waba_id",
        "display_number",
        "access_token",
        "app_secret",
        "verify_token",
    ]
    .iter()
    .any(|field| ask.form.error(field).is_some());
    let own = may_edit.then(|| {
        view! {
            <details class="fold" open=refused>
                <summary>{t.brand_connect()}</summary>
                {ui::form(act::CONNECT_SENDER, "form", view! {
                    <p class="muted">{t.brand_connect_lead()}</p>
                    <div class="form__pair">
                        <Field name="phone_number_id" label=t.brand_phone_number_id() required=true/>
                        <Field name="waba_id" label=t.brand_waba_id() required=true/>
                    </div>
                    <Field name="display_number" label=t.brand_display_number() kind="tel" required=true/>
                    <Field name="access_token" label=t.brand_access_token() kind="password" autocomplete="off" hint=t.brand_secret_hint() required=true/>
                    <Field name="app_secret" label=t.brand_app_secret() kind="password" autocomplete="off" required=true/>
                    <Field name="verify_token" label=t.brand_verify_token() kind="password" autocomplete="off" hint=t.brand_verify_token_hint() required=true/>
                    <div class="form__acts">{ui::submit(Kind::Primary, t.brand_connect_act())}</div>
                })}
            </details>
        }
    });
    view! { <div class="stack">{current}{sandbox}{own}</div> }.into_any()
}

fn facts(ask: &Ask, sender: &SenderView) -> AnyView {
    let t = ask.t;
    let state = match sender.state {
        SenderState::Ready => state_box(State::DELIVERED, t.brand_sender_ready()),
        SenderState::Reconnect => state_box(State::FAILED, t.brand_sender_reconnect()),
        SenderState::Paused => state_box(State::ATTENTION, t.brand_sender_paused()),
    };
    let callback = format!("{}/callbacks/whatsapp/{}", ask.desk.site.base_url, sender.id);
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
            <dd>{state}</dd>
            <dt>{t.brand_phone_number_id()}</dt>
            <dd class="mono">{sender.phone_number_id.clone()}</dd>
            <dt>{t.brand_callback()}</dt>
            <dd class="mono">{callback}</dd>
        </dl>
    }
    .into_any()
}

fn put_away(ask: &Ask, brand: &BrandView) -> AnyView {
    let t = ask.t;
    let (heading, words, act, kind, label) = match brand.state {
        BrandState::Active => (
            t.brand_archive(),
            t.brand_archive_words(),
            act::ARCHIVE,
            Kind::Remove,
            t.brand_archive(),
        ),
        BrandState::Archived => (
            t.brand_restore(),
            t.brand_restore_words(),
            act::RESTORE,
            Kind::Plain,
            t.brand_restore(),
        ),
    };
    view! {
        <section class="stack">
            <h2>{heading}</h2>
            <p class="muted">{words}</p>
            {ui::form(act, "", view! {{ui::submit(kind, label)}})}
        </section>
    }
    .into_any()
}
