//! What happens in the month: parcels on their ways, and how each message fares.

use dispatch::receipt::ReceiptKind;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Seconds after the beginning, and the bytes of a Sendcloud webhook.
pub fn story(shipments: u32) -> Vec<(i64, Vec<u8>)> {
    let mut draw = StdRng::seed_from_u64(20_261_201);
    let mut all = Vec::new();
    for number in 0..shipments {
        // One in twenty goes where the shop tells nobody.
        let country = ["FR", "DE", "NL"][[0, 0, 0, 0, 0, 1, 1, 1, 1, 2][draw.random_range(0..10)]];
        let mut second = draw.random_range(0..26 * DAY);
        for (id, message) in way(&mut draw) {
            second += draw.random_range(2 * HOUR..20 * HOUR);
            let body = webhook(number, country, second, id, message);
            // Platforms tell things twice, and late.
            if draw.random_range(0..50) == 0 {
                all.push((second + 3, body.clone()));
            }
            let late = if draw.random_range(0..40) == 0 { draw.random_range(0..DAY) } else { 0 };
            all.push((second + late, body));
        }
    }
    // By time, and at one time as they were told: a map of the driver keeps that.
    all.sort_by_key(|(second, _)| *second);
    all
}

fn way(draw: &mut StdRng) -> Vec<(u32, &'static str)> {
    let mut way = vec![(1, "Announced"), (22, "Shipment picked up by driver")];
    way.push((91, "Parcel en route"));
    way.push((92, "Driver en route"));
    match draw.random_range(0..10) {
        0 => {
            way.extend([
                (8, "Delivery attempt failed"),
                (92, "Driver en route"),
                (11, "Delivered"),
            ]);
        }
        1 => way.extend([(12, "Awaiting customer pickup"), (93, "Shipment collected by customer")]),
        2 => way.push((4, "Delivery delayed")),
        _ => way.push((11, "Delivered")),
    }
    way
}

fn webhook(number: u32, country: &str, second: i64, id: u32, message: &str) -> Vec<u8> {
    // Some people order more than once.
    let person = number / 3 * 2;
    let phone = match country {
        "FR" => format!("+3363{person:06}7"),
        "DE" => format!("+4915123{person:06}"),
        _ => format!("+3161{person:07}"),
    };
    let millis = (super::BEGIN + second) * 1_000;
    json!({
        "action": "parcel_status_changed",
        "timestamp": millis,
        "carrier_status_change_timestamp": millis,
        "parcel": {
            "id": 700_000_000 + number,
            "name": "Zoé N'Goma",
            "telephone": phone,
            "tracking_number": format!("M{number:08}"),
            "order_number": format!("M-{number}"),
            "carrier": {"code": "colissimo"},
            "country": {"iso_2": country},
            "status": {"id": id, "message": message},
            "tracking_url": format!("https://tracking.example.com/{number}"),
            "is_return": false
        }
    })
    .to_string()
    .into_bytes()
}

/// How one try fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Delivered, and read later.
    Read,
    /// Delivered.
    Delivered,
    /// Told in the wrong order, and twice.
    Mixed,
    /// Read, and then the person says STOP.
    Stops,
    /// The provider took it and could not deliver it.
    Undelivered,
    /// To be tried again.
    Again,
    /// This person has no WhatsApp.
    Refused,
    /// The answer was lost, the message was not.
    Lost,
    /// Both were lost.
    LostOnTheWay,
}

/// By the person and the number of the try, whenever and on whatever database it is made.
pub fn fate(to: &str, number: u32) -> Fate {
    let seed = to.bytes().fold(u64::from(number), |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    match StdRng::seed_from_u64(seed).random_range(0..200) {
        0..4 => Fate::Again,
        4..7 => Fate::Refused,
        7..9 => Fate::Lost,
        9..11 => Fate::LostOnTheWay,
        11..14 => Fate::Undelivered,
        14..16 => Fate::Stops,
        16..30 => Fate::Mixed,
        30..100 => Fate::Delivered,
        _ => Fate::Read,
    }
}

impl Fate {
    /// Seconds after the call, and what is told.
    pub const fn receipts(self) -> &'static [(i64, ReceiptKind)] {
        use ReceiptKind::{Delivered, Failed, Read, Sent};
        match self {
            Self::Read | Self::Stops => &[(2, Sent), (9, Delivered), (5 * HOUR, Read)],
            Self::Delivered => &[(2, Sent), (40, Delivered)],
            Self::Mixed => &[(5, Read), (6, Delivered), (6, Sent), (7, Delivered), (8, Read)],
            Self::Undelivered => &[(2, Sent), (HOUR, Failed)],
            Self::Lost => &[(30, Sent), (60, Delivered)],
            Self::Again | Self::Refused | Self::LostOnTheWay => &[],
        }
    }
}
