//! Command lines out of whatever arrives: pieces of lines, several at once, or no line at all.

/// The longest command line, line end included (RFC 5321 says 512, RFC 4954 more for AUTH).
const LINE_LIMIT: usize = 12_288;

/// One line as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// Without its line end.
    Whole(Vec<u8>),
    /// It ended in LF alone, or has a CR inside.
    BadEnd,
    /// Too long; the rest of it was thrown away.
    TooLong,
}

/// What has arrived and was not understood yet.
#[derive(Default)]
pub(super) struct Lines {
    buffer: Vec<u8>,
    /// The line under way is too long: nothing of it is kept.
    skipping: bool,
}

impl Lines {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next line, once it is there.
    pub(super) fn next_line(&mut self) -> Option<Line> {
        let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') else {
            if self.buffer.len() > LINE_LIMIT {
                self.skipping = true;
                self.buffer.clear();
            }
            return None;
        };
        let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
        if std::mem::take(&mut self.skipping) || line.len() > LINE_LIMIT {
            return Some(Line::TooLong);
        }
        line.pop();
        if line.pop() != Some(b'\r') || line.contains(&b'\r') {
            return Some(Line::BadEnd);
        }
        Some(Line::Whole(line))
    }

    /// What has arrived beyond the last line: the beginning of a body.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every line of an input that arrives in pieces of this size.
    fn lines(input: &[u8], size: usize) -> Vec<Line> {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for piece in input.chunks(size.max(1)) {
            lines.push(piece);
            while let Some(line) = lines.next_line() {
                found.push(line);
            }
        }
        found
    }

    #[test]
    fn lines_end_in_crlf_and_nothing_else() {
        let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
        assert_eq!(lines(b"EHLO x\r\nNOOP\r\nQU", 3), [whole("EHLO x"), whole("NOOP")]);
        assert_eq!(lines(b"EHLO x\nNOOP\r\n", 99), [Line::BadEnd, whole("NOOP")]);
        assert_eq!(lines(b"a\rb\r\n\r\n", 1), [Line::BadEnd, whole("")]);
        assert_eq!(lines(b"\n", 1), [Line::BadEnd]);
    }

    #[test]
    fn long_lines_are_thrown_away_to_their_end() {
        let mut input = vec![b'a'; 100_000];
        input.extend_from_slice(b"\r\nNOOP\r\n");
        assert_eq!(lines(&input, 999), [Line::TooLong, Line::Whole(b"NOOP".to_vec())]);
        assert_eq!(lines(&input, 1 << 20), [Line::TooLong, Line::Whole(b"NOOP".to_vec())]);
    }

    proptest! {
        #[test]
        fn pieces_change_nothing(
            input in prop::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), any::<u8>()], 0..200),
            size in 1usize..20,
        ) {
            prop_assert_eq!(lines(&input, size), lines(&input, 1_000));
        }
    }
}
