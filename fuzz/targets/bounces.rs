//! Mails as an operator's server pipes them to us: whatever they are, they are a bounce of ours or nothing.
#![no_main]

use fuzz::provider::smtp::bounce;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|mail: &[u8]| {
    if let Some(back) = bounce::parse(mail) {
        assert!(back.code.len() <= 12 && back.code.chars().all(|c| c.is_ascii_digit() || c == '.'));
    }
});
