//! A provider that fails is left alone and probed; what waited is told once when it is back, and whoever hands
//! news over notices nothing of it.

use super::town::Town;
use crate::process::eventually;
use dispatch::attempt::Outcome;
use dispatch::breaker::TRIPS_AFTER;
use dispatch::message::MessageState;
use dispatch::view::LogFilter;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(40);
/// Enough to open the breaker.
const FIRST: u64 = 10;
/// With those that come while it is open.
const PARCELS: u64 = 40;

#[tokio::test]
async fn a_provider_in_trouble_is_left_alone_and_then_told_everything_once() {
    let town = Town::open().await;
    town.control("faults", json!({ "kind": "error_500", "match": "*" })).await;
    town.take_in(0..FIRST).await;
    eventually("a breaker that opens", SOON, || async {
        let calls = town.calls().await;
        if calls >= u64::from(TRIPS_AFTER) { Ok(()) } else { Err(calls.to_string()) }
    })
    .await;

    // Meanwhile news is taken in as ever, and becomes messages that wait.
    town.take_in(FIRST..PARCELS).await;
    eventually("messages that wait", SOON, || async {
        let count = town.messages().await.len() as u64;
        if count == PARCELS { Ok(()) } else { Err(count.to_string()) }
    })
    .await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    // The first ones, which were called together, and probes after 1, 2, 4 and 8 s: not one call for each message.
    let calls = town.calls().await;
    assert!(calls <= FIRST + 5, "{calls} calls");
    town.lift().await;
    for number in 0..PARCELS {
        let phone = phone(number);
        town.read_at(&phone).await;
        let read = town.look(&format!("messages?to={phone}")).await;
        assert_eq!(read["data"].as_array().map(Vec::len), Some(1), "{phone}: {read}");
    }
    // A phone may read what we have not written down yet.
    eventually("every try written down", SOON, || async {
        let messages = town.messages().await;
        let ended = |message: &&Value| {
            let last = message["attempts"].as_array().and_then(|tries| tries.last());
            last.is_some_and(|last| last["outcome"] == "accepted")
        };
        let count = messages.iter().filter(ended).count() as u64;
        if count == PARCELS { Ok(()) } else { Err(count.to_string()) }
    })
    .await;
    // What was given back untried left no try behind.
    let filter = LogFilter { limit: 100, ..LogFilter::default() };
    let rows = town.house.store.log(town.shop.account, &filter).await.expect("a log").rows;
    for row in rows {
        let case = town.house.store.case(town.shop.account, row.decision).await.expect("a store");
        let message = case.and_then(|case| case.message).expect("a message");
        assert_ne!(message.state, MessageState::Failed, "{:?}", message.failure);
        let outcomes: Vec<_> = message.attempts.iter().filter_map(|one| one.outcome).collect();
        let (last, tries) = outcomes.split_last().expect("a try");
        assert_eq!(*last, Outcome::Accepted);
        assert!(tries.iter().all(|outcome| *outcome == Outcome::Retry), "{outcomes:?}");
    }
}

fn phone(number: u64) -> String {
    format!("+336399823{number:02}")
}

impl Town {
    /// Hands news over as a shop's system does, and is thanked for each.
    async fn take_in(&self, numbers: std::ops::Range<u64>) {
        for number in numbers {
            let parcel = json!({
                "specversion": "1.0", "id": format!("down-{number}"), "source": "erp",
                "type": "shop.parcel.delivered", "time": self.house.now().to_string(),
                "data": {"order_number": format!("DOWN-{number}"), "tracking_number": format!("TN-{number}"),
                         "carrier": "DHL", "recipient": {"phone": phone(number), "country": "FR", "name": "Ada"}},
            });
            let (path, body) =
                (format!("/api/v1/events?brand={}", self.shop.brand), parcel.to_string());
            let browser = &self.shop.browser;
            let answer = browser.api(Method::POST, &path, &self.key, Some(&body)).await;
            assert_eq!(answer.status, 202, "{}", answer.body);
        }
    }

    async fn messages(&self) -> Vec<Value> {
        let path = "/api/v1/messages?limit=100";
        let found = self.shop.browser.api(Method::GET, path, &self.key, None).await.json();
        found["data"].as_array().cloned().unwrap_or_default()
    }

    /// How many calls the faults have struck.
    async fn calls(&self) -> u64 {
        let faults = self.look("faults").await;
        let hits = faults["data"].as_array().into_iter().flatten();
        hits.filter_map(|fault| fault["hits"].as_u64()).sum()
    }

    async fn lift(&self) {
        let url = format!("{}/control/faults", self.sandbox.base_url());
        assert!(self.http.delete(url).send().await.expect("an answer").status().is_success());
    }
}
