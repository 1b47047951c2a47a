//! Moments as a person reads them. They are kept in UTC microseconds; a screen adds the viewer's
//! zone, and names it.

use super::{Lang, number};

/// A fixed distance from UTC, with the name that is shown beside times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// `UTC`, `Europe/Paris`.
    pub name: String,
    /// East of UTC is positive.
    pub offset_minutes: i32,
}

impl Default for Zone {
    fn default() -> Self {
        Self { name: "UTC".to_owned(), offset_minutes: 0 }
    }
}

/// A moment taken apart in some zone.
struct Parts {
    year: i64,
    month: usize,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

const SECONDS_PER_DAY: i64 = 86_400;

fn parts(micros: i64, zone: &Zone) -> Parts {
    let seconds = micros.div_euclid(1_000_000) + i64::from(zone.offset_minutes) * 60;
    let of_day = seconds.rem_euclid(SECONDS_PER_DAY);
    let date = civil_date(seconds.div_euclid(SECONDS_PER_DAY));
    Parts {
        year: date.0,
        month: date.1,
        day: date.2,
        hour: of_day / 3600,
        minute: of_day / 60 % 60,
        second: of_day % 60,
    }
}

/// Days since 1970-01-01 to year, month (1 to 12) and day, over eras of 400 years that begin in March.
fn civil_date(days: i64) -> (i64, usize, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, usize::try_from(month).unwrap_or(1), day)
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

fn named(table: &[[&'static str; 2]; 12], lang: Lang, month: usize) -> &'static str {
    let index = match lang {
        Lang::En => 0,
        Lang::Fr => 1,
    };
    table.get(month.wrapping_sub(1)).map_or("", |names| names[index])
}

/// French writes the first of a month as an ordinal.
fn day_of_month(lang: Lang, day: i64) -> String {
    if lang == Lang::Fr && day == 1 { "1er".to_owned() } else { day.to_string() }
}

/// `20 November 2026`, `20 novembre 2026`.
#[must_use]
pub fn date(lang: Lang, micros: i64, zone: &Zone) -> String {
    let p = parts(micros, zone);
    format!("{} {} {}", day_of_month(lang, p.day), named(&MONTHS, lang, p.month), p.year)
}

/// `20 Nov`, `20 nov.`: where the year is plain from around it.
#[must_use]
pub fn short_date(lang: Lang, micros: i64, zone: &Zone) -> String {
    let p = parts(micros, zone);
    format!("{} {}", day_of_month(lang, p.day), named(&SHORT_MONTHS, lang, p.month))
}

/// `14:03`.
#[must_use]
pub fn clock(micros: i64, zone: &Zone) -> String {
    let p = parts(micros, zone);
    format!("{:02}:{:02}", p.hour, p.minute)
}

/// `14:03:09`: for timelines, where seconds tell the order.
#[must_use]
pub fn clock_with_seconds(micros: i64, zone: &Zone) -> String {
    let p = parts(micros, zone);
    format!("{:02}:{:02}:{:02}", p.hour, p.minute, p.second)
}

/// `20 Nov, 14:03`.
#[must_use]
pub fn short(lang: Lang, micros: i64, zone: &Zone) -> String {
    format!("{}, {}", short_date(lang, micros, zone), clock(micros, zone))
}

/// `20 November 2026, 14:03 UTC`: for titles and tooltips.
#[must_use]
pub fn full(lang: Lang, micros: i64, zone: &Zone) -> String {
    format!("{}, {} {}", date(lang, micros, zone), clock(micros, zone), zone.name)
}

/// `2026-11-20T14:03:09Z`: the `datetime` attribute of a `<time>`.
#[must_use]
pub fn machine(micros: i64) -> String {
    let p = parts(micros, &Zone::default());
    let (year, month, day) = (p.year, p.month, p.day);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", p.hour, p.minute, p.second)
}

/// `October 2026` of a year and a month (1 to 12).
#[must_use]
pub fn month(lang: Lang, year: i32, month: u8) -> String {
    format!("{} {year}", named(&MONTHS, lang, usize::from(month)))
}

/// `October`: where the year is plain from around it.
#[must_use]
pub fn month_name(lang: Lang, month: u8) -> &'static str {
    named(&MONTHS, lang, usize::from(month))
}

/// Whether both moments fall on the same day in this zone.
#[must_use]
pub fn same_day(a: i64, b: i64, zone: &Zone) -> bool {
    let day = |micros: i64| {
        (micros.div_euclid(1_000_000) + i64::from(zone.offset_minutes) * 60)
            .div_euclid(SECONDS_PER_DAY)
    };
    day(a) == day(b)
}

/// How long something took or takes: `340 ms`, `1.2 s`, `9 h 46 min`.
#[must_use]
pub fn duration(lang: Lang, micros: i64) -> String {
    let millis = micros.max(0) / 1000;
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

    /// 2026-11-20T08:00:14Z
    const MOMENT: i64 = 1_795_161_614_000_000;

    #[test]
    fn a_moment_is_shown_in_the_viewer_s_zone_and_names_it() {
        let paris = Zone { name: "Europe/Paris".to_owned(), offset_minutes: 60 };
        assert_eq!(full(Lang::En, MOMENT, &paris), "20 November 2026, 09:00 Europe/Paris");
        assert_eq!(full(Lang::Fr, MOMENT, &Zone::default()), "20 novembre 2026, 08:00 UTC");
        assert_eq!(clock_with_seconds(MOMENT, &paris), "09:00:14");
        assert_eq!(machine(MOMENT), "2026-11-20T08:00:14Z");
    }

    #[test]
    fn the_zone_can_move_the_day() {
        let auckland = Zone { name: "Pacific/Auckland".to_owned(), offset_minutes: 13 * 60 };
        let late = MOMENT + 8 * 3_600_000_000;
        assert_eq!(short_date(Lang::En, late, &Zone::default()), "20 Nov");
        assert_eq!(short_date(Lang::En, late, &auckland), "21 Nov");
        assert!(!same_day(MOMENT, late, &auckland) || same_day(MOMENT, late, &Zone::default()));
    }

    #[test]
    fn french_counts_the_first_of_the_month() {
        assert_eq!(date(Lang::Fr, 1_793_491_200_000_000, &Zone::default()), "1er novembre 2026");
    }

    #[test]
    fn durations_use_the_largest_unit_that_says_enough() {
        assert_eq!(duration(Lang::En, 340_000), "340 ms");
        assert_eq!(duration(Lang::Fr, 1_250_000), "1,2 s");
        assert_eq!(duration(Lang::En, 35_160_000_000), "9 h 46 min");
        assert_eq!(duration(Lang::Fr, 3 * 86_400_000_000), "3 j");
        assert_eq!(duration(Lang::En, -5), "0 ms");
    }
}
