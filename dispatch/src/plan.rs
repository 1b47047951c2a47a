//! Plans and the dated prices of messages. Price rules are data; nothing here knows an amount.

use crate::channel::Channel;
use crate::country::Country;
use crate::error::{Error, Result};
use crate::money::Money;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What the account has subscribed to.
    Plan {
        /// May look at everything and send nothing.
        Free = "free",
        /// Two countries per brand and channel.
        Lite = "lite",
        /// No limit of countries.
        Growth = "growth",
        /// No limit of countries, lowest price.
        Premium = "premium",
    }
}

impl Plan {
    /// Whether tracking messages are part of the plan (CFG-27: Lite or higher).
    #[must_use]
    pub const fn sends_messages(self) -> bool {
        !matches!(self, Self::Free)
    }

    /// How many countries may be on per brand and channel; none means any number (CFG-28).
    #[must_use]
    pub const fn country_limit(self) -> Option<usize> {
        match self {
            Self::Free => Some(0),
            Self::Lite => Some(2),
            Self::Growth | Self::Premium => None,
        }
    }

    /// Whether so many countries may be on. What was already on before the plan became smaller may
    /// stay and be reduced, never grow.
    ///
    /// # Errors
    /// `Limit` with `countries`.
    pub fn check_countries(self, before: usize, after: usize) -> Result<()> {
        match self.country_limit() {
            Some(limit) if after > limit && after > before => {
                Err(Error::Limit { what: "countries" })
            }
            _ => Ok(()),
        }
    }
}

/// One row of the sale price list: what a delivered message costs the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The row's id, kept with every charge it priced.
    pub id: String,
    /// For accounts registered in this country; none is the price everywhere else.
    pub company_country: Option<Country>,
    /// For this plan.
    pub plan: Plan,
    /// For this channel.
    pub channel: Channel,
    /// Price of one delivered message.
    pub price: Money,
    /// In force from this moment until a later row takes over.
    pub valid_from: Timestamp,
}

/// The price in force at a moment: the account's own country before the general row, then the latest.
#[must_use]
pub fn rate_in_force(
    rates: &[Rate],
    company_country: Country,
    plan: Plan,
    channel: Channel,
    at: Timestamp,
) -> Option<&Rate> {
    rates
        .iter()
        .filter(|r| r.plan == plan && r.channel == channel && r.valid_from <= at)
        .filter(|r| r.company_country.is_none_or(|c| c == company_country))
        .max_by_key(|r| (r.company_country.is_some(), r.valid_from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn rate(id: &str, country: Option<&str>, micros: i64, from: i64) -> Rate {
        Rate {
            id: id.into(),
            company_country: country.map(|c| c.parse().expect("a country")),
            plan: Plan::Lite,
            channel: Channel::Whatsapp,
            price: Money::new(micros, Currency::EUR),
            valid_from: Timestamp::from_seconds(from),
        }
    }

    #[test]
    fn lite_has_room_for_two_countries_and_a_smaller_plan_can_still_be_tidied_up() {
        let full = Err(Error::Limit { what: "countries" });
        assert_eq!(Plan::Lite.check_countries(1, 2), Ok(()));
        assert_eq!(Plan::Lite.check_countries(2, 3), full);
        assert_eq!(Plan::Lite.check_countries(5, 4), Ok(()));
        assert_eq!(Plan::Lite.check_countries(5, 6), full);
        assert_eq!(Plan::Growth.check_countries(2, 50), Ok(()));
    }

    #[test]
    fn the_latest_price_of_the_own_country_is_in_force() {
        let rates =
            [rate("old", None, 1, 0), rate("new", None, 2, 100), rate("fr", Some("FR"), 3, 50)];
        let find = |country: &str, at| {
            let country = country.parse().expect("a country");
            rate_in_force(
                &rates,
                country,
                Plan::Lite,
                Channel::Whatsapp,
                Timestamp::from_seconds(at),
            )
            .map(|r| r.id.as_str())
        };
        assert_eq!(find("DE", 99), Some("old"));
        assert_eq!(find("DE", 100), Some("new"));
        assert_eq!(find("FR", 100), Some("fr"));
        assert_eq!(find("FR", -1), None);
    }
}
