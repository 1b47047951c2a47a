//! The question before a channel costs anything: prices, consent basis, acceptance. It is a state of
//! the address, so it works without scripts, can be linked to, and Cancel is a link.

use super::Board;
use crate::act;
use crate::page::Ask;
use crate::page::settings::plan_name;
use crate::text::{country, money, number, status, time};
use crate::ui::layout::{Column, table};
use crate::ui::{self, Check, Hidden, Kind, Radio, Tone};
use dispatch::brand::ConsentBasis;
use dispatch::country::Country;
use dispatch::money::Money;
use dispatch::view::PriceView;
use leptos::prelude::*;

/// The dialog.
pub(super) fn dialog(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let channel = status::channel(t, board.channel);
    let content = match (&board.price, board.may_activate) {
        (None, _) => refusal(board, ui::note(Tone::Warn, t.tracking_no_price(channel)), t.close()),
        (Some(_), false) => {
            refusal(board, ui::note(Tone::Plain, t.tracking_ask_admin()), t.close())
        }
        (Some(price), true) => questions(ask, board, price),
    };
    view! {
        <div class="dialog">
            <section class="dialog__box" role="dialog" aria-modal="true" aria-labelledby="activation">
                <h2 id="activation">{t.tracking_activate_for(channel, &board.brand.name)}</h2>
                {content}
            </section>
        </div>
    }
    .into_any()
}

fn refusal(board: &Board, note: AnyView, close: &'static str) -> AnyView {
    let back = ui::button_link(Kind::Plain, board.link(&[]), None, close);
    view! { {note} <div class="form__acts">{back}</div> }.into_any()
}

fn questions(ask: &Ask, board: &Board, price: &PriceView) -> AnyView {
    let t = ask.t;
    let amount = money::amount(ask.lang, price.price);
    let agreed = board.settings.consent_basis;
    view! {
        {prices(ask, board, price)}
        <p class="muted">{t.tracking_billable()} " " {forecast(ask, board, price)}</p>
        {ui::form(act::ACTIVATE, "form", view! {
            <Hidden name="rate" value=price.rate.clone()/>
            <Hidden name="text_version" value=act::TERMS_VERSION/>
            <fieldset aria-describedby=ask.form.error("basis").map(|_| "basis-error")>
                <legend>{t.tracking_basis()}</legend>
                <Radio
                    name="basis"
                    value=ConsentBasis::CollectedByShop.word()
                    label=t.tracking_basis_shop()
                    hint=t.tracking_basis_shop_words()
                    checked=agreed == Some(ConsentBasis::CollectedByShop)
                    required=true
                />
                <Radio
                    name="basis"
                    value=ConsentBasis::OnRecord.word()
                    label=t.tracking_basis_record()
                    hint=t.tracking_basis_record_words()
                    checked=agreed == Some(ConsentBasis::OnRecord)
                    required=true
                />
                {ask.form.error("basis").map(|code| {
                    view! { <p class="error" id="basis-error">{crate::form::sentence(t, code)}</p> }
                })}
            </fieldset>
            {beginning(ask, board)}
            <Check name="accept_price" label=t.tracking_accept_price(&amount) required=true/>
            <Check name="accept_terms" label=t.tracking_accept_terms() required=true/>
            <div class="form__acts">
                {ui::submit(Kind::Commit, t.tracking_activate_act(amount))}
                {ui::button_link(Kind::Quiet, board.link(&[]), None, t.cancel())}
            </div>
        })}
    }
    .into_any()
}

/// Countries to begin with, when none has a row: the company's own and those parcels went to.
fn beginning(ask: &Ask, board: &Board) -> Option<AnyView> {
    if !board.settings.countries.is_empty() {
        return None;
    }
    let own = ask.desk.guest.iter().map(|guest| guest.account.company_country);
    let mut codes: Vec<Country> = Vec::new();
    for code in own.chain(super::busiest(&board.volumes).into_iter().map(|(code, _)| code)) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.truncate(board.limit.unwrap_or(super::PROPOSALS).min(super::PROPOSALS));
    let boxes = codes
        .into_iter()
        .map(|code| {
            let name = country::name(ask.lang, code.code());
            view! { <Check name="country" value=code.code() label=name checked=true/> }
        })
        .collect_view();
    let t = ask.t;
    Some(
        view! {
            <fieldset>
                <legend>{t.tracking_begin()}</legend>
                {boxes}
                <p class="hint">{t.tracking_begin_words()}</p>
            </fieldset>
        }
        .into_any(),
    )
}

/// The price list in force, the account's own plan marked.
fn prices(ask: &Ask, board: &Board, own: &PriceView) -> AnyView {
    let t = ask.t;
    let rows = board
        .prices
        .iter()
        .map(|price| {
            let is_own = price.plan == own.plan;
            view! {
                <tr class=is_own.then_some("sel") aria-current=is_own.then_some("true")>
                    <td>{plan_name(t, price.plan)}{is_own.then(|| format!(" {}", t.tracking_your_plan()))}</td>
                    <td>{time::date(ask.lang, price.valid_from, &ask.zone)}</td>
                    <td class="num">{money::amount(ask.lang, price.price)}</td>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![
        Column::words(t.tracking_plan()),
        Column::words(t.tracking_valid_from()),
        Column::figures(t.tracking_each()),
    ];
    table("table--inset", t.tracking_prices(), columns, rows)
}

/// What the last 30 days' parcels would have cost with every status on.
fn forecast(ask: &Ask, board: &Board, price: &PriceView) -> String {
    let events: i64 = board.volumes.iter().map(|volume| volume.events).sum();
    if events == 0 {
        return ask.t.tracking_forecast_none().to_owned();
    }
    let most = Money::new(price.price.micros.saturating_mul(events), price.price.currency);
    let count = number::whole(ask.lang, events);
    ask.t.tracking_forecast(count, money::amount(ask.lang, most.rounded()))
}
