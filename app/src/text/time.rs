//! Moments as a person reads them. They are kept in UTC microseconds; a screen adds the viewer's
//! zone, and names it.

use super::{Lang, number};
use dispatch::country::Country;
use dispatch::time::{Date, Month, Timestamp};
use dispatch::zone::{LocalTime, Zones, of_country};
use std::sync::Arc;
use std::time::Duration;

/// In which times are shown. UTC where nothing else is known, and for what is counted in UTC: months of
/// bills, and the days from which prices hold.
#[derive(Debug, Clone)]
pub struct Zone {
    /// `UTC`, `Europe/Paris`: shown beside times.
    pub name: &'static str,
    /// Knows its summer time; none for UTC.
    clocks: Option<Arc<dyn Zones>>,
}

impl Zone {
    /// The zone in which most people of a country live.
    #[must_use]
    pub fn of(country: Country, clocks: Arc<dyn Zones>) -> Self {
        Self { name: of_country(country), clocks: Some(clocks) }
    }

    /// The moment with which a day begins here.
    #[must_use]
    pub fn start_of(&self, date: Date) -> Timestamp {
        match &self.clocks {
            Some(clocks) => clocks.moment(self.name, LocalTime { date, minute: 0 }),
            None => date.start(),
        }
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self { name: "UTC", clocks: None }
    }
}

/// The moment whose UTC reading is the local reading of `at`.
fn local(at: Timestamp, zone: &Zone) -> Timestamp {
    let Some(clocks) = &zone.clocks else { return at };
    let shows = clocks.local(zone.name, at);
    let minute = shows.date.start().plus(Duration::from_secs(u64::from(shows.minute) * 60));
    // Zones differ by whole minutes, so seconds are the same everywhere.
    Timestamp::from_micros(minute.micros() + at.micros().rem_euclid(60_000_000))
}

const MONTHS: [[&str; 2]; 12] = [
    ["January", "janvier"],
    ["February", "février"],
    ["March", "mars"],
    ["April", "avril"],
    ["May", "mai"],
    ["June", "juin"],
    ["July", "juillet"],
    ["August", "août"],
    ["September", "septembre"],
    ["October", "octobre"],
    ["November", "novembre"],
    ["December", "décembre"],
];

const SHORT_MONTHS: [[&str; 2]; 12] = [
    ["Jan", "janv."],
    ["Feb", "févr."],
    ["Mar", "mars"],
    ["Apr", "avr."],
    ["May", "mai"],
    ["Jun", "juin"],
    ["Jul", "juil."],
    ["Aug", "août"],
    ["Sep", "sept."],
    ["Oct", "oct."],
    ["Nov", "nov."],
    ["Dec", "déc."],
];

fn named(table: &[[&'static str; 2]; 12], lang: Lang, month: u8) -> &'static str {
    let index = match lang {
        Lang::En => 0,
        Lang::Fr => 1,
    };
    table.get(usize::from(month).wrapping_sub(1)).map_or("", |names| names[index])
}

/// French writes the first of a month as an ordinal.
fn day_of_month(lang: Lang, day: u8) -> String {
    if lang == Lang::Fr && day == 1 { "1er".to_owned() } else { day.to_string() }
}

/// `20 November 2026`, `20 novembre 2026`.
#[must_use]
pub fn date(lang: Lang, at: Timestamp, zone: &Zone) -> String {
    let date = local(at, zone).date();
    format!("{} {} {}", day_of_month(lang, date.day), named(&MONTHS, lang, date.month), date.year)
}

/// `20 Nov`, `20 nov.`: where the year is plain from around it.
#[must_use]
pub fn short_date(lang: Lang, at: Timestamp, zone: &Zone) -> String {
    let date = local(at, zone).date();
    format!("{} {}", day_of_month(lang, date.day), named(&SHORT_MONTHS, lang, date.month))
}

/// `14:03`.
#[must_use]
pub fn clock(at: Timestamp, zone: &Zone) -> String {
    let (hour, minute, _) = local(at, zone).clock_time();
    format!("{hour:02}:{minute:02}")
}

/// `14:03:09`: for timelines, where seconds tell the order.
#[must_use]
pub fn clock_with_seconds(at: Timestamp, zone: &Zone) -> String {
    let (hour, minute, second) = local(at, zone).clock_time();
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// `20 Nov, 14:03`.
#[must_use]
pub fn short(lang: Lang, at: Timestamp, zone: &Zone) -> String {
    format!("{}, {}", short_date(lang, at, zone), clock(at, zone))
}

/// `20 November 2026, 14:03 UTC`: for titles and tooltips.
#[must_use]
pub fn full(lang: Lang, at: Timestamp, zone: &Zone) -> String {
    format!("{}, {} {}", date(lang, at, zone), clock(at, zone), zone.name)
}

/// What some clock shows: `20 Nov, 14:03`. The zone is named beside it.
#[must_use]
pub fn reading(lang: Lang, shows: LocalTime) -> String {
    let at = shows.date.start().plus(Duration::from_secs(u64::from(shows.minute) * 60));
    short(lang, at, &Zone::default())
}

/// `2026-11-20T14:03:09Z`: the `datetime` attribute of a `<time>`.
#[must_use]
pub fn machine(at: Timestamp) -> String {
    let (hour, minute, second) = at.clock_time();
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", at.date())
}

/// `October 2026`.
#[must_use]
pub fn month(lang: Lang, month: Month) -> String {
    format!("{} {}", named(&MONTHS, lang, month.month), month.year)
}

/// `October`: where the year is plain from around it.
#[must_use]
pub fn month_name(lang: Lang, month: Month) -> &'static str {
    named(&MONTHS, lang, month.month)
}

/// Whether both moments fall on the same day in this zone.
#[must_use]
pub fn same_day(a: Timestamp, b: Timestamp, zone: &Zone) -> bool {
    local(a, zone).date() == local(b, zone).date()
}

/// How long something took or takes: `340 ms`, `1.2 s`, `9 h 46 min`.
#[must_use]
pub fn duration(lang: Lang, length: Duration) -> String {
    let millis = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..10_000 => {
            let point = match lang {
                Lang::En => '.',
                Lang::Fr => ',',
            };
            format!("{}{point}{} s", millis / 1000, millis % 1000 / 100)
        }
        10_000..60_000 => format!("{} s", millis / 1000),
        60_000..3_600_000 => format!("{} min", millis / 60_000),
        3_600_000..86_400_000 => match (millis / 3_600_000, millis / 60_000 % 60) {
            (hours, 0) => format!("{hours} h"),
            (hours, minutes) => format!("{hours} h {minutes} min"),
        },
        _ => {
            let days = number::whole(lang, millis / 86_400_000);
            match lang {
                Lang::En => format!("{days} d"),
                Lang::Fr => format!("{days} j"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many minutes ahead of UTC, all year round.
    #[derive(Debug)]
    struct Ahead(i64);
    impl Zones for Ahead {
        fn local(&self, _: &str, at: Timestamp) -> LocalTime {
            let minutes = at.seconds().div_euclid(60) + self.0;
            LocalTime {
                date: Timestamp::from_seconds(minutes * 60).date(),
                minute: u16::try_from(minutes.rem_euclid(1440)).expect("a minute"),
            }
        }
        fn moment(&self, _: &str, reading: LocalTime) -> Timestamp {
            let minutes = i64::from(reading.minute) - self.0;
            Timestamp::from_seconds(reading.date.start().seconds() + minutes * 60)
        }
    }

    /// 2026-11-20T08:00:14Z
    const MOMENT: Timestamp = Timestamp::from_seconds(1_795_161_614);

    #[test]
    fn a_moment_is_shown_in_the_viewer_s_zone_and_names_it() {
        let paris = Zone { name: "Europe/Paris", clocks: Some(Arc::new(Ahead(60))) };
        assert_eq!(full(Lang::En, MOMENT, &paris), "20 November 2026, 09:00 Europe/Paris");
        assert_eq!(full(Lang::Fr, MOMENT, &Zone::default()), "20 novembre 2026, 08:00 UTC");
        assert_eq!(clock_with_seconds(MOMENT, &paris), "09:00:14");
        assert_eq!(machine(MOMENT), "2026-11-20T08:00:14Z");
    }

    #[test]
    fn the_zone_can_move_the_day() {
        let auckland = Zone { name: "Pacific/Auckland", clocks: Some(Arc::new(Ahead(13 * 60))) };
        let late = MOMENT.plus(Duration::from_secs(8 * 3600));
        assert_eq!(short_date(Lang::En, late, &Zone::default()), "20 Nov");
        assert_eq!(short_date(Lang::En, late, &auckland), "21 Nov");
        assert!(same_day(MOMENT, late, &Zone::default()));
        assert!(!same_day(MOMENT, late, &auckland));
    }

    #[test]
    fn french_counts_the_first_of_the_month() {
        assert_eq!(
            date(Lang::Fr, Timestamp::from_seconds(1_793_491_200), &Zone::default()),
            "1er novembre 2026"
        );
    }

    #[test]
    fn durations_use_the_largest_unit_that_says_enough() {
        assert_eq!(duration(Lang::En, Duration::from_micros(340_000)), "340 ms");
        assert_eq!(duration(Lang::Fr, Duration::from_micros(1_250_000)), "1,2 s");
        assert_eq!(duration(Lang::En, Duration::from_micros(35_160_000_000)), "9 h 46 min");
        assert_eq!(duration(Lang::Fr, Duration::from_secs(3 * 86_400)), "3 j");
    }
}
