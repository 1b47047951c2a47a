//! The review of templates: by readable rules, or by orders of whoever plays the reviewer.

pub(crate) mod judge;
mod words;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::templates::standing::Reason;

/// How a review ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum Verdict {
    Approve,
    /// Approved in the other category: marketing that was called utility, or the reverse.
    Recategorise,
    Reject {
        reason: Reason,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        advice: Option<Advice>,
    },
}

/// What is said with a rejection for its format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Advice {
    pub reason: String,
    pub recommendation: String,
}

/// The reviewers: their pace, and what they were told to do next.
pub(crate) struct Reviews {
    /// How long a review takes, about; zero decides within the call.
    pub pace: Duration,
    orders: Vec<Order>,
}

/// What to do with the next matching reviews.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Order {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(flatten)]
    pub what: What,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// How many more reviews it decides.
    pub left: u64,
}

/// What an order says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub(crate) enum What {
    Approve,
    Recategorise,
    Reject {
        reason: Reason,
    },
    /// Not decided until another order or a standing set by hand.
    Hold,
}

impl Order {
    /// Whether it is about this template, and not used up.
    pub(crate) fn matches(&self, number: &str, name: &str, language: &str) -> bool {
        let is = |asked: &Option<String>, value: &str| asked.as_ref().is_none_or(|a| a == value);
        self.left > 0
            && is(&self.phone_number_id, number)
            && is(&self.name, name)
            && is(&self.language, language)
    }

    /// When a review under this order ends and how; it takes `usual` milliseconds when the order
    /// does not say.
    pub(crate) fn plan(&self, now: u64, usual: u64) -> (Option<u64>, Option<Verdict>) {
        let at = now.saturating_add(self.delay_ms.unwrap_or(usual));
        match self.what {
            What::Approve => (Some(at), Some(Verdict::Approve)),
            What::Recategorise => (Some(at), Some(Verdict::Recategorise)),
            What::Reject { reason } => (Some(at), Some(Verdict::Reject { reason, advice: None })),
            What::Hold => (None, None),
        }
    }
}

impl Reviews {
    pub(crate) fn new(pace: Duration) -> Self {
        Self { pace, orders: Vec::new() }
    }

    pub(crate) fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Keeps what is left of an order.
    pub(crate) fn add(&mut self, order: Order) {
        if order.left > 0 {
            self.orders.push(order);
        }
    }

    /// The first order about this template; uses up one of its count.
    pub(crate) fn take(&mut self, number: &str, name: &str, language: &str) -> Option<Order> {
        let place = self.orders.iter().position(|order| order.matches(number, name, language))?;
        let order = &mut self.orders[place];
        order.left -= 1;
        let taken = order.clone();
        self.orders.retain(|order| order.left > 0);
        Some(taken)
    }

    pub(crate) fn clear(&mut self) {
        self.orders.clear();
    }
}
