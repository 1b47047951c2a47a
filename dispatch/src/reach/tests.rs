//! The rule under every day we can think of: a book of people and of those who wait, as the store keeps it.

use super::*;
use crate::id::IdSource;
use proptest::prelude::*;
use std::collections::BTreeSet;

struct Fixed(u128);
impl IdSource for Fixed {
    fn random(&self) -> u128 {
        self.0
    }
}

fn brand(number: u8) -> BrandId {
    BrandId::mint(Timestamp::from_seconds(1), &Fixed(number.into()))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_000_000 + seconds)
}

const DAY: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug, Clone, Copy)]
struct Letter {
    brand: BrandId,
    to: u16,
    urgent: bool,
    due: Timestamp,
    again: bool,
}

struct Book {
    allowance: Allowance,
    reached: BTreeMap<u16, Place>,
    waiting: Vec<Letter>,
    sent: Vec<(Timestamp, u16)>,
}

impl Book {
    fn standing(&self) -> Standing {
        let mut taken: Vec<Place> = self.reached.values().copied().collect();
        taken.sort_by_key(|place| place.frees);
        let mut shared: BTreeMap<BrandId, u32> = BTreeMap::new();
        for place in taken.iter().filter(|place| !place.kept) {
            *shared.entry(place.brand).or_default() += 1;
        }
        let mut lines: BTreeMap<(BrandId, bool), u32> = BTreeMap::new();
        for letter in &self.waiting {
            *lines.entry((letter.brand, letter.urgent)).or_default() += 1;
        }
        Standing {
            allowance: self.allowance,
            kept: u32::try_from(taken.iter().filter(|place| place.kept).count()).expect("few"),
            shared,
            taken,
            waiting: lines
                .into_iter()
                .map(|((brand, urgent), count)| Line { brand, urgent, count })
                .collect(),
        }
    }

    fn send(&mut self, letter: Letter, kept: bool, now: Timestamp) {
        let place = Place { frees: now.plus(SPAN), brand: letter.brand, kept };
        let known = self.reached.entry(letter.to).or_insert(place);
        known.frees = place.frees;
        self.sent.push((now, letter.to));
        for other in self.waiting.iter_mut().filter(|other| other.to == letter.to) {
            other.due = now;
        }
    }

    /// Whoever comes now and whose moment has come is looked at; answers the brands that got a shared place.
    fn look(&mut self, mut come: Vec<Letter>, now: Timestamp) -> BTreeSet<BrandId> {
        let mut served = BTreeSet::new();
        self.reached.retain(|_, place| place.frees > now);
        loop {
            let before = self.sent.len();
            let (due, later) =
                std::mem::take(&mut self.waiting).into_iter().partition(|l| l.due <= now);
            let due: Vec<Letter> = due;
            self.waiting = later;
            come.splice(0..0, due.into_iter().map(|letter| Letter { again: true, ..letter }));
            let (free, cost): (Vec<_>, Vec<_>) =
                come.drain(..).partition(|letter| self.reached.contains_key(&letter.to));
            for letter in free {
                self.send(letter, false, now);
            }
            let mut firsts: Vec<Letter> = Vec::new();
            let mut more = Vec::new();
            for letter in cost {
                match firsts.iter_mut().find(|f| (f.brand, f.to) == (letter.brand, letter.to)) {
                    Some(first) => {
                        first.urgent |= letter.urgent;
                        more.push(letter);
                    }
                    None => firsts.push(letter),
                }
            }
            let asks: Vec<Ask> = firsts
                .iter()
                .map(|l| Ask { brand: l.brand, urgent: l.urgent, again: l.again })
                .collect();
            let out = share_out(self.standing(), &asks, now);
            assert_eq!(out.passages.len(), asks.len());
            let mut held = Vec::new();
            for (letter, passage) in firsts.into_iter().zip(out.passages) {
                match passage {
                    Passage::Now { kept } => {
                        if !kept && !self.reached.contains_key(&letter.to) {
                            served.insert(letter.brand);
                        }
                        self.send(letter, kept, now);
                    }
                    Passage::At(then) => {
                        assert!(then > now, "planned for what has passed");
                        held.push(Letter { due: then, ..letter });
                    }
                }
            }
            for letter in more {
                let with = held.iter().find(|l| (l.brand, l.to) == (letter.brand, letter.to));
                held.push(Letter { due: with.map_or(now, |with| with.due), ..letter });
            }
            // Who is reached by now costs nothing.
            for letter in held {
                let due = if self.reached.contains_key(&letter.to) { now } else { letter.due };
                self.waiting.push(Letter { due, ..letter });
            }
            for line in out.moved_up {
                let mut those: Vec<&mut Letter> = self
                    .waiting
                    .iter_mut()
                    .filter(|l| (l.brand, l.urgent) == (line.brand, line.urgent) && l.due > now)
                    .collect();
                those.sort_by_key(|letter| letter.due);
                for letter in those.into_iter().take(line.count as usize) {
                    letter.due = now;
                }
            }
            // The worker looks once more a moment later: two brands may have asked for the same person.
            if self.sent.len() == before && self.waiting.iter().all(|letter| letter.due > now) {
                return served;
            }
        }
    }

    fn check(&self, served: &BTreeSet<BrandId>, now: Timestamp) {
        let since = now.minus(DAY);
        let people: BTreeSet<u16> =
            self.sent.iter().filter(|(at, _)| *at > since).map(|(_, to)| *to).collect();
        assert!(people.len() <= self.allowance.people as usize, "over the limit");
        let standing = self.standing();
        let shared: u32 = standing.shared.values().sum();
        let room = shared + standing.kept < self.allowance.people;
        if room && standing.kept < self.allowance.kept {
            assert!(!self.waiting.iter().any(|l| l.urgent), "urgent news waits beside kept places");
        }
        if room && shared < self.allowance.shared() {
            assert!(self.waiting.is_empty(), "somebody waits beside a free place");
        }
        let used = |brand| standing.shared.get(&brand).copied().unwrap_or_default();
        for waits in &self.waiting {
            for got in served {
                assert!(used(*got) <= used(waits.brand) + 1, "a place went past whoever had fewer");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn no_day_breaks_the_rule(
        people in 1u32..12,
        percent in 0u32..60,
        steps in prop::collection::vec(
            (0i64..40_000, prop::collection::vec((0u8..4, 0u16..30, any::<bool>()), 0..8)), 1..30),
    ) {
        let mut book = Book {
            allowance: Allowance::new(people, percent),
            reached: BTreeMap::new(),
            waiting: Vec::new(),
            sent: Vec::new(),
        };
        let (mut now, mut came) = (at(0), 0);
        for (later, come) in steps {
            now = now.plus(Duration::from_secs(later.unsigned_abs()));
            came += come.len();
            let come = come.into_iter().map(|(whose, to, urgent)| {
                Letter { brand: brand(whose), to, urgent, due: now, again: false }
            });
            let served = book.look(come.collect(), now);
            book.check(&served, now);
        }
        // Left alone, the line ends: whatever was planned comes, and nobody waits for ever.
        for _ in 0..2 * came {
            let Some(next) = book.waiting.iter().map(|letter| letter.due).min() else { break };
            now = next;
            let served = book.look(Vec::new(), now);
            book.check(&served, now);
        }
        prop_assert!(book.waiting.is_empty());
        prop_assert_eq!(book.sent.len(), came);
    }

    #[test]
    fn a_small_limit_keeps_a_place_and_never_all(people in 0u32..300_000, percent in 0u32..200) {
        let allowance = Allowance::new(people, percent);
        prop_assert!(allowance.kept < people.max(1));
        prop_assert!(percent == 0 || people < 2 || allowance.kept > 0);
        prop_assert_eq!(allowance.kept + allowance.shared(), people);
    }
}

fn ask(whose: u8, urgent: bool) -> Ask {
    Ask { brand: brand(whose), urgent, again: false }
}

fn empty(people: u32, kept: u32) -> Standing {
    Standing {
        allowance: Allowance { people, kept },
        shared: BTreeMap::new(),
        kept: 0,
        taken: Vec::new(),
        waiting: Vec::new(),
    }
}

#[test]
fn five_customers_go_one_place_is_kept_and_the_rest_is_planned() {
    let asks = [ask(1, false); 6];
    let out = share_out(empty(5, 1), &asks, at(0));
    let now = Passage::Now { kept: false };
    let later = Passage::At(at(0).plus(SPAN));
    assert_eq!(out.passages, [now, now, now, now, later, later]);
    let urgent = share_out(empty(5, 1), &[ask(1, false), ask(1, true)], at(0));
    assert_eq!(urgent.passages, [now, now], "a shared place is free: what is kept stays");
}

#[test]
fn brands_that_wait_get_the_same_number() {
    let mut asks = vec![ask(1, false); 8];
    asks.extend([ask(2, false); 3]);
    let out = share_out(empty(6, 0), &asks, at(0));
    let went = |range: std::ops::Range<usize>| {
        out.passages[range].iter().filter(|one| **one == Passage::Now { kept: false }).count()
    };
    assert_eq!((went(0..8), went(8..11)), (3, 3));
}

#[test]
fn who_has_used_fewer_places_gets_the_next_and_is_told_so() {
    let taken: Vec<Place> =
        (0..4).map(|n| Place { frees: at(100 + n), brand: brand(1), kept: false }).collect();
    let standing = Standing {
        shared: [(brand(1), 4)].into(),
        taken,
        waiting: vec![Line { brand: brand(1), urgent: false, count: 2 }],
        ..empty(4, 0)
    };
    let out = share_out(standing, &[ask(1, false), ask(2, false)], at(0));
    // The first place goes to the other brand, then two to those who waited before.
    assert_eq!(out.passages[1], Passage::At(at(100)));
    assert!(matches!(out.passages[0], Passage::At(then) if then > at(102)));
    assert!(out.moved_up.is_empty());
}

#[test]
fn a_place_that_is_free_is_given_to_whoever_waits() {
    let standing = Standing {
        waiting: vec![Line { brand: brand(1), urgent: false, count: 3 }],
        ..empty(2, 0)
    };
    let out = share_out(standing, &[], at(0));
    assert_eq!(out.moved_up, [Line { brand: brand(1), urgent: false, count: 2 }]);
}

#[test]
fn a_limit_that_shrank_lets_nobody_through() {
    let standing = Standing { shared: [(brand(1), 9)].into(), ..empty(5, 1) };
    let out = share_out(standing, &[ask(1, true)], at(0));
    assert_eq!(out.passages, [Passage::At(at(0).plus(SPAN))]);
}
