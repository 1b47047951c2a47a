//! The running month, the invoices, and one invoice.

mod invoice;

pub use invoice::invoice;

use super::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::time::Zone;
use crate::text::{Text, country, money, number, reason, status, time};
use crate::ui::art::Picture;
use crate::ui::layout::Column;
use crate::ui::{self, Kind, State, flag};
use dispatch::channel::Channel;
use dispatch::invoice::InvoiceState;
use dispatch::money::{Currency, Money};
use dispatch::tenant::Permission;
use dispatch::time::Month;
use dispatch::view::{InvoiceView, UsageLine};
use leptos::prelude::*;

/// The running month and all invoices.
pub async fn billing(ask: Ask) -> Result<Screen, Problem> {
    ask.need(Permission::ReadBilling)?;
    let account = ask.account()?;
    let now = ask.desk.now();
    let month = now.month();
    let store = ask.desk.store.clone();
    let usage = store.usage(account, month).await?;
    let invoices = store.invoices(account).await?;
    let prices = store.prices(account, Channel::Whatsapp, now).await?;
    let t = ask.t;
    let plan = ask.guest()?.account.plan;
    let price = prices.iter().find(|price| price.plan == plan);

    let sum = total(usage.iter().map(|line| line.amount));
    let messages: i64 = usage.iter().map(|line| line.quantity).sum();
    let next = time::date(ask.lang, month.end(), &Zone::default());
    let plan_words = price.map_or_else(
        || t.billing_plan_free().to_owned(),
        |price| {
            t.billing_plan_price(money::unit_price(ask.lang, price.price), price.price.currency)
        },
    );
    let figures = view! {
        <div class="figures figures--bill">
            <div class="figure">
                <span>{t.billing_so_far(time::month(ask.lang, month))}</span>
                <b class="big">{money::amount(ask.lang, sum.rounded())}</b>
                <span>{t.billing_messages(messages)}</span>
            </div>
            <div class="figure">
                <span>{t.billing_plan()}</span>
                <b class="big">{reason::plan(plan)}</b>
                <span>{plan_words}</span>
            </div>
            <div class="figure">
                <span>{t.billing_next()}</span>
                <b class="big">{next.clone()}</b>
                <span>{t.billing_next_words()}</span>
            </div>
        </div>
    };
    let body = view! {
        <div class="page">
            {ui::page_head(t.billing_title(), t.billing_lead(), ())}
            <div class="stack--wide">
                {figures}
                {running(&ask, month, &usage)}
                {list(&ask, &invoices, next)}
            </div>
        </div>
    };
    Ok(Screen::framed(t.billing_title(), Entry::Billing, body))
}

/// A sum of one currency; nothing adds up to zero euros.
fn total(amounts: impl Iterator<Item = Money>) -> Money {
    amounts
        .reduce(|sum, amount| sum.plus(amount).unwrap_or(sum))
        .unwrap_or(Money::new(0, Currency::EUR))
}

/// What was delivered this month, by brand and country.
fn running(ask: &Ask, month: Month, usage: &[UsageLine]) -> AnyView {
    let t = ask.t;
    let currency = usage.first().map_or(Currency::EUR, |line| line.unit_price.currency);
    let content = if usage.is_empty() {
        ui::empty(
            Picture::Flight,
            t.billing_no_usage(),
            t.billing_no_usage_words(),
            ui::button_link(Kind::Plain, route::SIMULATE, None, t.messages_simulate()),
        )
    } else {
        let columns = vec![
            Column::words(t.billing_brand()),
            Column::words(t.billing_country()),
            Column::words(t.billing_channel()),
            Column::figures(t.billing_quantity()),
            Column::figures(t.billing_unit(currency)),
            Column::figures(t.billing_amount(currency)),
        ];
        let rows = usage
            .iter()
            .map(|line| {
                view! {
                    <tr>
                        <td>{line.brand_name.clone()}</td>
                        <td>
                            <a class="row" href=messages(line)>
                                {flag(line.country.code())}{country::name(ask.lang, line.country.code())}
                            </a>
                        </td>
                        <td class="muted">{status::channel(t, line.channel)}</td>
                        <td class="num">{number::whole(ask.lang, line.quantity)}</td>
                        <td class="num muted">{money::unit_price(ask.lang, line.unit_price)}</td>
                        <td class="num">{money::figure(ask.lang, line.amount)}</td>
                    </tr>
                }
            })
            .collect_view();
        let caption = t.billing_running_caption(time::month(ask.lang, month));
        view! {
            <div class="only-wide">{ui::table("", caption, columns, rows)}</div>
            {usage_cards(ask, usage)}
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="running">
            <h2 id="running">{t.billing_running(time::month(ask.lang, month))}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn list(ask: &Ask, invoices: &[InvoiceView], next: String) -> AnyView {
    let t = ask.t;
    let content = if invoices.is_empty() {
        ui::empty(Picture::Letterbox, t.billing_no_invoice(), t.billing_no_invoice_words(next), ())
    } else {
        let columns = vec![
            Column::words(t.billing_number()),
            Column::words(t.billing_period()),
            Column::words(t.messages_state()),
            Column::words(t.billing_issued()),
            Column::figures(t.billing_quantity()),
            Column::figures(t.billing_total()),
        ];
        let rows = invoices
            .iter()
            .map(|invoice| {
                let (sign, word) = state(t, invoice.state);
                view! {
                    <tr>
                        <td><a href=route::invoice(invoice.id)><b>{invoice.number.clone()}</b></a></td>
                        <td>{time::month(ask.lang, invoice.month)}</td>
                        <td>{ui::state_word(sign, word)}</td>
                        <td class="faint nowrap">{time::date(ask.lang, invoice.issued_at, &ask.zone)}</td>
                        <td class="num">{number::whole(ask.lang, invoice.messages)}</td>
                        <td class="num">{money::amount(ask.lang, invoice.total)}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <div class="only-wide">{ui::table("", t.billing_invoices_caption(), columns, rows)}</div>
            {invoice_cards(ask, invoices)}
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="invoices">
            <h2 id="invoices">{t.billing_invoices()}</h2>
            {content}
        </section>
    }
    .into_any()
}

/// The running month on a phone.
fn usage_cards(ask: &Ask, usage: &[UsageLine]) -> AnyView {
    let items = usage
        .iter()
        .map(|line| {
            let unit = money::unit_price(ask.lang, line.unit_price);
            let quantity = number::whole(ask.lang, line.quantity);
            view! {
                <li>
                    <a href=messages(line)>
                        <span class="row">
                            {flag(line.country.code())}
                            <b>{country::name(ask.lang, line.country.code())}</b>
                        </span>
                        <span class="num">{money::amount(ask.lang, line.amount)}</span>
                        <span class="faint">{line.brand_name.clone()} ", " {status::channel(ask.t, line.channel)}</span>
                        <span class="faint num">{quantity} " × " {unit}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="cards only-narrow">{items}</ul> }.into_any()
}

/// The invoices on a phone.
fn invoice_cards(ask: &Ask, invoices: &[InvoiceView]) -> AnyView {
    let items = invoices
        .iter()
        .map(|invoice| {
            let (sign, word) = state(ask.t, invoice.state);
            view! {
                <li>
                    <a href=route::invoice(invoice.id)>
                        <b>{invoice.number.clone()}</b>
                        <span class="num">{money::amount(ask.lang, invoice.total)}</span>
                        <span class="faint">{time::month(ask.lang, invoice.month)}</span>
                        <span class="faint num">{ask.t.billing_messages(invoice.messages)}</span>
                        <span class="why cards__state">{ui::state_word(sign, word)}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="cards only-narrow">{items}</ul> }.into_any()
}

/// The messages behind a line of the running month.
fn messages(line: &UsageLine) -> String {
    route::with_query(
        route::MESSAGES,
        &[("tab", "sent"), ("brand", &line.brand.to_string()), ("country", line.country.code())],
    )
}

/// An invoice's state: how it is drawn, and its word.
fn state(t: Text, state: InvoiceState) -> (State, &'static str) {
    match state {
        InvoiceState::Draft => (State::DRAFT, t.billing_state_draft()),
        InvoiceState::Open => (State::ATTENTION, t.billing_state_open()),
        InvoiceState::Paid => (State::GOOD, t.billing_state_paid()),
        InvoiceState::Void => (State::NOT_SENT, t.billing_state_void()),
    }
}
