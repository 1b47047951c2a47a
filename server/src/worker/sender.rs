//! Sends what is due: claims leases, calls the provider, writes down how each attempt ended.
//!
//! At most [`IN_FLIGHT`] calls are open at a time. Ended attempts are gathered while the previous
//! commit runs and a moment longer, so a commit serves as many as have ended meanwhile.

use super::desk::{Desk, Ended};
use super::lane::Lanes;
use super::queue::Queues;
use super::reach::Gate;
use super::{Crew, stage};
use dispatch::attempt::Claimed;
use dispatch::error::Result;
use dispatch::port::Finished;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

/// Open calls at a time: enough for 2,500 messages a second at a provider that takes 200 ms, because a place is free
/// again only when its attempt's end is written down.
const IN_FLIGHT: usize = 768;
/// Messages claimed at a time.
const CLAIM: usize = 256;
/// A lease outlives the provider's longest answer (10 s) and the commit after it.
const LEASE: Duration = Duration::from_secs(20);

/// What a look at the queues came to.
enum Step {
    /// Leased: to be sent, or already settled.
    Claimed(Vec<(Claimed, Option<Finished>)>),
    /// Nothing to do for so long.
    Rest(Duration),
}

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    let (ended, mut results) = mpsc::unbounded_channel::<Ended>();
    let gate = Arc::new(Gate::default());
    let desk = Arc::new(Desk::new(crew.clone(), gate.clone()));
    let mut queues = Queues::new(&crew, gate.clone());

    let writing = tokio::spawn({
        let desk = desk.clone();
        async move {
            let mut batch = Vec::with_capacity(CLAIM);
            while results.recv_many(&mut batch, CLAIM).await > 0 {
                desk.write_down(&mut batch).await;
                tokio::time::sleep(stage::GATHER).await;
            }
        }
    });

    let places = Arc::new(Semaphore::new(IN_FLIGHT));
    let lanes = Arc::new(Lanes::default());
    while !ending.is_cancelled() {
        let free = places.available_permits();
        if free < IN_FLIGHT {
            queues.attend(&crew, crew.clock.now()).await;
        }
        match claim(&crew, &mut queues, &gate, free.min(CLAIM)).await {
            Ok(Step::Rest(rest)) => stage::rest(&crew.wakes.sender, rest, &ending).await,
            Ok(Step::Claimed(claimed)) => {
                for (one, settled) in claimed {
                    let turn = lanes.join(one.sender, &one.to);
                    let Ok(place) = places.clone().acquire_owned().await else { break };
                    if let Some(finished) = settled {
                        let _ = ended.send(Ended { finished, claimed: one, _place: place });
                        continue;
                    }
                    let (desk, ended) = (desk.clone(), ended.clone());
                    tokio::spawn(async move {
                        let finished = desk.send(&one, turn).await;
                        // The writer ends only after every sender.
                        let _ = ended.send(Ended { finished, claimed: one, _place: place });
                    });
                }
                stage::gather(&ending).await;
            }
            Err(error) => {
                tracing::warn!(%error, "nothing could be claimed; it will be tried again");
                stage::rest(&crew.wakes.sender, Duration::from_millis(500), &ending).await;
            }
        }
    }
    // What is under way is finished and written down; nothing new is claimed.
    queues.leave(&crew).await;
    drop(ended);
    if tokio::time::timeout(LEASE, writing).await.is_err() {
        tracing::warn!(
            "some attempts did not end in time; their outcome is unknown until a receipt tells"
        );
    }
}

async fn claim(crew: &Crew, queues: &mut Queues, gate: &Gate, free: usize) -> Result<Step> {
    // A handful of places is not worth a claim's commit while many calls are open.
    if free < CLAIM / 4 {
        return Ok(Step::Rest(Duration::from_millis(5)));
    }
    let now = crew.clock.now();
    let work = queues.look(crew, i64::try_from(free).unwrap_or(1), now).await?;
    if work.rooms.is_empty() {
        return Ok(Step::Rest(work.rest));
    }
    queues.attend(crew, now).await;
    let claimed = crew.store.claim(queues.worker(), now, LEASE, &work.rooms, &*crew.ids).await?;
    if claimed.is_empty() {
        return Ok(Step::Rest(work.rest));
    }
    Ok(Step::Claimed(gate.admit(crew, claimed, now).await))
}
