//! When a brand writes and how often, besides its quiet hours: how many messages one customer gets, what
//! waits to be told together, and when a parcel counts as late.
//!
//! News that does not wait for the end of quiet hours ([`QuietHours::urgent`](crate::quiet::QuietHours)) is
//! urgent here, too, whether quiet hours are kept or not.

use serde::{Deserialize, Serialize};

/// What a brand has set. Nothing of it is on by itself: a cap silences news that somebody switched on, waiting
/// makes a lone parcel's news later, and a lateness of our own finding is told in the shop's name. The figures
/// stand ready for when they are switched on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timing {
    /// How many messages.
    pub cap: Cap,
    /// What is told together.
    pub merge: Merge,
    /// When a parcel is late.
    pub late: Late,
}

/// How many messages one customer gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cap {
    /// Whether it is kept, and counted.
    pub on: bool,
    /// At most so many about an order.
    pub per_order: Option<u32>,
    /// At most so many to a recipient within one day of theirs.
    pub per_day: Option<u32>,
}

impl Default for Cap {
    /// Three for an order is what customers ask for; ten a day only stops what runs wild.
    fn default() -> Self {
        Self { on: false, per_order: Some(3), per_day: Some(10) }
    }
}

/// What is told together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Merge {
    /// Whether news waits for more of its order.
    pub on: bool,
    /// For so many minutes.
    pub minutes: u32,
}

impl Default for Merge {
    /// Long enough for the labels of one order, short enough that nobody looks at the carrier's page first.
    fn default() -> Self {
        Self { on: false, minutes: 10 }
    }
}

/// When a parcel counts as late without anybody saying so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Late {
    /// Whether parcels are watched.
    pub on: bool,
    /// Late is what has not arrived on the day it was expected.
    pub expected: bool,
    /// Late is what nobody has scanned for so many hours.
    pub hours: Option<u32>,
}

impl Default for Late {
    /// Three days without a scan: a weekend is not late.
    fn default() -> Self {
        Self { on: false, expected: true, hours: Some(72) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_has_set_is_off_and_has_its_figures_ready() {
        let untouched: Timing = serde_json::from_str("{}").expect("a setting");
        assert_eq!(untouched, Timing::default());
        assert!(!untouched.cap.on && !untouched.merge.on && !untouched.late.on);
        let some: Timing =
            serde_json::from_str(r#"{"cap":{"on":true,"per_day":null}}"#).expect("one");
        assert_eq!(some.cap, Cap { on: true, per_day: None, ..Cap::default() });
        let text = serde_json::to_string(&some).expect("text");
        assert_eq!(serde_json::from_str::<Timing>(&text).expect("the same"), some);
    }
}
