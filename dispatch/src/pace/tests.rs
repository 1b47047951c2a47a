use super::*;
use crate::id::IdSource;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

struct Ids;

impl IdSource for Ids {
    fn random(&self) -> u128 {
        7
    }
}

fn sender(seconds: i64) -> SenderId {
    SenderId::mint(Timestamp::from_seconds(seconds), &Ids)
}

fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

fn at(millis: u64) -> Timestamp {
    NOW.plus(Duration::from_millis(millis))
}

const PATIENT: Duration = Duration::from_secs(100_000);

#[test]
fn a_number_goes_at_its_speed() {
    // What it may catch up after it was idle is in the rooms below: 250 ms ahead, and 100 ms behind.
    let mut paces = Paces::new(80);
    let mut last = NOW;
    for to in 0..161 {
        let Slot::At(at) = paces.take((sender(1), &to.to_string()), PATIENT, NOW) else { panic!() };
        last = at;
    }
    assert_eq!(last, NOW.plus(Duration::from_secs(2)));
    assert_eq!(paces.room(sender(1), NOW), 0);
    assert_eq!(paces.room(sender(2), NOW), 21, "another number's room is its own");
    assert!(paces.room(sender(1), NOW.plus(Duration::from_secs(2))) >= 20);
}

#[test]
fn a_clock_that_is_set_back_stops_nobody() {
    let mut paces = Paces::new(80);
    let later = NOW.plus(Duration::from_secs(3600));
    paces.slow_number(sender(1), later);
    assert!(matches!(paces.take((sender(1), "a"), millis(10), later), Slot::NumberRests(_)));
    for _ in 0..50 {
        paces.take((sender(2), "a"), PATIENT, later);
    }
    // Others that read the clock a moment earlier are no reason.
    let skew = later.minus(millis(900));
    assert!(matches!(paces.take((sender(1), "a"), millis(10), skew), Slot::NumberRests(_)));
    assert!(matches!(paces.take((sender(1), "a"), millis(10), NOW), Slot::At(_)));
    assert!(matches!(paces.take((sender(2), "a"), millis(10), NOW), Slot::At(_)));
    assert!(paces.room(sender(1), NOW) > 0);
}

#[test]
fn one_recipient_has_a_burst_and_then_one_in_six_seconds() {
    let mut paces = Paces::new(1000);
    let mut take = |now| paces.take((sender(1), "+33639980042"), Duration::from_secs(1), now);
    for number in 0..45 {
        assert!(matches!(take(NOW), Slot::At(_)), "{number}");
    }
    let Slot::RecipientRests(until) = take(NOW) else { panic!("the burst is used up") };
    let wait = until.since(NOW);
    assert!(wait > Duration::from_secs(5) && wait <= Duration::from_secs(6), "{wait:?}");
    assert!(matches!(take(until), Slot::At(_)));
    assert!(matches!(take(until), Slot::RecipientRests(_)));
    assert!(matches!(paces.take((sender(1), "+33639980043"), millis(10), until), Slot::At(_)));
}

#[test]
fn a_number_that_was_too_fast_rests_longer_each_time_and_slows_nobody_else() {
    let mut paces = Paces::new(80);
    let mut now = NOW;
    for rest in [1, 2, 4, 8] {
        let until = paces.slow_number(sender(1), now);
        assert_eq!(until, now.plus(Duration::from_secs(rest)));
        assert_eq!(paces.slow_number(sender(1), now.plus(millis(500))), until, "one complaint");
        assert_eq!(paces.room(sender(1), now.plus(millis(500))), 0);
        assert!(paces.room(sender(2), now.plus(millis(500))) > 20);
        let slot = paces.take((sender(1), "x"), millis(100), now.plus(millis(500)));
        assert_eq!(slot, Slot::NumberRests(until));
        now = until;
    }
    // Five messages a second are left of eighty, and a tenth of eighty comes back every ten seconds.
    assert_eq!(paces.room(sender(1), now), 2);
    assert_eq!(paces.room(sender(1), now.plus(Duration::from_secs(10))), 5);
    assert_eq!(paces.room(sender(1), now.plus(Duration::from_secs(1000))), 29);
}

#[test]
fn a_pair_that_was_too_fast_waits_four_times_as_long_each_time() {
    let mut paces = Paces::new(80);
    let mut now = NOW;
    for wait in [1, 4, 16, 64, 256, 1024, 1024] {
        let until = paces.slow_pair(sender(1), "x", now);
        assert_eq!(until, now.plus(Duration::from_secs(wait)));
        assert_eq!(paces.take((sender(1), "x"), millis(0), now), Slot::RecipientRests(until));
        assert!(matches!(paces.take((sender(1), "y"), millis(300), now), Slot::At(_)));
        now = until;
    }
}

#[test]
fn a_business_account_that_called_too_often_rests_with_all_its_numbers() {
    let mut paces = Paces::new(80);
    for (number, account) in [(1, "a"), (2, "a"), (3, "b")] {
        paces.meet(sender(number), account, None, NOW);
    }
    let until = paces.slow_account(sender(1), NOW);
    assert_eq!(until, NOW.plus(Duration::from_secs(60)));
    assert_eq!(paces.room(sender(2), NOW), 0);
    assert_eq!(paces.take((sender(2), "x"), millis(0), NOW), Slot::NumberRests(until));
    assert!(paces.room(sender(3), NOW) > 0);
    assert!(paces.room(sender(2), until) > 0);
    assert_eq!(paces.slow_account(sender(2), until), until.plus(Duration::from_secs(120)));
}

#[test]
fn a_learned_limit_counts_at_once() {
    let mut paces = Paces::new(80);
    paces.meet(sender(1), "a", Some(1000), NOW);
    assert_eq!(paces.room(sender(1), NOW), 251);
    paces.meet(sender(1), "a", None, NOW);
    assert_eq!(paces.room(sender(1), NOW), 21);
}

#[test]
fn a_pair_is_remembered_only_while_it_matters() {
    let mut paces = Paces::new(1_000_000);
    paces.slow_pair(sender(1), "too fast", NOW);
    for to in 0..20_000_u32 {
        let now = NOW.plus(millis(u64::from(to) * 10));
        let slot = paces.take((sender(1), &to.to_string()), millis(0), now);
        assert!(matches!(slot, Slot::At(_)), "{to}");
    }
    // A hundred recipients a second, each kept for the six seconds until the whole burst is back.
    assert!(paces.pairs.len() < 4_000, "{}", paces.pairs.len());
    assert!(paces.pairs.contains_key(&(sender(1), "too fast".to_owned())));
}

proptest! {
    /// Whatever comes whenever: in no second do more than the limit and what may be caught up go out, and no
    /// recipient gets more than the burst and one in six seconds.
    #[test]
    fn no_limit_is_ever_passed(
        limit in 1_u32..200,
        steps in prop::collection::vec((0_u64..400, 0_u8..3), 1..400),
    ) {
        let mut paces = Paces::new(limit);
        let mut now = NOW;
        let mut sent: Vec<(Timestamp, u8)> = Vec::new();
        for (wait, to) in steps {
            now = now.plus(millis(wait));
            if let Slot::At(at) = paces.take((sender(1), &to.to_string()), millis(1000), now) {
                sent.push((at.max(now), to));
            }
        }
        sent.sort();
        let second = Duration::from_secs(1);
        for (index, (at, _)) in sent.iter().enumerate() {
            let within = sent[index..].iter().take_while(|(other, _)| *other < at.plus(second)).count();
            let most = f64::from(limit) * 1.1 + 1.0;
            prop_assert!(u32::try_from(within).is_ok_and(|n| f64::from(n) <= most), "{within} of {limit}");
            let (_, to) = sent[index];
            let mine: Vec<_> = sent[index..].iter().filter(|(_, other)| *other == to).collect();
            for (count, (later, _)) in mine.iter().enumerate() {
                let allowed = 46 + later.since(*at).as_secs() / 6;
                prop_assert!(u64::try_from(count).is_ok_and(|count| count <= allowed));
            }
        }
    }

    #[test]
    fn places_are_shared_fairly(places in 0_i64..300, wants in prop::collection::vec(0_i64..100, 0..20)) {
        let wants: Vec<(usize, i64)> = wants.into_iter().enumerate().collect();
        let given = share(places, &wants);
        let of = |who: usize| given.iter().find(|(one, _)| *one == who).map_or(0, |(_, n)| *n);
        let total: i64 = given.iter().map(|(_, n)| n).sum();
        prop_assert_eq!(total, places.min(wants.iter().map(|(_, n)| n).sum()));
        for (who, want) in &wants {
            prop_assert!(of(*who) <= *want);
            if of(*who) < *want {
                prop_assert!(wants.iter().all(|(other, _)| of(*other) <= of(*who) + 1));
            }
        }
    }
}

#[test]
fn what_was_learned_outlives_the_worker() {
    let (mut paces, number) = (Paces::new(80), sender(1));
    paces.meet(number, "waba", None, at(0));
    paces.slow_number(number, at(0));
    paces.slow_number(number, at(2_000));
    paces.slow_account(number, at(2_000));
    let slowed = paces.learned(number).expect("learned");
    assert_eq!((slowed.share, slowed.complaints, slowed.rests_until), (20, 2, at(4_000)));
    // A worker that starts anew rests as long and goes on as slowly.
    let anew = |now| {
        let mut paces = Paces::new(80);
        paces.meet(number, "waba", None, now);
        paces.recall(number, &slowed, now);
        paces
    };
    let take = |paces: &mut Paces, now| paces.take((number, "+33"), Duration::ZERO, now);
    assert!(
        matches!(take(&mut anew(at(3_000)), at(3_000)), Slot::NumberRests(until) if until > at(3_000))
    );
    let later = at(63_000);
    assert_eq!(anew(later).learned(number).expect("learned").share, 20 + 5 * 8);
    let much_later = at(300_000);
    let mut paces = anew(much_later);
    assert_eq!(paces.learned(number).expect("learned").share, 80);
    // What is known already is not learned twice, and a clock that was moved lets nobody wait.
    paces.recall(number, &slowed, much_later);
    assert_eq!(paces.learned(number).expect("learned").share, 80);
    let far =
        Slowed { rests_until: at(900_000_000), account_until: Some(at(900_000_000)), ..slowed };
    paces.recall(number, &far, much_later);
    assert!(matches!(take(&mut paces, much_later), Slot::At(_)));
}
