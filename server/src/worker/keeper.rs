//! Makes room for the months to come and removes what need not be kept, in small steps beside everything else.

use super::Crew;
use dispatch::retention::Kept;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it looks.
const ROUND: Duration = Duration::from_secs(3600);
/// From one step to the next: what is removed is in nobody's way.
const PAUSE: Duration = Duration::from_millis(200);
/// There is always room for this long: a worker that stands still for a month finds its tables.
const AHEAD: Duration = Duration::from_secs(62 * 24 * 3600);

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    while !ending.is_cancelled() {
        let now = crew.clock.now();
        match crew.store.make_months(now.plus(AHEAD)).await {
            Ok(0) => {}
            Ok(made) => tracing::info!(made, "room for the months to come"),
            Err(error) => {
                tracing::warn!(%error, "room for the months to come could not be made; the next round tries again");
            }
        }
        for &kept in Kept::ALL {
            let before = crew.retention.before(kept, now);
            let mut removed = 0;
            loop {
                match crew.store.forget(kept, before).await {
                    Ok(0) => break,
                    Ok(gone) => removed += gone,
                    Err(error) => {
                        tracing::warn!(kept = %kept, %error, "what is old could not be removed; the next round goes on");
                        break;
                    }
                }
                if pause(PAUSE, &ending).await {
                    return;
                }
            }
            if removed > 0 {
                tracing::info!(kept = %kept, removed, "removed what need not be kept any longer");
                metrics::counter!("facteur_forgotten_total", "kept" => kept.word())
                    .increment(removed);
            }
        }
        if pause(ROUND, &ending).await {
            return;
        }
    }
}

/// Whether it ends.
async fn pause(time: Duration, ending: &CancellationToken) -> bool {
    tokio::select! {
        () = ending.cancelled() => true,
        () = tokio::time::sleep(time) => false,
    }
}
