//! Answering as a person, looking, starting over.

use serde_json::json;

use crate::world::{delivered, quick, shop, until};

const PHONE: &str = "+33639980042";

#[tokio::test]
async fn a_person_writes_and_opens_the_window() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    shop.told(PHONE, "first").await;
    let body = json!({ "from": "+33 6 39 98 00 42", "sender": shop.number, "text": "STOP" });
    let id = shop.control("inbound", body).await["id"].as_str().expect("an id").to_owned();
    let message = until("the inbound message", async || callback.messages().pop()).await;
    assert_eq!(message["type"], "text");
    assert_eq!(message["text"]["body"], "STOP");
    assert_eq!(message["from"], "33639980042");
    assert_eq!(message["id"], id);
    assert!(callback.posts().iter().all(|post| post.signed));

    let text = json!({ "messaging_product": "whatsapp", "to": PHONE, "type": "text",
                       "text": { "body": "You will get no more messages." } });
    assert_eq!(shop.send(text).await.0, 200, "the window is open");
    let received = shop.phone(PHONE).await;
    assert_eq!(received.len(), 2);
    assert_eq!(received[1]["type"], "text");
    let (_, wrote) =
        shop.call("GET", "/control/messages?to=33639980042&direction=inbound", None).await;
    assert_eq!(wrote["data"][0]["text"], "STOP");
}

#[tokio::test]
async fn a_tap_carries_its_payload_and_what_it_answers() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let answered = shop.told(PHONE, "first").await;
    let body = json!({ "from": PHONE, "sender": shop.number, "context": answered,
                       "button": { "payload": "stop:1", "text": "Stop messages" } });
    shop.control("inbound", body).await;
    let message = until("the tap", async || callback.messages().pop()).await;
    assert_eq!(message["type"], "button");
    assert_eq!(message["button"], json!({ "payload": "stop:1", "text": "Stop messages" }));
    assert_eq!(message["context"]["id"], answered);
}

#[tokio::test]
async fn phones_are_found_with_or_without_plus_and_count_what_they_received() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let one = shop.told(PHONE, "same").await;
    let two = shop.told(PHONE, "same").await;
    assert_ne!(one, two);
    for to in ["+33639980042", "%2B33639980042", "33639980042", "33%206%2039%2098%2000%2042"] {
        let ids: Vec<_> = shop.phone(to).await.iter().map(|m| m["id"].clone()).collect();
        assert_eq!(ids, [json!(one), json!(two)], "{to}: newest last");
    }
    let (status, answer) = shop.call("GET", "/control/messages?to=nobody", None).await;
    assert_eq!(status, 400, "{answer}");
}

#[tokio::test]
async fn a_reset_forgets_messages_and_keeps_the_set_up() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let first = shop.told(PHONE, "same").await;
    shop.control("faults", json!({ "kind": "error_500" })).await;
    assert_eq!(shop.control("reset", json!({ "seed": 1 })).await["seed"], 1);
    assert!(shop.phone(PHONE).await.is_empty());
    // The same seed and key: the same message again, with its receipts at the same callback.
    let again = shop.told(PHONE, "same").await;
    assert_eq!(first, again);
    callback.until_read(&again).await;
    let text = json!({ "messaging_product": "whatsapp", "to": PHONE, "type": "text",
                       "text": { "body": "Hello" } });
    assert_eq!(shop.send(text).await.0, 400, "windows are closed");
    shop.control("reset", json!({ "seed": 2 })).await;
    assert_ne!(shop.told(PHONE, "same").await, first);
}

#[tokio::test]
async fn a_callback_that_cannot_verify_is_refused() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let path = format!("/v25.0/{}/subscribed_apps", shop.waba());
    callback.expect_token("something else");
    let try_with = async |uri: &str| {
        let body = json!({ "override_callback_uri": uri, "verify_token": "verify-me" });
        shop.call("POST", &path, Some(body)).await
    };
    let (status, answer) = try_with(&callback.url).await;
    assert_eq!(status, 400, "{answer}");
    assert_eq!(try_with("ftp://nowhere").await.0, 400);
    // The subscription of before still stands.
    let (_, list) = shop.call("GET", &path, None).await;
    assert_eq!(list["data"][0]["override_callback_uri"], callback.url);
    assert_eq!(shop.call("DELETE", &path, None).await.0, 200);
    let (_, list) = shop.call("GET", &path, None).await;
    assert_eq!(list["data"], json!([]));
}

#[tokio::test]
async fn a_number_shows_the_name_it_was_given() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let path = format!("/v25.0/{}?fields=verified_name,display_phone_number", shop.number);
    let (_, node) = shop.call("GET", &path, None).await;
    assert_eq!(node["verified_name"], "Sandbox shop");
    let face = json!({ "phone_number_id": shop.number, "name": "Maison Sauvel",
                       "display": "+33 1 23 45 67 89" });
    shop.control("numbers", face).await;
    let (_, node) = shop.call("GET", &path, None).await;
    assert_eq!(
        node,
        json!({ "id": shop.number, "verified_name": "Maison Sauvel",
                "display_phone_number": "+33 1 23 45 67 89" })
    );
    assert_eq!(shop.send(delivered(PHONE, "x")).await.0, 200);
}
