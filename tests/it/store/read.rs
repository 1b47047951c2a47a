//! The log, its details and its counts.

use super::world::{Journey, World, at, country, finished, phone, provider_id};
use dispatch::attempt::{Answer, Failure};
use dispatch::brand::ChannelState;
use dispatch::channel::Channel;
use dispatch::decision::{RuleCode, RuleResult, Verdict};
use dispatch::error::Result;
use dispatch::event::EventStatus;
use dispatch::id::{BrandId, DecisionId, EventId, InvoiceId, MessageId};
use dispatch::message::MessageState;
use dispatch::money::{Currency, Money};
use dispatch::port::{Backlog, Pulse, Settlement};
use dispatch::receipt::ReceiptKind;
use dispatch::source::Source;
use dispatch::view::{LogCounts, LogFilter, LogRow, LogTab, Page};
use std::time::Duration;

both![
    the_log_comes_in_pages_newest_first,
    every_filter_finds_what_it_names,
    tabs_and_counts_agree,
    reasons_are_counted_most_frequent_first,
    a_case_tells_the_whole_history,
    what_was_not_sent_has_a_case_too,
    events_are_found_by_what_they_say,
    the_overview_counts_a_day_and_a_month,
    the_backlog_counts_each_stage,
    a_pulse_tells_how_the_newest_calls_went,
    every_brand_has_its_channel,
];

fn every() -> LogFilter {
    LogFilter { limit: 50, ..LogFilter::default() }
}

fn decisions(page: Result<Page<LogRow>>) -> Vec<DecisionId> {
    page.expect("asked").rows.into_iter().map(|row| row.decision).collect()
}

async fn the_log_comes_in_pages_newest_first(world: World) {
    let tenant = world.tenant("ada").await;
    let mut made = Vec::new();
    for parcel in 1..=5i64 {
        let reason = (parcel % 2 == 0).then_some(RuleCode::StatusOn);
        let journey = world.journey(&tenant, &parcel.to_string(), at(parcel), reason).await;
        made.insert(0, journey.decision);
    }
    let mut filter = LogFilter { limit: 2, ..every() };
    let mut seen = Vec::new();
    loop {
        let page = world.store.log(tenant.account, &filter).await.expect("asked");
        seen.extend(page.rows.iter().map(|row| row.decision));
        filter.before = seen.last().copied();
        if !page.more {
            break;
        }
        assert_eq!(page.rows.len(), 2);
    }
    assert_eq!(seen, made);
    let row = &world.store.log(tenant.account, &every()).await.expect("asked").rows[0];
    assert_eq!((row.brand, row.at, row.channel), (tenant.brand, at(6), Channel::Whatsapp));
    assert_eq!((row.status, row.country), (EventStatus::Delivered, Some(country("FR"))));
    assert_eq!((row.order_number.as_deref(), row.phone.clone()), (Some("O-5"), Some(phone("5"))));
    assert_eq!((row.verdict, row.reason), (Verdict::Send, None));
    assert_eq!((row.state, row.charged), (Some(MessageState::Queued), None));
}

async fn every_filter_finds_what_it_names(world: World) {
    let tenant = world.tenant("ada").await;
    let (one, claimed) = world.delivered(&tenant, "1", at(1)).await;
    let two = world.journey(&tenant, "2", at(10), Some(RuleCode::StatusOn)).await;
    let three = world.journey(&tenant, "3", at(20), None).await;
    let find = async |filter: LogFilter| decisions(world.store.log(tenant.account, &filter).await);
    let all = [three.decision, two.decision, one.decision];
    let only = |journey: &Journey| vec![journey.decision];

    assert_eq!(find(every()).await, all);
    assert_eq!(find(LogFilter { brand: Some(tenant.brand), ..every() }).await, all);
    let other = BrandId::mint(at(9), &world.ids);
    assert!(find(LogFilter { brand: Some(other), ..every() }).await.is_empty());
    let status = Some(EventStatus::Delivered);
    assert_eq!(find(LogFilter { status, ..every() }).await, all);
    let status = Some(EventStatus::Shipped);
    assert!(find(LogFilter { status, ..every() }).await.is_empty());
    assert_eq!(find(LogFilter { country: Some(country("FR")), ..every() }).await, all);
    assert!(find(LogFilter { country: Some(country("DE")), ..every() }).await.is_empty());
    let reason = Some(RuleCode::StatusOn);
    assert_eq!(find(LogFilter { reason, ..every() }).await, only(&two));
    let state = Some(MessageState::Delivered);
    assert_eq!(find(LogFilter { state, ..every() }).await, only(&one));
    let order_number = Some("O-2".to_owned());
    assert_eq!(find(LogFilter { order_number: order_number.clone(), ..every() }).await, only(&two));
    let tracking_number = Some("T-3".to_owned());
    let by_tracking = LogFilter { tracking_number, ..every() };
    assert_eq!(find(by_tracking.clone()).await, only(&three));
    assert_eq!(find(LogFilter { phone: Some(phone("1")), ..every() }).await, only(&one));
    assert_eq!(find(LogFilter { message: one.message, ..every() }).await, only(&one));
    let provider = Some(provider_id(&claimed));
    assert_eq!(find(LogFilter { provider_id: provider.clone(), ..every() }).await, only(&one));
    assert_eq!(find(LogFilter { delivery: Some(two.delivery), ..every() }).await, only(&two));
    // Together they narrow each other.
    assert!(find(LogFilter { order_number, ..by_tracking.clone() }).await.is_empty());
    assert!(find(LogFilter { provider_id: provider, ..by_tracking.clone() }).await.is_empty());
    assert!(find(LogFilter { tab: LogTab::NotSent, ..by_tracking.clone() }).await.is_empty());
    assert_eq!(find(LogFilter { tab: LogTab::Sent, ..by_tracking }).await, only(&three));
}

async fn tabs_and_counts_agree(world: World) {
    let tenant = world.tenant("ada").await;
    let sent = world.journey(&tenant, "1", at(1), None).await;
    let skipped = world.journey(&tenant, "2", at(2), Some(RuleCode::StatusOn)).await;
    world.send_all(at(3)).await;
    let failed = world.journey(&tenant, "3", at(4), None).await;
    let claimed = world.claim(at(5)).await;
    let settlement = Settlement::Failed { code: "131026".into(), waits: None };
    let refused = super::world::finished(&claimed[0], None, settlement, at(5));
    world.store.finish(&[refused]).await.expect("finished");
    let unknown = world.journey(&tenant, "4", at(6), None).await;
    world.claim(at(7)).await;
    world.store.rescue("other", true, at(8), at(100)).await.expect("rescued");

    let tab =
        async |tab| decisions(world.store.log(tenant.account, &LogFilter { tab, ..every() }).await);
    assert_eq!(tab(LogTab::NotSent).await, [skipped.decision]);
    assert_eq!(tab(LogTab::Failed).await, [unknown.decision, failed.decision]);
    assert_eq!(tab(LogTab::Sent).await, [unknown.decision, failed.decision, sent.decision]);
    assert!(tab(LogTab::Held).await.is_empty());
    let state = Some(MessageState::Unknown);
    let page = world.store.log(tenant.account, &LogFilter { state, ..every() }).await;
    assert_eq!(decisions(page), [unknown.decision]);

    let counts = async |brand, since| {
        world.store.log_counts(tenant.account, brand, since).await.expect("asked")
    };
    let all = LogCounts { all: 4, not_sent: 1, held: 0, failed: 2, waiting: 0 };
    assert_eq!(counts(None, at(0)).await, all);
    assert_eq!(counts(Some(tenant.brand), at(0)).await, all);
    let late = LogCounts { all: 1, not_sent: 0, held: 0, failed: 1, waiting: 0 };
    assert_eq!(counts(None, at(6)).await, late);
    let other = BrandId::mint(at(9), &world.ids);
    assert_eq!(counts(Some(other), at(0)).await, LogCounts::default());
}

async fn reasons_are_counted_most_frequent_first(world: World) {
    let tenant = world.tenant("ada").await;
    let reasons = [RuleCode::CountryOn, RuleCode::StatusOn, RuleCode::StatusOn];
    for (i, reason) in (1i64..).zip(reasons) {
        world.journey(&tenant, &i.to_string(), at(10 * i), Some(reason)).await;
    }
    world.journey(&tenant, "4", at(40), None).await;
    let counted = async |since| {
        let counts = world.store.reasons(tenant.account, Some(tenant.brand), since).await;
        let counts = counts.expect("asked").into_iter();
        counts.map(|c| (c.reason, c.count, c.last_at)).collect::<Vec<_>>()
    };
    let all = [(RuleCode::StatusOn, 2, at(31)), (RuleCode::CountryOn, 1, at(11))];
    assert_eq!(counted(at(0)).await, all);
    assert_eq!(counted(at(25)).await, [(RuleCode::StatusOn, 1, at(31))]);
    let other = BrandId::mint(at(9), &world.ids);
    assert_eq!(world.store.reasons(tenant.account, Some(other), at(0)).await, Ok(vec![]));
}

async fn a_case_tells_the_whole_history(world: World) {
    let tenant = world.tenant("ada").await;
    let (journey, claimed) = world.delivered(&tenant, "1", at(1)).await;
    // One more receipt, kept and not applied yet.
    let read = world.receipt(&claimed, ReceiptKind::Read, at(9));
    world.store.store_receipts(&[read], &[]).await.expect("kept");

    let case = world.store.case(tenant.account, journey.decision).await.expect("asked");
    let case = case.expect("a case");
    let message = journey.message.expect("a message");
    assert_eq!(world.store.case_of_message(tenant.account, message).await, Ok(Some(case.clone())));
    let page = world.store.log(tenant.account, &every()).await.expect("asked");
    assert_eq!(case.row, page.rows[0]);
    assert_eq!(case.row.charged, Some(Money::new(140_000, Currency::EUR)));
    assert_eq!((case.brand_name.as_str(), case.connection), ("ada Shop", tenant.connection));
    assert_eq!((case.source, case.event.facts.clone()), (Source::Sendcloud, journey.event.facts));
    assert_eq!((case.rules.len(), case.rules[0].result), (1, RuleResult::Passed));
    assert_eq!(&case.rules[0].saw["status"], "delivered \"quoted\"");

    let shown = case.message.expect("a message");
    assert_eq!((shown.id, shown.state, shown.to), (message, MessageState::Delivered, phone("1")));
    assert_eq!(shown.name.as_deref(), Some("Zoé N'Goma"));
    assert_eq!((shown.template.as_str(), shown.template_version), ("facteur_delivered", 1));
    assert_eq!((shown.language.code(), shown.created_at), ("fr", at(2)));
    assert_eq!(shown.rendered.buttons[0].label, "Merci");
    assert_eq!(shown.attempts.len(), 1);
    assert_eq!(shown.attempts[0].provider_id, Some(provider_id(&claimed)));
    let receipts: Vec<_> = shown.receipts.iter().map(|r| (r.kind, r.received_at)).collect();
    assert_eq!(receipts, [(ReceiptKind::Delivered, at(3)), (ReceiptKind::Read, at(9))]);
    assert_eq!(shown.charges.len(), 1);
    let charge = &shown.charges[0];
    assert_eq!((charge.amount, charge.charged_at), (Money::new(140_000, Currency::EUR), at(3)));
    assert_eq!((charge.rate.as_str(), charge.invoice), ("whatsapp-growth-2025-01-01", None));
}

async fn what_was_not_sent_has_a_case_too(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), Some(RuleCode::TagsResolved)).await;
    let case = world.store.case(tenant.account, journey.decision).await.expect("asked");
    let case = case.expect("a case");
    assert_eq!((case.row.verdict, case.row.reason), (Verdict::Skip, Some(RuleCode::TagsResolved)));
    assert_eq!((case.rules[0].code, case.message), (RuleCode::TagsResolved, None));
    let unknown = DecisionId::mint(at(9), &world.ids);
    assert_eq!(world.store.case(tenant.account, unknown).await, Ok(None));
    let unknown = MessageId::mint(at(9), &world.ids);
    assert_eq!(world.store.case_of_message(tenant.account, unknown).await, Ok(None));
    let unknown = InvoiceId::mint(at(9), &world.ids);
    assert_eq!(world.store.invoice(tenant.account, unknown).await, Ok(None));
}

async fn events_are_found_by_what_they_say(world: World) {
    let tenant = world.tenant("ada").await;
    let one = world.journey(&tenant, "1", at(1), None).await;
    let two = world.journey(&tenant, "2", at(2), None).await;
    let three = world.journey(&tenant, "3", at(3), None).await;
    let page = async |filter: LogFilter, before| {
        world.store.events(tenant.account, &filter, before).await.expect("asked")
    };
    let find = async |filter| -> Vec<EventId> {
        page(filter, None).await.rows.into_iter().map(|e| e.id).collect()
    };
    let ids = |journeys: &[&Journey]| journeys.iter().map(|j| j.event.id).collect::<Vec<_>>();
    assert_eq!(find(every()).await, ids(&[&three, &two, &one]));
    let first = page(LogFilter { limit: 2, ..every() }, None).await;
    assert!(first.more);
    let rest = page(LogFilter { limit: 2, ..every() }, Some(first.rows[1].id)).await;
    assert!(!rest.more);
    assert_eq!(rest.rows.iter().map(|e| e.id).collect::<Vec<_>>(), ids(&[&one]));
    let order_number = Some("O-2".to_owned());
    assert_eq!(
        find(LogFilter { order_number: order_number.clone(), ..every() }).await,
        ids(&[&two])
    );
    let tracking_number = Some("T-3".to_owned());
    let by_tracking = LogFilter { tracking_number, ..every() };
    assert_eq!(find(by_tracking.clone()).await, ids(&[&three]));
    assert!(find(LogFilter { order_number, ..by_tracking }).await.is_empty());
    let delivery = Some(one.delivery);
    assert_eq!(find(LogFilter { delivery, ..every() }).await, ids(&[&one]));
    assert_eq!(find(LogFilter { phone: Some(phone("2")), ..every() }).await, ids(&[&two]));
    let status = Some(EventStatus::Shipped);
    assert!(find(LogFilter { status, ..every() }).await.is_empty());
    assert!(find(LogFilter { country: Some(country("DE")), ..every() }).await.is_empty());
    let brand = Some(BrandId::mint(at(9), &world.ids));
    assert!(find(LogFilter { brand, ..every() }).await.is_empty());

    let view = world.store.event(tenant.account, one.event.id).await.expect("asked");
    let view = view.expect("an event");
    assert_eq!((view.brand, view.delivery), (tenant.brand, one.delivery));
    assert_eq!((view.status, view.direction), (one.event.status, one.event.direction));
    assert_eq!((view.occurred_at, view.received_at), (one.event.occurred_at, at(1)));
    assert_eq!((view.facts, view.test), (one.event.facts, false));
    let unknown = EventId::mint(at(9), &world.ids);
    assert_eq!(world.store.event(tenant.account, unknown).await, Ok(None));
}

async fn the_overview_counts_a_day_and_a_month(world: World) {
    let tenant = world.tenant("ada").await;
    let (empty, _) = world.account("bob").await;
    let nothing = world.store.overview(empty, at(0)).await.expect("asked");
    assert_eq!((nothing.brands, nothing.connections, nothing.activated), (0, 0, false));
    assert_eq!((nothing.first_delivered, nothing.cost_this_month.micros), (None, 0));

    let mut simulator = world.new_connection(tenant.brand);
    simulator.source = Source::Simulator;
    world.store.create_connection(tenant.account, &simulator).await.expect("made");
    let yesterday = -(26 * 3600);
    world.delivered(&tenant, "1", at(yesterday)).await;
    let (newest, _) = world.delivered(&tenant, "2", at(10)).await;
    world.journey(&tenant, "3", at(20), Some(RuleCode::StatusOn)).await;
    world.journey(&tenant, "4", at(30), None).await;
    world.claim(at(31)).await;
    world.store.rescue("other", true, at(32), at(100)).await.expect("rescued");

    let view = world.store.overview(tenant.account, at(60)).await.expect("asked");
    assert_eq!((view.brands, view.connections, view.activated), (1, 1, true));
    assert_eq!((view.events_today, view.messages_today, view.delivered_today), (3, 2, 1));
    assert_eq!((view.failed_today, view.not_sent_today), (1, 1));
    assert_eq!(view.cost_this_month, Money::new(280_000, Currency::EUR));
    let first = view.first_delivered.expect("a delivered message");
    assert_eq!((first.decision, first.state), (newest.decision, Some(MessageState::Delivered)));
}

async fn the_backlog_counts_each_stage(world: World) {
    assert_eq!(world.store.ping().await, Ok(()));
    assert_eq!(world.store.backlog(at(0)).await, Ok(Backlog::default()));
    let tenant = world.tenant("ada").await;
    let waiting = world.new_delivery(&tenant, at(1));
    world.store.store_deliveries(&[waiting]).await.expect("kept");
    let told = world.new_delivery(&tenant, at(1));
    world.understand(&told, vec![world.new_event(&tenant, &told, "1")]).await;
    world.journey(&tenant, "2", at(1), None).await;
    let claimed = world.send_all(at(2)).await;
    let receipt = world.receipt(&claimed[0], ReceiptKind::Sent, at(3));
    world.store.store_receipts(&[receipt], &[]).await.expect("kept");
    world.journey(&tenant, "3", at(4), None).await;
    world.journey(&tenant, "4", at(8), None).await;
    let expected = Backlog {
        stranded: 0,
        deliveries: 1,
        events: 1,
        messages: 2,
        unknown: 0,
        receipts: 1,
        oldest_delivery: Duration::from_secs(6),
        oldest_event: Duration::from_secs(6),
        oldest_due: Duration::from_secs(2),
        oldest_receipt: Duration::from_secs(4),
    };
    assert_eq!(world.store.backlog(at(7)).await, Ok(expected));
}

async fn a_pulse_tells_how_the_newest_calls_went(world: World) {
    let pulses = async |since| world.store.pulses(at(since)).await.expect("asked");
    assert_eq!(pulses(0).await, []);
    let tenant = world.tenant("ada").await;
    world.journey(&tenant, "1", at(1), None).await;
    world.send_all(at(2)).await;
    world.journey(&tenant, "2", at(3), None).await;
    let claimed = world.claim(at(4)).await;
    let well = Pulse { channel: Channel::Whatsapp, taken_at: Some(at(2)), troubled_at: None };
    assert_eq!(pulses(0).await, [well], "what has not ended says nothing");
    let failure = Failure { code: "connection".into(), ..Failure::default() };
    let again = Settlement::Again(at(9));
    let ended = finished(&claimed[0], Some(Answer::Retry(failure)), again, at(5));
    world.store.finish(&[ended]).await.expect("finished");
    let troubled = Pulse { troubled_at: Some(at(5)), ..well };
    assert_eq!(pulses(0).await, [troubled]);
    assert!(well.is_well() && !troubled.is_well());
    assert_eq!(
        pulses(3).await,
        [Pulse { taken_at: None, ..troubled }],
        "what is old is not looked at"
    );
    world.send_all(at(10)).await;
    assert!(pulses(0).await[0].is_well());
}

async fn every_brand_has_its_channel(world: World) {
    let tenant = world.tenant("ada").await;
    let quiet = BrandId::mint(at(5), &world.ids);
    let new = super::world::new_brand("Quiet");
    world.store.create_brand(tenant.account, quiet, &new, at(5)).await.expect("made");
    let channels = world.store.channels(tenant.account).await.expect("asked");
    assert_eq!(channels.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [tenant.brand, quiet]);
    assert_eq!((channels[0].1.state, channels[0].1.countries_on()), (ChannelState::On, 2));
    assert_eq!((channels[1].1.state, channels[1].1.version), (ChannelState::Off, 0));
    let settings =
        world.store.channel_settings(tenant.account, tenant.brand, Channel::Whatsapp).await;
    assert_eq!(settings.as_ref(), Ok(&channels[0].1));
}
