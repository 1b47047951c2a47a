//! Events are handed in through the API, as CloudEvents 1.0.

use super::{Ports, filled, own_connection, parse_id};
use crate::brand::BrandState;
use crate::error::{Error, Result};
use crate::id::{BrandId, DeliveryId};
use crate::port::{NewDelivery, Secrets};
use crate::source::Source;
use crate::tenant::{Permission, Viewer};
use serde_json::Value;

/// How many events one request may carry: a commit others wait for stays short.
pub const MOST_EVENTS: usize = 1_000;

/// What became of one item, in the request's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// Kept; what it means is found out next.
    Stored(DeliveryId),
    /// Not a CloudEvent: the attribute and what is wrong with it. Nothing of it is kept.
    Refused {
        /// The attribute.
        field: &'static str,
        /// The word for what is wrong.
        reason: &'static str,
    },
}

/// Keeps each good item as a delivery of the brand's `cloudevents` connection, all in one commit.
///
/// # Errors
/// `Denied`; `NotFound` for a brand that is not the account's; `Invalid` on `brand` when the account
/// has several and none is named; `Limit` with `events`.
pub async fn accept_events(
    ports: &Ports<'_>,
    secrets: &dyn Secrets,
    viewer: &Viewer,
    brand: &str,
    items: &[Value],
) -> Result<Vec<Accepted>> {
    viewer.need(Permission::Edit)?;
    if items.len() > MOST_EVENTS {
        return Err(Error::Limit { what: "events" });
    }
    let brand = brand_of(ports, viewer, brand).await?;
    let connection =
        own_connection(ports, secrets, viewer.account, brand, Source::Cloudevents).await?;
    let now = ports.now();
    let mut deliveries = Vec::with_capacity(items.len());
    let results = items
        .iter()
        .map(|item| match check(item) {
            Err((field, reason)) => Accepted::Refused { field, reason },
            Ok(()) => {
                let id = DeliveryId::mint(now, ports.ids);
                deliveries.push(NewDelivery {
                    account: viewer.account,
                    id,
                    connection,
                    received_at: now,
                    body: item.to_string().into_bytes(),
                });
                Accepted::Stored(id)
            }
        })
        .collect();
    if !deliveries.is_empty() {
        ports.store.store_deliveries(&deliveries).await?;
    }
    Ok(results)
}

/// The required attributes of CloudEvents 1.0; what the data say is the source adapter's part.
fn check(item: &Value) -> Result<(), (&'static str, &'static str)> {
    if !item.is_object() {
        return Err(("event", "format"));
    }
    match item.get("specversion").and_then(Value::as_str) {
        Some("1.0") => {}
        Some(_) => return Err(("specversion", "unknown")),
        None => return Err(("specversion", "required")),
    }
    for field in ["id", "source", "type"] {
        match item.get(field) {
            Some(Value::String(text)) if !text.trim().is_empty() => {}
            Some(Value::String(_)) | None => return Err((field, "required")),
            Some(_) => return Err((field, "format")),
        }
    }
    if item.get("data").is_some() && item.get("data_base64").is_some() {
        return Err(("data", "format"));
    }
    Ok(())
}

async fn brand_of(ports: &Ports<'_>, viewer: &Viewer, brand: &str) -> Result<BrandId> {
    if let Some(text) = filled(brand) {
        let id: BrandId = parse_id(text)?;
        return ports.store.brand(viewer.account, id).await?.map(|b| b.id).ok_or(Error::NotFound);
    }
    let brands = ports.store.brands(viewer.account).await?;
    let mut active = brands.iter().filter(|brand| brand.state == BrandState::Active);
    match (active.next(), active.next()) {
        (Some(only), None) => Ok(only.id),
        _ => Err(Error::invalid("brand", "required")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_item_without_its_attributes_is_refused_by_name() {
        let good = json!({"specversion": "1.0", "id": "1", "source": "erp", "type": "a.delivered"});
        assert_eq!(check(&good), Ok(()));
        assert_eq!(check(&json!([])), Err(("event", "format")));
        assert_eq!(check(&json!({"specversion": "0.3"})), Err(("specversion", "unknown")));
        assert_eq!(
            check(&json!({"specversion": "1.0", "id": 7, "source": "erp", "type": "t"})),
            Err(("id", "format"))
        );
    }
}
