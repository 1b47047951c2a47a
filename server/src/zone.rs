//! What clocks show around the world, from the database that comes with the crate: an image without
//! time-zone files decides like any other.

use dispatch::time::{Date, Timestamp};
use dispatch::zone::{LocalTime, Zones};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// The bundled time-zone database.
#[derive(Debug, Clone, Copy)]
pub struct BundledZones;

/// A zone by its name; UTC for a name the database does not have, which a test rules out for countries.
fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default()
}

impl Zones for BundledZones {
    fn local(&self, name: &str, at: Timestamp) -> LocalTime {
        let shown = zone(name).to_datetime(instant(at));
        let part = |value: i8| u8::try_from(value).unwrap_or_default();
        LocalTime {
            date: Date {
                year: i32::from(shown.year()),
                month: part(shown.month()),
                day: part(shown.day()),
            },
            minute: u16::from(part(shown.hour())) * 60 + u16::from(part(shown.minute())),
        }
    }

    fn moment(&self, name: &str, reading: LocalTime) -> Timestamp {
        let zone = zone(name);
        let part = |value: u8| i8::try_from(value).unwrap_or_default();
        let (date, minute) = (reading.date, reading.minute);
        let civil = DateTime::new(
            i16::try_from(date.year).unwrap_or_default(),
            part(date.month),
            part(date.day),
            i8::try_from(minute / 60).unwrap_or_default(),
            i8::try_from(minute % 60).unwrap_or_default(),
            0,
            0,
        );
        let Ok(civil) = civil else { return date.start() };
        let read = match zone.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(civil),
            // Left out: with the old offset it lies behind the change, which is what reaches it.
            AmbiguousOffset::Gap { before, .. } => before
                .to_timestamp(civil)
                .map(|late| zone.preceding(late).next().map_or(late, |change| change.timestamp())),
            AmbiguousOffset::Fold { after, .. } => after.to_timestamp(civil),
        };
        read.map_or_else(|_| date.start(), |at| Timestamp::from_micros(at.as_microsecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dispatch::country::Country;
    use dispatch::quiet::QuietHours;
    use dispatch::zone::{is_one_of_several, of_country};

    fn utc(text: &str) -> Timestamp {
        let at: jiff::Timestamp = text.parse().expect("a moment");
        Timestamp::from_micros(at.as_microsecond())
    }

    fn night(from: u16, until: u16) -> QuietHours {
        QuietHours { on: true, from, until, ..QuietHours::default() }
    }

    fn ends(quiet: &QuietHours, country: &str, now: &str) -> Option<(Timestamp, String)> {
        let look = quiet.look(&BundledZones, country.parse().expect("a country"), utc(now));
        look.ends.map(|(at, clock)| (at, clock.to_string()))
    }

    #[test]
    fn every_countrys_zone_is_in_the_database() {
        for country in Country::all() {
            let name = of_country(country);
            assert!(TimeZone::get(name).is_ok(), "{country}: {name}");
        }
        assert!(is_one_of_several("US".parse().expect("a country")));
    }

    #[test]
    fn a_night_is_an_hour_shorter_in_spring_and_longer_in_autumn() {
        let quiet = night(21 * 60, 8 * 60);
        // Winter, and the night in which Paris goes to summer time (29 March 2026), and back (25 October).
        for (now, end) in [
            ("2026-01-10T20:00:00Z", "2026-01-11T07:00:00Z"),
            ("2026-03-28T20:00:00Z", "2026-03-29T06:00:00Z"),
            ("2026-03-29T05:59:00Z", "2026-03-29T06:00:00Z"),
            ("2026-10-24T19:00:00Z", "2026-10-25T07:00:00Z"),
            ("2026-10-25T06:30:00Z", "2026-10-25T07:00:00Z"),
        ] {
            let found = ends(&quiet, "FR", now).expect("quiet");
            assert_eq!(found.0, utc(end), "{now}");
            assert!(found.1.ends_with("08:00"), "{}", found.1);
        }
        // 20:59 and 21:00 in summer.
        assert_eq!(ends(&quiet, "FR", "2026-07-01T18:59:59Z"), None);
        assert!(ends(&quiet, "FR", "2026-07-01T19:00:00Z").is_some());
        assert_eq!(ends(&quiet, "FR", "2026-07-02T06:00:00Z"), None);
    }

    #[test]
    fn an_end_that_clocks_leave_out_is_reached_with_the_change() {
        // 02:30 does not exist on 29 March 2026 in Paris: at 01:00 UTC clocks go from 02:00 to 03:00.
        let quiet = night(22 * 60, 2 * 60 + 30);
        let found = ends(&quiet, "FR", "2026-03-28T23:00:00Z").expect("quiet");
        assert_eq!(found.0, utc("2026-03-29T01:00:00Z"));
        assert_eq!(ends(&quiet, "FR", "2026-03-29T01:00:00Z"), None);
    }

    #[test]
    fn an_end_that_comes_twice_is_reached_with_the_second() {
        // 02:30 comes at 00:30 and at 01:30 UTC on 25 October 2026 in Paris.
        let quiet = night(22 * 60, 2 * 60 + 30);
        let found = ends(&quiet, "FR", "2026-10-25T00:10:00Z").expect("quiet");
        assert_eq!(found.0, utc("2026-10-25T01:30:00Z"));
        assert_eq!(found.0, ends(&quiet, "FR", "2026-10-25T01:10:00Z").expect("quiet").0);
        assert_eq!(ends(&quiet, "FR", "2026-10-25T01:30:00Z"), None);
    }

    #[test]
    fn offsets_of_quarter_hours_and_the_other_side_of_the_date_line_count() {
        let quiet = night(21 * 60, 8 * 60);
        assert_eq!(ends(&quiet, "NP", "2026-11-20T15:14:00Z"), None);
        let found = ends(&quiet, "NP", "2026-11-20T15:15:00Z").expect("quiet");
        assert_eq!(found, (utc("2026-11-21T02:15:00Z"), "2026-11-21 08:00".to_owned()));
        let found = ends(&quiet, "NZ", "2026-11-20T12:00:00Z").expect("quiet");
        assert_eq!(found, (utc("2026-11-20T19:00:00Z"), "2026-11-21 08:00".to_owned()));
        let found = ends(&quiet, "US", "2026-11-20T05:00:00Z").expect("quiet");
        assert_eq!(found, (utc("2026-11-20T13:00:00Z"), "2026-11-20 08:00".to_owned()));
    }
}
