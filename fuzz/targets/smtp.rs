//! What a mail client sends: pieces may end anywhere, and nothing changes.
#![no_main]

use fuzz::smtp::{commands, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    assert_eq!(commands(bytes, 1), commands(bytes, 7));
    let whole = text(bytes, bytes.len());
    assert_eq!(text(bytes, 1), whole);
    if let Some((used, Ok(read))) = whole {
        assert!(used <= bytes.len() && read.len() <= used);
        assert!(!read.windows(2).any(|pair| pair[1] == b'\n' && pair[0] != b'\r'));
    }
});
