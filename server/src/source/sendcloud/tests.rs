use super::*;
use crate::source::{ignored, missing};
use dispatch::source::Source;
use serde_json::json;

fn read(value: &Value) -> Reading {
    super::super::read(Source::Sendcloud, value.to_string().as_bytes())
}

fn one(value: &Value) -> Report {
    match read(value) {
        Reading::Reports(mut reports) if reports.len() == 1 => reports.remove(0),
        other => panic!("{other:?}"),
    }
}

fn parcel() -> Value {
    json!({
        "action": "parcel_status_changed",
        "timestamp": 1_794_902_010,
        "parcel": {
            "id": 383_707_309,
            "name": "Anna de Vries",
            "telephone": "0612345678",
            "email": "Anna@Example.com",
            "tracking_number": "3SYZ",
            "status": {"id": 11, "message": "Delivered"},
            "country": {"iso_2": "NL"},
            "carrier": {"code": "postnl"},
            "order_number": "ORD-1",
            "tracking_url": "https://tracking.test/3SYZ",
        },
    })
}

#[test]
fn numbers_may_be_strings_and_strings_numbers() {
    let mut value = parcel();
    value["timestamp"] = json!("1794902010000");
    value["parcel"]["id"] = json!("383707309");
    value["parcel"]["status"] = json!({"id": "11"});
    value["parcel"]["telephone"] = json!(612_345_678);
    value["parcel"]["order_number"] = json!(1001);
    let report = one(&value);
    assert_eq!(report.status, EventStatus::Delivered);
    assert_eq!(report.facts.phone.as_deref(), Some("+31612345678"));
    assert_eq!(report.facts.order_number.as_deref(), Some("1001"));
    assert_eq!(report.facts.parcel_id, one(&parcel()).facts.parcel_id);
    assert_eq!(report.occurred_at, one(&parcel()).occurred_at);
}

#[test]
fn the_same_news_has_the_same_key_and_other_news_another() {
    let key = one(&parcel()).dedup_key;
    let mut touched = parcel();
    touched["parcel"]["weight"] = json!("2.000");
    assert_eq!(one(&touched).dedup_key, key, "a field that says nothing");
    for (pointer, other) in [
        ("/timestamp", json!(1_794_902_011)),
        ("/parcel/id", json!(1234)),
        ("/parcel/status/message", json!("Driver en route")),
    ] {
        let mut value = parcel();
        *value.pointer_mut(pointer).expect("a field") = other;
        assert_ne!(one(&value).dedup_key, key, "{pointer}");
    }
}

#[test]
fn the_warehouse_of_a_return_is_nobodys_contact() {
    for yes in [json!(true), json!("true"), json!(1)] {
        let mut value = parcel();
        value["parcel"]["is_return"] = yes;
        let report = one(&value);
        assert_eq!(
            (report.status, report.direction),
            (EventStatus::ReturnReceived, Direction::Return)
        );
        let facts = report.facts;
        assert!(!facts.has_contact() && facts.name.is_none() && facts.country.is_none());
        assert_eq!(facts.order_number.as_deref(), Some("ORD-1"));
    }
}

#[test]
fn an_unknown_status_is_an_event_that_notifies_nobody() {
    let mut value = parcel();
    value["parcel"]["status"] = json!({"id": 424_242, "message": "Beamed up"});
    let report = one(&value);
    assert_eq!(report.status, EventStatus::Unknown);
    assert_eq!(report.source_status.as_deref(), Some("Beamed up"));
}

#[test]
fn a_parcel_without_a_usable_phone_or_country_still_tells_what_happened() {
    for phone in [json!(null), json!("n/a"), json!(["06"]), json!("0".repeat(400))] {
        let mut value = parcel();
        value["parcel"]["telephone"] = phone;
        assert_eq!(one(&value).facts.phone, None);
    }
    let mut value = parcel();
    value["parcel"]["country"] = json!({"iso_2": "ZZ"});
    let facts = one(&value).facts;
    assert_eq!((facts.country, facts.phone), (None, None));
    assert_eq!(facts.phone_raw.as_deref(), Some("0612345678"));
}

#[test]
fn links_that_are_no_web_pages_are_left_out() {
    let mut value = parcel();
    value["parcel"]["tracking_url"] = json!("javascript:alert(1)");
    assert_eq!(one(&value).facts.tracking_url, None);
}

#[test]
fn what_is_missing_is_named_and_what_is_no_news_is_ignored() {
    for (value, reading) in [
        (json!({}), missing("action")),
        (json!({"action": "parcel_status_changed"}), missing("parcel")),
        (json!({"action": "parcel_status_changed", "parcel": {"id": 5}}), missing("parcel.status")),
        (
            json!({"action": "parcel_status_changed", "parcel": {"status": {"id": 11}}}),
            missing("parcel.id"),
        ),
        (json!({"action": "return_created", "data": {}}), missing("data.id")),
        (
            json!({"action": "return_created", "data": {"id": 1, "delivery_choice": "in_store"}}),
            ignored("no_news", "return in store"),
        ),
        (json!({"action": "integration_deleted"}), ignored("lifecycle", "integration_deleted")),
        (json!({"action": "sneezed"}), ignored("unknown_action", "sneezed")),
        (
            json!({"action": "parcel_status_changed", "parcel": {"id": 5, "status": {"id": 999}}}),
            ignored("no_news", "NO_LABEL"),
        ),
        (json!({"event_type": "parcels.event.created"}), missing("data.parcel")),
        (
            json!({"event_type": "parcels.event.created", "data": {"parcel": {"parcel_id": 1},
                   "event": {"event_type": "claim", "phase": "delivered"}}}),
            ignored("no_news", "claim"),
        ),
    ] {
        assert_eq!(read(&value), reading, "{value}");
    }
}

#[test]
fn returned_to_sender_is_never_a_delivery() {
    let value = json!({"event_type": "parcels.event.created", "data": {
        "parcel": {"parcel_id": 1, "tracking_number": "T"},
        "event": {"event_type": "carrier", "phase": "delivered", "is_returned": true,
                  "timestamp": "2026-11-16T07:42:00Z"}}});
    assert_eq!(one(&value).status, EventStatus::Exception);
}
