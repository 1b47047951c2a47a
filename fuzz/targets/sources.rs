//! Webhooks: whatever arrives, it becomes reports or a short reason, the same each time.
#![no_main]

use dispatch::event::Reading;
use dispatch::source::Source;
use fuzz::source::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: fuzz::forgive_caught_panics(), |body: &[u8]| {
    for source in [Source::Sendcloud, Source::Simulator, Source::Cloudevents] {
        let reading = read(source, body);
        assert_eq!(format!("{reading:?}"), format!("{:?}", read(source, body)));
        match reading {
            Reading::Reports(reports) => {
                for report in reports {
                    assert!(!report.dedup_key.is_empty());
                    let facts = &report.facts;
                    let texts = [
                        &facts.order_number,
                        &facts.tracking_number,
                        &facts.name,
                        &facts.phone,
                        &facts.phone_raw,
                        &facts.email,
                        &facts.tracking_url,
                    ];
                    for text in texts.into_iter().flatten() {
                        // PostgreSQL takes no NUL, and nobody reads a letter in a list.
                        assert!(!text.contains('\0') && text.chars().count() <= 2_048, "{text:?}");
                    }
                    if let Some(phone) = &facts.phone {
                        assert!(phone.starts_with('+') && phone.len() <= 16, "{phone:?}");
                        assert!(phone[1..].bytes().all(|byte| byte.is_ascii_digit()), "{phone:?}");
                    }
                }
            }
            Reading::Ignored(reason) | Reading::Unreadable(reason) => {
                assert!(!reason.is_empty() && reason.chars().count() <= 200, "{reason:?}");
                assert!(!reason.contains('\0'));
            }
        }
    }
});
