//! What people type and upload: phone numbers, tables of consents, signatures in headers.
#![no_main]

use dispatch::country::Country;
use dispatch::csv;
use fuzz::document;
use fuzz::phone::{from_wa_id, to_e164};
use fuzz::security::signature::{sign_hex, verify_hex};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: fuzz::forgive_caught_panics(), |text: &str| {
    for country in [None, Some("FR"), Some("BR"), Some("US")] {
        let country: Option<Country> = country.and_then(|code| code.parse().ok());
        if let Some(phone) = to_e164(text, country) {
            assert!(phone.starts_with('+') && phone[1..].bytes().all(|byte| byte.is_ascii_digit()));
            // Read again without a country it is the same number, as far as the library's tables take it at all: a
            // number of a country's shortest or longest kind may lose its first digits to them.
            if let Some(again) = to_e164(&phone, None) {
                assert_eq!(again, phone, "{text:?}");
            }
        }
    }
    if let Some(phone) = from_wa_id(text) {
        assert!(phone.starts_with('+') && phone[1..].bytes().all(|byte| byte.is_ascii_digit()));
    }

    if let Ok(rows) = csv::read(text) {
        for row in rows {
            assert!(row.line >= 1 && row.cells.iter().any(|cell| !cell.is_empty()));
            // Written and read again, every cell is there; only what would compute has an apostrophe before it.
            let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
            let again = csv::read(&csv::line(&cells)).expect("what we write is a table");
            for (cell, read) in cells.iter().zip(&again[0].cells) {
                assert_eq!(read.trim_start_matches('\'').trim(), cell.trim_start_matches('\'').trim());
            }
        }
    }

    // What acts in a document acts in it too when something stands behind its end.
    let file = format!("%PDF-{text}%%EOF");
    if document::check(file.as_bytes(), 1_000_000) == Err("active") {
        assert_eq!(document::check(format!("{file} %%EOF").as_bytes(), 1_000_000), Err("active"));
    }

    let (secret, body) = text.split_at(text.floor_char_boundary(text.len() / 2));
    assert!(!verify_hex([""], body.as_bytes(), secret));
    let signature = sign_hex(secret, body.as_bytes());
    assert_eq!(verify_hex([secret], body.as_bytes(), &signature), !secret.is_empty());
    assert!(!verify_hex([secret], body.as_bytes(), body));
});
