//! Phone numbers as people type them, to E.164.
//!
//! A number is usable when its length is possible in its country, not only when it lies in an assigned
//! range: reserved example numbers are not assigned, and carriers open ranges faster than tables follow.

use dispatch::country::Country;
use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, PhoneNumber, Type};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Longest text looked at, in characters: a number has at most 15 digits, the rest is decoration.
const LONGEST: usize = 64;

/// E.164 digits after the plus sign.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Reads a phone number with the recipient's country. `+` and `00` name their own country and need none.
#[must_use]
pub fn to_e164(typed: &str, country: Option<Country>) -> Option<String> {
    // Shops' forms are filled in with two numbers: the first that can be one is taken.
    typed.split(['/', ';', ',', '|', '\n']).find_map(|part| one(part, country))
}

fn one(typed: &str, country: Option<Country>) -> Option<String> {
    if typed.chars().count() > LONGEST {
        return None;
    }
    let plain: String = typed.chars().map(ascii).collect();
    let plain = plain.trim().trim_start_matches("tel:");
    // Only digits and what people put between them: letters would dial (0800 FLOWERS), not reach a phone.
    if !plain.chars().all(|c| c.is_ascii_digit() || " +-.()\u{a0}".contains(c)) {
        return None;
    }
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let (region, text) = if plain.starts_with('+') || plain.starts_with("(+") {
        (None, format!("+{}", without_trunk_zero(plain, &digits)))
    } else if let Some(rest) = digits.strip_prefix("00") {
        let rest = without_trunk_zero(plain, rest).into_owned();
        (None, format!("+{rest}"))
    } else {
        (Some(country?.code().parse::<Id>().ok()?), digits)
    };
    let number = parse(region, &text)?;
    is_possible(&number).then_some(())?;
    let e164 = settled(number.format().mode(Mode::E164).to_string())?;
    let written = e164.strip_prefix('+')?;
    (DIGITS.contains(&written.len()) && written.bytes().all(|b| b.is_ascii_digit())).then_some(e164)
}

/// One number has one form: zeros that are dialled only inside the country, which remain behind some countries' prefix for
/// calls abroad, are taken off until it reads as itself.
fn settled(mut e164: String) -> Option<String> {
    for _ in 0..3 {
        match parse(None, &e164).map(|number| number.format().mode(Mode::E164).to_string()) {
            Some(again) if again != e164 => e164 = again,
            _ => return Some(e164),
        }
    }
    None
}

/// `+33 (0)6 …`: the zero in brackets is dialled only inside the country.
fn without_trunk_zero<'a>(typed: &str, digits: &'a str) -> Cow<'a, str> {
    let Some((before, after)) = typed.split_once("(0)") else { return Cow::Borrowed(digits) };
    let count = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    // `digits` may lack the leading `00` of `typed`, so the place is counted from the end.
    let Some(place) = digits.len().checked_sub(count(after) + 1) else {
        return Cow::Borrowed(digits);
    };
    if count(before) == 0 || !digits.is_char_boundary(place) {
        return Cow::Borrowed(digits);
    }
    Cow::Owned(format!("{}{}", &digits[..place], &digits[place + 1..]))
}

/// Arabic-Indic and full-width digits and signs, as phones' keyboards type them.
fn ascii(c: char) -> char {
    let digit = match c {
        '０'..='９' => u32::from(c) - u32::from('０'),
        '٠'..='٩' => u32::from(c) - u32::from('٠'),
        '۰'..='۹' => u32::from(c) - u32::from('۰'),
        '＋' => return '+',
        '‐' | '‑' | '–' | '−' => return '-',
        '\u{2009}' | '\u{202f}' | '\t' => return ' ',
        // Directional marks come along when a number is copied from a contact.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => return ' ',
        other => return other,
    };
    char::from_digit(digit, 10).unwrap_or(c)
}

/// The crate's parser unwraps in places; what a stranger typed must not end a worker.
fn parse(region: Option<Id>, text: &str) -> Option<PhoneNumber> {
    catch_unwind(AssertUnwindSafe(|| phonenumber::parse(region, text).ok())).ok().flatten()
}

/// The kinds of number a person is reached on. The tables give lengths per kind, not over all of them.
const KINDS: [Type; 4] = [Type::Mobile, Type::FixedLine, Type::Voip, Type::PersonalNumber];

/// Whether some number of that calling code has this many digits.
fn is_possible(number: &PhoneNumber) -> bool {
    let national = number.national().to_string();
    let Ok(length) = u16::try_from(national.len()) else { return false };
    DATABASE.by_code(&number.country().code()).is_some_and(|regions| {
        regions.iter().any(|region| {
            KINDS
                .iter()
                .filter_map(|kind| region.descriptors().get(*kind))
                .any(|lengths| lengths.possible_length().contains(&length))
        })
    })
}

/// The calling code of a country: 33 for France. None where there are no telephones.
#[must_use]
pub fn calling_code(country: Country) -> Option<u16> {
    DATABASE.by_id(country.code()).map(phonenumber::Metadata::country_code)
}

/// The number behind a provider's digits (`wa_id`), in the form in which it was dialled.
///
/// WhatsApp drops the ninth digit of some Brazilian mobiles and adds a 1 to Mexican ones (contract
/// §12). An opt-out that came from one form must stop messages to the other.
#[must_use]
pub fn from_wa_id(digits: &str) -> Option<String> {
    let digits = digits.trim().trim_start_matches('+');
    if !DIGITS.contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let national = |prefix: &str, length: usize| {
        digits.strip_prefix(prefix).filter(|rest| rest.len() == length)
    };
    if let Some(rest) = national("55", 10)
        && let (area, subscriber) = rest.split_at(2)
        && subscriber.starts_with(['6', '7', '8', '9'])
    {
        return Some(format!("+55{area}9{subscriber}"));
    }
    if let Some(rest) = national("521", 10) {
        return Some(format!("+52{rest}"));
    }
    Some(format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_form_whichever_way_it_is_dialled() {
        let direct = to_e164("+600047402240", None);
        assert_eq!(direct.as_deref(), Some("+6047402240"));
        assert_eq!(to_e164("011600047402240", "US".parse().ok()), direct);
    }
    use proptest::prelude::*;

    fn read(typed: &str, country: &str) -> Option<String> {
        to_e164(typed, country.parse().ok())
    }

    #[test]
    fn typed_numbers_are_read_with_the_recipients_country() {
        for (typed, country, e164) in [
            ("0639980012", "FR", "+33639980012"),
            ("06.39.98.00.12", "FR", "+33639980012"),
            ("06 39 98 00 12 / 01 39 00 00 00", "FR", "+33639980012"),
            ("639980012", "FR", "+33639980012"),
            ("33639980012", "FR", "+33639980012"),
            ("+33 (0)6 39 98 00 12", "FR", "+33639980012"),
            ("0033 (0) 6 39 98 00 12", "FR", "+33639980012"),
            ("+330639980012", "DE", "+33639980012"),
            ("0033639980012", "FR", "+33639980012"),
            ("0033639980012", "DE", "+33639980012"),
            ("0033639980012", "", "+33639980012"),
            ("٠٦٣٩٩٨٠٠١٢", "FR", "+33639980012"),
            ("612345678", "NL", "+31612345678"),
            ("0612345678", "NL", "+31612345678"),
            ("+31612345678", "NL", "+31612345678"),
            ("+31612345678", "FR", "+31612345678"),
            ("017604069012", "DE", "+4917604069012"),
            ("+34 612 34 56 78", "ES", "+34612345678"),
            ("612 34 56 78", "ES", "+34612345678"),
            // An Italian landline keeps its zero, also when the parcel goes to France.
            ("06 698 12345", "IT", "+390669812345"),
            ("+39 06 698 12345", "FR", "+390669812345"),
            ("07911 123456", "GB", "+447911123456"),
            ("+44 (0)7911 123456", "FR", "+447911123456"),
            ("(202) 555-0143", "US", "+12025550143"),
            ("tel:+1-202-555-0143", "US", "+12025550143"),
            ("11 98765 0123", "BR", "+5511987650123"),
        ] {
            assert_eq!(read(typed, country).as_deref(), Some(e164), "{typed} in {country}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for (typed, country) in [
            ("", "FR"),
            ("n/a", "FR"),
            ("12", "FR"),
            ("0639980012", ""),
            ("0800 FLOWERS", "US"),
            ("+999123456789", "FR"),
            ("+", "FR"),
            ("00", "FR"),
            ("555-0143", "US"),
            ("063998001", "FR"),
            ("06399800123456789", "FR"),
            ("tel:;phone-context=", "FR"),
            ("0000000000", "FR"),
        ] {
            assert_eq!(read(typed, country), None, "{typed} in {country}");
        }
    }

    #[test]
    fn whatsapp_ids_become_the_numbers_that_were_dialled() {
        for (wa_id, e164) in [
            ("33639980012", "+33639980012"),
            ("5511987650123", "+5511987650123"),
            ("553187650123", "+5531987650123"),
            ("5215512345678", "+525512345678"),
        ] {
            assert_eq!(from_wa_id(wa_id).as_deref(), Some(e164), "{wa_id}");
        }
        for bad in ["", "abc", "BR.40718826553910274418", "12345", "1234567890123456"] {
            assert_eq!(from_wa_id(bad), None, "{bad}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn no_text_panics_and_answers_are_e164(typed in "\\PC{0,40}", country in 0usize..250) {
            let country = Country::all().nth(country % Country::all().count());
            check(&typed, country)?;
        }

        #[test]
        fn nothing_that_looks_like_a_number_panics(typed in "(\\+|00|)[0-9 ().;x+-]{0,22}", country in 0usize..250) {
            let country = Country::all().nth(country % Country::all().count());
            check(&typed, country)?;
        }
    }

    fn check(typed: &str, country: Option<Country>) -> Result<(), TestCaseError> {
        if let Some(e164) = to_e164(typed, country) {
            prop_assert!(e164.starts_with('+') && (8..=16).contains(&e164.len()), "{e164}");
            prop_assert!(e164[1..].bytes().all(|b| b.is_ascii_digit()), "{e164}");
            // What was read once reads the same again, wherever.
            prop_assert_eq!(to_e164(&e164, None), Some(e164));
        }
        Ok(())
    }
}
