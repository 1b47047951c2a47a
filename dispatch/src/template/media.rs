//! Files for headers: pictures and documents that a brand uploads, each at an address of its own for ever.

use super::content::HeaderKind;
use crate::words::words;

/// Longest name a customer reads, in characters.
const LONGEST_NAME: usize = 60;

words! {
    /// What a file is, as the provider and browsers name it. Its bytes decide, never its name.
    MediaKind {
        /// A picture without loss.
        Png = "image/png",
        /// A photograph.
        Jpeg = "image/jpeg",
        /// A document.
        Pdf = "application/pdf",
    }
}

impl MediaKind {
    /// The header it can stand in.
    #[must_use]
    pub const fn header(self) -> HeaderKind {
        match self {
            Self::Png | Self::Jpeg => HeaderKind::Image,
            Self::Pdf => HeaderKind::Document,
        }
    }

    /// How a name of such a file ends.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Pdf => "pdf",
        }
    }
}

/// A file at its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// What it is.
    pub kind: MediaKind,
    /// Its name, the last part of its address: what customers read on a document.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A name for a file that is plain in every address and header: letters and digits of what it was called,
/// and the ending of what it is.
#[must_use]
pub fn file_name(called: &str, kind: MediaKind) -> String {
    let called = called.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = called.rsplit_once('.').map_or(called, |(stem, _)| stem);
    let mut plain = String::new();
    for c in stem.chars().map(unaccented) {
        if c.is_ascii_alphanumeric() || c == '_' {
            plain.push(c);
        } else if !plain.is_empty() && !plain.ends_with('-') {
            plain.push('-');
        }
        if plain.len() >= LONGEST_NAME {
            break;
        }
    }
    let plain = plain.trim_end_matches('-');
    let plain = match kind.header() {
        HeaderKind::Document if plain.is_empty() => "document",
        _ if plain.is_empty() => "picture",
        _ => plain,
    };
    format!("{plain}.{}", kind.extension())
}

/// The letters of Western languages without their marks.
const fn unaccented(c: char) -> char {
    match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'À'..='Å' => 'A',
        'Ç' => 'C',
        'È'..='Ë' => 'E',
        'Ì'..='Ï' => 'I',
        'Ò'..='Ö' => 'O',
        'Ù'..='Ü' => 'U',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_whatever_a_file_was_called() {
        let pdf = |called| file_name(called, MediaKind::Pdf);
        assert_eq!(pdf("Étiquette de retour (2).PDF"), "Etiquette-de-retour-2.pdf");
        assert_eq!(pdf("C:\\x\\..\\a\"b\r\n.exe"), "a-b.pdf");
        assert_eq!(pdf("../../etc/passwd"), "passwd.pdf");
        assert_eq!(pdf("返品"), "document.pdf");
        assert_eq!(file_name("", MediaKind::Jpeg), "picture.jpg");
        assert_eq!(file_name("a.pdf", MediaKind::Png), "a.png");
        assert!(pdf(&"x".repeat(500)).len() <= LONGEST_NAME + 4);
    }
}
