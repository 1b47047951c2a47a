//! Event sources: one file per system that tells us what happened. Each checks a delivery's proof and
//! turns its bytes into [`Report`](dispatch::event::Report)s; the source's own names stop here.
//!
//! To add one: a variant of [`Source`], a file here with `verify` (unless a static header is all it has)
//! and `read`, and its line in the two matches below; copy its examples into `tests/fixtures/events`.
//!
//! Reading never fails: what cannot be understood is kept with the reason. A reason is a stable word,
//! with `: detail` where the detail helps to find it.

pub mod cloudevents;
mod json;
mod lookout;
mod resource;
pub mod sendcloud;
pub mod simulator;

use crate::security::signature;
use dispatch::event::Reading;
use dispatch::source::{Connection, Proof, Source};
use http::HeaderMap;

fn ignored(word: &str, detail: &str) -> Reading {
    Reading::Ignored(reason(word, detail))
}

fn unreadable(word: &str, detail: &str) -> Reading {
    Reading::Unreadable(reason(word, detail))
}

fn missing(field: &str) -> Reading {
    unreadable("missing", field)
}

/// Longest detail kept, in characters: enough to recognise it, too short to keep a letter in.
const LONGEST_DETAIL: usize = 80;

fn reason(word: &str, detail: &str) -> String {
    let detail: String = detail.chars().filter(|c| !c.is_control()).take(LONGEST_DETAIL).collect();
    if detail.is_empty() { word.to_owned() } else { format!("{word}: {detail}") }
}

/// Whether a delivery comes from the connection's source: its signature over the raw bytes, or the
/// static value the merchant chose. Takes the same time whatever is wrong.
#[must_use]
pub fn verify(connection: &Connection, headers: &HeaderMap, body: &[u8]) -> bool {
    let secrets = || connection.secrets.iter().map(dispatch::source::Secret::expose);
    match &connection.proof {
        Proof::Header(name) => {
            let Some(given) = headers.get(name).and_then(|value| value.to_str().ok()) else {
                return false;
            };
            let given = given.strip_prefix("Bearer ").unwrap_or(given);
            secrets()
                .filter(|secret| !secret.is_empty())
                .fold(false, |found, secret| found | signature::same_text(secret, given))
        }
        Proof::Signature => {
            let header = match connection.source {
                Source::Sendcloud => sendcloud::SIGNATURE_HEADER,
                Source::Simulator | Source::Cloudevents | Source::Lookout => {
                    simulator::SIGNATURE_HEADER
                }
            };
            let Some(given) = headers.get(header).and_then(|value| value.to_str().ok()) else {
                return false;
            };
            signature::verify_hex(secrets(), body, given)
        }
    }
}

/// Turns a delivery's bytes into what happened.
#[must_use]
pub fn read(source: Source, body: &[u8]) -> Reading {
    let value = match json::parse(body) {
        Ok(value) => value,
        Err(reading) => return reading,
    };
    match source {
        Source::Sendcloud => sendcloud::read(&value, body),
        Source::Simulator => simulator::read(&value, body),
        Source::Cloudevents => cloudevents::read(&value),
        Source::Lookout => lookout::read(&value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dispatch::id::{AccountId, BrandId, ConnectionId};
    use dispatch::source::{ConnectionState, Secret};
    use dispatch::time::Timestamp;
    use proptest::prelude::*;
    use serde_json::Value;

    fn connection(source: Source, proof: Proof, secrets: &[&str]) -> Connection {
        let (now, ids) = (Timestamp::from_seconds(0), crate::security::random::SystemIds);
        Connection {
            account: AccountId::mint(now, &ids),
            brand: BrandId::mint(now, &ids),
            id: ConnectionId::mint(now, &ids),
            source,
            proof,
            secrets: secrets.iter().map(|s| Secret::new((*s).to_owned())).collect(),
            state: ConnectionState::Active,
        }
    }

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().expect("a header value"));
        headers
    }

    #[test]
    fn the_current_and_the_previous_key_prove_a_delivery_and_nothing_else_does() {
        let with = connection(Source::Sendcloud, Proof::Signature, &["new", "old"]);
        for secret in ["new", "old"] {
            let signature = signature::sign_hex(secret, b"{}");
            assert!(verify(&with, &headers("sendcloud-signature", &signature), b"{}"));
            assert!(!verify(&with, &headers("sendcloud-signature", &signature), b"{} "));
            assert!(!verify(&with, &headers("facteur-signature", &signature), b"{}"));
        }
        let older = signature::sign_hex("oldest", b"{}");
        assert!(!verify(&with, &headers("sendcloud-signature", &older), b"{}"));
        assert!(!verify(&with, &HeaderMap::new(), b"{}"));
        let none = connection(Source::Sendcloud, Proof::Signature, &[]);
        let signature = signature::sign_hex("", b"{}");
        assert!(!verify(&none, &headers("sendcloud-signature", &signature), b"{}"));
    }

    #[test]
    fn a_static_header_must_be_the_secret() {
        let proof = Proof::Header("X-Api-Key".into());
        let with = connection(Source::Sendcloud, proof, &["tok_1", ""]);
        assert!(verify(&with, &headers("x-api-key", "tok_1"), b"anything"));
        assert!(verify(&with, &headers("x-api-key", "Bearer tok_1"), b"anything"));
        for wrong in ["", "tok_", "tok_12"] {
            assert!(!verify(&with, &headers("x-api-key", wrong), b"anything"), "{wrong}");
        }
        assert!(!verify(&with, &HeaderMap::new(), b"anything"));
    }

    #[test]
    fn what_is_not_understood_says_why() {
        let deep = [vec![b'['; 10_000], vec![b']'; 10_000]].concat();
        let deep_object = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
        for (body, reason) in [
            (b"" as &[u8], "not_json"),
            (b"hello", "not_json"),
            (b"\xff\xfe", "not_json"),
            (b"{\"a\":\"\\ud800\"}", "not_json"),
            (&deep, "too_deep"),
            (deep_object.as_bytes(), "too_deep"),
            (b"[]", "not_an_object"),
            (b"1", "not_an_object"),
        ] {
            for source in Source::ALL {
                let Reading::Unreadable(found) = read(*source, body) else {
                    panic!("{source} understood {body:?}");
                };
                assert!(found.starts_with(reason), "{source}: {found}");
            }
        }
    }

    fn anything() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
            prop::sample::select(vec![
                "parcel_status_changed",
                "return_created",
                "1",
                "delivered",
                "11",
                "NL",
                "true",
                "2026-11-16T07:42:00Z",
                "99999999999999999999",
                "\0",
            ])
            .prop_map(Value::from),
        ];
        let keys = prop::sample::select(vec![
            "action",
            "timestamp",
            "parcel",
            "data",
            "status",
            "id",
            "message",
            "code",
            "country",
            "iso_2",
            "event",
            "event_type",
            "phase",
            "exception",
            "is_return",
            "telephone",
            "type",
            "specversion",
            "source",
            "occurred_at",
            "to_address",
            "recipient",
            "tracking_url",
        ]);
        leaf.prop_recursive(4, 64, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(keys.clone(), inner, 0..8).prop_map(|map| {
                    Value::Object(map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            for source in Source::ALL {
                let _ = read(*source, &bytes);
            }
        }

        #[test]
        fn no_json_panics_and_what_is_read_can_be_stored(value in anything()) {
            let bytes = serde_json::to_vec(&value).expect("JSON");
            for source in Source::ALL {
                if let Reading::Reports(reports) = read(*source, &bytes) {
                    for report in reports {
                        // PostgreSQL keeps no zero bytes, and keys have to fit an index.
                        let told = format!("{report:?}");
                        prop_assert!(!told.contains("\\0"), "{told}");
                        prop_assert!(report.dedup_key.len() <= 100);
                    }
                }
            }
        }
    }
}
