//! Goes on with what somebody asked to be sent again: the first thousand went with the question.

use super::{Crew, LOOK};
use dispatch::usecase::{ReplayTerms, continue_replays};
use tokio_util::sync::CancellationToken;

/// Replays that go on side by side.
const MOST: i64 = 4;

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    while !ending.is_cancelled() {
        let terms = ReplayTerms { zones: &*crew.zones, stale_after: crew.stale_after };
        match continue_replays(&*crew.store, terms, crew.clock.now(), MOST).await {
            Ok(looked_at) if looked_at > 0 => {
                crew.wakes.sender.ring();
                continue;
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "a replay could not go on; it will be tried again");
            }
        }
        tokio::select! {
            () = ending.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}
