//! What somebody typed into the search box, as the searches worth trying, most likely first.

use dispatch::country::Country;
use dispatch::id::{DecisionId, DeliveryId, MessageId};

/// One exact search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// Our id of a message.
    Message(MessageId),
    /// Our id of a decision.
    Decision(DecisionId),
    /// Our id of a delivery: all that came out of it.
    Delivery(DeliveryId),
    /// The provider's id of a message.
    Provider(String),
    /// A phone number in E.164.
    Phone(String),
    /// The shop's order number.
    Order(String),
    /// The carrier's number.
    Tracking(String),
}

/// E.164 allows 15 digits; fewer than seven are nobody's number.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// The searches worth trying for a text. Prefixes decide; what looks like a phone in any spelling is
/// tried as one, a national one in the country the account is registered in; everything else may be
/// an order or a parcel.
#[must_use]
pub fn searches(text: &str, home: Country) -> Vec<Search> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if let Ok(id) = text.parse() {
        return vec![Search::Message(id)];
    }
    if let Ok(id) = text.parse() {
        return vec![Search::Decision(id)];
    }
    if let Ok(id) = text.parse() {
        return vec![Search::Delivery(id)];
    }
    if text.starts_with("wamid.") {
        return vec![Search::Provider(text.to_owned())];
    }
    let mut found = Vec::new();
    let phones = phones(text, home);
    let names = |found: &mut Vec<Search>| {
        found.push(Search::Order(text.to_owned()));
        match text.strip_prefix('#') {
            Some(bare) if !bare.is_empty() => found.push(Search::Order(bare.to_owned())),
            _ => found.push(Search::Order(format!("#{text}"))),
        }
        let closed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        found.push(Search::Tracking(closed.to_uppercase()));
        if closed.to_uppercase() != text {
            found.push(Search::Tracking(text.to_owned()));
        }
    };
    // A plus or a leading zero says phone; bare digits are an order more often.
    let surely = text.starts_with('+') || text.starts_with('0') || text.starts_with('(');
    if surely {
        found.extend(phones.into_iter().map(Search::Phone));
        names(&mut found);
    } else {
        names(&mut found);
        found.extend(phones.into_iter().map(Search::Phone));
    }
    found
}

/// The numbers in E.164 that a text may mean; none when it is no phone at all.
fn phones(text: &str, home: Country) -> Vec<String> {
    // `+33 (0)6 12`: the zero in brackets is only dialled at home.
    let text = text.replace("(0)", "");
    let spelled = text.chars().all(|c| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '(' | ')' | '.' | '-' | '/')
    });
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if !spelled || !PHONE_DIGITS.contains(&digits.len()) {
        return Vec::new();
    }
    if text.trim_start().starts_with('+') {
        return vec![format!("+{digits}")];
    }
    if let Some(international) = digits.strip_prefix("00") {
        return vec![format!("+{international}")];
    }
    let national = calling_code(home).map(|(code, keeps_zero)| {
        let number = if keeps_zero { digits.as_str() } else { digits.trim_start_matches('0') };
        format!("+{code}{number}")
    });
    if digits.starts_with('0') {
        return national.into_iter().collect();
    }
    std::iter::once(format!("+{digits}")).chain(national).collect()
}

/// A country's calling code, and whether its numbers keep their leading zero abroad.
fn calling_code(country: Country) -> Option<(&'static str, bool)> {
    Some(match country.code() {
        "IT" | "SM" | "VA" => ("39", true),
        "FR" => ("33", false),
        "DE" => ("49", false),
        "NL" => ("31", false),
        "BE" => ("32", false),
        "LU" => ("352", false),
        "ES" => ("34", false),
        "PT" => ("351", false),
        "AT" => ("43", false),
        "CH" | "LI" => ("41", false),
        "GB" => ("44", false),
        "IE" => ("353", false),
        "DK" => ("45", false),
        "SE" => ("46", false),
        "NO" => ("47", false),
        "FI" => ("358", false),
        "PL" => ("48", false),
        "CZ" => ("420", false),
        "GR" => ("30", false),
        "RO" => ("40", false),
        "HU" => ("36", false),
        "US" | "CA" => ("1", false),
        "MC" => ("377", false),
        "RE" | "YT" => ("262", false),
        "GP" => ("590", false),
        "MQ" => ("596", false),
        "GF" => ("594", false),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Vec<Search> {
        searches(text, "FR".parse().expect("a country"))
    }

    fn first_phone(text: &str, home: &str) -> Option<String> {
        searches(text, home.parse().expect("a country")).into_iter().find_map(|search| match search
        {
            Search::Phone(phone) => Some(phone),
            _ => None,
        })
    }

    #[test]
    fn an_id_is_looked_for_by_its_prefix_alone() {
        let id = "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV";
        assert_eq!(find(id), [Search::Message(id.parse().expect("an id"))]);
        let id = "dec_01ARZ3NDEKTSV4RRFFQ69G5FAV";
        assert_eq!(find(&format!("  {id} ")), [Search::Decision(id.parse().expect("an id"))]);
        assert_eq!(find("wamid.HBgL"), [Search::Provider("wamid.HBgL".into())]);
        assert_eq!(find(""), []);
    }

    #[test]
    fn a_phone_is_found_in_any_spelling() {
        for spelling in [
            "+33 6 39 98 00 42",
            "0033639980042",
            "06 39 98 00 42",
            "06.39.98.00.42",
            "+33 (0)6-39-98-00-42",
            "33639980042",
            "639980042",
        ] {
            let found = find(spelling);
            assert!(found.contains(&Search::Phone("+33639980042".into())), "{spelling}: {found:?}");
        }
        assert_eq!(first_phone("0151 23456789", "DE").as_deref(), Some("+4915123456789"));
        assert_eq!(first_phone("06 1234 5678", "IT").as_deref(), Some("+390612345678"));
    }

    #[test]
    fn bare_digits_are_an_order_first_and_letters_are_no_phone() {
        assert_eq!(
            find("48213"),
            [
                Search::Order("48213".into()),
                Search::Order("#48213".into()),
                Search::Tracking("48213".into()),
            ]
        );
        assert_eq!(find("#A-17")[1], Search::Order("A-17".into()));
        assert_eq!(find("3s abc 123")[2], Search::Tracking("3SABC123".into()));
        assert_eq!(find("6391234567")[0], Search::Order("6391234567".into()));
    }
}
