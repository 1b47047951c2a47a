//! What a recipient's clock shows. The core has no time-zone database: it names a country's zone and
//! asks [`Zones`] what the clock there says.

use crate::country::Country;
use crate::time::{Date, Timestamp};
use crate::words::words;
use std::fmt;

words! {
    /// A day of the week.
    Weekday {
        /// Monday.
        Mon = "mon",
        /// Tuesday.
        Tue = "tue",
        /// Wednesday.
        Wed = "wed",
        /// Thursday.
        Thu = "thu",
        /// Friday.
        Fri = "fri",
        /// Saturday.
        Sat = "sat",
        /// Sunday.
        Sun = "sun",
    }
}

impl Weekday {
    /// The weekday of a date.
    #[must_use]
    pub fn of(date: Date) -> Self {
        // 1970-01-01 was a Thursday.
        let index = usize::try_from((date.days() + 3).rem_euclid(7)).unwrap_or(0);
        Self::ALL.get(index).copied().unwrap_or(Self::Mon)
    }
}

/// A reading of a wall clock, to the minute. Written `2026-11-20 09:05`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime {
    /// The day.
    pub date: Date,
    /// Minutes since its midnight, 0 to 1439.
    pub minute: u16,
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date, clock(self.minute))
    }
}

/// A minute of the day as a clock shows it: `21:00`.
#[must_use]
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Knows how clocks are set in every zone and when they change.
pub trait Zones: fmt::Debug + Send + Sync {
    /// What the clock shows in a zone at a moment.
    fn local(&self, zone: &str, at: Timestamp) -> LocalTime;

    /// From which moment on the clock in a zone has reached a reading for good: a reading that the
    /// change to summer time leaves out is reached with the change, one that comes twice with the second.
    fn moment(&self, zone: &str, reading: LocalTime) -> Timestamp;
}

/// A country's zone, where it has several that of the most populous one.
#[must_use]
pub fn of_country(country: Country) -> &'static str {
    let mut words = ZONES.split_ascii_whitespace();
    while let (Some(code), Some(zone)) = (words.next(), words.next()) {
        if code == country.code() {
            return zone;
        }
    }
    "Etc/UTC"
}

/// Whether clocks in a country show different times, so that [`of_country`] is a choice.
#[must_use]
pub fn is_one_of_several(country: Country) -> bool {
    const SEVERAL: &str = "AQ AU BR CA CD CL EC ES FM GL ID KI MN MX NZ PF PG PT RU UM US";
    SEVERAL.split_ascii_whitespace().any(|code| code == country.code())
}

/// Every country's zone, after the public-domain list of the time-zone database (zone.tab).
const ZONES: &str = "\
AD Europe/Andorra AE Asia/Dubai AF Asia/Kabul AG America/Antigua AI America/Anguilla AL Europe/Tirane AM Asia/Yerevan \
AO Africa/Luanda AQ Pacific/Auckland AR America/Argentina/Buenos_Aires AS Pacific/Pago_Pago AT Europe/Vienna AU \
Australia/Sydney AW America/Aruba AX Europe/Mariehamn AZ Asia/Baku BA Europe/Sarajevo BB America/Barbados BD \
Asia/Dhaka BE Europe/Brussels BF Africa/Ouagadougou BG Europe/Sofia BH Asia/Bahrain BI Africa/Bujumbura BJ \
Africa/Porto-Novo BL America/St_Barthelemy BM Atlantic/Bermuda BN Asia/Brunei BO America/La_Paz BQ America/Kralendijk \
BR America/Sao_Paulo BS America/Nassau BT Asia/Thimphu BV Etc/UTC BW Africa/Gaborone BY Europe/Minsk BZ America/Belize \
CA America/Toronto CC Indian/Cocos CD Africa/Kinshasa CF Africa/Bangui CG Africa/Brazzaville CH Europe/Zurich CI \
Africa/Abidjan CK Pacific/Rarotonga CL America/Santiago CM Africa/Douala CN Asia/Shanghai CO America/Bogota CR \
America/Costa_Rica CU America/Havana CV Atlantic/Cape_Verde CW America/Curacao CX Indian/Christmas CY Asia/Nicosia CZ \
Europe/Prague DE Europe/Berlin DJ Africa/Djibouti DK Europe/Copenhagen DM America/Dominica DO America/Santo_Domingo DZ \
Africa/Algiers EC America/Guayaquil EE Europe/Tallinn EG Africa/Cairo EH Africa/El_Aaiun ER Africa/Asmara ES \
Europe/Madrid ET Africa/Addis_Ababa FI Europe/Helsinki FJ Pacific/Fiji FK Atlantic/Stanley FM Pacific/Chuuk FO \
Atlantic/Faroe FR Europe/Paris GA Africa/Libreville GB Europe/London GD America/Grenada GE Asia/Tbilisi GF \
America/Cayenne GG Europe/Guernsey GH Africa/Accra GI Europe/Gibraltar GL America/Nuuk GM Africa/Banjul GN \
Africa/Conakry GP America/Guadeloupe GQ Africa/Malabo GR Europe/Athens GS Atlantic/South_Georgia GT America/Guatemala \
GU Pacific/Guam GW Africa/Bissau GY America/Guyana HK Asia/Hong_Kong HM Etc/UTC HN America/Tegucigalpa HR \
Europe/Zagreb HT America/Port-au-Prince HU Europe/Budapest ID Asia/Jakarta IE Europe/Dublin IL Asia/Jerusalem IM \
Europe/Isle_of_Man IN Asia/Kolkata IO Indian/Chagos IQ Asia/Baghdad IR Asia/Tehran IS Atlantic/Reykjavik IT \
Europe/Rome JE Europe/Jersey JM America/Jamaica JO Asia/Amman JP Asia/Tokyo KE Africa/Nairobi KG Asia/Bishkek KH \
Asia/Phnom_Penh KI Pacific/Tarawa KM Indian/Comoro KN America/St_Kitts KP Asia/Pyongyang KR Asia/Seoul KW Asia/Kuwait \
KY America/Cayman KZ Asia/Almaty LA Asia/Vientiane LB Asia/Beirut LC America/St_Lucia LI Europe/Vaduz LK Asia/Colombo \
LR Africa/Monrovia LS Africa/Maseru LT Europe/Vilnius LU Europe/Luxembourg LV Europe/Riga LY Africa/Tripoli MA \
Africa/Casablanca MC Europe/Monaco MD Europe/Chisinau ME Europe/Podgorica MF America/Marigot MG Indian/Antananarivo MH \
Pacific/Majuro MK Europe/Skopje ML Africa/Bamako MM Asia/Yangon MN Asia/Ulaanbaatar MO Asia/Macau MP Pacific/Saipan MQ \
America/Martinique MR Africa/Nouakchott MS America/Montserrat MT Europe/Malta MU Indian/Mauritius MV Indian/Maldives \
MW Africa/Blantyre MX America/Mexico_City MY Asia/Kuala_Lumpur MZ Africa/Maputo NA Africa/Windhoek NC Pacific/Noumea \
NE Africa/Niamey NF Pacific/Norfolk NG Africa/Lagos NI America/Managua NL Europe/Amsterdam NO Europe/Oslo NP \
Asia/Kathmandu NR Pacific/Nauru NU Pacific/Niue NZ Pacific/Auckland OM Asia/Muscat PA America/Panama PE America/Lima \
PF Pacific/Tahiti PG Pacific/Port_Moresby PH Asia/Manila PK Asia/Karachi PL Europe/Warsaw PM America/Miquelon PN \
Pacific/Pitcairn PR America/Puerto_Rico PS Asia/Hebron PT Europe/Lisbon PW Pacific/Palau PY America/Asuncion QA \
Asia/Qatar RE Indian/Reunion RO Europe/Bucharest RS Europe/Belgrade RU Europe/Moscow RW Africa/Kigali SA Asia/Riyadh \
SB Pacific/Guadalcanal SC Indian/Mahe SD Africa/Khartoum SE Europe/Stockholm SG Asia/Singapore SH Atlantic/St_Helena \
SI Europe/Ljubljana SJ Arctic/Longyearbyen SK Europe/Bratislava SL Africa/Freetown SM Europe/San_Marino SN \
Africa/Dakar SO Africa/Mogadishu SR America/Paramaribo SS Africa/Juba ST Africa/Sao_Tome SV America/El_Salvador SX \
America/Lower_Princes SY Asia/Damascus SZ Africa/Mbabane TC America/Grand_Turk TD Africa/Ndjamena TF Indian/Kerguelen \
TG Africa/Lome TH Asia/Bangkok TJ Asia/Dushanbe TK Pacific/Fakaofo TL Asia/Dili TM Asia/Ashgabat TN Africa/Tunis TO \
Pacific/Tongatapu TR Europe/Istanbul TT America/Port_of_Spain TV Pacific/Funafuti TW Asia/Taipei TZ \
Africa/Dar_es_Salaam UA Europe/Kyiv UG Africa/Kampala UM Pacific/Midway US America/New_York UY America/Montevideo UZ \
Asia/Tashkent VA Europe/Vatican VC America/St_Vincent VE America/Caracas VG America/Tortola VI America/St_Thomas VN \
Asia/Ho_Chi_Minh VU Pacific/Efate WF Pacific/Wallis WS Pacific/Apia XK Europe/Belgrade YE Asia/Aden YT Indian/Mayotte \
ZA Africa/Johannesburg ZM Africa/Lusaka ZW Africa/Harare";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_zone_of_its_own_choosing() {
        for country in Country::all() {
            let listed = ZONES.split_ascii_whitespace().step_by(2).any(|c| c == country.code());
            assert!(listed, "{country}");
        }
        let zone = |code: &str| of_country(code.parse().expect("a country"));
        assert_eq!(zone("FR"), "Europe/Paris");
        assert_eq!(zone("US"), "America/New_York");
        assert_eq!(zone("NP"), "Asia/Kathmandu");
        assert!(is_one_of_several("US".parse().expect("a country")));
        assert!(!is_one_of_several("DE".parse().expect("a country")));
    }

    #[test]
    fn dates_know_their_weekday() {
        let day = |year, month, day| Weekday::of(Date { year, month, day });
        assert_eq!(day(1970, 1, 1), Weekday::Thu);
        assert_eq!(day(2026, 11, 20), Weekday::Fri);
        assert_eq!(day(1969, 12, 28), Weekday::Sun);
    }
}
