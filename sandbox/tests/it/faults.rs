//! Faults on demand.

use serde_json::json;

use crate::world::{delivered, quick, shop, until};

const PHONE: &str = "+33639980042";
const OTHER: &str = "+33639980043";

#[tokio::test]
async fn refusals_hit_who_they_match_and_as_often_as_asked() {
    let (_sandbox, shop, _) = shop(quick()).await;
    shop.control("faults", json!({ "kind": "error_429", "match": PHONE, "count": 1 })).await;
    shop.control("faults", json!({ "kind": "error_500", "match": OTHER })).await;
    let (status, answer) = shop.send(delivered(PHONE, "a")).await;
    assert_eq!((status, &answer["error"]["code"]), (429, &json!(130_429)));
    assert_eq!(shop.send(delivered(PHONE, "b")).await.0, 200, "used up");
    assert_eq!(shop.send(delivered(OTHER, "c")).await.0, 500);
    assert_eq!(shop.send(delivered(OTHER, "d")).await.0, 500, "for ever");
    let (_, cleared) = shop.call("DELETE", "/control/faults", None).await;
    assert_eq!(cleared, json!({ "data": [] }));
    assert_eq!(shop.send(delivered(OTHER, "e")).await.0, 200);
    let (_, faults) = shop.call("GET", "/control/faults", None).await;
    assert_eq!(faults, json!({ "data": [] }));
}

#[tokio::test]
async fn a_lost_answer_was_accepted_and_a_reset_was_not() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let url = format!("{}/v25.0/{}/messages", shop.base, shop.number);
    let post = async |to: &str, opaque: &str| {
        let token = sandbox::access_token(&shop.secret);
        shop.http.post(&url).bearer_auth(token).json(&delivered(to, opaque)).send().await
    };
    shop.control("faults", json!({ "kind": "reset", "match": PHONE, "count": 1 })).await;
    assert!(post(PHONE, "reset").await.is_err());
    assert!(shop.phone(PHONE).await.is_empty());

    shop.control("faults", json!({ "kind": "lost_answer", "match": PHONE, "count": 1 })).await;
    assert!(post(PHONE, "lost").await.is_err());
    assert_eq!(shop.phone(PHONE).await.len(), 1);
    let receipt = until("a receipt that settles it", async || {
        callback.statuses().into_iter().find(|s| s["biz_opaque_callback_data"] == "lost")
    })
    .await;
    assert_eq!(receipt["id"], shop.phone(PHONE).await[0]["id"]);

    assert!(post("+33639980408", "scripted").await.is_err());
    assert_eq!(shop.phone("+33639980408").await.len(), 1);
    assert!(post("+33639980408", "scripted").await.is_err());
    assert_eq!(shop.phone("33639980408").await.len(), 2, "a repeated POST is a second message");
}

#[tokio::test]
async fn receipts_may_come_twice_reversed_or_without_a_phone() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let fault = async |kind: &str| {
        shop.call("DELETE", "/control/faults", None).await;
        shop.control("faults", json!({ "kind": kind, "match": "order_delivered" })).await;
    };
    fault("duplicate_receipt").await;
    let twice = shop.told(PHONE, "twice").await;
    until("six receipts", async || (callback.words(&twice).len() == 6).then_some(())).await;

    fault("reorder_receipts").await;
    let reversed = shop.told(PHONE, "reversed").await;
    until("three", async || (callback.words(&reversed).len() == 3).then_some(())).await;
    assert_eq!(callback.words(&reversed), ["read", "delivered", "sent"]);

    fault("no_phone").await;
    let hidden = shop.told(PHONE, "hidden").await;
    callback.until_read(&hidden).await;
    let statuses = callback.statuses();
    let status = statuses.iter().find(|status| status["id"] == hidden.as_str()).expect("told");
    assert!(status.get("recipient_id").is_none());
    assert!(status["recipient_user_id"].as_str().is_some_and(|id| id.starts_with("FR.")));
}

#[tokio::test]
async fn latency_comes_after_processing() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    shop.control("faults", json!({ "kind": "latency", "count": 1, "ms": 400 })).await;
    let begin = std::time::Instant::now();
    let id = shop.told(PHONE, "slow").await;
    assert!(begin.elapsed().as_millis() >= 400);
    assert!(!callback.words(&id).is_empty(), "receipts may come before the answer");
}

#[tokio::test]
async fn a_wrong_fault_is_explained() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let path = "/control/faults";
    let (status, answer) = shop.call("POST", path, Some(json!({ "kind": "fire" }))).await;
    assert_eq!(status, 400);
    let message = answer["error"]["message"].as_str().expect("words");
    assert!(message.contains("error_429"), "{message}");
    let (status, _) = shop.call("POST", path, Some(json!({ "kind": "latency" }))).await;
    assert_eq!(status, 400);
}
