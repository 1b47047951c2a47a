//! Which senders' queues this worker serves, and how much of each it may take now.
//!
//! One worker at a time owns a sender, so that the sender's limits hold however many workers there are. Owning
//! runs out by itself: what a process that died had owned is taken over a few seconds later.

use super::Crew;
use super::reach::Gate;
use dispatch::breaker::Admits;
use dispatch::channel::Channel;
use dispatch::error::Result;
use dispatch::id::SenderId;
use dispatch::pace::share;
use dispatch::port::Queue;
use dispatch::time::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How long a sender is owned without being claimed again.
const OWNED: Duration = Duration::from_secs(5);
/// A worker that has leased something and says nothing for so long has died: long beside the second after which it
/// looks at its queues again at the latest.
const AT_WORK: Duration = Duration::from_secs(6);
/// How long a sender that another worker owns is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(1);
/// The longest rest: what another worker owned may be anybody's by then.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// The senders of this worker.
pub(super) struct Queues {
    worker: String,
    gate: Arc<Gate>,
    /// Until when each is ours.
    owned: HashMap<SenderId, Timestamp>,
    /// Until when each is certainly another's.
    others: HashMap<SenderId, Timestamp>,
    /// Until when others take this worker for alive.
    at_work: Option<Timestamp>,
}

/// What can be done now.
pub(super) struct Work {
    /// How many messages to claim of each sender.
    pub rooms: Vec<(SenderId, i64)>,
    /// How long to rest if there are none.
    pub rest: Duration,
}

/// How much the provider of a sender's channel takes now.
fn admits(crew: &Crew, sender: SenderId, now: Timestamp) -> (Admits, Option<Channel>) {
    let breakers = crew.breakers();
    let channel = breakers.channel(sender);
    (channel.map_or(Admits::All, |channel| breakers.admits(channel, now)), channel)
}

impl Queues {
    /// On a database that only one process may use, a process that starts anew is the same worker as before and
    /// need not wait for what that one had owned.
    pub(super) fn new(crew: &Crew, gate: Arc<Gate>) -> Self {
        let worker = if crew.alone {
            "alone".to_owned()
        } else {
            format!("w{:020x}", crew.ids.random() & 0xffff_ffff_ffff_ffff_ffff)
        };
        Self { worker, gate, owned: HashMap::new(), others: HashMap::new(), at_work: None }
    }

    /// The name under which it leases.
    pub(super) fn worker(&self) -> &str {
        &self.worker
    }

    /// Looks at all queues and shares so many places among those that are due, ours and not too fast.
    pub(super) async fn look(&mut self, crew: &Crew, places: i64, now: Timestamp) -> Result<Work> {
        let queues = crew.store.queues().await?;
        let due = |queue: &&Queue| queue.first_due <= now;
        self.own(crew, queues.iter().filter(due).map(|queue| queue.sender), now).await?;

        let (mut wants, mut probed) = (Vec::new(), Vec::new());
        let mut rest = LONGEST_REST;
        for queue in &queues {
            if queue.first_due > now {
                rest = rest.min(queue.first_due.since(now).max(Duration::from_millis(1)));
            } else if self.owned.get(&queue.sender).is_some_and(|until| *until > now) {
                let room = crew.paces().room(queue.sender, now);
                let (admits, channel) = admits(crew, queue.sender, now);
                match (admits, room) {
                    (Admits::Nothing(until), _) => rest = rest.min(until.since(now)),
                    // Something will fit before long.
                    (_, 0) => rest = rest.min(Duration::from_millis(50)),
                    (Admits::All, room) => wants.push((queue.sender, room)),
                    // One for the provider, not one for each of its senders.
                    (Admits::Probe, _) if probed.contains(&channel) => {}
                    (Admits::Probe, _) => {
                        probed.push(channel);
                        wants.push((queue.sender, 1));
                    }
                }
            }
        }
        Ok(Work { rooms: share(places, &wants), rest })
    }

    /// Takes over, or keeps, what nobody else owns.
    async fn own(
        &mut self,
        crew: &Crew,
        due: impl Iterator<Item = SenderId>,
        now: Timestamp,
    ) -> Result<()> {
        self.owned.retain(|_, until| *until > now);
        self.others.retain(|_, until| *until > now);
        let early = now.plus(OWNED / 2);
        let wanted: Vec<SenderId> = due
            .filter(|sender| self.owned.get(sender).is_none_or(|until| *until < early))
            .filter(|sender| !self.others.contains_key(sender))
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let until = now.plus(OWNED);
        let owned = crew.store.own(&self.worker, &wanted, now, until).await?;
        // Before anything of theirs is claimed.
        self.gate.learn(crew, &owned).await?;
        for sender in wanted {
            if owned.contains(&sender) {
                self.owned.insert(sender, until);
            } else {
                self.owned.remove(&sender);
                self.others.insert(sender, now.plus(LEFT_ALONE));
            }
        }
        Ok(())
    }

    /// Says that this worker is alive, before it leases anything and as long as it has calls under way.
    pub(super) async fn attend(&mut self, crew: &Crew, now: Timestamp) {
        let fresh = self.at_work.is_some_and(|until| until > now.plus(AT_WORK / 2));
        if crew.alone || fresh {
            return;
        }
        let until = now.plus(AT_WORK);
        match crew.store.attend(&self.worker, now, until).await {
            Ok(()) => self.at_work = Some(until),
            Err(error) => tracing::warn!(%error, "this worker could not say that it is at work"),
        }
    }

    /// Leaves everything to others.
    pub(super) async fn leave(&self, crew: &Crew) {
        if let Err(error) = crew.store.disown(&self.worker).await {
            tracing::warn!(%error, "this worker's senders could not be given up; others take them over in a moment");
        }
    }
}
