//! Phone numbers that keep their owner private.

use dispatch::decision::mask_mail;
use dispatch::phone::calling_code_len;
pub use dispatch::phone::grouped;

/// `+33639980042` as `+33 6 ** ** ** 42`: country and first digit, then the last two.
///
/// Takes E.164 or anything alike; what is too short to hide anything is hidden whole. Of a mail address the first
/// letter and the domain stay.
#[must_use]
pub fn masked(phone: &str) -> String {
    if phone.contains('@') {
        return mask_mail(phone);
    }
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 7 {
        return "** **".to_owned();
    }
    let code = calling_code_len(&digits);
    let country: String = digits[..code].iter().collect();
    let first = digits[code];
    let last: String = digits[digits.len() - 2..].iter().collect();
    let hidden = digits.len() - code - 3;
    let stars = vec!["**"; hidden.div_ceil(2)].join(" ");
    format!("+{country} {first} {stars} {last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_country_first_and_last_digits_stay() {
        assert_eq!(masked("+33639980042"), "+33 6 ** ** ** 42");
        assert_eq!(masked("+3197010587777"), "+31 9 ** ** ** ** 77");
        assert_eq!(masked("+352621123456"), "+352 6 ** ** ** 56");
        assert_eq!(masked("ada@home.example"), "a…@home.example");
        assert_eq!(masked("123"), "** **");
        assert_eq!(masked(""), "** **");
    }
}
