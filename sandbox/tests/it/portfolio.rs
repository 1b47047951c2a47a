//! The daily limit of a portfolio, as it is told and as it is kept.

use super::world::{Callback, Shop, delivered, quick, shop, template};
use serde_json::{Value, json};

async fn two() -> (sandbox::Running, Shop, Shop, Callback) {
    let (sandbox, one, callback) = shop(quick()).await;
    let other = Shop { number: "118842056631908".to_owned(), ..one.clone() };
    assert_eq!(other.create_template(template()).await.0, 200);
    (sandbox, one, other, callback)
}

async fn tier(shop: &Shop) -> (Value, Value) {
    let fields = "whatsapp_business_manager_messaging_limit,throughput";
    let (_, number) =
        shop.call("GET", &format!("/v25.0/{}?fields={fields}", shop.number), None).await;
    let tier = number["whatsapp_business_manager_messaging_limit"].clone();
    (tier, number["throughput"]["level"].clone())
}

#[tokio::test]
async fn a_portfolio_has_no_limit_until_it_is_told_one() {
    let (_sandbox, shop, other, callback) = two().await;
    shop.told("+33639980101", "a").await;
    assert_eq!(tier(&shop).await, (json!("TIER_UNLIMITED"), json!("STANDARD")));
    let (_, waba) =
        shop.call("GET", &format!("/v25.0/{}?fields=owner_business_info", shop.waba()), None).await;
    assert_eq!(waba["owner_business_info"]["id"], format!("{}01", shop.number));

    let order = json!({ "phone_number_id": shop.number, "people": 2_000 });
    let set = shop.control("portfolios", order).await;
    assert_eq!((&set["limit"]["people"], &set["reached"]), (&json!(2_000), &json!(0)));
    assert_eq!(tier(&shop).await.0, "TIER_2K");
    other.told("+33639980102", "b").await;
    assert_eq!(tier(&other).await.0, "TIER_UNLIMITED", "another number has another portfolio");
    let fast = json!({ "phone_number_id": shop.number, "throughput": "HIGH" });
    shop.control("numbers", fast).await;
    assert_eq!(tier(&shop).await.1, "HIGH");
    let told = callback.until_news("business_capability_update", 1).await;
    assert_eq!(told[0]["max_daily_conversations_per_business"], 2_000);
    let told = callback.until_news("phone_number_quality_update", 1).await;
    assert_eq!(told[0]["event"], "THROUGHPUT_UPGRADE");
}

#[tokio::test]
async fn numbers_of_a_portfolio_share_its_people() {
    let (_sandbox, one, other, _) = two().await;
    for shop in [&one, &other] {
        shop.told("+33639980110", &shop.number).await;
        let join = json!({ "phone_number_id": shop.number, "portfolio": "2729063490586005" });
        shop.control("portfolios", join).await;
    }
    let limit =
        json!({ "phone_number_id": one.number, "people": 2, "excess": "refuse", "code": 80_007 });
    one.control("portfolios", limit).await;
    one.told("+33639980111", "a").await;
    other.told("+33639980112", "b").await;
    one.told("+33639980112", "c").await;
    let (status, answer) = one.send(delivered("+33639980113", "d")).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(80_007)));
    // Who writes opens a window of their own.
    let words = json!({ "from": "+33639980113", "sender": one.number, "text": "Hello?" });
    one.control("inbound", words).await;
    one.told("+33639980113", "e").await;
    // Accepted, and failed.
    let fails = json!({ "phone_number_id": one.number, "excess": "fail", "code": 131_048 });
    one.control("portfolios", fails).await;
    one.told("+33639980114", "f").await;
    let (_, all) = one.call("GET", "/control/messages?to=33639980114&include=failed", None).await;
    assert_eq!(all["data"][0]["error"], 131_048, "{all}");
    // A day later.
    let later = json!({ "phone_number_id": one.number, "window_ms": 0 });
    one.control("portfolios", later).await;
    one.told("+33639980115", "g").await;
    let (_, all) = one.call("GET", "/control/messages?to=33639980115", None).await;
    assert_eq!(all["data"].as_array().map(Vec::len), Some(1));
    for nonsense in [json!({ "people": 0 }), json!({ "people": -2 }), json!({ "portfolio": "x" })] {
        let mut order = json!({ "phone_number_id": one.number });
        for (key, value) in nonsense.as_object().expect("an object") {
            order[key] = value.clone();
        }
        assert_eq!(one.call("POST", "/control/portfolios", Some(order)).await.0, 400);
    }
}
