//! Amounts from integer micros (millionths of the currency unit) to text. No floats on the way.

use super::Lang;
use super::number::{MINUS, group};
use dispatch::money::{Currency, Money};

const MICROS: u64 = 1_000_000;

/// How many digits a currency's amounts show after the separator.
fn decimals(currency: Currency) -> u32 {
    match currency.minor_unit_micros() {
        1_000_000 => 0,
        1_000 => 3,
        _ => 2,
    }
}

/// An amount with its currency, which no line parts: `2,548.56 EUR`, `2 548,56 EUR`.
///
/// More digits than the currency has are shown only where the amount has them (0.145 EUR), so that a
/// figure on a screen is never a rounded one.
#[must_use]
pub fn amount(lang: Lang, money: Money) -> String {
    format!("{}\u{a0}{}", figure(lang, money), money.currency)
}

/// The same without the currency, for columns that name it in their heading.
#[must_use]
pub fn figure(lang: Lang, money: Money) -> String {
    fixed(lang, money.micros, digits_needed(money.micros, decimals(money.currency)))
}

/// A price for one message, with four digits: `0.1400`.
#[must_use]
pub fn unit_price(lang: Lang, money: Money) -> String {
    fixed(lang, money.micros, digits_needed(money.micros, 4))
}

/// A difference with its sign: `+57.68 EUR`.
#[must_use]
pub fn change(lang: Lang, money: Money) -> String {
    let text = amount(lang, money);
    if money.micros > 0 { format!("+{text}") } else { text }
}

/// A plain decimal for form fields (`3000.00`), the spelling every language's form accepts.
#[must_use]
pub fn for_field(money: Money) -> String {
    let digits = digits_needed(money.micros, decimals(money.currency));
    let sign = if money.micros < 0 { "-" } else { "" };
    let (whole, part) = split(money.micros, digits);
    if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// An amount as people type it, in micros: `12000.50`, `12 000,50`, `12,000`. None when it is no amount, or more
/// than a billion.
#[must_use]
pub fn read(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (mut whole, mut part) = (text.as_str(), "");
    if let Some((before, after)) = text.rsplit_once(['.', ',']) {
        // Three digits after the only kind of mark are a group of the whole number.
        let begins = before.starts_with(|first: char| first != '0');
        let groups =
            begins && after.len() == 3 && before.split(['.', ',']).skip(1).all(|g| g.len() == 3);
        let both = text.contains('.') && text.contains(',');
        if !groups || both {
            (whole, part) = (before, after);
        }
    }
    let whole: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 2 || !digits(&whole) || !digits(part) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<6}").parse().ok()?;
    Some(whole * 1_000_000 + part)
}

/// At least `least` digits, more where cutting them would lose something.
fn digits_needed(micros: i64, least: u32) -> u32 {
    let part = micros.unsigned_abs() % MICROS;
    (least..6).find(|digits| part.is_multiple_of(10u64.pow(6 - digits))).unwrap_or(6)
}

fn split(micros: i64, digits: u32) -> (u64, String) {
    let all = micros.unsigned_abs();
    let part = all % MICROS / 10u64.pow(6 - digits);
    (all / MICROS, format!("{part:0width$}", width = digits as usize))
}

fn fixed(lang: Lang, micros: i64, digits: u32) -> String {
    let (whole, part) = split(micros, digits);
    let mut text = String::new();
    if micros < 0 {
        text.push(MINUS);
    }
    text.push_str(&group(lang, &whole.to_string()));
    if digits > 0 {
        text.push(match lang {
            Lang::En => '.',
            Lang::Fr => ',',
        });
        text.push_str(&part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(micros: i64, currency: &str) -> Money {
        Money::new(micros, currency.parse().expect("a currency"))
    }

    #[test]
    fn amounts_read_as_each_language_writes_them() {
        assert_eq!(amount(Lang::En, money(140_000, "EUR")), "0.14\u{a0}EUR");
        assert_eq!(amount(Lang::Fr, money(140_000, "EUR")), "0,14\u{a0}EUR");
        assert_eq!(amount(Lang::En, money(2_548_560_000, "EUR")), "2,548.56\u{a0}EUR");
        assert_eq!(amount(Lang::Fr, money(2_548_560_000, "EUR")), "2\u{202f}548,56\u{a0}EUR");
        assert_eq!(amount(Lang::En, money(1_200_000_000, "JPY")), "1,200\u{a0}JPY");
    }

    #[test]
    fn amounts_are_read_as_either_language_writes_them() {
        for (text, micros) in [
            ("500", Some(500_000_000)),
            ("12000.50", Some(12_000_500_000)),
            ("12\u{202f}000,50", Some(12_000_500_000)),
            (" 12,000.5 ", Some(12_000_500_000)),
            ("12.000,50", Some(12_000_500_000)),
            ("12,000", Some(12_000_000_000)),
            ("1,000,000", Some(1_000_000_000_000)),
            ("0,14", Some(140_000)),
            ("0", Some(0)),
            ("7.", Some(7_000_000)),
            ("999999999.99", Some(999_999_999_990_000)),
            ("1000000000", None),
            ("0.145", None),
            ("0.1450", None),
            (".5", None),
            ("-5", None),
            ("5 EUR", None),
            ("٣", None),
            ("1e3", None),
            ("", None),
            (&"9".repeat(100_000), None),
        ] {
            assert_eq!(read(text), micros, "{text:.20}");
        }
    }

    #[test]
    fn nothing_is_rounded_away() {
        assert_eq!(amount(Lang::En, money(145_000, "EUR")), "0.145\u{a0}EUR");
        assert_eq!(amount(Lang::En, money(1, "EUR")), "0.000001\u{a0}EUR");
        assert_eq!(unit_price(Lang::En, money(140_000, "EUR")), "0.1400");
    }

    #[test]
    fn differences_carry_their_sign() {
        assert_eq!(change(Lang::En, money(57_680_000, "EUR")), "+57.68\u{a0}EUR");
        assert_eq!(change(Lang::En, money(-420_000, "EUR")), "\u{2212}0.42\u{a0}EUR");
        assert_eq!(change(Lang::En, money(0, "EUR")), "0.00\u{a0}EUR");
        assert_eq!(for_field(money(-3_000_000_000, "EUR")), "-3000.00");
    }
}
