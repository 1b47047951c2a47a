//! Every documented payload of a source gives the documented outcome; the manifest says which.

use dispatch::event::{Reading, Report};
use dispatch::id::{AccountId, BrandId, ConnectionId, IdSource};
use dispatch::source::{Connection, ConnectionState, Proof, Secret, Source};
use dispatch::time::Timestamp;
use serde_json::Value;
use server::source::{read, verify};
use std::path::PathBuf;

struct Zero;

impl IdSource for Zero {
    fn random(&self) -> u128 {
        0
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/events").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn payloads(source: &str) -> Vec<Value> {
    let manifest: Value = serde_json::from_slice(&fixture("manifest.json")).expect("a manifest");
    let all = manifest["payloads"].as_array().expect("payloads").clone();
    let ours: Vec<_> = all.into_iter().filter(|payload| payload["source"] == source).collect();
    assert!(!ours.is_empty(), "no payload of {source}");
    ours
}

fn connection(source: Source, payload: &Value) -> Connection {
    let now = Timestamp::from_seconds(0);
    let proof = match payload["signing"]["scheme"].as_str() {
        Some("static") => Proof::Header("X-Api-Key".into()),
        _ => Proof::Signature,
    };
    let secret = payload["signing"]["secret"].as_str().expect("a secret").to_owned();
    Connection {
        account: AccountId::mint(now, &Zero),
        brand: BrandId::mint(now, &Zero),
        id: ConnectionId::mint(now, &Zero),
        source,
        proof,
        // As after a change of keys: the payload is signed with the former one.
        secrets: vec![Secret::new("newer key".into()), Secret::new(secret)],
        state: ConnectionState::Active,
    }
}

fn headers(payload: &Value) -> axum::http::HeaderMap {
    let mut headers = axum::http::HeaderMap::new();
    for (name, value) in payload["headers"].as_object().expect("headers") {
        let name: axum::http::HeaderName = name.parse().expect("a name");
        headers.insert(name, value.as_str().and_then(|v| v.parse().ok()).expect("a value"));
    }
    headers
}

/// What the API's event resource shows under a field of `expected`.
fn shown(report: &Report, field: &str) -> Value {
    let facts = &report.facts;
    let text = |value: &Option<String>| value.clone().map_or(Value::Null, Value::from);
    match field {
        "status" => report.status.word().into(),
        "direction" => report.direction.word().into(),
        "order_number" => text(&facts.order_number),
        "tracking_number" => text(&facts.tracking_number),
        "parcel_id" => text(&facts.parcel_id),
        "carrier" => text(&facts.carrier),
        "country" => facts.country.map_or(Value::Null, |country| country.code().into()),
        "phone" => text(&facts.phone),
        "phone_raw" => text(&facts.phone_raw),
        "email" => text(&facts.email),
        // The manifest writes the source's form, we keep WhatsApp's.
        "locale" => {
            facts.locale.as_ref().map_or(Value::Null, |l| l.code().replace('_', "-").into())
        }
        "service_point_id" => text(&facts.service_point_id),
        "service_point_name" => text(&facts.service_point_name),
        "brand_id" => text(&facts.brand_id),
        other => panic!("the manifest expects `{other}`, which no event shows"),
    }
}

fn reports(source: Source, body: &[u8], place: &str) -> Vec<Report> {
    match read(source, body) {
        Reading::Reports(reports) => reports,
        Reading::Ignored(_) => vec![],
        Reading::Unreadable(reason) => panic!("{place}: {reason}"),
    }
}

/// `locale` differs in writing only for two-letter codes with a region, which the source capitalises.
fn check(source: Source, payload: &Value, left_out: &[&str]) {
    let file = payload["file"].as_str().expect("a file");
    let found = reports(source, &fixture(file), file);
    let expected = payload["expected"].as_array().expect("expected");
    assert_eq!(found.len(), expected.len(), "{file}");
    for (report, expected) in found.iter().zip(expected) {
        for (field, value) in expected.as_object().expect("an object") {
            if !left_out.contains(&field.as_str()) {
                assert_eq!(shown(report, field), *value, "{file}: {field}");
            }
        }
    }
}

#[test]
fn every_sendcloud_payload_proves_itself_and_gives_what_the_manifest_expects() {
    for payload in payloads("sendcloud") {
        let file = payload["file"].as_str().expect("a file");
        let (connection, headers) = (connection(Source::Sendcloud, &payload), headers(&payload));
        let mut body = fixture(file);
        assert!(verify(&connection, &headers, &body), "{file}");
        check(Source::Sendcloud, &payload, &[]);
        if connection.proof == Proof::Signature {
            body.push(b'\n');
            assert!(!verify(&connection, &headers, &body), "{file}: a changed body");
        }
        let strangers = Connection { secrets: vec![Secret::new("x".into())], ..connection };
        assert!(!verify(&strangers, &headers, &fixture(file)), "{file}: another key");
    }
}

#[test]
fn the_folder_and_the_manifest_name_the_same_payloads() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/events/sendcloud");
    let files = std::fs::read_dir(folder).expect("a folder").count();
    assert_eq!(files, payloads("sendcloud").len());
}

#[test]
fn only_the_panels_test_call_is_a_test() {
    for payload in payloads("sendcloud") {
        let file = payload["file"].as_str().expect("a file");
        for report in reports(Source::Sendcloud, &fixture(file), file) {
            assert_eq!(report.test, file.ends_with("test_button.json"), "{file}");
        }
    }
}

#[test]
fn the_warehouse_of_a_return_is_nobodys_contact() {
    for payload in payloads("sendcloud") {
        let file = payload["file"].as_str().expect("a file");
        if file.contains("return") {
            for report in reports(Source::Sendcloud, &fixture(file), file) {
                assert!(!report.facts.has_contact(), "{file}");
                assert_eq!((report.facts.name, report.facts.country), (None, None), "{file}");
            }
        }
    }
}

#[test]
fn the_cloudevents_example_gives_what_the_manifest_expects() {
    for payload in payloads("cloudevents") {
        // What a person agreed to is the consent API's part.
        check(Source::Cloudevents, &payload, &["consent"]);
    }
}
