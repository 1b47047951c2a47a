//! Documents that carry nothing which acts by itself.

/// What a document may not have: what runs, opens, starts or carries something by itself (PDF names).
const ACTIVE: [&[u8]; 9] = [
    b"/JavaScript",
    b"/JS",
    b"/Launch",
    b"/EmbeddedFile",
    b"/RichMedia",
    b"/XFA",
    b"/SubmitForm",
    b"/ImportData",
    b"/GoToE",
];

/// Looks at a document; what is against it is the word for it.
///
/// # Errors
/// `document_big`, `cut_off`, or `active`.
pub fn check(file: &[u8], largest: usize) -> Result<(), &'static str> {
    if file.len() > largest {
        return Err("document_big");
    }
    let end = &file[file.len().saturating_sub(1_024)..];
    if !holds(end, b"%%EOF") {
        return Err("cut_off");
    }
    let plain = unescaped(&outside_streams(file));
    if ACTIVE.iter().any(|name| holds_name(&plain, name)) {
        return Err("active");
    }
    Ok(())
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|each| each == part)
}

/// Whether a name stands there whole: `/JS` is not in `/JSON`.
fn holds_name(bytes: &[u8], name: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(name.len()).position(|each| each == name) {
        let after = at + found + name.len();
        // Every file's plural of it as well.
        let ends =
            bytes.get(after).is_none_or(|next| !next.is_ascii_alphanumeric() || *next == b's');
        if ends {
            return true;
        }
        at = after;
    }
    false
}

/// A file without what its streams hold: packed bytes, in which any name comes up by chance. What is hidden in
/// them nobody reads here; the address a document is served at lets nothing in it run (`http/media.rs`).
fn outside_streams(file: &[u8]) -> Vec<u8> {
    const BEGIN: &[u8] = b"stream";
    const END: &[u8] = b"endstream";
    let find = |from: usize, part: &[u8]| {
        let found = file.get(from..)?.windows(part.len()).position(|each| each == part)?;
        Some(from + found)
    };
    let (mut outside, mut at) = (Vec::new(), 0);
    while let Some(begin) = find(at, BEGIN) {
        let after = begin + BEGIN.len();
        outside.extend_from_slice(&file[at..after]);
        // A stream's bytes begin on a line of their own.
        let is_one =
            matches!(file.get(after), Some(b'\r' | b'\n')) && !file[..begin].ends_with(b"end");
        at = if is_one { find(after, END).unwrap_or(file.len()) } else { after };
    }
    outside.extend_from_slice(&file[at..]);
    outside
}

/// Names may be written with `#4A` for a letter.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'#');
        let letter = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match letter {
            Some(letter) => {
                plain.push(letter);
                at += 3;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    plain
}
