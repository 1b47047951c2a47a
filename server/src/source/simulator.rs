//! The simulator inside Facteur. Its deliveries are signed, posted and read like anybody else's.
//!
//! The body is one JSON object: `id` (equal for repetitions), `status` (an [`EventStatus`] word),
//! `occurred_at` (RFC 3339), `direction`, `test`, and the fields of the event resource
//! (`order_number tracking_number parcel_id carrier country phone email locale name tracking_url
//! service_point_id service_point_name`). Header `Facteur-Signature`: hex HMAC-SHA256 of the body.

use super::{Reading, json, resource};
use crate::security::signature;
use dispatch::event::{EventStatus, Facts, Report};
use dispatch::source::Secret;
use dispatch::time::Timestamp;
use serde_json::{Value, json};

/// Carries the signature.
pub const SIGNATURE_HEADER: &str = "facteur-signature";

/// Writes a delivery as the simulator posts it.
#[must_use]
pub fn write(id: &str, status: EventStatus, at: Timestamp, facts: &Facts) -> Vec<u8> {
    let body = json!({
        "id": id,
        "status": status.word(),
        "occurred_at": at.to_string(),
        "order_number": facts.order_number,
        "tracking_number": facts.tracking_number,
        "parcel_id": facts.parcel_id,
        "carrier": facts.carrier,
        "country": facts.country,
        "phone": facts.phone.as_ref().or(facts.phone_raw.as_ref()),
        "email": facts.email,
        "locale": facts.locale,
        "name": facts.name,
        "tracking_url": facts.tracking_url,
        "service_point_id": facts.service_point_id,
        "service_point_name": facts.service_point_name,
    });
    body.to_string().into_bytes()
}

/// The signature that goes with a body.
#[must_use]
pub fn sign(secret: &Secret, body: &[u8]) -> String {
    signature::sign_hex(secret.expose(), body)
}

pub(super) fn read(value: &Value, body: &[u8]) -> Reading {
    let Some(word) = json::text(value, &["/status"]) else { return Reading::missing("status") };
    let facts = resource::facts(value);
    if !resource::is_named(&facts) {
        return Reading::missing("order_number");
    }
    let written = json::text(value, &["/direction"]);
    let known: Option<EventStatus> = word.parse().ok();
    let (status, direction) =
        resource::on_its_way(known.unwrap_or(EventStatus::Unknown), written.as_deref());
    Reading::Reports(vec![Report {
        status,
        direction,
        test: json::yes(value, "/test"),
        dedup_key: json::text(value, &["/id"])
            .map_or_else(|| json::key_of_bytes(body), |id| json::key(&[&id])),
        occurred_at: json::moment(value, &["/occurred_at"]),
        source_status: Some(word),
        facts,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use dispatch::source::Source;

    #[test]
    fn what_is_written_reads_back() {
        let facts = Facts {
            order_number: Some("A-1".into()),
            tracking_number: Some("T1".into()),
            carrier: Some("postnl".into()),
            country: "FR".parse().ok(),
            phone: Some("+33639980012".into()),
            name: Some("Camille Durand".into()),
            ..Facts::default()
        };
        let at = Timestamp::from_seconds(1_794_902_010);
        let body = write("s1", EventStatus::Delivered, at, &facts);
        let Reading::Reports(reports) = super::super::read(Source::Simulator, &body) else {
            panic!("not read");
        };
        let report = &reports[0];
        assert_eq!(
            (report.status, report.occurred_at, report.test),
            (EventStatus::Delivered, Some(at), false)
        );
        assert_eq!(report.facts, Facts { phone_raw: Some("+33639980012".into()), ..facts });
    }

    #[test]
    fn an_unknown_word_is_kept_and_a_missing_one_says_so() {
        let read = |text: &str| super::super::read(Source::Simulator, text.as_bytes());
        let Reading::Reports(reports) = read(r#"{"status":"teleported","order_number":7}"#) else {
            panic!("not read");
        };
        assert_eq!(reports[0].status, EventStatus::Unknown);
        assert_eq!(reports[0].source_status.as_deref(), Some("teleported"));
        assert_eq!(read(r#"{"order_number":7}"#), Reading::missing("status"));
        assert_eq!(read(r#"{"status":"delivered"}"#), Reading::missing("order_number"));
    }
}
