//! The REST API as a shop's own system sees it.

use super::house::House;
use reqwest::Method;
use serde_json::json;

const ALL: [&str; 3] = ["read", "write", "read_phones"];
const PHONE: &str = "+33639980012";

#[tokio::test]
async fn without_a_good_key_there_is_nothing() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let browser = house.browser();
    let none = browser.get("/api/v1/events").await;
    assert_eq!((none.status, none.header("content-type")), (401, "application/problem+json"));
    assert_eq!(none.header("www-authenticate"), "Bearer");
    let problem = none.json();
    assert_eq!(problem["type"], "urn:facteur:problem:no_key");
    assert_eq!(problem["request_id"], none.header("x-request-id"));
    assert_eq!(browser.api(Method::GET, "/api/v1/events", "fct_nonsense", None).await.status, 401);

    let key = ada.key(&ALL).await;
    assert_eq!(browser.api(Method::GET, "/api/v1/events", &key, None).await.status, 200);
    let id = house.store.api_keys(ada.account).await.expect("keys")[0].id.to_string();
    let revoke = [("act", "revoke"), ("key", id.as_str())];
    assert_eq!(ada.browser.post("/settings/keys", &revoke).await.status, 303);
    assert_eq!(browser.api(Method::GET, "/api/v1/events", &key, None).await.status, 401);
}

#[tokio::test]
async fn a_scope_allows_what_it_says_and_phones_are_masked_without_theirs() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    ada.ship(&house, "A-1", PHONE).await;
    let (reader, writer, seer) = (
        ada.key(&["read"]).await,
        ada.key(&["write"]).await,
        ada.key(&["read", "read_phones"]).await,
    );
    let browser = house.browser();
    let body = format!(r#"{{"brand":"{}","source":"sendcloud"}}"#, ada.brand);
    let refused = browser.api(Method::POST, "/api/v1/connections", &reader, Some(&body)).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["type"], "urn:facteur:problem:denied");
    assert_eq!(browser.api(Method::GET, "/api/v1/messages", &writer, None).await.status, 403);

    for (key, seen) in [(&reader, "+33 6 ** ** ** 12"), (&seer, PHONE)] {
        let message = browser.api(Method::GET, "/api/v1/messages", key, None).await.json();
        assert_eq!(message["data"][0]["to"], seen);
        let event = browser.api(Method::GET, "/api/v1/events", key, None).await.json();
        assert_eq!(event["data"][0]["phone"], seen);
    }
}

#[tokio::test]
async fn an_event_can_be_followed_from_its_delivery_to_its_charge() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let key = ada.key(&ALL).await;
    let browser = house.browser();
    let event = |id: &str, order: &str, status: &str| {
        json!({
            "specversion": "1.0", "id": id, "source": "erp", "type": format!("shop.parcel.{status}"),
            "time": house.now().to_string(),
            "data": {"order_number": order, "tracking_number": format!("T{order}"),
                     "recipient": {"phone": PHONE, "country": "FR"}},
        })
    };
    let batch = json!([event("1", "A-1", "delivered"), {"id": "2"}, event("3", "A-3", "shipped")]);
    let accepted =
        browser.api(Method::POST, "/api/v1/events", &key, Some(&batch.to_string())).await;
    assert_eq!(accepted.status, 202, "{}", accepted.body);
    let results = accepted.json();
    assert_eq!(results["data"][1]["state"], "refused");
    assert_eq!(results["data"][1]["field"], "specversion");
    let delivery = results["data"][0]["delivery_id"].as_str().expect("kept").to_owned();
    house.work().await;

    let get = async |path: String| browser.api(Method::GET, &path, &key, None).await.json();
    let events = get(format!("/api/v1/events?delivery_id={delivery}")).await;
    let found = &events["data"][0];
    assert_eq!((&found["status"], &found["order_number"]), (&json!("delivered"), &json!("A-1")));
    let decisions = get(format!("/api/v1/decisions?delivery_id={delivery}")).await;
    let decision = &decisions["data"][0];
    assert_eq!(decision["outcome"], "send", "{decision}");
    assert_eq!(decision["event_id"], found["id"]);
    assert_eq!(
        decision["rules"].as_array().map(Vec::len),
        Some(dispatch::decision::RuleCode::ALL.len())
    );
    let message = get("/api/v1/messages?order_number=A-1&status=delivered".to_owned()).await;
    let message = &message["data"][0];
    assert_eq!(message["id"], decision["message_id"]);
    assert_eq!(message["tracking_status"], "delivered");
    assert_eq!(message["charge"], json!({"micros": 160_000, "currency": "EUR"}));
    assert_eq!(message["attempts"][0]["outcome"], "accepted");
    for (resource, id) in
        [("events", &found["id"]), ("decisions", &decision["id"]), ("messages", &message["id"])]
    {
        let one = get(format!("/api/v1/{resource}/{}", id.as_str().expect("an id"))).await;
        assert_eq!(&one["id"], id);
    }

    for (list, query, count) in [
        ("messages", "channel=whatsapp", 1),
        ("messages", "channel=sms", 0),
        ("messages", "since=2999-01-01T00:00:00Z", 0),
        ("messages", "until=2999-01-01T00:00:00Z", 1),
        ("decisions", "channel=email", 0),
        ("decisions", "until=2001-01-01T00:00:00Z", 0),
    ] {
        let found = get(format!("/api/v1/{list}?order_number=A-1&{query}")).await;
        assert_eq!(found["data"].as_array().map(Vec::len), Some(count), "{list} {query}");
    }
    let skipped = get("/api/v1/decisions?order_number=A-3".to_owned()).await;
    assert_eq!(skipped["data"][0]["outcome"], "skip");
    assert_eq!(skipped["data"][0]["reason"], "status_on");
    assert_eq!(skipped["data"][0]["message_id"], json!(null));

    let usage = get("/api/v1/usage".to_owned()).await;
    assert_eq!(usage["data"][0]["quantity"], 1);
    assert_eq!(usage["data"][0]["amount"]["micros"], 160_000);
}

#[tokio::test]
async fn lists_come_in_pages_that_join() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    for n in 0..5 {
        ada.ship(&house, &format!("A-{n}"), PHONE).await;
    }
    let key = ada.key(&["read"]).await;
    let browser = house.browser();
    for resource in ["events", "decisions", "templates"] {
        let whole = browser
            .api(Method::GET, &format!("/api/v1/{resource}?limit=200"), &key, None)
            .await
            .json();
        assert_eq!(whole["next_cursor"], json!(null), "{resource}");
        let mut cursor = String::new();
        let mut joined = Vec::new();
        loop {
            let path = format!("/api/v1/{resource}?limit=2&cursor={cursor}");
            let page = browser.api(Method::GET, &path, &key, None).await.json();
            joined.extend(page["data"].as_array().expect("rows").clone());
            match page["next_cursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(json!(joined), whole["data"], "{resource}");
        assert!(joined.len() >= 5);
    }
    for bad in ["limit=0", "limit=x", "cursor=nonsense", "status=nonsense", "delivery_id=1"] {
        let answer = browser.api(Method::GET, &format!("/api/v1/events?{bad}"), &key, None).await;
        assert_eq!(answer.status, 422, "{bad}");
    }
}

#[tokio::test]
async fn a_connection_is_made_with_its_secret_shown_once() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let key = ada.key(&ALL).await;
    let browser = house.browser();
    let brand = ada.brand;
    let post = async |body: String| {
        browser.api(Method::POST, "/api/v1/connections", &key, Some(&body)).await
    };
    let made = post(json!({"brand": brand, "source": "sendcloud"}).to_string()).await;
    assert_eq!(made.status, 201);
    let made = made.json();
    let id = made["id"].as_str().expect("an id");
    assert_eq!(made["url"], format!("{}/hooks/sendcloud/{id}", house.base));
    assert!(made["secret"].is_string());
    let one = browser.api(Method::GET, &format!("/api/v1/connections/{id}"), &key, None).await;
    assert!(!one.body.contains(made["secret"].as_str().expect("a text")));

    let own = json!({"brand": brand, "source": "sendcloud", "secrets": ["mine"],
                     "settings": {"auth": {"header": "X-Api-Key"}}});
    let own = post(own.to_string()).await;
    assert_eq!(own.status, 201);
    assert!(own.json()["secret"].is_null());

    for (body, status) in [
        ("nonsense".to_owned(), 400),
        (json!({"brand": brand, "source": "nonsense"}).to_string(), 422),
        (json!({"source": "sendcloud"}).to_string(), 422),
        (json!({"brand": "brd_nonsense", "source": "sendcloud"}).to_string(), 404),
        (
            json!({"brand": brand, "source": "sendcloud", "settings": {"auth": "x"}}).to_string(),
            422,
        ),
    ] {
        assert_eq!(post(body.clone()).await.status, status, "{body}");
    }
}

#[tokio::test]
async fn bad_bodies_are_refused_with_a_problem() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let key = ada.key(&ALL).await;
    let browser = house.browser();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let huge = format!("\"{}\"", "x".repeat(1024 * 1024 + 1));
    for (body, status) in [("", 400), ("nonsense", 400), (&deep, 400), (&huge, 413), ("{}", 422)] {
        let answer = browser.api(Method::POST, "/api/v1/events", &key, Some(body)).await;
        assert_eq!(answer.status, status, "{body:.20}");
    }
    for (method, path, status) in [
        (Method::GET, "/api/v1/nothing", 404),
        (Method::GET, "/api/nothing", 404),
        (Method::DELETE, "/api/v1/events", 405),
    ] {
        let answer = browser.api(method, path, &key, None).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert!(!answer.sets_cookie());
    }
    let document = browser.get("/api/v1/openapi.json").await;
    assert_eq!(document.json()["openapi"], "3.1.0");
}
