//! Phones in a browser, as far as HTML goes.

use serde_json::json;

use crate::world::{Shop, delivered, quick, shop, start, until};

const PHONE: &str = "+33639980042";

async fn page(shop: &Shop, path: &str) -> (u16, String) {
    let answer = shop.http.get(format!("{}{path}", shop.base)).send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a text"))
}

/// A client that shows redirects instead of following them, as a browser's log would.
fn browser() -> reqwest::Client {
    let none = reqwest::redirect::Policy::none();
    reqwest::Client::builder().redirect(none).build().expect("a client")
}

#[tokio::test]
async fn a_message_shows_as_the_person_sees_it_and_can_be_answered() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let id = shop.told(PHONE, "x").await;
    callback.until_read(&id).await;
    let (status, html) = page(&shop, "/phones/+33639980042").await;
    assert_eq!(status, 200);
    assert!(html.contains("Hello Marina, your order #10482 was delivered today."), "{html}");
    assert!(html.contains("Answer STOP to end these messages"));
    assert!(html.contains("<span data-state>Read</span>"));
    assert!(html.contains("Sandbox shop"));

    let form = format!("sender={}&text=STOP+%3Cb%3E", shop.number);
    let answer = browser()
        .post(format!("{}/phones/+33639980042/reply?lang=fr", shop.base))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status().as_u16(), 303);
    let back = answer.headers()["location"].to_str().expect("an address").to_owned();
    assert!(back.contains("lang=fr"), "{back}");
    let message = until("the answer", async || callback.messages().pop()).await;
    assert_eq!(message["text"]["body"], "STOP <b>");
    let (_, html) = page(&shop, &back).await;
    assert!(html.contains("STOP &lt;b&gt;"), "escaped");
    assert!(html.contains("lang=\"fr\"") && html.contains("Vous avez écrit"));
}

#[tokio::test]
async fn buttons_are_links_and_forms() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    let template = json!({
        "name": "with_buttons", "language": "en", "category": "utility",
        "components": [
            { "type": "BODY", "text": "Your parcel comes tomorrow, as we promised." },
            { "type": "BUTTONS", "buttons": [
                { "type": "URL", "text": "Track", "url": "https://r.example/t?a=1&b=2" },
                { "type": "QUICK_REPLY", "text": "Another day" } ] } ] });
    assert_eq!(shop.create_template(template).await.0, 200);
    let send = json!({ "messaging_product": "whatsapp", "to": PHONE, "type": "template",
        "template": { "name": "with_buttons", "language": { "code": "en" } } });
    assert_eq!(shop.send(send).await.0, 200);
    let id = shop.phone(PHONE).await[0]["id"].as_str().expect("an id").to_owned();
    let (_, html) = page(&shop, "/phones/33639980042").await;
    assert!(html.contains("href=\"https://r.example/t?a=1&amp;b=2\""), "{html}");
    assert!(html.contains("rel=\"noopener noreferrer\""));
    assert!(html.contains(&format!("name=\"context\" value=\"{id}\"")));

    let form = [
        ("sender", shop.number.as_str()),
        ("context", &id),
        ("payload", "Another day"),
        ("text", "Another day"),
    ];
    let body = serde_urlencode(&form);
    let answer = browser()
        .post(format!("{}/phones/33639980042/reply", shop.base))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status().as_u16(), 303);
    let message = until("the tap", async || callback.messages().pop()).await;
    assert_eq!(message["button"]["payload"], "Another day");
    assert_eq!(message["context"]["id"], id);
}

fn serde_urlencode(fields: &[(&str, &str)]) -> String {
    let mut url = reqwest::Url::parse("http://x").expect("an address");
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_empty_answer_is_refused_on_the_same_page() {
    let (_sandbox, shop, callback) = shop(quick()).await;
    shop.told(PHONE, "x").await;
    for form in [format!("sender={}&text=", shop.number), "nonsense".to_owned()] {
        let answer = browser()
            .post(format!("{}/phones/+33639980042/reply", shop.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status().as_u16(), 422);
        assert!(answer.text().await.expect("a page").contains("role=\"alert\""));
    }
    assert!(callback.messages().is_empty());
    let foreign = browser()
        .post(format!("{}/phones/+33639980042/reply", shop.base))
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("sender={}&text=hi", shop.number));
    assert_eq!(foreign.send().await.expect("an answer").status().as_u16(), 403);
}

#[tokio::test]
async fn the_list_is_searched_and_says_when_it_is_empty() {
    let sandbox = start(quick()).await;
    let empty = Shop::new(&sandbox);
    assert!(page(&empty, "/phones").await.1.contains("No message yet"));
    assert!(page(&empty, "/phones/+33639980042").await.1.contains("No message yet"));
    assert_eq!(page(&empty, "/phones/nobody").await.0, 404);

    let (_sandbox, shop, _) = shop(quick()).await;
    shop.told(PHONE, "a").await;
    shop.told("+4915155500107", "b").await;
    let (_, all) = page(&shop, "/phones").await;
    let place = |phone| all.find(phone).expect("listed");
    assert!(place("+4915155500107") < place("+33639980042"), "latest first");
    let (_, found) = page(&shop, "/phones?q=99+80").await;
    assert!(found.contains("+33639980042") && !found.contains("+4915155500107"));
    let (_, none) = page(&shop, "/phones?q=%3Cscript%3E1").await;
    assert!(!none.contains("<script>1"));
}

#[tokio::test]
async fn what_happens_is_told_to_open_pages() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let events = shop.http.get(format!("{}/phones/+33639980042/events", shop.base));
    let mut answer = events.send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    // Another phone's message says nothing here.
    shop.told("+4915155500107", "other").await;
    shop.told(PHONE, "mine").await;
    let chunk = answer.chunk().await.expect("a stream").expect("an event");
    let event = String::from_utf8_lossy(&chunk).into_owned();
    assert!(event.contains("event: change\ndata: look"), "{event}");
}

#[tokio::test]
async fn pages_carry_a_strict_policy_and_may_be_framed_by_neighbours() {
    let (_sandbox, shop, _) = shop(quick()).await;
    let url = format!("{}/phones/+33639980042?embed=1&theme=dark", shop.base);
    let answer = shop.http.get(url).send().await.expect("an answer");
    let policy = answer.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("script-src 'self'") && policy.contains("frame-ancestors 'self' http"));
    let html = answer.text().await.expect("a page");
    assert!(!html.contains("style=") && !html.contains("onclick"));
    assert!(html.contains("data-theme=\"dark\"") && !html.contains("class=\"bar\""));
    for asset in ["/assets/phone.css", "/assets/phone.js"] {
        assert_eq!(page(&shop, asset).await.0, 200);
    }
}

#[tokio::test]
async fn failures_and_faults_are_notes_on_the_phone() {
    let (_sandbox, shop, _) = shop(quick()).await;
    shop.told("+33639980026", "x").await;
    shop.control("faults", json!({ "kind": "error_500", "match": "+33639980026" })).await;
    let (_, html) = page(&shop, "/phones/+33639980026").await;
    assert!(html.contains("A message did not arrive: 131026"), "{html}");
    assert!(html.contains("Server error, 500"));
    assert_eq!(shop.send(delivered("+33639980026", "y")).await.0, 500);
}
