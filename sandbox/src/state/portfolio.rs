//! Business portfolios: how many people their numbers may write to within a day, all together.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{journal::Fact, news::News, world::World};
use crate::templates::news::Field;

const DAY_MS: u64 = 24 * 3_600 * 1_000;

/// What happens to a message to one person too many. Meta documents no code of its own for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Excess {
    /// It goes: only the tier is told.
    Accept,
    /// It is accepted, then fails.
    #[default]
    Fail,
    /// The call is answered with the error.
    Refuse,
}

/// One portfolio. Like all limits, not kept over a restart.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Portfolio {
    /// None is unlimited.
    pub people: Option<u32>,
    pub excess: Excess,
    pub code: u32,
    /// How long a person counts.
    pub window_ms: u64,
    /// When each person was last written to outside a window.
    #[serde(skip)]
    reached: HashMap<Arc<str>, u64>,
}

impl Default for Portfolio {
    fn default() -> Self {
        Self {
            people: None,
            excess: Excess::default(),
            // The closest by its words: "restrictions on how many messages can be sent".
            code: 131_048,
            window_ms: DAY_MS,
            reached: HashMap::new(),
        }
    }
}

impl Portfolio {
    /// `TIER_2K`, as the node of a number says it.
    pub(crate) fn tier(&self) -> String {
        match self.people {
            None => "TIER_UNLIMITED".to_owned(),
            Some(people) if people >= 1_000 && people.is_multiple_of(1_000) => {
                format!("TIER_{}K", people / 1_000)
            }
            Some(people) => format!("TIER_{people}"),
        }
    }

    /// People who count now.
    pub(crate) fn count(&self, now: u64) -> usize {
        self.reached.values().filter(|at| **at + self.window_ms > now).count()
    }

    /// Counts a person, unless that is one too many.
    fn reach(&mut self, phone: &str, now: u64) -> bool {
        let Some(people) = self.people else { return true };
        let window = self.window_ms;
        self.reached.retain(|_, at| *at + window > now);
        let has_room = u32::try_from(self.reached.len()).is_ok_and(|count| count < people);
        let is_free = has_room || self.reached.contains_key(phone) || self.excess == Excess::Accept;
        if is_free {
            self.reached.insert(phone.into(), now);
        }
        is_free
    }
}

impl World {
    /// The portfolio of a number, made on first use.
    pub(crate) fn portfolio_mut(&mut self, number: &str) -> &mut Portfolio {
        let id = self.number_mut(number).portfolio();
        self.portfolios.entry(id).or_default()
    }

    /// The tier of a number's portfolio.
    pub(crate) fn tier_of(&mut self, number: &str) -> String {
        let id = self.number_mut(number).portfolio();
        self.portfolios.get(&id).map_or_else(|| Portfolio::default().tier(), Portfolio::tier)
    }

    /// Whether a number may write to a person now; if not, what happens and with which code.
    pub(crate) fn reach(&mut self, number: &str, phone: &str, now: u64) -> Option<(Excess, u32)> {
        // Whoever wrote within a day may be answered.
        if self.portfolios.is_empty() || self.is_window_open(number, phone, now) {
            return None;
        }
        let portfolio = self.portfolio_mut(number);
        (!portfolio.reach(phone, now)).then_some((portfolio.excess, portfolio.code))
    }

    /// Tells every number of a portfolio what it may do now; one without a callback as soon as it has one.
    pub(crate) fn tell_capability(&mut self, portfolio: &str, now: u64) {
        let people = self.portfolios.get(portfolio).and_then(|one| one.people);
        let value = json!({
            "max_daily_conversations_per_business": people.map_or(-1, i64::from),
            "max_phone_numbers_per_business": 25,
            "max_phone_numbers_per_waba": 25,
        });
        let numbers: Vec<Arc<str>> = self
            .numbers()
            .filter(|number| number.portfolio() == portfolio)
            .map(|number| number.id.clone())
            .collect();
        for number in numbers {
            self.tell_number(&number, Field::Capability, value.clone(), now);
        }
    }

    /// Owes a number's callback a piece of news.
    pub(crate) fn tell_number(&mut self, number: &str, field: Field, value: Value, now: u64) {
        let seq = self.news.next_seq();
        let news = News { seq, number: number.into(), at: now, field, value };
        let due = news.due();
        self.record(Fact::News(news));
        self.push_due(due);
    }
}
