//! Parcels that are late are found, before their customers ask.

use super::{Ports, own_connection};
use crate::error::Result;
use crate::event::{Event, EventStatus};
use crate::id::{BrandId, ConnectionId, DeliveryId};
use crate::late::{Found, Watched, find};
use crate::port::{Looked, NewDelivery, Secrets};
use crate::source::Source;
use crate::time::Timestamp;
use crate::timing::Late;
use crate::zone::{self, Zones};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Looks at watched parcels whose time has come: what is late by its brand's setting is reported as a delivery of
/// the brand's watch, which becomes an event like any other. Answers how many were looked at.
///
/// # Errors
/// When the store does not answer; nothing is lost then, the same parcels come again.
pub async fn detect_delays(
    ports: &Ports<'_>,
    secrets: &dyn Secrets,
    zones: &dyn Zones,
    limit: i64,
) -> Result<usize> {
    let now = ports.now();
    let due = ports.store.due_watches(now, limit).await?;
    let taken = due.len();
    let mut settings: HashMap<BrandId, Late> = HashMap::new();
    let mut connections: HashMap<BrandId, ConnectionId> = HashMap::new();
    // A parcel goes by several names, and is late once.
    let mut reported: HashSet<(BrandId, String)> = HashSet::new();
    let mut looked = Vec::with_capacity(taken);
    for watched in due {
        let (account, brand) = (watched.event.account, watched.event.brand);
        let late = match settings.get(&brand) {
            Some(late) => *late,
            None => {
                let view = ports.store.brand(account, brand).await?;
                let late = view.map_or_else(Late::default, |brand| brand.timing.late);
                *settings.entry(brand).or_insert(late)
            }
        };
        let found = find(&watched, &late, now);
        let mut look = look(watched, found, zones, now);
        let name = look.watched.event.subject_keys().into_iter().next().unwrap_or_default();
        if let Some(found) = found.filter(|_| reported.insert((brand, name.clone()))) {
            let connection = match connections.get(&brand) {
                Some(known) => *known,
                None => {
                    let own =
                        own_connection(ports, secrets, account, brand, Source::Lookout).await?;
                    *connections.entry(brand).or_insert(own)
                }
            };
            look.report = Some(NewDelivery {
                account,
                id: DeliveryId::mint(now, ports.ids),
                connection,
                received_at: now,
                body: report(&look.watched.event, &name, found),
            });
        }
        looked.push(look);
    }
    if !looked.is_empty() {
        ports.store.commit_looks(&looked).await?;
    }
    Ok(taken)
}

/// When to look at the parcel again: what has passed is done with, and a day the customer knows to be missed, too.
fn look(watched: Watched, found: Option<Found>, zones: &dyn Zones, now: Timestamp) -> Looked {
    let zone = watched.event.facts.country.map_or("Etc/UTC", zone::of_country);
    let knows = found.map(|_| zones.local(zone, now).date);
    let new_day = knows.is_none_or(|knows| watched.expected.is_some_and(|day| day > knows));
    Looked {
        brand: watched.event.brand,
        expected_at: watched.expected_at.filter(|at| *at > now && new_day),
        silent_at: watched.silent_at.filter(|at| *at > now && knows.is_none()),
        knows,
        report: None,
        watched,
    }
}

/// What the watch says about the parcel, in its own JSON: once for the parcel and the day that was missed.
fn report(event: &Event, name: &str, found: Found) -> Vec<u8> {
    let facts = &event.facts;
    let missed = found.missed.map(|day| day.to_string());
    json!({
        "id": format!("{name} {}", missed.as_deref().unwrap_or(found.why.word())),
        "status": EventStatus::Delayed.word(),
        "found": found.why.word(),
        "occurred_at": found.since.to_string(),
        "last_event": event.id.to_string(),
        "last_heard": event.occurred_at.to_string(),
        "order_number": facts.order_number,
        "tracking_number": facts.tracking_number,
        "parcel_id": facts.parcel_id,
        "source": event.source.word(),
        "carrier": facts.carrier,
        "country": facts.country.map(|country| country.code().to_owned()),
        "phone": facts.phone.as_ref().or(facts.phone_raw.as_ref()),
        "email": facts.email,
        "name": facts.name,
        "locale": facts.locale.clone().map(String::from),
        "tracking_url": facts.tracking_url,
        "items": facts.items,
        "expected_date": missed,
    })
    .to_string()
    .into_bytes()
}
