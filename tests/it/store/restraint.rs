//! Caps and waits: what is counted and what may be joined, exact although several workers decide.

use super::world::{Tenant, World, at, phone, sealer};
use dispatch::attempt::Recheck;
use dispatch::channel::TrackingStatus;
use dispatch::decision::{Counter, RuleCode, Verdict};
use dispatch::event::{Event, EventStatus};
use dispatch::id::MessageId;
use dispatch::message::MessageState;
use dispatch::port::Decided;
use dispatch::time::Timestamp;
use dispatch::timing::{Cap, Merge, Timing};
use dispatch::usecase::{Terms, decide_events};
use dispatch::view::{LogFilter, LogRow};
use server::security::link::CustomerLinks;
use server::zone::BundledZones;
use std::time::Duration;

both![
    what_is_sent_is_counted_and_stops_at_the_cap,
    a_cap_holds_although_two_workers_count_at_once,
    parcels_of_one_order_are_told_in_one_message,
    what_two_workers_begin_at_once_is_begun_by_one,
    what_has_left_cannot_be_joined,
    what_several_parcels_share_is_not_overtaken_by_one,
    a_waiting_status_that_is_overtaken_is_not_told,
    what_concerns_nothing_any_more_is_forgotten,
];

async fn set(world: &World, tenant: &Tenant, timing: Timing) {
    let set = world.store.set_timing(tenant.account, tenant.brand, 1, &timing).await;
    set.expect("set");
}

fn cap(per_order: u32) -> Timing {
    Timing { cap: Cap { on: true, per_order: Some(per_order), per_day: None }, ..Timing::default() }
}

fn merging() -> Timing {
    Timing { merge: Merge { on: true, minutes: 10 }, ..Timing::default() }
}

/// A tenant that tells every status in France.
pub(super) async fn shop(world: &World, timing: Timing) -> Tenant {
    use dispatch::channel::Channel;
    use dispatch::id::ChangeId;
    use dispatch::port::{CellChange, Signed};
    let tenant = world.tenant("ada").await;
    let (account, brand) = (tenant.account, tenant.brand);
    let on = |status: &TrackingStatus| CellChange::Status {
        country: super::world::country("FR"),
        status: *status,
        on: true,
    };
    let changes: Vec<_> = TrackingStatus::ALL.iter().map(on).collect();
    let by = Signed::new(ChangeId::mint(at(1), &world.ids), None, at(1));
    let stands = world.store.channel_settings(account, brand, Channel::Whatsapp).await;
    let version = stands.expect("settings").version;
    let saved = world.store.save_matrix(account, brand, Channel::Whatsapp, version, &changes, by);
    saved.await.expect("saved");
    set(world, &tenant, timing).await;
    tenant
}

/// News of parcel `parcel` of order 7, understood and not yet decided.
async fn news(
    world: &World,
    tenant: &Tenant,
    parcel: &str,
    status: EventStatus,
    now: Timestamp,
) -> Event {
    let delivery = world.new_delivery(tenant, now);
    let mut new = world.new_event(tenant, &delivery, parcel);
    new.dedup_key = format!("{parcel}:{status}");
    new.event.status = status;
    new.event.facts.order_number = Some("O-7".into());
    new.event.facts.phone = Some(phone("7"));
    let event = new.event.clone();
    world.understand(&delivery, vec![new]).await;
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

/// The account's log, oldest first.
async fn log(world: &World, tenant: &Tenant) -> Vec<LogRow> {
    let filter = LogFilter { limit: 100, ..LogFilter::default() };
    let mut rows = world.store.log(tenant.account, &filter).await.expect("asked").rows;
    rows.reverse();
    rows
}

async fn what_is_sent_is_counted_and_stops_at_the_cap(world: World) {
    let tenant = shop(&world, cap(2)).await;
    // Two of them in one batch.
    for (parcel, seconds) in [("1", 10), ("2", 10), ("3", 20)] {
        news(&world, &tenant, parcel, EventStatus::Shipped, at(seconds)).await;
        if parcel != "1" {
            decide(&world, at(seconds)).await;
        }
    }
    // What does not wait in quiet hours goes all the same, and counts.
    news(&world, &tenant, "1", EventStatus::OutForDelivery, at(30)).await;
    decide(&world, at(30)).await;
    let found: Vec<_> = log(&world, &tenant).await.iter().map(|r| (r.verdict, r.reason)).collect();
    let capped = (Verdict::Skip, Some(RuleCode::WithinCap));
    assert_eq!(
        found,
        [(Verdict::Send, None), (Verdict::Send, None), capped, (Verdict::Send, None)]
    );
    let event = news(&world, &tenant, "4", EventStatus::Delivered, at(40)).await;
    let gathered = world.store.gather(&[event]).await.expect("gathered");
    assert_eq!(gathered.counted.get(&(tenant.brand, "o:O-7".to_owned(), 0)), Some(&3));
}

fn counted(mut decided: Decided, seen: u32) -> Decided {
    let counter = Counter { key: "o:O-7".into(), day: 0, until: at(9_000), limit: 2, seen };
    decided.counted = vec![counter];
    decided
}

async fn a_cap_holds_although_two_workers_count_at_once(world: World) {
    let tenant = shop(&world, cap(2)).await;
    let mut events = Vec::new();
    for parcel in ["1", "2", "3"] {
        events.push(news(&world, &tenant, parcel, EventStatus::Delivered, at(10)).await);
    }
    let decided = |index: usize, seen| counted(world.decided(&tenant, &events[index], None), seen);
    // Both workers looked when nothing was counted; together they are one too many.
    assert_eq!(world.store.commit_decisions(&[decided(0, 0)]).await, Ok(vec![]));
    let mut late =
        world.store.commit_decisions(&[decided(1, 0), decided(2, 1)]).await.expect("asked");
    late.sort_unstable();
    assert_eq!(late, [events[1].id, events[2].id], "decided again with what is counted now");
    let gathered = world.store.gather(&events).await.expect("gathered");
    assert_eq!(gathered.counted[&(tenant.brand, "o:O-7".to_owned(), 0)], 1, "and not counted");
    assert_eq!(gathered.told.len(), 2, "nor told: those are the first one's keys");
    decide(&world, at(20)).await;
    let sent = log(&world, &tenant).await.iter().filter(|row| row.message.is_some()).count();
    assert_eq!(sent, 2, "exactly what the cap allows");
}

async fn parcels_of_one_order_are_told_in_one_message(world: World) {
    let tenant = shop(&world, merging()).await;
    news(&world, &tenant, "1", EventStatus::Shipped, at(10)).await;
    news(&world, &tenant, "2", EventStatus::Shipped, at(11)).await;
    decide(&world, at(11)).await;
    news(&world, &tenant, "3", EventStatus::Shipped, at(300)).await;
    decide(&world, at(300)).await;
    let rows = log(&world, &tenant).await;
    let found: Vec<_> = rows.iter().map(|r| (r.verdict, r.reason)).collect();
    let joined = (Verdict::Skip, Some(RuleCode::NotJoined));
    assert_eq!(found, [(Verdict::Hold, Some(RuleCode::Gathered)), joined, joined]);
    assert_eq!(rows[0].due_at, Some(at(11 + 600)));
    let case =
        world.store.case(tenant.account, rows[2].decision).await.expect("asked").expect("one");
    let rule = case.rules.iter().find(|rule| rule.code == RuleCode::NotJoined).expect("the rule");
    assert_eq!(rule.saw.get("message"), rows[0].message.map(|id| id.to_string()).as_deref());

    // The same news of a parcel that joined is told already.
    let again = news(&world, &tenant, "3", EventStatus::Shipped, at(400)).await;
    assert!(
        world.store.undecided(10).await.expect("asked").is_empty(),
        "a repetition: {}",
        again.id
    );
    // After its time the next one is a message of its own.
    news(&world, &tenant, "4", EventStatus::Shipped, at(700)).await;
    decide(&world, at(700)).await;
    assert_eq!(log(&world, &tenant).await[3].verdict, Verdict::Hold);
    assert_eq!(world.claim(at(700)).await.len(), 1, "one message for three parcels");
}

fn gathers(mut decided: Decided, until: Timestamp) -> Decided {
    decided.gathers = Some(format!("{} O-7", phone("7")));
    decided.decision.verdict = Verdict::Hold;
    decided.message.as_mut().expect("a message").due_at = until;
    decided
}

async fn what_two_workers_begin_at_once_is_begun_by_one(world: World) {
    let tenant = shop(&world, merging()).await;
    let one = news(&world, &tenant, "1", EventStatus::Delivered, at(10)).await;
    let two = news(&world, &tenant, "2", EventStatus::Delivered, at(10)).await;
    let first = gathers(world.decided(&tenant, &one, None), at(600));
    let second = gathers(world.decided(&tenant, &two, None), at(600));
    assert_eq!(world.store.commit_decisions(&[first]).await, Ok(vec![]));
    assert_eq!(world.store.commit_decisions(&[second]).await, Ok(vec![two.id]));
    decide(&world, at(20)).await;
    let rows = log(&world, &tenant).await;
    assert_eq!((rows.len(), rows[1].reason), (2, Some(RuleCode::NotJoined)));
}

async fn what_has_left_cannot_be_joined(world: World) {
    let tenant = shop(&world, merging()).await;
    let one = news(&world, &tenant, "1", EventStatus::Delivered, at(10)).await;
    let two = news(&world, &tenant, "2", EventStatus::Delivered, at(10)).await;
    let first = world.decided(&tenant, &one, None);
    let gone = first.message.as_ref().expect("a message").id;
    assert_eq!(world.store.commit_decisions(&[first]).await, Ok(vec![]));
    assert_eq!(world.claim(at(20)).await.len(), 1);
    let joins = |message: MessageId| {
        let mut decided = world.decided(&tenant, &two, Some(RuleCode::NotJoined));
        decided.joins = Some(message);
        decided
    };
    assert_eq!(world.store.commit_decisions(&[joins(gone)]).await, Ok(vec![two.id]));
    assert_eq!(world.store.undecided(10).await.expect("asked").len(), 1, "nothing of it is lost");
}

async fn what_several_parcels_share_is_not_overtaken_by_one(world: World) {
    let tenant = shop(&world, merging()).await;
    for parcel in ["1", "2"] {
        news(&world, &tenant, parcel, EventStatus::Shipped, at(10)).await;
        decide(&world, at(10)).await;
    }
    news(&world, &tenant, "1", EventStatus::InTransit, at(20)).await;
    news(&world, &tenant, "1", EventStatus::Delivered, at(30)).await;
    decide(&world, at(30)).await;
    let claimed = world.claim(at(700)).await;
    let found: Vec<_> = claimed.iter().map(|one| one.recheck).collect();
    assert_eq!(found, [Recheck::Passed, Recheck::Passed], "the other parcel is only shipped");
}

async fn a_waiting_status_that_is_overtaken_is_not_told(world: World) {
    let tenant = shop(&world, merging()).await;
    news(&world, &tenant, "1", EventStatus::Shipped, at(10)).await;
    decide(&world, at(10)).await;
    news(&world, &tenant, "1", EventStatus::Delivered, at(100)).await;
    decide(&world, at(100)).await;
    let rows = log(&world, &tenant).await;
    assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [Some(MessageState::Held); 2]);
    let claimed = world.claim(at(700)).await;
    let found: Vec<_> = claimed.iter().map(|one| one.recheck).collect();
    assert_eq!(found, [Recheck::Overtaken, Recheck::Passed], "only the later news");
}

async fn what_concerns_nothing_any_more_is_forgotten(world: World) {
    let both = Timing { merge: merging().merge, ..cap(2) };
    let tenant = shop(&world, both).await;
    let event = news(&world, &tenant, "1", EventStatus::Shipped, at(10)).await;
    decide(&world, at(10)).await;
    let known = async || {
        let gathered = world.store.gather(std::slice::from_ref(&event)).await.expect("gathered");
        (gathered.counted.len(), gathered.waiting.len())
    };
    assert_eq!(known().await, (1, 1));
    assert_eq!(world.store.sweep_restraints(at(610)).await, Ok(0), "it may still be joined");
    assert_eq!(world.store.sweep_restraints(at(611)).await, Ok(1));
    assert_eq!(known().await, (1, 0));
    assert_eq!(world.store.sweep_restraints(at(91 * 24 * 3600)).await, Ok(1));
    assert_eq!(known().await, (0, 0));
}
