//! Takes back what a dead process held, and ends the waiting for answers that never came.

use super::Crew;
use dispatch::attempt::MOST_ATTEMPTS;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it looks.
const ROUND: Duration = Duration::from_secs(1);

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    // A fresh process holds nothing: on a database that only one process may use, every lease is a
    // dead one's. Receipts that could not reach us while we were down get their chance first.
    let mut everyone = crew.alone;
    let mut extended = false;
    let worker = "rescuer";
    loop {
        let now = crew.clock.now();
        let deadline = now.plus(crew.unknown_after);
        let round = async {
            if !extended {
                crew.store.extend_unknown(deadline).await?;
            }
            let rescued = crew.store.rescue(worker, everyone, now, deadline).await?;
            let given_up = crew.store.give_up_waiting(now, MOST_ATTEMPTS).await?;
            Ok::<_, dispatch::error::Error>((rescued, given_up))
        };
        match round.await {
            Ok((rescued, given_up)) => {
                (everyone, extended) = (false, true);
                if rescued > 0 {
                    tracing::info!(
                        rescued,
                        "attempts of a process that ended: outcome unknown until a receipt tells"
                    );
                    metrics::counter!("facteur_attempts_rescued_total").increment(rescued);
                }
                if given_up > 0 {
                    tracing::warn!(
                        given_up,
                        "no receipt came for attempts of unknown outcome; they are tried again"
                    );
                    metrics::counter!("facteur_unknown_given_up_total").increment(given_up);
                    crew.wakes.sender.notify_one();
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the rescuer's round failed; the next one follows");
            }
        }
        tokio::select! {
            () = ending.cancelled() => return,
            () = tokio::time::sleep(ROUND) => {}
        }
    }
}
