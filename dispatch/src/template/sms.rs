//! How many text messages a text needs.
//!
//! GSM 03.38: 160 septets alone, 153 in each part of a longer one; with any other character UCS-2, 70
//! units alone and 67 in each part. A character that needs two places is never torn apart.

use crate::words::words;

words! {
    /// How the network writes a text.
    Encoding {
        /// Seven bits: Latin letters, digits, a few signs.
        Gsm7 = "gsm7",
        /// Sixteen bits: everything else.
        Ucs2 = "ucs2",
    }
}

/// What a text costs in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segments {
    /// How it is written.
    pub encoding: Encoding,
    /// Septets or 16-bit units in all.
    pub units: usize,
    /// Parts it is sent and priced in; none for an empty text.
    pub segments: usize,
    /// Units that still fit into the last part.
    pub left: usize,
    /// The first character that forces sixteen bits.
    pub odd: Option<char>,
}

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Written with an escape before them.
const EXTENDED: &str = "^{}\\[~]|€\u{c}";

/// Septets of a character; none when seven bits cannot write it.
fn septets(c: char) -> Option<usize> {
    if BASIC.contains(c) {
        Some(1)
    } else if EXTENDED.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// Counts the parts of a text.
#[must_use]
pub fn segments(text: &str) -> Segments {
    let odd = text.chars().find(|c| septets(*c).is_none());
    let (encoding, alone, part) = match odd {
        None => (Encoding::Gsm7, 160, 153),
        Some(_) => (Encoding::Ucs2, 70, 67),
    };
    let width = |c: char| match encoding {
        Encoding::Gsm7 => septets(c).unwrap_or(1),
        Encoding::Ucs2 => c.len_utf16(),
    };
    let units: usize = text.chars().map(width).sum();
    if units <= alone {
        let segments = usize::from(units > 0);
        return Segments { encoding, units, segments, left: alone - units, odd };
    }
    let (mut segments, mut filled) = (1, 0);
    for c in text.chars() {
        if filled + width(c) > part {
            segments += 1;
            filled = 0;
        }
        filled += width(c);
    }
    Segments { encoding, units, segments, left: part - filled, odd }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn count(text: &str) -> (Encoding, usize, usize) {
        let found = segments(text);
        (found.encoding, found.segments, found.left)
    }

    #[test]
    fn the_borders_of_one_and_two_parts() {
        assert_eq!(count(""), (Encoding::Gsm7, 0, 160));
        assert_eq!(count(&"a".repeat(160)), (Encoding::Gsm7, 1, 0));
        assert_eq!(count(&"a".repeat(161)), (Encoding::Gsm7, 2, 145));
        assert_eq!(count(&"€".repeat(80)), (Encoding::Gsm7, 1, 0));
        assert_eq!(count(&"ê".repeat(70)), (Encoding::Ucs2, 1, 0));
        assert_eq!(count(&"ê".repeat(71)), (Encoding::Ucs2, 2, 63));
        // 153 septets hold 76 escaped characters: one place stays empty.
        assert_eq!(count(&"€".repeat(81)), (Encoding::Gsm7, 2, 143));
        assert_eq!(segments("Prêt").odd, Some('ê'));
    }

    proptest! {
        #[test]
        fn more_text_never_needs_fewer_parts(text in ".{0,200}", more in ".{1,5}") {
            let (before, after) = (segments(&text), segments(&(text.clone() + &more)));
            prop_assert!(after.segments >= before.segments);
            prop_assert!(after.left < 160);
        }
    }
}
