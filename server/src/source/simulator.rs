//! The simulator inside Facteur. Its deliveries are signed, posted and read like anybody else's.
//!
//! The body is one JSON object: `event_id` (equal for repetitions), `status` (an [`EventStatus`] word),
//! `occurred_at` (RFC 3339), `direction`, `test`, and the fields of the event resource
//! (`order_number tracking_number parcel_id carrier country phone email locale name tracking_url
//! service_point_id service_point_name`). Header `Facteur-Signature`: hex HMAC-SHA256 of the body.

use super::{json, missing, resource};
use dispatch::event::{EventStatus, Reading, Report};
use serde_json::Value;

/// Carries the signature of what is ours.
pub const SIGNATURE_HEADER: &str = "facteur-signature";

pub(super) fn read(value: &Value, body: &[u8]) -> Reading {
    let Some(word) = json::text(value, &["/status"]) else { return missing("status") };
    let facts = resource::facts(value);
    if !resource::is_named(&facts) {
        return missing("order_number");
    }
    let written = json::text(value, &["/direction"]);
    let known: Option<EventStatus> = word.parse().ok();
    let (status, direction) =
        resource::on_its_way(known.unwrap_or(EventStatus::Unknown), written.as_deref());
    Reading::Reports(vec![Report {
        status,
        direction,
        test: json::yes(value, "/test"),
        dedup_key: json::text(value, &["/event_id"])
            .map_or_else(|| json::key_of_bytes(body), |id| json::key(&[&id])),
        occurred_at: json::moment(value, &["/occurred_at"]),
        source_status: Some(word),
        facts,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use dispatch::event::Facts;
    use dispatch::source::Source;
    use dispatch::time::Timestamp;

    #[test]
    fn the_fields_are_those_of_the_event_resource() {
        let body = br#"{"event_id": "s1", "status": "delivered", "order_number": "A-1",
            "occurred_at": "2026-11-17T07:53:30.000000Z", "tracking_number": "T1", "carrier": "postnl",
            "country": "FR", "phone": "0639980012", "name": "Camille Durand", "email": null,
            "locale": "fr", "tracking_url": "https://track.example/T1"}"#;
        let Reading::Reports(reports) = super::super::read(Source::Simulator, body) else {
            panic!("not read");
        };
        let Report { status, test, occurred_at, facts, .. } = &reports[0];
        assert_eq!((*status, *test), (EventStatus::Delivered, false));
        assert_eq!(*occurred_at, Some(Timestamp::from_seconds(1_794_902_010)));
        assert_eq!(
            *facts,
            Facts {
                order_number: Some("A-1".into()),
                tracking_number: Some("T1".into()),
                carrier: Some("postnl".into()),
                country: "FR".parse().ok(),
                phone: Some("+33639980012".into()),
                phone_raw: Some("0639980012".into()),
                locale: "fr".parse().ok(),
                name: Some("Camille Durand".into()),
                tracking_url: Some("https://track.example/T1".into()),
                ..Facts::default()
            }
        );
    }

    #[test]
    fn an_unknown_word_is_kept_and_a_missing_one_says_so() {
        let read = |text: &str| super::super::read(Source::Simulator, text.as_bytes());
        let Reading::Reports(reports) = read(r#"{"status":"teleported","order_number":7}"#) else {
            panic!("not read");
        };
        assert_eq!(reports[0].status, EventStatus::Unknown);
        assert_eq!(reports[0].source_status.as_deref(), Some("teleported"));
        assert_eq!(read(r#"{"order_number":7}"#), missing("status"));
        assert_eq!(read(r#"{"status":"delivered"}"#), missing("order_number"));
    }
}
