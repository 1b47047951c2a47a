//! Invoices out of the ledger.

use super::world::{World, at, country};
use dispatch::channel::Channel;
use dispatch::id::ChargeId;
use dispatch::invoice::InvoiceState;
use dispatch::ledger::ChargeKind;
use dispatch::money::{Currency, Money};
use dispatch::plan::Plan;
use dispatch::port::Applied;
use dispatch::receipt::ReceiptKind;
use dispatch::time::{Month, Timestamp};
use dispatch::view::LogFilter;
use std::time::Duration;

both![
    a_month_is_closed_once,
    two_closings_at_once_make_one_invoice,
    what_comes_late_goes_to_the_next_invoice,
    a_reversal_is_given_back_on_a_line_of_its_own,
    usage_counts_the_month,
    prices_are_those_in_force,
];

fn november() -> Month {
    "2026-11".parse().expect("a month")
}

/// The first of December, 02:00.
fn december() -> Timestamp {
    november().end().plus(Duration::from_secs(7_200))
}

fn euros(micros: i64) -> Money {
    Money::new(micros, Currency::EUR)
}

async fn a_month_is_closed_once(world: World) {
    let tenant = world.tenant("ada").await;
    let idle = world.tenant("bob").await;
    for parcel in ["1", "2", "3"] {
        world.delivered(&tenant, parcel, at(10)).await;
    }
    let mut skewed = world.store.accounts_to_bill(november()).await.expect("asked");
    assert_eq!(skewed, [tenant.account]);
    let close = async |account| {
        world.store.close_month(account, november(), december(), &world.ids).await.expect("closed")
    };
    let id = close(tenant.account).await.expect("an invoice");
    assert_eq!(close(tenant.account).await, None, "twice changes nothing");
    assert_eq!(close(idle.account).await, None, "nothing to bill");
    skewed = world.store.accounts_to_bill(november()).await.expect("asked");
    assert!(skewed.is_empty());

    let invoices = world.store.invoices(tenant.account).await.expect("asked");
    assert_eq!(invoices.len(), 1);
    let invoice = &invoices[0];
    assert_eq!((invoice.id, invoice.month, invoice.state), (id, november(), InvoiceState::Open));
    assert_eq!((invoice.number.as_str(), invoice.issued_at), ("2026-11-0001", december()));
    assert_eq!((invoice.total, invoice.messages), (euros(420_000), 3));
    let detail = world.store.invoice(tenant.account, id).await.expect("asked").expect("a detail");
    assert_eq!((&detail.invoice, detail.ledger_total), (invoice, euros(420_000)));
    assert_eq!((detail.account.id, detail.account.plan), (tenant.account, Plan::Growth));
    assert_eq!(detail.lines.len(), 1);
    let line = &detail.lines[0];
    assert_eq!((line.brand_name.as_str(), line.channel), ("ada Shop", Channel::Whatsapp));
    assert_eq!((line.country, line.kind), (country("FR"), ChargeKind::Charge));
    assert_eq!((line.unit_price, line.quantity), (euros(140_000), 3));
    assert_eq!(line.amount, euros(420_000));

    // A line opens its messages, a message names its line.
    let filter = LogFilter { invoice_line: Some(line.id), limit: 10, ..LogFilter::default() };
    let rows = world.store.log(tenant.account, &filter).await.expect("asked").rows;
    assert_eq!(rows.len(), 3);
    let case = world.store.case(tenant.account, rows[0].decision).await.expect("asked");
    let charge = &case.expect("a case").message.expect("a message").charges[0];
    assert_eq!((charge.invoice, charge.invoice_line), (Some(id), Some(line.id)));
}

async fn two_closings_at_once_make_one_invoice(world: World) {
    let tenant = world.tenant("ada").await;
    world.delivered(&tenant, "1", at(10)).await;
    let close = || world.store.close_month(tenant.account, november(), december(), &world.ids);
    let (one, other) = tokio::join!(close(), close());
    let made = [one.expect("closed"), other.expect("closed")];
    assert_eq!(made.iter().flatten().count(), 1);
    assert_eq!(world.store.invoices(tenant.account).await.expect("asked").len(), 1);
}

async fn what_comes_late_goes_to_the_next_invoice(world: World) {
    let tenant = world.tenant("ada").await;
    world.delivered(&tenant, "1", at(10)).await;
    // Closed early, at this moment: what is charged from now on is the next month's.
    let close = async |month: Month, now| {
        world.store.close_month(tenant.account, month, now, &world.ids).await.expect("closed")
    };
    let first = close(november(), at(100)).await.expect("an invoice");
    world.delivered(&tenant, "2", at(200)).await;
    world.delivered(&tenant, "3", december()).await;
    let before = world.store.accounts_to_bill(november()).await;
    assert_eq!(before, Ok(vec![tenant.account]));
    assert_eq!(close(november(), december()).await, None);
    let next = november().next();
    let second = close(next, next.end()).await.expect("an invoice");
    let invoices = world.store.invoices(tenant.account).await.expect("asked");
    let shown: Vec<_> = invoices.iter().map(|i| (i.id, i.number.as_str(), i.messages)).collect();
    assert_eq!(shown, [(second, "2026-12-0002", 2), (first, "2026-11-0001", 1)]);
}

async fn a_reversal_is_given_back_on_a_line_of_its_own(world: World) {
    let tenant = world.tenant("ada").await;
    let (journey, claimed) = world.delivered(&tenant, "1", at(10)).await;
    world.delivered(&tenant, "2", at(10)).await;
    let receipt = world.receipt(&claimed, ReceiptKind::Failed, at(50));
    world.store.store_receipts(std::slice::from_ref(&receipt), &[]).await.expect("kept");
    let reversal = Some(ChargeId::mint(at(50), &world.ids));
    let applied = Applied { state: None, reversal, ..world.applied(&tenant, &claimed, &receipt) };
    world.store.commit_receipts(&[applied], at(50)).await.expect("applied");
    let case = world.store.case(tenant.account, journey.decision).await.expect("asked");
    let case = case.expect("a case");
    assert_eq!(case.row.charged, Some(euros(0)));
    let charges = case.message.expect("a message").charges;
    let amounts: Vec<_> = charges.iter().map(|c| (c.kind, c.amount)).collect();
    let both = [(ChargeKind::Charge, euros(140_000)), (ChargeKind::Reversal, euros(-140_000))];
    assert_eq!(amounts, both);
    let usage = world.store.usage(tenant.account, november()).await.expect("asked");
    assert_eq!((usage.len(), usage[0].quantity, usage[0].amount), (1, 1, euros(140_000)));

    let id = world.store.close_month(tenant.account, november(), december(), &world.ids).await;
    let id = id.expect("closed").expect("an invoice");
    let detail = world.store.invoice(tenant.account, id).await.expect("asked").expect("a detail");
    assert_eq!((detail.lines.len(), detail.invoice.messages), (2, 2));
    assert_eq!((detail.invoice.total, detail.ledger_total), (euros(140_000), euros(140_000)));
}

async fn usage_counts_the_month(world: World) {
    let tenant = world.tenant("ada").await;
    world.delivered(&tenant, "1", at(10)).await;
    world.delivered(&tenant, "2", at(20)).await;
    world.delivered(&tenant, "3", december()).await;
    let usage = world.store.usage(tenant.account, november()).await.expect("asked");
    assert_eq!(usage.len(), 1);
    let line = &usage[0];
    assert_eq!((line.brand, line.brand_name.as_str()), (tenant.brand, "ada Shop"));
    assert_eq!((line.channel, line.country), (Channel::Whatsapp, country("FR")));
    assert_eq!((line.unit_price, line.quantity, line.amount), (euros(140_000), 2, euros(280_000)));
    let october: Month = "2026-10".parse().expect("a month");
    assert_eq!(world.store.usage(tenant.account, october).await, Ok(vec![]));
}

async fn prices_are_those_in_force(world: World) {
    let tenant = world.tenant("ada").await;
    let prices = world.store.prices(tenant.account, Channel::Whatsapp, at(0)).await;
    let prices = prices.expect("asked");
    let shown: Vec<_> = prices.iter().map(|p| (p.plan, p.price)).collect();
    let all = [
        (Plan::Lite, euros(160_000)),
        (Plan::Growth, euros(140_000)),
        (Plan::Premium, euros(120_000)),
    ];
    assert_eq!(shown, all);
    assert_eq!(prices[1].rate, "whatsapp-growth-2025-01-01");
    let none = |channel, at| world.store.prices(tenant.account, channel, at);
    let of = async |channel| {
        let prices = none(channel, at(0)).await.expect("asked");
        prices.into_iter().map(|p| p.price.micros).collect::<Vec<_>>()
    };
    assert_eq!(of(Channel::Sms).await, [30_000, 20_000, 10_000]);
    assert_eq!(of(Channel::Email).await, [3_000, 2_000, 1_000]);
    let before = Timestamp::from_seconds(0);
    assert_eq!(none(Channel::Whatsapp, before).await, Ok(vec![]), "no price, no activation");
}
