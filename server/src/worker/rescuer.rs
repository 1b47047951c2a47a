//! Takes back what a dead process held, ends the waiting for answers that never came, and lets the next channel stand
//! in for what did not arrive.

use super::{BATCH, Crew};
use dispatch::attempt::{MOST_ATTEMPTS, MOST_LOST};
use dispatch::time::Timestamp;
use dispatch::usecase::keep_watch;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it looks.
const ROUND: Duration = Duration::from_secs(1);
/// A round that comes this long after the one before: the clock was moved, the machine slept, or the database was
/// away. Receipts may not have reached us meanwhile, as after a start.
const GAP: Duration = Duration::from_secs(5);

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    // A fresh process holds nothing: on a database that only one process may use, every lease is a
    // dead one's. Receipts that could not reach us while we were down get their chance first.
    let mut everyone = crew.alone;
    let mut last: Option<Timestamp> = None;
    let worker = "rescuer";
    loop {
        let now = crew.clock.now();
        let deadline = now.plus(crew.unknown_after);
        // A clock that was set back has skipped nothing: deadlines only come later.
        let is_next = last.is_some_and(|last| now.since(last) < GAP);
        let round = async {
            if !is_next {
                crew.store.extend_unknown(deadline).await?;
            }
            let rescued = crew.store.rescue(worker, everyone, now, deadline).await?;
            // Before anything is tried again where it was tried: another channel may be asked instead.
            let mut stood_in = 0;
            loop {
                let (store, ids, zones) = (&*crew.store, &*crew.ids, &*crew.zones);
                let watched = keep_watch(store, ids, zones, now, BATCH).await?;
                stood_in += watched;
                if watched < usize::try_from(BATCH).unwrap_or(usize::MAX) {
                    break;
                }
            }
            let given_up = crew.store.give_up_waiting(now, MOST_ATTEMPTS, MOST_LOST).await?;
            Ok::<_, dispatch::error::Error>((rescued, given_up, stood_in as u64))
        };
        match round.await {
            Ok((rescued, given_up, stood_in)) => {
                (everyone, last) = (false, Some(now));
                if stood_in > 0 {
                    tracing::info!(stood_in, "did not arrive in time: the next channel stands in");
                    metrics::counter!("facteur_stood_in_total").increment(stood_in);
                    crew.wakes.sender.ring();
                }
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
                    crew.wakes.sender.ring();
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
