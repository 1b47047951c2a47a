//! One invoice: parties, lines by brand, the total, and the proof that it matches the ledger.

use super::{state, total};
use crate::page::messages::word;
use crate::page::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::time::Zone;
use crate::text::{country, money, number, status, time};
use crate::ui::postmark::{Postmark, postmark};
use crate::ui::{self, Icon, flag, icon};
use dispatch::id::InvoiceLineId;
use dispatch::invoice::InvoiceState;
use dispatch::ledger::ChargeKind;
use dispatch::money::Money;
use dispatch::tenant::Permission;
use dispatch::time::Timestamp;
use dispatch::view::{InvoiceDetail, InvoiceLineView, LogFilter, LogRow};
use leptos::prelude::*;
use std::time::Duration;

/// So many messages are shown under a line that is opened.
const PEEK: i64 = 4;

/// One invoice, whose lines open their messages.
pub async fn invoice(ask: Ask) -> Result<Screen, Problem> {
    ask.need(Permission::ReadBilling)?;
    let account = ask.account()?;
    let store = ask.desk.store.clone();
    let detail = store.invoice(account, ask.id("invoice")?).await?.ok_or(Problem::NotFound)?;
    let opened: Option<InvoiceLineId> = ask.query_as("line");
    let peek = match opened {
        Some(line) => {
            let filter =
                LogFilter { invoice_line: Some(line), limit: PEEK, ..LogFilter::default() };
            store.log(account, &filter).await?.rows
        }
        None => Vec::new(),
    };
    let t = ask.t;
    let title = t.billing_invoice(&detail.invoice.number);
    let (sign, word) = state(t, detail.invoice.state);
    let body = view! {
        <div class="page page--bill">
            {ui::back_link(route::BILLING, t.billing_invoices())}
            <div class="page__head">
                <h1 class="row row--wrap">{title.clone()} {ui::state_box(sign, word)}</h1>
            </div>
            <div class="cols cols--bill">
                <section class="sheet" aria-label=title.clone()>
                    {parties(&ask, &detail)}
                    {lines(&ask, &detail, opened, &peek)}
                </section>
                <aside class="stack--wide">
                    {proof(&ask, &detail)}
                    {history(&ask, &detail)}
                </aside>
            </div>
        </div>
    };
    Ok(Screen::framed(title, Entry::Billing, body))
}

fn parties(ask: &Ask, detail: &InvoiceDetail) -> AnyView {
    let t = ask.t;
    let invoice = &detail.invoice;
    let last = Timestamp::from_micros(invoice.month.end().micros()).minus(Duration::from_secs(1));
    let host = ask.desk.site.base_url.split("://").nth(1).unwrap_or_default().to_owned();
    let paid = (invoice.state == InvoiceState::Paid).then(|| {
        postmark(Postmark {
            above: t.product().to_owned(),
            below: t.billing_state_paid().to_owned(),
            day: time::short_date(ask.lang, invoice.issued_at, &ask.zone),
            time: time::clock(invoice.issued_at, &ask.zone),
            year: invoice.issued_at.date().year.to_string(),
        })
    });
    view! {
        <div class="sheet__b parties">
            <div>
                <p class="small faint">{t.billing_to()}</p>
                <p><b>{detail.account.name.clone()}</b><br/>{country::name(ask.lang, detail.account.company_country.code())}</p>
            </div>
            <div>
                <p class="small faint">{t.billing_from()}</p>
                <p><b>{t.product()}</b><br/>{host}</p>
                {paid}
            </div>
            <dl class="kv">
                <dt>{t.billing_period()}</dt>
                <dd>{t.billing_span(time::date(ask.lang, last, &Zone::default()))}</dd>
                <dt>{t.billing_issued()}</dt><dd>{time::date(ask.lang, invoice.issued_at, &ask.zone)}</dd>
                <dt>{t.billing_quantity()}</dt><dd>{number::whole(ask.lang, invoice.messages)}</dd>
            </dl>
        </div>
    }
    .into_any()
}

/// Lines under their brand, corrections last.
fn lines(
    ask: &Ask,
    detail: &InvoiceDetail,
    opened: Option<InvoiceLineId>,
    peek: &[LogRow],
) -> AnyView {
    let t = ask.t;
    let currency = detail.invoice.total.currency;
    let (charges, reversals): (Vec<_>, Vec<_>) =
        detail.lines.iter().partition(|line| line.kind == ChargeKind::Charge);
    let mut sections: Vec<(String, Vec<&InvoiceLineView>)> = Vec::new();
    for line in charges {
        match sections.iter_mut().find(|(name, _)| *name == line.brand_name) {
            Some((_, lines)) => lines.push(line),
            None => sections.push((line.brand_name.clone(), vec![line])),
        }
    }
    if !reversals.is_empty() {
        sections.push((t.billing_corrections().to_owned(), reversals));
    }
    let bodies = sections
        .into_iter()
        .map(|(name, lines)| {
            let quantity: i64 = lines.iter().map(|line| line.quantity).sum();
            let amount = total(lines.iter().map(|line| line.amount));
            let rows = lines
                .into_iter()
                .map(|line| {
                    let open = opened == Some(line.id);
                    view! {
                        {row(ask, detail, line, open)}
                        {open.then(|| messages(ask, line, peek))}
                    }
                })
                .collect_view();
            view! {
                <tbody>
                    <tr class="sec">
                        <th scope="rowgroup" colspan="2">{name}</th>
                        <td class="num">{number::whole(ask.lang, quantity)}</td>
                        <td></td>
                        <td class="num">{money::figure(ask.lang, amount)}</td>
                    </tr>
                    {rows}
                </tbody>
            }
        })
        .collect_view();
    view! {
        <div class="scroll sheet__lines" tabindex="0" role="region" aria-label=t.billing_lines()>
            <table class="table table--bill">
                <caption class="sr">{t.billing_lines()}</caption>
                <colgroup><col/><col class="c-channel"/><col class="c-count"/><col class="c-unit"/><col class="c-amount"/></colgroup>
                <thead>
                    <tr>
                        <th scope="col">{t.billing_line()}</th>
                        <th scope="col">{t.billing_channel()}</th>
                        <th scope="col" class="num">{t.billing_quantity()}</th>
                        <th scope="col" class="num">{t.billing_unit(currency)}</th>
                        <th scope="col" class="num">{t.billing_amount(currency)}</th>
                    </tr>
                </thead>
                {bodies}
                <tfoot>
                    <tr class="due">
                        <td colspan="2"></td>
                        <th scope="row" colspan="2" class="num">{t.billing_total_in(currency)}</th>
                        <td class="num">{money::figure(ask.lang, detail.invoice.total)}</td>
                    </tr>
                </tfoot>
            </table>
            <p class="hint sheet__foot">{t.billing_rounding()}</p>
        </div>
    }
    .into_any()
}

fn row(ask: &Ask, detail: &InvoiceDetail, line: &InvoiceLineView, open: bool) -> AnyView {
    let t = ask.t;
    let land = country::name(ask.lang, line.country.code());
    let here = route::invoice(detail.invoice.id);
    let id = line.id.to_string();
    let toggle = if open { here } else { route::with_query(&here, &[("line", &id)]) };
    let name = if open { t.billing_peek_close(&land) } else { t.billing_peek(&land) };
    view! {
        <tr class=open.then_some("lead") id=id.clone()>
            <td>
                <span class="row billed">
                    <a class=if open { "iconbtn billed__more is-open" } else { "iconbtn billed__more" }
                        href=format!("{toggle}#{id}") aria-label=name>
                        {icon(Icon::Right)}
                    </a>
                    {flag(line.country.code())}
                    <a href=all(line)>{land.clone()}</a>
                </span>
            </td>
            <td class="muted">{status::channel(t, line.channel)}</td>
            <td class="num">{number::whole(ask.lang, line.quantity)}</td>
            <td class="num muted">{money::unit_price(ask.lang, line.unit_price)}</td>
            <td class="num">{money::figure(ask.lang, line.amount)}</td>
        </tr>
    }
    .into_any()
}

/// All messages a line bills.
fn all(line: &InvoiceLineView) -> String {
    route::with_query(route::MESSAGES, &[("line", &line.id.to_string())])
}

/// The newest messages of a line, under it.
fn messages(ask: &Ask, line: &InvoiceLineView, peek: &[LogRow]) -> AnyView {
    let t = ask.t;
    // Charges stay longer than the messages they are for.
    let gone = peek.len() < line.quantity.min(PEEK).try_into().unwrap_or(usize::MAX);
    let rows = peek
        .iter()
        .map(|row| {
            let (sign, state) = word::state(t, row);
            view! {
                <tr>
                    <td class="faint nowrap">{ui::moment(ask.lang, row.at, &ask.zone, time::short(ask.lang, row.at, &ask.zone))}</td>
                    <td><a href=word::page(row)>{word::title(t, row)}</a></td>
                    <td>{status::event(t, row.status)}</td>
                    <td>{ui::state_word(sign, state)}</td>
                    <td class="num">{row.charged.map(|amount| money::figure(ask.lang, amount))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <tr class="peek">
            <td colspan="5">
                <table class="table table--peek"><caption class="sr">{t.billing_peek_caption()}</caption><tbody>{rows}</tbody></table>
                <p class="peek__end">
                    <a href=all(line)>{t.billing_peek_all(line.quantity)}</a>
                    <span class="faint">{t.billing_peek_shown(peek.len())}</span>
                </p>
                {gone.then(|| view! { <p class="hint">{t.billing_peek_gone()}</p> })}
            </td>
        </tr>
    }
    .into_any()
}

/// The invoice against the single charges behind it, counted again for this page.
fn proof(ask: &Ask, detail: &InvoiceDetail) -> AnyView {
    let t = ask.t;
    let count = |kind: ChargeKind| -> i64 {
        detail.lines.iter().filter(|line| line.kind == kind).map(|line| line.quantity).sum()
    };
    let billed = detail.invoice.total;
    let ledger = detail.ledger_total;
    // Lines are rounded once each, so the exact sum may lie fractions of a cent beside the total.
    let exact: i64 = detail
        .lines
        .iter()
        .map(|line| line.unit_price.micros.saturating_mul(line.quantity))
        .fold(0, i64::saturating_add);
    let rounding = Money::new(billed.micros.saturating_sub(exact), billed.currency);
    let difference = Money::new(ledger.micros.saturating_sub(exact), billed.currency);
    let matches = difference.micros == 0 && ledger.currency == billed.currency;
    let now = time::short(ask.lang, ask.desk.now(), &ask.zone);
    let (heading, words) = if matches {
        (t.billing_matches(), t.billing_matches_words(now))
    } else {
        (t.billing_differs(), t.billing_differs_words().to_owned())
    };
    let sign = if matches { Icon::Delivered } else { Icon::Failed };
    let rounded = (rounding.micros != 0).then(|| {
        view! { <tr><th scope="row">{t.billing_rounded()}</th><td>{money::amount(ask.lang, rounding)}</td></tr> }
    });
    view! {
        <section class="card">
            <div class="card__b">
                <h2 class="row"><span class=if matches { "ok" } else { "not-ok" }>{ui::icon::sized(sign, ui::icon::Size::Large)}</span>{heading}</h2>
                <p class="muted case__note">{words}</p>
            </div>
            <div class="card__b">
                <table class="sums">
                    <caption class="sr">{t.billing_proof()}</caption>
                    <tbody>
                        <tr><th scope="row">{t.billing_charges()}</th><td>{number::whole(ask.lang, count(ChargeKind::Charge))}</td></tr>
                        <tr><th scope="row">{t.billing_reversals()}</th><td>{number::whole(ask.lang, count(ChargeKind::Reversal))}</td></tr>
                        <tr><th scope="row">{t.billing_ledger()}</th><td>{money::amount(ask.lang, ledger)}</td></tr>
                        {rounded}
                        <tr><th scope="row">{t.billing_invoice_sum()}</th><td>{money::amount(ask.lang, billed)}</td></tr>
                        <tr class="total"><th scope="row">{t.billing_difference()}</th><td>{money::amount(ask.lang, difference)}</td></tr>
                    </tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn history(ask: &Ask, detail: &InvoiceDetail) -> AnyView {
    let t = ask.t;
    let invoice = &detail.invoice;
    let issued = time::short_date(ask.lang, invoice.issued_at, &ask.zone);
    let last = match invoice.state {
        InvoiceState::Paid => Some(t.billing_state_paid()),
        InvoiceState::Void => Some(t.billing_state_void()),
        InvoiceState::Draft | InvoiceState::Open => None,
    };
    let content = view! {
        <ol class="line line--short">
            <li>
                <time datetime=time::machine(invoice.month.start())>{time::short_date(ask.lang, invoice.month.start(), &Zone::default())}</time>
                <i class="dot"></i>
                <span>{t.billing_began()}</span>
            </li>
            <li>
                <time datetime=time::machine(invoice.issued_at)>{issued}</time>
                <i class="done">{icon(Icon::Lock)}</i>
                <span>{t.billing_closed()}</span>
            </li>
            {last.map(|word| view! {
                <li><time></time><i class="done">{icon(Icon::Check)}</i><span>{word}</span></li>
            })}
        </ol>
    };
    ui::card(t.billing_history(), content)
}
