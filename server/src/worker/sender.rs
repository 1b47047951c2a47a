//! Sends what is due: claims leases, calls the provider, writes down how each attempt ended.
//!
//! At most [`IN_FLIGHT`] calls are open at a time. Ended attempts are gathered while the previous
//! commit runs and a moment longer, so a commit serves as many as have ended meanwhile.

use super::lane::{Lanes, Turn};
use super::{Crew, stage};
use dispatch::attempt::{Answer, Claimed, Failure, SenderHarm};
use dispatch::brand::SenderState;
use dispatch::id::SenderId;
use dispatch::port::{Finished, SenderAccess};
use dispatch::time::Timestamp;
use dispatch::usecase::{settle_attempt, settle_recheck};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

/// Open calls at a time: enough for 2,500 messages a second at a provider that takes 200 ms.
const IN_FLIGHT: usize = 512;
/// Messages claimed at a time.
const CLAIM: usize = 256;
/// A lease outlives the provider's longest answer (10 s) and the commit after it.
const LEASE: Duration = Duration::from_secs(20);
/// Whoever waited longer than this behind earlier messages to the same recipient goes back to the queue: the
/// provider's longest answer must still fit into the lease.
const PATIENCE: Duration = Duration::from_secs(7);
/// How long a sender's credentials are kept before they are read again.
const ACCESS_KEPT: Duration = Duration::from_secs(5);

type Ended = (Finished, OwnedSemaphorePermit);

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    let worker = format!("w{:020x}", crew.ids.random() & 0xffff_ffff_ffff_ffff_ffff);
    let (ended, mut results) = mpsc::unbounded_channel::<Ended>();
    let desk = Arc::new(Desk { crew: crew.clone(), accesses: Mutex::default() });

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
        let free = places.available_permits().min(CLAIM);
        // A handful of places is not worth a claim's commit while many calls are open.
        let claimed = if free < CLAIM / 4 {
            Ok(Vec::new())
        } else {
            let limit = i64::try_from(free).unwrap_or(1);
            crew.store.claim(&worker, crew.clock.now(), LEASE, limit, &*crew.ids).await
        };
        match claimed {
            Ok(claimed) if claimed.is_empty() => {
                let wait =
                    if free < CLAIM / 4 { Duration::from_millis(5) } else { desk.wait().await };
                stage::rest(&crew.wakes.sender, wait, &ending).await;
            }
            Ok(claimed) => {
                for one in claimed {
                    let turn = lanes.join(one.sender, &one.to);
                    let Ok(place) = places.clone().acquire_owned().await else { break };
                    let (desk, ended) = (desk.clone(), ended.clone());
                    tokio::spawn(async move {
                        let finished = desk.send(&one, turn).await;
                        // The writer ends only after every sender.
                        let _ = ended.send((finished, place));
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
    drop(ended);
    if tokio::time::timeout(LEASE, writing).await.is_err() {
        tracing::warn!(
            "some attempts did not end in time; their outcome is unknown until a receipt tells"
        );
    }
}

fn failure(code: &str) -> Failure {
    Failure { code: code.to_owned(), ..Failure::default() }
}

struct Desk {
    crew: Crew,
    accesses: Mutex<HashMap<SenderId, (Arc<SenderAccess>, Timestamp)>>,
}

impl Desk {
    /// Sends one message when its turn has come, and says what follows.
    async fn send(&self, one: &Claimed, mut turn: Turn) -> Finished {
        let crew = &self.crew;
        let claimed_at = crew.clock.now();
        turn.come().await;
        if let Some(finished) = settle_recheck(one, crew.clock.now()) {
            return finished;
        }
        let waited = crew.clock.now().since(claimed_at) > PATIENCE;
        let answer = match self.access(one).await {
            _ if waited => Answer::Retry(failure("recipient_busy")),
            Ok(access) => crew.provider.send(&access, one).await,
            Err(failure) => Answer::Retry(failure),
        };
        metrics::counter!("facteur_attempts_total", "outcome" => answer.outcome().word())
            .increment(1);
        #[expect(clippy::cast_precision_loss, reason = "a draw needs no more than 32 bits")]
        let draw = (crew.ids.random() & 0xffff_ffff) as f64 / f64::from(u32::MAX);
        settle_attempt(one, answer, crew.clock.now(), crew.unknown_after, draw)
    }

    /// The sender's credentials, from memory if they are fresh.
    async fn access(&self, one: &Claimed) -> Result<Arc<SenderAccess>, Failure> {
        let now = self.crew.clock.now();
        let kept = {
            let accesses = self.accesses.lock().unwrap_or_else(PoisonError::into_inner);
            accesses.get(&one.sender).cloned()
        };
        if let Some((access, at)) = kept
            && now.since(at) < ACCESS_KEPT
        {
            return Ok(access);
        }
        let access = self
            .crew
            .store
            .sender_access(one.account, one.sender)
            .await
            .map_err(|_| failure("store_unavailable"))?
            .ok_or_else(|| failure("sender_missing"))?;
        let access = Arc::new(access);
        self.accesses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(one.sender, (access.clone(), now));
        Ok(access)
    }

    /// Commits ended attempts, again and again until the store takes them: an answer that is not
    /// written down would become an unknown outcome.
    async fn write_down(&self, batch: &mut Vec<Ended>) {
        let finished: Vec<Finished> = batch.iter().map(|(finished, _)| finished.clone()).collect();
        let mut pause = Duration::from_millis(50);
        while let Err(error) = self.crew.store.finish(&finished).await {
            tracing::warn!(%error, count = finished.len(), "ended attempts could not be written down; trying again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
        for one in &finished {
            self.note_harm(one).await;
        }
        batch.clear();
    }

    /// What the provider said about the sender as a whole.
    async fn note_harm(&self, finished: &Finished) {
        let Some(failure) = finished.answer.as_ref().and_then(Answer::failure) else { return };
        let state = match failure.sender {
            SenderHarm::Reconnect => SenderState::Reconnect,
            SenderHarm::Pause => SenderState::Paused,
            SenderHarm::None => return,
        };
        let (account, sender, code) = (finished.account, finished.sender, &failure.code);
        let store = &self.crew.store;
        let noted = store.set_sender_state(account, sender, state, Some(code), finished.at).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "a sender's state could not be noted");
        }
    }

    /// How long to rest: until the next message is due, or half a second.
    async fn wait(&self) -> Duration {
        let longest = Duration::from_millis(500);
        match self.crew.store.next_due().await {
            Ok(Some(at)) => {
                let now = self.crew.clock.now();
                at.since(now).clamp(Duration::from_millis(1), longest)
            }
            _ => longest,
        }
    }
}
