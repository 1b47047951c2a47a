//! Samples for headers, and headers and buttons on the phone.

use sandbox::{Settings, access_token};
use serde_json::{Value, json};

use crate::world::{Shop, quick, shop, start, until};

const PHONE: &str = "+33639980042";
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and a few bytes more";

async fn begin(shop: &Shop, kind: &str, length: usize) -> (u16, Value) {
    let path =
        format!("/v25.0/app/uploads?file_length={length}&file_type={kind}&file_name=sample.png");
    shop.call("POST", &path, None).await
}

async fn put(shop: &Shop, id: &str, offset: usize, bytes: &[u8]) -> (u16, Value) {
    let answer = shop
        .http
        .post(format!("{}/v25.0/{id}", shop.base))
        // As the documentation of uploads writes it.
        .header("authorization", format!("OAuth {}", access_token(&shop.secret)))
        .header("file_offset", offset.to_string())
        .body(bytes.to_vec())
        .send()
        .await
        .expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn uploaded(shop: &Shop, kind: &str) -> String {
    let (status, answer) = begin(shop, kind, PICTURE.len()).await;
    assert_eq!(status, 200, "{answer}");
    let id = answer["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("upload:"), "{id}");
    let (status, answer) = put(shop, &id, 0, PICTURE).await;
    assert_eq!(status, 200, "{answer}");
    answer["h"].as_str().expect("a handle").to_owned()
}

fn with_header(name: &str, header: &Value) -> Value {
    json!({
        "name": name, "language": "en", "category": "UTILITY",
        "components": [
            header,
            { "type": "BODY", "text": format!("Your parcel {name} waits for you at the shop.") },
            { "type": "BUTTONS", "buttons": [
                { "type": "URL", "text": "Track", "url": "https://r.example/t/{{1}}",
                  "example": ["https://r.example/t/x"] },
                { "type": "QUICK_REPLY", "text": "Another day" },
                { "type": "QUICK_REPLY", "text": "Stop" } ] } ] })
}

fn media(format: &str, handle: &str) -> Value {
    json!({ "type": "HEADER", "format": format, "example": { "header_handle": [handle] } })
}

fn send(name: &str, header: &Value) -> Value {
    json!({ "messaging_product": "whatsapp", "to": PHONE, "type": "template",
        "template": { "name": name, "language": { "code": "en" }, "components": [
            { "type": "header", "parameters": [header] },
            { "type": "button", "sub_type": "url", "index": "0",
              "parameters": [{ "type": "text", "text": "BR%20123" }] },
            { "type": "button", "sub_type": "quick_reply", "index": 1,
              "parameters": [{ "type": "payload", "payload": "day:\"4\" & <5>" }] } ] } })
}

#[tokio::test]
async fn a_media_header_needs_a_handle_it_has_issued() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let handle = uploaded(&shop, "image/png").await;
    assert!(handle.starts_with("4::"), "{handle}");
    for wrong in ["4::aW1hZ2U:made-up", "1037543291543636", ""] {
        let (status, answer) =
            shop.create_template(with_header("wrong", &media("IMAGE", wrong))).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(100)), "{wrong}");
        assert_eq!(answer["error"]["error_subcode"], 2_388_047, "{answer}");
    }
    let document = with_header("wrong", &media("DOCUMENT", &handle));
    assert_eq!(shop.create_template(document).await.0, 400, "a picture is no document");
    let good = with_header("good", &media("IMAGE", &handle));
    assert_eq!(shop.create_template(good.clone()).await.0, 200);
    let stranger = Shop { secret: "another".into(), number: "220914476518330".into(), ..shop };
    assert_eq!(stranger.create_template(good).await.0, 400, "another app's upload");
}

#[tokio::test]
async fn an_upload_can_be_resumed() {
    let dir = tempfile::tempdir().expect("a folder");
    let kept = || Settings { data_dir: Some(dir.path().to_owned()), ..quick() };
    let (sandbox, shop, _) = shop(kept()).await;
    let (_, answer) = begin(&shop, "image/png", PICTURE.len()).await;
    let id = answer["id"].as_str().expect("an id").to_owned();
    let (status, answer) = put(&shop, &id, 0, &PICTURE[..10]).await;
    assert_eq!((status, &answer["file_offset"]), (200, &json!(10)));
    assert_eq!(put(&shop, &id, 0, PICTURE).await.0, 400, "not where it stopped");
    assert_eq!(put(&shop, &id, 10, PICTURE).await.0, 400, "more than was announced");
    drop(sandbox);

    let sandbox = start(kept()).await;
    let shop = Shop { base: sandbox.base_url(), ..shop };
    let (_, answer) = shop.call("GET", &format!("/v25.0/{id}"), None).await;
    assert_eq!(answer["file_offset"], 10);
    let (_, answer) = put(&shop, &id, 10, &PICTURE[10..]).await;
    let handle = answer["h"].as_str().expect("a handle").to_owned();
    drop(sandbox);
    let sandbox = start(kept()).await;
    let shop = Shop { base: sandbox.base_url(), ..shop };
    let good = with_header("good", &media("IMAGE", &handle));
    assert_eq!(shop.create_template(good).await.0, 200, "handles survive");
}

#[tokio::test]
async fn what_cannot_be_a_sample_is_refused() {
    let (_sandbox, shop, _) = shop(quick()).await;
    assert_eq!(begin(&shop, "image/gif", 10).await.0, 400);
    assert_eq!(begin(&shop, "image/png", 0).await.0, 400);
    assert_eq!(begin(&shop, "image/png", 6 << 20).await.0, 400);
    assert_eq!(shop.call("POST", "/v25.0/app/uploads?file_length=3", None).await.0, 400);
    assert_eq!(put(&shop, "upload:unknown", 0, b"abc").await.0, 400);
    let large = vec![0_u8; 3 << 20];
    let (_, answer) = begin(&shop, "image/jpeg", large.len()).await;
    let id = answer["id"].as_str().expect("an id").to_owned();
    let (status, answer) = put(&shop, &id, 0, &large).await;
    assert_eq!(status, 200, "larger than other bodies may be: {answer}");
}

#[tokio::test]
async fn headers_and_buttons_show_on_the_phone_and_a_tap_brings_its_payload() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let picture = uploaded(&shop, "image/png").await;
    let paper = uploaded(&shop, "application/pdf").await;
    for (name, header) in [
        ("pic", media("IMAGE", &picture)),
        ("doc", media("DOCUMENT", &paper)),
        ("place", json!({ "type": "HEADER", "format": "LOCATION" })),
    ] {
        assert_eq!(shop.created(with_header(name, &header)).await.1, "APPROVED", "{name}");
    }
    let link = "https://shop.example/a.png?x=1&y=2";
    for body in [
        send("pic", &json!({ "type": "image", "image": { "link": link } })),
        send("pic", &json!({ "type": "image", "image": { "id": "1037543291543636" } })),
        send(
            "doc",
            &json!({ "type": "document", "document": {
            "link": "https://shop.example/label.pdf", "filename": "Label <1>.pdf" } }),
        ),
        send(
            "place",
            &json!({ "type": "location", "location": {
            "latitude": "48.8606", "longitude": 2.3376, "name": "Point Louvre",
            "address": "Rue de Rivoli" } }),
        ),
    ] {
        let (status, answer) = shop.send(body).await;
        assert_eq!(status, 200, "{answer}");
    }
    for (wrong, code) in [
        (send("pic", &json!({ "type": "text", "text": "x" })), 132_012),
        (send("pic", &json!({ "type": "image", "image": {} })), 131_009),
        (
            send("place", &json!({ "type": "location", "location": { "latitude": "high" } })),
            131_009,
        ),
    ] {
        let (_, answer) = shop.send(wrong).await;
        assert_eq!(answer["error"]["code"], code, "{answer}");
    }
    let received = shop.phone(PHONE).await;
    assert_eq!(received[0]["header"], json!({ "type": "image", "link": link }));
    assert_eq!(received[3]["header"]["latitude"], "48.8606");

    let page = shop.http.get(format!("{}/phones/{PHONE}", shop.base)).send().await;
    let page = page.expect("an answer");
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("img-src http: https:"), "{policy}");
    let html = page.text().await.expect("a page");
    for part in [
        "<img src=\"https://shop.example/a.png?x=1&amp;y=2\" alt=\"Picture\"",
        "<small>1037543291543636</small>",
        "<b>Label &lt;1&gt;.pdf</b>",
        "mlat=48.8606&amp;mlon=2.3376",
        "<b>Point Louvre</b><small>Rue de Rivoli 48.8606, 2.3376</small>",
        "href=\"https://r.example/t/BR%20123\"",
        "<small class=\"bub__to\">https://r.example/t/BR%20123</small>",
        "name=\"payload\" value=\"day:&quot;4&quot; &amp; &lt;5&gt;\"",
        // Without a payload, the text is the payload.
        "name=\"payload\" value=\"Stop\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }

    let first = received[0]["id"].as_str().expect("an id");
    let mut form = reqwest::Url::parse("http://x").expect("an address");
    form.query_pairs_mut().extend_pairs([
        ("sender", shop.number.as_str()),
        ("context", first),
        ("payload", "day:\"4\" & <5>"),
        ("text", "Another day"),
    ]);
    let answer = shop
        .http
        .post(format!("{}/phones/{PHONE}/reply", shop.base))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.query().unwrap_or_default().to_owned())
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status().as_u16(), 200, "the page again");
    let tap = until("the tap", async || callback.messages().pop()).await;
    assert_eq!(tap["type"], "button");
    assert_eq!(tap["button"], json!({ "payload": "day:\"4\" & <5>", "text": "Another day" }));
    assert_eq!(tap["context"]["id"], first);
}
