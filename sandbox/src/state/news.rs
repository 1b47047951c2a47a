//! News about templates that a callback has not accepted yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::queue::{Due, What};
use crate::templates::news::Field;

/// One webhook about a template. It travels in a POST of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct News {
    /// Order of happening; never reused within one journal.
    pub seq: u64,
    /// The `phone_number_id` whose WABA is told.
    pub number: Arc<str>,
    /// Unix milliseconds.
    pub at: u64,
    pub field: Field,
    pub value: Value,
}

impl News {
    pub(crate) fn due(&self) -> Due {
        Due { at: self.at, what: What::News { seq: self.seq }, tries: 0 }
    }
}

/// All that is owed.
#[derive(Default)]
pub(crate) struct Owed {
    all: BTreeMap<u64, News>,
    next: u64,
}

impl Owed {
    pub(crate) fn next_seq(&self) -> u64 {
        self.next
    }

    pub(crate) fn insert(&mut self, news: News) {
        self.next = self.next.max(news.seq + 1);
        self.all.insert(news.seq, news);
    }

    pub(crate) fn get(&self, seq: u64) -> Option<&News> {
        self.all.get(&seq)
    }

    pub(crate) fn told(&mut self, seq: u64) {
        self.all.remove(&seq);
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &News> {
        self.all.values()
    }
}
