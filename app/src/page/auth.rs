//! Entering and leaving.

use super::{Ask, Problem, Screen};
use crate::act;
use crate::route;
use crate::text::country;
use crate::ui::{self, Field, Hidden, Kind, Select, Tone};
use leptos::prelude::*;

/// Where the bare address leads.
pub async fn home(ask: Ask) -> Result<Screen, Problem> {
    Err(Problem::Elsewhere(if ask.guest().is_ok() { route::OVERVIEW } else { route::SIGN_IN }))
}

/// Enter.
pub async fn sign_in(ask: Ask) -> Result<Screen, Problem> {
    if ask.guest().is_ok() {
        return Err(Problem::Elsewhere(route::OVERVIEW));
    }
    let t = ask.t;
    let next = ask.form.value_or("next", &ask.query("next"));
    let body = view! {
        <div>
            <h1>{t.auth_sign_in()}</h1>
            <p class="muted">{t.auth_sign_in_lead()}</p>
        </div>
        {ui::form(act::SIGN_IN, "form", view! {
            <Hidden name="next" value=next/>
            <Field name="email" label=t.auth_email() kind="email" autocomplete="username" required=true large=true/>
            <Field name="password" label=t.auth_password() kind="password" autocomplete="current-password" required=true large=true/>
            <button class="btn btn--l btn--ink btn--wide" type="submit">{t.auth_sign_in()}</button>
        })}
        <p class="door__aside">{t.auth_no_account()} " " <a href=route::SIGN_UP>{t.auth_try()}</a></p>
        <p class="door__aside">{t.auth_forgot()} " " <code>"facteur password"</code></p>
    };
    Ok(Screen::door(t.auth_sign_in(), body))
}

/// Make an account, or take an invitation to one.
pub async fn sign_up(ask: Ask) -> Result<Screen, Problem> {
    let invited = !ask.query(act::INVITATION).is_empty();
    match (invited, ask.guest()) {
        (true, Ok(guest)) => Ok(join(&ask, &guest.user.name)),
        (true, Err(_)) => Ok(join_as_new(&ask)),
        (false, Ok(_)) => Err(Problem::Elsewhere(route::OVERVIEW)),
        (false, Err(_)) => Ok(new_account(&ask)),
    }
}

fn new_account(ask: &Ask) -> Screen {
    let t = ask.t;
    let countries = country::sorted(ask.lang)
        .into_iter()
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .collect::<Vec<_>>();
    let body = view! {
        <div>
            <h1>{t.auth_sign_up()}</h1>
            <p class="muted">{t.auth_sign_up_lead()}</p>
        </div>
        {ui::form(act::SIGN_UP, "form", view! {
            <Field name="name" label=t.auth_name() autocomplete="name" required=true max=80 large=true/>
            <Field name="email" label=t.auth_email() kind="email" autocomplete="username" required=true large=true/>
            <Field name="password" label=t.auth_password() kind="password" autocomplete="new-password" hint=t.auth_password_hint() required=true large=true/>
            <Field name="account" label=t.auth_account() autocomplete="organization" required=true max=80 large=true/>
            <Select name="company_country" label=t.auth_company_country() hint=t.auth_company_country_hint() options=countries placeholder=t.auth_choose() required=true large=true/>
            <button class="btn btn--l btn--ink btn--wide" type="submit">{t.auth_sign_up_act()}</button>
        })}
        <p class="door__aside">{t.auth_have_account()} " " <a href=route::SIGN_IN>{t.auth_sign_in()}</a></p>
    };
    Screen::door(t.auth_sign_up(), body)
}

fn join_as_new(ask: &Ask) -> Screen {
    let t = ask.t;
    let body = view! {
        <div>
            <h1>{t.auth_join()}</h1>
            <p class="muted">{t.auth_join_new_lead()}</p>
        </div>
        {ui::form(act::ACCEPT, "form", view! {
            <Field name="name" label=t.auth_name() autocomplete="name" required=true max=80 large=true/>
            <Field name="password" label=t.auth_password() kind="password" autocomplete="new-password" hint=t.auth_password_hint() required=true large=true/>
            <button class="btn btn--l btn--ink btn--wide" type="submit">{t.auth_join()}</button>
        })}
        <p class="door__aside">{t.auth_have_account()} " " <a href=route::SIGN_IN>{t.auth_sign_in()}</a></p>
    };
    Screen::door(t.auth_join(), body)
}

fn join(ask: &Ask, name: &str) -> Screen {
    let t = ask.t;
    let body = view! {
        <div>
            <h1>{t.auth_join()}</h1>
            <p class="muted">{t.auth_join_lead(name)}</p>
        </div>
        {ui::form(act::ACCEPT, "form", view! {
            <button class="btn btn--l btn--ink btn--wide" type="submit">{t.auth_join()}</button>
        })}
    };
    Screen::door(t.auth_join(), body)
}

/// Leave. The menu signs out at once by its own form; this page is for whoever typed the address.
pub async fn sign_out(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    if ask.guest().is_err() {
        return Err(Problem::Elsewhere(route::SIGN_IN));
    }
    let body = view! {
        <div>
            <h1>{t.auth_sign_out()}</h1>
            <p class="muted">{t.auth_sign_out_lead()}</p>
        </div>
        {ui::note(Tone::Plain, t.auth_sign_out_note())}
        {ui::form("sign_out", "form", view! {
            {ui::submit(Kind::Primary, t.auth_sign_out())}
        })}
        <p class="door__aside"><a href=route::OVERVIEW>{t.cancel()}</a></p>
    };
    Ok(Screen::door(t.auth_sign_out(), body))
}
