//! What survives.

use sandbox::Settings;
use serde_json::json;

use crate::world::{Callback, Shop, quick, shop, start, template, until};

const PHONE: &str = "+33639980042";

#[tokio::test]
async fn a_killed_sandbox_goes_on_where_it_was() {
    let dir = tempfile::tempdir().expect("a folder");
    let kept = || Settings { data_dir: Some(dir.path().to_owned()), seed: 9, ..quick() };
    let (sandbox, shop, callback) = shop(kept()).await;
    let old = shop.told(PHONE, "before").await;
    callback.until_read(&old).await;
    until("nothing owed", async || (shop.state().await["webhooks_owed"] == 0).then_some(())).await;
    let told = callback.statuses().len();
    let body = json!({ "from": PHONE, "sender": shop.number, "text": "Hello?" });
    shop.control("inbound", body).await;
    until("the inbound message", async || callback.messages().pop()).await;
    // Receipts of this one are owed when the sandbox dies.
    shop.control("faults", json!({ "kind": "late_receipt", "ms": 300 })).await;
    let owed = shop.told(PHONE, "owed").await;
    // Dropped, not shut down: nothing gets the chance to be written now.
    drop(sandbox);

    let sandbox = start(Settings { seed: 1, ..kept() }).await;
    let shop = Shop { base: sandbox.base_url(), ..shop };
    assert_eq!(shop.state().await["seed"], 9, "the journal keeps its seed");
    let ids: Vec<_> = shop.phone(PHONE).await.iter().map(|m| m["id"].clone()).collect();
    assert_eq!(ids, [json!(old), json!(owed)]);
    callback.until_read(&owed).await;
    assert_eq!(callback.statuses().len(), told + 3, "what was told before is not told again");
    // Templates, windows and the count of draws are still there.
    let text = json!({ "messaging_product": "whatsapp", "to": PHONE, "type": "text",
                       "text": { "body": "Hello" } });
    assert_eq!(shop.send(text).await.0, 200);
    assert_ne!(shop.told(PHONE, "before").await, old);
}

#[tokio::test]
async fn a_torn_line_is_left_out() {
    let dir = tempfile::tempdir().expect("a folder");
    let kept = || Settings { data_dir: Some(dir.path().to_owned()), ..quick() };
    let (sandbox, shop, _) = shop(kept()).await;
    shop.told(PHONE, "before").await;
    sandbox.shutdown().await;
    let journal = dir.path().join("sandbox.jsonl");
    let mut bytes = std::fs::read(&journal).expect("the journal");
    bytes.extend_from_slice(b"{\"fact\":\"message\",\"seq\":17,\"id\":\"wamid.\xc3");
    std::fs::write(&journal, bytes).expect("written");
    let sandbox = start(kept()).await;
    let shop = Shop { base: sandbox.base_url(), ..shop };
    assert_eq!(shop.phone(PHONE).await.len(), 1);
    shop.told(PHONE, "after").await;
    assert_eq!(shop.phone(PHONE).await.len(), 2);
}

#[tokio::test]
async fn old_messages_are_forgotten_in_memory_and_on_disk() {
    let dir = tempfile::tempdir().expect("a folder");
    let kept = || Settings { data_dir: Some(dir.path().to_owned()), keep: 5, ..quick() };
    let (sandbox, shop, _) = shop(kept()).await;
    for n in 0..60 {
        shop.told(PHONE, &format!("a{n}")).await;
        until("all told", async || (shop.state().await["webhooks_owed"] == 0).then_some(())).await;
    }
    let held = shop.phone(PHONE).await;
    assert!(held.len() <= 6, "{}", held.len());
    assert_eq!(held[held.len() - 1]["biz_opaque_callback_data"], "a59");
    let text = std::fs::read_to_string(dir.path().join("sandbox.jsonl")).expect("the journal");
    assert!(text.lines().count() < 40, "{}", text.lines().count());
    drop(sandbox);
    let sandbox = start(kept()).await;
    let shop = Shop { base: sandbox.base_url(), ..shop };
    assert_eq!(shop.phone(PHONE).await.len(), held.len());
}

#[tokio::test]
async fn two_sandboxes_never_share_a_folder() {
    let dir = tempfile::tempdir().expect("a folder");
    let kept = || Settings { data_dir: Some(dir.path().to_owned()), ..quick() };
    let _first = start(kept()).await;
    let second = sandbox::start(kept()).await;
    assert!(second.expect_err("refused").to_string().contains("another sandbox"));
}

#[tokio::test]
async fn a_callback_that_dies_gets_its_receipts_when_it_is_back() {
    let sandbox = start(quick()).await;
    let shop = Shop::new(&sandbox);
    shop.create_template(template()).await;
    let callback = Callback::start(&shop.secret).await;
    shop.subscribe(&callback).await;
    // Nobody listens there: the same as a dead server.
    callback.answer_next(&[503; 2]);
    let id = shop.told(PHONE, "x").await;
    until("a refusal", async || callback.posts().first().cloned()).await;
    until("all three", async || (callback.words(&id).len() == 3).then_some(())).await;
    let mut words = callback.words(&id);
    words.sort();
    assert_eq!(words, ["delivered", "read", "sent"]);
}

#[tokio::test]
async fn a_journal_of_before_reviews_is_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let kept = || Settings { data_dir: Some(dir.path().to_owned()), ..quick() };
    let (sandbox, shop, _) = shop(kept()).await;
    shop.told(PHONE, "before").await;
    sandbox.shutdown().await;
    let journal = dir.path().join("sandbox.jsonl");
    let mut old = json!({ "fact": "template", "number": shop.number, "standing": "PAUSED" });
    old["body"] = template();
    old["body"]["name"] = json!("older");
    let mut lines = std::fs::read_to_string(&journal).expect("the journal");
    lines.push_str(&format!("{old}\n{}\n", json!({ "fact": "told", "steps": [[0, 7]] })));
    std::fs::write(&journal, lines).expect("written");
    let sandbox = start(kept()).await;
    let shop = Shop { base: sandbox.base_url(), ..shop };
    let (_, listed) = shop
        .call("GET", &format!("/v25.0/{}/message_templates?name=older", shop.waba()), None)
        .await;
    assert_eq!(listed["data"][0]["status"], "PAUSED");
    assert_eq!(shop.phone(PHONE).await.len(), 1);
}
