//! Being too fast, and codes that say more than about one message: what the provider answers changes how we go
//! on with that number, that recipient, that text, and with nobody else.

use super::town::{FRENCH, STATUS, Town};
use crate::process::eventually;
use dispatch::attempt::Outcome;
use dispatch::brand::SenderState;
use dispatch::message::MessageState;
use dispatch::template::Review;
use dispatch::view::MessageView;
use serde_json::json;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_number_that_is_too_fast_rests_and_another_goes_on() {
    let town = Town::open().await;
    let other = town.house.owner("eve").await;
    other.activate(&town.house).await;
    town.fault(json!({ "kind": "error_429", "match": town.number().await, "count": 3 })).await;
    let decision = town.ship("1001", "+33639981001").await;
    // It rests 1, 2 and 4 seconds; the other number's message overtakes it.
    other.hand_over("2001", "+33639982001").await;
    town.read_at("+33639982001").await;
    let slowed = town.message_of(&decision).await;
    assert!(!slowed.state.reached(), "{:?}", slowed.state);

    town.read_at("+33639981001").await;
    let message = town.until_accepted(&decision).await;
    let outcomes: Vec<_> = message.attempts.iter().filter_map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::Retry, Outcome::Retry, Outcome::Retry, Outcome::Accepted]);
    let gap = |n: usize| message.attempts[n].started_at.since(message.attempts[n - 1].started_at);
    assert!(gap(1) >= Duration::from_secs(1), "{:?}", gap(1));
    assert!(gap(2) >= Duration::from_secs(2), "{:?}", gap(2));
    assert!(gap(3) >= Duration::from_secs(4), "{:?}", gap(3));
    assert_eq!(town.sender_state().await, SenderState::Ready);
}

#[tokio::test]
async fn a_recipient_who_had_too_many_waits_and_others_do_not() {
    let town = Town::open().await;
    let pair = json!({ "kind": "error", "code": 131_056, "match": "+33639981011", "count": 2 });
    town.fault(pair).await;
    // It waits 1 and 4 seconds.
    let late = town.ship("1011", "+33639981011").await;
    town.tell("1012", "+33639981012").await;
    assert!(!town.message_of(&late).await.state.reached());
    town.read_at("+33639981011").await;
    let message = town.until_accepted(&late).await;
    let gap = message.attempts[2].started_at.since(message.attempts[0].started_at);
    assert!(gap >= Duration::from_secs(5), "{gap:?}");
}

#[tokio::test]
async fn what_an_answer_says_of_the_number_counts_for_what_follows() {
    for (code, state, ends) in [
        // The message waits for new credentials; whoever has a stopped number is not reached on WhatsApp.
        (190, SenderState::Reconnect, MessageState::Queued),
        (131_031, SenderState::Paused, MessageState::Failed),
        (131_042, SenderState::Paused, MessageState::Failed),
    ] {
        let town = Town::open().await;
        town.fault(json!({ "kind": "error", "code": code, "count": 1 })).await;
        let decision = town.ship("1021", "+33639981021").await;
        town.until_sender(state).await;
        // While it is tried again it is being sent for a moment.
        eventually("the message's state", SOON, || async {
            let state = town.message_of(&decision).await.state;
            (state == ends).then_some(()).ok_or_else(|| format!("{code}: {state:?}"))
        })
        .await;
        // What is decided from now on knows it.
        let next = town.ship("1022", "+33639981022").await;
        assert_eq!(next.0["reason"], "sender_ready", "{code}: {}", next.0);
    }
}

#[tokio::test]
async fn a_failed_receipt_says_the_same_as_an_answer() {
    let town = Town::open().await;
    town.fault(json!({ "kind": "failed_receipt", "code": 131_031, "count": 1 })).await;
    let decision = town.ship("1031", "+33639981031").await;
    town.until_sender(SenderState::Paused).await;
    let message = town.message_of(&decision).await;
    assert_eq!(message.state, MessageState::Failed);
    assert_eq!(message.failure.as_deref(), Some("131031"));
}

#[tokio::test]
async fn a_text_that_the_provider_stops_is_not_chosen_again() {
    for (kind, code, review) in [
        ("error", 132_015, Review::Paused),
        ("failed_receipt", 132_015, Review::Paused),
        ("error", 132_016, Review::Disabled),
    ] {
        let town = Town::open().await;
        town.write(
            "submit",
            "Bonjour <<first_name|là>>, votre colis de la commande est arrivé ce matin.",
        )
        .await;
        town.until_newest(Review::Approved).await;
        town.fault(json!({ "kind": kind, "code": code, "count": 1 })).await;
        town.ship("1041", "+33639981041").await;
        town.until_newest(review).await;
        // The library's text speaks in its place.
        let (_, version) = town.tell("1042", "+33639981042").await;
        assert_eq!(version, 0, "{kind} {code} {STATUS} {FRENCH}");
    }
}

impl Town {
    async fn sender_state(&self) -> SenderState {
        let brand = self.house.store.brand(self.shop.account, self.shop.brand).await;
        brand.expect("a store").and_then(|brand| brand.sender).expect("a sender").state
    }

    /// The platform's id of the shop's number.
    async fn number(&self) -> String {
        let brand = self.house.store.brand(self.shop.account, self.shop.brand).await;
        let sender = brand.expect("a store").and_then(|brand| brand.sender);
        sender.expect("a sender").phone_number_id
    }

    async fn until_sender(&self, state: SenderState) {
        eventually("the sender's state", SOON, || async {
            let now = self.sender_state().await;
            (now == state).then_some(()).ok_or_else(|| format!("{now:?}"))
        })
        .await;
    }

    async fn until_accepted(&self, decision: &super::town::Decision) -> MessageView {
        eventually("an accepted attempt", SOON, || async {
            let message = self.message_of(decision).await;
            let is = message.attempts.last().is_some_and(|a| a.outcome == Some(Outcome::Accepted));
            if is { Ok(message) } else { Err(format!("{:?}", message.state)) }
        })
        .await
    }
}
