//! Text messages and inboxes in a browser, as far as HTML goes.

use std::sync::{Arc, Mutex};

use axum::{Router, routing::post};
use serde_json::json;

use crate::{
    mail::Client,
    texts::{ACCOUNT, FROM, Texts},
    world::{Shop, quick, shop, start},
};

const PHONE: &str = "+33639980042";
const ADDRESS: &str = "elodie@mail.example";

/// The page, and the policy it comes with.
async fn page(shop: &Shop, path: &str) -> (u16, String, String) {
    let answer = shop.http.get(format!("{}{path}", shop.base)).send().await.expect("an answer");
    let status = answer.status().as_u16();
    let policy = answer.headers()["content-security-policy"].to_str().expect("text").to_owned();
    (status, answer.text().await.expect("a text"), policy)
}

/// Posts a form as a page does: the status, where it leads, and what is shown.
async fn submit(shop: &Shop, path: &str, fields: &[(&str, &str)]) -> (u16, String, String) {
    let mut url = reqwest::Url::parse("http://x").expect("an address");
    url.query_pairs_mut().extend_pairs(fields);
    let none = reqwest::redirect::Policy::none();
    let browser = reqwest::Client::builder().redirect(none).build().expect("a client");
    let answer = browser
        .post(format!("{}{path}", shop.base))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(url.query().unwrap_or_default().to_owned())
        .send()
        .await
        .expect("an answer");
    let back = answer.headers().get("location").map(|to| to.to_str().expect("text").to_owned());
    (answer.status().as_u16(), back.unwrap_or_default(), answer.text().await.expect("a text"))
}

/// What one section of a page says.
fn section<'a>(html: &'a str, id: &str) -> &'a str {
    let start = html.find(&format!("id=\"{id}\"")).expect("the section");
    let end = html[start..].find("</section>").map_or(html.len(), |end| start + end);
    &html[start..end]
}

#[tokio::test]
async fn a_text_message_shows_beside_whatsapp_and_can_be_answered() {
    let (sandbox, shop, _) = shop(quick()).await;
    let texts = Texts::new(&sandbox).await;
    shop.told(PHONE, "x").await;
    let (_, html, _) = page(&shop, "/phones/+33639980042").await;
    assert!(html.contains("class=\"app is-empty\" id=\"sms\""), "{html}");
    assert!(!html.contains("id=\"answer-sms\""));

    let long = format!("Track <it>: https://t.example/a?b=1&c=2. {}", "ê".repeat(60));
    let sid = texts.sent(PHONE, &long).await;
    texts.until_word(&sid, "delivered").await;
    let (_, html, _) = page(&shop, "/phones/+33639980042").await;
    assert!(section(&html, "whatsapp").contains("Hello Marina"));
    let sms = section(&html, "sms");
    assert!(sms.contains("Track &lt;it&gt;: <a href=\"https://t.example/a?b=1&amp;c=2\""), "{sms}");
    assert!(sms.contains("<span>2 segments</span>") && sms.contains("<span data-state>Delivered"));
    assert!(!sms.contains("Marina") && !section(&html, "whatsapp").contains("t.example"));
    assert!(!html.contains("is-empty"));

    let fields = [("sender", FROM), ("text", "STOP")];
    let (status, back, _) = submit(&shop, "/phones/+33639980042/sms?lang=fr", &fields).await;
    assert_eq!(status, 303);
    assert!(back.contains("lang=fr") && back.ends_with("#sms"), "{back}");
    let told = texts.until_inbound("STOP").await;
    assert_eq!(told.fields["From"], PHONE);
    let (_, html, _) = page(&shop, back.trim_end_matches("#sms")).await;
    let sms = section(&html, "sms");
    assert!(sms.contains("bub--out") && sms.contains("L’opérateur arrête"), "{sms}");

    let typed = "a\"<".repeat(600);
    let fields = [("sender", FROM), ("text", &*typed)];
    let (status, _, html) = submit(&shop, "/phones/+33639980042/sms", &fields).await;
    assert_eq!(status, 422);
    assert!(html.contains("role=\"alert\"") && html.contains("value=\"a&quot;&lt;a&quot;&lt;"));
    for fields in [&[("sender", "+33700000009"), ("text", "x")][..], &[("x", "y")]] {
        assert_eq!(submit(&shop, "/phones/+33639980042/sms", fields).await.0, 422);
    }
}

#[tokio::test]
async fn each_sender_has_a_thread_and_names_cannot_be_answered() {
    let sandbox = start(quick()).await;
    let (texts, shop) = (Texts::new(&sandbox).await, Shop::new(&sandbox));
    texts.sent(PHONE, "By number").await;
    let fields = [("To", PHONE), ("From", "Sauvel"), ("Body", "By name")];
    assert_eq!(texts.send(&fields).await.0, 201);
    let face = json!({ "account_sid": ACCOUNT, "sender": FROM, "name": "Maison Sauvel" });
    shop.control("senders", face).await;
    let (_, html, _) = page(&shop, "/phones/+33639980042").await;
    // Nobody wrote on WhatsApp.
    assert!(html.contains("class=\"app is-empty\" id=\"whatsapp\""), "{html}");
    let sms = section(&html, "sms");
    assert!(sms.contains("By name") && !sms.contains("By number"), "the latest");
    assert!(sms.contains("cannot be answered") && !sms.contains("answer-sms"));
    assert!(sms.contains("texts=%2B33700000001#sms\">Maison Sauvel</a>"), "{sms}");
    let (_, html, _) = page(&shop, "/phones/+33639980042?texts=%2B33700000001").await;
    let sms = section(&html, "sms");
    assert!(sms.contains("By number") && sms.contains("answer-sms"));
    assert!(sms.contains("<b>Maison Sauvel</b><small>+33700000001</small>"), "{sms}");
    let (_, framed, _) = page(&shop, "/phones/+33639980042?embed=1").await;
    assert!(framed.contains("id=\"sms\"") && !framed.contains("id=\"whatsapp\""));
    let (_, framed, _) = page(&shop, "/phones/+33639980042?embed=1&app=whatsapp").await;
    assert!(framed.contains("id=\"whatsapp\"") && !framed.contains("id=\"sms\""));
    let (_, list, _) = page(&shop, "/phones").await;
    assert!(list.contains("By name") && list.contains("Sauvel, SMS"), "{list}");
}

#[tokio::test]
async fn what_did_not_arrive_is_a_note_in_the_thread() {
    let sandbox = start(quick()).await;
    let (texts, shop) = (Texts::new(&sandbox).await, Shop::new(&sandbox));
    texts.sent("+33639980005", "Hi").await;
    texts.sent("+33639980999", "Hi").await;
    shop.control("faults", json!({ "kind": "late_receipt", "ms": 5, "channel": "sms" })).await;
    let (_, html, _) = page(&shop, "/phones/+33639980005").await;
    let sms = section(&html, "sms");
    assert!(sms.contains("A message did not arrive: 30005, Unknown destination handset"), "{sms}");
    assert!(sms.contains("Receipts come late"));
    assert!(!section(&html, "whatsapp").contains("Receipts come late"));
    let (_, html, _) = page(&shop, "/phones/+33639980999?lang=fr").await;
    assert!(section(&html, "sms").contains("l’on n’en sait pas plus"));
}

#[tokio::test]
async fn an_inbox_shows_mails_in_a_frame_without_scripts() {
    let sandbox = start(quick()).await;
    let shop = Shop::new(&sandbox);
    let (status, html, _) = page(&shop, "/mail/elodie@mail.example").await;
    assert_eq!(status, 200);
    assert!(html.contains("No mail yet"));
    assert_eq!(page(&shop, "/mail/elodie").await.0, 404);

    let mut client = Client::new(&sandbox).await;
    client.send(ADDRESS, "First <b>").await;
    client.send(ADDRESS, "Second").await;
    client.send("late-bounce@mail.example", "Lost").await;
    let (_, html, policy) = page(&shop, "/mail/Elodie%40mail.example").await;
    assert!(html.contains("<h2>Second</h2>") && html.contains("First &lt;b&gt;"), "{html}");
    assert!(html.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""));
    assert!(html.contains("&lt;p&gt;Hello&lt;/p&gt;\"></iframe>"), "{html}");
    assert!(html.contains("Hello\r\n.dots"), "the text part");
    assert!(html.contains("<dt>List-Unsubscribe</dt><dd><a href=\"https://shop.example/u/1\""));
    assert!(
        policy.contains("script-src 'self';")
            && policy.contains("style-src 'self' 'unsafe-inline'")
    );
    let first = html.find("First").expect("listed");
    let link = html[..first].rfind("?mail=").expect("a link");
    let (_, html, _) = page(&shop, &format!("/mail/{ADDRESS}{}", &html[link..link + 30])).await;
    assert!(html.contains("<h2>First &lt;b&gt;</h2>"), "{html}");

    let (_, list, policy) = page(&shop, "/phones").await;
    assert!(list.contains("href=\"/mail/elodie@mail.example\"") && list.contains("Second"));
    assert!(!policy.contains("unsafe-inline"));
    let (_, found, _) = page(&shop, "/phones?q=ELODIE%40").await;
    assert!(found.contains("/mail/elodie@") && !found.contains("/mail/late-bounce@"));
    let (_, none, _) = page(&shop, "/phones?q=nobody").await;
    assert!(none.contains("No phone and no inbox"));
    crate::world::until("the notice", async || {
        let (_, html, _) = page(&shop, "/mail/late-bounce@mail.example?lang=fr").await;
        html.contains("renvoyé à son expéditeur").then_some(())
    })
    .await;
}

#[tokio::test]
async fn one_click_tells_the_sender() {
    let sandbox = start(quick()).await;
    let shop = Shop::new(&sandbox);
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let heard = told.clone();
    let receive = post(async move |body: String| heard.lock().expect("unpoisoned").push(body));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/u/1", listener.local_addr().expect("an address"));
    let app = Router::new().route("/u/1", receive);
    tokio::spawn(async move { axum::serve(listener, app).await });

    let mut client = Client::new(&sandbox).await;
    for (way, post) in
        [(&*url, true), ("http://127.0.0.1:9/", true), ("mailto:a@x", true), (&*url, false)]
    {
        client.say("MAIL FROM:<a@x.example>\r\n").await;
        client.say(&format!("RCPT TO:<{ADDRESS}>\r\n")).await;
        client.say("DATA\r\n").await;
        let click = if post { "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" } else { "" };
        let mail =
            format!("From: a@x.example\r\nList-Unsubscribe: <{way}>\r\n{click}\r\nHi\r\n.\r\n");
        assert!(client.say(&mail).await.starts_with("250"));
    }
    let ids: Vec<String> = shop
        .phone(ADDRESS)
        .await
        .iter()
        .map(|mail| mail["id"].as_str().expect("an id").to_owned())
        .collect();
    let path = format!("/mail/{ADDRESS}/unsubscribe");
    let (status, back, _) = submit(&shop, &path, &[("mail", &ids[0])]).await;
    assert_eq!(status, 303);
    assert_eq!(*told.lock().expect("unpoisoned"), ["List-Unsubscribe=One-Click"]);
    let (_, html, _) = page(&shop, &back).await;
    assert!(html.contains("The sender was told, and answered 200."), "{html}");
    let (_, back, _) = submit(&shop, &path, &[("mail", &ids[1])]).await;
    assert!(page(&shop, &back).await.1.contains("could not be told"));
    for id in [&*ids[2], &*ids[3], "0"] {
        assert_eq!(submit(&shop, &path, &[("mail", id)]).await.0, 404);
    }
    let (_, html, _) = page(&shop, &format!("/mail/{ADDRESS}?mail={}", ids[3])).await;
    assert!(html.contains("not in one click") && !html.contains("/unsubscribe"));
}

#[tokio::test]
async fn a_new_mail_is_told_to_an_open_inbox() {
    let sandbox = start(quick()).await;
    let shop = Shop::new(&sandbox);
    let events = shop.http.get(format!("{}/mail/{ADDRESS}/events", shop.base));
    let mut answer = events.send().await.expect("an answer");
    Client::new(&sandbox).await.send(ADDRESS, "New").await;
    let chunk = answer.chunk().await.expect("a stream").expect("an event");
    assert!(String::from_utf8_lossy(&chunk).contains("event: change"));
}
