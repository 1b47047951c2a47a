//! The one place that asks the system's generator; and the system's clock beside it.

use dispatch::id::IdSource;
use dispatch::time::{Clock, Timestamp};
use rand::RngCore;
use std::time::UNIX_EPOCH;

/// Fills bytes nobody can guess.
#[expect(clippy::disallowed_methods, reason = "this is where the generator others take comes from")]
pub fn fill(bytes: &mut [u8]) {
    rand::rng().fill_bytes(bytes);
}

/// Ids from the system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl IdSource for SystemIds {
    fn random(&self) -> u128 {
        let mut bytes = [0; 16];
        fill(&mut bytes);
        u128::from_le_bytes(bytes)
    }
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that others take")]
    fn now(&self) -> Timestamp {
        // A clock set before 1970 counts as 1970: ids and prices then look wrong, and nothing breaks.
        let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_past_the_day_this_was_written_and_ids_differ() {
        assert!(SystemClock.now() > Timestamp::from_seconds(1_760_000_000));
        assert_ne!(SystemIds.random(), SystemIds.random());
    }
}
