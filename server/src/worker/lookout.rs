//! Looks at watched parcels when their time has come. Several workers may look; each parcel is reported by one.

use super::Crew;
use crate::security::password::Passwords;
use dispatch::usecase::{Ports, detect_delays};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it looks: lateness is a matter of hours.
const ROUND: Duration = Duration::from_secs(5);
/// Parcels in one round, of each kind.
const MOST: i64 = 200;

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    let secrets = Passwords::default();
    while !ending.is_cancelled() {
        let ports = Ports { store: &*crew.store, clock: &*crew.clock, ids: &*crew.ids };
        match detect_delays(&ports, &secrets, &*crew.zones, MOST).await {
            Ok(0) => {}
            Ok(looked) => {
                metrics::counter!("facteur_parcels_looked_at_total").increment(looked as u64);
                crew.wakes.ingester.ring();
            }
            Err(error) => {
                tracing::warn!(%error, "late parcels could not be looked for; trying again");
            }
        }
        tokio::select! {
            () = ending.cancelled() => return,
            () = tokio::time::sleep(ROUND) => {}
        }
    }
}
