//! How many people a business portfolio may write to within a day, and who goes first when that is too few.
//!
//! The platform counts unique people reached outside an open conversation within a moving day, over all numbers of
//! a portfolio (contract §8.2). Each of them takes a *place* until a day after the last message to them. A part of
//! the places is kept for urgent news; the others are shared: whichever brand has used fewest of them gets the next.
//! So nobody's places lie idle while somebody else waits, and whoever comes later catches up as places become free.

use crate::id::BrandId;
use crate::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// How long a place stays taken: the platform's day, and a minute more, because the call comes up to a lease later
/// than the place was taken for it.
pub const SPAN: Duration = Duration::from_secs(24 * 3600 + 60);
/// How long a conversation stays open after the person's last words, less the same minute.
pub const WINDOW: Duration = Duration::from_secs(24 * 3600 - 60);
/// Of a hundred places, those kept for urgent news unless somebody says otherwise.
pub const KEPT_PERCENT: u32 = 10;
/// More than this would be no exception any more.
pub const MOST_KEPT_PERCENT: u32 = 50;
/// The word for what waits for a place.
pub const DAILY_LIMIT: &str = "daily_limit";

/// What is known of a portfolio's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Limit {
    /// Nobody has told.
    #[default]
    Unknown,
    /// There is none.
    Any,
    /// So many people within a day.
    People(u32),
}

impl Limit {
    /// The limit that is kept, where `unknown` is what counts while nobody has told; none when there is none.
    #[must_use]
    pub const fn kept_to(self, unknown: Option<u32>) -> Option<u32> {
        match self {
            Self::Unknown => unknown,
            Self::Any => None,
            Self::People(people) => Some(people),
        }
    }
}

/// The places of a portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// All of them.
    pub people: u32,
    /// Of these, for urgent news only.
    pub kept: u32,
}

impl Allowance {
    /// Keeps so many of a hundred, rounded up, so that a small limit keeps a place too; never all of them.
    #[must_use]
    pub fn new(people: u32, percent: u32) -> Self {
        let kept = (u64::from(people) * u64::from(percent.min(MOST_KEPT_PERCENT))).div_ceil(100);
        let kept = u32::try_from(kept).unwrap_or(u32::MAX).min(people.saturating_sub(1));
        Self { people, kept }
    }

    /// Those for any news.
    #[must_use]
    pub const fn shared(&self) -> u32 {
        self.people - self.kept
    }
}

/// A place that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Until when.
    pub frees: Timestamp,
    /// For whom.
    pub brand: BrandId,
    /// Whether it is one of those for urgent news.
    pub kept: bool,
}

/// Messages of a brand that wait for places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Whose.
    pub brand: BrandId,
    /// Whether their news is urgent.
    pub urgent: bool,
    /// How many.
    pub count: u32,
}

/// How a portfolio stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its places.
    pub allowance: Allowance,
    /// Shared places that are taken, by brand.
    pub shared: BTreeMap<BrandId, u32>,
    /// Kept places that are taken.
    pub kept: u32,
    /// Taken places in the order in which they become free; as many of the first as can matter.
    pub taken: Vec<Place>,
    /// Who waits already.
    pub waiting: Vec<Line>,
}

/// Somebody to be reached who has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// By which brand.
    pub brand: BrandId,
    /// Whether the news is urgent.
    pub urgent: bool,
    /// Whether it has waited already, and so goes before those that wait still.
    pub again: bool,
}

/// What follows for an ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// A place is free.
    Now {
        /// Whether it is one of those for urgent news.
        kept: bool,
    },
    /// The place that is expected for it becomes free then.
    At(Timestamp),
}

/// What follows for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedOut {
    /// For each ask, in their order.
    pub passages: Vec<Passage>,
    /// Of those that wait already, whose turn is now.
    pub moved_up: Vec<Line>,
}

/// Shares out the free places, and says for the rest when theirs is expected. What is planned is what would happen
/// if nobody else came: a brand that has used fewer places may still come first.
#[must_use]
pub fn share_out(standing: Standing, asks: &[Ask], now: Timestamp) -> SharedOut {
    let mut hall = Hall::new(standing, asks);
    hall.fill(now, true);
    let moved_up = std::mem::take(&mut hall.moved_up);
    while hall.unanswered > 0 {
        let Some(place) = hall.taken.pop_front() else { break };
        hall.leave(&place);
        hall.fill(place.frees.max(now), false);
    }
    // Without any place there is no moment to name: it is looked at again in a day.
    let last = Passage::At(now.plus(SPAN));
    SharedOut {
        passages: hall.passages.into_iter().map(|one| one.unwrap_or(last)).collect(),
        moved_up: moved_up
            .into_iter()
            .map(|((brand, urgent), count)| Line { brand, urgent, count })
            .collect(),
    }
}

/// Those of one brand with the same urgency, first come first served.
#[derive(Default)]
struct Queue {
    again: VecDeque<usize>,
    waiting: u32,
    new: VecDeque<usize>,
}

enum Turn {
    Ask(usize),
    Waiting,
}

impl Queue {
    fn is_empty(&self) -> bool {
        self.again.is_empty() && self.waiting == 0 && self.new.is_empty()
    }

    fn pop(&mut self) -> Option<Turn> {
        if let Some(ask) = self.again.pop_front() {
            return Some(Turn::Ask(ask));
        }
        if self.waiting > 0 {
            self.waiting -= 1;
            return Some(Turn::Waiting);
        }
        self.new.pop_front().map(Turn::Ask)
    }
}

/// A portfolio while its places are given out.
struct Hall {
    allowance: Allowance,
    /// Shared places taken, by brand.
    used: BTreeMap<BrandId, u32>,
    shared: u32,
    kept: u32,
    taken: VecDeque<Place>,
    /// By brand: calm, then urgent.
    queues: BTreeMap<BrandId, [Queue; 2]>,
    passages: Vec<Option<Passage>>,
    unanswered: usize,
    moved_up: BTreeMap<(BrandId, bool), u32>,
}

impl Hall {
    fn new(standing: Standing, asks: &[Ask]) -> Self {
        let mut queues: BTreeMap<BrandId, [Queue; 2]> = BTreeMap::new();
        for line in &standing.waiting {
            queues.entry(line.brand).or_default()[usize::from(line.urgent)].waiting += line.count;
        }
        for (at, ask) in asks.iter().enumerate() {
            let queue = &mut queues.entry(ask.brand).or_default()[usize::from(ask.urgent)];
            if ask.again { &mut queue.again } else { &mut queue.new }.push_back(at);
        }
        Self {
            allowance: standing.allowance,
            shared: standing.shared.values().sum(),
            used: standing.shared,
            kept: standing.kept,
            taken: standing.taken.into(),
            queues,
            passages: vec![None; asks.len()],
            unanswered: asks.len(),
            moved_up: BTreeMap::new(),
        }
    }

    fn leave(&mut self, place: &Place) {
        if place.kept {
            self.kept = self.kept.saturating_sub(1);
        } else {
            self.shared = self.shared.saturating_sub(1);
            let used = self.used.entry(place.brand).or_default();
            *used = used.saturating_sub(1);
        }
    }

    /// Who comes next of those that may: whichever brand has used fewest places.
    fn next(&self, may: impl Fn(&[Queue; 2]) -> bool) -> Option<BrandId> {
        let waiting = self.queues.iter().filter(|(_, queues)| may(queues));
        let used = |brand: &BrandId| self.used.get(brand).copied().unwrap_or_default();
        waiting.map(|(brand, _)| *brand).min_by_key(|brand| (used(brand), *brand))
    }

    /// Gives out every place that is free at that moment.
    fn fill(&mut self, at: Timestamp, is_now: bool) {
        while self.shared + self.kept < self.allowance.people {
            let for_any = self.shared < self.allowance.shared();
            let any = |queues: &[Queue; 2]| queues.iter().any(|queue| !queue.is_empty());
            let next = if for_any { self.next(any) } else { None };
            // What is kept stays untouched as long as a shared place is to be had.
            let (brand, kept) = match next {
                Some(brand) => (brand, false),
                None if self.kept < self.allowance.kept => {
                    match self.next(|queues| !queues[1].is_empty()) {
                        Some(brand) => (brand, true),
                        None => return,
                    }
                }
                None => return,
            };
            let Some(queues) = self.queues.get_mut(&brand) else { return };
            let urgent = !queues[1].is_empty();
            match queues[usize::from(urgent)].pop() {
                Some(Turn::Ask(ask)) => {
                    self.unanswered -= 1;
                    self.passages[ask] =
                        Some(if is_now { Passage::Now { kept } } else { Passage::At(at) });
                }
                Some(Turn::Waiting) => *self.moved_up.entry((brand, urgent)).or_default() += 1,
                None => return,
            }
            if kept {
                self.kept += 1;
            } else {
                self.shared += 1;
                *self.used.entry(brand).or_default() += 1;
            }
            // Later than every place that is taken: a place taken now is the last to become free.
            self.taken.push_back(Place { frees: at.plus(SPAN), brand, kept });
        }
    }
}

#[cfg(test)]
mod tests;
