//! Sweeps expired sessions, requests of sign-up pages and counts, and measures what waits in each stage.

use super::Crew;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often the gauges are measured.
const GAUGES: Duration = Duration::from_secs(5);
/// The inboxes are tidied every so many rounds: a minute of traffic is much for tables that ought to be nearly empty.
const TIDY_EVERY: u64 = 2;
/// What has expired is removed every so many rounds: about every ten minutes.
const SWEEP_EVERY: u64 = 120;

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    for round in 0u64.. {
        let now = crew.clock.now();
        if let Ok(backlog) = crew.store.backlog(now).await {
            for (stage, waiting, oldest) in [
                ("deliveries", backlog.deliveries, Some(backlog.oldest_delivery)),
                ("events", backlog.events, Some(backlog.oldest_event)),
                ("messages", backlog.messages, Some(backlog.oldest_due)),
                ("unknown", backlog.unknown, None),
                ("receipts", backlog.receipts, Some(backlog.oldest_receipt)),
            ] {
                #[expect(clippy::cast_precision_loss, reason = "a gauge is read by people")]
                metrics::gauge!("facteur_queue_messages", "stage" => stage).set(waiting as f64);
                if let Some(oldest) = oldest {
                    metrics::gauge!("facteur_queue_age_seconds", "stage" => stage)
                        .set(oldest.as_secs_f64());
                }
            }
            #[expect(clippy::cast_precision_loss, reason = "a gauge is read by people")]
            metrics::gauge!("facteur_messages_exhausted").set(backlog.stranded as f64);
        }
        if round.is_multiple_of(TIDY_EVERY)
            && let Err(error) = crew.store.tidy().await
        {
            tracing::debug!(%error, "the inboxes were not tidied");
        }
        if round.is_multiple_of(SWEEP_EVERY) {
            if let Err(error) = crew.store.sweep(now).await {
                tracing::warn!(%error, "expired sessions could not be removed");
            }
            if let Err(error) = crew.store.sweep_restraints(now).await {
                tracing::warn!(%error, "old counts could not be removed");
            }
            if let Err(error) = crew.store.sweep_reached(now).await {
                tracing::warn!(%error, "who was reached long ago could not be removed");
            }
            if let Err(error) = crew.store.sweep_joins(now).await {
                tracing::warn!(%error, "expired sign-ups could not be removed");
            }
        }
        tokio::select! {
            () = ending.cancelled() => return,
            () = tokio::time::sleep(GAUGES) => {}
        }
    }
}
