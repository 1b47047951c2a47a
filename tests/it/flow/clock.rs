//! Somebody sets the clock, or the machine slept: nobody is told twice, nothing is lost, nothing is billed twice.

use super::town::{Decision, Town};
use crate::process::eventually;
use dispatch::message::MessageState;
use serde_json::json;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn an_hour_that_never_was_does_not_end_the_waiting_for_receipts() {
    let town = Town::open().await;
    // The answers are lost, and the receipts take longer than the clock takes to jump.
    town.fault(json!({ "kind": "lost_answer", "count": 3 })).await;
    town.fault(json!({ "kind": "late_receipt", "count": 3, "ms": 3_000 })).await;
    let mut decisions = Vec::new();
    for number in 0..3 {
        decisions.push(town.ship(&format!("J-{number}"), &phone(number)).await);
    }
    for number in 0..3 {
        town.read_at(&phone(number)).await;
    }
    for decision in &decisions {
        town.until_state_of(decision, |state| state == MessageState::Unknown).await;
    }
    town.house.clock.advance(HOUR);
    for (number, decision) in (0..).zip(&decisions) {
        town.until_told_once(number, decision).await;
    }
    // And on it goes.
    let next = town.ship("J-3", &phone(3)).await;
    town.until_told_once(3, &next).await;
}

#[tokio::test]
async fn an_hour_that_comes_again_only_delays() {
    let town = Town::open().await;
    let before = town.ship("K-0", &phone(10)).await;
    town.until_told_once(10, &before).await;
    // One is due for another try when the clock is set back, and waits until its time has come again.
    town.fault(json!({ "kind": "error_500", "match": phone(11), "count": 1 })).await;
    let tried = town.ship("K-1", &phone(11)).await;
    town.house.clock.set_back(HOUR);
    let after = town.ship("K-2", &phone(12)).await;
    town.until_told_once(12, &after).await;
    town.house.clock.advance(HOUR);
    town.until_told_once(11, &tried).await;
    town.until_told_once(10, &before).await;
}

fn phone(number: u32) -> String {
    format!("+33639985{number:03}")
}

impl Town {
    async fn until_state_of(&self, decision: &Decision, is: impl Fn(MessageState) -> bool) {
        eventually("the message's state", SOON, || async {
            let state = self.message_of(decision).await.state;
            is(state).then_some(()).ok_or_else(|| format!("{state:?}"))
        })
        .await;
    }

    /// Read, charged once, and at the phone once.
    async fn until_told_once(&self, number: u32, decision: &Decision) {
        self.until_state_of(decision, |state| state == MessageState::Read).await;
        assert_eq!(self.message_of(decision).await.charges.len(), 1);
        let phone = phone(number);
        assert_eq!(self.count_at(&phone).await, 1, "{phone}");
    }
}
