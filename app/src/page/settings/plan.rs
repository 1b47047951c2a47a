//! What another plan would mean, asked once before it is changed: what a message costs then, what falls silent,
//! and where it has no room for what is on.

use super::plan_name;
use crate::act;
use crate::page::{Ask, Problem};
use crate::route;
use crate::text::{country, money, status};
use crate::ui::{self, Tone};
use dispatch::channel::Channel;
use dispatch::money::Money;
use dispatch::plan::Plan;
use dispatch::usecase::{PlanUse, plan_use};
use leptos::prelude::*;

/// The plan a form wishes for; none where it wishes for no other.
pub(super) fn wished(ask: &Ask, now: Plan) -> Option<Plan> {
    let form = ask.form.of(act::SAVE);
    form.value("plan").and_then(|word| word.parse().ok()).filter(|plan| *plan != now)
}

/// The question a form's wish for another plan leads to; none where it wishes for none.
pub(super) async fn question(ask: &Ask) -> Result<Option<AnyView>, Problem> {
    let account = &ask.guest()?.account;
    let Some(wished) = wished(ask, account.plan) else { return Ok(None) };
    let uses = plan_use(&*ask.desk.store, account.id).await?;
    let mut prices = Vec::new();
    for &channel in Channel::ALL {
        let all = ask.desk.store.prices(account.id, channel, ask.desk.now()).await?;
        let of = |plan: Plan| all.iter().find(|price| price.plan == plan).map(|price| price.price);
        prices.push((channel, of(account.plan), of(wished)));
    }
    let t = ask.t;
    let (old, new) = (plan_name(t, account.plan), plan_name(t, wished));
    let beyond: Vec<&PlanUse> = uses.iter().filter(|each| each.is_beyond(wished)).collect();
    let content = if beyond.is_empty() {
        let prices = prices.into_iter().filter_map(|prices| price_line(ask, prices)).collect_view();
        let silent = (!wished.sends_messages() && !uses.is_empty()).then(|| {
            let all: Vec<&PlanUse> = uses.iter().collect();
            ui::note_with(
                Tone::Warn,
                view! { <p>{t.account_plan_silent(new)}</p> {places(ask, &all)} },
            )
        });
        view! {
            <ul class="stack">{prices}</ul>
            {silent}
            <p class="muted">{t.account_plan_when()}</p>
            <div class="form__acts">
                <button class="btn btn--commit" type="submit" name="accept_plan" value=wished.word()>
                    {t.account_plan_act(new)}
                </button>
                <a class="btn btn--quiet" href=route::ACCOUNT>{t.account_plan_stay(old)}</a>
            </div>
        }
        .into_any()
    } else {
        let limit = wished.country_limit().unwrap_or_default();
        view! {
            <p>{t.account_plan_beyond(new, limit)}</p>
            {places(ask, &beyond)}
            <div class="form__acts">
                <a class="btn" href=route::ACCOUNT>{t.account_plan_stay(old)}</a>
            </div>
        }
        .into_any()
    };
    let heading =
        if beyond.is_empty() { t.account_plan_ask(old, new) } else { t.account_plan_blocked(new) };
    Ok(Some(
        view! {
            <section class="card" aria-labelledby="plan-question">
                <div class="card__b stack">
                    <h2 id="plan-question" tabindex="-1" autofocus="">{heading}</h2>
                    {content}
                </div>
            </section>
        }
        .into_any(),
    ))
}

/// What a message of a channel costs, before and then.
fn price_line(
    ask: &Ask,
    (channel, before, then): (Channel, Option<Money>, Option<Money>),
) -> Option<AnyView> {
    let t = ask.t;
    let channel = status::channel(t, channel);
    let amount = |price| money::amount(ask.lang, price);
    let words = match (before, then) {
        (None, None) => return None,
        (None, Some(then)) => t.account_plan_price_new(channel, amount(then)),
        (Some(before), None) => t.account_plan_price_none(channel, amount(before)),
        (Some(before), Some(then)) if before == then => {
            t.account_plan_price_same(channel, amount(then))
        }
        (Some(before), Some(then)) => {
            let difference = Money::new(then.micros - before.micros, then.currency);
            let difference = money::change(ask.lang, difference);
            t.account_plan_price_change(channel, amount(before), amount(then), difference)
        }
    };
    Some(view! { <li>{words}</li> }.into_any())
}

/// Brands and channels with the countries that are on, each with the way to its switches.
fn places(ask: &Ask, uses: &[&PlanUse]) -> AnyView {
    let lines = uses
        .iter()
        .map(|each| {
            let brand = each.brand.to_string();
            let asked = [("brand", brand.as_str()), ("channel", each.channel.word())];
            let name = format!("{}, {}", each.name, status::channel(ask.t, each.channel));
            let mut lands: Vec<String> =
                each.countries.iter().map(|code| country::name(ask.lang, code.code())).collect();
            lands.sort_by_cached_key(|name| country::sort_key(name));
            view! {
                <li>
                    <a href=route::with_query(route::TRACKING, &asked)>{name}</a>
                    ": " {lands.join(", ")}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="stack">{lines}</ul> }.into_any()
}
