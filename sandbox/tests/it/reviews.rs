//! Reviews of templates: what is decided, when, and what is told.

use std::time::Duration;

use sandbox::Settings;
use serde_json::{Value, json};

use crate::world::{Callback, Shop, delivered, quick, shop, start, template, until};

const PHONE: &str = "+33639980042";
const STATUS: &str = "message_template_status_update";

/// Templates are reviewed in about this time.
fn in_ms(ms: u64) -> Settings {
    Settings { review: Duration::from_millis(ms), ..quick() }
}

fn of_body(name: &str, body: &str) -> Value {
    json!({ "name": name, "language": "en", "category": "UTILITY",
            "components": [{ "type": "BODY", "text": body }] })
}

/// Strings and numbers replaced by their kind: what is left is the shape.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(all) => all.iter().map(|(k, v)| (k.clone(), shape(v))).collect(),
        Value::Array(all) => all.iter().map(shape).collect(),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        other => other.clone(),
    }
}

/// An example of the contract, from the project's fixtures.
fn documented(name: &str) -> Value {
    let path = format!("{}/../tests/fixtures/whatsapp/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("an example");
    serde_json::from_str(&text).expect("JSON")
}

/// The one POST that told something under this field and has this in it.
fn told(callback: &Callback, field: &str, has: (&str, &str)) -> Value {
    let posts = callback.posts().into_iter().filter(|post| post.accepted);
    let mut mine = posts.filter(|post| {
        let change = &post.body["entry"][0]["changes"][0];
        change["field"] == field && change["value"][has.0] == has.1
    });
    let post = mine.next().expect("told");
    assert!(post.signed);
    post.body
}

#[tokio::test]
async fn a_created_template_is_pending_until_the_review_has_ended() {
    let sandbox = start(in_ms(150)).await;
    let shop = Shop::new(&sandbox);
    let callback = Callback::start(&shop.secret).await;
    shop.subscribe(&callback).await;
    let (id, status) = shop.created(template()).await;
    assert_eq!(status, "PENDING");
    assert_eq!(shop.template(&id).await["status"], "PENDING");
    let (code, answer) = shop.send(delivered(PHONE, "x")).await;
    assert_eq!((code, &answer["error"]["code"]), (404, &json!(132_001)));
    let (_, answer) = shop.call("POST", &format!("/v25.0/{id}"), Some(template())).await;
    assert_eq!(answer["error"]["error_subcode"], 2_388_039);

    let news = callback.until_news(STATUS, 1).await;
    assert_eq!(news[0]["event"], "APPROVED");
    assert_eq!(news[0]["message_template_id"].to_string(), id, "a number in webhooks");
    let body = told(&callback, STATUS, ("event", "APPROVED"));
    assert_eq!(body["entry"][0]["id"], shop.waba());
    assert_eq!(shape(&body), shape(&documented("template_status_update_approved.json")));
    let whole = shop.template(&id).await;
    assert_eq!(whole["status"], "APPROVED");
    assert_eq!(whole["rejected_reason"], "NONE");
    assert_eq!(whole["quality_score"]["score"], "UNKNOWN");
    assert!(whole["quality_score"]["date"].is_u64() && whole["previous_category"].is_null());
    assert_eq!(shop.send(delivered(PHONE, "x")).await.0, 200);
}

#[tokio::test]
async fn the_seed_decides_how_long_a_review_takes() {
    let decided_after = async |seed| {
        let (_sandbox, shop, _) = shop(Settings { seed, ..in_ms(3_600_000) }).await;
        let (_, state) = shop.call("GET", "/control/reviews", None).await;
        let waiting = &state["waiting"][0];
        let at = |key: &str| {
            let text = waiting[key].as_str().expect("a moment");
            let format = &time::format_description::well_known::Rfc3339;
            time::OffsetDateTime::parse(text, format).expect("RFC 3339")
        };
        (at("decided_at") - at("since")).whole_milliseconds()
    };
    let first = decided_after(3).await;
    assert!((1_800_000..=5_400_000).contains(&first), "{first}");
    assert_eq!(first, decided_after(3).await);
    assert_ne!(first, decided_after(4).await);
}

#[tokio::test]
async fn rejections_say_why() {
    let (_sandbox, shop, callback) = shop(in_ms(1)).await;
    let cases = [
        ("shouted", "YOUR PARCEL COMES TOMORROW, PLEASE BE AT HOME", "INVALID_FORMAT"),
        ("advertised", "Discount for you! Limited time, buy now, all at 50%.", "PROMOTIONAL"),
        ("secret", "To get your parcel, answer with your card number today.", "SCAM"),
        ("foreign", "Votre colis est chez nous, et nous vous écrirons.", "TAG_CONTENT_MISMATCH"),
        ("rude", "Only an idiot misses the parcel of tomorrow.", "ABUSIVE_CONTENT"),
    ];
    for (name, body, reason) in cases {
        let (id, _) = shop.created(of_body(name, body)).await;
        until("the verdict", async || {
            (shop.template(&id).await["status"] == "REJECTED").then_some(())
        })
        .await;
        assert_eq!(shop.template(&id).await["rejected_reason"], reason, "{name}");
    }
    let news = callback.until_news(STATUS, 6).await;
    for (name, _, reason) in cases {
        let one = news.iter().find(|one| one["message_template_name"] == name).expect("told");
        assert_eq!((&one["event"], &one["reason"]), (&json!("REJECTED"), &json!(reason)));
        assert_eq!(one["rejection_info"].is_object(), reason == "INVALID_FORMAT", "{name}");
    }
    let body = told(&callback, STATUS, ("message_template_name", "shouted"));
    assert_eq!(shape(&body), shape(&documented("template_status_update_rejected.json")));
    let (_, listed) = shop
        .call("GET", &format!("/v25.0/{}/message_templates?status=REJECTED", shop.waba()), None)
        .await;
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(cases.len()));
}

#[tokio::test]
async fn utility_that_advertises_becomes_marketing() {
    let (_sandbox, shop, callback) = shop(in_ms(1)).await;
    let mut body = of_body("mixed", "Your parcel comes tomorrow. Take a discount on the next one.");
    body["message_send_ttl_seconds"] = json!(600);
    let (id, _) = shop.created(body).await;
    callback.until_news("template_category_update", 1).await;
    let told = told(&callback, "template_category_update", ("message_template_name", "mixed"));
    assert_eq!(shape(&told), shape(&documented("template_category_update_done.json")));
    let value = &told["entry"][0]["changes"][0]["value"];
    assert_eq!(value["previous_category"], "UTILITY");
    assert_eq!(value["new_category"], "MARKETING");
    let whole = shop.template(&id).await;
    assert_eq!(whole["status"], "APPROVED");
    assert_eq!(whole["category"], "MARKETING");
    assert_eq!(whole["previous_category"], "UTILITY");
    assert!(whole["message_send_ttl_seconds"].is_null(), "its time to live is forgotten");
    let send = json!({ "messaging_product": "whatsapp", "to": PHONE, "type": "template",
        "template": { "name": "mixed", "language": { "code": "en" } } });
    assert_eq!(shop.send(send).await.0, 200);
    let sent = until("a receipt", async || callback.statuses().pop()).await;
    assert_eq!(sent["pricing"]["category"], "marketing");
}

#[tokio::test]
async fn orders_decide_the_next_reviews() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let good = |n: &str| of_body(n, &format!("Your parcel number {n} comes to you tomorrow."));
    shop.control("reviews", json!({ "name": "b", "verdict": "reject", "reason": "SCAM" })).await;
    shop.control("reviews", json!({ "verdict": "recategorise", "name": "c" })).await;
    shop.control("reviews", json!({ "verdict": "approve", "name": "loud" })).await;
    assert_eq!(shop.created(good("a")).await.1, "APPROVED");
    let (id, status) = shop.created(good("b")).await;
    assert_eq!(status, "REJECTED");
    assert_eq!(shop.template(&id).await["rejected_reason"], "SCAM");
    let (id, _) = shop.created(good("c")).await;
    assert_eq!(shop.template(&id).await["category"], "MARKETING");
    assert_eq!(shop.created(of_body("loud", "YOUR PARCEL COMES SOON")).await.1, "APPROVED");
    // Used up: the rules decide again.
    assert_eq!(shop.created(of_body("louder", "YOUR PARCEL COMES NOW")).await.1, "REJECTED");

    shop.control("reviews", json!({ "verdict": "reject", "count": 2, "delay_ms": 30 })).await;
    let (first, status) = shop.created(good("d")).await;
    assert_eq!(status, "PENDING");
    shop.created(good("e")).await;
    assert_eq!(shop.created(good("f")).await.1, "APPROVED");
    until("the delayed verdict", async || {
        (shop.template(&first).await["status"] == "REJECTED").then_some(())
    })
    .await;
    assert_eq!(callback.until_news(STATUS, 9).await.len(), 9);
}

#[tokio::test]
async fn a_review_can_be_held_and_decided_by_hand() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let body = |n: &str| of_body(n, &format!("Your parcel number {n} comes to you tomorrow."));
    shop.control("reviews", json!({ "verdict": "hold", "count": 2 })).await;
    let (one, status) = shop.created(body("one")).await;
    assert_eq!(status, "PENDING");
    let (two, _) = shop.created(body("two")).await;
    let state = shop.control("reviews", json!({ "name": "two", "verdict": "reject" })).await;
    assert_eq!(state["waiting"].as_array().map(Vec::len), Some(1));
    assert_eq!(shop.template(&two).await["status"], "REJECTED");
    assert_eq!(shop.template(&one).await["status"], "PENDING");
    let by_hand = json!({ "phone_number_id": shop.number, "name": "one", "language": "en",
                          "status": "APPROVED" });
    assert_eq!(shop.control("templates", by_hand).await["status"], "APPROVED");

    let (status, answer) =
        shop.call("POST", "/control/reviews", Some(json!({ "verdict": "burn" }))).await;
    assert_eq!(status, 400, "{answer}");
    for nonsense in [json!({}), json!({ "verdict": "approve", "reason": "SCAM" })] {
        assert_eq!(shop.call("POST", "/control/reviews", Some(nonsense)).await.0, 400);
    }
    let set = shop.control("reviews", json!({ "delay_ms": 60_000 })).await;
    assert_eq!(set["delay_ms"], 60_000);
    assert_eq!(shop.created(body("three")).await.1, "PENDING");
    let (_, cleared) = shop.call("DELETE", "/control/reviews", None).await;
    assert_eq!(cleared["data"], json!([]));
}

#[tokio::test]
async fn an_edit_is_told_and_reviewed_again() {
    let (_sandbox, shop, callback) = shop(in_ms(40)).await;
    callback.until_news(STATUS, 1).await;
    let (_, listed) = shop
        .call(
            "GET",
            &format!("/v25.0/{}/message_templates?name=order_delivered", shop.waba()),
            None,
        )
        .await;
    let id = listed["data"].as_array().expect("a list").iter().find(|t| t["language"] == "en");
    let id = id.expect("listed")["id"].as_str().expect("an id").to_owned();
    let mut change = template();
    change["components"][0]["text"] =
        json!("Dear {{first_name}}, the parcel of {{order_number}} came to your door today.");
    change["components"].as_array_mut().expect("a list").push(json!(
        { "type": "BUTTONS", "buttons": [
            { "type": "URL", "text": "Track", "url": "https://r.example/{{1}}", "example": ["x"] },
            { "type": "QUICK_REPLY", "text": "Stop" } ] }));
    let change = json!({ "components": change["components"] });
    let path = format!("/v25.0/{id}");
    let answer = shop.call("POST", &path, Some(change.clone())).await;
    assert_eq!(answer, (200, json!({ "success": true })));
    assert_eq!(shop.template(&id).await["status"], "PENDING", "not sendable meanwhile");
    let news = callback.until_news("message_template_components_update", 1).await;
    assert_eq!(
        news[0],
        json!({
            "message_template_id": id.parse::<u64>().expect("a number"),
            "message_template_name": "order_delivered",
            "message_template_language": "en",
            "message_template_element":
                "Dear {{first_name}}, the parcel of {{order_number}} came to your door today.",
            "message_template_footer": "Answer STOP to end these messages",
            "message_template_buttons": [
                { "message_template_button_type": "URL", "message_template_button_text": "Track",
                  "message_template_button_url": "https://r.example/{{1}}" },
                { "message_template_button_type": "QUICK_REPLY",
                  "message_template_button_text": "Stop" },
            ],
        })
    );
    callback.until_news(STATUS, 2).await;
    // Once in 24 hours, and never the category.
    let (status, answer) = shop.call("POST", &path, Some(change.clone())).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(100)), "{answer}");
    let category = json!({ "category": "MARKETING" });
    assert_eq!(shop.call("POST", &path, Some(category.clone())).await.0, 400);
    let off = json!({ "edits_per_day": null, "edits_per_month": 2 });
    shop.control("limits", off).await;
    assert_eq!(shop.call("POST", &path, Some(change.clone())).await.0, 200);
    callback.until_news(STATUS, 3).await;
    assert_eq!(shop.call("POST", &path, Some(change.clone())).await.0, 400, "twice in 30 days");
    // A rejected one may be edited as often as it takes, and change its category.
    shop.happens(json!({ "status": "REJECTED", "reason": "PROMOTIONAL" })).await;
    assert_eq!(shop.call("POST", &path, Some(category)).await.0, 200);
}

#[tokio::test]
async fn a_callback_that_refuses_news_is_told_again() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    callback.until_news(STATUS, 1).await;
    callback.answer_next(&[503, 500]);
    shop.happens(json!({ "quality": "YELLOW" })).await;
    let news = callback.until_news("message_template_quality_update", 1).await;
    assert_eq!(news.len(), 1);
    let posts = callback.posts();
    let of_quality = posts.iter().filter(|post| {
        post.body["entry"][0]["changes"][0]["field"] == "message_template_quality_update"
    });
    assert_eq!(of_quality.count(), 3, "refused twice");
    assert!(posts.iter().all(|post| post.signed));
    until("nothing owed", async || (shop.state().await["webhooks_owed"] == 0).then_some(())).await;
}

#[tokio::test]
async fn reviews_and_news_survive_a_kill() {
    let dir = tempfile::tempdir().expect("a folder");
    let kept = |ms| Settings { data_dir: Some(dir.path().to_owned()), ..in_ms(ms) };
    let sandbox = start(kept(400)).await;
    let shop = Shop::new(&sandbox);
    let (id, status) = shop.created(template()).await;
    assert_eq!(status, "PENDING");
    let held = of_body("held", "Your parcel comes to you tomorrow morning.");
    shop.control("reviews", json!({ "name": "held", "verdict": "hold" })).await;
    let (held, _) = shop.created(held).await;
    // Told to nobody yet: there is no callback.
    shop.happens(json!({ "quality": "GREEN" })).await;
    drop(sandbox);

    let sandbox = start(kept(1)).await;
    let shop = Shop { base: sandbox.base_url(), ..shop };
    let callback = Callback::start(&shop.secret).await;
    shop.subscribe(&callback).await;
    assert_eq!(callback.until_news("message_template_quality_update", 1).await.len(), 1);
    let news = callback.until_news(STATUS, 1).await;
    assert_eq!(news[0]["event"], "APPROVED");
    assert_eq!(shop.template(&id).await["quality_score"]["score"], "GREEN");
    assert_eq!(shop.template(&held).await["status"], "PENDING");
    until("nothing owed", async || (shop.state().await["webhooks_owed"] == 0).then_some(())).await;
    drop(sandbox);
    let sandbox = start(kept(1)).await;
    let shop = Shop { base: sandbox.base_url(), ..shop };
    assert_eq!(shop.state().await["webhooks_owed"], 0, "what was told is not told again");
    assert_eq!(shop.template(&id).await["status"], "APPROVED");
}
