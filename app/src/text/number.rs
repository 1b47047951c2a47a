//! Numbers as each language writes them: `18,204` and `18 204`.

use super::Lang;

/// Keeps the groups of a French number on one line.
const NARROW_SPACE: char = '\u{202f}';

/// A true minus, as wide as the plus, so that signed columns stand in line.
pub(super) const MINUS: char = '\u{2212}';

/// A whole number with its groups of three.
#[must_use]
pub fn whole(lang: Lang, value: i64) -> String {
    let mut text = group(lang, &value.unsigned_abs().to_string());
    if value < 0 {
        text.insert(0, MINUS);
    }
    text
}

/// A difference with its sign: `+1,200`.
#[must_use]
pub fn change(lang: Lang, value: i64) -> String {
    let text = whole(lang, value);
    if value > 0 { format!("+{text}") } else { text }
}

/// A share in whole percent, rounded down: a bar that says 100 % is full.
#[must_use]
pub fn percent(part: i64, of: i64) -> i64 {
    if of <= 0 { 0 } else { part.max(0).saturating_mul(100) / of }
}

/// A small share in percent, to a tenth: `4.0 %`, rounded down.
#[must_use]
pub fn tenths(lang: Lang, part: i64, of: i64) -> String {
    let tenths = if of <= 0 { 0 } else { part.max(0).saturating_mul(1_000) / of };
    let point = match lang {
        Lang::En => '.',
        Lang::Fr => ',',
    };
    format!("{}{point}{}{NARROW_SPACE}%", tenths / 10, tenths % 10)
}

/// A contrast, `4.5 : 1`, rounded down: what is said to be enough is enough.
#[must_use]
pub fn ratio(lang: Lang, value: f64) -> String {
    let point = match lang {
        Lang::En => '.',
        Lang::Fr => ',',
    };
    #[expect(clippy::cast_possible_truncation, reason = "contrasts lie between 1 and 21")]
    let tenths = (value * 10.0).floor() as i64;
    format!("{}{point}{} : 1", tenths / 10, tenths % 10)
}

/// Puts the language's separator between groups of three digits.
pub(super) fn group(lang: Lang, digits: &str) -> String {
    let separator = match lang {
        Lang::En => ',',
        Lang::Fr => NARROW_SPACE,
    };
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_shares_have_a_tenth() {
        assert_eq!(tenths(Lang::En, 12, 300), "4.0\u{202f}%");
        assert_eq!(tenths(Lang::Fr, 1, 150), "0,6\u{202f}%");
        assert_eq!(tenths(Lang::En, 1, 0), "0.0\u{202f}%");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(whole(Lang::En, 18_204), "18,204");
        assert_eq!(whole(Lang::Fr, 1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(whole(Lang::En, -3), "\u{2212}3");
        assert_eq!(whole(Lang::En, i64::MIN), "\u{2212}9,223,372,036,854,775,808");
    }
}
