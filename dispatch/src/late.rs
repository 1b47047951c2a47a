//! When a parcel is late although nobody has said so: the day it was expected on has passed, or nobody has
//! scanned it for hours.
//!
//! What is heard of a parcel says when to look at it next ([`Watch`]); whoever looks then finds out whether it is
//! late ([`find`]) and reports it as an event of source [`Source::Lookout`], which goes the way of every other.

use crate::event::{Direction, Event, EventStatus};
use crate::source::Source;
use crate::time::{Date, Timestamp};
use crate::timing::Late;
use crate::words::words;
use crate::zone::{self, LocalTime, Zones};
use std::time::Duration;

words! {
    /// What makes a parcel late.
    Lateness {
        /// It was expected on a day that has passed.
        Expected = "expected",
        /// Nobody has scanned it for too long.
        Silent = "silent",
    }
}

/// The minute of the recipient's next morning at which an expected day has passed: scans of the evening have come
/// in by then, and nobody is told in the middle of the night.
const MORNING: u16 = 9 * 60;

/// What is watched of a parcel after an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// The names the parcel goes by.
    pub keys: Vec<String>,
    /// Whether nothing of it is watched any more.
    pub over: bool,
    /// The day it is expected, where the event says so.
    pub expected: Option<Date>,
    /// When that day has passed.
    pub expected_at: Option<Timestamp>,
    /// When the silence after the event is too long.
    pub silent_at: Option<Timestamp>,
    /// The customer knows of a delay since this day: only a day after it can be missed anew.
    pub knows: Option<Date>,
}

impl Watch {
    /// What an event says about watching its parcel; none where it says nothing, or nothing is watched.
    #[must_use]
    pub fn of(event: &Event, late: &Late, zones: &dyn Zones) -> Option<Self> {
        let parcel = event.facts.tracking_number.is_some() || event.facts.parcel_id.is_some();
        let counts = !event.test && event.direction == Direction::Outbound;
        if !late.on || !parcel || !counts || event.source == Source::Lookout {
            return None;
        }
        let keys = event.subject_keys();
        let over = Self {
            keys,
            over: true,
            expected: None,
            expected_at: None,
            silent_at: None,
            knows: None,
        };
        let scanned = match event.status {
            // At the pickup point it is the customer's turn.
            EventStatus::ReadyForPickup => return Some(over),
            status if status.is_final() => return Some(over),
            EventStatus::PostPurchase | EventStatus::Unknown => return None,
            // The shop's own word: the carrier has not seen it yet.
            EventStatus::ReadyToShip => false,
            _ => true,
        };
        let zone = event.facts.country.map_or("Etc/UTC", zone::of_country);
        let knows = (event.status == EventStatus::Delayed)
            .then(|| zones.local(zone, event.occurred_at).date);
        let expected = expected(event).filter(|_| late.expected);
        let missed = expected.filter(|day| knows.is_none_or(|knows| *day > knows));
        let expected_at = missed.map(|day| {
            let morning = LocalTime { date: Date::from_days(day.days() + 1), minute: MORNING };
            zones.moment(zone, morning)
        });
        let hours = late.hours.filter(|_| scanned && knows.is_none());
        let silent_at =
            hours.map(|hours| event.occurred_at.plus(Duration::from_secs(u64::from(hours) * 3600)));
        Some(Self { over: false, expected, expected_at, silent_at, knows, ..over })
    }

    /// What is watched when a later event follows in the same batch; the store does the same with what it has.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        if later.over || self.over {
            return later;
        }
        let knows = later.knows.or(self.knows);
        let expected_at = match later.expected {
            None if later.knows.is_some() => None,
            None => self.expected_at,
            day if day <= knows => None,
            same if same == self.expected => self.expected_at,
            _ => later.expected_at,
        };
        Self {
            expected: later.expected.or(self.expected),
            expected_at,
            silent_at: later.silent_at.max(self.silent_at).filter(|_| knows.is_none()),
            knows,
            ..later
        }
    }
}

/// The day an event says its parcel is expected on, where it is written as a day.
#[must_use]
pub fn expected(event: &Event) -> Option<Date> {
    Some(event.facts.expected_date.as_deref()?.parse::<Timestamp>().ok()?.date())
}

/// A watched parcel when it is time to look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Under which of its names.
    pub key: String,
    /// What was heard of it last.
    pub event: Event,
    /// The day it is expected.
    pub expected: Option<Date>,
    /// When that day has passed.
    pub expected_at: Option<Timestamp>,
    /// When the silence is too long.
    pub silent_at: Option<Timestamp>,
    /// Whether it has arrived, or waits for its customer.
    pub over: bool,
}

/// A late parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Why.
    pub why: Lateness,
    /// Since when.
    pub since: Timestamp,
    /// The day that was missed.
    pub missed: Option<Date>,
}

/// Whether a parcel is late, as its brand counts it now.
#[must_use]
pub fn find(watched: &Watched, late: &Late, now: Timestamp) -> Option<Found> {
    if !late.on || watched.over {
        return None;
    }
    let passed = watched.expected_at.filter(|at| *at <= now && late.expected);
    let silent = watched.silent_at.filter(|at| *at <= now && late.hours.is_some());
    let expected =
        passed.map(|since| Found { why: Lateness::Expected, since, missed: watched.expected });
    expected.or(silent.map(|since| Found { why: Lateness::Silent, since, missed: None }))
}

/// The day that was missed, of an event we found ourselves; none of any other.
#[must_use]
pub fn missed(event: &Event) -> Option<Date> {
    let ours = event.source == Source::Lookout && event.status == EventStatus::Delayed;
    // Of what has merely been silent, the report names no day.
    expected(event).filter(|_| ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Facts;
    use crate::id::{AccountId, BrandId, ConnectionId, DeliveryId, EventId};
    use proptest::prelude::*;
    use proptest::sample::select;

    /// Everywhere one hour ahead of UTC.
    #[derive(Debug)]
    struct Ahead;
    impl Zones for Ahead {
        fn local(&self, _: &str, at: Timestamp) -> LocalTime {
            let minutes = at.seconds().div_euclid(60) + 60;
            LocalTime {
                date: Date::from_days(minutes.div_euclid(1440)),
                minute: u16::try_from(minutes.rem_euclid(1440)).expect("a minute"),
            }
        }
        fn moment(&self, _: &str, reading: LocalTime) -> Timestamp {
            let minutes = reading.date.days() * 1440 + i64::from(reading.minute) - 60;
            Timestamp::from_seconds(minutes * 60)
        }
    }

    const LATE: Late = Late { on: true, expected: true, hours: Some(48) };

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn event(status: EventStatus, now: Timestamp, expected: Option<&str>) -> Event {
        Event {
            account: AccountId::least(now),
            id: EventId::least(now),
            brand: BrandId::least(now),
            connection: ConnectionId::least(now),
            delivery: DeliveryId::least(now),
            source: Source::Sendcloud,
            status,
            direction: Direction::Outbound,
            test: false,
            occurred_at: now,
            received_at: now,
            facts: Facts {
                tracking_number: Some("T1".into()),
                parcel_id: Some("7".into()),
                country: "FR".parse().ok(),
                expected_date: expected.map(str::to_owned),
                ..Facts::default()
            },
        }
    }

    fn of(status: EventStatus, now: &str, expected: Option<&str>) -> Option<Watch> {
        Watch::of(&event(status, at(now), expected), &LATE, &Ahead)
    }

    #[test]
    fn a_parcel_is_looked_at_the_morning_after_its_day_or_after_a_silence() {
        let noon = "2026-11-20T12:00:00Z";
        let watch = of(EventStatus::Shipped, noon, Some("2026-11-23")).expect("watched");
        assert_eq!(watch.keys, ["t:T1", "p:sendcloud:7"]);
        assert_eq!(watch.expected_at, Some(at("2026-11-24T08:00:00Z")), "nine o'clock there");
        assert_eq!(watch.silent_at, Some(at("2026-11-22T12:00:00Z")));
        for odd in ["next Tuesday", "", "2026-02-30", "\u{202e}", "27.11.2026"] {
            let watch = of(EventStatus::Shipped, noon, Some(odd)).expect("watched");
            assert_eq!((watch.expected, watch.expected_at), (None, None), "{odd}");
        }
        // The shop's own word is no scan; what the customer has to fetch, or has, is not late.
        let ready = of(EventStatus::ReadyToShip, noon, None).expect("watched");
        assert_eq!(ready.silent_at, None);
        for over in [EventStatus::Delivered, EventStatus::ReadyForPickup, EventStatus::Cancelled] {
            assert!(of(over, noon, None).expect("an end").over, "{over}");
        }
        assert_eq!(of(EventStatus::PostPurchase, noon, Some("2026-11-23")), None);
        let mut other = event(EventStatus::Shipped, at(noon), None);
        other.source = Source::Lookout;
        assert_eq!(Watch::of(&other, &LATE, &Ahead), None, "what we found ourselves is no scan");
        other.source = Source::Sendcloud;
        assert_eq!(Watch::of(&other, &Late::default(), &Ahead), None, "off");
        other.direction = Direction::Return;
        assert_eq!(Watch::of(&other, &LATE, &Ahead), None);
    }

    #[test]
    fn who_knows_of_a_delay_is_told_again_only_of_a_later_day_that_is_missed() {
        let told = |day| of(EventStatus::Delayed, "2026-11-20T12:00:00Z", day).expect("watched");
        let silent = told(None);
        assert_eq!((silent.knows, silent.silent_at), (Some(at("2026-11-20").date()), None));
        assert_eq!(
            told(Some("2026-11-20")).expected_at,
            None,
            "that very day is known to be missed"
        );
        assert!(told(Some("2026-11-21")).expected_at.is_some());

        let shipped = of(EventStatus::Shipped, "2026-11-19T12:00:00Z", Some("2026-11-20"));
        let shipped = shipped.expect("watched");
        let both = shipped.clone().then(silent.clone());
        assert_eq!(both.expected_at, None, "the day it was to come counts no more");
        let moved = both.then(
            of(EventStatus::InTransit, "2026-11-21T12:00:00Z", Some("2026-11-25")).expect("one"),
        );
        assert_eq!(moved.expected_at, Some(at("2026-11-26T08:00:00Z")));
        assert_eq!(moved.silent_at, None, "told once");
        let scanned =
            shipped.then(of(EventStatus::InTransit, "2026-11-19T18:00:00Z", None).expect("one"));
        assert_eq!(scanned.expected_at, Some(at("2026-11-21T08:00:00Z")), "what was said stays");
        assert_eq!(scanned.silent_at, Some(at("2026-11-21T18:00:00Z")));
    }

    #[test]
    fn what_is_late_is_found_as_the_brand_counts_it_now() {
        let event = event(EventStatus::Shipped, at("2026-11-20T12:00:00Z"), None);
        let watched = Watched {
            key: "t:T1".into(),
            event,
            expected: Some(at("2026-11-21").date()),
            expected_at: Some(at("2026-11-22T08:00:00Z")),
            silent_at: Some(at("2026-11-22T12:00:00Z")),
            over: false,
        };
        let found = |late: &Late, now: &str| find(&watched, late, at(now)).map(|found| found.why);
        assert_eq!(found(&LATE, "2026-11-22T07:59:59Z"), None);
        assert_eq!(found(&LATE, "2026-11-22T08:00:00Z"), Some(Lateness::Expected));
        let unexpected = Late { expected: false, ..LATE };
        assert_eq!(found(&unexpected, "2026-11-22T08:00:00Z"), None);
        assert_eq!(found(&unexpected, "2026-11-22T12:00:00Z"), Some(Lateness::Silent));
        assert_eq!(found(&Late { on: false, ..LATE }, "2026-12-01T00:00:00Z"), None);
        let over = Watched { over: true, ..watched.clone() };
        assert_eq!(find(&over, &LATE, at("2026-12-01T00:00:00Z")), None);
    }

    proptest! {
        /// However the news of a parcel comes, nothing is looked for after its end, nothing before its time, and a
        /// day the customer knows to be missed is not missed again.
        #[test]
        fn a_watch_never_cries_early_or_twice(news in prop::collection::vec(
            (select(EventStatus::ALL), 0..40_i64, prop::option::of(0..40_i64)), 1..20)) {
            let mut news = news;
            news.sort_by_key(|(_, day, _)| *day);
            let start = at("2026-11-01").date().days();
            let mut watch: Option<Watch> = None;
            for (status, day, expected) in news {
                let day_of = |days: i64| Date::from_days(start + days);
                let now = day_of(day).start().plus(Duration::from_secs(12 * 3600));
                let expected = expected.map(|days| day_of(days).to_string());
                let Some(next) = Watch::of(&event(status, now, expected.as_deref()), &LATE, &Ahead) else { continue };
                let one = match watch.take() { Some(before) => before.then(next), None => next };
                if one.over {
                    prop_assert_eq!((one.expected_at, one.silent_at), (None, None));
                }
                prop_assert!(one.silent_at.is_none_or(|at| at > now || one.knows.is_none()));
                if let (Some(day), Some(at)) = (one.expected, one.expected_at) {
                    prop_assert!(at > day.start().plus(Duration::from_secs(24 * 3600)));
                    prop_assert!(one.knows.is_none_or(|knows| day > knows), "{:?}", one);
                }
                watch = Some(one);
            }
        }
    }
}
