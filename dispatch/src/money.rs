//! Money: integer micros (millionths of the currency unit) with their currency. No floats, no
//! addition across currencies; rounding happens once, where a bill's line is made.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro: the currency of the published prices.
    pub const EUR: Self = Self(*b"EUR");

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Micros of the smallest payable amount (a cent, a yen, a fils; ISO 4217 exponents).
    #[must_use]
    pub fn minor_unit_micros(&self) -> i64 {
        match self.code() {
            "JPY" | "KRW" | "CLP" | "ISK" | "VND" | "XOF" | "XAF" | "UGX" | "PYG" => 1_000_000,
            "BHD" | "KWD" | "OMR" | "JOD" | "TND" | "IQD" | "LYD" => 1_000,
            _ => 10_000,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|l| l.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(Error::invalid("currency", "format")),
        }
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl TryFrom<String> for Currency {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

/// An amount of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Millionths of the currency unit; negative for what is given back.
    pub micros: i64,
    /// Of which currency.
    pub currency: Currency,
}

impl Money {
    /// An amount in micros.
    #[must_use]
    pub const fn new(micros: i64, currency: Currency) -> Self {
        Self { micros, currency }
    }

    /// The sum.
    ///
    /// # Errors
    /// `Corrupt` when the currencies differ or the sum does not fit: amounts that large are not money.
    pub fn plus(self, other: Self) -> Result<Self> {
        if self.currency != other.currency {
            return Err(Error::Corrupt);
        }
        let micros = self.micros.checked_add(other.micros).ok_or(Error::Corrupt)?;
        Ok(Self { micros, ..self })
    }

    /// Rounded to what can be paid, half to even (design decision 6).
    #[must_use]
    pub fn rounded(self) -> Self {
        let unit = self.currency.minor_unit_micros();
        let whole = self.micros.div_euclid(unit);
        let twice_rest = self.micros.rem_euclid(unit) * 2;
        let up = twice_rest > unit || (twice_rest == unit && whole % 2 != 0);
        Self { micros: (whole + i64::from(up)) * unit, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_a_cent_goes_to_the_even_cent() {
        for (micros, rounded) in [
            (5_000, 0),
            (15_000, 20_000),
            (25_000, 20_000),
            (-5_000, 0),
            (-15_000, -20_000),
            (5_001, 10_000),
        ] {
            assert_eq!(Money::new(micros, Currency::EUR).rounded().micros, rounded, "{micros}");
        }
    }

    proptest! {
        #[test]
        fn rounding_moves_by_at_most_half_a_unit(micros in -1_000_000_000_000i64..1_000_000_000_000) {
            let rounded = Money::new(micros, Currency::EUR).rounded().micros;
            prop_assert!((rounded - micros).abs() <= 5_000);
            prop_assert_eq!(rounded % 10_000, 0);
        }
    }
}
