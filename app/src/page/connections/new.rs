//! A new connection.

use crate::act;
use crate::page::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::ui::{self, Field, Form, Hidden, Kind, Radio, Select};
use dispatch::brand::BrandState;
use dispatch::source::Source;
use dispatch::tenant::Permission;
use leptos::prelude::*;

/// A new connection.
pub async fn new(ask: Ask) -> Result<Screen, Problem> {
    ask.need(Permission::Edit)?;
    let t = ask.t;
    let brands: Vec<(String, String)> = ask
        .guest()?
        .brands
        .iter()
        .filter(|brand| brand.state == BrandState::Active)
        .map(|brand| (brand.id.to_string(), brand.name.clone()))
        .collect();
    let current = ask.brand_id();
    let body = view! {
        <div class="page page--form">
            {ui::back_link(route::CONNECTIONS, t.connections_title())}
            {ui::page_head(t.connections_new_title(), t.connections_new_lead(), ())}
            <Form act=act::CREATE class="form">
                <Hidden name="source" value=Source::Sendcloud.word()/>
                <Select name="brand" label=t.connections_brand() options=brands value=current required=true
                    hint=t.connections_brand_hint()/>
                <fieldset class="stack">
                    <legend>{t.connections_auth()}</legend>
                    <Radio name="auth" value="hmac" label=t.connections_auth_hmac()
                        hint=t.connections_auth_hmac_hint() checked=true/>
                    <Radio name="auth" value="header" label=t.connections_auth_header()
                        hint=t.connections_auth_header_hint()/>
                </fieldset>
                <div class="form__only-header">
                    <Field name="header" label=t.connections_header() value="X-Api-Key" hint=t.connections_header_hint() max=64/>
                </div>
                <Field name="secret" label=t.connections_secret() hint=t.connections_secret_hint()
                    autocomplete="off" max=512/>
                <div class="form__acts">
                    {ui::submit(Kind::Primary, t.connections_create())}
                    {ui::button_link(Kind::Quiet, route::CONNECTIONS, None, t.cancel())}
                </div>
            </Form>
        </div>
    };
    Ok(Screen::framed(t.connections_new_title(), Entry::Connections, body))
}
