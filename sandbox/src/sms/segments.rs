//! How many segments a text takes: 160 characters of the GSM alphabet or 70 of UCS-2 in one, a few
//! less in each of several.

/// The basic alphabet of GSM 03.38 without the escape.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                     ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension: two places each.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// Segments a text is sent in; at least one.
pub(crate) fn segments(text: &str) -> u32 {
    let septets: Option<Vec<usize>> = text.chars().map(septets).collect();
    match septets {
        Some(places) => count(places.into_iter(), 160, 153),
        None => count(text.chars().map(char::len_utf16), 70, 67),
    }
}

/// Places in the GSM alphabet; `None` when the character is not in it.
fn septets(c: char) -> Option<usize> {
    if BASIC.contains(c) {
        Some(1)
    } else if EXTENDED.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// A character of two places is never split between segments.
fn count(places: impl Iterator<Item = usize> + Clone, alone: usize, each: usize) -> u32 {
    if places.clone().sum::<usize>() <= alone {
        return 1;
    }
    let (mut segments, mut used) = (1, 0);
    for place in places {
        if used + place > each {
            segments += 1;
            used = 0;
        }
        used += place;
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_has_its_size() {
        assert_eq!(BASIC.chars().count(), 127);
        assert_eq!(EXTENDED.chars().count(), 10);
    }

    #[test]
    fn borders_are_where_the_standard_has_them() {
        for (text, expected) in [
            ("", 1),
            (&*"a".repeat(160), 1),
            (&*"a".repeat(161), 2),
            (&*"a".repeat(306), 2),
            (&*"a".repeat(307), 3),
            (&*"é".repeat(160), 1),
            (&*"€".repeat(80), 1),
            (&*"€".repeat(81), 2),
            (&*"ê".repeat(70), 1),
            (&*"ê".repeat(71), 2),
            (&*"ê".repeat(134), 2),
            (&*"ê".repeat(135), 3),
            (&*"📦".repeat(35), 1),
            (&*"📦".repeat(36), 2),
        ] {
            assert_eq!(segments(text), expected, "{text}");
        }
    }

    #[test]
    fn pairs_are_not_split() {
        // 152 + 2 does not fit into 153: the euro begins the second segment.
        let text = format!("{}€{}", "a".repeat(152), "a".repeat(151));
        assert_eq!(segments(&text), 2);
        assert_eq!(segments(&format!("{text}a")), 3);
        // 66 units and a pair do not fit into 67.
        let text = format!("{}📦{}", "ê".repeat(66), "ê".repeat(65));
        assert_eq!(segments(&text), 2);
        assert_eq!(segments(&format!("{text}ê")), 3);
    }
}
