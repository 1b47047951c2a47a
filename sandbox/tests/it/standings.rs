//! What becomes of templates after their review: pauses, quality, categories, deletion.

use serde_json::{Value, json};

use crate::world::{delivered, quick, shop, template, until};

const PHONE: &str = "+33639980042";
const STATUS: &str = "message_template_status_update";

async fn id_of(shop: &crate::world::Shop) -> String {
    let answer = shop.happens(json!({ "quality": "UNKNOWN" })).await;
    answer["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn each_standing_sends_or_refuses_as_documented() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let cases = [
        ("DISABLED", Some(132_016)),
        ("PAUSED", Some(132_015)),
        ("REJECTED", Some(132_001)),
        ("IN_APPEAL", Some(132_001)),
        ("PENDING", Some(132_001)),
        ("LOCKED", Some(132_001)),
        ("LIMIT_EXCEEDED", Some(132_001)),
        ("ARCHIVED", Some(132_001)),
        ("FLAGGED", None),
        ("REINSTATED", None),
        ("PENDING_DELETION", Some(132_001)),
        ("APPROVED", None),
    ];
    for (status, code) in cases {
        assert_eq!(shop.happens(json!({ "status": status })).await["status"], status);
        let (_, answer) = shop.send(delivered(PHONE, "x")).await;
        assert_eq!(answer["error"]["code"].as_u64(), code, "{status}: {answer}");
    }
    // One for the creation, one for each.
    let mut news = callback.until_news(STATUS, cases.len() + 1).await;
    news.sort_by_key(|one| one["event"].as_str().map(str::to_owned));
    let deleting = news.iter().find(|one| one["event"] == "PENDING_DELETION").expect("told");
    assert!(deleting["reason"].is_null() && deleting.get("reason").is_some());
    let disabled = news.iter().find(|one| one["event"] == "DISABLED").expect("told");
    assert!(disabled["disable_info"]["disable_date"].is_string());
    assert!(news.iter().all(|one| one["message_template_category"] == "UTILITY"));
}

#[tokio::test]
async fn the_third_pause_disables() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let mut told = 1;
    for (title, text) in [("FIRST_PAUSE", "3 hours"), ("SECOND_PAUSE", "6 hours")] {
        shop.happens(json!({ "status": "PAUSED" })).await;
        told += 1;
        let news = callback.until_news(STATUS, told).await;
        let pause = news.iter().find(|one| one["other_info"]["title"] == title).expect("told");
        assert_eq!(pause["event"], "PAUSED");
        assert!(pause["other_info"]["description"].as_str().expect("a text").contains(text));
        shop.happens(json!({ "status": "APPROVED" })).await;
        told += 1;
        let news = callback.until_news(STATUS, told).await;
        assert!(news.iter().any(|one| one["other_info"]["title"] == "UNPAUSE"));
    }
    assert_eq!(shop.happens(json!({ "status": "PAUSED" })).await["status"], "DISABLED");
    let path = format!("/v25.0/{}/message_templates?name=order_delivered", shop.waba());
    assert_eq!(shop.call("DELETE", &path, None).await.0, 400, "disabled ones stay");
}

#[tokio::test]
async fn a_pause_ends_by_itself_or_by_hand() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let id = id_of(&shop).await;
    let path = format!("/v25.0/{id}/unpause");
    let (status, answer) = shop.call("POST", &path, None).await;
    assert_eq!((status, &answer["success"]), (200, &json!(false)));
    assert!(answer["reason"].is_string());

    shop.happens(json!({ "status": "PAUSED", "pause_ms": 40 })).await;
    until("the end of the pause", async || {
        (shop.template(&id).await["status"] == "APPROVED").then_some(())
    })
    .await;
    let news = callback.until_news(STATUS, 3).await;
    let lifted = news.iter().find(|one| one["other_info"]["title"] == "UNPAUSE").expect("told");
    assert_eq!(lifted["event"], "APPROVED");

    shop.happens(json!({ "status": "PAUSED", "pacing": true })).await;
    let (_, answer) = shop.call("POST", &path, None).await;
    assert_eq!(answer["success"], false, "too early: {answer}");
    shop.happens(json!({ "status": "APPROVED" })).await;
    shop.happens(json!({ "status": "PAUSED", "pacing": true, "pause_ms": 0 })).await;
    assert_eq!(shop.template(&id).await["status"], "PAUSED");
    assert_eq!(shop.call("POST", &path, None).await, (200, json!({ "success": true })));
    assert_eq!(shop.send(delivered(PHONE, "x")).await.0, 200);
    let other = crate::world::Shop { secret: "another".to_owned(), ..shop.clone() };
    assert_eq!(other.call("POST", &path, None).await.0, 400, "another app's template");
}

#[tokio::test]
async fn quality_and_category_change_on_demand() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let id = id_of(&shop).await;
    shop.happens(json!({ "quality": "GREEN" })).await;
    shop.happens(json!({ "quality": "RED" })).await;
    let news = callback.until_news("message_template_quality_update", 2).await;
    let second = news.iter().find(|one| one["new_quality_score"] == "RED").expect("told");
    assert_eq!(second["previous_quality_score"], "GREEN");
    assert_eq!(second["message_template_id"].to_string(), id);
    let listed = format!("/v25.0/{}/message_templates?quality_score=RED", shop.waba());
    let (_, listed) = shop.call("GET", &listed, None).await;
    assert_eq!(listed["data"][0]["id"], id);

    shop.happens(json!({ "category": "MARKETING", "notice_ms": 150 })).await;
    let whole = shop.template(&id).await;
    assert_eq!(
        (&whole["category"], &whole["correct_category"]),
        (&json!("UTILITY"), &json!("MARKETING"))
    );
    let news = callback.until_news("template_category_update", 2).await;
    let announced: Vec<&Value> =
        news.iter().filter(|one| one["category_update_timestamp"].is_u64()).collect();
    assert_eq!(announced.len(), 1);
    assert_eq!(announced[0]["new_category"], "UTILITY", "the present one, in Meta's naming");
    assert_eq!(announced[0]["correct_category"], "MARKETING");
    let done = news.iter().find(|one| one["previous_category"] == "UTILITY").expect("told");
    assert_eq!(done["new_category"], "MARKETING");
    let whole = shop.template(&id).await;
    assert_eq!(
        (&whole["category"], &whole["previous_category"]),
        (&json!("MARKETING"), &json!("UTILITY"))
    );
    assert!(whole["correct_category"].is_null());
    for nonsense in [json!({}), json!({ "pacing": true }), json!({ "notice_ms": 3 })] {
        let mut body = nonsense;
        for (key, value) in [
            ("phone_number_id", shop.number.as_str()),
            ("name", "order_delivered"),
            ("language", "en"),
        ] {
            body[key] = json!(value);
        }
        assert_eq!(shop.call("POST", "/control/templates", Some(body)).await.0, 400);
    }
}

#[tokio::test]
async fn a_hundred_templates_an_hour() {
    let (_sandbox, shop, _) = shop(quick()).await;
    shop.control("limits", json!({ "templates_per_hour": 3 })).await;
    let body = |n: u32| {
        json!({ "name": format!("t{n}"), "language": "en", "category": "UTILITY",
        "components": [{ "type": "BODY", "text": format!("Your parcel {n} comes tomorrow.") }] })
    };
    // The tests' own was the first.
    assert_eq!(shop.create_template(body(1)).await.0, 200);
    assert_eq!(shop.create_template(body(2)).await.0, 200);
    let (status, answer) = shop.create_template(body(3)).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(80_008)));
    let (_, limits) = shop.call("GET", "/control/limits", None).await;
    assert_eq!(limits["templates_per_hour"], 3);
    shop.control("limits", json!({})).await;
    let (_, limits) = shop.call("GET", "/control/limits", None).await;
    assert_eq!(limits["templates_per_hour"], 100, "Meta's limit is the usual one");
    assert_eq!(shop.create_template(body(3)).await.0, 200);
}

#[tokio::test]
async fn deleting_by_ids_is_all_or_nothing() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let first = id_of(&shop).await;
    let other = json!({ "name": "other", "language": "en", "category": "UTILITY",
        "components": [{ "type": "BODY", "text": "Your parcel comes to you tomorrow." }] });
    let (second, _) = shop.created(other.clone()).await;
    let path = format!("/v25.0/{}/message_templates", shop.waba());
    let (status, _) = shop.call("DELETE", &format!("{path}?hsm_ids=[{first},17]"), None).await;
    assert_eq!(status, 400);
    assert_eq!(shop.template(&first).await["status"], "APPROVED", "nothing was deleted");
    let both = format!("{path}?hsm_ids=[{first},{second}]");
    assert_eq!(shop.call("DELETE", &both, None).await.0, 200);
    let (_, listed) = shop.call("GET", &format!("{path}?name=other"), None).await;
    assert_eq!(listed["data"], json!([]));
    let news = callback.until_news(STATUS, 4).await;
    assert_eq!(news.iter().filter(|one| one["event"] == "DELETED").count(), 2);
    // By id the name stays free.
    assert_eq!(shop.create_template(template()).await.0, 200);
    assert_eq!(shop.create_template(other).await.0, 200);
    let name_and_ids = format!("{path}?hsm_ids=[{first}]&name=other");
    assert_eq!(shop.call("DELETE", &name_and_ids, None).await.0, 400);
}
