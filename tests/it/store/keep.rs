//! Room for what comes and an end for what is old.

use super::world::{Tenant, World, at};
use dispatch::id::DeliveryId;
use dispatch::receipt::ReceiptKind;
use dispatch::retention::Kept;
use dispatch::view::LogFilter;

both![
    what_is_old_goes_and_its_charge_stays,
    what_waits_is_not_removed,
    room_is_made_ahead_and_rows_find_it,
];

/// So many days after the first moment of these tests.
const fn day(days: i64) -> i64 {
    days * 24 * 3600
}

async fn deliver(world: &World, tenant: &Tenant, seconds: i64) -> DeliveryId {
    let delivery = world.new_delivery(tenant, at(seconds));
    world.store.store_deliveries(std::slice::from_ref(&delivery)).await.expect("stored");
    delivery.id
}

async fn forget(world: &World, kept: Kept, before: i64) -> u64 {
    let mut gone = 0;
    loop {
        match world.store.forget(kept, at(before)).await.expect("removed") {
            0 => return gone,
            some => gone += some,
        }
    }
}

async fn what_is_old_goes_and_its_charge_stays(world: World) {
    let tenant = world.tenant("ada").await;
    let (old, _) = world.delivered(&tenant, "1", at(1)).await;
    world.store.make_months(at(day(150))).await.expect("made");
    let (new, claimed) = world.delivered(&tenant, "2", at(day(100))).await;
    let count = async || {
        let filter = LogFilter { limit: 10, ..LogFilter::default() };
        world.store.log(tenant.account, &filter).await.expect("asked").rows.len()
    };
    assert_eq!(count().await, 2);
    let usage = world.store.usage(tenant.account, at(2).month()).await.expect("asked");

    assert!(forget(&world, Kept::Deliveries, day(60)).await > 0);
    assert_eq!(forget(&world, Kept::Deliveries, day(60)).await, 0, "once");
    assert_eq!(count().await, 2, "messages have a time of their own");
    assert!(forget(&world, Kept::Messages, day(60)).await > 0);
    assert_eq!(count().await, 1);
    assert!(world.store.case(tenant.account, old.decision).await.expect("asked").is_none());
    let case = world.store.case(tenant.account, new.decision).await.expect("asked");
    let message = case.expect("kept").message.expect("a message");
    assert_eq!((message.attempts.len(), message.receipts.len()), (1, 1));
    let still = world.store.usage(tenant.account, at(2).month()).await.expect("asked");
    assert_eq!(still, usage, "the ledger forgets nothing");

    // The overview looks for the newest message that was delivered; it may be gone.
    world.store.overview(tenant.account, at(day(101))).await.expect("asked");
    let late = world.receipt(&claimed, ReceiptKind::Read, at(day(100) + 60));
    assert!(world.store.subjects(&[late]).await.expect("asked")[0].is_some());

    assert!(forget(&world, Kept::Keys, day(60)).await > 0);
    assert_eq!(forget(&world, Kept::Keys, day(60)).await, 0);
}

async fn what_waits_is_not_removed(world: World) {
    let tenant = world.tenant("ada").await;
    let delivery = deliver(&world, &tenant, 1).await;
    assert_eq!(forget(&world, Kept::Deliveries, day(400)).await, 0);
    world.store.tidy().await.expect("tidied");
    let waiting = world.store.stored_deliveries(10).await.expect("asked");
    assert_eq!(waiting.iter().map(|d| d.id).collect::<Vec<_>>(), [delivery]);
}

async fn room_is_made_ahead_and_rows_find_it(world: World) {
    let tenant = world.tenant("ada").await;
    // A clock that runs ahead loses nothing, before there is room and after.
    let early = deliver(&world, &tenant, day(300)).await;
    world.store.make_months(at(day(330))).await.expect("made");
    assert_eq!(world.store.make_months(at(day(330))).await, Ok(0), "once");
    let late = deliver(&world, &tenant, day(301)).await;
    let waiting = world.store.stored_deliveries(10).await.expect("asked");
    assert_eq!(waiting.iter().map(|d| d.id).collect::<Vec<_>>(), [early, late]);
    let found = world.store.delivery(tenant.account, early).await.expect("asked");
    assert!(found.is_some());
}
