//! Receipts: shape, order, signature, patience.

use std::collections::BTreeMap;

use futures::future::join_all;
use sandbox::Settings;
use serde_json::json;

use crate::world::{Callback, Shop, list, quick, shop, start, template, until};

const PHONE: &str = "+33639980042";

#[tokio::test]
async fn a_message_is_sent_delivered_and_read_and_each_is_told_signed() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let id = shop.told(PHONE, "attempt-1").await;
    callback.until_read(&id).await;
    assert_eq!(callback.words(&id), ["sent", "delivered", "read"]);
    assert!(callback.posts().iter().all(|post| post.signed));

    let sent = &callback.statuses()[0];
    assert_eq!(sent["recipient_id"], "33639980042");
    assert_eq!(sent["biz_opaque_callback_data"], "attempt-1");
    assert_eq!(
        sent["pricing"],
        json!({ "billable": true, "pricing_model": "PMP", "type": "regular", "category": "utility" })
    );
    let post = &callback.updates()[0].body;
    assert_eq!(post["object"], "whatsapp_business_account");
    assert_eq!(post["entry"][0]["id"], shop.waba());
    let change = &post["entry"][0]["changes"][0];
    assert_eq!(change["field"], "messages");
    assert_eq!(change["value"]["metadata"]["phone_number_id"], shop.number);
    assert_eq!(change["value"]["contacts"][0]["wa_id"], "33639980042");
    let received = shop.phone(PHONE).await;
    assert_eq!(received[0]["status"], "read");
    assert_eq!(received[0]["text"], "Hello Marina, your order #10482 was delivered today.");
}

#[tokio::test]
async fn a_refused_webhook_comes_back_until_it_is_accepted() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    callback.answer_next(&[500, 404, 302]);
    let id = shop.told(PHONE, "attempt-1").await;
    callback.until_read(&id).await;
    until("all three", async || (callback.words(&id).len() == 3).then_some(())).await;
    assert!(callback.posts().iter().filter(|post| !post.accepted).count() >= 1);
    until("nothing owed", async || (shop.state().await["webhooks_owed"] == 0).then_some(())).await;
    assert_eq!(callback.words(&id).len(), 3, "what was accepted is not told again");
}

#[tokio::test]
async fn receipts_wait_for_a_callback() {
    let sandbox = start(quick()).await;
    let shop = Shop::new(&sandbox);
    shop.create_template(template()).await;
    let id = shop.told(PHONE, "early").await;
    until("the receipts to be owed", async || {
        let phone = shop.phone(PHONE).await;
        (phone[0]["status"] == "read").then_some(())
    })
    .await;
    let callback = Callback::start(&shop.secret).await;
    shop.subscribe(&callback).await;
    callback.until_read(&id).await;
    assert_eq!(callback.words(&id), ["sent", "delivered", "read"]);
}

#[tokio::test]
async fn updates_travel_together_or_one_by_one() {
    let one_by_one = Settings { receipts: quick().receipts.one_by_one(), ..quick() };
    let (_sandbox, shop, callback) = shop(one_by_one).await;
    let sends = (0..20).map(|n| {
        let shop = shop.clone();
        async move { shop.told(PHONE, &format!("a{n}")).await }
    });
    let ids = join_all(sends).await;
    for id in &ids {
        callback.until_read(id).await;
    }
    let sizes = callback.updates().into_iter().map(|post| {
        let changes = list(&post.body["entry"][0]["changes"]);
        changes.iter().map(|change| list(&change["value"]["statuses"]).len()).sum::<usize>()
    });
    assert!(sizes.eq(std::iter::repeat_n(1, 60)));
}

/// Everything a run shows that must not depend on concurrency.
async fn outcomes(seed: u64, at_once: bool) -> BTreeMap<String, String> {
    let (_sandbox, shop, callback) = shop(Settings { seed, ..quick() }).await;
    let send = |n: usize| {
        let shop = shop.clone();
        // Every tenth fails.
        let to = if n.is_multiple_of(10) {
            "+33639980026".into()
        } else {
            format!("+3363998{:04}", n + 100)
        };
        async move { (format!("attempt-{n}"), shop.told(&to, &format!("attempt-{n}")).await) }
    };
    let sent = if at_once {
        join_all((0..60).rev().map(send)).await
    } else {
        let mut sent = Vec::new();
        for n in 0..60 {
            sent.push(send(n).await);
        }
        sent
    };
    let mut seen = BTreeMap::new();
    for (attempt, id) in sent {
        let last = until("an outcome", async || {
            callback.words(&id).into_iter().find(|word| word == "read" || word == "failed")
        })
        .await;
        seen.insert(attempt, format!("{id} {last}"));
    }
    seen
}

#[tokio::test]
async fn the_same_seed_gives_the_same_run_however_it_is_called() {
    let (one, two) = tokio::join!(outcomes(42, false), outcomes(42, true));
    assert_eq!(one, two);
    assert_ne!(one, outcomes(43, true).await);
}
