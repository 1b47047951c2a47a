//! Names of things as Meta writes them: message ids, users, numbers.

use base64::Engine as _;

use super::draw::{self, Draws, Of};

/// Whose message it is, as the byte inside a message id.
#[derive(Clone, Copy)]
pub(crate) enum Direction {
    ToPhone = 0x11,
    FromPhone = 0x12,
}

/// A message id that looks like Meta's: base64 of the user's digits and a random part.
pub(crate) fn message_id(direction: Direction, user: &str, draws: &Draws<'_>) -> String {
    let random = format!("{:016X}{:016X}", draws.number(Of::IdHead), draws.number(Of::IdTail));
    let random = &random.as_bytes()[..18];
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap_or(u8::MAX);
    let mut raw = vec![0x1c, 0x18, length(user.as_bytes())];
    raw.extend_from_slice(user.as_bytes());
    raw.extend_from_slice(&[0x15, 0x02, 0x00, direction as u8, 0x18, length(random)]);
    raw.extend_from_slice(random);
    raw.push(0x00);
    format!("wamid.{}", base64::engine::general_purpose::STANDARD.encode(raw))
}

/// The digits of a phone number written in any readable way; `None` when it cannot be one.
pub(crate) fn digits(written: &str) -> Option<String> {
    let readable = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.');
    if !written.chars().all(readable) {
        return None;
    }
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    (7..=15).contains(&digits.len()).then_some(digits)
}

/// Ids of numbers, WABAs and templates are decimal.
pub(crate) fn is_numeric_id(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit())
}

/// The person behind a phone. The same phone always belongs to the same person.
pub(crate) fn person(wa_id: &str) -> String {
    const FIRST: [&str; 16] = [
        "Élodie", "Jonas", "Sanne", "Lucas", "Inès", "Mateo", "Anouk", "Noah", "Camille", "Lena",
        "Hugo", "Mila", "Théo", "Clara", "Youssef", "Marta",
    ];
    const LAST: [&str; 16] = [
        "Marchand", "Weber", "de Vries", "Garnier", "Lopez", "Rossi", "Jansen", "Keller", "Morel",
        "Novak", "Petit", "Silva", "Bakker", "Haddad", "Fischer", "Leroy",
    ];
    let draw = draw::digest(wa_id);
    let pick = |names: [&'static str; 16], shift: u32| names[(draw >> shift) as usize % 16];
    format!("{} {}", pick(FIRST, 0), pick(LAST, 8))
}

/// The handle of a person who hides the phone number.
pub(crate) fn user_name(wa_id: &str) -> String {
    let plain: String = person(wa_id)
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            'é' | 'è' => Some('e'),
            ' ' => Some('.'),
            c if c.is_ascii_alphabetic() => Some(c),
            _ => None,
        })
        .collect();
    format!("@{plain}")
}

/// The business-scoped user id: country, dot, twenty digits.
pub(crate) fn user_id(wa_id: &str) -> String {
    let number = draw::digest(&format!("user:{wa_id}"));
    format!("{}.{number:020}", country(wa_id))
}

/// Country of the commonest calling codes. It only decorates user ids, so the rest may be `ZZ`.
pub(crate) fn country(wa_id: &str) -> &'static str {
    const CODES: [(&str, &str); 24] = [
        ("1", "US"),
        ("20", "EG"),
        ("27", "ZA"),
        ("30", "GR"),
        ("31", "NL"),
        ("32", "BE"),
        ("33", "FR"),
        ("34", "ES"),
        ("351", "PT"),
        ("352", "LU"),
        ("353", "IE"),
        ("39", "IT"),
        ("41", "CH"),
        ("420", "CZ"),
        ("43", "AT"),
        ("44", "GB"),
        ("45", "DK"),
        ("46", "SE"),
        ("47", "NO"),
        ("48", "PL"),
        ("49", "DE"),
        ("52", "MX"),
        ("55", "BR"),
        ("91", "IN"),
    ];
    CODES.iter().find(|(code, _)| wa_id.starts_with(code)).map_or("ZZ", |(_, iso)| iso)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_bytes_of_real_ones() {
        let id = message_id(Direction::ToPhone, "5511987650123", &Draws::new(1, "k", 0));
        assert!(id.starts_with("wamid.HBgNNTUxMTk4NzY1MDEyMxUCABEYE"), "{id}");
        assert_eq!(
            id.len(),
            "wamid.HBgNNTUxMTk4NzY1MDEyMxUCABEYEjlDNDFFMDdCNTJEOEEzRjYxMAA=".len()
        );
    }

    #[test]
    fn phones_may_be_written_as_people_do() {
        assert_eq!(digits("+33 (6) 39-98.00 42").as_deref(), Some("33639980042"));
        assert_eq!(digits("not a phone"), None);
        assert_eq!(digits("+33"), None);
    }

    #[test]
    fn handles_are_plain() {
        for last in 0..40 {
            let handle = user_name(&format!("336399800{last:02}"));
            assert!(handle[1..].chars().all(|c| c.is_ascii_lowercase() || c == '.'), "{handle}");
        }
    }
}
