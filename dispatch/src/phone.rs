//! Phone numbers as people read them.

/// E.164 in readable groups: `+33639980042` as `+33 6 39 98 00 42`.
#[must_use]
pub fn grouped(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 7 {
        return phone.to_owned();
    }
    let code = calling_code_len(&digits);
    let mut text = String::from("+");
    text.extend(&digits[..code]);
    let rest = &digits[code..];
    let head = rest.len() % 2;
    for (index, digit) in rest.iter().enumerate() {
        if index == 0 || (index >= head && (index - head).is_multiple_of(2)) {
            text.push(' ');
        }
        text.push(*digit);
    }
    text
}

/// Length of the country calling code at the front (ITU-T E.164 zones).
#[must_use]
pub fn calling_code_len(digits: &[char]) -> usize {
    match (digits[0], digits[1]) {
        ('1' | '7', _) => 1,
        ('2', '0' | '7') => 2,
        ('2', _) => 3,
        ('3', '5' | '7' | '8') => 3,
        ('4', '2') => 3,
        ('5', '0' | '9') => 3,
        ('6', '7'..='9') => 3,
        ('8', '0' | '5' | '7' | '8') => 3,
        ('9', '6' | '7' | '9') => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_grouped() {
        assert_eq!(grouped("+33639980042"), "+33 6 39 98 00 42");
        assert_eq!(grouped("+15550101234"), "+1 55 50 10 12 34");
    }
}
