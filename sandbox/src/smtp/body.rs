//! The text of a mail, from DATA to the line with a dot alone.

use super::SIZE_LIMIT;

/// The longest line without its line end (RFC 5321, 4.5.3.1.6).
const LINE_LIMIT: usize = 998;

/// What is wrong with a text. It is read to its end all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    TooBig,
    /// A CR or an LF alone: servers disagree about them, and letters are smuggled that way.
    BareLineEnd,
    LongLine,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    LineStart,
    Text,
    /// Behind a CR.
    Cr,
    /// Behind a dot that began the line.
    Dot,
    /// Behind such a dot and a CR.
    DotCr,
}

/// A text under way. Pieces may end anywhere.
pub(super) struct Body {
    at: At,
    text: Vec<u8>,
    fault: Option<Fault>,
    /// Bytes in the line under way.
    width: usize,
}

impl Body {
    pub(super) fn new() -> Self {
        Self { at: At::LineStart, text: Vec::new(), fault: None, width: 0 }
    }

    /// Takes the next piece; how much of it belongs to the text when the text ends in it.
    pub(super) fn push(&mut self, piece: &[u8]) -> Option<usize> {
        for (place, &byte) in piece.iter().enumerate() {
            if self.byte(byte) {
                return Some(place + 1);
            }
        }
        None
    }

    /// The text with its dots as they were written, or what is wrong with it.
    pub(super) fn finish(self) -> Result<Vec<u8>, Fault> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(self.text),
        }
    }

    /// True at the end of the text.
    fn byte(&mut self, byte: u8) -> bool {
        match (self.at, byte) {
            (At::DotCr, b'\n') => return true,
            (At::LineStart, b'.') => self.at = At::Dot,
            (At::Dot, b'\r') => self.at = At::DotCr,
            (At::DotCr, _) => {
                self.blame(Fault::BareLineEnd);
                self.keep(b'\r');
                self.at = At::Text;
                return self.byte(byte);
            }
            (At::Cr, b'\n') => {
                self.keep(b'\r');
                self.keep(b'\n');
                self.width = 0;
                self.at = At::LineStart;
            }
            (At::Cr, _) => {
                self.blame(Fault::BareLineEnd);
                self.keep(b'\r');
                self.at = At::Text;
                return self.byte(byte);
            }
            (At::LineStart | At::Text, b'\r') => self.at = At::Cr,
            (At::LineStart | At::Text | At::Dot, _) => {
                if byte == b'\n' {
                    self.blame(Fault::BareLineEnd);
                }
                self.width += 1;
                if self.width > LINE_LIMIT {
                    self.blame(Fault::LongLine);
                }
                self.keep(byte);
                self.at = At::Text;
            }
        }
        false
    }

    fn keep(&mut self, byte: u8) {
        if self.text.len() >= SIZE_LIMIT {
            self.blame(Fault::TooBig);
            // Nothing of it is needed any more.
            self.text = Vec::new();
        }
        // What is refused need not be kept.
        if self.fault != Some(Fault::TooBig) {
            self.text.push(byte);
        }
    }

    /// The size says most: it stands when several things are wrong.
    fn blame(&mut self, fault: Fault) {
        if fault == Fault::TooBig || self.fault.is_none() {
            self.fault = Some(fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A text and what follows it.
    type Read = (Result<Vec<u8>, Fault>, Vec<u8>);

    fn read(input: &[u8], size: usize) -> Option<Read> {
        let mut body = Body::new();
        let mut start = 0;
        for piece in input.chunks(size) {
            if let Some(used) = body.push(piece) {
                return Some((body.finish(), input[start + used..].to_vec()));
            }
            start += piece.len();
        }
        None
    }

    /// As a client sends it.
    fn stuffed(lines: &[String]) -> (String, String) {
        let text: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let sent = lines.iter().map(|line| {
            let dot = if line.starts_with('.') { "." } else { "" };
            format!("{dot}{line}\r\n")
        });
        (text, sent.collect::<String>() + ".\r\n")
    }

    #[test]
    fn a_dot_alone_ends_it_and_other_dots_are_text() {
        let all = |input: &[u8]| read(input, 99).map(|(text, rest)| (text.expect("right"), rest));
        assert_eq!(all(b".\r\nQUIT"), Some((Vec::new(), b"QUIT".to_vec())));
        assert_eq!(
            all(b"a\r\n..b\r\n.c\r\n.\r\n"),
            Some((b"a\r\n.b\r\nc\r\n".to_vec(), Vec::new()))
        );
        assert_eq!(all(b"a\r\n..\r\n.\r\n"), Some((b"a\r\n.\r\n".to_vec(), Vec::new())));
        assert_eq!(all(b"a.\r\n"), None);
    }

    #[test]
    fn only_crlf_ends_a_line() {
        for smuggled in [
            &b"a\n.\nMAIL\r\n.\r\n"[..],
            b"a\r.\rx\r\n.\r\n",
            b"a\r\n.\nb\r\n.\r\n",
            b".\r.\r\n.\r\n",
        ] {
            let (text, rest) = read(smuggled, 99).expect("an end");
            assert_eq!((text, rest.len()), (Err(Fault::BareLineEnd), 0), "{smuggled:?}");
        }
        let long = [vec![b'a'; 999], b"\r\n.\r\n".to_vec()].concat();
        assert_eq!(read(&long, 99).expect("an end").0, Err(Fault::LongLine));
        assert!(read(&long[1..], 99).expect("an end").0.is_ok());
    }

    #[test]
    fn what_is_too_big_is_read_and_not_kept() {
        let line = [vec![b'a'; 900], b"\r\n".to_vec()].concat();
        let mut body = Body::new();
        for _ in 0..SIZE_LIMIT / 900 + 2 {
            assert_eq!(body.push(&line), None);
        }
        assert!(body.text.is_empty());
        assert_eq!(body.push(b".\r\nQUIT"), Some(3));
        assert_eq!(body.finish(), Err(Fault::TooBig));
    }

    proptest! {
        #[test]
        fn what_is_sent_arrives(lines in prop::collection::vec("[.a\u{e9} ]{0,6}", 0..12), size in 1usize..9) {
            let (text, sent) = stuffed(&lines);
            prop_assert_eq!(read(sent.as_bytes(), size), Some((Ok(text.into_bytes()), Vec::new())));
        }

        #[test]
        fn pieces_change_nothing(
            input in prop::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'.'), Just(b'a')], 0..60),
            size in 1usize..9,
        ) {
            prop_assert_eq!(read(&input, size), read(&input, 1_000));
        }
    }
}
