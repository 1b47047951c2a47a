//! A burst of webhooks is taken in first.
//!
//! Who sends a webhook waits for its answer, gives up after seconds and switches a hook off that is slow;
//! what it says can be understood a moment later. So while webhooks come faster than one at a time can be
//! written, the stages behind them rest longer between their steps and take more at a time: the same work
//! costs less, and the database has room for what cannot wait. They never stand still. Unless it is a flood they take
//! less at a time meanwhile: who waits behind one of their commits waits for a short one.

use super::BATCH;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// So many in one commit are a burst.
const MANY: usize = 8;
/// So many are a flood: the answers take long enough that one long commit more says little.
const MORE: usize = 24;
/// So long after such a commit the burst counts as over.
const OVER: Duration = Duration::from_millis(50);

/// Whether one is under way.
#[derive(Debug)]
pub struct Burst {
    began: Instant,
    /// Milliseconds after `began` until which it lasts.
    until: AtomicU64,
    /// The same of a flood.
    flood_until: AtomicU64,
}

impl Default for Burst {
    fn default() -> Self {
        Self { began: Instant::now(), until: AtomicU64::new(0), flood_until: AtomicU64::new(0) }
    }
}

impl Burst {
    /// So many webhooks have been written in one commit.
    pub fn written(&self, count: usize, now: Instant) {
        if count >= MANY {
            self.until.store(self.millis(now + OVER), Ordering::Relaxed);
        }
        if count >= MORE {
            self.flood_until.store(self.millis(now + OVER), Ordering::Relaxed);
        }
    }

    /// Whether it lasts.
    pub fn is_under_way(&self, now: Instant) -> bool {
        self.millis(now) < self.until.load(Ordering::Relaxed)
    }

    /// How many rows a stage takes at a time.
    pub fn batch(&self, now: Instant) -> i64 {
        let is_flood = self.millis(now) < self.flood_until.load(Ordering::Relaxed);
        if self.is_under_way(now) && !is_flood { BATCH / 2 } else { BATCH }
    }

    fn millis(&self, at: Instant) -> u64 {
        u64::try_from(at.duration_since(self.began).as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_at_once_are_a_burst_for_a_moment_and_few_are_none() {
        let burst = Burst::default();
        let now = Instant::now();
        burst.written(MANY - 1, now);
        assert!(!burst.is_under_way(now));
        burst.written(MANY, now);
        assert!(burst.is_under_way(now));
        assert!(!burst.is_under_way(now + OVER));
        assert!(burst.batch(now) < BATCH, "whoever waits waits for a short commit");
        assert_eq!(burst.batch(now + OVER), BATCH);
        burst.written(MORE, now);
        assert_eq!(burst.batch(now), BATCH);
    }
}
