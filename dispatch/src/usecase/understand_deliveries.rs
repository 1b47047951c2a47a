//! Raw deliveries become events.

use crate::error::Result;
use crate::event::{Event, Reading, Report};
use crate::id::{EventId, IdSource, InOrder};
use crate::port::{Inbox, NewEvent, StoredDelivery, Understood};
use crate::source::{DeliveryState, Source};

/// Looks at the oldest raw deliveries: each becomes events, or says why not. Answers how many it took.
///
/// # Errors
/// When the store does not answer; nothing is lost then, the same deliveries come again.
pub async fn understand_deliveries(
    inbox: &dyn Inbox,
    read: &(dyn Fn(Source, &[u8]) -> Reading + Send + Sync),
    ids: &dyn IdSource,
    limit: i64,
) -> Result<usize> {
    let deliveries = inbox.stored_deliveries(limit).await?;
    if deliveries.is_empty() {
        return Ok(0);
    }
    let ids = &InOrder::new(ids);
    let understood: Vec<Understood> = deliveries
        .iter()
        .map(|delivery| understand(delivery, read(delivery.source, &delivery.body), ids))
        .collect();
    inbox.commit_understood(&understood).await?;
    Ok(deliveries.len())
}

fn understand(delivery: &StoredDelivery, reading: Reading, ids: &dyn IdSource) -> Understood {
    let (state, reason, reports) = match reading {
        Reading::Reports(reports) if reports.is_empty() => {
            (DeliveryState::Ignored, Some("nothing_reported".to_owned()), Vec::new())
        }
        Reading::Reports(reports) => (DeliveryState::Understood, None, reports),
        Reading::Ignored(reason) => (DeliveryState::Ignored, Some(reason), Vec::new()),
        Reading::Unreadable(reason) => (DeliveryState::Failed, Some(reason), Vec::new()),
    };
    let events = reports.into_iter().map(|report| event(delivery, report, ids)).collect();
    Understood { account: delivery.account, delivery: delivery.id, state, reason, events }
}

fn event(delivery: &StoredDelivery, report: Report, ids: &dyn IdSource) -> NewEvent {
    // A replay is a new question about the same facts, so its events are not repetitions of the first.
    let dedup_key = match delivery.replays {
        0 => report.dedup_key,
        n => format!("{}#{n}", report.dedup_key),
    };
    let occurred_at = report.occurred_at.unwrap_or(delivery.received_at).min(delivery.received_at);
    let event = Event {
        account: delivery.account,
        id: EventId::mint(delivery.received_at, ids),
        brand: delivery.brand,
        connection: delivery.connection,
        delivery: delivery.id,
        source: delivery.source,
        status: report.status,
        direction: report.direction,
        test: report.test,
        occurred_at,
        received_at: delivery.received_at,
        facts: report.facts,
    };
    NewEvent { event, dedup_key, source_status: report.source_status }
}
