//! A portfolio that may reach six customers a day: who goes, who waits and until when, and who goes on undisturbed.

use super::town::{Decision, Town};
use crate::process::eventually;
use dispatch::message::MessageState;
use dispatch::reach::{Limit, SPAN};
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

fn phone(number: u32) -> String {
    format!("+33639986{number:03}")
}

#[tokio::test]
async fn a_limit_of_six_lets_five_go_keeps_one_and_holds_the_rest_until_tomorrow() {
    let town = Town::open().await;
    let portfolio = town.portfolio(json!({ "people": 6 })).await;
    assert_eq!(portfolio["limit"]["people"], 6);
    town.until_limit(Limit::People(6)).await;
    let mut decisions = Vec::new();
    for number in 0..8 {
        decisions.push(town.ship(&format!("R-{number}"), &phone(number)).await);
    }
    let held = town.until_held(&decisions, 3).await;
    for number in 0..5 {
        town.read_at(&phone(number)).await;
    }
    let page = town.says(&format!("/settings/brands/{}", town.shop.brand)).await;
    assert!(page.contains("5 of 6 customers reached in 24 hours, 1 kept for urgent news."));
    assert!(page.contains("3 messages wait for a place."), "{page}");
    let log = town.says("/messages?tab=held").await;
    assert!(log.contains("Daily customer limit reached; sends"), "{log}");
    let case = town.says(&held[0].page()).await;
    assert!(case.contains("Goes when a place for another customer becomes free"), "{case}");
    let message = town.message_of(held[0]).await;
    let planned = message.due_at.expect("a planned time").since(town.house.now());
    assert!(planned > SPAN - Duration::from_secs(120) && planned <= SPAN, "{planned:?}");

    // Another number of another portfolio goes on as ever.
    let other = town.house.owner("eve").await;
    other.activate(&town.house).await;
    other.hand_over("S-1", &phone(101)).await;
    town.read_at(&phone(101)).await;

    // What is urgent has a place of its own, and the one after that waits, too.
    town.make_urgent().await;
    let urgent = town.ship("R-8", &phone(8)).await;
    town.read_at(&phone(8)).await;
    assert!(town.message_of(&urgent).await.state != MessageState::Held);
    let late = town.ship("R-9", &phone(9)).await;
    town.until_held(&[late], 1).await;
    assert_eq!(
        town.portfolio(json!({})).await["reached"],
        6,
        "never more than the platform allows"
    );

    // A day later by our clock, and by the platform's.
    town.portfolio(json!({ "window_ms": 0 })).await;
    town.house.clock.advance(SPAN + Duration::from_secs(5));
    for number in [5, 6, 7, 9] {
        town.read_at(&phone(number)).await;
        assert_eq!(town.count_at(&phone(number)).await, 1);
    }
}

#[tokio::test]
async fn a_higher_limit_lets_what_waits_go_at_once() {
    let town = Town::open().await;
    town.portfolio(json!({ "people": 2 })).await;
    town.until_limit(Limit::People(2)).await;
    let mut decisions = Vec::new();
    for number in 20..24 {
        decisions.push(town.ship(&format!("R-{number}"), &phone(number)).await);
    }
    town.until_held(&decisions, 3).await;
    town.portfolio(json!({ "people": -1 })).await;
    for number in 20..24 {
        town.read_at(&phone(number)).await;
    }
}

#[tokio::test]
async fn an_upgrade_and_a_complaint_stay_with_the_number() {
    let town = Town::open().await;
    let number = town.phone_number_id().await;
    town.control("numbers", json!({ "phone_number_id": number, "throughput": "HIGH" })).await;
    town.until_access("the upgrade", |access| access.per_second == Some(1_000)).await;
    town.fault(json!({ "kind": "error_429", "match": number, "count": 1 })).await;
    town.ship("R-40", &phone(40)).await;
    town.until_access("the complaint", |access| access.slowed.is_some()).await;
    town.read_at(&phone(40)).await;
}

impl Town {
    async fn phone_number_id(&self) -> String {
        let brand = self.house.store.brand(self.shop.account, self.shop.brand).await;
        let sender = brand.expect("a store").and_then(|brand| brand.sender);
        sender.expect("a sender").phone_number_id
    }

    /// Orders something of the shop's portfolio.
    async fn portfolio(&self, mut order: Value) -> Value {
        order["phone_number_id"] = json!(self.phone_number_id().await);
        self.control("portfolios", order).await
    }

    async fn until_limit(&self, limit: Limit) {
        eventually("the limit is known", SOON, || async {
            let (account, brand) = (self.shop.account, self.shop.brand);
            let view = self.house.store.reach(account, brand, self.house.now()).await;
            let known = view.expect("a store").map(|view| view.limit);
            (known == Some(limit)).then_some(()).ok_or_else(|| format!("{known:?}"))
        })
        .await;
    }

    /// So many of them are held.
    async fn until_held<'a>(&self, decisions: &'a [Decision], count: usize) -> Vec<&'a Decision> {
        eventually("messages that wait", SOON, || async {
            let mut held = Vec::new();
            for decision in decisions {
                if self.message_of(decision).await.state == MessageState::Held {
                    held.push(decision);
                }
            }
            if held.len() == count { Ok(held) } else { Err(format!("{} are held", held.len())) }
        })
        .await
    }

    /// That something has been delivered is urgent from now on.
    async fn make_urgent(&self) {
        let path = format!("/settings/brands/{}", self.shop.brand);
        let brand = self.house.store.brand(self.shop.account, self.shop.brand).await;
        let version = brand.expect("a store").expect("a brand").version.to_string();
        let form = [
            ("act", "save_hours"),
            ("version", version.as_str()),
            ("quiet_from", "21:00"),
            ("quiet_until", "08:00"),
            ("quiet_day", "mon"),
            ("quiet_urgent", "delivered"),
        ];
        let answer = self.shop.browser.post(&path, &form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }

    async fn until_access(&self, what: &str, is: impl Fn(&dispatch::port::SenderAccess) -> bool) {
        let brand = self.house.store.brand(self.shop.account, self.shop.brand).await;
        let sender = brand.expect("a store").and_then(|brand| brand.sender).expect("a sender").id;
        eventually(what, SOON, || async {
            let access = self.house.store.sender_access(self.shop.account, sender).await;
            let access = access.expect("a store").expect("a sender");
            is(&access).then_some(()).ok_or_else(|| format!("{:?}", access.slowed))
        })
        .await;
    }
}
