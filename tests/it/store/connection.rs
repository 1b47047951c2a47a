//! Connections and their deliveries.

use super::world::{World, at};
use dispatch::decision::{RuleCode, Verdict};
use dispatch::error::Error;
use dispatch::id::{BrandId, ConnectionId, DeliveryId};
use dispatch::source::{ConnectionState, DeliveryState, Proof, Secret, Source};

both![
    a_connection_is_shown_without_its_keys,
    a_rotated_key_keeps_the_former_one,
    two_rotations_at_once_lose_no_key,
    a_removed_connection_is_gone_and_its_deliveries_stay,
    deliveries_say_what_became_of_them,
];

async fn a_connection_is_shown_without_its_keys(world: World) {
    let tenant = world.tenant("ada").await;
    let mut second = world.new_connection(tenant.brand);
    second.source = Source::Simulator;
    second.proof = Proof::Header("X-Api-Key".into());
    second.secrets = vec![Secret::new("a".into()), Secret::new("b".into())];
    assert_eq!(world.store.create_connection(tenant.account, &second).await, Ok(()));
    let now = at(90_000); // 25 hours later
    for seconds in [0, 10_000, 20_000] {
        world.journey(&tenant, &seconds.to_string(), at(seconds), None).await;
    }
    for _ in 0..2 {
        world.store.count_refused(tenant.account, tenant.connection).await.expect("counted");
    }
    let list = world.store.connections(tenant.account, now).await.expect("asked");
    assert_eq!(list.iter().map(|c| c.id).collect::<Vec<_>>(), [second.id, tenant.connection]);
    assert_eq!((list[0].auth.as_str(), list[0].secrets), ("X-Api-Key", 2));
    assert_eq!((list[0].source, list[0].last_delivery_at), (Source::Simulator, None));
    assert_eq!((list[0].deliveries_today, list[0].refused), (0, 0));
    assert_eq!((list[1].auth.as_str(), list[1].secrets), ("hmac", 1));
    assert_eq!((list[1].brand, list[1].brand_name.as_str()), (tenant.brand, "ada Shop"));
    assert_eq!(list[1].last_delivery_at, Some(at(20_000)));
    assert_eq!((list[1].deliveries_today, list[1].refused), (2, 2));
    assert_eq!((list[1].state, list[1].created_at), (ConnectionState::Active, at(0)));
    let one = world.store.connection(tenant.account, tenant.connection, now).await;
    assert_eq!(one, Ok(Some(list[1].clone())));

    let of = async |source| {
        world.store.connection_of(tenant.account, tenant.brand, source).await.expect("asked")
    };
    assert_eq!(of(Source::Simulator).await, Some(second.id));
    assert_eq!(of(Source::Cloudevents).await, None);
    let nowhere = world.new_connection(BrandId::mint(at(9), &world.ids));
    let missed = world.store.create_connection(tenant.account, &nowhere).await;
    assert_eq!(missed, Err(Error::NotFound));
}

/// The accepted keys, current first, as the hook gets them.
async fn keys(world: &World, id: ConnectionId) -> Vec<String> {
    let connection = world.store.find_connection(id).await.expect("asked").expect("a connection");
    connection.secrets.iter().map(|s| s.expose().to_owned()).collect()
}

async fn a_rotated_key_keeps_the_former_one(world: World) {
    let tenant = world.tenant("ada").await;
    let (account, id) = (tenant.account, tenant.connection);
    for key in ["second", "third"] {
        let key = Secret::new(key.into());
        assert_eq!(world.store.rotate_secret(account, id, &key).await, Ok(()));
    }
    assert_eq!(keys(&world, id).await, ["third", "second"]);
    let current = world.store.current_secret(account, id).await.expect("asked");
    assert_eq!(current.expect("a key").expose(), "third");
    let view = world.store.connection(account, id, at(1)).await.expect("asked");
    assert_eq!(view.expect("a connection").secrets, 2);
    let unknown = ConnectionId::mint(at(9), &world.ids);
    let key = Secret::new("x".into());
    assert_eq!(world.store.rotate_secret(account, unknown, &key).await, Err(Error::NotFound));
    assert_eq!(world.store.current_secret(account, unknown).await, Ok(None));
}

async fn two_rotations_at_once_lose_no_key(world: World) {
    let tenant = world.tenant("ada").await;
    let (one, other) = (Secret::new("one".into()), Secret::new("other".into()));
    let rotate = |key| world.store.rotate_secret(tenant.account, tenant.connection, key);
    let (first, second) = tokio::join!(rotate(&one), rotate(&other));
    assert_eq!((first, second), (Ok(()), Ok(())));
    let mut keys = keys(&world, tenant.connection).await;
    keys.sort();
    assert_eq!(keys, ["one", "other"]);
}

async fn a_removed_connection_is_gone_and_its_deliveries_stay(world: World) {
    let tenant = world.tenant("ada").await;
    let (account, id) = (tenant.account, tenant.connection);
    let journey = world.journey(&tenant, "1", at(1), None).await;
    assert_eq!(world.store.remove_connection(account, id).await, Ok(()));
    assert_eq!(world.store.remove_connection(account, id).await, Err(Error::NotFound));
    assert!(world.store.connections(account, at(2)).await.expect("asked").is_empty());
    assert_eq!(world.store.connection(account, id, at(2)).await, Ok(None));
    assert_eq!(world.store.current_secret(account, id).await, Ok(None));
    let of = world.store.connection_of(account, tenant.brand, Source::Sendcloud).await;
    assert_eq!(of, Ok(None));
    let hook = world.store.find_connection(id).await.expect("asked").expect("still known");
    assert_eq!(hook.state, ConnectionState::Removed);
    assert!(world.store.delivery(account, journey.delivery).await.expect("asked").is_some());
}

async fn deliveries_say_what_became_of_them(world: World) {
    let tenant = world.tenant("ada").await;
    let (account, connection) = (tenant.account, tenant.connection);
    let sent = world.journey(&tenant, "1", at(1), None).await;
    let skipped = world.journey(&tenant, "2", at(2), Some(RuleCode::StatusOn)).await;
    let waiting = world.new_delivery(&tenant, at(3));
    world.store.store_deliveries(std::slice::from_ref(&waiting)).await.expect("kept");

    let page = async |before, limit| {
        world.store.deliveries(account, connection, before, limit).await.expect("asked")
    };
    let first = page(None, 2).await;
    assert!(first.more);
    let ids: Vec<_> = first.rows.iter().map(|d| d.id).collect();
    assert_eq!(ids, [waiting.id, skipped.delivery]);
    assert_eq!((first.rows[0].state, first.rows[0].events.len()), (DeliveryState::Stored, 0));
    let became = &first.rows[1].events[0];
    assert_eq!((became.event, became.decision), (skipped.event.id, Some(skipped.decision)));
    assert_eq!((became.verdict, became.reason), (Some(Verdict::Skip), Some(RuleCode::StatusOn)));
    assert_eq!(became.message, None);
    let rest = page(Some(skipped.delivery), 2).await;
    assert!(!rest.more);
    assert_eq!(rest.rows.len(), 1);
    assert_eq!(rest.rows[0].events[0].message, sent.message);

    let (view, body) =
        world.store.delivery(account, sent.delivery).await.expect("asked").expect("a delivery");
    assert_eq!(body, waiting.body);
    assert_eq!(view, rest.rows[0]);
    assert_eq!(view.size, i64::try_from(body.len()).expect("small"));
    assert_eq!((view.connection, view.received_at, view.replays), (connection, at(1), 0));
    let unknown = DeliveryId::mint(at(9), &world.ids);
    assert_eq!(world.store.delivery(account, unknown).await, Ok(None));
}
