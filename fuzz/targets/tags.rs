//! The tag parser, the placeholders of other systems, and every check: whatever is typed, they answer, and
//! what they point at is there.
#![no_main]

use dispatch::channel::TrackingStatus;
use dispatch::template::check::check;
use dispatch::template::paste::{convert, foreign};
use dispatch::template::sms::segments;
use dispatch::template::{Button, ButtonAct, Category, Content, Email, Header, Piece, scan};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (pieces, faults) = scan(text);
    let mut whole = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(words) => whole.push_str(words),
            Piece::Tag { at, .. } => {
                assert_eq!(at.start, whole.len());
                whole.push_str(&text[at]);
            }
        }
    }
    assert_eq!(whole, text);
    for fault in faults {
        assert!(text.get(fault.at).is_some());
    }

    for found in foreign(text) {
        assert_eq!(&text[found.at], found.written);
    }
    let once = convert(text);
    assert_eq!(convert(&once), once);

    let parts = segments(text);
    assert!(parts.left <= 160 && (parts.units == 0) == (parts.segments == 0));

    let content = Content {
        header: Header::Document(text.to_owned()),
        body: text.to_owned(),
        footer: Some(text.to_owned()),
        buttons: vec![Button {
            label: text.to_owned(),
            act: ButtonAct::Url { url: text.to_owned() },
        }],
        sms: Some(text.to_owned()),
        email: Some(Email {
            subject: text.to_owned(),
            text: text.to_owned(),
            html: Some(text.to_owned()),
        }),
    };
    for finding in check(&content, Category::Utility, TrackingStatus::OutForDelivery) {
        if let Some(at) = finding.at {
            assert!(text.get(at.clone()).is_some(), "{:?} {at:?}", finding.code);
        }
    }
});
