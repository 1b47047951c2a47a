//! Templates: creating, listing, pausing, deleting.

use serde_json::{Value, json};

use crate::world::{Shop, delivered, quick, shop, start, template};

const PHONE: &str = "+33639980042";

/// The tests' template under another name, with one change.
fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = template();
    body["name"] = json!("another");
    body["components"][0]["text"] =
        json!("Dear {{first_name}}, the parcel of {{order_number}} came to your door today.");
    change(&mut body);
    body
}

#[tokio::test]
async fn the_rules_for_creating_have_their_subcodes() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let text = |body: &mut Value, text: &str| {
        body["components"][0]["text"] = json!(text);
    };
    let cases: Vec<(&str, Value, Option<u64>)> = vec![
        ("taken", template(), Some(2_388_024)),
        ("name", changed(|b| b["name"] = json!("Not-Allowed")), None),
        ("language", changed(|b| b["language"] = json!("tlh")), None),
        ("category", changed(|b| b["category"] = json!("FUN")), None),
        ("no body", changed(|b| b["components"] = json!([])), Some(2_388_072)),
        (
            "starts",
            changed(|b| text(b, "{{first_name}} has {{order_number}} at the door of the house")),
            Some(2_388_299),
        ),
        (
            "ends",
            changed(|b| text(b, "At the door of the house of {{first_name}} is {{order_number}}")),
            Some(2_388_299),
        ),
        ("dense", changed(|b| text(b, "Hi {{first_name}}, {{order_number}} ok")), Some(2_388_293)),
        ("long", changed(|b| text(b, &"word ".repeat(300))), Some(2_388_040)),
        ("no sample", changed(|b| b["components"][0]["example"] = Value::Null), Some(2_388_072)),
        (
            "footer",
            changed(|b| b["components"][1]["text"] = json!("with {{first_name}}")),
            Some(2_388_073),
        ),
        (
            "same wording",
            changed(|b| {
                text(b, "Hello {{first_name}}, your order {{order_number}} was delivered today.");
            }),
            None,
        ),
    ];
    for (what, body, subcode) in cases {
        let (status, answer) = shop.create_template(body).await;
        let error = &answer["error"];
        assert_eq!((status, &error["code"]), (400, &json!(100)), "{what}: {answer}");
        assert_eq!(error["error_subcode"].as_u64(), subcode, "{what}: {answer}");
        assert!(error["error_user_msg"].is_string(), "{what}");
    }
    let (status, answer) = shop.create_template(changed(|_| {})).await;
    assert_eq!((status, &answer["status"]), (200, &json!("APPROVED")), "{answer}");
}

#[tokio::test]
async fn buttons_stand_in_groups() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let with = |buttons: Value| {
        changed(|body| {
            let components = body["components"].as_array_mut().expect("a list");
            components.push(json!({ "type": "BUTTONS", "buttons": buttons }));
        })
    };
    let reply = |text: &str| json!({ "type": "QUICK_REPLY", "text": text });
    let url = |text: &str, url: &str| json!({ "type": "URL", "text": text, "url": url, "example": ["x"] });
    let refused = [
        with(json!([reply("a"), url("b", "https://a.example"), reply("c")])),
        with(json!([reply("a"), reply("a")])),
        with(json!([url("a", "javascript:alert(1)")])),
        with(json!([url("a", "https://a.example/{{1}}/more")])),
        with(json!([
            url("a", "https://a.example"),
            url("b", "https://b.example"),
            url("c", "https://c.example")
        ])),
        with(json!([reply("a label that is longer than it may be")])),
        with(json!([])),
    ];
    for body in refused {
        assert_eq!(shop.create_template(body.clone()).await.0, 400, "{body}");
    }
    let good = with(json!([reply("a"), reply("b"), url("c", "https://a.example/{{1}}")]));
    assert_eq!(shop.create_template(good).await.0, 200);
}

#[tokio::test]
async fn starter_templates_are_approved_everywhere() {
    let sandbox = start(quick()).await;
    let shop = Shop::new(&sandbox);
    let path = format!("/v25.0/{}/message_templates?limit=200", shop.waba());
    let (status, answer) = shop.call("GET", &path, None).await;
    assert_eq!(status, 200);
    let starter: Vec<Value> =
        serde_json::from_str(include_str!("../../starter.json")).expect("JSON");
    let listed = crate::world::list(&answer["data"]);
    assert_eq!(listed.len(), starter.len());
    for one in starter {
        let found = listed
            .iter()
            .find(|kept| kept["name"] == one["name"] && kept["language"] == one["language"]);
        let found = found.expect("listed");
        assert_eq!(found["status"], "APPROVED");
        assert_eq!(found["components"], one["components"]);
    }
}

#[tokio::test]
async fn lists_are_filtered_and_come_in_pages() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let path = format!("/v25.0/{}/message_templates", shop.waba());
    let (_, one) =
        shop.call("GET", &format!("{path}?name=order_delivered&fields=name"), None).await;
    assert_eq!(one["data"].as_array().map(Vec::len), Some(1));
    assert!(one["data"][0].get("components").is_none());
    let id = one["data"][0]["id"].as_str().expect("an id");
    let (_, whole) = shop.call("GET", &format!("/v25.0/{id}"), None).await;
    assert_eq!(whole["name"], "order_delivered");
    let (mut seen, mut after) = (0, String::new());
    loop {
        let (_, page) = shop.call("GET", &format!("{path}?limit=1&after={after}"), None).await;
        seen += page["data"].as_array().map_or(0, Vec::len);
        if page["paging"]["next"].is_null() {
            break;
        }
        page["paging"]["cursors"]["after"].as_str().expect("a cursor").clone_into(&mut after);
    }
    let (_, all) = shop.call("GET", &format!("{path}?limit=500"), None).await;
    assert_eq!(Some(seen), all["data"].as_array().map(Vec::len));
}

#[tokio::test]
async fn standing_decides_whether_a_template_can_be_sent() {
    let (_sandbox, shop, _) = shop(quick()).await;
    for (status, code) in [
        ("PAUSED", Some(132_015)),
        ("DISABLED", Some(132_016)),
        ("PENDING", Some(132_001)),
        ("REJECTED", Some(132_001)),
        ("APPROVED", None),
    ] {
        let body = json!({ "phone_number_id": shop.number, "name": "order_delivered",
                           "language": "en", "status": status });
        shop.control("templates", body).await;
        let (_, answer) = shop.send(delivered(PHONE, "x")).await;
        assert_eq!(answer["error"]["code"].as_u64(), code, "{status}");
    }
}

#[tokio::test]
async fn a_deleted_template_is_gone_and_its_name_blocked() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let path = format!("/v25.0/{}/message_templates?name=order_delivered", shop.waba());
    assert_eq!(shop.call("DELETE", &path, None).await, (200, json!({ "success": true })));
    assert_eq!(shop.send(delivered(PHONE, "x")).await.0, 404);
    let (status, answer) = shop.create_template(template()).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(100)));
    assert_eq!(shop.call("DELETE", &path, None).await.0, 400, "there is nothing left");
}
