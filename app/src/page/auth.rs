//! Entering and leaving.

use super::settings::role_name;
use super::{Ask, Problem, Screen};
use crate::act;
use crate::backend::Invited;
use crate::route;
use crate::text::country;
use crate::ui::{self, Field, Hidden, Kind, Select, Tone};
use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

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
    if ask.query(act::INVITATION).is_empty() {
        return match ask.guest() {
            Ok(_) => Err(Problem::Elsewhere(route::OVERVIEW)),
            Err(_) => Ok(new_account(&ask)),
        };
    }
    Ok(match &ask.desk.invited {
        None => ended(&ask),
        Some(invited) => join(&ask, invited),
    })
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

/// To whom the link of an invitation was given: one click for whoever is signed in as them; anybody else
/// says who they are.
fn join(ask: &Ask, invited: &Invited) -> Screen {
    let t = ask.t;
    let role = role_name(t, invited.role);
    let title = t.auth_join_as(&invited.account, role);
    let guest = ask.guest().ok();
    let body = match guest {
        Some(guest) if guest.user.email == invited.email => view! {
            <div>
                <h1>{title.clone()}</h1>
                <p class="muted">{t.auth_join_lead(&guest.user.name)}</p>
            </div>
            {ui::form(act::ACCEPT, "form", view! {
                <button class="btn btn--l btn--ink btn--wide" type="submit">{t.auth_join()}</button>
            })}
        }
        .into_any(),
        _ => {
            let sign_in = route::with_query(route::SIGN_IN, &[("next", &ask.address())]);
            let other = guest.map(|guest| {
                ui::note(Tone::Plain, t.auth_join_other(&guest.user.name, &invited.email))
            });
            let aside = guest.is_none().then(|| {
                view! { <p class="door__aside">{t.auth_have_account()} " " <a href=sign_in>{t.auth_sign_in()}</a></p> }
            });
            view! {
                <div>
                    <h1>{title.clone()}</h1>
                    <p class="muted">{t.auth_join_new_lead()}</p>
                </div>
                {other}
                {ui::form(act::ACCEPT, "form", view! {
                    <Field name="email" label=t.auth_email() kind="email" autocomplete="username" value=invited.email.clone() read_only=true large=true/>
                    <Field name="name" label=t.auth_name() autocomplete="name" required=true max=80 large=true/>
                    <Field name="password" label=t.auth_password() kind="password" autocomplete="new-password" hint=t.auth_password_hint() required=true large=true/>
                    <button class="btn btn--l btn--ink btn--wide" type="submit">{t.auth_join()}</button>
                })}
                {aside}
            }
            .into_any()
        }
    };
    Screen::door(title, body)
}

/// A link that was used, taken back, too old, or never given out.
fn ended(ask: &Ask) -> Screen {
    let t = ask.t;
    // A refused form has its status already.
    if let Some(response) = use_context::<ResponseOptions>().filter(|_| !ask.form.is_refused()) {
        response.set_status(StatusCode::NOT_FOUND);
    }
    let (href, words) = match ask.guest() {
        Ok(_) => (route::OVERVIEW, t.problem_home()),
        Err(_) => (route::SIGN_IN, t.auth_sign_in()),
    };
    let body = view! {
        <div>
            <h1>{t.auth_ended()}</h1>
            <p class="muted">{t.form_invitation()}</p>
        </div>
        {ui::button_link(Kind::Plain, href, None, words)}
    };
    Screen::plain_door(t.auth_ended(), body)
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
