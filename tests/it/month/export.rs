//! What can be seen of the month: a line for each decision with its message, then the invoice.

use crate::store::world::{Tenant, World};
use dispatch::id::{DecisionId, InvoiceId};
use dispatch::view::{CaseView, LogFilter, MessageView};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use std::fmt::Write as _;

/// Whether something of it, once counted, is wrong: panics.
pub async fn lines(world: &World, tenant: &Tenant, invoices: &[InvoiceId]) -> String {
    let mut text = String::new();
    let mut before: Option<DecisionId> = None;
    let (mut delivered, mut charged) = (0, 0);
    loop {
        let filter = LogFilter { before, limit: 500, ..LogFilter::default() };
        let page = world.store.log(tenant.account, &filter).await.expect("a log");
        before = page.rows.last().map(|row| row.decision);
        let cases: Vec<Option<CaseView>> = stream::iter(page.rows)
            .map(|row| world.store.case(tenant.account, row.decision))
            .buffered(4)
            .try_collect()
            .await
            .expect("cases");
        for case in cases.into_iter().flatten() {
            if let Some(message) = &case.message {
                delivered += i64::from(message.state.reached());
                charged += i64::try_from(message.charges.len()).expect("few");
            }
            line(&mut text, &case).expect("written");
        }
        if !page.more {
            break;
        }
    }
    assert_eq!(delivered, charged, "what was delivered is charged, and nothing else");
    let mut billed = 0;
    for id in invoices {
        let found = world.store.invoice(tenant.account, *id).await.expect("asked");
        let detail = found.expect("an invoice");
        let head = &detail.invoice;
        assert_eq!(detail.ledger_total, head.total, "the ledger agrees");
        billed += head.messages;
        writeln!(text, "invoice {} {} {:?} {}", head.number, head.month, head.total, head.messages)
            .expect("written");
        for line in &detail.lines {
            let (unit, amount) = (line.unit_price, line.amount);
            let what = (line.channel, line.country, line.kind, line.quantity);
            writeln!(text, "  {what:?} {unit:?} {amount:?}").expect("written");
        }
    }
    assert_eq!(billed, charged, "every charge is billed");
    text
}

fn line(text: &mut String, case: &CaseView) -> std::fmt::Result {
    let row = &case.row;
    let order = row.order_number.as_deref().unwrap_or("-");
    write!(text, "{} {order} {} {} {}", row.decision, row.status, row.at, row.verdict)?;
    for rule in &case.rules {
        write!(text, " {}={}{:?}", rule.code, rule.result, rule.saw)?;
    }
    writeln!(text)?;
    case.message.as_ref().map_or(Ok(()), |message| of_message(text, message))
}

fn of_message(text: &mut String, message: &MessageView) -> std::fmt::Result {
    let MessageView { id, state, to, template, language, rendered, failure, .. } = message;
    writeln!(text, "  {id} {state} {to} {template} {language} {failure:?} {:?}", rendered.body)?;
    for one in &message.attempts {
        let ended = one.finished_at.map(|at| at.to_string());
        write!(text, "  attempt {} {} {ended:?}", one.number, one.started_at)?;
        writeln!(text, " {:?} {:?} {:?}", one.outcome, one.code, one.provider_id)?;
    }
    for one in &message.receipts {
        writeln!(text, "  receipt {} {} {:?}", one.kind, one.received_at, one.code)?;
    }
    for one in &message.charges {
        writeln!(
            text,
            "  {} {} {:?} {} {}",
            one.id, one.kind, one.amount, one.charged_at, one.rate
        )?;
    }
    Ok(())
}
