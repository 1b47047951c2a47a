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

/// A share in whole percent: a bar that says 100 % is full, and one that says 0 % is empty.
#[must_use]
pub fn percent(part: i64, of: i64) -> i64 {
    share(part, of, 100)
}

/// So many of `whole`, to the nearest; all of it and none of it only where that is exact.
fn share(part: i64, of: i64, whole: i64) -> i64 {
    let part = part.max(0);
    if of <= 0 || part == 0 {
        0
    } else if part < of {
        (part.saturating_mul(whole).saturating_add(of / 2) / of).clamp(1, whole - 1)
    } else {
        part.saturating_mul(whole) / of
    }
}

/// A small share in percent, to the nearest tenth: `4.0 %`.
#[must_use]
pub fn tenths(lang: Lang, part: i64, of: i64) -> String {
    let tenths = share(part, of, 1_000);
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
        assert_eq!(tenths(Lang::Fr, 1, 150), "0,7\u{202f}%");
        assert_eq!(tenths(Lang::En, 1, 15), "6.7\u{202f}%");
        assert_eq!(tenths(Lang::En, 1, 0), "0.0\u{202f}%");
    }

    #[test]
    fn shares_are_rounded_but_never_to_all_or_nothing() {
        assert_eq!([percent(7, 8), percent(14, 16), percent(1, 3)], [88, 88, 33]);
        assert_eq!([percent(999, 1_000), percent(1, 1_000)], [99, 1]);
        assert_eq!([percent(5, 5), percent(0, 5), percent(1, 0), percent(-1, 5)], [100, 0, 0, 0]);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(whole(Lang::En, 18_204), "18,204");
        assert_eq!(whole(Lang::Fr, 1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(whole(Lang::En, -3), "\u{2212}3");
        assert_eq!(whole(Lang::En, i64::MIN), "\u{2212}9,223,372,036,854,775,808");
    }
}
