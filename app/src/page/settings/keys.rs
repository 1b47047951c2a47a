//! Keys of the REST API. A key is shown once, when it is made.

use super::{handed_over, settings_page};
use crate::act;
use crate::backend::HandoverKind;
use crate::page::{Ask, Problem, Screen};
use crate::text::{after_colon, time};
use crate::ui::art::Picture;
use crate::ui::{self, Check, Field, Hidden, Kind, State, state_box};
use dispatch::tenant::{Permission, Scope};
use dispatch::view::ApiKeyView;
use leptos::prelude::*;

/// All keys, and the form that makes one.
pub async fn keys(ask: Ask) -> Result<Screen, Problem> {
    ask.need(Permission::ManageKeys)?;
    let t = ask.t;
    let keys = ask.desk.store.api_keys(ask.account()?).await?;
    let list = if keys.is_empty() {
        ui::empty(Picture::Letterbox, t.keys_none(), t.keys_none_words(), ())
    } else {
        view! { <ul class="list">{keys.iter().map(|key| row(&ask, key)).collect_view()}</ul> }
            .into_any()
    };
    let scopes = Scope::ALL
        .iter()
        .map(|scope| {
            let (label, hint) = match scope {
                Scope::Read => (t.keys_read(), t.keys_read_words()),
                Scope::Write => (t.keys_write(), t.keys_write_words()),
                Scope::ReadPhones => (t.keys_read_phones(), t.keys_read_phones_words()),
            };
            let checked = *scope == Scope::Read;
            view! { <Check name="scope" value=scope.word() label=label hint=hint checked=checked of_several=true/> }
        })
        .collect_view();
    let content = view! {
        <div class="stack--wide">
            {handed_over(&ask, HandoverKind::ApiKey, t.keys_once())}
            {list}
            <section class="stack">
                <h2>{t.keys_make()}</h2>
                {ui::form(act::CREATE, "form", view! {
                    <Field name="name" label=t.keys_name() hint=t.keys_name_hint() required=true max=80/>
                    {ui::choices("scope", t.keys_scopes(), None, "scopes", scopes)}
                    <div class="form__acts">{ui::submit(Kind::Primary, t.keys_make())}</div>
                })}
            </section>
        </div>
    };
    Ok(settings_page(&ask, t.settings_keys(), t.keys_lead(), (), content))
}

fn row(ask: &Ask, key: &ApiKeyView) -> AnyView {
    let t = ask.t;
    let day = |at| time::date(ask.lang, at, &ask.zone);
    let used = match key.used_at {
        Some(at) => t.keys_used(time::short(ask.lang, at, &ask.zone)),
        None => t.keys_unused().to_owned(),
    };
    let scopes = key.scopes.iter().map(|word| match word.parse() {
        Ok(Scope::Read) => t.keys_read(),
        Ok(Scope::Write) => t.keys_write(),
        Ok(Scope::ReadPhones) => t.keys_read_phones(),
        Err(_) => word,
    });
    let scopes = scopes.map(after_colon).collect::<Vec<_>>().join(", ");
    let end = match key.revoked_at {
        Some(at) => state_box(State::LOCKED, t.keys_revoked(day(at))),
        None => view! {
            {ui::form(act::REVOKE, "", view! {
                <Hidden name="key" value=key.id.to_string()/>
                <button class="btn btn--s btn--quiet btn--bad" type="submit" aria-label=t.keys_revoke_named(&key.name)>
                    {t.keys_revoke()}
                </button>
            })}
        }
        .into_any(),
    };
    view! {
        <li>
            <span class="two grow">
                <b>{key.name.clone()} " " <span class="mono faint">{format!("{}…", key.hint)}</span></b>
                <small>{format!("{} · {} · {}", t.keys_made(day(key.created_at)), used, scopes)}</small>
            </span>
            {end}
        </li>
    }
    .into_any()
}
