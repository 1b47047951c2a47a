//! A merchant sends a parcel on its way to see what their customers would be told.

use super::{Ports, filled, own_connection, parse, parse_id};
use crate::channel::TrackingStatus;
use crate::country::Country;
use crate::error::{Error, Result};
use crate::id::{BrandId, DeliveryId};
use crate::language::Language;
use crate::port::{NewDelivery, Secrets};
use crate::source::Source;
use crate::tenant::{Permission, Viewer, parse_name};
use crate::time::Timestamp;
use crate::words::words;
use serde_json::json;
use std::time::Duration;

words! {
    /// What happens to the parcel.
    Journey {
        /// From the shop to the door.
        Delivery = "delivery",
        /// From the shop to a pickup point.
        Pickup = "pickup",
        /// Late, missed, and delivered in the end.
        Trouble = "trouble",
        /// Back to the shop.
        Return = "return",
    }
}

impl Journey {
    /// Its statuses, in the order in which they happen.
    #[must_use]
    pub const fn statuses(self) -> &'static [TrackingStatus] {
        use TrackingStatus as S;
        match self {
            Self::Delivery => {
                &[S::PostPurchase, S::ReadyToShip, S::Shipped, S::OutForDelivery, S::Delivered]
            }
            Self::Pickup => {
                &[S::PostPurchase, S::ReadyToShip, S::Shipped, S::ReadyForPickup, S::Delivered]
            }
            Self::Trouble => {
                &[S::Shipped, S::Delayed, S::OutForDelivery, S::FailedAttempt, S::Delivered]
            }
            Self::Return => &[S::ReturnLabelCreated, S::ReturnDroppedOff, S::ReturnReceived],
        }
    }
}

/// What the form asks.
#[derive(Debug, Clone, Default)]
pub struct SimulateParcel {
    /// For which brand.
    pub brand: String,
    /// A journey; empty for statuses of the merchant's choice.
    pub journey: String,
    /// The statuses, when it is no journey.
    pub statuses: Vec<String>,
    /// The recipient's phone, as typed: an unreadable one is part of what can be tried.
    pub phone: String,
    /// Where the parcel goes.
    pub country: String,
    /// The language the source tells; empty for the country's.
    pub language: String,
    /// The recipient's name; may be empty.
    pub name: String,
    /// The order's number; empty to have one made.
    pub order: String,
}

/// What is on its way now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulated {
    /// The order's number, also where it was made up.
    pub order: String,
    /// The deliveries, one for each status.
    pub deliveries: Vec<DeliveryId>,
}

/// Minutes between two statuses of a journey, as the source would tell them.
const STEP: Duration = Duration::from_secs(60);

/// Stores the simulator's deliveries exactly as its hook would; from there on everything is real.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on the field.
pub async fn simulate_parcel(
    ports: &Ports<'_>,
    secrets: &dyn Secrets,
    viewer: &Viewer,
    input: &SimulateParcel,
) -> Result<Simulated> {
    viewer.need(Permission::Edit)?;
    filled(&input.brand).ok_or(Error::invalid("brand", "required"))?;
    let brand: BrandId = parse_id(&input.brand)?;
    let country: Country = parse("country", &input.country)?;
    let language = filled(&input.language).map(|text| parse("language", text)).transpose()?;
    let statuses = statuses(input)?;
    let phone = filled(&input.phone);
    if phone.is_some_and(|text| text.len() > 64) {
        return Err(Error::invalid("phone", "too_long"));
    }
    let name = filled(&input.name).map(|text| parse_name("name", text)).transpose()?;
    let order = filled(&input.order).map(|text| parse_name("order", text)).transpose()?;
    let view = ports.store.brand(viewer.account, brand).await?.ok_or(Error::NotFound)?;

    let now = ports.now();
    let number = ports.ids.random() % 1_000_000_000;
    let order = order.unwrap_or_else(|| format!("SIM-{:06}", number % 1_000_000));
    let parcel = Parcel {
        tracking_number: format!("SIM{number:09}"),
        order: order.clone(),
        phone,
        country,
        language: language.or_else(|| view.languages.of(country)),
        name: name.as_deref(),
    };
    let connection =
        own_connection(ports, secrets, viewer.account, brand, Source::Simulator).await?;
    let deliveries: Vec<NewDelivery> = statuses
        .iter()
        .zip(0u32..)
        .map(|(&status, step)| {
            // Told one after the other, by time and by id, so that none is overtaken by the next.
            let later = now.plus(Duration::from_millis(u64::from(step)));
            let left = u32::try_from(statuses.len()).unwrap_or(1) - 1 - step;
            NewDelivery {
                account: viewer.account,
                id: DeliveryId::mint(later, ports.ids),
                connection,
                received_at: later,
                body: parcel.tell(status, now.minus(STEP * left), ports.ids.random()),
            }
        })
        .collect();
    ports.store.store_deliveries(&deliveries).await?;
    let deliveries = deliveries.into_iter().map(|delivery| delivery.id).collect();
    Ok(Simulated { order, deliveries })
}

/// The journey's statuses, or those that were chosen in the order in which they happen.
fn statuses(input: &SimulateParcel) -> Result<Vec<TrackingStatus>> {
    if let Some(word) = filled(&input.journey) {
        return Ok(parse::<Journey>("journey", word)?.statuses().to_vec());
    }
    let chosen = input
        .statuses
        .iter()
        .map(|word| parse::<TrackingStatus>("status", word))
        .collect::<Result<Vec<_>>>()?;
    if chosen.is_empty() {
        return Err(Error::invalid("status", "required"));
    }
    Ok(TrackingStatus::ALL.iter().copied().filter(|status| chosen.contains(status)).collect())
}

struct Parcel<'a> {
    tracking_number: String,
    order: String,
    phone: Option<&'a str>,
    country: Country,
    language: Option<Language>,
    name: Option<&'a str>,
}

impl Parcel<'_> {
    /// What the simulator says about it, in its own JSON.
    fn tell(&self, status: TrackingStatus, at: Timestamp, nonce: u128) -> Vec<u8> {
        json!({
            "status": status.word(),
            "occurred_at": at.to_string(),
            "id": format!("{}-{status}-{nonce:020x}", self.tracking_number),
            "order_number": self.order,
            "tracking_number": self.tracking_number,
            "carrier": "colissimo",
            "country": self.country.code(),
            "phone": self.phone,
            "email": null,
            "name": self.name,
            "locale": self.language.clone().map(String::from),
            "tracking_url": format!("https://track.example/{}", self.tracking_number),
        })
        .to_string()
        .into_bytes()
    }
}
