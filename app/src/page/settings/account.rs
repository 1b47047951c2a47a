//! The account: its name, the company's country, its plan with prices.

use super::{own_form, plan, plan_name, settings_page};
use crate::act;
use crate::page::{Ask, Problem, Screen};
use crate::text::{country, money, time};
use crate::ui::{self, Field, Kind, Radio, Select, Tone};
use dispatch::channel::Channel;
use dispatch::plan::Plan;
use dispatch::tenant::Permission;
use dispatch::view::PriceView;
use leptos::prelude::*;

/// The account.
pub async fn account(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let account = ask.guest()?.account.clone();
    let prices = ask.desk.store.prices(account.id, Channel::Whatsapp, ask.desk.now()).await?;
    let may_manage = ask.desk.may(Permission::ManageAccount);
    let countries = country::sorted(ask.lang)
        .into_iter()
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .collect::<Vec<_>>();
    let shown = plan::wished(&ask, account.plan).unwrap_or(account.plan);
    let question = plan::question(&ask).await?;
    let asks = question.is_some();
    let save = own_form(&ask, act::SAVE, "form", || {
        view! {
            <fieldset class="form" disabled=!may_manage>
                // What Enter in a field presses: it must not be what accepts another plan.
                {asks.then(|| view! { <button class="sr" type="submit" tabindex="-1" aria-hidden="true"></button> })}
                <Field name="name" label=t.auth_account() value=account.name.clone() autocomplete="organization" required=true max=80/>
                <Select
                    name="company_country"
                    label=t.auth_company_country()
                    hint=t.auth_company_country_hint()
                    options=countries
                    value=account.company_country.code()
                    required=true
                />
                <fieldset id="plan">
                    <legend>{t.tracking_plan()}</legend>
                    {plans(&ask, &prices, shown)}
                </fieldset>
                {question}
                {(may_manage && !asks).then(|| view! { <div class="form__acts">{ui::submit(Kind::Primary, t.save())}</div> })}
            </fieldset>
        }
        .into_any()
    });
    let password = own_form(&ask, act::PASSWORD, "form", || {
        view! {
            <Field name="current_password" label=t.account_password_current() kind="password" autocomplete="current-password" required=true/>
            <Field name="password" label=t.account_password_new() kind="password" autocomplete="new-password" hint=t.auth_password_hint() required=true/>
            <div class="form__acts">{ui::submit(Kind::Plain, t.account_password_act())}</div>
        }
        .into_any()
    });
    let content = view! {
        <div class="stack--wide">
            {(!may_manage).then(|| ui::note(Tone::Plain, t.account_owner_only()))}
            {save}
            <section class="stack">
                <h2>{t.account_password()}</h2>
                {password}
            </section>
            <dl class="facts">
                <dt>{t.account_id()}</dt>
                <dd class="mono">{account.id.to_string()}</dd>
                <dt>{t.account_since()}</dt>
                <dd>{time::date(ask.lang, account.created_at, &ask.zone)}</dd>
            </dl>
        </div>
    };
    Ok(settings_page(&ask, t.settings_account(), t.account_lead(), (), content))
}

/// Every plan as a choice, with what it allows and what a message costs.
fn plans(ask: &Ask, prices: &[PriceView], shown: Plan) -> AnyView {
    let t = ask.t;
    Plan::ALL
        .iter()
        .map(|plan| {
            let countries = match plan.country_limit() {
                Some(0) => t.account_plan_free().to_owned(),
                Some(limit) => t.account_plan_limit(limit),
                None => t.account_plan_any().to_owned(),
            };
            let price = prices.iter().find(|price| price.plan == *plan).map(|price| {
                let amount = money::amount(ask.lang, price.price);
                t.account_plan_price(amount)
            });
            let hint = [Some(countries), price].into_iter().flatten().collect::<Vec<_>>().join(" ");
            view! {
                <Radio name="plan" value=plan.word() label=plan_name(t, *plan) hint=hint checked=*plan == shown required=true/>
            }
        })
        .collect_view()
        .into_any()
}
