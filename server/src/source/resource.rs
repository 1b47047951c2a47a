//! The event resource as others write it to us: flat fields with the names of `GET /api/v1/events`.
//! Shared by the sources whose format is ours.

use super::json;
use crate::phone;
use dispatch::country::Country;
use dispatch::event::{Direction, EventStatus, Facts};
use dispatch::tenant::parse_email;
use serde_json::Value;

/// The parcel and the person. People may also stand together under `recipient`.
pub(super) fn facts(data: &Value) -> Facts {
    let country: Option<Country> =
        json::text(data, &["/country", "/recipient/country"]).and_then(|code| code.parse().ok());
    let phone_raw =
        json::text(data, &["/phone", "/phone_raw", "/recipient/phone", "/recipient/phone_raw"]);
    Facts {
        order_number: json::text(data, &["/order_number"]),
        tracking_number: json::text(data, &["/tracking_number"]),
        parcel_id: json::text(data, &["/parcel_id"]),
        carrier: json::text(data, &["/carrier"]),
        country,
        phone: phone_raw.as_deref().and_then(|typed| phone::to_e164(typed, country)),
        phone_raw,
        email: json::text(data, &["/email", "/recipient/email"])
            .and_then(|text| parse_email(&text).ok()),
        locale: json::text(data, &["/locale", "/recipient/locale"])
            .and_then(|text| text.parse().ok()),
        name: json::text(data, &["/name", "/recipient/name"]),
        tracking_url: json::link(data, "/tracking_url"),
        service_point_id: json::text(data, &["/service_point_id"]),
        service_point_name: json::text(data, &["/service_point_name"]),
        brand_id: json::text(data, &["/brand_id"]),
        items: json::text(data, &["/items"]),
        expected_date: json::text(data, &["/expected_date"]),
        delivery_slot: json::text(data, &["/delivery_slot"]),
        delay_reason: json::text(data, &["/delay_reason"]),
        driver_phone: json::text(data, &["/driver_phone"]),
        pickup_until: json::text(data, &["/pickup_until"]),
        pickup_location: json::text(data, &["/pickup_location"]),
        proof_url: json::link(data, "/proof_url"),
    }
}

/// Whether anything names the parcel or the order.
pub(super) const fn is_named(facts: &Facts) -> bool {
    facts.order_number.is_some() || facts.tracking_number.is_some() || facts.parcel_id.is_some()
}

/// What a status means on its way: on a return the same words say something else (rule 1 of the
/// reference).
pub(super) fn on_its_way(status: EventStatus, written: Option<&str>) -> (EventStatus, Direction) {
    let returning = written == Some(Direction::Return.word());
    let status = match status {
        EventStatus::ReadyToShip if returning => EventStatus::ReturnLabelCreated,
        EventStatus::Shipped | EventStatus::InTransit if returning => EventStatus::ReturnDroppedOff,
        EventStatus::Delivered if returning => EventStatus::ReturnReceived,
        other => other,
    };
    let direction = match status {
        EventStatus::ReturnLabelCreated
        | EventStatus::ReturnDroppedOff
        | EventStatus::ReturnReceived => Direction::Return,
        _ if returning => Direction::Return,
        _ => Direction::Outbound,
    };
    (status, direction)
}
