//! How often somebody may try to come in: token buckets in memory, per client address and per e-mail.
//!
//! A process that starts again starts with full buckets; with several processes each has its own. Both
//! only make the limits a little more generous than written here. What counts is that a password
//! cannot be tried thousands of times, and the hashes' own cost helps.

use dispatch::id::BrandId;
use dispatch::time::{Clock, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Buckets kept per kind. When there are more, those that are full again are forgotten first.
const MOST: usize = 10_000;

/// Limits on the doors.
pub struct Throttles {
    clock: Arc<dyn Clock>,
    by_address: Buckets,
    by_email: Buckets,
    customers: Buckets,
    joins: Buckets,
    joins_by_number: Buckets,
}

impl Throttles {
    /// Fresh limits: 30 tries at once and one every 2 s for an address (an office shares one), 10 at
    /// once and one every 30 s for an e-mail.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            by_address: Buckets::new(30, Duration::from_secs(2)),
            by_email: Buckets::new(10, Duration::from_secs(30)),
            customers: Buckets::new(120, Duration::from_millis(500)),
            joins: Buckets::new(30, Duration::from_secs(10)),
            joins_by_number: Buckets::new(5, Duration::from_secs(600)),
        }
    }

    /// Takes a try from the address's bucket and the e-mail's. Unknown e-mails have buckets like known
    /// ones, so that the answer tells nothing.
    ///
    /// # Errors
    /// How long to wait.
    pub fn enter(&self, address: &str, email: &str) -> Result<(), Duration> {
        let now = self.clock.now();
        self.by_address.take(address, now)?;
        match self.key(email) {
            Some(email) => self.by_email.take(&email, now),
            None => Ok(()),
        }
    }

    /// Takes one look at a customer's page from the address's bucket: 120 at once and two a second.
    ///
    /// # Errors
    /// How long to wait.
    pub fn customer(&self, address: &str) -> Result<(), Duration> {
        self.customers.take(address, self.clock.now())
    }

    /// Takes one form of a sign-up page from the address's bucket: 30 at once (a carrier's customers share
    /// one) and six a minute.
    ///
    /// # Errors
    /// How long to wait.
    pub fn join(&self, address: &str) -> Result<(), Duration> {
        self.joins.take(address, self.clock.now())
    }

    /// Takes one from the bucket of a number at a brand: five at once and six an hour, whoever asks and
    /// whether anybody knows the number or not.
    ///
    /// # Errors
    /// How long to wait.
    pub fn join_number(&self, brand: BrandId, number: &str) -> Result<(), Duration> {
        self.joins_by_number.take(&format!("{brand} {number}"), self.clock.now())
    }

    /// Gives a try back to somebody who did come in: only failures count.
    pub fn came_in(&self, address: &str, email: &str) {
        self.by_address.give_back(address);
        if let Some(email) = self.key(email) {
            self.by_email.give_back(&email);
        }
    }

    /// The same address however it is written; nothing longer than an address can be.
    #[expect(clippy::unused_self, reason = "reads as a part of the limits")]
    fn key(&self, email: &str) -> Option<String> {
        let email = email.trim().to_lowercase();
        (!email.is_empty() && email.len() <= 254).then_some(email)
    }
}

/// One kind of bucket, by key.
struct Buckets {
    /// Tokens of a full bucket.
    size: f64,
    /// Time in which one token comes back.
    refill: Duration,
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Timestamp,
}

impl Buckets {
    fn new(size: u32, refill: Duration) -> Self {
        Self { size: f64::from(size), refill, buckets: Mutex::default() }
    }

    fn filled(&self, bucket: Bucket, now: Timestamp) -> f64 {
        let back = now.since(bucket.at).as_secs_f64() / self.refill.as_secs_f64();
        (bucket.tokens + back).min(self.size)
    }

    fn take(&self, key: &str, now: Timestamp) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(key) {
            buckets.retain(|_, bucket| self.filled(*bucket, now) < self.size);
            if buckets.len() >= MOST {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(key.to_owned()).or_insert(Bucket { tokens: self.size, at: now });
        *bucket = Bucket { tokens: self.filled(*bucket, now), at: now };
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            Ok(())
        } else {
            Err(self.refill.mul_f64(1.0 - bucket.tokens))
        }
    }

    fn give_back(&self, key: &str) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(key) {
            bucket.tokens = (bucket.tokens + 1.0).min(self.size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[derive(Default)]
    struct Hands(AtomicI64);

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(self.0.load(Ordering::Relaxed))
        }
    }

    #[test]
    fn failures_run_out_and_come_back_with_time() {
        let clock = Arc::new(Hands::default());
        let throttles = Throttles::new(clock.clone());
        for _ in 0..10 {
            assert_eq!(throttles.enter("a", "ada@example.org"), Ok(()));
        }
        let wait = throttles.enter("b", " ADA@example.org").expect_err("ten were enough");
        assert_eq!(wait, Duration::from_secs(30));
        assert_eq!(throttles.enter("b", "eve@example.org"), Ok(()), "others are not held up");
        clock.0.store(30, Ordering::Relaxed);
        assert_eq!(throttles.enter("b", "ada@example.org"), Ok(()));
        assert!(throttles.enter("b", "ada@example.org").is_err());
    }

    #[test]
    fn coming_in_costs_nothing() {
        let throttles = Throttles::new(Arc::new(Hands::default()));
        for _ in 0..100 {
            assert_eq!(throttles.enter("a", "ada@example.org"), Ok(()));
            throttles.came_in("a", "ada@example.org");
        }
    }

    #[test]
    fn the_number_of_buckets_is_bounded() {
        let buckets = Buckets::new(1, Duration::from_secs(1));
        for n in 0..MOST + 50 {
            let _ = buckets.take(&n.to_string(), Timestamp::from_seconds(0));
        }
        assert!(buckets.buckets.lock().expect("not poisoned").len() <= MOST);
    }
}
