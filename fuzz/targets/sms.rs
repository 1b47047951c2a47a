//! What the text message provider posts, as a form, and the codes it answers with: whatever it is, it is read or refused.
#![no_main]

use fuzz::provider::twilio::callback::{Callback, fields, is_signed, parse};
use fuzz::provider::twilio::error;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let fields = fields(body);
    assert!(!is_signed("", "https://shop.example/callbacks/sms/x", &fields, ""));
    let _ = is_signed("token", "shop.example:1", &fields, "x");
    match parse(&fields) {
        Callback::Receipt { provider_id, .. } => assert!(!provider_id.is_empty()),
        Callback::Words { provider_id, from, text, .. } => {
            assert!(!provider_id.is_empty() && !from.is_empty());
            assert!(![&provider_id, &from, &text].iter().any(|text| text.contains('\0')));
        }
        Callback::Other => {}
    }
    let said = String::from_utf8_lossy(body);
    let failure = error::failure(21_610, &said);
    assert!(failure.detail.chars().count() <= 300);
    let kept =
        failure.detail.split(' ').map(|word| word.chars().filter(char::is_ascii_digit).count());
    assert!(kept.max() < Some(6), "{:?}", failure.detail);
});
