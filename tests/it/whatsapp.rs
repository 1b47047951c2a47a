//! Every documented payload of the Cloud API is read as the contract says.

use dispatch::attempt::{Consequence, Outcome};
use dispatch::consent::{ConsentKind, Purpose};
use dispatch::port::ReachNews;
use dispatch::reach::Limit;
use dispatch::receipt::ReceiptKind;
use dispatch::starter;
use dispatch::template::{Category, News, Review};
use dispatch::time::Timestamp;
use serde_json::Value;
use server::provider::whatsapp::callback::{Callback, parse};
use server::provider::whatsapp::error;
use server::provider::whatsapp::template::{Parameters, Samples, create_body};
use std::path::PathBuf;

/// The number in all examples but one entry of the batch.
const NUMBER: &str = "118842056631907";
/// Its business account.
const ACCOUNT: &str = "204817735902146";

/// Later than every example.
fn now() -> Timestamp {
    Timestamp::from_seconds(1_900_000_000)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/whatsapp")
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn callback(name: &str) -> Callback {
    parse(&fixture(name), NUMBER, ACCOUNT, now()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn named(prefix: &str) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder())
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(prefix))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no example {prefix}*");
    names
}

#[test]
fn every_status_is_one_receipt_in_the_shapes_of_all_versions() {
    for name in named("status_") {
        let found = callback(&name);
        assert_eq!((found.receipts.len(), found.inbound.len(), found.foreign), (1, 0, 0), "{name}");
        let receipt = &found.receipts[0];
        let kind = match name.split(['_', '.']).nth(1) {
            Some("sent") => ReceiptKind::Sent,
            Some("delivered") => ReceiptKind::Delivered,
            Some("read") => ReceiptKind::Read,
            Some("failed") => ReceiptKind::Failed,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(receipt.kind, kind, "{name}");
        assert!(receipt.provider_id.starts_with("wamid."), "{name}");
        assert!(receipt.occurred_at > Some(Timestamp::from_seconds(1_690_000_000)), "{name}");
        assert_eq!(receipt.attempt, None, "{name}: another system's correlation is not ours");
        let code = (kind == ReceiptKind::Failed)
            .then(|| name.chars().filter(char::is_ascii_digit).take(6).collect::<String>());
        assert_eq!(receipt.code, code, "{name}");
        assert_eq!(receipt.detail.is_some(), code.is_some(), "{name}");
    }
}

#[test]
fn every_inbound_message_is_heard_and_only_a_stop_ends_messages() {
    for name in named("inbound_") {
        let found = callback(&name);
        assert!(found.receipts.is_empty() && found.foreign == 0, "{name}");
        if name.starts_with("inbound_system") {
            assert_eq!((found.inbound.len(), found.other), (0, 1), "{name}");
            continue;
        }
        let words = &found.inbound[0];
        let hidden = name.ends_with("without_phone.json");
        let from = (!hidden).then(|| "+5511987650123".to_owned());
        assert_eq!(words.from, from, "{name}");
        let consent = (name == "inbound_button.json").then_some(ConsentKind::OptOut);
        assert_eq!(words.consent, consent, "{name}");
    }
    assert_eq!(callback("inbound_text.json").inbound[0].text, "Quando chega o meu pedido?");
    assert_eq!(callback("inbound_button.json").inbound[0].text, "Parar avisos");
    assert_eq!(callback("inbound_button_reply.json").inbound[0].text, "Confirmar");
    assert_eq!(callback("inbound_list_reply.json").inbound[0].text, "Amanhã de manhã");
    assert_eq!(callback("inbound_image.json").inbound[0].text, "Chegou partido");
}

#[test]
fn a_batch_gives_each_number_its_own() {
    let ours = callback("batch_mixed.json");
    assert_eq!((ours.receipts.len(), ours.inbound.len(), ours.foreign), (3, 0, 1));
    let theirs =
        parse(&fixture("batch_mixed.json"), "220914476518330", ACCOUNT, now()).expect("a callback");
    assert_eq!((theirs.receipts.len(), theirs.inbound.len(), theirs.foreign), (0, 1, 3));
}

#[test]
fn news_about_accounts_is_neither_receipt_nor_message() {
    for name in named("account_") {
        assert_eq!(callback(&name), Callback { other: 1, ..Callback::default() }, "{name}");
    }
}

#[test]
fn a_switch_in_the_app_is_a_persons_word_about_advertising() {
    let words = callback("user_preferences_stop.json").inbound.remove(0);
    assert_eq!((words.consent, words.about), (Some(ConsentKind::OptOut), Some(Purpose::Marketing)));
    assert_eq!(words.from.as_deref(), Some("+5511987650123"));
    assert_eq!(words.provider_id, "preference.5511987650123.1763640500.stop");
}

#[test]
fn what_the_provider_says_of_a_portfolio_and_its_numbers_is_heard() {
    let people = ReachNews { limit: Some(Limit::People(2_000)), ..ReachNews::default() };
    let faster = ReachNews {
        limit: Some(Limit::Any),
        per_second: Some((1_000, "351300501234".into())),
        ..ReachNews::default()
    };
    for (name, news) in
        [("business_capability_update.json", people), ("phone_number_quality_update.json", faster)]
    {
        assert_eq!(callback(name), Callback { reach: vec![news], ..Callback::default() }, "{name}");
    }
    // Of another business account it is none of ours.
    let foreign = Callback { foreign: 1, ..Callback::default() };
    let found = parse(&fixture("business_capability_update.json"), NUMBER, "1", now());
    assert_eq!(found.expect("a callback"), foreign);
}

#[test]
fn what_the_provider_says_of_templates_is_heard() {
    let review =
        |review, reason: Option<&str>| News::Review { review, reason: reason.map(str::to_owned) };
    let announced = Timestamp::from_seconds(1_763_716_400);
    for (name, expected) in [
        ("template_status_update_approved.json", review(Review::Approved, None)),
        (
            "template_status_update_rejected.json",
            review(
                Review::Rejected,
                Some(
                    "INVALID_FORMAT: Two variables stand next to each other with no text between them. \
                     Put descriptive text between the variables.",
                ),
            ),
        ),
        ("template_category_update_done.json", News::Category(Category::Marketing)),
        (
            "template_category_update_impending.json",
            News::Impending(Category::Marketing, announced),
        ),
    ] {
        let found = callback(name);
        assert_eq!((found.other, found.foreign, found.templates.len()), (0, 0, 1), "{name}");
        let news = &found.templates[0];
        assert_eq!(
            (news.name.as_str(), news.language.code()),
            ("order_shipped_v3", "pt_BR"),
            "{name}"
        );
        assert_eq!(news.what, expected, "{name}");
    }
    for (name, expected) in [
        ("template_status_update_paused.json", Review::Paused),
        ("template_status_update_disabled.json", Review::Disabled),
    ] {
        let what = &callback(name).templates[0].what;
        assert!(
            matches!(what, News::Review { review, .. } if *review == expected),
            "{name}: {what:?}"
        );
    }
    assert!(matches!(callback("template_quality_update.json").templates[0].what, News::Quality(_)));
    let theirs = parse(&fixture("template_status_update_approved.json"), NUMBER, "1", now());
    assert_eq!(theirs.map(|c| (c.templates.len(), c.foreign)), Ok((0, 1)));
}

#[test]
fn every_error_is_sorted_by_its_code() {
    for name in named("error_") {
        let error = error::parse(&fixture(&name)).unwrap_or_else(|| panic!("{name}"));
        assert!(error::class(error.code).is_some(), "{name}");
        let answer = error.answer(400);
        let (outcome, harm) = match error.code {
            100 | 131_009 => (Outcome::Refused, Consequence::None),
            130_429 => (Outcome::Retry, Consequence::SlowNumber),
            131_056 => (Outcome::Retry, Consequence::SlowPair),
            131_000 => (Outcome::Retry, Consequence::ProviderDown),
            132_000 | 132_001 | 132_015 => (Outcome::Fallback, Consequence::PauseTemplate),
            190 => (Outcome::Retry, Consequence::Reconnect),
            other => panic!("{name}: {other}"),
        };
        let found = answer.failure().map(|failure| failure.follows);
        assert_eq!((answer.outcome(), found), (outcome, Some(harm)), "{name}");
    }
}

/// The sandbox starts with the starter library approved, from a file it owns no code for.
/// `WRITE_STARTER=1 cargo test -p tests starter` writes it anew.
#[test]
fn the_sandbox_knows_the_starter_library() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../sandbox/starter.json");
    let bodies: Vec<Value> = starter::all()
        .map(|variant| {
            create_body(variant, &Samples::default(), Parameters::Named).expect("a template")
        })
        .collect();
    let text = serde_json::to_string_pretty(&bodies).expect("JSON") + "\n";
    #[expect(clippy::disallowed_methods, reason = "a switch of this test, not a setting")]
    let write = std::env::var_os("WRITE_STARTER").is_some();
    if write {
        std::fs::write(&path, &text).expect("written");
    }
    let kept = std::fs::read_to_string(&path).expect("sandbox/starter.json");
    assert!(
        kept == text,
        "sandbox/starter.json is behind dispatch/starter: set WRITE_STARTER=1 once"
    );
}
