//! Receipts and what customers write.

use super::world::{World, at, country, phone};
use dispatch::channel::Channel;
use dispatch::consent::ConsentKind;
use dispatch::id::{AttemptId, ReceiptId, SenderId};
use dispatch::message::MessageState;
use dispatch::money::Money;
use dispatch::plan::Plan;
use dispatch::port::Inbound;
use dispatch::receipt::ReceiptKind;
use std::time::Duration;

both![
    a_callback_finds_its_sender,
    a_receipt_said_twice_is_kept_once,
    a_receipt_finds_its_message,
    a_sender_speaks_only_about_its_own_account,
    a_delivered_message_is_charged_once,
    states_only_move_forward,
    a_receipt_nobody_knows_rests_and_is_given_up,
    an_opt_out_takes_effect_with_the_message_that_says_it,
    the_published_prices_are_there,
    a_message_knows_its_text,
];

async fn a_callback_finds_its_sender(world: World) {
    let tenant = world.tenant("ada").await;
    let target = world.store.find_sender(tenant.sender).await.expect("asked").expect("a sender");
    assert_eq!((target.account, target.brand), (tenant.account, tenant.brand));
    assert_eq!((target.sender, target.phone_number_id.as_str()), (tenant.sender, "1065"));
    assert_eq!(target.app_secret.expose(), "app secret");
    assert_eq!(target.verify_token.expose(), "verify");
    let unknown = SenderId::mint(at(9), &world.ids);
    assert!(world.store.find_sender(unknown).await.expect("asked").is_none());
}

async fn a_receipt_said_twice_is_kept_once(world: World) {
    let tenant = world.tenant("ada").await;
    world.journey(&tenant, "1", at(1), None).await;
    let claimed = world.send_all(at(2)).await;
    let mut first = world.receipt(&claimed[0], ReceiptKind::Failed, at(3));
    (first.code, first.detail) = (Some("131049".into()), Some("Meta's choice".into()));
    let again = world.receipt(&claimed[0], ReceiptKind::Failed, at(4));
    let other = world.receipt(&claimed[0], ReceiptKind::Sent, at(4));
    let batch = [first.clone(), again.clone()];
    world.store.store_receipts(&batch, &[]).await.expect("kept");
    world.store.store_receipts(&[again, other.clone()], &[]).await.expect("kept");
    let waiting = world.store.unapplied(at(10), 10).await;
    assert_eq!(waiting, Ok(vec![first.clone(), other]));
    assert_eq!(world.store.unapplied(at(10), 1).await, Ok(vec![first]));
    assert_eq!(world.store.unapplied(at(2), 10).await, Ok(vec![]));
}

async fn a_receipt_finds_its_message(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let claimed = world.send_all(at(2)).await;
    let named = world.receipt(&claimed[0], ReceiptKind::Sent, at(3));
    let mut unnamed = world.receipt(&claimed[0], ReceiptKind::Delivered, at(3));
    unnamed.attempt = None;
    let mut misnamed = unnamed.clone();
    misnamed.attempt = Some(AttemptId::mint(at(9), &world.ids));
    let mut strange = unnamed.clone();
    strange.provider_id = "wamid.nobody".into();
    let subjects = world.store.subjects(&[strange, named, unnamed, misnamed]).await;
    let subjects = subjects.expect("asked");
    assert!(subjects[0].is_none());
    for subject in &subjects[1..] {
        let subject = subject.as_ref().expect("a subject");
        assert_eq!(Some(subject.standing.message), journey.message);
        assert_eq!(subject.standing.state, MessageState::Accepted);
        assert!(!subject.standing.charged);
        assert_eq!((subject.attempt, subject.brand), (claimed[0].attempt, tenant.brand));
        assert_eq!((subject.channel, subject.country), (Channel::Whatsapp, country("FR")));
        assert_eq!((subject.plan, subject.company_country), (Plan::Growth, country("FR")));
    }
}

async fn a_sender_speaks_only_about_its_own_account(world: World) {
    let (ada, bob) = (world.tenant("ada").await, world.tenant("bob").await);
    world.journey(&ada, "1", at(1), None).await;
    let claimed = world.send_all(at(2)).await;
    let mut forged = world.receipt(&claimed[0], ReceiptKind::Delivered, at(3));
    (forged.account, forged.sender) = (bob.account, bob.sender);
    let mut by_provider = forged.clone();
    by_provider.attempt = None;
    let subjects = world.store.subjects(&[forged, by_provider]).await.expect("asked");
    assert!(subjects.iter().all(Option::is_none));
}

async fn a_delivered_message_is_charged_once(world: World) {
    let tenant = world.tenant("ada").await;
    let (journey, claimed) = world.delivered(&tenant, "1", at(1)).await;
    world.receive(&tenant, &claimed, ReceiptKind::Read, at(9)).await;
    assert_eq!(world.store.unapplied(at(100), 10).await, Ok(vec![]), "both are done with");
    let case = world.store.case(tenant.account, journey.decision).await.expect("asked");
    let message = case.expect("a case").message.expect("a message");
    assert_eq!((message.state, message.charges.len()), (MessageState::Read, 1));
    assert_eq!(message.charges[0].charged_at, at(3), "the first receipt decides");
    let subject = world.receipt(&claimed, ReceiptKind::Read, at(10));
    let subjects = world.store.subjects(&[subject]).await.expect("asked");
    assert!(subjects[0].as_ref().expect("a subject").standing.charged);
}

async fn states_only_move_forward(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let claimed = world.send_all(at(2)).await.pop().expect("claimed");
    let state = async || {
        let case = world.store.case(tenant.account, journey.decision).await.expect("asked");
        case.expect("a case").message.expect("a message").state
    };
    for (kind, expected) in [
        (ReceiptKind::Failed, MessageState::Failed),
        (ReceiptKind::Sent, MessageState::Failed),
        (ReceiptKind::Read, MessageState::Read),
        (ReceiptKind::Delivered, MessageState::Read),
    ] {
        world.receive(&tenant, &claimed, kind, at(5)).await;
        assert_eq!(state().await, expected, "after {kind}");
    }
}

async fn a_receipt_nobody_knows_rests_and_is_given_up(world: World) {
    let tenant = world.tenant("ada").await;
    world.journey(&tenant, "1", at(1), None).await;
    let claimed = world.send_all(at(2)).await;
    let mut strange = world.receipt(&claimed[0], ReceiptKind::Sent, at(3));
    (strange.attempt, strange.provider_id) = (None, "wamid.nobody".into());
    world.store.store_receipts(std::slice::from_ref(&strange), &[]).await.expect("kept");
    let waits = async |now| world.store.unapplied(now, 10).await.expect("asked").len();
    let wait = Duration::from_secs(5);
    assert_eq!(waits(at(3)).await, 1);
    let ids: [ReceiptId; 1] = [strange.id];
    world.store.postpone(&ids, at(10), wait).await.expect("postponed");
    assert_eq!((waits(at(14)).await, waits(at(15)).await), (0, 1));
    world.store.postpone(&ids, at(3 + 24 * 3600 + 1), wait).await.expect("given up");
    assert_eq!(waits(at(1_000_000)).await, 0);
}

async fn an_opt_out_takes_effect_with_the_message_that_says_it(world: World) {
    let tenant = world.tenant("ada").await;
    let says = |provider_id: &str, kind, seconds| Inbound {
        account: tenant.account,
        sender: tenant.sender,
        provider_id: provider_id.into(),
        from: Some(phone("1")),
        text: "Arrêt".into(),
        received_at: at(seconds),
        consent: world.said(&tenant, &phone("1"), kind, at(seconds)),
        confirms: None,
    };
    let delivery = world.new_delivery(&tenant, at(1));
    let event = world.new_event(&tenant, &delivery, "1").event;
    let key = (tenant.brand, Channel::Whatsapp, phone("1"));
    let stands = async || {
        let gathered = world.store.gather(std::slice::from_ref(&event)).await.expect("gathered");
        (gathered.opted_out.get(&key).copied(), gathered.consented.get(&key).copied())
    };
    assert_eq!(stands().await, (None, None));
    let stop = says("in1", ConsentKind::OptOut, 5);
    world.store.store_receipts(&[], &[stop.clone(), stop]).await.expect("kept");
    assert_eq!(stands().await, (Some(at(5)), None));
    world.store.store_receipts(&[], &[says("in2", ConsentKind::OptIn, 9)]).await.expect("kept");
    assert_eq!(stands().await, (None, Some(at(9))));
    // The same message again, and an older one late, change nothing.
    let late = [says("in1", ConsentKind::OptOut, 20), says("in0", ConsentKind::OptOut, 4)];
    world.store.store_receipts(&[], &late).await.expect("kept");
    assert_eq!(stands().await, (None, Some(at(9))));
    let quiet = Inbound { consent: vec![], from: None, ..says("in3", ConsentKind::OptOut, 30) };
    world.store.store_receipts(&[], &[quiet]).await.expect("kept");
    assert_eq!(stands().await, (None, Some(at(9))));
}

async fn the_published_prices_are_there(world: World) {
    let rates = world.store.rates().await.expect("asked");
    let prices: Vec<_> = rates.iter().map(|r| (r.plan, r.price)).collect();
    let euros = |micros| Money::new(micros, dispatch::money::Currency::EUR);
    for price in [
        (Plan::Lite, euros(160_000)),
        (Plan::Growth, euros(140_000)),
        (Plan::Premium, euros(120_000)),
    ] {
        assert!(prices.contains(&price), "{price:?}");
    }
}

async fn a_message_knows_its_text(world: World) {
    let (ada, eve) = (world.tenant("ada").await, world.tenant("eve").await);
    let message = world.journey(&ada, "1", at(1), None).await.message.expect("a message");
    let told = world.store.told(ada.account, message).await.expect("asked").expect("a text");
    assert_eq!((told.template.as_str(), told.language.code()), ("facteur_delivered", "fr"));
    assert_eq!((told.channel, told.to.as_str()), (Channel::Whatsapp, "+33639980001"));
    assert_eq!(world.store.told(eve.account, message).await, Ok(None));
}
