//! The inbox: deliveries in, events out.

use super::world::{World, at, sealer};
use dispatch::decision::Told;
use dispatch::error::Error;
use dispatch::event::EventStatus;
use dispatch::id::{ConnectionId, DeliveryId};
use dispatch::port::Understood;
use dispatch::source::{DeliveryState, Proof};
use std::time::Duration;

both![
    a_hook_finds_its_connection,
    a_delivery_keeps_its_bytes,
    what_is_said_twice_is_one_event,
    one_delivery_is_understood_once,
    a_replayed_delivery_waits_again,
    contacts_and_progress_remember_the_latest,
    an_opened_database_keeps_what_was_there,
];

async fn a_hook_finds_its_connection(world: World) {
    let tenant = world.tenant("ada").await;
    let found = world.store.find_connection(tenant.connection).await.expect("asked");
    let found = found.expect("a connection");
    assert_eq!((found.account, found.brand), (tenant.account, tenant.brand));
    assert_eq!((found.proof, found.secrets.len()), (Proof::Signature, 1));
    assert_eq!(found.secrets[0].expose(), "first");
    let unknown = ConnectionId::mint(at(9), &world.ids);
    assert!(world.store.find_connection(unknown).await.expect("asked").is_none());
}

async fn a_delivery_keeps_its_bytes(world: World) {
    let tenant = world.tenant("ada").await;
    let mut deliveries: Vec<_> = (0..3).map(|i| world.new_delivery(&tenant, at(i))).collect();
    deliveries[1].body = Vec::new();
    deliveries[2].body = (0..=255).collect();
    world.store.store_deliveries(&deliveries).await.expect("kept");
    let stored = world.store.stored_deliveries(2).await.expect("asked");
    assert_eq!(
        stored.iter().map(|d| d.id).collect::<Vec<_>>(),
        [deliveries[0].id, deliveries[1].id]
    );
    let stored = world.store.stored_deliveries(10).await.expect("asked");
    for (kept, sent) in stored.iter().zip(&deliveries) {
        assert_eq!((kept.account, kept.brand), (tenant.account, tenant.brand));
        assert_eq!((kept.connection, kept.received_at), (sent.connection, sent.received_at));
        assert_eq!((&kept.body, kept.replays), (&sent.body, 0));
    }
}

async fn what_is_said_twice_is_one_event(world: World) {
    let tenant = world.tenant("ada").await;
    let (first, second) = (world.new_delivery(&tenant, at(1)), world.new_delivery(&tenant, at(2)));
    let event = world.new_event(&tenant, &first, "1");
    world.understand(&first, vec![event.clone()]).await;
    world.understand(&second, vec![world.new_event(&tenant, &second, "1")]).await;
    let events = world.store.undecided(10).await.expect("asked");
    assert_eq!(events, [event.event], "and nothing of it is lost on the way");
    let (view, _) =
        world.store.delivery(tenant.account, second.id).await.expect("asked").expect("kept");
    assert_eq!((view.state, view.reason.as_deref()), (DeliveryState::Ignored, Some("duplicate")));
}

async fn one_delivery_is_understood_once(world: World) {
    let tenant = world.tenant("ada").await;
    let delivery = world.new_delivery(&tenant, at(1));
    world.understand(&delivery, vec![world.new_event(&tenant, &delivery, "1")]).await;
    // A slower worker says something else about the same delivery.
    let late = Understood {
        account: tenant.account,
        delivery: delivery.id,
        state: DeliveryState::Failed,
        reason: Some("json".into()),
        events: vec![world.new_event(&tenant, &delivery, "2")],
    };
    world.store.commit_understood(&[late]).await.expect("left alone");
    assert_eq!(world.store.undecided(10).await.expect("asked").len(), 1);
    assert!(world.store.stored_deliveries(10).await.expect("asked").is_empty());
    let (view, _) =
        world.store.delivery(tenant.account, delivery.id).await.expect("asked").expect("kept");
    assert_eq!((view.state, view.reason), (DeliveryState::Understood, None));
}

async fn a_replayed_delivery_waits_again(world: World) {
    let tenant = world.tenant("ada").await;
    let delivery = world.new_delivery(&tenant, at(1));
    world.store.store_deliveries(std::slice::from_ref(&delivery)).await.expect("kept");
    let failed = Understood {
        account: tenant.account,
        delivery: delivery.id,
        state: DeliveryState::Failed,
        reason: Some("json: line 1".into()),
        events: vec![],
    };
    world.store.commit_understood(&[failed]).await.expect("written");
    for _ in 0..2 {
        let replayed = world.store.replay_delivery(tenant.account, delivery.id).await;
        assert_eq!(replayed, Ok(()), "asking twice is no error");
    }
    let stored = world.store.stored_deliveries(10).await.expect("asked");
    assert_eq!((stored[0].id, stored[0].replays), (delivery.id, 1));
    let unknown = DeliveryId::mint(at(9), &world.ids);
    let missed = world.store.replay_delivery(tenant.account, unknown).await;
    assert_eq!(missed, Err(Error::NotFound));
}

async fn contacts_and_progress_remember_the_latest(world: World) {
    let tenant = world.tenant("ada").await;
    let tell = async |seconds: i64, status: EventStatus, name: &str, key: &str| {
        let delivery = world.new_delivery(&tenant, at(1_000 + seconds));
        let mut new = world.new_event(&tenant, &delivery, "1");
        new.event.status = status;
        new.event.occurred_at = at(seconds);
        new.event.facts.name = Some(name.into());
        new.dedup_key = key.into();
        let event = new.event.clone();
        world.understand(&delivery, vec![new]).await;
        event
    };
    tell(20, EventStatus::Shipped, "late", "a").await;
    tell(10, EventStatus::ReadyToShip, "early", "b").await;
    let unknown = tell(30, EventStatus::Unknown, "latest", "c").await;

    let mut asking = unknown.clone();
    asking.facts.phone = None;
    let gathered = world.store.gather(&[asking]).await.expect("gathered");
    let contact = &gathered.contacts[&(tenant.brand, "t:T-1".to_owned())];
    assert_eq!(contact.name.as_deref(), Some("latest"));
    let (newer, heard) = gathered.progress[&(tenant.brand, "t:T-1".to_owned())];
    assert_eq!((newer.status, newer.occurred_at), (EventStatus::Shipped, at(20)));
    assert_eq!(heard, at(1_020));
    assert!(gathered.told.values().all(|Told { .. }| false), "nobody was told");

    // A final status stays the furthest, whatever is heard later.
    tell(40, EventStatus::Delivered, "final", "d").await;
    tell(50, EventStatus::OutForDelivery, "after", "e").await;
    let gathered = world.store.gather(&[unknown]).await.expect("gathered");
    let (newer, _) = gathered.progress[&(tenant.brand, "t:T-1".to_owned())];
    assert_eq!((newer.status, newer.occurred_at), (EventStatus::Delivered, at(40)));
}

async fn an_opened_database_keeps_what_was_there(world: World) {
    let tenant = world.tenant("ada").await;
    let delivery = world.new_delivery(&tenant, at(1).plus(Duration::from_micros(7)));
    world.store.store_deliveries(std::slice::from_ref(&delivery)).await.expect("kept");
    let again = server::store::open(&world.database.url, sealer()).await.expect("opened again");
    let stored = again.stored_deliveries(10).await.expect("asked");
    assert_eq!((stored[0].id, stored[0].received_at), (delivery.id, delivery.received_at));
}
