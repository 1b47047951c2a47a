//! Watching what was sent, and the channels that stand in.

use super::world::{Tenant, World, at, finished, provider_id};
use dispatch::attempt::{Answer, Claimed, Failure, Recheck};
use dispatch::brand::SenderState;
use dispatch::cascade::{Cascades, StandIn};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::error::Error;
use dispatch::event::EventStatus;
use dispatch::id::{ReceiptId, SenderId};
use dispatch::language::Language;
use dispatch::ledger::ChargeKind;
use dispatch::message::{Fallback, MessageState};
use dispatch::port::{Applied, NewSender, Settlement, WatchEnd, Watched};
use dispatch::receipt::{Receipt, ReceiptKind};
use dispatch::template::{Category, Rendered};
use dispatch::time::Timestamp;
use dispatch::usecase::{apply_receipts, keep_watch};
use dispatch::view::{LogFilter, MessageView};
use server::zone::BundledZones;

both![
    each_channel_has_its_sender,
    the_next_channel_stands_in_after_a_failure,
    what_has_not_arrived_in_time_is_found_once,
    who_has_to_wait_is_looked_at_again,
    what_an_earlier_channel_says_later_moves_nothing_but_delivery,
    a_failed_receipt_hurries_the_watch,
    a_lost_answer_that_failed_lets_the_next_channel_stand_in,
    what_two_workers_hear_counts_once,
    what_is_said_late_of_a_step_leaves_the_next_alone,
    an_unknown_outcome_with_another_channel_is_not_tried_again,
    a_late_answer_of_an_earlier_step_takes_nothing_away,
    a_mail_without_an_echo_is_delivered,
    a_mail_that_came_back_lets_the_next_channel_stand_in,
    a_mail_that_comes_back_later_is_given_back,
    what_failed_and_is_overtaken_has_failed,
    a_parcel_that_is_further_along_needs_nobody,
    the_order_of_channels_is_kept,
];

struct Post {
    tenant: Tenant,
    sms: SenderId,
}

async fn post(world: &World) -> Post {
    let tenant = world.tenant("ada").await;
    let sms = on(world, &tenant, Channel::Sms);
    world.store.connect_sender(tenant.account, &sms, at(1)).await.expect("connected");
    Post { tenant, sms: sms.id }
}

fn on(world: &World, tenant: &Tenant, channel: Channel) -> NewSender {
    NewSender {
        channel,
        phone_number_id: "+33700000001".into(),
        knows_library: false,
        ..world.new_sender(tenant.brand)
    }
}

impl Post {
    fn fallback(&self, to: &str) -> Fallback {
        Fallback {
            channel: Channel::Sms,
            sender: self.sms,
            to: to.into(),
            template: "facteur_delivered".into(),
            template_version: 2,
            language: Language::english(),
            category: Category::Utility,
            rendered: Rendered { body: "By text.".into(), ..Rendered::default() },
            after: Some(1),
        }
    }

    /// A message about a parcel that a text message stands in for, claimed two seconds later.
    async fn tell(&self, world: &World, parcel: &str, seconds: i64) -> Claimed {
        let delivery = world.new_delivery(&self.tenant, at(seconds));
        let new = world.new_event(&self.tenant, &delivery, parcel);
        let event = new.event.clone();
        world.understand(&delivery, vec![new]).await;
        let mut decided = world.decided(&self.tenant, &event, None);
        let message = decided.message.as_mut().expect("a message");
        message.fallbacks = vec![self.fallback(&message.to)];
        message.good_until = Some(at(seconds + 100_000));
        world.store.commit_decisions(&[decided]).await.expect("decided");
        let claimed = world.claim(at(seconds + 2)).await.pop().expect("a claimed message");
        assert_eq!((claimed.channel, claimed.step), (Channel::Whatsapp, 0));
        assert_eq!(claimed.next, Some(self.fallback(&claimed.to)));
        claimed
    }

    async fn shown(&self, world: &World, claimed: &Claimed) -> MessageView {
        let case = world.store.case_of_message(self.tenant.account, claimed.message).await;
        case.expect("asked").expect("a case").message.expect("a message")
    }
}

async fn accept(world: &World, claimed: &Claimed, now: Timestamp, watch: Timestamp) {
    let answer = Answer::Accepted { provider_id: provider_id(claimed) };
    let settlement = Settlement::Accepted { watch: Some(watch) };
    let ended = finished(claimed, Some(answer), settlement, now);
    world.store.finish(&[ended]).await.expect("finished");
}

async fn watched(world: &World, now: Timestamp) -> Vec<Watched> {
    world.store.watched(now, 10).await.expect("watched")
}

/// The next channel stands in for all that is watched, not before `due`.
async fn stand_in(world: &World, now: Timestamp, due: Timestamp) -> usize {
    let all = watched(world, now).await;
    let ends: Vec<_> = all
        .into_iter()
        .map(|one| {
            let next = one.next.clone().expect("somebody");
            (one, WatchEnd::Next(Box::new(next), due))
        })
        .collect();
    world.store.end_watch(&ends, now).await.expect("ended");
    ends.len()
}

async fn hear(world: &World, claimed: &Claimed, kind: ReceiptKind, now: Timestamp) {
    let mut receipt = world.receipt(claimed, kind, now);
    receipt.code = (kind == ReceiptKind::Failed).then(|| "131026".to_owned());
    world.store.store_receipts(&[receipt], &[]).await.expect("kept");
    apply_receipts(&*world.store, &world.ids, &crate::process::nothing_follows, now, 100)
        .await
        .expect("applied");
}

async fn each_channel_has_its_sender(world: World) {
    let Post { tenant, sms } = post(&world).await;
    let access = world.store.sender_access(tenant.account, sms).await.expect("asked");
    let access = access.expect("a sender");
    assert_eq!((access.channel, access.brand), (Channel::Sms, tenant.brand));
    let target = world.store.find_sender(sms).await.expect("asked").expect("a sender");
    assert_eq!(target.channel, Channel::Sms);
    let of = async |channel| {
        let found = world.store.senders_on(tenant.account, tenant.brand, channel).await;
        found.expect("asked").into_iter().map(|one| one.sender.id).collect::<Vec<_>>()
    };
    assert_eq!(of(Channel::Sms).await, [sms]);
    assert_eq!(of(Channel::Whatsapp).await, [tenant.sender], "the other channel's is still in use");
    assert_eq!(of(Channel::Email).await, []);
}

async fn the_next_channel_stands_in_after_a_failure(world: World) {
    let post = post(&world).await;
    let claimed = post.tell(&world, "1", 10).await;
    let fallback = Box::new(claimed.next.clone().expect("somebody"));
    let failure = Failure { code: "131026".into(), ..Failure::default() };
    let next = Settlement::Next { code: "131026".into(), fallback };
    let ended = finished(&claimed, Some(Answer::Fallback(failure)), next, at(13));
    world.store.finish(std::slice::from_ref(&ended)).await.expect("finished");
    let message = post.shown(&world, &claimed).await;
    assert_eq!((message.state, message.channel), (MessageState::Queued, Channel::Sms));
    assert_eq!((message.rendered.body.as_str(), message.next), ("By text.", None));
    // The log shows and finds it by the channel that carries it now, and by when it was decided.
    let log = async |channel, since, until| {
        let filter = LogFilter { channel, since, until, limit: 9, ..LogFilter::default() };
        let page = world.store.log(post.tenant.account, &filter).await.expect("asked");
        page.rows.into_iter().map(|row| (row.channel, row.carried)).collect::<Vec<_>>()
    };
    let row = (Channel::Whatsapp, Some(Channel::Sms));
    assert_eq!(log(Some(Channel::Sms), None, None).await, [row]);
    assert_eq!(log(Some(Channel::Whatsapp), None, None).await, []);
    assert_eq!(
        log(None, Some(at(11)), Some(at(12))).await,
        [row],
        "decided a second after it came"
    );
    assert_eq!(log(None, Some(at(12)), None).await, []);
    assert_eq!(log(None, None, Some(at(11))).await, []);

    let second = world.claim(at(13)).await.pop().expect("in the queue of the other sender");
    assert_eq!((second.sender, second.channel, second.step), (post.sms, Channel::Sms, 1));
    assert_eq!((second.number, second.next.clone(), second.recheck), (1, None, Recheck::Passed));
    // The same answer once more changes nothing.
    world.store.finish(&[ended]).await.expect("finished");
    let message = post.shown(&world, &claimed).await;
    let tried: Vec<_> = message.attempts.iter().map(|one| one.channel).collect();
    assert_eq!(
        (message.state, tried),
        (MessageState::Sending, vec![Channel::Whatsapp, Channel::Sms])
    );
}

async fn what_has_not_arrived_in_time_is_found_once(world: World) {
    let post = post(&world).await;
    let (early, late) = (post.tell(&world, "1", 10).await, post.tell(&world, "2", 10).await);
    for one in [&early, &late] {
        accept(&world, one, at(13), at(73)).await;
    }
    let next = post.shown(&world, &early).await.next.expect("somebody");
    assert_eq!((next.channel, next.at, next.after), (Channel::Sms, Some(at(73)), Some(1)));
    assert!(watched(&world, at(72)).await.is_empty(), "it has its time");
    hear(&world, &early, ReceiptKind::Delivered, at(20)).await;
    let found = watched(&world, at(73)).await;
    assert_eq!(found.iter().map(|one| one.message).collect::<Vec<_>>(), [late.message]);
    assert_eq!((found[0].accepted, found[0].overtaken), (true, false));
    assert_eq!(stand_in(&world, at(73), at(73)).await, 1);
    assert_eq!(stand_in(&world, at(74), at(74)).await, 0, "once");
    assert_eq!(world.claim(at(73)).await.len(), 1);
    assert!(watched(&world, at(1000)).await.is_empty());
}

async fn who_has_to_wait_is_looked_at_again(world: World) {
    let post = post(&world).await;
    let claimed = post.tell(&world, "1", 10).await;
    accept(&world, &claimed, at(13), at(73)).await;
    assert_eq!(stand_in(&world, at(73), at(500)).await, 1);
    let message = post.shown(&world, &claimed).await;
    assert_eq!((message.state, message.due_at), (MessageState::Held, Some(at(500))));
    assert!(world.claim(at(499)).await.is_empty());
    // Meanwhile the parcel has come.
    let delivery = world.new_delivery(&post.tenant, at(100));
    let mut newer = world.new_event(&post.tenant, &delivery, "1");
    newer.dedup_key = "1:further".into();
    (newer.event.status, newer.event.occurred_at) = (EventStatus::ReturnReceived, at(90));
    world.understand(&delivery, vec![newer]).await;
    let second = world.claim(at(500)).await.pop().expect("a message");
    assert_eq!(second.recheck, Recheck::Overtaken);
}

async fn what_an_earlier_channel_says_later_moves_nothing_but_delivery(world: World) {
    let post = post(&world).await;
    let claimed = post.tell(&world, "1", 10).await;
    accept(&world, &claimed, at(13), at(73)).await;
    stand_in(&world, at(73), at(73)).await;
    for kind in [ReceiptKind::Sent, ReceiptKind::Failed] {
        hear(&world, &claimed, kind, at(80)).await;
        assert_eq!(post.shown(&world, &claimed).await.state, MessageState::Queued);
        assert!(world.next_due().await.is_some(), "it keeps its place");
    }
    hear(&world, &claimed, ReceiptKind::Delivered, at(81)).await;
    let message = post.shown(&world, &claimed).await;
    assert_eq!((message.state, message.charges.len()), (MessageState::Delivered, 1));
    assert_eq!(world.next_due().await, None, "nobody need stand in any more");
    let receipts: Vec<_> = message.receipts.iter().map(|one| one.channel).collect();
    assert_eq!(receipts, [Channel::Whatsapp; 3]);
}

async fn a_failed_receipt_hurries_the_watch(world: World) {
    let post = post(&world).await;
    let claimed = post.tell(&world, "1", 10).await;
    // The receipt comes before the answer is written down.
    hear(&world, &claimed, ReceiptKind::Failed, at(12)).await;
    accept(&world, &claimed, at(13), at(73)).await;
    let found = watched(&world, at(14)).await;
    assert_eq!(found.len(), 1, "long before its time");
    assert_eq!(stand_in(&world, at(14), at(14)).await, 1);
    let second = world.claim(at(14)).await.pop().expect("a message");
    accept(&world, &second, at(15), at(100)).await;
    hear(&world, &second, ReceiptKind::Failed, at(16)).await;
    let message = post.shown(&world, &claimed).await;
    assert_eq!(message.state, MessageState::Failed, "the last channel's failure is the message's");
    assert_eq!(message.failure.as_deref(), Some("131026"));
}

async fn stood_in(world: &World, now: Timestamp) -> usize {
    let (store, zones) = (&*world.store, BundledZones);
    keep_watch(store, &world.ids, &zones, now, 10).await.expect("watched")
}

async fn a_lost_answer_that_failed_lets_the_next_channel_stand_in(world: World) {
    let post = post(&world).await;
    let lost = post.tell(&world, "1", 10).await;
    let failure = Failure { code: "timeout".into(), ..Failure::default() };
    let unknown = Settlement::Unknown(at(100));
    let unknown = finished(&lost, Some(Answer::Unknown(failure)), unknown, at(13));
    world.store.finish(&[unknown]).await.expect("finished");
    hear(&world, &lost, ReceiptKind::Failed, at(20)).await;
    assert_eq!(post.shown(&world, &lost).await.state, MessageState::Accepted);
    assert_eq!(stood_in(&world, at(21)).await, 1);
    let second = world.claim(at(22)).await.pop().expect("a text message");
    assert_eq!((second.message, second.channel), (lost.message, Channel::Sms));

    // The same when the process that sent it died.
    let lost = post.tell(&world, "2", 30).await;
    assert_eq!(world.store.rescue("rescuer", true, at(40), at(150)).await, Ok(2));
    hear(&world, &lost, ReceiptKind::Failed, at(41)).await;
    assert_eq!(stood_in(&world, at(42)).await, 1);
    let second = world.claim(at(43)).await.pop().expect("a text message");
    assert_eq!((second.message, second.channel), (lost.message, Channel::Sms));

    // And when the receipt is faster than the answer that gets lost.
    let lost = post.tell(&world, "3", 50).await;
    hear(&world, &lost, ReceiptKind::Failed, at(53)).await;
    let failure = Failure { code: "timeout".into(), ..Failure::default() };
    let unknown = Settlement::Unknown(at(150));
    let unknown = finished(&lost, Some(Answer::Unknown(failure)), unknown, at(54));
    world.store.finish(&[unknown]).await.expect("finished");
    assert_eq!(stood_in(&world, at(55)).await, 1);
}

/// What a worker makes of a failed receipt that somebody stands in for.
fn failing(world: &World, post: &Post, claimed: &Claimed, receipt: &Receipt) -> Applied {
    Applied {
        state: None,
        failure: None,
        watch: Some(receipt.received_at),
        ..world.applied(&post.tenant, claimed, receipt)
    }
}

async fn what_two_workers_hear_counts_once(world: World) {
    let post = post(&world).await;
    let claimed = post.tell(&world, "1", 10).await;
    accept(&world, &claimed, at(13), at(73)).await;
    let receipt = world.receipt(&claimed, ReceiptKind::Failed, at(20));
    world.store.store_receipts(std::slice::from_ref(&receipt), &[]).await.expect("kept");
    let (one, other) =
        (failing(&world, &post, &claimed, &receipt), failing(&world, &post, &claimed, &receipt));
    world.store.commit_receipts(&[one], at(20)).await.expect("applied");
    assert_eq!(stood_in(&world, at(21)).await, 1);
    world.store.commit_receipts(&[other], at(22)).await.expect("applied");
    let second = world.claim(at(23)).await.pop().expect("the text message still waits");
    accept(&world, &second, at(24), at(90)).await;
    let found = watched(&world, at(90)).await;
    assert_eq!(found.iter().map(|one| one.step).collect::<Vec<_>>(), [1], "and is watched");
}

async fn what_is_said_late_of_a_step_leaves_the_next_alone(world: World) {
    let post = post(&world).await;
    let claimed = post.tell(&world, "1", 10).await;
    accept(&world, &claimed, at(13), at(73)).await;
    let receipt = world.receipt(&claimed, ReceiptKind::Failed, at(73));
    world.store.store_receipts(std::slice::from_ref(&receipt), &[]).await.expect("kept");
    // Read before the time was over, written after somebody stood in.
    let late = failing(&world, &post, &claimed, &receipt);
    assert_eq!(stood_in(&world, at(73)).await, 1);
    world.store.commit_receipts(&[late], at(74)).await.expect("applied");
    let second = world.claim(at(75)).await.pop().expect("the text message still waits");
    accept(&world, &second, at(76), at(140)).await;
    let found = watched(&world, at(140)).await;
    assert_eq!(found.iter().map(|one| one.step).collect::<Vec<_>>(), [1]);
}

async fn an_unknown_outcome_with_another_channel_is_not_tried_again(world: World) {
    let post = post(&world).await;
    let claimed = post.tell(&world, "1", 10).await;
    let unknown = finished(
        &claimed,
        Some(Answer::Unknown(Failure { code: "timeout".into(), ..Failure::default() })),
        Settlement::Unknown(at(100)),
        at(13),
    );
    world.store.finish(&[unknown]).await.expect("finished");
    assert!(watched(&world, at(99)).await.is_empty());
    let found = watched(&world, at(100)).await;
    assert_eq!((found.len(), found[0].accepted), (1, false));
    assert_eq!(stand_in(&world, at(100), at(100)).await, 1);
    assert_eq!(world.store.give_up_waiting(at(200), 6, 9).await, Ok(0));
    let second = world.claim(at(200)).await.pop().expect("a message");
    assert_eq!((second.channel, second.step), (Channel::Sms, 1));
}

async fn a_late_answer_of_an_earlier_step_takes_nothing_away(world: World) {
    let post = post(&world).await;
    let claimed = post.tell(&world, "1", 10).await;
    assert_eq!(world.store.rescue("rescuer", false, at(100), at(150)).await, Ok(1));
    assert_eq!(stand_in(&world, at(150), at(150)).await, 1);
    // The process that was thought dead writes down its answer after all.
    accept(&world, &claimed, at(151), at(200)).await;
    let message = post.shown(&world, &claimed).await;
    assert_eq!((message.state, message.channel), (MessageState::Queued, Channel::Sms));
    assert_eq!(world.claim(at(152)).await.len(), 1);
    assert!(watched(&world, at(1000)).await.is_empty());
}

async fn a_mail_without_an_echo_is_delivered(world: World) {
    let post = post(&world).await;
    let mail = on(&world, &post.tenant, Channel::Email);
    world.store.connect_sender(post.tenant.account, &mail, at(1)).await.expect("connected");
    let claimed = post.tell(&world, "1", 10).await;
    let mut fallback = post.fallback("ada@home.example");
    (fallback.channel, fallback.sender) = (Channel::Email, mail.id);
    let next = Settlement::Next { code: "x".into(), fallback: Box::new(fallback) };
    let ended = finished(&claimed, None, next, at(13));
    world.store.finish(&[ended]).await.expect("finished");
    let second = world.claim(at(13)).await.pop().expect("a mail");
    accept(&world, &second, at(14), at(600)).await;
    let found = watched(&world, at(600)).await.pop().expect("a mail");
    assert_eq!((found.channel, found.accepted), (Channel::Email, true));
    assert_eq!(found.provider_id.as_deref(), Some(provider_id(&second).as_str()));
    let end = WatchEnd::Delivered(ReceiptId::mint(at(600), &world.ids));
    world.store.end_watch(&[(found, end)], at(600)).await.expect("ended");
    apply_receipts(&*world.store, &world.ids, &crate::process::nothing_follows, at(601), 100)
        .await
        .expect("applied");
    let message = post.shown(&world, &claimed).await;
    assert_eq!((message.state, message.charges.len()), (MessageState::Delivered, 1));
    assert_eq!(message.charges[0].rate, "email-growth-2025-01-01");
    assert!(watched(&world, at(1000)).await.is_empty());
}

async fn a_mail_that_comes_back_later_is_given_back(world: World) {
    let post = post(&world).await;
    let mail = on(&world, &post.tenant, Channel::Email);
    world.store.connect_sender(post.tenant.account, &mail, at(1)).await.expect("connected");
    let claimed = post.tell(&world, "1", 10).await;
    let mut fallback = post.fallback("ada@home.example");
    (fallback.channel, fallback.sender) = (Channel::Email, mail.id);
    let next = Settlement::Next { code: "x".into(), fallback: Box::new(fallback) };
    world.store.finish(&[finished(&claimed, None, next, at(13))]).await.expect("finished");
    let second = world.claim(at(13)).await.pop().expect("a mail");
    accept(&world, &second, at(14), at(614)).await;
    stood_in(&world, at(614)).await;
    apply_receipts(&*world.store, &world.ids, &crate::process::nothing_follows, at(615), 100)
        .await
        .expect("applied");
    assert_eq!(post.shown(&world, &claimed).await.state, MessageState::Delivered);
    for seconds in [7_200, 7_300] {
        hear(&world, &second, ReceiptKind::Failed, at(seconds)).await;
    }
    let message = post.shown(&world, &claimed).await;
    assert_eq!(message.state, MessageState::Delivered, "states only go forward");
    let charges: Vec<_> = message.charges.iter().map(|c| (c.kind, c.amount.micros)).collect();
    assert_eq!(charges, [(ChargeKind::Charge, 2_000), (ChargeKind::Reversal, -2_000)]);
}

/// The parcel `1` is heard of again: it came back to the shop.
async fn get_further(world: &World, post: &Post) {
    let delivery = world.new_delivery(&post.tenant, at(30));
    let mut newer = world.new_event(&post.tenant, &delivery, "1");
    newer.dedup_key = "1:further".into();
    (newer.event.status, newer.event.occurred_at) = (EventStatus::ReturnReceived, at(29));
    world.understand(&delivery, vec![newer]).await;
}

async fn what_failed_and_is_overtaken_has_failed(world: World) {
    let post = post(&world).await;
    let claimed = post.tell(&world, "1", 10).await;
    accept(&world, &claimed, at(13), at(73)).await;
    get_further(&world, &post).await;
    hear(&world, &claimed, ReceiptKind::Failed, at(40)).await;
    assert_eq!(stood_in(&world, at(41)).await, 0);
    let message = post.shown(&world, &claimed).await;
    assert_eq!(message.state, MessageState::Failed);
    assert_eq!(message.failure.as_deref(), Some("131026"));
    assert!(watched(&world, at(1000)).await.is_empty());
}

async fn a_mail_that_came_back_lets_the_next_channel_stand_in(world: World) {
    let post = post(&world).await;
    let mail = on(&world, &post.tenant, Channel::Email);
    world.store.connect_sender(post.tenant.account, &mail, at(1)).await.expect("connected");
    let delivery = world.new_delivery(&post.tenant, at(10));
    let new = world.new_event(&post.tenant, &delivery, "1");
    let event = new.event.clone();
    world.understand(&delivery, vec![new]).await;
    let mut decided = world.decided(&post.tenant, &event, None);
    let message = decided.message.as_mut().expect("a message");
    message.fallbacks = vec![post.fallback(&message.to)];
    (message.channel, message.sender) = (Channel::Email, mail.id);
    world.store.commit_decisions(&[decided]).await.expect("decided");
    let claimed = world.claim(at(12)).await.pop().expect("a mail");
    accept(&world, &claimed, at(13), at(613)).await;
    hear(&world, &claimed, ReceiptKind::Failed, at(20)).await;
    assert_eq!(stood_in(&world, at(21)).await, 1, "it is not taken for delivered");
    let second = world.claim(at(21)).await.pop().expect("a text message");
    assert_eq!((second.channel, second.step), (Channel::Sms, 1));
}

async fn a_parcel_that_is_further_along_needs_nobody(world: World) {
    let post = post(&world).await;
    let claimed = post.tell(&world, "1", 10).await;
    accept(&world, &claimed, at(13), at(73)).await;
    get_further(&world, &post).await;
    let found = watched(&world, at(73)).await.pop().expect("it has not arrived");
    assert!(found.overtaken);
    world.store.end_watch(&[(found, WatchEnd::Leave)], at(73)).await.expect("ended");
    assert!(watched(&world, at(74)).await.is_empty());
    assert_eq!(post.shown(&world, &claimed).await.state, MessageState::Accepted);
}

async fn the_order_of_channels_is_kept(world: World) {
    let Post { tenant, .. } = post(&world).await;
    let (account, brand) = (tenant.account, tenant.brand);
    let stands = async || world.store.brand(account, brand).await.expect("asked").expect("a brand");
    let before = stands().await;
    assert_eq!(before.cascades, Cascades::default());
    let mut cascades = Cascades::default();
    cascades.all.then = vec![StandIn { channel: Channel::Email, after: None }];
    let mut own = cascades.all.clone();
    own.first = Channel::Sms;
    cascades.own.insert(TrackingStatus::Delayed, own);
    let version = before.version;
    let set = world.store.set_cascades(account, brand, version, &cascades).await;
    assert_eq!(set, Ok(()));
    let again = world.store.set_cascades(account, brand, version, &Cascades::default()).await;
    assert_eq!(again, Err(Error::Conflict));
    let other = world.tenant("eve").await;
    let foreign = world.store.set_cascades(other.account, brand, version + 1, &cascades).await;
    assert_eq!(foreign, Err(Error::NotFound));
    assert_eq!(stands().await.cascades, cascades);
    let file = world.store.brand_file(account, brand).await.expect("asked").expect("a brand");
    assert_eq!(file.brand.cascades, cascades);
    let sender = file.channels[&Channel::Sms].sender.clone().expect("a sender");
    assert_eq!((sender.state, sender.one_way), (SenderState::Ready, false));
}
