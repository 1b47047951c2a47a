//! The watch over late parcels: written with decisions, looked at when it is time, reported by one worker.

use super::world::{Tenant, World, at, sealer};
use dispatch::decision::RuleCode;
use dispatch::event::{Event, EventStatus};
use dispatch::id::{ConnectionId, DeliveryId};
use dispatch::late::{Watch, Watched};
use dispatch::port::{Looked, NewConnection, NewDelivery};
use dispatch::source::{Proof, Secret, Source};
use dispatch::time::{Clock, Timestamp};
use dispatch::timing::{Late, Timing};
use dispatch::usecase::{Ports, Terms, decide_events, detect_delays, understand_deliveries};
use dispatch::view::{LogFilter, LogRow};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use server::security::link::CustomerLinks;
use server::security::password::Passwords;
use server::zone::BundledZones;
use std::time::Duration;

both![
    what_is_heard_of_a_parcel_says_when_to_look,
    what_is_watched_is_what_the_core_says,
    a_late_parcel_is_reported_by_one_of_two_workers,
    what_was_heard_meanwhile_is_looked_at_again,
    a_delay_is_found_told_once_and_again_when_a_later_day_is_missed,
    what_has_arrived_is_not_late,
];

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const LATE: Late = Late { on: true, expected: true, hours: Some(48) };

struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

async fn shop(world: &World) -> Tenant {
    let tenant = super::restraint::shop(world, Timing { late: LATE, ..Timing::default() }).await;
    let connection = NewConnection {
        id: ConnectionId::mint(at(0), &world.ids),
        brand: tenant.brand,
        source: Source::Lookout,
        proof: Proof::Signature,
        secrets: vec![Secret::new("nobody's".into())],
        at: at(0),
    };
    world.store.create_connection(tenant.account, &connection).await.expect("a connection");
    tenant
}

/// News of parcel 1, understood and decided a moment after it happened.
async fn news(
    world: &World,
    tenant: &Tenant,
    status: EventStatus,
    expected: Option<&str>,
    now: Timestamp,
) -> Event {
    let delivery = world.new_delivery(tenant, now);
    let mut new = world.new_event(tenant, &delivery, "1");
    new.dedup_key = format!("{status}:{now}");
    new.event.status = status;
    new.event.occurred_at = now;
    new.event.facts.expected_date = expected.map(str::to_owned);
    let event = new.event.clone();
    world.understand(&delivery, vec![new]).await;
    decide(world, now).await;
    event
}

async fn decide(world: &World, now: Timestamp) {
    let terms = Terms {
        now,
        stale_after: Duration::from_secs(72 * 3600),
        zones: &BundledZones,
        links: &CustomerLinks::new(&sealer(), "https://links.example"),
    };
    while decide_events(&*world.store, &world.ids, terms, 100).await.expect("decided") > 0 {}
}

/// One round of the watch, and what follows from it.
async fn look(world: &World, now: Timestamp) -> usize {
    let ports = Ports { store: &*world.store, clock: &Still(now), ids: &world.ids };
    let looked = detect_delays(&ports, &Passwords::default(), &BundledZones, 10).await;
    let read = server::source::read;
    while understand_deliveries(&*world.store, &read, &world.ids, 100).await.expect("read") > 0 {}
    decide(world, now).await;
    looked.expect("looked")
}

async fn log(world: &World, tenant: &Tenant) -> Vec<LogRow> {
    let filter = LogFilter { limit: 100, ..LogFilter::default() };
    let mut rows = world.store.log(tenant.account, &filter).await.expect("asked").rows;
    rows.reverse();
    rows
}

async fn due(world: &World, now: Timestamp) -> Vec<Watched> {
    world.store.due_watches(now, 10).await.expect("asked")
}

async fn what_is_heard_of_a_parcel_says_when_to_look(world: World) {
    let tenant = shop(&world).await;
    let event = news(&world, &tenant, EventStatus::Shipped, Some("2026-11-21"), at(0)).await;
    // The morning of the 22nd in Paris is 08:00 UTC; two days without a scan end at the same time here.
    assert!(due(&world, at(2 * DAY - 1)).await.is_empty());
    let found = due(&world, at(2 * DAY)).await;
    let keys: Vec<_> = found.iter().map(|watched| watched.key.as_str()).collect();
    assert_eq!(keys, ["p:sendcloud:1", "t:T-1"], "under each of its names");
    assert_eq!((found[0].event.id, found[0].over), (event.id, false));
    assert_eq!(found[0].expected.map(|day| day.to_string()).as_deref(), Some("2026-11-21"));
    assert_eq!(due(&world, at(9 * DAY)).await.len(), 2);
    assert_eq!(world.store.due_watches(at(9 * DAY), 1).await.expect("asked").len(), 1, "bounded");
    // A brand that does not watch costs nothing.
    let other = world.tenant("bob").await;
    let delivery = world.new_delivery(&other, at(0));
    let new = world.new_event(&other, &delivery, "5");
    world.understand(&delivery, vec![new]).await;
    decide(&world, at(1)).await;
    assert_eq!(due(&world, at(99 * DAY)).await.len(), 2);
    assert_eq!(
        world.store.sweep_restraints(at(61 * DAY)).await,
        Ok(2),
        "and is forgotten in the end"
    );
}

/// What the store keeps of a parcel after its news is what the core makes of them.
async fn what_is_watched_is_what_the_core_says(world: World) {
    let tenant = shop(&world).await;
    let statuses = prop::sample::select(EventStatus::ALL);
    let step = (statuses, 0..3_i64, prop::option::weighted(0.4, 0..20_u8));
    let journeys = prop::collection::vec(prop::collection::vec(step, 1..8), 12);
    let journeys = journeys.new_tree(&mut TestRunner::deterministic()).expect("a tree").current();
    for (number, journey) in journeys.into_iter().enumerate() {
        let parcel = (100 + number).to_string();
        let (mut now, mut watch) = (at(0), None::<Watch>);
        for (index, (status, days, expected)) in journey.into_iter().enumerate() {
            now = now.plus(Duration::from_secs(u64::try_from(days * DAY + 60).expect("later")));
            let delivery = world.new_delivery(&tenant, now);
            let mut new = world.new_event(&tenant, &delivery, &parcel);
            new.dedup_key = format!("{parcel}:{index}");
            new.event.status = status;
            new.event.occurred_at = now;
            new.event.facts.expected_date = expected.map(|day| format!("2026-11-{:02}", day + 10));
            if let Some(next) = Watch::of(&new.event, &LATE, &BundledZones) {
                watch = Some(match watch.take() {
                    Some(before) if !before.over => before.then(next),
                    _ => next,
                });
            }
            world.understand(&delivery, vec![new]).await;
            decide(&world, now).await;
        }
        let key = format!("t:T-{parcel}");
        let far = world.store.due_watches(at(999 * DAY), 1000).await.expect("asked");
        let kept = far.into_iter().find(|watched| watched.key == key);
        let kept = kept.map(|watched| (watched.expected, watched.expected_at, watched.silent_at));
        let said = watch
            .filter(|w| !w.over && (w.expected_at.is_some() || w.silent_at.is_some()))
            .map(|watch| (watch.expected, watch.expected_at, watch.silent_at));
        assert_eq!(kept, said, "parcel {parcel}");
    }
}

fn looked(world: &World, tenant: &Tenant, watched: &Watched, now: Timestamp) -> Looked {
    let report = NewDelivery {
        account: tenant.account,
        id: DeliveryId::mint(now, &world.ids),
        connection: tenant.connection,
        received_at: now,
        body: b"{}".to_vec(),
    };
    Looked {
        brand: tenant.brand,
        watched: watched.clone(),
        expected_at: None,
        silent_at: None,
        knows: Some(now.date()),
        report: Some(report),
    }
}

async fn a_late_parcel_is_reported_by_one_of_two_workers(world: World) {
    let tenant = shop(&world).await;
    news(&world, &tenant, EventStatus::Shipped, None, at(0)).await;
    let now = at(2 * DAY);
    let found = due(&world, now).await;
    let mine = looked(&world, &tenant, &found[0], now);
    let theirs = looked(&world, &tenant, &found[0], now);
    assert_eq!(world.store.commit_looks(&[mine]).await, Ok(1));
    assert_eq!(world.store.commit_looks(&[theirs]).await, Ok(0));
    assert_eq!(world.store.stored_deliveries(10).await.expect("asked").len(), 1);
    assert_eq!(due(&world, at(9 * DAY)).await.len(), 1, "its other name is still to be looked at");
}

async fn what_was_heard_meanwhile_is_looked_at_again(world: World) {
    let tenant = shop(&world).await;
    news(&world, &tenant, EventStatus::Shipped, None, at(0)).await;
    let now = at(2 * DAY);
    let found = due(&world, now).await;
    let looked = looked(&world, &tenant, &found[0], now);
    news(&world, &tenant, EventStatus::InTransit, None, now).await;
    assert_eq!(world.store.commit_looks(&[looked]).await, Ok(0), "there was a scan");
    assert!(due(&world, now).await.is_empty());
    // A scan that is told late does not begin an earlier silence.
    news(&world, &tenant, EventStatus::InTransit, None, at(DAY)).await;
    assert!(due(&world, at(4 * DAY - 1)).await.is_empty());
    assert_eq!(due(&world, at(4 * DAY)).await.len(), 2);
}

async fn a_delay_is_found_told_once_and_again_when_a_later_day_is_missed(world: World) {
    let tenant = shop(&world).await;
    news(&world, &tenant, EventStatus::Shipped, Some("2026-11-21"), at(0)).await;
    let now = at(2 * DAY + 60);
    assert_eq!(look(&world, now).await, 2);
    assert_eq!(look(&world, now).await, 0, "looked at once");
    let rows = log(&world, &tenant).await;
    assert_eq!(rows.len(), 2, "one event for both names");
    assert_eq!((rows[1].status, rows[1].reason), (EventStatus::Delayed, None));
    assert!(rows[1].message.is_some());
    let case =
        world.store.case(tenant.account, rows[1].decision).await.expect("asked").expect("one");
    assert_eq!(case.source, Source::Lookout);
    let saw = &case.rules[0].saw;
    assert_eq!((case.rules[0].code, &saw["found"]), (RuleCode::Notifies, "expected"));
    assert_eq!(case.event.facts.phone.as_deref(), Some(super::world::phone("1").as_str()));
    assert_eq!(case.event.occurred_at, at(2 * DAY), "since the morning after");
    let text = case.message.expect("a message").rendered.body;
    assert!(!text.contains("2026-11-21"), "a day that has passed is no promise: {text}");

    // The carrier says so, too: told already. The day it names now passes: that is news again.
    news(&world, &tenant, EventStatus::Delayed, Some("2026-11-24"), at(2 * DAY + HOUR)).await;
    assert_eq!(log(&world, &tenant).await[2].reason, Some(RuleCode::NotAlreadyTold));
    assert_eq!(look(&world, at(4 * DAY + HOUR)).await, 0, "the 24th has not passed");
    assert_eq!(look(&world, at(5 * DAY + HOUR)).await, 2);
    let rows = log(&world, &tenant).await;
    assert_eq!((rows.len(), rows[3].status, rows[3].reason), (4, EventStatus::Delayed, None));
    assert!(rows[3].message.is_some(), "they were promised another day since");
    // A day no later than what they know is none.
    news(&world, &tenant, EventStatus::InTransit, Some("2026-11-25"), at(5 * DAY + 2 * HOUR)).await;
    assert_eq!(look(&world, at(20 * DAY)).await, 0);
    // What we found does not overtake what a carrier tells a little late.
    news(&world, &tenant, EventStatus::OutForDelivery, None, at(5 * DAY + 3 * HOUR)).await;
    let last = log(&world, &tenant).await.pop().expect("a row");
    assert_eq!((last.status, last.reason), (EventStatus::OutForDelivery, None));
}

async fn what_has_arrived_is_not_late(world: World) {
    let tenant = shop(&world).await;
    news(&world, &tenant, EventStatus::Shipped, Some("2026-11-21"), at(0)).await;
    news(&world, &tenant, EventStatus::Delivered, None, at(DAY)).await;
    assert!(due(&world, at(99 * DAY)).await.is_empty());
    // A scan from before that is told after it: the parcel has arrived all the same.
    news(&world, &tenant, EventStatus::InTransit, Some("2026-11-21"), at(HOUR)).await;
    assert_eq!(due(&world, at(9 * DAY)).await.iter().filter(|watched| !watched.over).count(), 0);
    assert_eq!(look(&world, at(9 * DAY)).await, 2);
    assert!(due(&world, at(99 * DAY)).await.is_empty(), "looked at once more, and forgotten");
    assert_eq!(log(&world, &tenant).await.len(), 3, "and nobody was told");
}
