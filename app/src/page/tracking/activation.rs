//! The question before a channel costs anything: prices, consent basis, acceptance. It is a state of
//! the address, so it works without scripts, can be linked to, and Cancel is a link.

use super::Board;
use super::adding::PROPOSALS;
use crate::act;
use crate::island::modal::ModalBox;
use crate::page::Ask;
use crate::page::settings::plan_name;
use crate::text::time::Zone;
use crate::text::{country, money, number, status, time};
use crate::ui::layout::{Column, table};
use crate::ui::{self, Check, Hidden, Kind, Radio, Tone};
use dispatch::brand::ConsentBasis;
use dispatch::country::Country;
use dispatch::money::Money;
use dispatch::view::PriceView;
use leptos::prelude::*;

/// Who can accept prices, by name and address.
pub(super) fn whom_to_ask(ask: &Ask, board: &Board) -> AnyView {
    let people = board
        .deciders
        .iter()
        .map(|member| {
            view! {
                <li>
                    {member.name.clone()}
                    ", "
                    <a href=format!("mailto:{}", member.email)>{member.email.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let content = view! { <p>{ask.t.tracking_ask_admin()}</p> <ul>{people}</ul> };
    ui::note_with(Tone::Plain, content)
}

/// The id of the link that opens the dialog.
pub(super) const OPENER: &str = "to-activation";

/// The dialog.
pub(super) fn dialog(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let channel = status::channel(t, board.channel);
    let content = match (&board.price, board.may_activate) {
        (None, _) => refusal(board, ui::note(Tone::Warn, t.tracking_no_price(channel)), t.close()),
        (Some(price), false) => {
            let who = whom_to_ask(ask, board);
            let content = view! { {prices(ask, board, price)} {who} };
            refusal(board, content.into_any(), t.close())
        }
        (Some(price), true) => questions(ask, board, price),
    };
    let heading = t.tracking_activate_for(channel, &board.brand.name);
    view! {
        <ModalBox label="activation".to_owned()>
            <h2 id="activation" tabindex="-1">{heading}</h2>
            {content}
        </ModalBox>
    }
    .into_any()
}

fn refusal(board: &Board, note: AnyView, close: &'static str) -> AnyView {
    let back = cancel(board, "btn", close);
    view! { {note} <div class="form__acts">{back}</div> }.into_any()
}

/// Leaves the dialog; what Escape does, too.
fn cancel(board: &Board, class: &'static str, words: &'static str) -> AnyView {
    let back = format!("{}#{OPENER}", board.link(&[]));
    view! { <a class=class href=back data-cancel="">{words}</a> }.into_any()
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
                {cancel(board, "btn btn--quiet", t.cancel())}
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
    for code in own.chain(super::adding::busiest(&board.volumes).into_iter().map(|(code, _)| code))
    {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.truncate(board.limit.unwrap_or(PROPOSALS).min(PROPOSALS));
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
                    <td>{time::date(ask.lang, price.valid_from, &Zone::default())}</td>
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

/// What the last 30 days' parcels would have cost: as the switches are set, and with everything on.
fn forecast(ask: &Ask, board: &Board, price: &PriceView) -> String {
    let cost = |events: i64| {
        let sum = Money::new(price.price.micros.saturating_mul(events), price.price.currency);
        money::amount(ask.lang, sum.rounded())
    };
    let told = board
        .volumes
        .iter()
        .filter_map(|volume| Some((volume.country, volume.status.tracking()?, volume.events)));
    let events: i64 = told.clone().map(|(_, _, events)| events).sum();
    if events == 0 {
        return ask.t.tracking_forecast_none().to_owned();
    }
    // A matrix that was prepared already says more than everything on.
    let prepared: i64 = told
        .filter(|(country, status, _)| {
            let row = board.settings.countries.get(country);
            row.is_some_and(|row| row.on && row.statuses.contains(status))
        })
        .map(|(_, _, events)| events)
        .sum();
    let all = ask.t.tracking_forecast(number::whole(ask.lang, events), cost(events));
    if prepared == 0 {
        return all;
    }
    let prepared = ask.t.tracking_forecast_set(number::whole(ask.lang, prepared), cost(prepared));
    format!("{prepared} {all}")
}
