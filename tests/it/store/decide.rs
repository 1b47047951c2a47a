//! The desk: what decisions need, and decisions with their messages.

use super::world::{World, at, country, phone};
use dispatch::brand::{BrandState, ChannelState, ConsentBasis, SenderState};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::consent::ConsentKind;
use dispatch::decision::{RuleCode, Told};
use dispatch::event::EventStatus;
use dispatch::id::BrandId;
use dispatch::plan::Plan;
use dispatch::port::{ChannelFile, Inbound};
use dispatch::view::LogFilter;

both![
    undecided_events_come_oldest_first,
    a_brands_file_says_what_it_is_set_to,
    people_are_found_under_their_keys_and_addresses,
    what_was_told_of_an_order_is_found_by_news_that_names_only_its_parcel,
    a_decision_is_committed_with_its_message,
    an_event_is_decided_once,
    the_same_news_is_told_once,
];

async fn undecided_events_come_oldest_first(world: World) {
    let tenant = world.tenant("ada").await;
    let mut ids = Vec::new();
    for parcel in ["1", "2", "3"] {
        let delivery = world.new_delivery(&tenant, at(1));
        let new = world.new_event(&tenant, &delivery, parcel);
        ids.push(new.event.id);
        world.understand(&delivery, vec![new]).await;
    }
    let found = async |limit| {
        let events = world.store.undecided(limit).await.expect("asked");
        events.into_iter().map(|e| e.id).collect::<Vec<_>>()
    };
    assert_eq!(found(2).await, ids[..2]);
    assert_eq!(found(10).await, ids);
}

async fn a_brands_file_says_what_it_is_set_to(world: World) {
    let tenant = world.tenant("ada").await;
    let delivery = world.new_delivery(&tenant, at(1));
    let event = world.new_event(&tenant, &delivery, "1").event;
    let gathered = world.store.gather(std::slice::from_ref(&event)).await.expect("gathered");
    let file = &gathered.brands[&tenant.brand];
    assert_eq!((file.brand.account, file.brand.id), (tenant.account, tenant.brand));
    assert_eq!((file.brand.state, file.plan), (BrandState::Active, Plan::Growth));
    assert_eq!(file.brand.whatsapp_number.as_deref(), Some("+33639980099"));
    let ChannelFile { settings: whatsapp, sender } = &file.channels[&Channel::Whatsapp];
    assert_eq!(whatsapp.state, ChannelState::On);
    assert_eq!(whatsapp.consent_basis, Some(ConsentBasis::CollectedByShop));
    let settings = world.store.channel_settings(tenant.account, tenant.brand, Channel::Whatsapp);
    assert_eq!(Ok(whatsapp), settings.await.as_ref(), "as the screens show it");
    let sender = sender.as_ref().expect("a sender");
    assert_eq!((sender.id, sender.state), (tenant.sender, SenderState::Ready));

    let second = world.new_sender(tenant.brand);
    world.store.connect_sender(tenant.account, &second, at(2)).await.expect("connected");
    let gathered = world.store.gather(&[event]).await.expect("gathered");
    let file = &gathered.brands[&tenant.brand].channels[&Channel::Whatsapp];
    let sender = file.sender.as_ref().expect("a sender");
    assert_eq!(sender.id, second.id);
}

async fn people_are_found_under_their_keys_and_addresses(world: World) {
    let tenant = world.tenant("ada").await;
    let delivery = world.new_delivery(&tenant, at(1));
    world.understand(&delivery, vec![world.new_event(&tenant, &delivery, "1")]).await;
    let record = |address: &str, kind, seconds| world.said(&tenant, address, kind, at(seconds));
    let says = |id: &str, consent| Inbound {
        account: tenant.account,
        sender: tenant.sender,
        provider_id: id.into(),
        from: None,
        text: "STOP".into(),
        received_at: at(5),
        consent,
        confirms: None,
    };
    let inbound = [
        says("in1", record(&phone("1"), ConsentKind::OptOut, 5)),
        says("in2", record(&phone("2"), ConsentKind::OptIn, 6)),
    ];
    world.store.store_receipts(&[], &inbound).await.expect("kept");

    let on = |who: &str| (tenant.brand, Channel::Whatsapp, phone(who));
    // The second event of the order says nothing about the person.
    let delivery = world.new_delivery(&tenant, at(7));
    let mut quiet = world.new_event(&tenant, &delivery, "1").event;
    (quiet.facts.phone, quiet.facts.country) = (None, None);
    let loud = world.new_event(&tenant, &delivery, "2").event;
    let people = world.store.gather_people(std::slice::from_ref(&loud)).await.expect("gathered");
    assert_eq!(people.consented.into_keys().collect::<Vec<_>>(), [on("2")]);
    assert!(people.opted_out.is_empty(), "of whom the events name, and nobody else");
    let gathered = world.store.gather(&[quiet, loud]).await.expect("gathered");
    let contact = &gathered.contacts[&(tenant.brand, "o:O-1".to_owned())];
    assert_eq!((contact.phone.clone(), contact.country), (Some(phone("1")), Some(country("FR"))));
    assert_eq!(gathered.opted_out[&on("1")], at(5));
    assert_eq!(gathered.consented[&on("2")], at(6));
    assert!(!gathered.consented.contains_key(&on("1")));

    // Other brands know nothing of it.
    let delivery = world.new_delivery(&tenant, at(8));
    let mut other = world.new_event(&tenant, &delivery, "1").event;
    other.brand = BrandId::mint(at(9), &world.ids);
    let gathered = world.store.gather(&[other]).await.expect("gathered");
    assert!(gathered.opted_out.is_empty() && gathered.brands.is_empty());
}

async fn what_was_told_of_an_order_is_found_by_news_that_names_only_its_parcel(world: World) {
    let tenant = world.tenant("ada").await;
    let delivery = world.new_delivery(&tenant, at(1));
    let mut order = world.new_event(&tenant, &delivery, "1");
    order.event.status = EventStatus::PostPurchase;
    let event = order.event.clone();
    world.understand(&delivery, vec![order]).await;
    let mut told = world.decided(&tenant, &event, None);
    told.told_keys = vec![(TrackingStatus::PostPurchase, "o:O-1".into())];
    assert_eq!(world.store.commit_decisions(&[told]).await, Ok(vec![]));

    let delivery = world.new_delivery(&tenant, at(5));
    let mut bare = world.new_event(&tenant, &delivery, "1").event;
    bare.status = EventStatus::PostPurchase;
    (bare.facts.order_number, bare.facts.phone) = (None, None);
    let gathered = world.store.gather(&[bare]).await.expect("gathered");
    let key = (tenant.brand, EventStatus::PostPurchase, "o:O-1".to_owned());
    assert_eq!(gathered.told.get(&key).map(|told| told.event), Some(event.id));
}

async fn a_decision_is_committed_with_its_message(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    assert!(world.store.undecided(10).await.expect("asked").is_empty());
    let claimed = world.claim(at(2)).await;
    assert_eq!(claimed.len(), 1);
    assert_eq!(Some(claimed[0].message), journey.message);
    assert_eq!((claimed[0].account, claimed[0].sender), (tenant.account, tenant.sender));
    assert_eq!(
        (claimed[0].to.clone(), claimed[0].template.as_str()),
        (phone("1"), "facteur_delivered")
    );
    assert_eq!(claimed[0].rendered.body, "Bonjour Zoé, voilà.");
    let skipped = world.journey(&tenant, "2", at(3), Some(RuleCode::CountryOn)).await;
    assert_eq!(skipped.message, None);
    assert!(world.claim(at(10)).await.is_empty());
}

async fn an_event_is_decided_once(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let again = world.decided(&tenant, &journey.event, None);
    let left = world.store.commit_decisions(std::slice::from_ref(&again)).await;
    assert_eq!(left, Ok(vec![]));
    let filter = LogFilter { limit: 10, ..LogFilter::default() };
    let log = world.store.log(tenant.account, &filter).await.expect("asked");
    assert_eq!(log.rows.iter().map(|r| r.decision).collect::<Vec<_>>(), [journey.decision]);
    assert_eq!(world.claim(at(2)).await.len(), 1);
}

async fn the_same_news_is_told_once(world: World) {
    let tenant = world.tenant("ada").await;
    let first = world.journey(&tenant, "1", at(1), None).await;
    // A second connection tells the same about the same parcel.
    let delivery = world.new_delivery(&tenant, at(5));
    let mut new = world.new_event(&tenant, &delivery, "1");
    new.dedup_key = "another".into();
    let event = new.event.clone();
    world.understand(&delivery, vec![new]).await;
    let late = world.decided(&tenant, &event, None);
    let left = world.store.commit_decisions(std::slice::from_ref(&late)).await;
    assert_eq!(left, Ok(vec![event.id]), "to be looked at again");
    assert_eq!(world.store.undecided(10).await.expect("asked").len(), 1);
    assert_eq!(world.claim(at(6)).await.len(), 1, "only the first has a message");

    let gathered = world.store.gather(std::slice::from_ref(&event)).await.expect("gathered");
    for key in event.subject_keys() {
        let told = gathered.told[&(tenant.brand, EventStatus::Delivered, key)];
        assert_eq!(told, Told { event: first.event.id, at: at(2) });
    }
    // Half of the keys being free is not enough.
    let mut half = late;
    half.told_keys[0] = (TrackingStatus::Delivered, "t:free".into());
    assert_eq!(world.store.commit_decisions(&[half]).await, Ok(vec![event.id]));
    let free = world.store.gather(std::slice::from_ref(&event)).await.expect("gathered").told;
    assert!(!free.contains_key(&(tenant.brand, EventStatus::Delivered, "t:free".to_owned())));

    let skip = world.decided(&tenant, &event, Some(RuleCode::NotAlreadyTold));
    assert_eq!(world.store.commit_decisions(&[skip]).await, Ok(vec![]));
    assert!(world.store.undecided(10).await.expect("asked").is_empty());
}
