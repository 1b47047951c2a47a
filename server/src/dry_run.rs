//! Dry runs: computed beside the threads that answer requests, on every core, a bounded number at a time.

use dispatch::error::{Error, Result};
use dispatch::forecast::{DryRun, Sheet, Weighed, Wish};
use dispatch::id::IdSource;
use dispatch::port::Store;
use dispatch::tenant::Viewer;
use dispatch::time::Clock;
use dispatch::usecase::{Extent, Ports, dry_run};
use dispatch::zone::Zones;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long a run may wait for the one before it, unless said otherwise.
const PATIENCE: Duration = Duration::from_secs(5);

/// What runs dry runs.
#[derive(Clone)]
pub struct DryRuns {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    zones: Arc<dyn Zones>,
    stale_after: Duration,
    patience: Duration,
    /// One at a time: each takes every core.
    permits: Arc<Semaphore>,
}

impl DryRuns {
    /// With what decisions depend on.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        zones: Arc<dyn Zones>,
        stale_after: Duration,
    ) -> Self {
        let (patience, permits) = (PATIENCE, Arc::new(Semaphore::new(1)));
        Self { store, clock, ids, zones, stale_after, patience, permits }
    }

    /// With another patience.
    #[must_use]
    pub const fn patient_for(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Runs one.
    ///
    /// # Errors
    /// As [`dry_run`]; `Limit` with `dry_runs` when others take too long.
    pub async fn run(&self, viewer: Viewer, wish: Wish) -> Result<DryRun> {
        let turn = tokio::time::timeout(self.patience, self.permits.clone().acquire_owned()).await;
        let Ok(Ok(permit)) = turn else { return Err(Error::Limit { what: "dry_runs" }) };
        let (this, runtime) = (self.clone(), tokio::runtime::Handle::current());
        let computing = tokio::task::spawn_blocking(move || {
            let ports = Ports { store: &*this.store, clock: &*this.clock, ids: &*this.ids };
            let extent = Extent::new(this.stale_after, &*this.zones);
            let done = runtime.block_on(dry_run(&ports, &viewer, extent, &wish, &weigh));
            drop(permit);
            done
        });
        // Nobody waits for a run whose asker has gone; it ends by itself.
        computing.await.unwrap_or(Err(Error::Unavailable))
    }
}

/// Weighs sheets on every core.
#[must_use]
pub fn weigh<'z>(sheets: Vec<Sheet<'z>>) -> Vec<Weighed<'z>> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = sheets.len().div_ceil(cores).max(1);
    let mut sheets = sheets.into_iter();
    std::thread::scope(|scope| {
        let mut others = Vec::new();
        let own: Vec<Sheet<'z>> = sheets.by_ref().take(share).collect();
        loop {
            let part: Vec<Sheet<'z>> = sheets.by_ref().take(share).collect();
            if part.is_empty() {
                break;
            }
            others.push(scope.spawn(|| part.into_iter().map(Sheet::weigh).collect::<Vec<_>>()));
        }
        let mut weighed: Vec<Weighed<'z>> = own.into_iter().map(Sheet::weigh).collect();
        for other in others {
            match other.join() {
                Ok(part) => weighed.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        weighed
    })
}
