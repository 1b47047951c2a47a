//! One message sent: its turn, the second look, the sender's credentials, the call, and what follows.

use super::Crew;
use super::lane::Turn;
use super::reach::Gate;
use dispatch::attempt::{Answer, Claimed, Consequence, Failure};
use dispatch::breaker::{BreakerState, Pass};
use dispatch::channel::Channel;
use dispatch::id::SenderId;
use dispatch::pace::Slot;
use dispatch::port::{Finished, SenderAccess, Settlement};
use dispatch::time::Timestamp;
use dispatch::usecase::{
    PROVIDER_DOWN, Setback, give_back, hand_on, heed, keep_quiet, settle_attempt, settle_recheck,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// Whoever waited longer than this behind earlier messages to the same recipient goes back to the queue: the
/// provider's longest answer must still fit into the lease.
const PATIENCE: Duration = Duration::from_secs(7);
/// A slot further away than this is waited for in the queue, not at the desk: places are few.
const BREATH: Duration = Duration::from_secs(1);
/// How long a sender's credentials are kept before they are read again.
const ACCESS_KEPT: Duration = Duration::from_secs(5);

/// An attempt that ended, and the place that becomes free when it is written down.
pub(super) struct Ended {
    pub finished: Finished,
    pub claimed: Claimed,
    pub _place: OwnedSemaphorePermit,
}

pub(super) struct Desk {
    crew: Crew,
    gate: Arc<Gate>,
    /// Until when each number rested when that was last noted.
    noted: Mutex<HashMap<SenderId, Timestamp>>,
    accesses: Mutex<HashMap<SenderId, (Arc<SenderAccess>, Timestamp)>>,
}

fn failure(code: &str) -> Failure {
    Failure { code: code.to_owned(), ..Failure::default() }
}

impl Desk {
    pub(super) fn new(crew: Crew, gate: Arc<Gate>) -> Self {
        Self { crew, gate, noted: Mutex::default(), accesses: Mutex::default() }
    }

    /// Anything in 0..=1, alike often.
    fn draw(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a draw needs no more than 32 bits")]
        let draw = (self.crew.ids.random() & 0xffff_ffff) as f64 / f64::from(u32::MAX);
        draw
    }

    /// Sends one message when its turn has come, and says what follows.
    pub(super) async fn send(&self, one: &Claimed, mut turn: Turn) -> Finished {
        let crew = &self.crew;
        let claimed_at = crew.clock.now();
        turn.come().await;
        let now = crew.clock.now();
        if let Some(finished) = settle_recheck(one, now, self.draw()) {
            return finished;
        }
        if let Some(finished) = keep_quiet(one, now, &*crew.zones) {
            return finished;
        }
        if now.since(claimed_at) > PATIENCE {
            return give_back(one, "recipient_busy", now, now);
        }
        if let Some(finished) = self.stand_back(one, now) {
            return finished;
        }
        let access = self.access(one).await;
        let slot = crew.paces().take((one.sender, &one.to), BREATH, now);
        match slot {
            Slot::RecipientRests(until) => return give_back(one, "recipient_limit", until, now),
            Slot::NumberRests(until) => return give_back(one, "number_limit", until, now),
            Slot::At(at) if at > now => tokio::time::sleep(at.since(now)).await,
            Slot::At(_) => {}
        }
        let answer = match access {
            Ok(access) => {
                // Others may have found out while this one waited for its slot.
                let now = crew.clock.now();
                let pass = crew.breakers().take(one.channel, now);
                if let Pass::Rests(until) = pass {
                    return give_back(one, PROVIDER_DOWN, until, now);
                }
                let answer = crew.provider.send(&access, one).await;
                self.note(one.channel, &answer);
                answer
            }
            Err(failure) => Answer::Retry(failure),
        };
        metrics::counter!("facteur_attempts_total", "outcome" => answer.outcome().word())
            .increment(1);
        let now = crew.clock.now();
        let slowed = answer
            .failure()
            .and_then(|failure| self.slow(one, failure.follows, now))
            .max(crew.breakers().rests(one.channel, now));
        let mut finished = settle_attempt(one, answer, now, crew.unknown_after, self.draw());
        if let (Settlement::Again(at) | Settlement::PutOff(at), Some(until)) =
            (&mut finished.settlement, slowed)
        {
            *at = (*at).max(until);
        }
        finished
    }

    /// Keeps a message away from a provider that does not answer: another channel stands in when that has lasted,
    /// or it waits.
    fn stand_back(&self, one: &Claimed, now: Timestamp) -> Option<Finished> {
        let mut breakers = self.crew.breakers();
        breakers.meet(one.sender, one.channel);
        let until = breakers.rests(one.channel, now)?;
        let away = breakers.is_away(one.channel, now);
        let handed_on = if away { hand_on(one, PROVIDER_DOWN, now) } else { None };
        Some(handed_on.unwrap_or_else(|| give_back(one, PROVIDER_DOWN, until, now)))
    }

    /// What a call says about its provider: any answer shows it at work, a refusal too.
    fn note(&self, channel: Channel, answer: &Answer) {
        let mut breakers = self.crew.breakers();
        let before = breakers.state(channel);
        match answer.failure() {
            Some(failure) if failure.follows == Consequence::ProviderDown => {
                breakers.trouble(channel, self.crew.clock.now());
            }
            _ => breakers.answered(channel),
        }
        let after = breakers.state(channel);
        drop(breakers);
        if before != after {
            let open = after != BreakerState::Closed;
            metrics::gauge!("facteur_breaker_open", "channel" => channel.word()).set(if open {
                1.0
            } else {
                0.0
            });
            if after == BreakerState::Closed {
                tracing::info!(channel = channel.word(), "the provider answers again");
            } else if before == BreakerState::Closed {
                tracing::warn!(
                    channel = channel.word(),
                    "the provider does not answer; it is probed from now on"
                );
            }
        }
    }

    /// Goes slower where the provider said that we are too fast. Answers until when nothing more goes there.
    fn slow(&self, one: &Claimed, follows: Consequence, now: Timestamp) -> Option<Timestamp> {
        let mut paces = self.crew.paces();
        let (what, until) = match follows {
            Consequence::SlowPair => ("pair", paces.slow_pair(one.sender, &one.to, now)),
            Consequence::SlowNumber => ("number", paces.slow_number(one.sender, now)),
            Consequence::SlowAccount => ("account", paces.slow_account(one.sender, now)),
            _ => return None,
        };
        metrics::counter!("facteur_slowed_total", "what" => what).increment(1);
        Some(until)
    }

    /// The sender's credentials, from memory if they are fresh.
    async fn access(&self, one: &Claimed) -> Result<Arc<SenderAccess>, Failure> {
        let now = self.crew.clock.now();
        let kept = {
            let accesses = self.accesses.lock().unwrap_or_else(PoisonError::into_inner);
            accesses.get(&one.sender).cloned()
        };
        if let Some((access, at)) = kept
            && now >= at
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
        {
            let mut paces = self.crew.paces();
            paces.meet(one.sender, &access.waba_id, access.per_second, now);
            if let Some(slowed) = &access.slowed {
                paces.recall(one.sender, slowed, now);
            }
        }
        let access = Arc::new(access);
        self.accesses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(one.sender, (access.clone(), now));
        Ok(access)
    }

    /// Commits ended attempts, again and again until the store takes them: an answer that is not
    /// written down would become an unknown outcome.
    pub(super) async fn write_down(&self, batch: &mut Vec<Ended>) {
        let finished: Vec<Finished> = batch.iter().map(|ended| ended.finished.clone()).collect();
        let mut pause = Duration::from_millis(50);
        while let Err(error) = self.crew.store.finish(&finished).await {
            tracing::warn!(%error, count = finished.len(), "ended attempts could not be written down; trying again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
        self.gate.give_back_places(&self.crew, batch).await;
        for ended in batch.drain(..) {
            self.heed(&ended).await;
        }
    }

    /// What a failure says about more than its message.
    async fn heed(&self, Ended { finished, claimed, .. }: &Ended) {
        let Some(failure) = finished.answer.as_ref().and_then(Answer::failure) else { return };
        if matches!(failure.follows, Consequence::SlowNumber | Consequence::SlowAccount) {
            self.note_slowed(claimed).await;
        }
        let setback = Setback {
            account: finished.account,
            sender: finished.sender,
            text: Some((&claimed.template, &claimed.language)),
            to: Some(&claimed.to),
            code: &failure.code,
            at: finished.at,
        };
        let (store, ids) = (&*self.crew.store, &*self.crew.ids);
        if let Err(error) = heed(store, store, store, ids, setback, failure.follows).await {
            tracing::warn!(%error, "what a failure says could not be noted");
        }
    }

    /// Notes what was learned of a number, once for each rest: whoever sends from it next goes on as slowly.
    async fn note_slowed(&self, one: &Claimed) {
        let Some(slowed) = self.crew.paces().learned(one.sender) else { return };
        let until = slowed.rests_until.max(slowed.account_until.unwrap_or(slowed.rests_until));
        let before = {
            let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            noted.insert(one.sender, until)
        };
        if before != Some(until)
            && let Err(error) = self.crew.store.note_slowed(one.account, one.sender, &slowed).await
        {
            tracing::warn!(%error, "how fast a number may go could not be noted");
        }
    }
}
