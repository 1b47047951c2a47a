//! One piece of news, told once, on the channel that reaches the person.

use super::town::Town;
use crate::process::database::Kind;
use crate::process::eventually;
use dispatch::channel::Channel;
use dispatch::plan::Plan;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_secs(61 * 60);

impl Town {
    /// The shop sends on these channels, too.
    async fn with(self, channels: &[Channel]) -> Self {
        for channel in channels {
            let word = channel.word();
            let page = format!("/settings/brands/{}", self.shop.brand);
            let form = [("act", "connect_sandbox"), ("channel", word)];
            let answer = self.shop.browser.post(&page, &form).await;
            assert_eq!(answer.status, 303, "{}", answer.body);
            let store = &self.house.store;
            let prices = store.prices(self.shop.account, *channel, self.house.now()).await;
            let price = prices.expect("prices").into_iter().find(|price| price.plan == Plan::Lite);
            let rate = price.expect("a price").rate;
            let path = format!("/tracking?brand={}&channel={word}", self.shop.brand);
            let form = [
                ("act", "activate"),
                ("rate", rate.as_str()),
                ("text_version", "2026-11"),
                ("basis", "collected_by_shop"),
                ("accept_price", "on"),
                ("accept_terms", "on"),
                ("country", "FR"),
                ("cell", "FR:delivered"),
            ];
            let answer = self.shop.browser.post(&path, &form).await;
            assert_eq!(answer.status, 303, "{}", answer.body);
        }
        self.until_subscribed().await;
        self
    }

    /// A delivered parcel of somebody with a phone and a mail address.
    async fn delivered(&self, order: &str, phone: &str, email: &str) {
        let event = json!({
            "specversion": "1.0", "id": order, "source": "erp", "type": "shop.parcel.delivered",
            "time": self.house.now().to_string(),
            "data": {"order_number": order, "tracking_number": format!("T{order}"), "carrier": "DHL",
                     "recipient": {"phone": phone, "email": email, "country": "FR", "name": "Ada"}},
        });
        let path = format!("/api/v1/events?brand={}", self.shop.brand);
        let (browser, body) = (&self.shop.browser, event.to_string());
        let answer = browser.api(Method::POST, &path, &self.key, Some(&body)).await;
        assert_eq!(answer.status, 202, "{}", answer.body);
    }

    async fn message(&self, order: &str) -> Value {
        let path = format!("/api/v1/messages?order_number={order}");
        let found = self.shop.browser.api(Method::GET, &path, &self.key, None).await.json();
        found["data"][0].clone()
    }

    async fn until_order(&self, order: &str, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        eventually(what, SOON, || async {
            let message = self.message(order).await;
            if is(&message) { Ok(message) } else { Err(message.to_string()) }
        })
        .await
    }

    async fn until_delivered(&self, order: &str) -> Value {
        self.until_order(order, "a delivered message", |message| {
            message["status"] == "delivered" || message["status"] == "read"
        })
        .await
    }

    /// How many messages of a channel are at a phone or in an inbox.
    async fn received(&self, address: &str, channel: &str) -> usize {
        let path = format!("messages?to={address}&channel={channel}");
        self.look(&path).await["data"].as_array().map_or(0, Vec::len)
    }
}

fn tries(message: &Value) -> Vec<String> {
    let attempts = message["attempts"].as_array().expect("attempts");
    let word = |attempt: &Value, name: &str| attempt[name].as_str().unwrap_or("-").to_owned();
    attempts.iter().map(|a| format!("{} {}", word(a, "channel"), word(a, "outcome"))).collect()
}

#[tokio::test]
async fn who_is_not_on_whatsapp_gets_a_text_message() {
    let town = Town::open().await.with(&[Channel::Sms]).await;
    // 0026: not a WhatsApp user, as its receipt says.
    town.delivered("S-1", "+33639920026", "ada@shop.example").await;
    let message = town.until_delivered("S-1").await;
    assert_eq!(tries(&message), ["whatsapp accepted", "sms accepted"]);
    assert_eq!((&message["channel"], &message["next"]), (&json!("sms"), &Value::Null));
    assert_eq!(message["charge"]["micros"], 30_000, "the price of a text message");
    assert_eq!(town.received("+33639920026", "sms").await, 1);
    assert_eq!(town.received("+33639920026", "whatsapp").await, 0);
}

#[tokio::test]
async fn a_failed_receipt_lets_the_next_channel_stand_in() {
    let town = Town::open().await.with(&[Channel::Sms]).await;
    let fault = json!({ "kind": "failed_receipt", "code": 131_026, "match": "+33639981301",
        "channel": "whatsapp" });
    town.control("faults", fault).await;
    town.delivered("S-2", "+33639981301", "ada@shop.example").await;
    let message = town.until_delivered("S-2").await;
    assert_eq!(tries(&message), ["whatsapp accepted", "sms accepted"]);
    assert_eq!(town.received("+33639981301", "sms").await, 1);
}

#[tokio::test]
async fn what_does_not_arrive_in_time_is_told_by_the_next_channel_and_charged_once() {
    let town = Town::open().await.with(&[Channel::Sms]).await;
    let fault = json!({ "kind": "late_receipt", "ms": 6000, "match": "+33639981302",
        "channel": "whatsapp" });
    town.control("faults", fault).await;
    town.delivered("S-3", "+33639981302", "ada@shop.example").await;
    let waits = |message: &Value| message["status"] == "accepted";
    let message = town.until_order("S-3", "an accepted message", waits).await;
    assert_eq!(
        (&message["next"]["channel"], &message["next"]["after_minutes"]),
        (&json!("sms"), &json!(60))
    );
    assert!(message["next"]["at"].is_string(), "{message}");

    town.house.clock.advance(HOUR);
    let message = town.until_delivered("S-3").await;
    assert_eq!(tries(&message), ["whatsapp accepted", "sms accepted"]);
    // The late one arrives after all: recorded, and neither told nor charged a second time.
    let late = |message: &Value| {
        let receipts = message["receipts"].as_array().expect("receipts");
        receipts.iter().any(|r| r["channel"] == "whatsapp" && r["kind"] == "delivered")
    };
    let message = town.until_order("S-3", "the late receipt", late).await;
    assert_eq!(
        (&message["channel"], &message["charge"]["micros"]),
        (&json!("sms"), &json!(30_000))
    );
    assert_eq!(town.received("+33639981302", "sms").await, 1);
    assert_eq!(town.received("+33639981302", "whatsapp").await, 1);
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_its_receipt_before_anybody_stands_in() {
    let town = Town::open().await.with(&[Channel::Sms]).await;
    // 0408: accepted, and the answer is lost.
    town.delivered("S-4", "+33639920408", "ada@shop.example").await;
    let message = town.until_delivered("S-4").await;
    assert_eq!(tries(&message), ["whatsapp accepted"]);
    assert_eq!(town.received("+33639920408", "sms").await, 0);
}

#[tokio::test]
async fn an_unknown_outcome_goes_to_the_next_channel_after_its_deadline() {
    let second = Duration::from_secs(1);
    let town = Town::open_that_waits(Kind::Sqlite, second).await.expect("SQLite needs nothing");
    let town = town.with(&[Channel::Sms]).await;
    let late = json!({ "kind": "late_receipt", "ms": 600_000, "match": "+33639981305",
        "channel": "whatsapp" });
    town.control("faults", late).await;
    let lost = json!({ "kind": "lost_answer", "match": "+33639981305", "channel": "whatsapp" });
    town.control("faults", lost).await;
    town.delivered("S-5", "+33639981305", "ada@shop.example").await;
    let message = town.until_delivered("S-5").await;
    assert_eq!(tries(&message), ["whatsapp unknown", "sms accepted"]);
    assert_eq!(town.received("+33639981305", "whatsapp").await, 1, "not tried there again");
}

#[tokio::test]
async fn stop_is_heard_on_both_phone_channels() {
    let town = Town::open().await.with(&[Channel::Sms]).await;
    town.delivered("S-6", "+33639930026", "ada@shop.example").await;
    town.until_delivered("S-6").await;
    let texts = town.look("messages?to=+33639930026&channel=sms").await;
    let sender = texts["data"][0]["from"].as_str().expect("a sender").to_owned();
    let stop = json!({ "from": "+33639930026", "sender": sender, "text": "STOP" });
    town.control("inbound", stop).await;
    let position = eventually("the stop", SOON, || async {
        let (account, brand) = (town.shop.account, town.shop.brand);
        let found = town.house.store.position(account, brand, "+33639930026").await;
        let found = found.expect("a store");
        if found.is_stopped(Channel::Sms) { Ok(found) } else { Err(format!("{found:?}")) }
    })
    .await;
    assert!(!position.is_stopped(Channel::Whatsapp), "each channel is stopped by itself");
    // WhatsApp does not reach the person, and nobody stands in.
    town.delivered("S-7", "+33639930026", "ada@shop.example").await;
    let message = town.until_order("S-7", "its end", |message| message["status"] == "failed").await;
    assert_eq!(tries(&message), ["whatsapp accepted"]);
    assert_eq!(town.received("+33639930026", "sms").await, 1);
}

#[tokio::test]
async fn mail_reaches_whoever_has_no_mobile_and_counts_when_nothing_comes_back() {
    let town = Town::open().await.with(&[Channel::Sms, Channel::Email]).await;
    // 0666: a landline.
    town.delivered("M-1", "+33639920666", "ada@home.example").await;
    let sent = |message: &Value| message["status"] == "accepted" && message["channel"] == "email";
    let message = town.until_order("M-1", "a mail", sent).await;
    assert_eq!(tries(&message), ["whatsapp accepted", "sms fallback", "email accepted"]);
    assert_eq!(message["charge"], Value::Null, "nothing is delivered yet");
    let mails = town.look("messages?to=ada@home.example&channel=email&source=1").await;
    let mail = mails["data"][0].to_string();
    assert!(mail.contains("List-Unsubscribe-Post"), "{mail}");
    assert!(mail.contains("/u/"), "{mail}");

    town.house.clock.advance(Duration::from_secs(11 * 60));
    let message = town.until_delivered("M-1").await;
    assert_eq!(message["charge"]["micros"], 3_000);
}

#[tokio::test]
async fn a_mail_that_comes_back_has_failed() {
    let town = Town::open().await.with(&[Channel::Email]).await;
    town.delivered("M-2", "+33639940026", "bounce@home.example").await;
    let message = town.until_order("M-2", "its end", |message| message["status"] == "failed").await;
    assert_eq!(tries(&message), ["whatsapp accepted", "email fallback"]);
    assert_eq!(message["failure"], "smtp_550");

    town.delivered("M-3", "+33639950026", "late-bounce@home.example").await;
    let sent = |message: &Value| message["status"] == "accepted" && message["channel"] == "email";
    town.until_order("M-3", "a mail", sent).await;
    let notice = eventually("a notification", SOON, || async {
        let inbox = town.look("messages?to=tracking@shop.example&channel=email").await;
        let source = inbox["data"][0]["source"].as_str().map(str::to_owned);
        source.ok_or_else(|| inbox.to_string())
    })
    .await;
    let (account, brand) = (town.shop.account, town.shop.brand);
    let senders = town.house.store.senders_on(account, brand, Channel::Email).await;
    let sender = senders.expect("a store").remove(0).sender.id;
    let target = town.house.store.find_sender(sender).await.expect("a store").expect("a sender");
    let url = format!("{}/callbacks/email/{sender}", town.house.base);
    let token = target.verify_token.expose().to_owned();
    let post = |token: String, body: String| {
        let request = town.http.post(&url).bearer_auth(token).body(body);
        async move { request.send().await.expect("an answer").status().as_u16() }
    };
    assert_eq!(post("wrong".to_owned(), notice.clone()).await, 401);
    assert_eq!(post(token, notice).await, 200);
    let message = town.until_order("M-3", "its end", |message| message["status"] == "failed").await;
    assert_eq!(message["failure"], "5.1.1");
    town.house.clock.advance(HOUR);
    town.until_order("M-3", "the same end", |message| message["charge"].is_null()).await;
}

#[tokio::test]
async fn a_forged_receipt_of_a_text_message_is_refused() {
    let town = Town::open().await.with(&[Channel::Sms]).await;
    let (account, brand) = (town.shop.account, town.shop.brand);
    let senders = town.house.store.senders_on(account, brand, Channel::Sms).await;
    let sender = senders.expect("a store").remove(0).sender.id;
    let url = format!("{}/callbacks/sms/{sender}", town.house.base);
    let form = [("MessageSid", "SM1"), ("MessageStatus", "delivered")];
    let unsigned = town.http.post(&url).form(&form).send().await.expect("an answer");
    assert_eq!(unsigned.status(), 401);
    let forged = town.http.post(&url).form(&form).header("X-Twilio-Signature", "eA==");
    assert_eq!(forged.send().await.expect("an answer").status(), 401);
    // Another channel's sender is not found here.
    let url = format!("{}/callbacks/email/{sender}", town.house.base);
    assert_eq!(town.http.post(&url).send().await.expect("an answer").status(), 404);
}
