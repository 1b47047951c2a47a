//! Buckets of the two rate limits a number can be given.

/// A bucket that leaks at a steady rate; counted in thousandths so that no fraction is lost.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bucket {
    filled: u64,
    /// Unix milliseconds of the last look.
    at: u64,
}

impl Bucket {
    /// Takes one of `room`, of which `leak` thousandths come back each millisecond.
    pub(crate) fn take(&mut self, now: u64, room: u32, leak: Leak) -> bool {
        let (amount, millis) = leak.rate();
        let back = now.saturating_sub(self.at).saturating_mul(amount) / millis;
        if back > 0 {
            self.filled = self.filled.saturating_sub(back);
            // Only the time that was turned into room: what is left of it counts next time.
            self.at += back * millis / amount.max(1);
        }
        if self.filled + 1_000 > u64::from(room) * 1_000 {
            return false;
        }
        self.filled += 1_000;
        true
    }
}

/// How fast room comes back.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Leak {
    PerSecond(u32),
    /// Meta's pair rate.
    OneInSixSeconds,
}

impl Leak {
    /// Thousandths, and the milliseconds in which they come back.
    fn rate(self) -> (u64, u64) {
        match self {
            Self::PerSecond(count) => (u64::from(count), 1),
            Self::OneInSixSeconds => (1, 6),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_once_and_room_comes_back_slowly() {
        let mut bucket = Bucket::default();
        let take = |bucket: &mut Bucket, now| bucket.take(now, 2, Leak::OneInSixSeconds);
        assert!(take(&mut bucket, 100_000));
        assert!(take(&mut bucket, 100_000));
        assert!(!take(&mut bucket, 100_000));
        assert!(!take(&mut bucket, 105_000));
        assert!(take(&mut bucket, 106_001));
        assert!(!take(&mut bucket, 106_001));
    }
}
