//! How fast we may send: per number, per pair of number and recipient, per business account.
//!
//! The figures are the platform's (contract §8 and §3.2): 80 messages a second from a number that was not
//! upgraded, one every six seconds to one recipient after a burst of 45. What is learned from its answers comes on
//! top: a number that was too fast rests and then goes at half its speed, a pair waits four times as long each
//! time. Nothing here looks at another number's queue, so slowing one never slows another.
//!
//! All of it is kept in the memory of the one worker that owns the number. What it has learned from complaints is
//! noted with the number ([`Slowed`]), so that a process that starts anew, or takes the number over, goes on as slowly.

use crate::id::SenderId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::Duration;

/// Messages a second from a number whose provider says nothing else.
pub const PER_SECOND: u32 = 80;
/// Between two messages to one recipient, once the burst is used up.
const PAIR_EVERY: Duration = Duration::from_secs(6);
/// Messages to one recipient that may come at once.
const PAIR_BURST: u32 = 45;
/// How far ahead messages are claimed: the gap between two claims under load must not leave a number idle.
const AHEAD: Duration = Duration::from_millis(250);
/// What a number may catch up at once after it was idle.
const CATCH_UP: Duration = Duration::from_millis(100);
/// The longest rest of a number that was too fast.
pub const LONGEST_REST: Duration = Duration::from_secs(60);
/// The longest wait of a pair that was too fast.
const LONGEST_PAIR_WAIT: Duration = Duration::from_secs(1024);
/// A tenth of its speed comes back after this long without a complaint.
const EASE_EVERY: Duration = Duration::from_secs(10);
/// Whoever reads the clock at the same time as others may be behind them by less than this.
const SKEW: Duration = Duration::from_secs(1);
/// The first rest of a business account whose calls were too many; doubled up to eight times it.
const ACCOUNT_REST: Duration = Duration::from_secs(60);

/// The speed of one number.
#[derive(Debug, Clone)]
struct Number {
    /// What the platform allows, per second.
    limit: u32,
    /// What we allow ourselves, per second: 1 to `limit`.
    share: u32,
    /// When the next message may go.
    next: Timestamp,
    /// Nothing goes before.
    rests_until: Timestamp,
    /// Complaints in a row.
    complaints: u32,
    /// Since when the share stands as it does.
    since: Timestamp,
}

impl Number {
    const fn new(limit: u32, now: Timestamp) -> Self {
        let limit = if limit == 0 { 1 } else { limit };
        Self { limit, share: limit, next: now, rests_until: now, complaints: 0, since: now }
    }

    fn every(&self) -> Duration {
        Duration::from_secs(1) / self.share
    }

    /// The first moment that is not taken.
    fn free(&self, now: Timestamp) -> Timestamp {
        self.next.max(now.minus(CATCH_UP)).max(self.rests_until)
    }

    fn ease(&mut self, now: Timestamp) {
        if self.share == self.limit || now < self.rests_until {
            return;
        }
        let steps = now.since(self.since).as_secs() / EASE_EVERY.as_secs();
        if steps > 0 {
            let back = u64::from((self.limit / 10).max(1)).saturating_mul(steps);
            let back = u32::try_from(back).unwrap_or(u32::MAX);
            self.share = self.share.saturating_add(back).min(self.limit);
            self.complaints = 0;
            self.since = now;
        }
    }
}

/// The wait of one pair.
#[derive(Debug, Clone, Copy)]
struct Pair {
    /// When the next message may go, were there no burst.
    next: Timestamp,
    /// Nothing goes before.
    rests_until: Timestamp,
    complaints: u32,
}

/// The rest of one business account.
#[derive(Debug, Clone, Copy)]
struct Account {
    rests_until: Timestamp,
    complaints: u32,
}

/// What was learned of a number from complaints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slowed {
    /// What we allow ourselves, per second.
    pub share: u32,
    /// Complaints in a row.
    pub complaints: u32,
    /// Nothing goes before.
    pub rests_until: Timestamp,
    /// Nothing of its business account goes before, when that was slowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_until: Option<Timestamp>,
}

/// When a message may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// At this moment, which is taken now. It may have passed.
    At(Timestamp),
    /// The recipient had too many lately: not before this moment, and nothing is taken.
    RecipientRests(Timestamp),
    /// The number or its business account was too fast: not before this moment, and nothing is taken.
    NumberRests(Timestamp),
}

/// The speeds of the numbers a worker sends from.
#[derive(Debug)]
pub struct Paces {
    /// For numbers whose provider says nothing.
    default_limit: u32,
    numbers: HashMap<SenderId, Number>,
    pairs: HashMap<(SenderId, String), Pair>,
    /// By the platform's id of the business account.
    accounts: HashMap<String, Account>,
    belongs: HashMap<SenderId, String>,
    /// Pairs kept when they were last looked through.
    swept: usize,
    /// The latest moment anybody came at.
    latest: Timestamp,
}

impl Paces {
    /// Knows nobody yet.
    #[must_use]
    pub fn new(default_limit: u32) -> Self {
        Self {
            default_limit,
            numbers: HashMap::new(),
            pairs: HashMap::new(),
            accounts: HashMap::new(),
            belongs: HashMap::new(),
            swept: 0,
            latest: Timestamp::from_micros(i64::MIN),
        }
    }

    /// Notes what is known of a number: the business account it belongs to, and its upgraded limit, if the
    /// provider told one.
    pub fn meet(&mut self, sender: SenderId, account: &str, limit: Option<u32>, now: Timestamp) {
        let limit = limit.unwrap_or(self.default_limit).max(1);
        let number = self.numbers.entry(sender).or_insert_with(|| Number::new(limit, now));
        if number.limit != limit {
            let whole = number.share == number.limit;
            number.limit = limit;
            number.share = if whole { limit } else { number.share.min(limit) };
        }
        if self.belongs.get(&sender).is_none_or(|known| known != account) {
            self.belongs.insert(sender, account.to_owned());
        }
    }

    /// What is learned of a number, to be noted.
    #[must_use]
    pub fn learned(&self, sender: SenderId) -> Option<Slowed> {
        let number = self.numbers.get(&sender)?;
        let account = self.belongs.get(&sender).and_then(|name| self.accounts.get(name));
        Some(Slowed {
            share: number.share,
            complaints: number.complaints,
            rests_until: number.rests_until,
            account_until: account.map(|account| account.rests_until),
        })
    }

    /// Takes over what somebody else has learned of a number, if it is news. Rests no longer than a complaint
    /// makes anybody rest: beyond that the clock was moved.
    pub fn recall(&mut self, sender: SenderId, slowed: &Slowed, now: Timestamp) {
        self.notice(now);
        let default = self.default_limit;
        let number = self.numbers.entry(sender).or_insert_with(|| Number::new(default, now));
        let until = slowed.rests_until;
        let is_news = number.complaints == 0 || until > number.rests_until;
        if slowed.complaints > 0 && is_news && until <= now.plus(LONGEST_REST) {
            number.share = slowed.share.clamp(1, number.limit);
            number.complaints = slowed.complaints;
            (number.rests_until, number.since) = (until, until);
            number.ease(now);
        }
        let longest = now.plus(ACCOUNT_REST * 8);
        let account = slowed.account_until.filter(|until| *until > now && *until <= longest);
        if let (Some(until), Some(name)) = (account, self.belongs.get(&sender)) {
            let rest = Account { rests_until: until, complaints: 1 };
            let account = self.accounts.entry(name.clone()).or_insert(rest);
            account.rests_until = account.rests_until.max(until);
        }
    }

    /// How many messages of a number may be claimed now.
    pub fn room(&mut self, sender: SenderId, now: Timestamp) -> i64 {
        self.notice(now);
        if self.account_rests(sender, now).is_some() {
            return 0;
        }
        let default = self.default_limit;
        let number = self.numbers.entry(sender).or_insert_with(|| Number::new(default, now));
        number.ease(now);
        let horizon = now.plus(AHEAD);
        let free = number.free(now);
        if free > horizon {
            return 0;
        }
        let gap = number.every().as_micros().max(1);
        i64::try_from(horizon.since(free).as_micros() / gap + 1).unwrap_or(i64::MAX)
    }

    /// Takes the next moment for a message, unless its recipient, number or business account rests for longer
    /// than `patience`.
    pub fn take(
        &mut self,
        (sender, to): (SenderId, &str),
        patience: Duration,
        now: Timestamp,
    ) -> Slot {
        self.notice(now);
        let latest = now.plus(patience);
        if let Some(until) = self.account_rests(sender, now)
            && until > latest
        {
            return Slot::NumberRests(until);
        }
        let default = self.default_limit;
        let number = self.numbers.entry(sender).or_insert_with(|| Number::new(default, now));
        number.ease(now);
        let at = number.free(now);
        if at > latest {
            return Slot::NumberRests(at);
        }
        let burst = PAIR_EVERY * (PAIR_BURST - 1);
        let pair = self.pairs.entry((sender, to.to_owned())).or_insert(Pair {
            next: at.minus(burst),
            rests_until: at,
            complaints: 0,
        });
        let from = pair.next.max(at.minus(burst));
        let ready = from.max(pair.rests_until);
        if ready > latest {
            return Slot::RecipientRests(ready);
        }
        let at = at.max(ready);
        pair.next = from.plus(PAIR_EVERY);
        number.next = at.plus(number.every());
        self.sweep(now);
        Slot::At(at)
    }

    /// The platform said that this number was too fast: it rests 1, 2, 4 … seconds and goes on at half its
    /// speed. Answers until when. What comes while it rests already was sent before, and is one complaint with it.
    pub fn slow_number(&mut self, sender: SenderId, now: Timestamp) -> Timestamp {
        let default = self.default_limit;
        let number = self.numbers.entry(sender).or_insert_with(|| Number::new(default, now));
        if now >= number.rests_until {
            let rest = Duration::from_secs(1 << number.complaints.min(6)).min(LONGEST_REST);
            number.complaints += 1;
            number.share = (number.share / 2).max(1);
            number.rests_until = now.plus(rest);
            number.since = number.rests_until;
        }
        number.rests_until
    }

    /// The platform said that this recipient had too many messages from the number: the next waits 1, 4, 16 …
    /// seconds. Answers until when.
    pub fn slow_pair(&mut self, sender: SenderId, to: &str, now: Timestamp) -> Timestamp {
        let key = (sender, to.to_owned());
        let pair =
            self.pairs.entry(key).or_insert(Pair { next: now, rests_until: now, complaints: 0 });
        if now >= pair.rests_until {
            let wait = Duration::from_secs(4u64.pow(pair.complaints.min(5)));
            pair.complaints += 1;
            pair.rests_until = now.plus(wait.min(LONGEST_PAIR_WAIT));
        }
        pair.rests_until
    }

    /// The platform said that the number's business account, or the app, made too many calls: all its numbers
    /// rest for minutes. Answers until when.
    pub fn slow_account(&mut self, sender: SenderId, now: Timestamp) -> Timestamp {
        let name = self.belongs.get(&sender).cloned().unwrap_or_default();
        let rest = Account { rests_until: now, complaints: 0 };
        let account = self.accounts.entry(name).or_insert(rest);
        if now >= account.rests_until {
            // A quiet hour is a new beginning: the quota slides over one.
            if now.since(account.rests_until) > Duration::from_secs(3600) {
                account.complaints = 0;
            }
            account.rests_until = now.plus(ACCOUNT_REST * (1 << account.complaints.min(3)));
            account.complaints += 1;
        }
        account.rests_until
    }

    /// When the clock was set back, nobody waits for a time that was: all rests are over.
    fn notice(&mut self, now: Timestamp) {
        if now.plus(SKEW) < self.latest {
            for number in self.numbers.values_mut() {
                (number.next, number.rests_until, number.since) = (now, now, now);
            }
            self.pairs.clear();
            self.accounts.clear();
            self.latest = now;
        }
        self.latest = self.latest.max(now);
    }

    fn account_rests(&self, sender: SenderId, now: Timestamp) -> Option<Timestamp> {
        let until = self.accounts.get(self.belongs.get(&sender)?)?.rests_until;
        (until > now).then_some(until)
    }

    /// Forgets pairs that have their whole burst again, now and then.
    fn sweep(&mut self, now: Timestamp) {
        if self.pairs.len() < 1024 + 2 * self.swept {
            return;
        }
        let burst = PAIR_EVERY * (PAIR_BURST - 1);
        self.pairs.retain(|_, pair| {
            let was_too_fast = pair.complaints > 0;
            pair.next > now.minus(burst)
                || (was_too_fast && pair.rests_until.plus(LONGEST_PAIR_WAIT) > now)
        });
        self.swept = self.pairs.len();
    }
}

/// Shares places among those who want some: nobody gets more than wanted, and whoever gets less than wanted gets
/// as much as anybody else, to one. In the order of `wants`, which decides who gets the odd one.
#[must_use]
pub fn share<T: Copy>(places: i64, wants: &[(T, i64)]) -> Vec<(T, i64)> {
    let mut order: Vec<usize> = (0..wants.len()).collect();
    order.sort_by_key(|&at| wants[at].1);
    let mut given = vec![0; wants.len()];
    let (mut left, mut heads) = (places.max(0), i64::try_from(wants.len()).unwrap_or(i64::MAX));
    for at in order {
        // Rounded up, so that few places do not become none.
        let even = left.div_euclid(heads) + i64::from(left.rem_euclid(heads) > 0);
        given[at] = wants[at].1.max(0).min(even);
        left -= given[at];
        heads -= 1;
    }
    wants.iter().zip(given).filter(|(_, n)| *n > 0).map(|((who, _), n)| (*who, n)).collect()
}

#[cfg(test)]
mod tests;
