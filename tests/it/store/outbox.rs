//! The outbox: leases, attempts and what follows from them.

use super::world::{
    Journey, LEASE, Tenant, WORKER, World, accepted, at, finished, phone, provider_id,
};
use dispatch::attempt::{Answer, Consequence, Failure, Outcome, Recheck};
use dispatch::brand::{BrandState, SenderState};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::consent::{ConsentKind, ConsentRecord, ConsentSource, Purpose};
use dispatch::decision::{RuleCode, Verdict};
use dispatch::event::EventStatus;
use dispatch::id::SenderId;
use dispatch::message::MessageState;
use dispatch::port::{Inbound, Queue, Settlement};
use dispatch::quiet::QuietHours;
use dispatch::receipt::ReceiptKind;
use dispatch::template::Category;
use dispatch::usecase::{give_back, keep_quiet};
use dispatch::view::{LogFilter, LogTab, MessageView};
use server::zone::BundledZones;
use std::collections::{BTreeSet, HashSet};

both![
    a_message_is_leased_to_one_worker,
    workers_do_not_share_messages,
    what_was_decided_first_is_sent_first,
    nothing_is_claimed_before_it_is_due,
    the_second_look_sees_opt_outs_and_senders,
    a_held_message_waits_for_its_moment_and_is_looked_at_again,
    an_accepted_attempt_leaves_the_outbox,
    a_retry_is_due_again,
    a_refused_message_has_failed,
    a_cancelled_message_says_why,
    a_receipt_that_came_first_stays,
    a_lost_lease_is_of_unknown_outcome,
    the_only_process_takes_every_lease,
    an_unknown_outcome_is_given_up_at_its_deadline,
    a_late_answer_does_not_undo_a_later_claim,
    what_is_given_back_was_never_tried,
    each_sender_has_its_queue,
    one_worker_at_a_time_owns_a_sender,
    what_a_dead_worker_leased_is_rescued_before_it_runs_out,
    a_second_lost_answer_is_the_last,
    what_is_put_off_uses_up_no_try,
    what_has_waited_is_kept_quiet_by_the_recipients_clock,
];

fn failure(code: &str) -> Failure {
    Failure { code: code.into(), detail: "It said no.".into(), follows: Consequence::None }
}

async fn shown(world: &World, tenant: &Tenant, journey: &Journey) -> MessageView {
    let case = world.store.case(tenant.account, journey.decision).await.expect("asked");
    case.expect("a case").message.expect("a message")
}

async fn a_message_is_leased_to_one_worker(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    assert_eq!(world.next_due().await, Some(at(2)));
    let claimed = world.claim(at(2)).await;
    assert_eq!((claimed.len(), claimed[0].number, claimed[0].recheck), (1, 1, Recheck::Passed));
    assert!(world.claim(at(3)).await.is_empty(), "it is leased");
    assert_eq!(world.next_due().await, None);
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!(message.state, MessageState::Sending);
    assert_eq!(message.attempts.len(), 1, "written down before anything is sent");
    let attempt = &message.attempts[0];
    assert_eq!((attempt.id, attempt.number, attempt.started_at), (claimed[0].attempt, 1, at(2)));
    assert_eq!((attempt.outcome, attempt.channel), (None, Channel::Whatsapp));
}

async fn workers_do_not_share_messages(world: World) {
    let tenant = world.tenant("ada").await;
    for parcel in 0..40 {
        world.journey(&tenant, &parcel.to_string(), at(1), None).await;
    }
    let claim = |worker: &'static str| {
        let world = &world;
        async move {
            let mut mine = Vec::new();
            loop {
                let rooms = world.rooms(3).await;
                let some = world.store.claim(worker, at(2), LEASE, &rooms, &world.ids).await;
                let some = some.expect("claimed");
                if some.is_empty() {
                    return mine;
                }
                mine.extend(some.into_iter().map(|c| c.message));
            }
        }
    };
    let (a, b, c) = tokio::join!(claim("a"), claim("b"), claim("c"));
    let all: Vec<_> = [a, b, c].concat();
    assert!(all.len() >= 40 || world.claim(at(2)).await.len() + all.len() == 40);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "none twice");
}

async fn what_was_decided_first_is_sent_first(world: World) {
    let tenant = world.tenant("ada").await;
    let mut decided = Vec::new();
    for parcel in 0..30 {
        let journey = world.journey(&tenant, &parcel.to_string(), at(1 + parcel), None).await;
        decided.extend(journey.message);
    }
    let claimed: Vec<_> = world.claim(at(60)).await.into_iter().map(|one| one.message).collect();
    assert_eq!(claimed, decided);
}

async fn nothing_is_claimed_before_it_is_due(world: World) {
    let tenant = world.tenant("ada").await;
    world.journey(&tenant, "1", at(10), None).await;
    assert!(world.claim(at(10)).await.is_empty());
    assert_eq!(world.claim(at(11)).await.len(), 1);
}

async fn the_second_look_sees_opt_outs_and_senders(world: World) {
    let tenant = world.tenant("ada").await;
    world.journey(&tenant, "1", at(1), None).await;
    let consent = world.said(&tenant, &phone("1"), ConsentKind::OptOut, at(2));
    let stop = Inbound {
        account: tenant.account,
        sender: tenant.sender,
        provider_id: "in1".into(),
        from: Some(phone("1")),
        text: "STOP".into(),
        received_at: at(2),
        consent,
        confirms: None,
    };
    world.store.store_receipts(&[], &[stop]).await.expect("kept");
    assert_eq!(world.claim(at(3)).await[0].recheck, Recheck::OptedOut);
    // What the person chose, and what the message needs, is looked at too.
    world.journey(&tenant, "3", at(4), None).await;
    let choice = ConsentRecord {
        silent: [TrackingStatus::Delivered].into(),
        ..world.word(&tenant, &phone("3"), ConsentKind::Choice, ConsentSource::Page, at(4))
    };
    world.store.record_consents(tenant.account, &[choice]).await.expect("recorded");
    assert_eq!(world.claim(at(5)).await[0].recheck, Recheck::Unwanted);
    for (parcel, kind, expected) in [
        ("4", None, Recheck::NoMarketing),
        ("5", Some(ConsentKind::OptIn), Recheck::Passed),
        ("6", Some(ConsentKind::OptOut), Recheck::NoMarketing),
    ] {
        let delivery = world.new_delivery(&tenant, at(4));
        let new = world.new_event(&tenant, &delivery, parcel);
        let event = new.event.clone();
        world.understand(&delivery, vec![new]).await;
        let mut decided = world.decided(&tenant, &event, None);
        decided.message.as_mut().expect("a message").category = Category::Marketing;
        world.store.commit_decisions(&[decided]).await.expect("decided");
        if let Some(kind) = kind {
            let word = world.word(&tenant, &phone(parcel), kind, ConsentSource::Api, at(4));
            let word = ConsentRecord { purpose: Purpose::Marketing, ..word };
            world.store.record_consents(tenant.account, &[word]).await.expect("recorded");
        }
        assert_eq!(world.claim(at(5)).await[0].recheck, expected, "{kind:?}");
    }
    world.journey(&tenant, "2", at(4), None).await;
    let set = SenderState::Paused;
    world
        .store
        .set_sender_state(tenant.account, tenant.sender, set, None, at(3))
        .await
        .expect("set");
    assert_eq!(world.claim(at(6)).await[0].recheck, Recheck::SenderNotReady);
}

/// A decided event whose message waits until `due`, and whose news is recent enough until `good_until`.
async fn held(world: &World, tenant: &Tenant, parcel: &str, due: i64, good_until: i64) -> Journey {
    let delivery = world.new_delivery(tenant, at(1));
    let mut new = world.new_event(tenant, &delivery, parcel);
    new.event.status = EventStatus::Shipped;
    let event = new.event.clone();
    world.understand(&delivery, vec![new]).await;
    let mut decided = world.decided(tenant, &event, None);
    decided.decision.verdict = Verdict::Hold;
    decided.decision.reason = Some(RuleCode::WithinHours);
    let message = decided.message.as_mut().expect("a message");
    message.tracking_status = TrackingStatus::Shipped;
    (message.due_at, message.good_until) = (at(due), Some(at(good_until)));
    let (id, decision) = (message.id, decided.id);
    assert_eq!(world.store.commit_decisions(&[decided]).await, Ok(vec![]));
    Journey { delivery: delivery.id, event, decision, message: Some(id) }
}

async fn a_held_message_waits_for_its_moment_and_is_looked_at_again(world: World) {
    let tenant = world.tenant("ada").await;
    let fine = held(&world, &tenant, "1", 100, 500).await;
    let old = held(&world, &tenant, "2", 100, 99).await;
    let overtaken = held(&world, &tenant, "3", 100, 500).await;

    let message = shown(&world, &tenant, &fine).await;
    assert_eq!((message.state, message.due_at), (MessageState::Held, Some(at(100))));
    let filter = LogFilter { tab: LogTab::Held, limit: 10, ..LogFilter::default() };
    let log = world.store.log(tenant.account, &filter).await.expect("asked");
    assert_eq!(log.rows.len(), 3);
    assert!(log.rows.iter().all(|row| row.due_at == Some(at(100))));
    assert_eq!(world.store.log_counts(tenant.account, None, at(0)).await.expect("asked").held, 3);
    assert_eq!(world.store.backlog(at(50)).await.expect("asked").messages, 0, "nothing is late");
    assert_eq!(world.store.backlog(at(100)).await.expect("asked").messages, 3);

    // Meanwhile the third parcel arrives.
    let delivery = world.new_delivery(&tenant, at(50));
    let mut new = world.new_event(&tenant, &delivery, "3");
    new.dedup_key = "3:arrived".into();
    world.understand(&delivery, vec![new]).await;

    assert!(world.claim(at(99)).await.is_empty());
    assert_eq!(world.next_due().await, Some(at(100)));
    let claimed = world.claim(at(100)).await;
    let found = |journey: &Journey| {
        let one = claimed.iter().find(|one| Some(one.message) == journey.message);
        one.expect("claimed").recheck
    };
    assert_eq!(found(&fine), Recheck::Passed);
    assert_eq!(found(&old), Recheck::Stale);
    assert_eq!(found(&overtaken), Recheck::Overtaken);
    let message = shown(&world, &tenant, &fine).await;
    assert_eq!((message.state, message.due_at), (MessageState::Sending, None));

    // Sent like any other.
    let one = claimed.iter().find(|one| Some(one.message) == fine.message).expect("claimed");
    world.store.finish(&[accepted(one, at(101))]).await.expect("finished");
    assert_eq!(shown(&world, &tenant, &fine).await.state, MessageState::Accepted);

    // A brand that is put away sends nothing of what it held; who opted out hears why first.
    held(&world, &tenant, "4", 200, 500).await;
    let state = BrandState::Archived;
    world.store.set_brand_state(tenant.account, tenant.brand, state).await.expect("set");
    assert_eq!(world.claim(at(200)).await[0].recheck, Recheck::BrandArchived);
}

async fn an_accepted_attempt_leaves_the_outbox(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let claimed = world.send_all(at(2)).await;
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!(message.state, MessageState::Accepted);
    let attempt = &message.attempts[0];
    assert_eq!((attempt.outcome, attempt.finished_at), (Some(Outcome::Accepted), Some(at(2))));
    assert_eq!(attempt.provider_id, Some(provider_id(&claimed[0])));
    assert_eq!(world.store.rescue(WORKER, true, at(1_000), at(2_000)).await, Ok(0));
    assert!(world.claim(at(1_000)).await.is_empty());
}

async fn a_retry_is_due_again(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let claimed = world.claim(at(2)).await;
    let answer = Some(Answer::Retry(failure("130429")));
    let again = finished(&claimed[0], answer, Settlement::Again(at(9)), at(3));
    world.store.finish(&[again]).await.expect("finished");
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!(message.state, MessageState::Queued);
    assert_eq!(world.next_due().await, Some(at(9)));
    assert!(world.claim(at(8)).await.is_empty());
    let second = world.claim(at(9)).await;
    assert_eq!((second.len(), second[0].number), (1, 2));
    assert_ne!(second[0].attempt, claimed[0].attempt);
    let message = shown(&world, &tenant, &journey).await;
    let outcomes: Vec<_> = message.attempts.iter().map(|a| (a.number, a.outcome)).collect();
    assert_eq!(outcomes, [(1, Some(Outcome::Retry)), (2, None)]);
    assert_eq!(message.attempts[0].code.as_deref(), Some("130429"));
    assert_eq!(message.attempts[0].detail.as_deref(), Some("It said no."));
}

async fn a_refused_message_has_failed(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let claimed = world.claim(at(2)).await;
    let answer = Some(Answer::Refused(failure("131026")));
    let failed = Settlement::Failed { code: "131026".into(), waits: None };
    world.store.finish(&[finished(&claimed[0], answer, failed, at(3))]).await.expect("finished");
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!((message.state, message.failure.as_deref()), (MessageState::Failed, Some("131026")));
    assert!(world.claim(at(1_000)).await.is_empty());
}

async fn a_cancelled_message_says_why(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let claimed = world.claim(at(2)).await;
    let settlement = Settlement::Cancelled("opted_out".into());
    world.store.finish(&[finished(&claimed[0], None, settlement, at(3))]).await.expect("finished");
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!(message.state, MessageState::Cancelled);
    assert_eq!(message.failure.as_deref(), Some("opted_out"));
    assert_eq!(message.attempts[0].finished_at, Some(at(3)));
    assert!(world.claim(at(1_000)).await.is_empty());
}

async fn a_receipt_that_came_first_stays(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let claimed = world.claim(at(2)).await;
    world.receive(&tenant, &claimed[0], ReceiptKind::Delivered, at(3)).await;
    // The answer to the request comes last, or is lost.
    world.store.finish(&[accepted(&claimed[0], at(4))]).await.expect("finished");
    assert_eq!(shown(&world, &tenant, &journey).await.state, MessageState::Delivered);
    let lost = Some(Answer::Unknown(failure("timeout")));
    let unknown = finished(&claimed[0], lost, Settlement::Unknown(at(60)), at(5));
    world.store.finish(&[unknown]).await.expect("finished");
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!(message.state, MessageState::Delivered);
    assert_eq!(message.attempts[0].outcome, Some(Outcome::Accepted));
    assert_eq!(world.store.give_up_waiting(at(1_000), 6, 9).await, Ok(0));
    assert!(world.claim(at(1_000)).await.is_empty(), "never sent again");
}

async fn a_lost_lease_is_of_unknown_outcome(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let claimed = world.claim(at(2)).await;
    assert_eq!(world.store.rescue("other", false, at(61), at(200)).await, Ok(0), "still leased");
    assert_eq!(world.store.rescue("other", false, at(62), at(200)).await, Ok(1));
    assert_eq!(world.store.rescue("other", false, at(62), at(200)).await, Ok(0));
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!(message.state, MessageState::Unknown);
    assert_eq!(message.attempts[0].outcome, Some(Outcome::Unknown));
    assert_eq!(message.attempts[0].code.as_deref(), Some("lease_expired"));
    assert!(world.claim(at(199)).await.is_empty(), "not retried blindly");
    // A receipt that carries the attempt settles it.
    world.receive(&tenant, &claimed[0], ReceiptKind::Sent, at(100)).await;
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!(message.state, MessageState::Sent);
    assert_eq!(message.attempts[0].outcome, Some(Outcome::Accepted));
    assert_eq!(world.store.give_up_waiting(at(1_000), 6, 9).await, Ok(0));
}

async fn the_only_process_takes_every_lease(world: World) {
    let tenant = world.tenant("ada").await;
    world.journey(&tenant, "1", at(1), None).await;
    world.claim(at(2)).await;
    assert_eq!(world.store.rescue(WORKER, true, at(3), at(200)).await, Ok(0), "its own run on");
    assert_eq!(world.store.rescue("after restart", true, at(3), at(200)).await, Ok(1));
}

async fn a_second_lost_answer_is_the_last(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    // A process that died may never have asked the provider: as often as it has to.
    for second in [10, 20, 30] {
        assert_eq!(world.claim(at(second)).await.len(), 1);
        assert_eq!(world.store.rescue("other", true, at(second), at(second)).await, Ok(1));
        assert_eq!(world.store.give_up_waiting(at(second), 9, 2).await, Ok(1));
        assert_eq!(shown(&world, &tenant, &journey).await.state, MessageState::Queued);
    }
    for (second, after) in [(40, MessageState::Queued), (50, MessageState::Failed)] {
        let claimed = world.claim(at(second)).await;
        let lost = Some(Answer::Unknown(failure("timeout")));
        let unknown = finished(&claimed[0], lost, Settlement::Unknown(at(second)), at(second));
        world.store.finish(&[unknown]).await.expect("finished");
        assert_eq!(world.store.give_up_waiting(at(second), 9, 2).await, Ok(1));
        assert_eq!(shown(&world, &tenant, &journey).await.state, after);
    }
    assert!(world.claim(at(1_000)).await.is_empty());
}

async fn what_has_waited_is_kept_quiet_by_the_recipients_clock(world: World) {
    let tenant = world.tenant("ada").await;
    let brand = world.store.brand(tenant.account, tenant.brand).await.expect("asked");
    let version = brand.expect("a brand").version;
    let quiet = QuietHours { on: true, urgent: BTreeSet::new(), ..QuietHours::default() };
    let set = world.store.set_quiet_hours(tenant.account, tenant.brand, version, &quiet).await;
    set.expect("set");
    // Decided an hour before they begin: at(0) is nine o'clock in France.
    let (decided, night, morning) = (11 * 3600, 14 * 3600, 23 * 3600);
    let journey = world.journey(&tenant, "1", at(decided), None).await;
    let claimed = world.claim(at(decided + 1)).await.remove(0);
    assert_eq!(claimed.hours, None, "the decision has just looked");
    let down = give_back(&claimed, "provider_down", at(night), at(decided + 2));
    world.store.finish(&[down]).await.expect("finished");
    assert_eq!(shown(&world, &tenant, &journey).await.state, MessageState::Held);
    let claimed = world.claim(at(night)).await.remove(0);
    let kept = keep_quiet(&claimed, at(night), &BundledZones).expect("it is night");
    assert_eq!(
        kept.settlement,
        Settlement::GivenBack { at: at(morning), why: "quiet_hours".into() }
    );
    world.store.finish(&[kept]).await.expect("finished");
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!((message.state, message.due_at), (MessageState::Held, Some(at(morning))));
    let claimed = world.claim(at(morning)).await.remove(0);
    assert!(keep_quiet(&claimed, at(morning), &BundledZones).is_none());
    assert_eq!((claimed.recheck, claimed.number), (Recheck::Passed, 1));
}

async fn what_is_put_off_uses_up_no_try(world: World) {
    let tenant = world.tenant("ada").await;
    world.journey(&tenant, "1", at(1), None).await;
    for second in 10..13 {
        let claimed = world.claim(at(second)).await.remove(0);
        let slow = Some(Answer::Retry(failure("130429")));
        let put_off = finished(&claimed, slow, Settlement::PutOff(at(second + 1)), at(second));
        world.store.finish(&[put_off]).await.expect("finished");
    }
    let claimed = world.claim(at(13)).await.remove(0);
    assert_eq!((claimed.number, claimed.free, claimed.counted()), (4, 3, 1));
    let again =
        finished(&claimed, Some(Answer::Retry(failure("x"))), Settlement::Again(at(14)), at(13));
    world.store.finish(&[again]).await.expect("finished");
    let claimed = world.claim(at(14)).await.remove(0);
    assert_eq!((claimed.number, claimed.counted()), (5, 2));
}

async fn an_unknown_outcome_is_given_up_at_its_deadline(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let lose = async |now, until| {
        let claimed = world.claim(now).await;
        assert_eq!(claimed.len(), 1);
        let lost = Some(Answer::Unknown(failure("timeout")));
        let unknown = finished(&claimed[0], lost, Settlement::Unknown(until), now);
        world.store.finish(&[unknown]).await.expect("finished");
    };
    lose(at(2), at(60)).await;
    assert_eq!(shown(&world, &tenant, &journey).await.state, MessageState::Unknown);
    assert_eq!(world.store.backlog(at(3)).await.expect("asked").unknown, 1);
    assert_eq!(world.store.give_up_waiting(at(59), 2, 9).await, Ok(0));
    // We were away: receipts get their chance first.
    world.store.extend_unknown(at(90)).await.expect("extended");
    assert_eq!(world.store.give_up_waiting(at(89), 2, 9).await, Ok(0));
    assert_eq!(world.store.give_up_waiting(at(90), 2, 9).await, Ok(1));
    assert_eq!(shown(&world, &tenant, &journey).await.state, MessageState::Queued);
    lose(at(90), at(150)).await;
    assert_eq!(world.store.give_up_waiting(at(150), 2, 9).await, Ok(1));
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!((message.state, message.attempts.len()), (MessageState::Failed, 2));
    assert!(world.claim(at(1_000)).await.is_empty());
}

async fn a_late_answer_does_not_undo_a_later_claim(world: World) {
    let tenant = world.tenant("ada").await;
    world.journey(&tenant, "1", at(1), None).await;
    let first = world.claim(at(2)).await;
    world.store.rescue("other", false, at(62), at(100)).await.expect("rescued");
    world.store.give_up_waiting(at(100), 6, 9).await.expect("given up");
    let second = world.claim(at(100)).await;
    assert_eq!(second[0].number, 2);
    let late = Some(Answer::Retry(failure("slow")));
    let again = finished(&first[0], late, Settlement::Again(at(101)), at(101));
    world.store.finish(&[again]).await.expect("finished");
    assert!(world.claim(at(110)).await.is_empty(), "the second claim still has it");
}

async fn what_is_given_back_was_never_tried(world: World) {
    let tenant = world.tenant("ada").await;
    let journey = world.journey(&tenant, "1", at(1), None).await;
    let claimed = world.claim(at(2)).await;
    let back = give_back(&claimed[0], "recipient_limit", at(60), at(3));
    world.store.finish(&[back]).await.expect("given back");
    let message = shown(&world, &tenant, &journey).await;
    assert_eq!((message.state, message.attempts.len()), (MessageState::Queued, 0));
    assert_eq!(message.failure.as_deref(), Some("recipient_limit"));
    assert_eq!(world.next_due().await, Some(at(60)));
    assert!(world.claim(at(59)).await.is_empty());
    let again = world.claim(at(60)).await;
    assert_eq!((again[0].number, again[0].message), (1, claimed[0].message), "still the first try");
    // Late word of the first claim changes nothing about the second.
    let late = give_back(&claimed[0], "recipient_limit", at(1), at(61));
    world.store.finish(&[late]).await.expect("taken");
    assert_eq!(world.next_due().await, None);
}

async fn each_sender_has_its_queue(world: World) {
    let (ada, eve) = (world.tenant("ada").await, world.tenant("eve").await);
    for parcel in 0..5 {
        world.journey(&ada, &parcel.to_string(), at(1), None).await;
    }
    world.journey(&eve, "1", at(10), None).await;
    let queues = world.store.queues().await.expect("queues");
    let of = |sender, first_due| Queue { sender, first_due };
    assert_eq!(queues, [of(ada.sender, at(2)), of(eve.sender, at(11))]);
    let rooms = [(ada.sender, 2), (eve.sender, 2)];
    let claimed = world.store.claim(WORKER, at(20), LEASE, &rooms, &world.ids).await;
    let senders: Vec<_> = claimed.expect("claimed").into_iter().map(|one| one.sender).collect();
    assert_eq!(senders, [ada.sender, ada.sender, eve.sender]);
    let queues = world.store.queues().await.expect("queues");
    assert_eq!(queues, [of(ada.sender, at(2))]);
}

async fn what_a_dead_worker_leased_is_rescued_before_it_runs_out(world: World) {
    let ada = world.tenant("ada").await;
    for (worker, parcel) in [("dead", "1"), ("alive", "2"), ("silent", "3")] {
        world.journey(&ada, parcel, at(1), None).await;
        let rooms = [(ada.sender, 1)];
        let claimed = world.store.claim(worker, at(10), LEASE, &rooms, &world.ids).await;
        assert_eq!(claimed.expect("claimed").len(), 1);
    }
    world.store.attend("dead", at(10), at(16)).await.expect("noted");
    world.store.attend("alive", at(10), at(16)).await.expect("noted");
    world.store.attend("alive", at(14), at(20)).await.expect("noted");
    let rescue = async |now| world.store.rescue("other", false, at(now), at(200)).await;
    assert_eq!(rescue(15).await, Ok(0));
    assert_eq!(rescue(16).await, Ok(1), "only the one that said so and no longer does");
    world.store.disown("alive").await.expect("left");
    assert_eq!(
        rescue(21).await,
        Ok(0),
        "who left orderly is given the whole lease to write down the rest"
    );
    assert_eq!(rescue(71).await, Ok(2));
}

async fn one_worker_at_a_time_owns_a_sender(world: World) {
    let (ada, eve) = (world.tenant("ada").await, world.tenant("eve").await);
    let own = async |worker: &str, senders: &[SenderId], now| {
        world.store.own(worker, senders, at(now), at(now + 5)).await.expect("asked")
    };
    assert_eq!(own("a", &[ada.sender], 1).await, [ada.sender]);
    assert_eq!(own("b", &[ada.sender, eve.sender], 2).await, [eve.sender], "the first is taken");
    assert_eq!(own("a", &[ada.sender], 4).await, [ada.sender], "and is kept by asking again");
    assert!(own("b", &[ada.sender], 8).await.is_empty());
    assert_eq!(own("b", &[ada.sender], 9).await, [ada.sender], "until it runs out");
    world.store.disown("b").await.expect("given up");
    assert_eq!(own("a", &[ada.sender, eve.sender], 9).await.len(), 2);
    assert!(own("a", &[], 9).await.is_empty());
}
