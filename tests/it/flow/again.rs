//! A provider that puts off every try of some messages until they are used up; then it is mended, and somebody has them
//! sent again.

use super::town::Town;
use crate::process::eventually;
use dispatch::message::MessageState;
use dispatch::stranded::ReplayFilter;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(60);
const PARCELS: u64 = 5;

fn phone(number: u64) -> String {
    format!("+336399824{:02}", 10 + number)
}

#[tokio::test]
async fn what_was_used_up_is_told_once_after_it_was_mended() {
    let town = Town::open().await;
    for number in 0..PARCELS {
        town.control("faults", json!({ "kind": "error", "code": 131_057, "match": phone(number) }))
            .await;
        town.ship(&format!("AGAIN-{number}"), &phone(number)).await;
    }
    town.until_used_up().await;
    for number in 0..PARCELS {
        assert_eq!(town.count_at(&phone(number)).await, 0);
    }
    // One customer says no meanwhile.
    let brand = town.shop.brand.to_string();
    let no = [
        ("act", "record"),
        ("brand", brand.as_str()),
        ("phone", "+33639982410"),
        ("kind", "opt_out"),
        ("text", "by telephone"),
    ];
    assert_eq!(town.shop.browser.post("/consent", &no).await.status, 303);

    let url = format!("{}/control/faults", town.sandbox.base_url());
    assert!(town.http.delete(url).send().await.expect("an answer").status().is_success());
    let done = town.send_all_again().await;
    assert_eq!(
        (&done["replayed"], &done["left_out"]),
        (&json!(PARCELS - 1), &json!({ "opted_out": 1 }))
    );
    for number in 1..PARCELS {
        town.read_at(&phone(number)).await;
    }
    let delivered = async || {
        let path = "/api/v1/messages?limit=100";
        let found = town.shop.browser.api(Method::GET, path, &town.key, None).await.json();
        found["data"].as_array().cloned().unwrap_or_default()
    };
    eventually("each delivered and charged", SOON, || async {
        let charged =
            |one: &&Value| one["charge"]["micros"].as_i64().is_some_and(|micros| micros > 0);
        let count = delivered().await.iter().filter(charged).count() as u64;
        if count == PARCELS - 1 { Ok(()) } else { Err(count.to_string()) }
    })
    .await;

    // A second time does nothing.
    let twice = town.send_all_again().await;
    assert_eq!((&twice["replayed"], &twice["left_out"]), (&json!(0), &json!({})));
    town.house.clock.advance(Duration::from_secs(600));
    tokio::time::sleep(Duration::from_secs(2)).await;
    for number in 0..PARCELS {
        let expected = usize::from(number > 0);
        assert_eq!(town.count_at(&phone(number)).await, expected, "{}", phone(number));
    }
    let month = town.house.now().month();
    let usage = town.house.store.usage(town.shop.account, month).await.expect("usage");
    assert_eq!(
        usage.iter().map(|line| line.quantity).sum::<i64>(),
        i64::try_from(PARCELS - 1).expect("few")
    );
    let stopped = delivered().await.into_iter().find(|one| one["order_number"] == "AGAIN-0");
    let stopped = stopped.expect("a message");
    assert_eq!(
        (&stopped["status"], &stopped["waits"]),
        (&json!(MessageState::Failed), &Value::Null)
    );
}

impl Town {
    /// Moves the clock on, never so far that a call under way would seem lost.
    async fn until_used_up(&self) {
        const STEP: Duration = Duration::from_secs(15);
        let all = ReplayFilter::default();
        let (store, account) = (&self.house.store, self.shop.account);
        for _ in 0..120 {
            let count = store.count_stranded(account, &all, 100).await.expect("counted");
            if count == i64::try_from(PARCELS).expect("few") {
                return;
            }
            self.house.clock.advance(STEP);
            self.house.wakes.sender.ring();
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        panic!("tries are left");
    }

    async fn send_all_again(&self) -> Value {
        let path = "/api/v1/messages/replay";
        self.shop.browser.api(Method::POST, path, &self.key, Some("{}")).await.json()
    }
}
