//! Sendcloud: webhooks of an integration, and event subscriptions (beta).
//!
//! What its payloads do not tell, so that nobody looks for it: the language, the moment of a promised
//! delivery, the brand (except on `return_created`), and the shopper on a return parcel: there name,
//! address, phone and e-mail are those of the receiving warehouse.

mod status;

use super::{ignored, json, missing};
use crate::phone;
use dispatch::country::Country;
use dispatch::event::{Direction, EventStatus, Facts, Reading, Report};
use dispatch::tenant::parse_email;
use serde_json::Value;

/// Hex HMAC-SHA256 of the raw body, with the integration's secret key or its webhook signature key.
pub const SIGNATURE_HEADER: &str = "sendcloud-signature";

pub(super) fn read(value: &Value, body: &[u8]) -> Reading {
    if let Some(kind) = json::text(value, &["/event_type"]) {
        return match kind.as_str() {
            "parcels.event.created" => subscription(value, &kind),
            other => ignored("unknown_event", other),
        };
    }
    let Some(action) = json::text(value, &["/action"]) else { return missing("action") };
    match action.as_str() {
        "parcel_status_changed" => parcel(value, &action, body),
        "return_created" => return_created(value, &action, body),
        other if other.starts_with("integration_") => ignored("lifecycle", other),
        other => ignored("unknown_action", other),
    }
}

fn parcel(value: &Value, action: &str, body: &[u8]) -> Reading {
    let Some(parcel @ Value::Object(_)) = value.get("parcel") else {
        return missing("parcel");
    };
    let code = json::text(parcel, &["/status/code"]);
    // A bare text or number in the place of the object is taken for the message or the id.
    let message = json::text(parcel, &["/status/message", "/status"]);
    let id = json::text(parcel, &["/status/id", "/status"]);
    let Some(word) = code.as_ref().or(message.as_ref()).or(id.as_ref()) else {
        return missing("parcel.status");
    };
    let parcel_id = json::text(parcel, &["/id"]);
    let direction =
        if json::yes(parcel, "/is_return") { Direction::Return } else { Direction::Outbound };
    let meaning = status::resolve(code.as_deref(), message.as_deref(), id.as_deref());
    let status = match meaning {
        None => EventStatus::Unknown,
        Some(meaning) => match meaning.on(direction) {
            Some(status) => status,
            None => return ignored("no_news", meaning.code),
        },
    };
    let occurred_at = json::moment(value, &["/timestamp", "/carrier_status_change_timestamp"]);
    // The panel's test button sends a made-up parcel under one of these ids.
    let test = matches!(parcel_id.as_deref(), Some("0" | "1"));
    let facts = match direction {
        Direction::Outbound => outbound_facts(parcel),
        Direction::Return => parcel_facts(parcel),
    };
    let named = facts.parcel_id.as_ref().or(facts.tracking_number.as_ref());
    if named.is_none() && facts.order_number.is_none() {
        return missing("parcel.id");
    }
    Reading::Reports(vec![Report {
        status,
        source_status: Some(word.clone()),
        direction,
        test,
        dedup_key: dedup_key(action, named, word, value, body),
        occurred_at,
        facts,
    }])
}

/// What names a parcel, whichever way it goes.
fn parcel_facts(parcel: &Value) -> Facts {
    Facts {
        order_number: json::text(parcel, &["/order_number"]),
        tracking_number: json::text(parcel, &["/tracking_number"]),
        parcel_id: json::text(parcel, &["/id"]),
        carrier: json::text(parcel, &["/carrier/code", "/carrier"]),
        tracking_url: json::link(parcel, "/tracking_url"),
        ..Facts::default()
    }
}

/// With the person it goes to.
fn outbound_facts(parcel: &Value) -> Facts {
    let country: Option<Country> =
        json::text(parcel, &["/country/iso_2", "/to_address/country_code", "/country"])
            .and_then(|code| code.parse().ok());
    let phone_raw =
        json::text(parcel, &["/telephone", "/to_address/phone_number", "/to_address/telephone"]);
    let service_point_id = json::text(
        parcel,
        &["/to_service_point/id", "/to_service_point", "/to_address/service_point"],
    );
    // The second line of the address is the pickup point's name only when there is a pickup point.
    let service_point_name = service_point_id.as_ref().and_then(|_| {
        json::text(parcel, &["/to_service_point/name", "/to_address/address_line_2", "/address_2"])
    });
    Facts {
        country,
        phone: phone_raw.as_deref().and_then(|typed| phone::to_e164(typed, country)),
        phone_raw,
        email: json::text(parcel, &["/email", "/to_address/email"])
            .and_then(|text| parse_email(&text).ok()),
        name: json::text(parcel, &["/name", "/to_address/name"]),
        service_point_id,
        service_point_name,
        ..parcel_facts(parcel)
    }
}

fn return_created(value: &Value, action: &str, body: &[u8]) -> Reading {
    let Some(data @ Value::Object(_)) = value.get("data") else { return missing("data") };
    let Some(id) = json::text(data, &["/id"]) else { return missing("data.id") };
    // Handed in over the counter: there is no label anybody could be told about.
    if json::text(data, &["/delivery_choice"]).as_deref() == Some("in_store") {
        return ignored("no_news", "return in store");
    }
    Reading::Reports(vec![Report {
        status: EventStatus::ReturnLabelCreated,
        source_status: Some(action.to_owned()),
        direction: Direction::Return,
        test: false,
        dedup_key: dedup_key(action, Some(&id), action, value, body),
        occurred_at: json::moment(value, &["/timestamp"]),
        facts: Facts {
            order_number: json::text(data, &["/order_number"]),
            // The id of the return, which no parcel has: kept apart so that the two are not mixed up.
            parcel_id: Some(format!("return-{id}")),
            brand_id: json::text(data, &["/brand_id"]),
            ..Facts::default()
        },
    }])
}

fn subscription(value: &Value, kind: &str) -> Reading {
    let Some(parcel @ Value::Object(_)) = value.pointer("/data/parcel") else {
        return missing("data.parcel");
    };
    let Some(event @ Value::Object(_)) = value.pointer("/data/event") else {
        return missing("data.event");
    };
    if json::text(event, &["/event_type"]).as_deref() == Some("claim") {
        return ignored("no_news", "claim");
    }
    let Some(phase) = json::text(event, &["/phase"]) else {
        return missing("data.event.phase");
    };
    let exception = json::text(event, &["/exception"]);
    let direction =
        if json::yes(parcel, "/is_return") { Direction::Return } else { Direction::Outbound };
    let status = if json::yes(event, "/is_returned") {
        // On its way back to the shop without being a return: never a delivery.
        Some(EventStatus::Exception)
    } else {
        match status::of_phase(&phase, exception.as_deref(), direction) {
            Some(known) => known,
            None => Some(EventStatus::Unknown),
        }
    };
    let Some(status) = status else { return ignored("no_news", &phase) };
    let facts = Facts {
        tracking_number: json::text(parcel, &["/tracking_number"]),
        parcel_id: json::text(parcel, &["/parcel_id", "/id"]),
        carrier: json::text(parcel, &["/carrier_code"]),
        ..Facts::default()
    };
    let Some(named) = facts.parcel_id.as_ref().or(facts.tracking_number.as_ref()) else {
        return missing("data.parcel.parcel_id");
    };
    let word = match exception.as_deref() {
        None | Some("none") => phase,
        Some(exception) => format!("{phase}/{exception}"),
    };
    let at = json::text(event, &["/timestamp"]).unwrap_or_default();
    Reading::Reports(vec![Report {
        status,
        dedup_key: json::key(&[kind, named, &word, &at]),
        source_status: Some(word),
        direction,
        test: false,
        occurred_at: json::moment(event, &["/timestamp"]),
        facts,
    }])
}

/// Sendcloud gives deliveries no id. A retry repeats action, parcel, status and timestamp; without a
/// name or a timestamp only equal bytes are a repetition.
fn dedup_key(
    action: &str,
    named: Option<&String>,
    word: &str,
    value: &Value,
    body: &[u8],
) -> String {
    match (named, json::text(value, &["/timestamp"])) {
        (Some(named), Some(at)) => json::key(&[action, named, word, &at]),
        _ => json::key_of_bytes(body),
    }
}

#[cfg(test)]
mod tests;
