//! Moments, months and the clock. Everything is UTC; a screen adds the viewer's zone.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// Tells the time. A parameter everywhere, so that a month can be replayed in a test.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

impl Timestamp {
    /// From microseconds since the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds since the epoch; saturates.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS_PER_SECOND))
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    /// Later by a duration; saturates.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
    }

    /// Earlier by a duration; saturates.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The calendar day.
    #[must_use]
    pub fn date(self) -> Date {
        Date::from_days(self.seconds().div_euclid(SECONDS_PER_DAY))
    }

    /// The calendar month.
    #[must_use]
    pub fn month(self) -> Month {
        let date = self.date();
        Month { year: date.year, month: date.month }
    }

    /// Hour, minute, second.
    #[must_use]
    pub fn clock_time(self) -> (u8, u8, u8) {
        let second_of_day = self.seconds().rem_euclid(SECONDS_PER_DAY);
        let part = |v: i64| u8::try_from(v).unwrap_or(0);
        (part(second_of_day / 3600), part(second_of_day / 60 % 60), part(second_of_day % 60))
    }
}

/// RFC 3339 with microseconds, always `Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second) = self.clock_time();
        let micros = self.0.rem_euclid(MICROS_PER_SECOND);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z", self.date())
    }
}

/// Reads RFC 3339 (`2026-11-20T08:00:00Z`, with a zone or an offset) and what tables write: a day, or a day and
/// a time of day, both UTC. Days are written year first: others mean two things.
impl FromStr for Timestamp {
    type Err = crate::error::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read_moment(text.trim()).ok_or(crate::error::Error::invalid("time", "format"))
    }
}

fn read_moment(text: &str) -> Option<Timestamp> {
    let number = |text: &str, length: usize, most: u8| {
        let digits = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u8>().ok()).flatten().filter(|value| *value <= most)
    };
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    let mut parts = day.split('-');
    let year = parts.next().filter(|year| year.len() == 4)?.parse::<u16>().ok()?;
    let (month, day) = (number(parts.next()?, 2, 12)?, number(parts.next()?, 2, 31)?);
    let date = Date { year: i32::from(year), month, day };
    // The 31st of a short month comes back as another day.
    if month == 0 || day == 0 || Date::from_days(date.days()) != date {
        return None;
    }
    if rest.is_empty() {
        return Some(date.start());
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let end = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    if fraction.is_empty() || fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let micros: i64 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next()?, 2, 23)?, number(parts.next()?, 2, 59)?);
    let second = parts.next().map_or(Some(0), |text| number(text, 2, 60))?;
    if parts.next().is_some() {
        return None;
    }
    let offset = match zone {
        "" | "Z" | "z" => 0,
        zone => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let seconds =
                i64::from(number(hours, 2, 23)?) * 3_600 + i64::from(number(minutes, 2, 59)?) * 60;
            if zone.starts_with('-') { -seconds } else { seconds }
        }
    };
    let of_day = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
    let seconds = date.days() * SECONDS_PER_DAY + of_day - offset;
    Some(Timestamp::from_micros(seconds * MICROS_PER_SECOND + micros))
}

/// A day of the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// From days since 1970-01-01 (the days-to-civil arithmetic over 400-year eras).
    #[must_use]
    pub fn from_days(days: i64) -> Self {
        let shifted = days + 719_468; // days since 0000-03-01
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self {
            year: i32::try_from(year).unwrap_or(i32::MAX),
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
        }
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = i64::from(self.month);
        let march_month = if month > 2 { month - 3 } else { month + 9 };
        let day_of_year = (153 * march_month + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day's first moment.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp::from_seconds(self.days() * SECONDS_PER_DAY)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A UTC calendar month: the billing period. Written `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month {
    /// Year.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
}

impl Month {
    /// The month after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }

    /// The month's first moment.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Date { year: self.year, month: self.month, day: 1 }.start()
    }

    /// The first moment that no longer belongs to the month.
    #[must_use]
    pub fn end(self) -> Timestamp {
        self.next().start()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = crate::error::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = crate::error::Error::invalid("month", "format");
        let (year, month) = text.split_once('-').ok_or_else(|| bad.clone())?;
        if year.len() != 4 || month.len() != 2 {
            return Err(bad);
        }
        match (year.parse::<u16>(), month.parse::<u8>()) {
            (Ok(year), Ok(month @ 1..=12)) => Ok(Self { year: i32::from(year), month }),
            _ => Err(bad),
        }
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = crate::error::Error;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_known_moment_is_written_as_rfc_3339() {
        assert_eq!(
            Timestamp::from_seconds(1_795_161_600).to_string(),
            "2026-11-20T08:00:00.000000Z"
        );
        assert_eq!(Timestamp::from_micros(-1).to_string(), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn moments_are_read_as_systems_and_tables_write_them() {
        let read = |text: &str| text.parse::<Timestamp>().map(|at| at.to_string());
        for text in [
            "2026-11-20T08:00:00Z",
            "2026-11-20 08:00",
            "2026-11-20t09:00:00.000+01:00",
            " 2026-11-20T02:30:00-05:30 ",
        ] {
            assert_eq!(read(text).as_deref(), Ok("2026-11-20T08:00:00.000000Z"), "{text}");
        }
        assert_eq!(read("2026-11-20").as_deref(), Ok("2026-11-20T00:00:00.000000Z"));
        assert_eq!(read("2026-11-20T08:00:00.25Z").as_deref(), Ok("2026-11-20T08:00:00.250000Z"));
        for text in [
            "",
            "20/11/2026",
            "2026-02-30",
            "2026-13-01",
            "2026-11-20T25:00",
            "2026-11-20Tx",
            "é026-11-20",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let december: Month = "2026-12".parse().expect("a month");
        assert_eq!(december.end(), "2027-01".parse::<Month>().expect("a month").start());
        assert!("2026-13".parse::<Month>().is_err());
        assert!("26-01".parse::<Month>().is_err());
    }

    proptest! {
        #[test]
        fn days_and_dates_convert_both_ways(days in -800_000i64..800_000) {
            prop_assert_eq!(Date::from_days(days).days(), days);
        }
    }
}
