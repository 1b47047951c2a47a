//! CloudEvents 1.0 in structured JSON: one object, its `data` named as the event resource.
//!
//! The status is the last segment of `type` (`com.example.parcel.out_for_delivery`). `source` and `id`
//! together identify the event: the same pair again is a repetition.

use super::{json, missing, resource, unreadable};
use dispatch::event::{EventStatus, Reading, Report};
use serde_json::Value;

/// Reads one CloudEvent; of a batch, each item.
#[must_use]
pub fn read(value: &Value) -> Reading {
    if json::text(value, &["/specversion"]).as_deref() != Some("1.0") {
        return unreadable("specversion", "only 1.0");
    }
    // Required attributes are non-empty strings; numbers are taken for them, as everywhere.
    let (id, source) = match (json::text(value, &["/id"]), json::text(value, &["/source"])) {
        (Some(id), Some(source)) => (id, source),
        (None, _) => return missing("id"),
        (_, None) => return missing("source"),
    };
    let Some(kind) = json::text(value, &["/type"]) else { return missing("type") };
    if value.get("data_base64").is_some() {
        return unreadable("data_base64", "send the data as JSON");
    }
    let Some(data @ Value::Object(_)) = value.get("data") else { return missing("data") };
    let facts = resource::facts(data);
    if !resource::is_named(&facts) {
        return missing("data.order_number");
    }
    let (known, word) = status(&kind);
    let written = json::text(data, &["/direction"]);
    let (status, direction) =
        resource::on_its_way(known.unwrap_or(EventStatus::Unknown), written.as_deref());
    Reading::Reports(vec![Report {
        status,
        direction,
        test: json::yes(data, "/test"),
        dedup_key: json::key(&[&source, &id]),
        occurred_at: json::moment(value, &["/time"]),
        source_status: Some(word.to_owned()),
        facts,
    }])
}

/// The status of a type, and the word that was looked at. `return.dropped_off` and `order.confirmed`
/// are understood too, as the names suggest themselves.
fn status(kind: &str) -> (Option<EventStatus>, &str) {
    let mut segments = kind.rsplit('.');
    let last = segments.next().unwrap_or(kind);
    let known = last.parse().ok().or_else(|| match (segments.next(), last) {
        (Some("return"), word) => format!("return_{word}").parse().ok(),
        (Some("order"), "confirmed") => Some(EventStatus::PostPurchase),
        _ => None,
    });
    (known, last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dispatch::event::Direction;
    use serde_json::json;

    fn event(kind: &str) -> Value {
        json!({"specversion": "1.0", "id": "1", "source": "/erp", "type": kind,
               "data": {"order_number": "A", "phone": "0639980012", "country": "FR", "locale": "fr-FR",
                        "items": "2 shirts", "pickup_until": "2026-12-04", "proof_url": "javascript:x"}})
    }

    fn one(value: &Value) -> Report {
        match read(value) {
            Reading::Reports(mut reports) if reports.len() == 1 => reports.remove(0),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_last_segment_is_the_status() {
        for (kind, status, direction) in [
            ("com.example.parcel.shipped", EventStatus::Shipped, Direction::Outbound),
            ("delivered", EventStatus::Delivered, Direction::Outbound),
            ("x.return_received", EventStatus::ReturnReceived, Direction::Return),
            ("x.return.dropped_off", EventStatus::ReturnDroppedOff, Direction::Return),
            ("x.order.confirmed", EventStatus::PostPurchase, Direction::Outbound),
            ("x.order.teleported", EventStatus::Unknown, Direction::Outbound),
        ] {
            let report = one(&event(kind));
            assert_eq!((report.status, report.direction), (status, direction), "{kind}");
        }
        let report = one(&event("x.shipped"));
        assert_eq!(report.facts.phone.as_deref(), Some("+33639980012"));
        assert_eq!(report.facts.locale.map(|l| l.to_string()).as_deref(), Some("fr_FR"));
    }

    #[test]
    fn what_templates_can_show_is_read_and_links_open_pages_only() {
        let facts = one(&event("x.shipped")).facts;
        assert_eq!(facts.items.as_deref(), Some("2 shirts"));
        assert_eq!(facts.pickup_until.as_deref(), Some("2026-12-04"));
        assert_eq!(facts.proof_url, None);
    }

    #[test]
    fn source_and_id_together_are_the_identity() {
        let mut other = event("x.shipped");
        assert_eq!(one(&other).dedup_key, one(&event("x.delivered")).dedup_key);
        other["source"] = json!("/shop");
        assert_ne!(one(&other).dedup_key, one(&event("x.shipped")).dedup_key);
    }

    #[test]
    fn what_is_missing_is_named() {
        for (field, reason) in [
            ("specversion", "specversion: only 1.0"),
            ("id", "missing: id"),
            ("source", "missing: source"),
            ("type", "missing: type"),
            ("data", "missing: data"),
        ] {
            let mut value = event("x.shipped");
            value[field] = json!("");
            assert_eq!(read(&value), Reading::Unreadable(reason.into()));
        }
        let mut value = event("x.shipped");
        value["data"] = json!({"carrier": "dhl"});
        assert_eq!(read(&value), missing("data.order_number"));
    }
}
