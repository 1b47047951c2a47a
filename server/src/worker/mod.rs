//! What goes on in the background: one loop per arrow of the pipeline, each a loop around one use case.
//!
//! A stage is woken by the one before it, and looks by itself now and then: a wake-up that was lost (a
//! crash, another process) costs a moment, never a message.

pub mod bell;
mod burst;
mod desk;
mod keeper;
mod lane;
mod lookout;
mod queue;
mod reach;
mod receipts;
mod replayer;
mod rescuer;
mod reviewer;
mod sender;
mod stage;
mod subscriber;
mod sweeper;

pub use bell::Bell;
pub use burst::Burst;

use crate::store::Everything;
use dispatch::breaker::Breakers;
use dispatch::event::Reading;
use dispatch::id::IdSource;
use dispatch::pace::Paces;
use dispatch::port::{Links, Provider};
use dispatch::retention::Retention;
use dispatch::source::Source;
use dispatch::time::Clock;
use dispatch::usecase::{Terms, decide_events, understand_deliveries};
use dispatch::zone::Zones;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How the stages wake each other.
#[derive(Clone, Default)]
pub struct Wakes {
    /// A delivery was stored.
    pub ingester: Bell,
    /// An event was stored.
    pub decider: Bell,
    /// A message is due.
    pub sender: Bell,
    /// A receipt was stored.
    pub receipts: Bell,
    /// A sender was connected.
    pub subscriber: Bell,
    /// Webhooks come faster than one at a time can be written.
    pub burst: Arc<Burst>,
    /// A template was submitted.
    pub reviewer: Bell,
}

/// What the loops work with.
#[derive(Clone)]
pub struct Crew {
    /// Everything stored.
    pub store: Arc<dyn Everything>,
    /// The way out.
    pub provider: Arc<dyn Provider>,
    /// Reads a source's bytes.
    pub read: fn(Source, &[u8]) -> Reading,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Mints ids.
    pub ids: Arc<dyn IdSource>,
    /// How clocks are set around the world.
    pub zones: Arc<dyn Zones>,
    /// Makes the links that messages carry.
    pub links: Arc<dyn Links>,
    /// Wake-ups.
    pub wakes: Wakes,
    /// Where receipts are to go: public address without a slash at the end.
    pub base_url: String,
    /// How old news may be.
    pub stale_after: Duration,
    /// How long a lost answer waits for a receipt before it is given up.
    pub unknown_after: Duration,
    /// How many people a portfolio may reach within a day while its provider has not told; none for any number.
    pub unknown_reach: Option<u32>,
    /// How long things are kept.
    pub retention: Retention,
    /// Whether no other process can hold a lease.
    pub alone: bool,
    /// How fast each number goes.
    pub paces: Arc<Mutex<Paces>>,
    /// Whether each channel's provider answers.
    pub breakers: Arc<Mutex<Breakers>>,
}

impl Crew {
    /// How fast each number goes; held for a moment only.
    fn paces(&self) -> MutexGuard<'_, Paces> {
        self.paces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many rows a stage takes now.
    fn batch(&self) -> i64 {
        self.wakes.burst.batch(Instant::now())
    }

    /// Whether each channel's provider answers; held for a moment only.
    fn breakers(&self) -> MutexGuard<'_, Breakers> {
        self.breakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rows a stage takes at a time: enough to make a commit worth its sync, few enough that a webhook which
/// waits behind that commit is still answered quickly.
const BATCH: i64 = 500;
/// How often a stage looks by itself: the net under bells that were not heard.
const LOOK: Duration = Duration::from_secs(2);

/// Starts every loop; `me` is what this process calls itself among others. They end with the token: each finishes the step it is in.
pub fn start(crew: &Crew, me: &str, tasks: &TaskTracker, ending: &CancellationToken) {
    let c = crew.clone();
    let wakes = c.wakes.clone();
    tasks.spawn(stage::run(
        "ingester",
        wakes.ingester,
        Some(wakes.decider),
        wakes.burst,
        ending.clone(),
        move || {
            let c = c.clone();
            async move { understand_deliveries(&*c.store, &c.read, &*c.ids, c.batch()).await }
        },
    ));

    let c = crew.clone();
    let wakes = c.wakes.clone();
    tasks.spawn(stage::run(
        "decider",
        wakes.decider,
        Some(wakes.sender),
        wakes.burst,
        ending.clone(),
        move || {
            let c = c.clone();
            async move {
                let terms = Terms {
                    now: c.clock.now(),
                    stale_after: c.stale_after,
                    zones: &*c.zones,
                    links: &*c.links,
                };
                decide_events(&*c.store, &*c.ids, terms, c.batch()).await
            }
        },
    ));

    tasks.spawn(receipts::run(crew.clone(), ending.clone()));
    tasks.spawn(sender::run(crew.clone(), ending.clone()));
    tasks.spawn(rescuer::run(crew.clone(), ending.clone()));
    tasks.spawn(reach::run(crew.clone(), ending.clone()));
    tasks.spawn(subscriber::run(crew.clone(), ending.clone()));
    tasks.spawn(reviewer::run(crew.clone(), ending.clone()));
    tasks.spawn(replayer::run(crew.clone(), ending.clone()));
    tasks.spawn(sweeper::run(crew.clone(), ending.clone()));
    tasks.spawn(lookout::run(crew.clone(), ending.clone()));
    tasks.spawn(keeper::run(crew.clone(), ending.clone()));
    if !crew.alone {
        tasks.spawn(bell::listen(crew.clone(), me.to_owned(), ending.clone()));
    }
}
