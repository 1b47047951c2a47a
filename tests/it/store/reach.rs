//! The daily limit of a portfolio: who goes, who waits until when, and who goes when a place becomes free.

use super::world::{LEASE, Tenant, WORKER, World, accepted, at, finished, new_brand, phone};
use dispatch::attempt::{Answer, Claimed, Consequence, Failure};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::error::Error;
use dispatch::id::{BrandId, MessageId};
use dispatch::language::Language;
use dispatch::message::{Fallback, MessageState};
use dispatch::pace::Slowed;
use dispatch::port::{Admission, Inbound, NewSender, Portfolio, ReachNews, ReachTerms, Settlement};
use dispatch::quiet::QuietHours;
use dispatch::reach::{Limit, SPAN};
use dispatch::template::{Category, Rendered};
use dispatch::time::Timestamp;
use dispatch::usecase::hand_on;
use dispatch::view::MessageView;
use std::collections::HashMap;
use std::time::Duration;

both![
    a_portfolio_without_a_limit_is_not_asked_about,
    places_are_given_out_and_the_rest_is_planned,
    who_was_reached_or_has_written_costs_nothing,
    urgent_news_has_places_of_its_own,
    brands_of_a_portfolio_share_and_another_portfolio_is_alone,
    workers_never_give_out_a_place_twice,
    what_waits_goes_when_places_become_free,
    the_next_channel_stands_in_when_it_is_sooner,
    a_place_nobody_needed_is_free_again,
    a_place_of_two_attempts_stays_whatever_becomes_of_one,
    a_portfolio_that_becomes_known_takes_everybody_along,
    what_was_learned_of_a_number_stays_with_it,
];

const TERMS: ReachTerms = ReachTerms { unknown: None, stale_after: Duration::from_secs(72 * 3600) };

async fn limit(world: &World, tenant: &Tenant, limit: Limit, now: Timestamp) {
    let news = ReachNews { limit: Some(limit), ..ReachNews::default() };
    let heard = world.store.hear_reach(tenant.account, tenant.sender, &news, now).await;
    heard.expect("noted");
}

fn portfolio(tenant: &Tenant) -> Portfolio {
    Portfolio { account: tenant.account, id: "1020".into() }
}

async fn admit(
    world: &World,
    claimed: &[Claimed],
    now: Timestamp,
) -> HashMap<MessageId, Admission> {
    let Some(first) = claimed.first() else { return HashMap::new() };
    let limited = world.store.limited(&[first.sender], None).await.expect("asked");
    let those: Vec<&Claimed> = claimed.iter().collect();
    let admitted = world.store.admit(&limited[&first.sender], &those, TERMS, now).await;
    admitted.expect("admitted")
}

/// Sends what may go; answers what was claimed and what followed.
async fn send(world: &World, now: Timestamp) -> Vec<(Claimed, Admission)> {
    let claimed = world.claim(now).await;
    let admitted = admit(world, &claimed, now).await;
    let went: Vec<_> = claimed
        .iter()
        .filter(|one| admitted[&one.message] == Admission::Go)
        .map(|one| accepted(one, now))
        .collect();
    world.store.finish(&went).await.expect("finished");
    claimed.into_iter().map(|one| (admitted[&one.message], one)).map(|(a, c)| (c, a)).collect()
}

fn went(all: &[(Claimed, Admission)]) -> usize {
    all.iter().filter(|(_, admission)| *admission == Admission::Go).count()
}

async fn shown(world: &World, tenant: &Tenant, message: MessageId) -> MessageView {
    let case = world.store.case_of_message(tenant.account, message).await.expect("asked");
    case.expect("a case").message.expect("a message")
}

/// Another brand of the same account with a number of the same business account.
async fn sister(world: &World, tenant: &Tenant) -> Tenant {
    let brand = BrandId::mint(at(0), &world.ids);
    let made = world.store.create_brand(tenant.account, brand, &new_brand("Sister"), at(0)).await;
    made.expect("a brand");
    let sender = NewSender { phone_number_id: "1066".into(), ..world.new_sender(brand) };
    world.store.connect_sender(tenant.account, &sender, at(0)).await.expect("connected");
    let connection = world.new_connection(brand);
    world.store.create_connection(tenant.account, &connection).await.expect("a connection");
    Tenant { brand, sender: sender.id, connection: connection.id, ..*tenant }
}

async fn urgent(world: &World, tenant: &Tenant, status: Option<TrackingStatus>) {
    let brand = world.store.brand(tenant.account, tenant.brand).await.expect("asked");
    let quiet = QuietHours { urgent: status.into_iter().collect(), ..QuietHours::default() };
    let version = brand.expect("a brand").version;
    let set = world.store.set_quiet_hours(tenant.account, tenant.brand, version, &quiet).await;
    set.expect("set");
}

async fn parcels(world: &World, tenant: &Tenant, parcels: std::ops::Range<u32>, now: i64) {
    for parcel in parcels {
        world.journey(tenant, &parcel.to_string(), at(now), None).await;
    }
}

async fn a_portfolio_without_a_limit_is_not_asked_about(world: World) {
    let ada = world.tenant("ada").await;
    let limited = async |unknown| {
        world.store.limited(&[ada.sender], unknown).await.expect("asked").remove(&ada.sender)
    };
    assert_eq!(limited(None).await, None);
    assert_eq!(limited(Some(50)).await, Some(portfolio(&ada)), "while nobody has told");
    limit(&world, &ada, Limit::Any, at(1)).await;
    assert_eq!(limited(Some(50)).await, None);
    limit(&world, &ada, Limit::People(250), at(2)).await;
    assert_eq!(limited(None).await, Some(portfolio(&ada)));
    limit(&world, &ada, Limit::Any, at(1)).await;
    assert_eq!(limited(None).await, Some(portfolio(&ada)), "older news changes nothing");
    let view = world.store.reach(ada.account, ada.brand, at(3)).await.expect("asked");
    let view = view.expect("a portfolio");
    assert_eq!((view.limit, view.percent, view.reached), (Limit::People(250), 10, 0));
    world.store.set_kept(ada.account, ada.brand, 30).await.expect("set");
    let view = world.store.reach(ada.account, ada.brand, at(3)).await.expect("asked");
    assert_eq!(view.map(|view| view.percent), Some(30));
    // Nobody else sees or changes it.
    let eve = world.tenant("eve").await;
    assert_eq!(world.store.reach(eve.account, ada.brand, at(3)).await, Ok(None));
    assert_eq!(world.store.set_kept(eve.account, ada.brand, 1).await, Err(Error::NotFound));
    let theirs = ReachNews { limit: Some(Limit::Any), ..ReachNews::default() };
    world.store.hear_reach(eve.account, ada.sender, &theirs, at(4)).await.expect("asked");
    assert_eq!(limited(None).await, Some(portfolio(&ada)));
}

async fn places_are_given_out_and_the_rest_is_planned(world: World) {
    let ada = world.tenant("ada").await;
    limit(&world, &ada, Limit::People(4), at(1)).await;
    parcels(&world, &ada, 0..2, 1).await;
    assert_eq!(went(&send(&world, at(2)).await), 2);
    parcels(&world, &ada, 2..6, 9).await;
    let all = send(&world, at(10)).await;
    let place = |seconds: i64| Admission::Held(at(seconds).plus(SPAN));
    let follows: Vec<_> = all.iter().map(|(_, admission)| *admission).collect();
    // One place is kept, so three are shared; the fifth waits for the third's.
    assert_eq!(follows, [Admission::Go, place(2), place(2), place(10)]);
    let held = shown(&world, &ada, all[1].0.message).await;
    assert_eq!((held.state, held.attempts.len()), (MessageState::Held, 0));
    assert_eq!(held.failure.as_deref(), Some("daily_limit"));
    assert_eq!(held.due_at, Some(at(2).plus(SPAN)));
    assert_eq!(world.next_due().await, Some(at(2).plus(SPAN)));
    let view = world.store.reach(ada.account, ada.brand, at(11)).await.expect("asked");
    let view = view.expect("a portfolio");
    assert_eq!((view.reached, view.waiting, view.brands), (3, 3, 1));
    assert_eq!(view.next_at, Some(at(2).plus(SPAN)));
    // Its time comes: two places are free, and it is looked at again before it goes.
    let later = at(2).plus(SPAN);
    let all = send(&world, later).await;
    assert_eq!((all.len(), went(&all)), (2, 2));
    assert_eq!(all[0].0.number, 1, "nothing was tried before");
    let now = later.plus(Duration::from_secs(1));
    let view = world.store.reach(ada.account, ada.brand, now).await.expect("asked");
    assert_eq!(view.map(|view| (view.reached, view.waiting)), Some((3, 1)));
    assert_eq!(world.store.sweep_reached(later.plus(SPAN)).await, Ok(3));
}

async fn who_was_reached_or_has_written_costs_nothing(world: World) {
    let ada = world.tenant("ada").await;
    limit(&world, &ada, Limit::People(1), at(1)).await;
    let wrote = Inbound {
        account: ada.account,
        sender: ada.sender,
        provider_id: "wamid.in".into(),
        from: Some(phone("7")),
        text: "When?".into(),
        received_at: at(1),
        consent: vec![],
        confirms: None,
    };
    world.store.store_receipts(&[], &[wrote]).await.expect("kept");
    parcels(&world, &ada, 7..8, 2).await;
    parcels(&world, &ada, 1..2, 2).await;
    assert_eq!(went(&send(&world, at(3)).await), 2, "who has written needs no place");
    world.journey(&ada, "01", at(4), None).await;
    world.journey(&ada, "2", at(4), None).await;
    let all = send(&world, at(5)).await;
    let follows: Vec<_> = all.iter().map(|(one, admission)| (one.to.clone(), *admission)).collect();
    // Told again, the one person counts for longer.
    let held = Admission::Held(at(5).plus(SPAN));
    assert_eq!(follows, [(phone("1"), Admission::Go), (phone("2"), held)]);
}

async fn urgent_news_has_places_of_its_own(world: World) {
    let ada = world.tenant("ada").await;
    limit(&world, &ada, Limit::People(3), at(1)).await;
    urgent(&world, &ada, None).await;
    parcels(&world, &ada, 0..4, 1).await;
    let all = send(&world, at(2)).await;
    assert_eq!((all.len(), went(&all)), (4, 2));
    urgent(&world, &ada, Some(TrackingStatus::Delivered)).await;
    parcels(&world, &ada, 4..6, 3).await;
    let all = send(&world, at(4)).await;
    assert_eq!(went(&all), 1, "the third place is kept for it");
    // Whoever waits already goes along when urgent news reaches the same person.
    limit(&world, &ada, Limit::People(10), at(5)).await;
    urgent(&world, &ada, None).await;
    let waits = all.iter().find(|(_, admission)| *admission != Admission::Go).expect("one");
    let due = async || shown(&world, &ada, waits.0.message).await.due_at;
    assert!(due().await > Some(at(9)));
    world
        .journey(&ada, &format!("0{}", waits.0.to.trim_start_matches("+336399800")), at(5), None)
        .await;
    assert_eq!(went(&send(&world, at(6)).await), 1);
    assert_eq!(due().await, Some(at(6)));
}

async fn brands_of_a_portfolio_share_and_another_portfolio_is_alone(world: World) {
    let (ada, eve) = (world.tenant("ada").await, world.tenant("eve").await);
    let bea = sister(&world, &ada).await;
    world.store.set_kept(ada.account, ada.brand, 0).await.expect("set");
    limit(&world, &ada, Limit::People(4), at(1)).await;
    let view = world.store.reach(bea.account, bea.brand, at(1)).await.expect("asked");
    assert_eq!(view.map(|view| (view.limit, view.brands)), Some((Limit::People(4), 2)));
    parcels(&world, &ada, 0..3, 1).await;
    assert_eq!(went(&send(&world, at(2)).await), 3);
    parcels(&world, &ada, 3..6, 3).await;
    let claimed = world.claim(at(4)).await;
    parcels(&world, &bea, 10..12, 3).await;
    let others = world.claim(at(4)).await;
    // Asked together: the place goes to the brand that has used none.
    let both: Vec<Claimed> = claimed.into_iter().chain(others).collect();
    let admitted = admit(&world, &both, at(4)).await;
    let go: Vec<_> = both.iter().filter(|one| admitted[&one.message] == Admission::Go).collect();
    assert_eq!(go.iter().map(|one| one.sender).collect::<Vec<_>>(), [bea.sender]);
    // The others' first place is hers as well; then it is even, and they take turns.
    let planned = |to: &str| {
        let one = both.iter().find(|one| one.to == phone(to)).expect("claimed");
        admitted[&one.message]
    };
    assert_eq!(planned("11"), Admission::Held(at(2).plus(SPAN)));
    // Nobody in another portfolio waits for them.
    parcels(&world, &eve, 0..3, 3).await;
    let rooms = [(eve.sender, 10)];
    let theirs = world.store.claim(WORKER, at(5), LEASE, &rooms, &world.ids).await;
    assert_eq!(theirs.expect("claimed").len(), 3);
    assert!(world.store.limited(&[eve.sender], None).await.expect("asked").is_empty());
}

async fn workers_never_give_out_a_place_twice(world: World) {
    let ada = world.tenant("ada").await;
    let bea = sister(&world, &ada).await;
    limit(&world, &ada, Limit::People(10), at(1)).await;
    parcels(&world, &ada, 0..20, 1).await;
    parcels(&world, &bea, 20..40, 1).await;
    let work = async |worker: &'static str, tenant: Tenant| {
        let mut go = 0;
        for _ in 0..5 {
            let rooms = [(tenant.sender, 4)];
            let claimed = world.store.claim(worker, at(2), LEASE, &rooms, &world.ids).await;
            let claimed = claimed.expect("claimed");
            let admitted = admit(&world, &claimed, at(2)).await;
            go += admitted.values().filter(|one| **one == Admission::Go).count();
        }
        go
    };
    let (one, other) = tokio::join!(work("a", ada), work("b", bea));
    assert_eq!(one + other, 9, "{one} and {other}: ten places, of which one is kept");
    let view = world.store.reach(ada.account, ada.brand, at(3)).await.expect("asked");
    assert_eq!(view.map(|view| (view.reached, view.waiting)), Some((9, 31)));
}

async fn what_waits_goes_when_places_become_free(world: World) {
    let ada = world.tenant("ada").await;
    limit(&world, &ada, Limit::People(2), at(1)).await;
    parcels(&world, &ada, 0..5, 1).await;
    assert_eq!(went(&send(&world, at(2)).await), 1);
    let portfolios = world.store.find_waiting_portfolios().await.expect("asked");
    assert_eq!(portfolios, [portfolio(&ada)]);
    let move_up = async |now: i64| {
        world.store.move_up(&portfolio(&ada), TERMS, at(now)).await.expect("looked")
    };
    assert_eq!(move_up(3).await, 0);
    limit(&world, &ada, Limit::People(4), at(3)).await;
    assert_eq!(move_up(4).await, 2);
    assert_eq!(move_up(4).await, 0, "they are due already");
    // Whoever comes now does not pass them by.
    parcels(&world, &ada, 5..6, 3).await;
    let late = world.store.claim(WORKER, at(4), LEASE, &[(ada.sender, 3)], &world.ids).await;
    let mut late = late.expect("claimed");
    late.retain(|one| one.to == phone("5"));
    let admitted = admit(&world, &late, at(4)).await;
    assert!(matches!(admitted[&late[0].message], Admission::Held(_)));
    limit(&world, &ada, Limit::Any, at(5)).await;
    move_up(6).await;
    assert_eq!(world.claim(at(6)).await.len(), 3, "no limit any more");
}

async fn the_next_channel_stands_in_when_it_is_sooner(world: World) {
    let ada = world.tenant("ada").await;
    let sms = NewSender {
        channel: Channel::Sms,
        phone_number_id: "+33700000001".into(),
        ..world.new_sender(ada.brand)
    };
    world.store.connect_sender(ada.account, &sms, at(1)).await.expect("connected");
    limit(&world, &ada, Limit::People(1), at(1)).await;
    parcels(&world, &ada, 0..1, 1).await;
    assert_eq!(went(&send(&world, at(2)).await), 1);
    let fallback = |after| Fallback {
        channel: Channel::Sms,
        sender: sms.id,
        to: phone("9"),
        template: "facteur_delivered".into(),
        template_version: 1,
        language: Language::english(),
        category: Category::Utility,
        rendered: Rendered { body: "By text.".into(), ..Rendered::default() },
        after,
    };
    for (parcel, after, sooner) in [("1", Some(60), true), ("2", None, false)] {
        let delivery = world.new_delivery(&ada, at(3));
        let new = world.new_event(&ada, &delivery, parcel);
        let event = new.event.clone();
        world.understand(&delivery, vec![new]).await;
        let mut decided = world.decided(&ada, &event, None);
        decided.message.as_mut().expect("a message").fallbacks = vec![fallback(after)];
        world.store.commit_decisions(&[decided]).await.expect("decided");
        let all = send(&world, at(5)).await;
        assert_eq!(all[0].1 == Admission::Next, sooner, "{parcel}: {:?}", all[0].1);
        let Some(handed_on) = hand_on(&all[0].0, "daily_limit", at(5)).filter(|_| sooner) else {
            continue;
        };
        world.store.finish(&[handed_on]).await.expect("finished");
        let message = shown(&world, &ada, all[0].0.message).await;
        assert_eq!((message.channel, message.state), (Channel::Sms, MessageState::Queued));
        let by_text = world.store.claim(WORKER, at(6), LEASE, &[(sms.id, 9)], &world.ids).await;
        assert_eq!(by_text.expect("claimed").len(), 1);
    }
}

async fn a_place_nobody_needed_is_free_again(world: World) {
    let ada = world.tenant("ada").await;
    limit(&world, &ada, Limit::People(1), at(1)).await;
    parcels(&world, &ada, 0..1, 1).await;
    let claimed = world.claim(at(2)).await;
    assert_eq!(admit(&world, &claimed, at(2)).await[&claimed[0].message], Admission::Go);
    let failure =
        Failure { code: "131026".into(), detail: String::new(), follows: Consequence::None };
    let failed = Settlement::Failed { code: "131026".into(), waits: None };
    let end = finished(&claimed[0], Some(Answer::Refused(failure)), failed, at(3));
    world.store.finish(&[end]).await.expect("finished");
    let unsent = [(claimed[0].to.clone(), claimed[0].attempt)];
    let unsent = world.store.give_back_places(&portfolio(&ada), &unsent).await;
    unsent.expect("given back");
    parcels(&world, &ada, 1..2, 4).await;
    let all = send(&world, at(5)).await;
    assert_eq!(went(&all), 1);
    // Told twice, somebody was reached whatever became of the second.
    world.journey(&ada, "01", at(6), None).await;
    let again = send(&world, at(7)).await;
    let unsent = [(again[0].0.to.clone(), again[0].0.attempt)];
    world.store.give_back_places(&portfolio(&ada), &unsent).await.expect("asked");
    let view = world.store.reach(ada.account, ada.brand, at(8)).await.expect("asked");
    assert_eq!(view.map(|view| view.reached), Some(1));
}

async fn a_place_of_two_attempts_stays_whatever_becomes_of_one(world: World) {
    let ada = world.tenant("ada").await;
    limit(&world, &ada, Limit::People(1), at(1)).await;
    for parcel in ["1", "01"] {
        world.journey(&ada, parcel, at(1), None).await;
    }
    let claimed = world.claim(at(2)).await;
    assert_eq!(claimed[0].to, claimed[1].to);
    let admitted = admit(&world, &claimed, at(2)).await;
    assert!(admitted.values().all(|one| *one == Admission::Go));
    // One is refused for good; the other may have arrived.
    let unsent = [(claimed[0].to.clone(), claimed[0].attempt)];
    world.store.give_back_places(&portfolio(&ada), &unsent).await.expect("asked");
    let view = world.store.reach(ada.account, ada.brand, at(3)).await.expect("asked");
    assert_eq!(view.map(|view| view.reached), Some(1));
}

async fn a_portfolio_that_becomes_known_takes_everybody_along(world: World) {
    let ada = world.tenant("ada").await;
    let bea = sister(&world, &ada).await;
    limit(&world, &ada, Limit::People(2), at(1)).await;
    world.store.set_kept(ada.account, ada.brand, 0).await.expect("set");
    parcels(&world, &ada, 0..3, 1).await;
    assert_eq!(went(&send(&world, at(2)).await), 2);
    let told = ReachNews { portfolio: Some("2729".into()), ..ReachNews::default() };
    world.store.hear_reach(bea.account, bea.sender, &told, at(3)).await.expect("noted");
    let known = Portfolio { account: ada.account, id: "2729".into() };
    let limited = world.store.limited(&[ada.sender, bea.sender], None).await.expect("asked");
    assert_eq!(limited.values().collect::<Vec<_>>(), [&known, &known]);
    assert_eq!(world.store.find_waiting_portfolios().await.expect("asked"), [known]);
    let view = world.store.reach(ada.account, ada.brand, at(4)).await.expect("asked");
    let view = view.expect("a portfolio");
    assert_eq!((view.limit, view.percent, view.reached, view.waiting), (Limit::People(2), 0, 2, 1));
    // A third number of the business account belongs there from the beginning.
    let next = NewSender { phone_number_id: "1067".into(), ..world.new_sender(bea.brand) };
    world.store.connect_sender(bea.account, &next, at(5)).await.expect("connected");
    assert_eq!(world.store.limited(&[next.id], None).await.expect("asked").len(), 1);
}

async fn what_was_learned_of_a_number_stays_with_it(world: World) {
    let ada = world.tenant("ada").await;
    let access = async || {
        let access = world.store.sender_access(ada.account, ada.sender).await.expect("asked");
        access.expect("a sender")
    };
    assert_eq!((access().await.per_second, access().await.slowed), (None, None));
    let slowed =
        Slowed { share: 20, complaints: 2, rests_until: at(9), account_until: Some(at(60)) };
    world.store.note_slowed(ada.account, ada.sender, &slowed).await.expect("noted");
    assert_eq!(access().await.slowed, Some(slowed));
    let eve = world.tenant("eve").await;
    let theirs = world.store.note_slowed(eve.account, ada.sender, &slowed).await;
    assert_eq!(theirs, Err(Error::NotFound));
    // An upgrade names its number as people read it.
    sister(&world, &ada).await;
    for (number, speed) in [("33111111111", None), ("33639980000", Some(1_000))] {
        let news = ReachNews { per_second: Some((1_000, number.into())), ..ReachNews::default() };
        world.store.hear_reach(ada.account, ada.sender, &news, at(2)).await.expect("noted");
        assert_eq!(access().await.per_second, speed, "{number}");
    }
    // Only numbers that know where their receipts go are asked about.
    let unchecked = async |before: i64| {
        let found = world.store.find_unchecked(at(before), 10).await.expect("asked");
        found.into_iter().map(|access| access.id).collect::<Vec<_>>()
    };
    assert_eq!(unchecked(100).await, []);
    let url = "https://facteur.example/callbacks/whatsapp/1";
    world.store.subscribed(ada.account, ada.sender, url).await.expect("noted");
    assert_eq!(unchecked(100).await, [ada.sender]);
    let check = dispatch::sender::SenderCheck {
        number: Some("+33 6 39 98 00 00".into()),
        problems: vec![],
        ..dispatch::sender::SenderCheck::failed(dispatch::sender::SenderProblem::Unclear)
    };
    world.store.note_check(ada.account, ada.sender, &check, at(50)).await.expect("noted");
    assert_eq!(unchecked(50).await, []);
    assert_eq!(unchecked(51).await, [ada.sender]);
    assert_eq!(access().await.per_second, None, "the platform says that it is an ordinary one");
}
