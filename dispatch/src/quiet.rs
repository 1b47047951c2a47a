//! Quiet hours: when a brand does not write, by the clock of whom it would write to.

use crate::channel::TrackingStatus;
use crate::country::Country;
use crate::error::{Error, Result};
use crate::time::{Date, Timestamp};
use crate::zone::{self, LocalTime, Weekday, Zones, clock};
use std::collections::BTreeSet;

/// When a brand is quiet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuietHours {
    /// Whether they are kept; the rest stays for when they are switched on again.
    pub on: bool,
    /// The minute of the recipient's day at which they begin.
    pub from: u16,
    /// The minute at which they end; before `from` it is one of the next day, and `from` itself is a whole
    /// day later.
    pub until: u16,
    /// The days on which they begin.
    pub days: BTreeSet<Weekday>,
    /// News that does not wait.
    pub urgent: BTreeSet<TrackingStatus>,
}

impl Default for QuietHours {
    /// Off; when switched on, the night, and not for news on which somebody has to act.
    fn default() -> Self {
        Self {
            on: false,
            from: 21 * 60,
            until: 8 * 60,
            days: Weekday::ALL.iter().copied().collect(),
            urgent: [TrackingStatus::OutForDelivery, TrackingStatus::ReadyForPickup].into(),
        }
    }
}

impl QuietHours {
    /// The hours as people read them: `21:00-08:00`.
    #[must_use]
    pub fn hours(&self) -> String {
        format!("{}-{}", clock(self.from), clock(self.until))
    }

    /// Whether there is a moment at which the brand may write.
    #[must_use]
    pub fn leave_room(&self) -> bool {
        self.from != self.until || self.days.len() < Weekday::ALL.len()
    }

    /// Until when a clock that shows this is in quiet hours; none when it is not. Where one day's end is
    /// another's beginning, the last end counts.
    #[must_use]
    pub fn ends(&self, shows: LocalTime) -> Option<LocalTime> {
        let mut last = self.next_end(shows)?;
        for _ in Weekday::ALL {
            match self.next_end(last) {
                Some(end) => last = end,
                None => break,
            }
        }
        Some(last)
    }

    fn next_end(&self, shows: LocalTime) -> Option<LocalTime> {
        let begins_on = |date: Date| self.days.contains(&Weekday::of(date));
        let end = |date: Date| LocalTime { date, minute: self.until };
        let (today, minute) = (shows.date, shows.minute);
        let day_after = |days: i64| Date::from_days(today.days() + days);
        if self.from < self.until {
            let inside = (self.from..self.until).contains(&minute) && begins_on(today);
            inside.then(|| end(today))
        } else if minute >= self.from && begins_on(today) {
            Some(end(day_after(1)))
        } else if minute < self.until && begins_on(day_after(-1)) {
            Some(end(today))
        } else {
            None
        }
    }

    /// Until when a piece of news has to wait at a moment; none when it need not.
    #[must_use]
    pub fn until(
        &self,
        news: TrackingStatus,
        country: Country,
        now: Timestamp,
        zones: &dyn Zones,
    ) -> Option<Timestamp> {
        let waits = self.on && !self.urgent.contains(&news);
        let look = waits.then(|| self.look(zones, country, now));
        look.and_then(|look| look.ends).map(|(until, _)| until)
    }

    /// Where a recipient's clock stands in relation to these hours.
    #[must_use]
    pub fn look(&self, zones: &dyn Zones, country: Country, now: Timestamp) -> QuietLook {
        let zone = zone::of_country(country);
        let shows = zones.local(zone, now);
        let ends = self.ends(shows).map(|end| (zones.moment(zone, end), end));
        // On the day clocks are put back, the end may already lie behind the second reading.
        QuietLook { zone, shows, ends: ends.filter(|(at, _)| *at > now) }
    }
}

/// What was seen of a recipient's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietLook {
    /// The zone that was assumed.
    pub zone: &'static str,
    /// What its clock showed.
    pub shows: LocalTime,
    /// When the quiet hours it stands in end, and what the clock shows then.
    pub ends: Option<(Timestamp, LocalTime)>,
}

/// Reads a clock's reading as forms send it: `21:00`.
///
/// # Errors
/// `Invalid` on the field with `required` or `format`.
pub fn parse_clock(field: &'static str, text: &str) -> Result<u16> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(field, "required"));
    }
    let two = |part: &str| {
        let digits = part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let minute = text.split_once(':').and_then(|(hour, minute)| {
        // Some browsers send seconds.
        let minute = minute.strip_suffix(":00").unwrap_or(minute);
        match (two(hour)?, two(minute)?) {
            (hour @ 0..=23, minute @ 0..=59) => Some(hour * 60 + minute),
            _ => None,
        }
    });
    minute.ok_or(Error::invalid(field, "format"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A zone a quarter of an hour off, without summer time.
    #[derive(Debug)]
    struct Kathmandu;
    impl Zones for Kathmandu {
        fn local(&self, _: &str, at: Timestamp) -> LocalTime {
            let minutes = at.seconds().div_euclid(60) + 345;
            LocalTime {
                date: Date::from_days(minutes.div_euclid(1440)),
                minute: u16::try_from(minutes.rem_euclid(1440)).expect("a minute"),
            }
        }
        fn moment(&self, _: &str, reading: LocalTime) -> Timestamp {
            let minutes = reading.date.days() * 1440 + i64::from(reading.minute) - 345;
            Timestamp::from_seconds(minutes * 60)
        }
    }

    fn at(day: u8, clock: &str) -> LocalTime {
        let minute = parse_clock("at", clock).expect("a clock");
        LocalTime { date: Date { year: 2026, month: 11, day }, minute }
    }

    #[test]
    fn a_night_spans_midnight() {
        let night = QuietHours::default();
        assert_eq!(night.ends(at(20, "20:59")), None);
        assert_eq!(night.ends(at(20, "21:00")), Some(at(21, "08:00")));
        assert_eq!(night.ends(at(20, "23:59")), Some(at(21, "08:00")));
        assert_eq!(night.ends(at(21, "00:00")), Some(at(21, "08:00")));
        assert_eq!(night.ends(at(21, "07:59")), Some(at(21, "08:00")));
        assert_eq!(night.ends(at(21, "08:00")), None, "the end is no longer quiet");
        assert_eq!(
            night.ends(at(30, "22:00")).map(|end| end.to_string()),
            Some("2026-12-01 08:00".into())
        );
    }

    #[test]
    fn a_pause_within_a_day_stays_within_it() {
        let noon = QuietHours { from: 12 * 60, until: 14 * 60, ..QuietHours::default() };
        assert_eq!(noon.ends(at(20, "11:59")), None);
        assert_eq!(noon.ends(at(20, "12:00")), Some(at(20, "14:00")));
        assert_eq!(noon.ends(at(20, "14:00")), None);
    }

    #[test]
    fn days_are_those_on_which_the_hours_begin() {
        // 20 November 2026 is a Friday.
        let weekend = QuietHours { days: [Weekday::Fri].into(), ..QuietHours::default() };
        assert_eq!(weekend.ends(at(20, "06:00")), None, "Thursday's night is not quiet");
        assert!(weekend.ends(at(20, "22:00")).is_some());
        assert!(weekend.ends(at(21, "06:00")).is_some(), "Friday's night goes on");
        assert_eq!(weekend.ends(at(21, "22:00")), None);
    }

    #[test]
    fn whole_days_run_into_each_other() {
        let weekend = QuietHours {
            from: 0,
            until: 0,
            days: [Weekday::Sat, Weekday::Sun].into(),
            ..QuietHours::default()
        };
        assert_eq!(weekend.ends(at(20, "23:59")), None);
        assert_eq!(weekend.ends(at(21, "00:00")), Some(at(23, "00:00")));
        assert_eq!(weekend.ends(at(22, "23:59")), Some(at(23, "00:00")));
        assert_eq!(weekend.ends(at(23, "00:00")), None);
        assert!(weekend.leave_room());
        let always = QuietHours { days: Weekday::ALL.iter().copied().collect(), ..weekend };
        assert!(!always.leave_room());
    }

    #[test]
    fn the_recipients_quarter_hours_count() {
        let night = QuietHours::default();
        let nepal = "NP".parse().expect("a country");
        // 15:14 UTC is 20:59 in Kathmandu, 15:15 is 21:00; 02:15 is 08:00.
        let utc = |day: u8, clock: &str| {
            let reading = at(day, clock);
            Timestamp::from_seconds((reading.date.days() * 1440 + i64::from(reading.minute)) * 60)
        };
        let before = night.look(&Kathmandu, nepal, utc(20, "15:14"));
        assert_eq!((before.zone, before.ends), ("Asia/Kathmandu", None));
        let inside = night.look(&Kathmandu, nepal, utc(20, "15:15"));
        assert_eq!(inside.shows, at(20, "21:00"));
        assert_eq!(inside.ends, Some((utc(21, "02:15"), at(21, "08:00"))));
    }

    #[test]
    fn clocks_are_read_as_forms_send_them() {
        for (text, minute) in [("21:00", 1260), ("8:05", 485), ("00:00", 0), (" 23:59:00 ", 1439)] {
            assert_eq!(parse_clock("quiet_from", text), Ok(minute), "{text}");
        }
        assert_eq!(parse_clock("f", " "), Err(Error::invalid("f", "required")));
        for text in ["24:00", "12:60", "12", "-1:00", "1e:00", "９:00", "12:00:30", "123:00", ":"]
        {
            assert_eq!(parse_clock("f", text), Err(Error::invalid("f", "format")), "{text}");
        }
    }
}
