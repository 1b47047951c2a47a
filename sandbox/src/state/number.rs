//! A business number with its WABA: one number, one WABA, one app.

use std::{collections::VecDeque, sync::Arc};

use serde::{Deserialize, Serialize};

use super::queue::Due;
use crate::templates::Catalogue;

/// The sandbox's convention: a number's WABA has the number's id with this behind it.
const WABA_SUFFIX: &str = "00";

/// The WABA id of a number. Meta has no such rule; the sandbox needs one because a send names
/// only the number.
#[must_use]
pub fn waba_of(phone_number_id: &str) -> String {
    format!("{phone_number_id}{WABA_SUFFIX}")
}

/// The number of a WABA, when the id can be one.
pub(crate) fn number_of(waba: &str) -> Option<&str> {
    waba.strip_suffix(WABA_SUFFIX).filter(|number| super::identity::is_numeric_id(number))
}

/// What is known of one number.
pub(crate) struct Number {
    pub id: Arc<str>,
    /// The secret of the app that used it first, and so owns it.
    pub secret: Option<String>,
    pub name: Option<String>,
    pub display: Option<String>,
    pub subscription: Option<Subscription>,
    pub templates: Catalogue,
    /// The portfolio it was put into; else it has one of its own.
    pub portfolio: Option<String>,
    /// Whether its throughput was upgraded.
    pub is_fast: bool,
    /// Updates whose time has come, waiting for a subscription or a free flight.
    pub ready: VecDeque<Due>,
    /// POSTs under way to the callback.
    pub flying: usize,
    pub bucket: super::limits::Bucket,
    /// When templates were created in the last hour, oldest first; like all rates, not kept.
    pub created: VecDeque<u64>,
}

/// Where and under which secret a WABA's webhooks go.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub callback: String,
    pub secret: String,
}

impl Number {
    pub(crate) fn new(id: &str, templates: Catalogue) -> Self {
        Self {
            id: id.into(),
            secret: None,
            name: None,
            display: None,
            subscription: None,
            templates,
            portfolio: None,
            is_fast: false,
            ready: VecDeque::new(),
            flying: 0,
            bucket: super::limits::Bucket::default(),
            created: VecDeque::new(),
        }
    }

    /// Whether this WABA may create one more template; counts it when it may.
    pub(crate) fn may_create(&mut self, limit: Option<u32>, now: u64) -> bool {
        const HOUR_MS: u64 = 3_600 * 1_000;
        while self.created.front().is_some_and(|at| at + HOUR_MS <= now) {
            self.created.pop_front();
        }
        let Some(limit) = limit else { return true };
        let has_room = u32::try_from(self.created.len()).is_ok_and(|count| count < limit);
        if has_room {
            self.created.push_back(now);
        }
        has_room
    }

    pub(crate) fn waba(&self) -> String {
        waba_of(&self.id)
    }

    /// The id of its business portfolio. The sandbox's convention: the number's with `01` behind it, unless
    /// somebody said otherwise.
    pub(crate) fn portfolio(&self) -> String {
        self.portfolio.clone().unwrap_or_else(|| format!("{}01", self.id))
    }

    pub(crate) fn verified_name(&self) -> &str {
        self.name.as_deref().unwrap_or("Sandbox shop")
    }

    /// As people read it.
    pub(crate) fn display_number(&self) -> String {
        self.display.clone().unwrap_or_else(|| {
            let tail: String = format!("0000000{}", self.id);
            let tail = &tail[tail.len() - 7..];
            format!("+1 555 {} {}", &tail[..3], &tail[3..])
        })
    }

    /// Digits only, as webhooks write it.
    pub(crate) fn display_digits(&self) -> String {
        self.display_number().chars().filter(char::is_ascii_digit).collect()
    }
}
