//! What the provider posts, and what it answers: whatever it is, it is read or refused.
#![no_main]

use dispatch::time::Timestamp;
use fuzz::provider::whatsapp::{callback, error, review};
use libfuzzer_sys::fuzz_target;

/// Those of the examples in `tests/fixtures/whatsapp`, where the search begins.
const NUMBER: &str = "118842056631907";
const BUSINESS: &str = "204817735902146";

fuzz_target!(init: fuzz::forgive_caught_panics(), |body: &[u8]| {
    let now = Timestamp::from_seconds(1_795_161_600);
    if let Ok(heard) = callback::parse(body, NUMBER, BUSINESS, now) {
        for status in heard.receipts {
            assert!(!status.provider_id.is_empty() && status.provider_id.len() <= 512);
            assert!(!status.provider_id.contains('\0'));
            assert!(status.detail.is_none_or(|detail| !detail.contains('\0')));
        }
        for words in heard.inbound {
            assert!(!words.text.contains('\0') && words.text.chars().count() <= 4_096);
            if let Some(from) = words.from {
                assert!(from[1..].bytes().all(|byte| byte.is_ascii_digit()), "{from:?}");
            }
        }
        for news in heard.templates {
            assert!(news.at <= now);
        }
    }
    if let Some(error) = error::parse(body) {
        for status in [200, 400, 429, 500] {
            let _ = error.answer(status).outcome();
        }
    }
    for status in [200, 400, 500] {
        let _ = review::submitted(status, body, now);
    }
    let _ = review::page(body);
});
