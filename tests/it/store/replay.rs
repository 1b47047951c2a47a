//! Messages that failed for a reason somebody can mend, and sending them again.

use super::world::{Journey, Tenant, World, accepted, at, country, finished, phone, provider_id};
use dispatch::attempt::{Answer, Claimed, Consequence, Failure, Recheck};
use dispatch::brand::{BrandState, SenderState};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::consent::{ConsentKind, ConsentSource};
use dispatch::error::Error;
use dispatch::event::EventStatus;
use dispatch::id::ReplayId;
use dispatch::message::MessageState;
use dispatch::port::{NewSender, ReplayBatch, Settlement};
use dispatch::receipt::ReceiptKind;
use dispatch::retention::Kept;
use dispatch::stranded::{LeftOut, LeftOuts, Replay, ReplayFilter, Stranded};
use dispatch::tenant::{Role, Viewer};
use dispatch::time::{Clock, Timestamp};
use dispatch::usecase::{
    Ports, Reach, ReplayPreview, ReplayTerms, Replayed, apply_receipts, continue_replays,
    preview_replay, replay_messages,
};
use dispatch::view::{LogFilter, LogTab, MessageView};
use server::zone::BundledZones;
use std::time::Duration;

both![
    only_what_nobody_can_have_is_put_aside,
    what_waits_goes_once_and_is_charged_once,
    two_hands_send_each_once,
    those_that_are_picked,
    what_speaks_against_it_is_seen,
    newer_news_keeps_it_back,
    it_leaves_from_the_present_sender,
    what_is_long_goes_on_by_itself,
    what_fails_again_waits_again,
    a_refusal_told_twice_is_put_aside_once,
    nothing_of_another_account_is_seen_or_sent,
    what_is_old_waits_no_more,
];

const TERMS: ReplayTerms<'static> =
    ReplayTerms { zones: &BundledZones, stale_after: Duration::from_secs(72 * 3600) };

struct Still(Timestamp);
impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn viewer(tenant: &Tenant) -> Viewer {
    Viewer { account: tenant.account, user: Some(tenant.owner), role: Role::Owner }
}

fn failure(code: &str) -> Failure {
    Failure { code: code.to_owned(), ..Failure::default() }
}

async fn give_up(world: &World, claimed: &Claimed, waits: Option<Stranded>, now: Timestamp) {
    let settlement = Settlement::Failed { code: "131000".into(), waits };
    let ended = finished(claimed, Some(Answer::Retry(failure("131000"))), settlement, now);
    world.store.finish(&[ended]).await.expect("finished");
}

/// A message that failed two seconds after its news came in.
async fn strand(world: &World, tenant: &Tenant, parcel: &str, seconds: i64) -> Journey {
    let journey = world.journey(tenant, parcel, at(seconds), None).await;
    let claimed = world.claim(at(seconds + 2)).await.pop().expect("a claimed message");
    give_up(world, &claimed, Some(Stranded::Tries), at(seconds + 2)).await;
    journey
}

async fn again(world: &World, tenant: &Tenant, filter: ReplayFilter, seconds: i64) -> Replayed {
    let clock = Still(at(seconds));
    let ports = Ports { store: &*world.store, clock: &clock, ids: &world.ids };
    let done = replay_messages(&ports, TERMS, &viewer(tenant), filter, None, Reach::Whole).await;
    done.expect("sent again")
}

async fn look(
    world: &World,
    tenant: &Tenant,
    filter: &ReplayFilter,
    seconds: i64,
) -> ReplayPreview {
    let seen = preview_replay(&*world.store, TERMS, &viewer(tenant), filter, at(seconds)).await;
    seen.expect("looked at")
}

async fn count(world: &World, tenant: &Tenant) -> i64 {
    let all = ReplayFilter::default();
    world.store.count_stranded(tenant.account, &all, 1_000).await.expect("counted")
}

async fn shown(world: &World, tenant: &Tenant, journey: &Journey) -> MessageView {
    let case = world.store.case(tenant.account, journey.decision).await.expect("asked");
    case.expect("a case").message.expect("a message")
}

fn ids(journeys: &[&Journey]) -> ReplayFilter {
    let ids = journeys.iter().filter_map(|journey| journey.message).collect();
    ReplayFilter { ids: Some(ids), ..ReplayFilter::default() }
}

async fn only_what_nobody_can_have_is_put_aside(world: World) {
    let tenant = world.tenant("ada").await;
    let waits = strand(&world, &tenant, "1", 1).await;
    assert_eq!(shown(&world, &tenant, &waits).await.waits, Some(Stranded::Tries));

    // One of its tries may have arrived, whatever the last one says.
    let unclear = world.journey(&tenant, "2", at(10), None).await;
    let first = world.claim(at(12)).await.pop().expect("a claimed message");
    let lost = Answer::Unknown(failure("timeout"));
    let ended = finished(&first, Some(lost), Settlement::Unknown(at(20)), at(13));
    world.store.finish(&[ended]).await.expect("finished");
    world.store.give_up_waiting(at(21), 6, 9).await.expect("given up");
    let second = world.claim(at(22)).await.pop().expect("a second try");
    give_up(&world, &second, Some(Stranded::Tries), at(23)).await;
    let message = shown(&world, &tenant, &unclear).await;
    assert_eq!((message.state, message.waits), (MessageState::Failed, None));

    // What is refused for good does not wait.
    let refused = world.journey(&tenant, "3", at(30), None).await;
    let claimed = world.claim(at(32)).await.pop().expect("a claimed message");
    give_up(&world, &claimed, None, at(33)).await;
    assert_eq!(shown(&world, &tenant, &refused).await.waits, None);

    // Nor does what was taken and then failed.
    let taken = world.journey(&tenant, "4", at(40), None).await;
    let claimed = world.send_all(at(42)).await.pop().expect("a claimed message");
    world.receive(&tenant, &claimed, ReceiptKind::Failed, at(43)).await;
    let message = shown(&world, &tenant, &taken).await;
    assert_eq!((message.state, message.waits), (MessageState::Failed, None));

    assert_eq!(count(&world, &tenant).await, 1);
    let tab = LogFilter { tab: LogTab::Waiting, limit: 10, ..LogFilter::default() };
    let rows = world.store.log(tenant.account, &tab).await.expect("a log").rows;
    assert_eq!(rows.iter().map(|row| row.decision).collect::<Vec<_>>(), [waits.decision]);
    let counts = world.store.log_counts(tenant.account, None, at(0)).await.expect("counted");
    assert_eq!((counts.waiting, counts.failed), (1, 4));
    assert_eq!(world.store.backlog(at(50)).await.expect("asked").stranded, 1);
    assert_eq!(world.store.overview(tenant.account, at(50)).await.expect("asked").waiting, 1);
    let all = ids(&[&waits, &unclear, &refused, &taken]);
    let seen = look(&world, &tenant, &all, 50).await;
    assert_eq!((seen.count(), seen.left_out), (1, LeftOuts::from([(LeftOut::NotWaiting, 3)])));
    let done = again(&world, &tenant, all, 50).await;
    assert_eq!((done.replay.sent, done.left.len()), (1, 3));
    assert_eq!(world.claim(at(60)).await.len(), 1);
}

async fn what_waits_goes_once_and_is_charged_once(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = strand(&world, &tenant, "1", 1).await;
    let seen = look(&world, &tenant, &ReplayFilter::default(), 10).await;
    assert_eq!((seen.count(), seen.brands.len(), seen.more), (1, 1, false));
    assert_eq!(seen.cost.map(|cost| cost.micros), Some(140_000), "if it arrives");

    let done = again(&world, &tenant, ReplayFilter::default(), 10).await.replay;
    assert_eq!((done.sent, done.total, done.looked_at), (1, 1, 1));
    assert!(done.ended_at.is_some() && done.left_out.is_empty());
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!((message.state, message.failure, message.waits), (MessageState::Held, None, None));
    assert_eq!(message.replays.len(), 1);
    assert_eq!(message.replays[0].replay, done.id);
    assert_eq!(message.replays[0].by.as_deref(), Some("ada"));

    // Nothing is left to be sent again.
    assert_eq!(again(&world, &tenant, ReplayFilter::default(), 11).await.replay.sent, 0);
    assert_eq!(again(&world, &tenant, ids(&[&journey]), 11).await.replay.sent, 0);
    let claimed = world.claim(at(12)).await;
    assert_eq!(claimed.len(), 1);
    assert_eq!((claimed[0].number, claimed[0].recheck), (1, Recheck::Passed));
    world.store.finish(&[accepted(&claimed[0], at(13))]).await.expect("finished");
    assert_eq!(again(&world, &tenant, ids(&[&journey]), 14).await.replay.sent, 0, "taken");
    for second in [14, 15] {
        let receipt = world.receipt(&claimed[0], ReceiptKind::Delivered, at(second));
        world.store.store_receipts(&[receipt], &[]).await.expect("kept");
        apply_receipts(&*world.store, &world.ids, &crate::process::nothing_follows, at(second), 10)
            .await
            .expect("applied");
    }
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!((message.state, message.charges.len()), (MessageState::Delivered, 1));
    let tries: Vec<_> = message.attempts.iter().map(|a| (a.number, a.outcome)).collect();
    use dispatch::attempt::Outcome::{Accepted, Retry};
    assert_eq!(tries, [(1, Some(Retry)), (1, Some(Accepted))], "in the order they were made");
    assert_eq!(again(&world, &tenant, ids(&[&journey]), 16).await.replay.sent, 0, "arrived");
    assert!(world.claim(at(100)).await.is_empty());
    let view = world.store.replay(tenant.account, done.id).await.expect("asked").expect("a replay");
    assert_eq!(view.states, [(MessageState::Delivered, 1)]);
    assert_eq!(view.by.as_deref(), Some("ada"));
}

async fn two_hands_send_each_once(world: World) {
    let tenant = world.tenant("ada").await;
    for parcel in 1..=8 {
        strand(&world, &tenant, &parcel.to_string(), parcel * 10).await;
    }
    let id = ReplayId::mint(at(100), &world.ids);
    let clock = Still(at(100));
    let ports = Ports { store: &*world.store, clock: &clock, ids: &world.ids };
    let me = viewer(&tenant);
    let press = |id| replay_messages(&ports, TERMS, &me, ReplayFilter::default(), id, Reach::Whole);
    // The same button pressed twice, and another page of the same.
    let (one, same, other) = tokio::join!(press(Some(id)), press(Some(id)), press(None));
    let (one, same, other) = (one.expect("one"), same.expect("the same"), other.expect("another"));
    assert_eq!((one.replay.id, same.replay.id), (id, id));
    let kept = world.store.replay(tenant.account, id).await.expect("asked").expect("kept").replay;
    assert_eq!(kept.sent + other.replay.sent, 8);
    assert!([one.replay.sent, same.replay.sent].contains(&kept.sent));
    let claimed = world.claim(at(110)).await;
    assert_eq!(claimed.len(), 8);
    let again = press(Some(id)).await.expect("known");
    assert_eq!(again.replay.sent, kept.sent, "what it did then");
    assert!(world.claim(at(200)).await.is_empty());
    // Somebody else's id is nobody's business.
    let eve = world.tenant("eve").await;
    let me = viewer(&eve);
    let stolen = ReplayFilter::default();
    let press = replay_messages(&ports, TERMS, &me, stolen, Some(id), Reach::Whole).await;
    assert_eq!(press.map(|done| done.replay.sent), Err(Error::Conflict));
}

async fn those_that_are_picked(world: World) {
    let tenant = world.tenant("ada").await;
    for (parcel, reason) in
        [("1", Stranded::Tries), ("2", Stranded::Template), ("3", Stranded::Tries)]
    {
        let seconds: i64 = parcel.parse::<i64>().expect("a number") * 100;
        let delivery = world.new_delivery(&tenant, at(seconds));
        let new = world.new_event(&tenant, &delivery, parcel);
        let event = new.event.clone();
        world.understand(&delivery, vec![new]).await;
        let mut decided = world.decided(&tenant, &event, None);
        let to = if parcel == "3" { "DE" } else { "FR" };
        decided.message.as_mut().expect("a message").country = country(to);
        world.store.commit_decisions(&[decided]).await.expect("decided");
        let claimed = world.claim(at(seconds + 2)).await.pop().expect("a claimed message");
        give_up(&world, &claimed, Some(reason), at(seconds + 2)).await;
    }
    let any = ReplayFilter::default;
    let sender = Some(tenant.sender);
    for (filter, expected) in [
        (any(), 3),
        (ReplayFilter { brand: Some(tenant.brand), sender, ..any() }, 3),
        (ReplayFilter { country: Some(country("DE")), ..any() }, 1),
        (ReplayFilter { reason: Some(Stranded::Template), ..any() }, 1),
        (ReplayFilter { channel: Some(Channel::Sms), ..any() }, 0),
        (ReplayFilter { since: Some(at(202)), ..any() }, 2),
        (ReplayFilter { since: Some(at(102)), until: Some(at(202)), ..any() }, 1),
    ] {
        let found = world.store.count_stranded(tenant.account, &filter, 10).await.expect("counted");
        assert_eq!(found, expected, "{filter:?}");
        assert_eq!(look(&world, &tenant, &filter, 400).await.count(), expected, "{filter:?}");
    }
    assert_eq!(world.store.count_stranded(tenant.account, &any(), 2).await, Ok(2), "so many");
    let groups = world.store.stranded_groups(tenant.account).await.expect("asked");
    assert_eq!(groups.iter().map(|group| group.count).sum::<i64>(), 3);
    assert_eq!(groups[0].sender_name, "+33 6 39 98 00 00");
    // In pages, in the order of their ids.
    let one = world.store.stranded(tenant.account, &any(), None, 2).await.expect("a page");
    let rest = world.store.stranded(tenant.account, &any(), Some(one[1].message), 2).await;
    let rest = rest.expect("a page");
    assert_eq!((one.len(), rest.len()), (2, 1));
    assert!(one[0].message < one[1].message && one[1].message < rest[0].message);
    // One step of it, then the next.
    let clock = Still(at(400));
    let ports = Ports { store: &*world.store, clock: &clock, ids: &world.ids };
    let me = viewer(&tenant);
    let step = |after| replay_messages(&ports, TERMS, &me, any(), None, Reach::One(2, after));
    let first = step(None).await.expect("sent again");
    assert_eq!((first.replay.sent, first.next), (2, Some(one[1].message)));
    assert!(first.replay.ended_at.is_some(), "nothing goes on by itself");
    let second = step(first.next).await.expect("sent again");
    assert_eq!((second.replay.sent, second.next), (1, None));
}

async fn what_speaks_against_it_is_seen(world: World) {
    let tenant = world.tenant("ada").await;
    let stopped = strand(&world, &tenant, "1", 1).await;
    let silent = strand(&world, &tenant, "2", 10).await;
    let good = strand(&world, &tenant, "3", 20).await;
    let stop = world.said(&tenant, &phone("1"), ConsentKind::OptOut, at(30));
    world.store.record_consents(tenant.account, &stop).await.expect("recorded");
    let mut choice =
        world.word(&tenant, &phone("2"), ConsentKind::Choice, ConsentSource::Page, at(30));
    choice.silent = [TrackingStatus::Delivered].into();
    world.store.record_consents(tenant.account, &[choice]).await.expect("recorded");
    let seen = look(&world, &tenant, &ReplayFilter::default(), 40).await;
    let expected = LeftOuts::from([(LeftOut::OptedOut, 1), (LeftOut::Unwanted, 1)]);
    assert_eq!((seen.count(), &seen.left_out), (1, &expected));

    // What is ours to mend keeps all of them waiting.
    let (store, account) = (&world.store, tenant.account);
    let set = async |state| {
        store.set_sender_state(account, tenant.sender, state, None, at(41)).await.expect("set");
    };
    set(SenderState::Reconnect).await;
    let done = again(&world, &tenant, ids(&[&good]), 42).await;
    assert_eq!(done.left, [(good.message.expect("one"), LeftOut::SenderNotReady)]);
    assert_eq!(count(&world, &tenant).await, 3, "it stays");
    set(SenderState::Ready).await;
    store.set_brand_state(account, tenant.brand, BrandState::Archived).await.expect("put away");
    let archived = look(&world, &tenant, &ids(&[&good]), 43).await.left_out;
    assert_eq!(archived, LeftOuts::from([(LeftOut::BrandArchived, 1)]));
    store.set_brand_state(account, tenant.brand, BrandState::Active).await.expect("taken out");
    let old = look(&world, &tenant, &ReplayFilter::default(), 80 * 3600).await;
    assert_eq!((old.count(), old.left_out.get(&LeftOut::Stale)), (0, Some(&1)));
    assert_eq!(old.cost, None);

    // Those that can never go leave with the others.
    let done = again(&world, &tenant, ReplayFilter::default(), 50).await.replay;
    assert_eq!((done.sent, done.left_out), (1, expected));
    assert_eq!(count(&world, &tenant).await, 0);
    for journey in [&stopped, &silent] {
        let message = shown(&world, &tenant, journey).await;
        assert_eq!((message.state, message.replays.len()), (MessageState::Failed, 0));
    }
    assert_eq!(shown(&world, &tenant, &good).await.state, MessageState::Held);
    // A no that comes while it waits for its turn is heard, too.
    let stop = world.said(&tenant, &phone("3"), ConsentKind::OptOut, at(51));
    store.record_consents(account, &stop).await.expect("recorded");
    assert_eq!(world.claim(at(52)).await[0].recheck, Recheck::OptedOut);
}

/// News of a parcel that did not get out.
async fn strand_news(world: &World, tenant: &Tenant, parcel: &str, seconds: i64) -> Journey {
    let delivery = world.new_delivery(tenant, at(seconds));
    let mut new = world.new_event(tenant, &delivery, parcel);
    new.event.status = EventStatus::OutForDelivery;
    new.dedup_key = format!("{parcel}:out");
    let event = new.event.clone();
    world.understand(&delivery, vec![new]).await;
    let mut decided = world.decided(tenant, &event, None);
    let message = decided.message.as_mut().expect("a message");
    message.tracking_status = TrackingStatus::OutForDelivery;
    let id = message.id;
    world.store.commit_decisions(std::slice::from_ref(&decided)).await.expect("decided");
    let claimed = world.claim(at(seconds + 2)).await.pop().expect("a claimed message");
    give_up(world, &claimed, Some(Stranded::Provider), at(seconds + 2)).await;
    Journey { delivery: delivery.id, event, decision: decided.id, message: Some(id) }
}

async fn arrives(world: &World, tenant: &Tenant, parcel: &str, seconds: i64) {
    let delivery = world.new_delivery(tenant, at(seconds));
    let new = world.new_event(tenant, &delivery, parcel);
    world.understand(&delivery, vec![new]).await;
}

async fn newer_news_keeps_it_back(world: World) {
    let tenant = world.tenant("ada").await;
    let overtaken = strand_news(&world, &tenant, "1", 1).await;
    let late = strand_news(&world, &tenant, "2", 10).await;
    arrives(&world, &tenant, "1", 20).await;
    let all = ReplayFilter::default();
    let done = again(&world, &tenant, all, 30).await;
    assert_eq!(done.left, [(overtaken.message.expect("one"), LeftOut::Overtaken)]);
    assert_eq!(done.replay.sent, 1);
    // What comes between the question and its turn counts as well.
    arrives(&world, &tenant, "2", 31).await;
    let claimed = world.claim(at(32)).await.pop().expect("a claimed message");
    assert_eq!((Some(claimed.message), claimed.recheck), (late.message, Recheck::Overtaken));
}

async fn it_leaves_from_the_present_sender(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = strand(&world, &tenant, "1", 1).await;
    // New credentials make a new sender, which knows no text yet.
    let new = NewSender { knows_library: false, ..world.new_sender(tenant.brand) };
    world.store.connect_sender(tenant.account, &new, at(5)).await.expect("connected");
    let seen = look(&world, &tenant, &ids(&[&journey]), 6).await.left_out;
    assert_eq!(seen, LeftOuts::from([(LeftOut::TemplateNotReady, 1)]));
    let new = world.new_sender(tenant.brand);
    world.store.connect_sender(tenant.account, &new, at(7)).await.expect("connected");
    assert_eq!(again(&world, &tenant, ids(&[&journey]), 8).await.replay.sent, 1);
    let claimed = world.claim(at(9)).await.pop().expect("a claimed message");
    assert_eq!((claimed.sender, claimed.recheck), (new.id, Recheck::Passed));
}

async fn what_is_long_goes_on_by_itself(world: World) {
    let tenant = world.tenant("ada").await;
    for parcel in 1..=3 {
        strand(&world, &tenant, &parcel.to_string(), parcel * 10).await;
    }
    let first = world.store.stranded(tenant.account, &ReplayFilter::default(), None, 1).await;
    let first = first.expect("a page").remove(0).message;
    // As if the process had died after the first of three.
    let replay = Replay {
        account: tenant.account,
        id: ReplayId::mint(at(50), &world.ids),
        by: None,
        at: at(50),
        filter: ReplayFilter { until: Some(at(25)), ..ReplayFilter::default() },
        total: 2,
        looked_at: 1,
        sent: 0,
        left_out: LeftOuts::from([(LeftOut::Overtaken, 1)]),
        after: Some(first),
        ended_at: None,
    };
    let batch = ReplayBatch { replay, before: None, again: vec![], let_go: vec![first] };
    assert_eq!(world.store.commit_replay(&batch).await, Ok(Some(0)));
    assert_eq!(world.store.commit_replay(&batch).await, Ok(None), "begun already");
    assert_eq!(count(&world, &tenant).await, 2);
    let open = world.store.unfinished_replays(9).await.expect("asked");
    assert_eq!(open.as_slice(), std::slice::from_ref(&batch.replay));
    // Two workers at once: one step of it, one effect.
    let go = || continue_replays(&*world.store, TERMS, at(60), 9);
    let (one, two) = tokio::join!(go(), go());
    assert_eq!(one.expect("on") + two.expect("on"), 1);
    assert_eq!(go().await, Ok(0));
    assert!(world.store.unfinished_replays(9).await.expect("asked").is_empty());
    let views = world.store.replays(tenant.account, 9).await.expect("asked");
    let done = &views[0].replay;
    assert_eq!((done.sent, done.looked_at, done.total), (1, 2, 2));
    assert_eq!(done.left_out, batch.replay.left_out);
    assert_eq!((done.ended_at, views[0].by.as_deref()), (Some(at(60)), None));
    // A step of the past changes nothing.
    let late = ReplayBatch { before: Some(1), ..batch };
    assert_eq!(world.store.commit_replay(&late).await, Ok(None));
    assert_eq!(world.claim(at(70)).await.len(), 1);
    assert_eq!(count(&world, &tenant).await, 1, "what failed later was not meant");
}

async fn what_fails_again_waits_again(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = strand(&world, &tenant, "1", 1).await;
    assert_eq!(again(&world, &tenant, ReplayFilter::default(), 10).await.replay.sent, 1);
    let claimed = world.claim(at(11)).await.pop().expect("a claimed message");
    give_up(&world, &claimed, Some(Stranded::Template), at(12)).await;
    assert_eq!(shown(&world, &tenant, &journey).await.waits, Some(Stranded::Template));
    assert_eq!(again(&world, &tenant, ReplayFilter::default(), 20).await.replay.sent, 1);
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!((message.state, message.replays.len()), (MessageState::Held, 2));
    // A lost answer ends it: nobody knows any more whether somebody has it.
    let claimed = world.claim(at(21)).await.pop().expect("a claimed message");
    let lost = Answer::Unknown(failure("timeout"));
    let ended = finished(&claimed, Some(lost), Settlement::Unknown(at(30)), at(22));
    world.store.finish(&[ended]).await.expect("finished");
    world.store.give_up_waiting(at(31), 1, 9).await.expect("given up");
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!((message.state, message.waits), (MessageState::Failed, None));
    assert_eq!(again(&world, &tenant, ids(&[&journey]), 40).await.replay.sent, 0);
}

/// A worker that stalled may come back with two answers about one message.
async fn a_refusal_told_twice_is_put_aside_once(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let first = world.claim(at(2)).await.pop().expect("a claimed message");
    world.store.rescue("other", false, at(100), at(101)).await.expect("rescued");
    world.store.give_up_waiting(at(102), 6, 9).await.expect("given up");
    let second = world.claim(at(103)).await.pop().expect("a claimed message");
    let follows = Consequence::ProviderDown;
    let ended: Vec<_> = [&first, &second]
        .map(|one| {
            let answer = Answer::Retry(Failure { follows, ..failure("131000") });
            let waits = Some(Stranded::Provider);
            let settlement = Settlement::Failed { code: "131000".into(), waits };
            finished(one, Some(answer), settlement, at(104))
        })
        .into();
    world.store.finish(&ended).await.expect("finished");
    world.store.finish(&ended).await.expect("written down once more");
    assert_eq!(count(&world, &tenant).await, 1);
    assert_eq!(again(&world, &tenant, ids(&[&journey]), 110).await.replay.sent, 1);
    // A receipt says that it had arrived after all: it does not go any more.
    let mut receipt = world.receipt(&second, ReceiptKind::Delivered, at(111));
    receipt.provider_id = provider_id(&second);
    world.store.store_receipts(&[receipt], &[]).await.expect("kept");
    apply_receipts(&*world.store, &world.ids, &crate::process::nothing_follows, at(111), 10)
        .await
        .expect("applied");
    assert!(world.claim(at(120)).await.is_empty());
    assert_eq!(shown(&world, &tenant, &journey).await.state, MessageState::Delivered);
}

async fn nothing_of_another_account_is_seen_or_sent(world: World) {
    let (ada, bob) = (world.tenant("ada").await, world.tenant("bob").await);
    let journey = strand(&world, &ada, "1", 1).await;
    let store = &world.store;
    let mine = again(&world, &bob, ids(&[&journey]), 9).await;
    assert_eq!(mine.replay.sent, 0);
    assert_eq!(again(&world, &bob, ReplayFilter::default(), 9).await.replay.sent, 0);
    let clock = Still(at(9));
    let ports = Ports { store: &**store, clock: &clock, ids: &world.ids };
    let hers = ReplayFilter { brand: Some(ada.brand), ..ReplayFilter::default() };
    let me = viewer(&bob);
    let done = replay_messages(&ports, TERMS, &me, hers.clone(), None, Reach::Whole).await;
    assert_eq!(done.map(drop), Err(Error::NotFound));
    let seen = preview_replay(&**store, TERMS, &me, &hers, at(9)).await;
    assert_eq!(seen.map(drop), Err(Error::NotFound));
    assert_eq!(store.stranded_groups(bob.account).await, Ok(vec![]));
    assert_eq!(count(&world, &bob).await, 0);
    assert_eq!(count(&world, &ada).await, 1);
    let done = again(&world, &ada, ids(&[&journey]), 10).await.replay;
    assert_eq!(store.replay(bob.account, done.id).await, Ok(None));
    assert!(
        store.replays(bob.account, 9).await.expect("asked").iter().all(|r| r.replay.id != done.id)
    );
    // Even under her own id.
    let stolen = Replay { account: bob.account, ended_at: None, ..done };
    let batch = ReplayBatch { replay: stolen, before: Some(1), again: vec![], let_go: vec![] };
    assert_eq!(store.commit_replay(&batch).await, Ok(None));
}

async fn what_is_old_waits_no_more(world: World) {
    let tenant = world.tenant("ada").await;
    strand(&world, &tenant, "1", 1).await;
    let later = 100 * 24 * 3600;
    world.store.make_months(at(later + 1)).await.expect("made");
    strand(&world, &tenant, "2", later).await;
    while world.store.forget(Kept::Messages, at(later - 1)).await.expect("removed") > 0 {}
    assert_eq!(count(&world, &tenant).await, 1);
}
