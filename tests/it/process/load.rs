//! Parcels by the thousand: signed Sendcloud webhooks like those of `fixtures/events/sendcloud`.

use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha2::Sha256;

/// The body of a webhook about parcel `number`, for a recipient only this parcel has.
pub fn body(number: u32, now_millis: i64) -> Vec<u8> {
    let (id, message) =
        [(11, "Delivered"), (92, "Driver en route"), (12, "Awaiting customer pickup")]
            [number as usize % 3];
    json!({
        "action": "parcel_status_changed",
        "timestamp": now_millis,
        "carrier_status_change_timestamp": now_millis,
        "parcel": {
            "id": 700_000_000 + number,
            "name": "Camille Durand",
            "telephone": phone(number),
            "tracking_number": format!("LOAD{number:08}"),
            "order_number": format!("L-{number}"),
            "carrier": {"code": "colissimo"},
            "country": {"iso_2": "FR"},
            "status": {"id": id, "message": message},
            "tracking_url": format!("https://tracking.example.com/{number}"),
            "is_return": false
        }
    })
    .to_string()
    .into_bytes()
}

/// A number that is possible and that the sandbox has no script for (those end in other digits).
pub fn phone(number: u32) -> String {
    format!("+3363{number:06}7")
}

/// The signature Sendcloud would send.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// A webhook that notifies nobody: the parcel is between two places.
pub fn in_transit(number: u32, now_millis: i64) -> Vec<u8> {
    let loud = String::from_utf8(body(number / 3 * 3, now_millis)).unwrap_or_default();
    loud.replace("\"id\":11,\"message\":\"Delivered\"", "\"id\":91,\"message\":\"Parcel en route\"")
        .replace(&format!("LOAD{:08}", number / 3 * 3), &format!("QUIET{number:08}"))
        .replace(&(700_000_000 + number / 3 * 3).to_string(), &(800_000_000 + number).to_string())
        .into_bytes()
}
