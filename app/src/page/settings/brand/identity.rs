//! Who a brand is: name, logo, colour, language, and where customers may ask.

use super::{conflict, own_form_with};
use crate::act;
use crate::form::{FormState, sentence};
use crate::page::Ask;
use crate::route;
use crate::text::phone;
use crate::text::{language_name, number};
use crate::ui::{self, Check, Field, Hidden, Icon, Kind, Select, icon};
use dispatch::channel::TrackingStatus;
use dispatch::color::Color;
use dispatch::starter;
use dispatch::tenant::Permission;
use dispatch::view::BrandView;
use leptos::prelude::*;

/// The section of a brand's page.
pub(super) fn section(ask: &Ask, brand: &BrandView) -> AnyView {
    let t = ask.t;
    let may_edit = ask.desk.may(Permission::Edit);
    let form = own_form_with(ask, act::SAVE, "form", true, || {
        view! {
            <Hidden name="version" value=brand.version.to_string()/>
            {fields(ask, Some(brand))}
            {may_edit.then(|| view! { <div class="form__acts">{ui::submit(Kind::Primary, t.save())}</div> })}
        }
        .into_any()
    });
    let stored = [
        (t.brand_name(), "name", brand.name.clone()),
        (t.brand_language(), "language", language_name(brand.language.code())),
        (t.brand_color(), "color", brand.color.map(|color| color.to_string()).unwrap_or_default()),
        (t.brand_number(), "whatsapp_number", shown_number(brand)),
        (t.brand_support_email(), "support_email", brand.support_email.clone().unwrap_or_default()),
        (t.brand_support_url(), "support_url", brand.support_url.clone().unwrap_or_default()),
        (t.brand_privacy_url(), "privacy_url", brand.privacy_url.clone().unwrap_or_default()),
    ];
    view! {
        <section class="stack" id="identity" aria-labelledby="identity-head">
            <h2 id="identity-head">{t.brand_identity()}</h2>
            {conflict(ask, act::SAVE, &stored)}
            <fieldset disabled=!may_edit>{form}</fieldset>
        </section>
    }
    .into_any()
}

/// The form of a new brand.
pub(super) fn new(ask: &Ask) -> AnyView {
    let t = ask.t;
    own_form_with(ask, act::CREATE, "form", true, || {
        view! {
            {fields(ask, None)}
            <div class="form__acts">
                {ui::submit(Kind::Primary, t.brand_create())}
                {ui::button_link(Kind::Quiet, route::BRANDS, None, t.cancel())}
            </div>
        }
        .into_any()
    })
}

fn shown_number(brand: &BrandView) -> String {
    brand.whatsapp_number.as_deref().map(phone::grouped).unwrap_or_default()
}

fn fields(ask: &Ask, brand: Option<&BrandView>) -> AnyView {
    let t = ask.t;
    let languages = starter::variants(TrackingStatus::Shipped)
        .iter()
        .map(|variant| (variant.language.code().to_owned(), language_name(variant.language.code())))
        .collect::<Vec<_>>();
    let of = |read: fn(&BrandView) -> Option<String>| brand.and_then(read).unwrap_or_default();
    let language = brand.map_or(ask.lang.code(), |brand| brand.language.code()).to_owned();
    // The file comes last: what stands before it is read before it can be too large.
    view! {
        <Field name="name" label=t.brand_name() hint=t.brand_name_hint() value=of(|b| Some(b.name.clone())) required=true max=80/>
        <Select name="language" label=t.brand_language() hint=t.brand_language_hint() options=languages value=language required=true/>
        <Field name="whatsapp_number" label=t.brand_number() hint=t.brand_number_hint() kind="tel" value=of(|b| Some(shown_number(b))) autocomplete="tel"/>
        <div class="form__pair">
            <Field name="support_email" label=t.brand_support_email() hint=t.brand_support_hint() kind="email" value=of(|b| b.support_email.clone())/>
            <Field name="support_url" label=t.brand_support_url() hint=t.brand_support_url_hint() kind="url" value=of(|b| b.support_url.clone())/>
        </div>
        <Field name="privacy_url" label=t.brand_privacy_url() hint=t.brand_privacy_url_hint() kind="url" value=of(|b| b.privacy_url.clone())/>
        <div class="stack stack--s">
            <Field name="color" label=t.brand_color() hint=t.brand_color_hint() value=of(|b| b.color.map(|c| c.to_string())) max=9/>
            {contrast(ask, brand)}
        </div>
        {logo(ask, brand)}
    }
    .into_any()
}

/// What white text on the colour looks like: of the one typed, or else stored.
fn contrast(ask: &Ask, brand: Option<&BrandView>) -> Option<AnyView> {
    let t = ask.t;
    let form: FormState = use_context().unwrap_or_default();
    let color = match form.value("color") {
        Some(typed) => typed.parse::<Color>().ok()?,
        None => brand?.color?,
    };
    let ratio = number::ratio(ask.lang, color.contrast(Color::WHITE));
    let shade = color.under_white();
    let words = if shade == color {
        t.brand_color_fine(ratio)
    } else {
        t.brand_color_darker(ratio, shade.to_string())
    };
    Some(
        view! {
            <p class="swatch">
                {swatch(color)}
                {(shade != color).then(|| swatch(shade))}
                <span>{words}</span>
            </p>
        }
        .into_any(),
    )
}

/// A colour with white letters on it. An attribute of the drawing, because pages have no inline styles.
fn swatch(color: Color) -> AnyView {
    view! {
        <svg class="swatch__chip" viewBox="0 0 40 24" width="40" height="24" aria-hidden="true">
            <rect width="40" height="24" rx="4" fill=color.to_string()/>
            <text x="20" y="16.5" text-anchor="middle" font-size="13" font-weight="600" fill="#ffffff">"Aa"</text>
        </svg>
    }
    .into_any()
}

/// The picture, and another in its place.
fn logo(ask: &Ask, brand: Option<&BrandView>) -> AnyView {
    let t = ask.t;
    let form: FormState = use_context().unwrap_or_default();
    let error = form.error("logo").map(|code| sentence(t, code));
    let again = form.is_refused().then(|| view! { <p class="hint">{t.brand_logo_again()}</p> });
    let kept = brand.filter(|brand| brand.logo.is_some());
    let shown = brand.map(|brand| {
        let words = if brand.logo.is_some() { t.brand_logo_now() } else { t.brand_logo_none() };
        view! { <p class="row">{super::brand_logo(brand)}<span class="muted">{words}</span></p> }
    });
    let described = if error.is_some() { "logo-hint logo-error" } else { "logo-hint" };
    view! {
        <div class="field">
            <label for="logo">{t.brand_logo()}</label>
            {shown}
            <input
                class=if error.is_some() { "input input--file is-bad" } else { "input input--file" }
                id="logo"
                name="logo"
                type="file"
                accept="image/png,image/jpeg,image/webp"
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described
            />
            <p class="hint" id="logo-hint">{t.brand_logo_hint()}</p>
            {again}
            {error.map(|error| view! { <p class="error" id="logo-error">{icon(Icon::Failed)}{error}</p> })}
        </div>
        {kept.map(|_| view! { <Check name="remove_logo" label=t.brand_logo_remove()/> })}
    }
    .into_any()
}
