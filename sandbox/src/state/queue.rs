//! What is owed to callbacks, by the time it falls due.

use std::{cmp::Reverse, collections::BinaryHeap};

/// One update that is to be told. Ordered by time, then by what it is about, so that equal times
/// keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Due {
    /// Unix milliseconds.
    pub at: u64,
    pub what: What,
    /// How often it was tried already.
    pub tries: u8,
}

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// A step of a message, by its place in the message's plan.
    Step { seq: u64, step: u8 },
    /// Something about a template.
    News { seq: u64 },
    /// A mail comes back to its sender.
    Return { seq: u64 },
}

impl Due {
    /// The same update, to be tried again: after 0.2, 0.5, 1, 2 s, then every 2 s.
    pub(crate) fn again(self, now: u64) -> Self {
        let pause = match self.tries {
            0 => 200,
            1 => 500,
            2 => 1_000,
            _ => 2_000,
        };
        Self { at: now + pause, tries: self.tries.saturating_add(1), ..self }
    }
}

/// Earliest first.
#[derive(Default)]
pub(crate) struct Queue {
    heap: BinaryHeap<Reverse<Due>>,
}

impl Queue {
    /// Adds one; true when it is the new earliest.
    pub(crate) fn push(&mut self, due: Due) -> bool {
        let first = self.next().is_none_or(|next| due.at < next);
        self.heap.push(Reverse(due));
        first
    }

    pub(crate) fn next(&self) -> Option<u64> {
        self.heap.peek().map(|Reverse(due)| due.at)
    }

    pub(crate) fn pop_due(&mut self, now: u64) -> Option<Due> {
        self.next().filter(|next| *next <= now)?;
        self.heap.pop().map(|Reverse(due)| due)
    }

    pub(crate) fn clear(&mut self) {
        self.heap.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.heap.len()
    }
}
