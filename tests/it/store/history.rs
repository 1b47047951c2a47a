//! Looking back: events in bulk, and who older orders belong to.

use super::world::{Tenant, World, at, phone};
use dispatch::id::EventId;
use dispatch::port::{Contact, Remembered};
use std::time::Duration;

both![
    events_come_in_pages_as_they_were_stored,
    pages_are_counted_from_the_newest,
    contacts_from_before_a_moment_are_found,
    another_account_has_no_history_here,
];

/// Three parcels, a minute apart; their ids.
async fn parcels(world: &World, tenant: &Tenant) -> Vec<EventId> {
    let mut ids = Vec::new();
    for (parcel, seconds) in [("1", 60), ("2", 120), ("3", 180)] {
        let delivery = world.new_delivery(tenant, at(seconds));
        let mut new = world.new_event(tenant, &delivery, parcel);
        new.event.test = parcel == "2";
        new.event.facts.name = Some("Zoé \"N'\\Goma\"\n".into());
        ids.push(new.event.id);
        world.understand(&delivery, vec![new]).await;
    }
    ids
}

async fn events_come_in_pages_as_they_were_stored(world: World) {
    let tenant = world.tenant("ada").await;
    let ids = parcels(&world, &tenant).await;
    let stored = world.store.undecided(10).await.expect("asked");
    assert!(stored[1].test && stored[0].facts.name.as_deref() == Some("Zoé \"N'\\Goma\"\n"));
    let page = async |from, until| {
        world.store.history(tenant.account, tenant.brand, from, until).await.expect("asked")
    };
    let first = EventId::least(at(0));
    assert_eq!(page(first, None).await, stored);
    assert_eq!(page(first, Some(ids[2])).await, stored[..2], "the one it ends with left out");
    assert_eq!(page(ids[1], None).await, stored[1..], "the one it begins with included");
    assert_eq!(page(EventId::least(at(120)), Some(ids[1].next())).await, stored[1..2]);
    assert_eq!(page(ids[2].next(), None).await, []);
}

async fn pages_are_counted_from_the_newest(world: World) {
    let tenant = world.tenant("ada").await;
    let ids = parcels(&world, &tenant).await;
    let (store, first) = (&world.store, EventId::least(at(0)));
    let pages = async |from, page| {
        store.history_pages(tenant.account, tenant.brand, from, page).await.expect("asked")
    };
    assert_eq!(pages(first, 1).await, [ids[2], ids[1], ids[0]]);
    assert_eq!(pages(first, 2).await, [ids[1]]);
    assert_eq!(pages(first, 3).await, [ids[0]]);
    assert_eq!(pages(first, 4).await, []);
    assert_eq!(pages(ids[1], 3).await, []);
    let size = async |from| store.history_size(tenant.account, tenant.brand, from).await;
    assert_eq!((size(first).await, size(ids[1]).await), (Ok(3), Ok(2)));
}

async fn contacts_from_before_a_moment_are_found(world: World) {
    let tenant = world.tenant("ada").await;
    parcels(&world, &tenant).await;
    let keys = ["o:O-1", "t:T-3", "o:nothing"].map(str::to_owned);
    let found = async |before| {
        let (account, brand) = (tenant.account, tenant.brand);
        world.store.contacts_before(account, brand, &keys, before).await.expect("asked")
    };
    // What happened, happened five seconds before it was heard.
    let happened = at(60).minus(Duration::from_secs(5));
    assert_eq!(found(happened).await, []);
    let one = found(happened.plus(Duration::from_micros(1))).await;
    let [(key, Remembered { occurred_at, contact })] = one.as_slice() else { panic!("{one:?}") };
    assert_eq!((key.as_str(), *occurred_at), ("o:O-1", happened));
    assert_eq!(contact.phone, Some(phone("1")));
    let delivery = world.new_delivery(&tenant, at(60));
    let facts = world.new_event(&tenant, &delivery, "1").event.facts;
    let name = contact.name.clone();
    assert_eq!(*contact, Contact { name, ..Contact::of(&facts) });
    assert_eq!(found(at(999)).await.len(), 2);
}

async fn another_account_has_no_history_here(world: World) {
    let (ada, bob) = (world.tenant("ada").await, world.tenant("bob").await);
    parcels(&world, &ada).await;
    let (store, first, me) = (&world.store, EventId::least(at(0)), bob.account);
    assert_eq!(store.history(me, ada.brand, first, None).await, Ok(vec![]));
    assert_eq!(store.history(me, bob.brand, first, None).await, Ok(vec![]));
    assert_eq!(store.history_size(me, ada.brand, first).await, Ok(0));
    assert_eq!(store.history_pages(me, ada.brand, first, 1).await, Ok(vec![]));
    let keys = ["o:O-1".to_owned()];
    assert_eq!(store.contacts_before(me, ada.brand, &keys, at(999)).await, Ok(vec![]));
    assert!(store.brand_file(me, ada.brand).await.expect("asked").is_none());
    assert!(store.brand_file(ada.account, ada.brand).await.expect("asked").is_some());
}
