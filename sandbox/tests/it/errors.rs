//! Documented refusals.

use sandbox::Settings;
use serde_json::{Value, json};

use crate::world::{delivered, quick, shop, start, template};

const PHONE: &str = "+33639980042";

/// A good send with one change.
fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = delivered(PHONE, "x");
    change(&mut body);
    body
}

fn parameters(body: &mut Value) -> &mut Value {
    &mut body["template"]["components"][0]["parameters"]
}

#[tokio::test]
async fn sends_that_are_wrong_get_the_documented_code() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let long = "x".repeat(1_100);
    let cases: Vec<(&str, Value, u16, u64)> = vec![
        ("no product", changed(|b| b["messaging_product"] = Value::Null), 400, 131_008),
        ("another product", changed(|b| b["messaging_product"] = json!("sms")), 400, 131_009),
        ("nobody", changed(|b| b["to"] = Value::Null), 400, 131_008),
        ("no phone", changed(|b| b["to"] = json!("somebody")), 400, 100),
        ("unknown key", changed(|b| b["prio"] = json!(1)), 400, 100),
        ("long data", changed(|b| b["biz_opaque_callback_data"] = json!(long)), 400, 100),
        ("strange type", changed(|b| b["type"] = json!("fax")), 400, 131_009),
        ("other type", changed(|b| b["type"] = json!("sticker")), 400, 131_051),
        ("no template", changed(|b| b["template"] = Value::Null), 400, 131_008),
        ("unknown template", changed(|b| b["template"]["name"] = json!("nope")), 404, 132_001),
        (
            "unknown language",
            changed(|b| b["template"]["language"]["code"] = json!("pt_BR")),
            404,
            132_001,
        ),
        ("too few", changed(|b| drop(parameters(b).as_array_mut().map(Vec::pop))), 400, 132_000),
        ("no component", changed(|b| b["template"]["components"] = json!([])), 400, 132_000),
        (
            "nameless",
            changed(|b| parameters(b)[0] = json!({ "type": "text", "text": "a" })),
            400,
            131_008,
        ),
        ("wrong name", changed(|b| parameters(b)[0]["parameter_name"] = json!("x")), 400, 132_018),
        ("wrong kind", changed(|b| parameters(b)[0]["type"] = json!("image")), 400, 132_012),
        ("new line", changed(|b| parameters(b)[0]["text"] = json!("a\nb")), 400, 132_018),
        ("empty", changed(|b| parameters(b)[0]["text"] = json!("")), 400, 131_008),
        ("too long", changed(|b| parameters(b)[0]["text"] = json!(long)), 400, 132_005),
        (
            "text outside the window",
            json!({ "messaging_product": "whatsapp", "to": PHONE, "type": "text",
                    "text": { "body": "Hello" } }),
            400,
            131_047,
        ),
        ("scripted limit", delivered("+33639980056", "x"), 400, 131_056),
        ("scripted error", delivered("+33639980000", "x"), 500, 131_000),
    ];
    for (what, body, status, code) in cases {
        let (got, answer) = shop.send(body).await;
        assert_eq!(
            (got, answer["error"]["code"].as_u64()),
            (status, Some(code)),
            "{what}: {answer}"
        );
        assert!(answer["error"]["fbtrace_id"].is_string(), "{what}");
    }
    assert!(shop.phone(PHONE).await.is_empty(), "nothing refused reached the phone");
}

#[tokio::test]
async fn only_the_app_that_came_first_may_use_a_number() {
    let (sandbox, shop, _) = shop(quick()).await;
    let mut other = shop.clone();
    other.secret = "another".to_owned();
    let (status, answer) = other.send(delivered(PHONE, "x")).await;
    assert_eq!((status, &answer["error"]["code"]), (403, &json!(10)));

    let url = format!("{}/v25.0/{}/messages", sandbox.base_url(), shop.number);
    for token in ["", "EAAG123", "sbx.", "sbx..x", "sbx.secret"] {
        let request = shop.http.post(&url).bearer_auth(token).json(&delivered(PHONE, "x"));
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 401, "{token}");
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["error"]["code"], 190);
    }
}

#[tokio::test]
async fn a_failed_recipient_is_told_later_and_never_shows_on_the_phone() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    for (phone, code) in [
        ("+33639980026", 131_026),
        ("+33639980049", 131_049),
        ("+33639980050", 131_050),
        ("+33639980472", 130_472),
    ] {
        let id = shop.told(phone, "x").await;
        let status = crate::world::until("the failure", async || {
            callback.statuses().into_iter().find(|status| status["id"] == id.as_str())
        })
        .await;
        assert_eq!(status["status"], "failed");
        assert_eq!(status["errors"][0]["code"], code);
        assert!(status.get("pricing").is_none());
        assert!(shop.phone(phone).await.is_empty());
    }
}

#[tokio::test]
async fn strange_bytes_are_refused_in_words() {
    let sandbox = start(quick()).await;
    let http = reqwest::Client::new();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let big = "x".repeat(2 << 20);
    for (body, status) in [("", 400), ("{", 400), ("[1]", 400), (deep.as_str(), 400), (&big, 413)] {
        let request = http
            .post(format!("{}/v25.0/123/messages", sandbox.base_url()))
            .bearer_auth("sbx.secret.x")
            .body(body.to_owned());
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status);
        let body: Value = answer.json().await.expect("JSON");
        assert!(body["error"]["message"].is_string());
    }
    for path in ["/v25.0/123/nothing", "/25/123/messages", "/v25.0/abc/messages", "/nope"] {
        let answer =
            http.post(format!("{}{path}", sandbox.base_url())).bearer_auth("sbx.s.x").send().await;
        let answer = answer.expect("an answer");
        assert!(answer.status().is_client_error(), "{path}");
    }
}

#[tokio::test]
async fn rate_limits_count_when_they_are_on() {
    let (_sandbox, shop, _) = shop(Settings { ..quick() }).await;
    shop.control("limits", json!({ "pair_burst": 2 })).await;
    let mut codes = Vec::new();
    for n in 0..3 {
        let (_, answer) = shop.send(delivered(PHONE, &format!("{n}"))).await;
        codes.push(answer["error"]["code"].as_u64());
    }
    assert_eq!(codes, [None, None, Some(131_056)]);
    shop.control("limits", json!({ "number_per_second": 1 })).await;
    let (_, first) = shop.send(delivered(PHONE, "a")).await;
    let (_, second) = shop.send(delivered(PHONE, "b")).await;
    assert!(first["error"].is_null());
    assert_eq!(second["error"]["code"], 130_429);
}

#[tokio::test]
async fn positional_parameters_buttons_and_payloads_are_filled_in() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let mut positional = template();
    positional["name"] = json!("order_shipped_v3");
    positional["parameter_format"] = json!("positional");
    positional["components"] = json!([
        { "type": "header", "format": "text", "text": "On its way" },
        { "type": "body", "text": "Hello {{1}}, we gave your order {{2}} to the carrier.",
          "example": { "body_text": [["Marina", "#10482"]] } },
        { "type": "buttons", "buttons": [
            { "type": "url", "text": "Track", "url": "https://r.example/t/{{1}}",
              "example": ["https://r.example/t/X"] },
            { "type": "quick_reply", "text": "Stop messages" } ] } ]);
    let (status, answer) = shop.create_template(positional).await;
    assert_eq!(status, 200, "{answer}");

    let send = |buttons: Value| {
        let mut components = vec![json!({ "type": "body", "parameters": [
            { "type": "text", "text": "Marina" }, { "type": "text", "text": "#10482" } ] })];
        components.extend(crate::world::list(&buttons));
        json!({ "messaging_product": "whatsapp", "to": PHONE, "type": "template", "template": {
            "name": "order_shipped_v3", "language": { "code": "en" }, "components": components } })
    };
    let (_, answer) = shop.send(send(json!([]))).await;
    assert_eq!(answer["error"]["code"], 131_008, "the url needs its ending");
    let url = json!({ "type": "button", "sub_type": "url", "index": "0",
                      "parameters": [{ "type": "text", "text": "BR123" }] });
    let wrong = json!({ "type": "button", "sub_type": "url", "index": 1, "parameters": [] });
    let (_, answer) = shop.send(send(json!([url, wrong]))).await;
    assert_eq!(answer["error"]["code"], 132_018);
    let reply = json!({ "type": "button", "sub_type": "quick_reply", "index": 1,
                        "parameters": [{ "type": "payload", "payload": "stop:10482" }] });
    let (status, answer) = shop.send(send(json!([url, reply]))).await;
    assert_eq!(status, 200, "{answer}");
    let received = shop.phone(PHONE).await;
    assert_eq!(received[0]["header"], "On its way");
    assert_eq!(
        received[0]["buttons"],
        json!([
            { "type": "url", "text": "Track", "url": "https://r.example/t/BR123" },
            { "type": "quick_reply", "text": "Stop messages", "payload": "stop:10482" } ])
    );
}
