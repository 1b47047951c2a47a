//! The SMS API: sending, errors, callbacks, keywords.

use futures::future::join_all;
use sandbox::{Running, Settings};
use serde_json::{Value, json};

use crate::{
    texts::{ACCOUNT, FROM, PHONE, SERVICE, TOKEN, Texts},
    world::{Shop, delivered, quick, shop, start, until},
};

async fn texts() -> (Running, Texts, Shop) {
    let sandbox = start(quick()).await;
    let (texts, shop) = (Texts::new(&sandbox).await, Shop::new(&sandbox));
    (sandbox, texts, shop)
}

#[tokio::test]
async fn an_sms_is_queued_sent_and_delivered_and_each_is_told_signed() {
    let (_sandbox, texts, shop) = texts().await;
    let url = format!("{}/status?attempt=1", texts.callback);
    let (status, answer) = texts
        .send(&[
            ("To", PHONE),
            ("From", FROM),
            ("Body", "Votre colis arrive aujourd’hui : https://t.example/ab1"),
            ("StatusCallback", &url),
            ("ValidityPeriod", "14400"),
            ("SomethingNew", "1"),
        ])
        .await;
    assert_eq!(status, 201, "{answer}");
    let sample: Value =
        serde_json::from_str(include_str!("../fixtures/twilio/messages_create_response.json"))
            .expect("JSON");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect();
    let (ours, theirs): (Vec<String>, Vec<String>) = (keys(&answer), keys(&sample));
    assert_eq!(ours, theirs);
    for same in ["body", "direction", "price", "num_segments", "num_media", "from", "status"] {
        assert_eq!(answer[same], sample[same], "{same}");
    }
    let sid = answer["sid"].as_str().expect("a sid").to_owned();
    texts.until_word(&sid, "delivered").await;
    assert_eq!(texts.words(&sid), ["queued", "sent", "delivered"]);
    let told = texts.told();
    assert!(told.iter().all(|told| told.signed), "{told:?}");
    let sample: Value =
        serde_json::from_str(include_str!("../fixtures/twilio/sms_status_delivered.json"))
            .expect("JSON");
    let theirs: Vec<&String> = sample["params"].as_object().expect("an object").keys().collect();
    let ours: Vec<&String> = told[2].fields.keys().collect();
    assert_eq!(ours, theirs);
    assert_eq!(told[2].fields["To"], PHONE);

    let (status, read) = texts.get(&format!("Messages/{sid}.json")).await;
    assert_eq!((status, &read["status"]), (200, &json!("delivered")));
    assert_eq!(read["price"], "-0.07000");
    let (_, list) = texts.get("Messages.json?To=%2B33639980042&PageSize=5").await;
    assert_eq!(list["messages"][0]["sid"], sid);
    assert_eq!(texts.get("Messages/SM00.json").await.0, 404);

    let phone = shop.phone(PHONE).await;
    assert_eq!((&phone[0]["channel"], &phone[0]["from"]), (&json!("sms"), &json!(FROM)));
    assert_eq!((&phone[0]["status"], &phone[0]["segments"]), (&json!("delivered"), &json!(1)));
}

#[tokio::test]
async fn wrong_calls_are_refused_with_their_code() {
    let (_sandbox, texts, shop) = texts().await;
    let long = "a".repeat(1_601);
    let cases: [(&[(&str, &str)], u64); 12] = [
        (&[("From", FROM), ("Body", "x")], 21_604),
        (&[("To", "0639980042"), ("From", FROM), ("Body", "x")], 21_211),
        (&[("To", "whatsapp:+33639980042"), ("From", FROM), ("Body", "x")], 21_211),
        (&[("To", PHONE), ("Body", "x")], 21_603),
        (&[("To", PHONE), ("From", "Maison Sauvel SA"), ("Body", "x")], 21_212),
        (&[("To", PHONE), ("MessagingServiceSid", "MG1"), ("Body", "x")], 21_701),
        (&[("To", PHONE), ("From", FROM)], 21_602),
        (&[("To", PHONE), ("From", FROM), ("Body", &long)], 21_617),
        (&[("To", PHONE), ("From", FROM), ("Body", "x"), ("StatusCallback", "nowhere")], 21_609),
        (&[("To", PHONE), ("From", FROM), ("Body", "x"), ("ValidityPeriod", "0")], 20_422),
        (&[("To", PHONE), ("From", FROM), ("Body", "x"), ("SendAt", "soon")], 20_422),
        (&[("To", "+15551230042"), ("From", "Sauvel"), ("Body", "x")], 21_612),
    ];
    for (fields, code) in cases {
        let (status, answer) = texts.send(fields).await;
        assert_eq!((status, answer["code"].as_u64()), (400, Some(code)), "{answer}");
    }
    let fields = [("To", PHONE), ("From", FROM), ("Body", "x")];
    let (status, answer) = texts.call("Messages.json", "revoked-token", &fields).await;
    assert_eq!((status, &answer["code"]), (401, &json!(20_003)));
    let nobody =
        texts.http.post(format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", texts.base));
    assert_eq!(nobody.send().await.expect("an answer").status().as_u16(), 401);
    assert!(shop.phone(PHONE).await.is_empty());
}

#[tokio::test]
async fn last_digits_provoke_what_is_documented() {
    let (_sandbox, texts, shop) = texts().await;
    for (digits, expected) in [
        ("1211", (400, 21_211)),
        ("1408", (400, 21_408)),
        ("1606", (400, 21_606)),
        ("1610", (400, 21_610)),
        ("1612", (400, 21_612)),
        ("1614", (400, 21_614)),
        ("0666", (400, 21_614)),
        ("0429", (429, 20_429)),
        ("0500", (500, 20_500)),
    ] {
        assert_eq!(texts.refused(&format!("+3363998{digits}")).await, expected, "{digits}");
    }
    for (digits, word, code) in [
        ("0001", "failed", "30001"),
        ("0002", "failed", "30002"),
        ("0003", "undelivered", "30003"),
        ("0004", "undelivered", "30004"),
        ("0005", "undelivered", "30005"),
        ("0006", "undelivered", "30006"),
        ("0007", "undelivered", "30007"),
        ("0008", "undelivered", "30008"),
    ] {
        let to = format!("+3363998{digits}");
        let sid = texts.sent(&to, "Hi").await;
        texts.until_word(&sid, word).await;
        let told = texts.told();
        let last = told.iter().rfind(|told| told.fields["MessageSid"] == sid).expect("told");
        assert_eq!(last.fields["ErrorCode"], code);
        let (_, read) = texts.get(&format!("Messages/{sid}.json")).await;
        assert_eq!(read["error_code"].to_string(), code);
        assert!(shop.phone(&to).await.is_empty(), "it is on no phone");
    }
    // The scripts of WhatsApp are WhatsApp's: a fallback arrives.
    for digits in ["0026", "0049", "0050", "0472", "0056", "0000", "0408"] {
        let to = format!("+3363998{digits}");
        let sid = texts.sent(&to, "Hi").await;
        texts.until_word(&sid, "delivered").await;
        assert_eq!(shop.phone(&to).await.len(), 1);
    }
    let fields = [("To", "+33639980504"), ("From", FROM), ("Body", "Hi")];
    let lost = texts
        .http
        .post(format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", texts.base))
        .basic_auth(ACCOUNT, Some(TOKEN))
        .body("To=%2B33639980504&From=%2B33700000001&Body=Hi");
    assert!(lost.send().await.is_err());
    assert_eq!(shop.phone(fields[0].1).await.len(), 1, "accepted all the same");
    let silent = texts.sent("+33639980999", "Hi").await;
    texts.until_word(&silent, "sent").await;
    assert!(shop.phone("+33639980999").await.is_empty());
}

#[tokio::test]
async fn stop_is_the_carriers_until_start() {
    let (_sandbox, texts, shop) = texts().await;
    let answers = format!("{}/answers", texts.callback);
    let (status, number) = texts
        .call("IncomingPhoneNumbers.json", TOKEN, &[("PhoneNumber", FROM), ("SmsUrl", &answers)])
        .await;
    assert_eq!((status, &number["sms_url"]), (201, &json!(answers)));
    texts.sent(PHONE, "First").await;
    let write = async |text: &str| {
        shop.control("inbound", json!({ "from": PHONE, "sender": FROM, "text": text })).await;
        texts.until_inbound(text).await
    };
    let told = write("stop").await;
    assert!(told.signed);
    assert_eq!((told.path.as_str(), told.fields["To"].as_str()), ("/answers", FROM));
    assert_eq!(told.fields["From"], PHONE);
    assert!(!told.fields.contains_key("OptOutType"), "only with a service");
    assert_eq!(texts.refused(PHONE).await, (400, 21_610));
    let sample: Value =
        serde_json::from_str(include_str!("../fixtures/twilio/error_response_opted_out.json"))
            .expect("JSON");
    let fields = [("To", PHONE), ("From", FROM), ("Body", "x")];
    assert_eq!(texts.send(&fields).await.1, sample);
    // Another sender, another phone: their own affair.
    assert_eq!(texts.send(&[("To", PHONE), ("From", "+33700000002"), ("Body", "x")]).await.0, 201);
    assert_eq!(texts.send(&[("To", "+33639980043"), ("From", FROM), ("Body", "x")]).await.0, 201);
    write("Where is my parcel?").await;
    assert_eq!(texts.refused(PHONE).await.1, 21_610);
    write("START").await;
    texts.sent(PHONE, "Welcome back").await;
    let inbound = shop.call("GET", "/control/messages?direction=inbound&channel=sms", None).await.1;
    assert_eq!(inbound["data"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn answers_go_to_the_status_callback_when_no_url_is_known() {
    let (_sandbox, texts, shop) = texts().await;
    let url = format!("{}/status", texts.callback);
    let fields =
        [("To", PHONE), ("MessagingServiceSid", SERVICE), ("Body", "Hi"), ("StatusCallback", &url)];
    let (_, answer) = texts.send(&fields).await;
    assert_eq!((&answer["status"], &answer["from"]), (&json!("accepted"), &Value::Null));
    let sender = shop.phone(PHONE).await[0]["from"].as_str().expect("a number").to_owned();
    shop.control("inbound", json!({ "from": PHONE, "sender": sender, "text": "QUIT" })).await;
    let told = texts.until_inbound("QUIT").await;
    assert_eq!(told.path, "/status");
    assert_eq!(told.fields["OptOutType"], "STOP");
    assert_eq!(told.fields["MessagingServiceSid"], SERVICE);
    let sample: Value =
        serde_json::from_str(include_str!("../fixtures/twilio/inbound_stop.json")).expect("JSON");
    let theirs: Vec<&String> = sample["params"].as_object().expect("an object").keys().collect();
    assert_eq!(told.fields.keys().collect::<Vec<_>>(), theirs);
    assert_eq!(texts.send(&fields).await.1["code"], 21_610);

    let body = json!({ "from": PHONE, "sender": "Sauvel", "text": "Hi", "channel": "sms" });
    let (status, answer) = shop.call("POST", "/control/inbound", Some(body)).await;
    assert_eq!(status, 400, "nobody answers a name: {answer}");
    let body = json!({ "from": PHONE, "sender": "+33700000009", "text": "Hi" });
    assert_eq!(shop.call("POST", "/control/inbound", Some(body)).await.0, 400, "whose?");
}

#[tokio::test]
async fn numbers_are_found_and_pointed_at_a_callback() {
    let (_sandbox, texts, shop) = texts().await;
    let (_, list) = texts.get("IncomingPhoneNumbers.json?PhoneNumber=%2B33700000001").await;
    let number = &list["incoming_phone_numbers"][0];
    assert_eq!(number["phone_number"], FROM);
    let sid = number["sid"].as_str().expect("a sid");
    let path = format!("IncomingPhoneNumbers/{sid}.json");
    let url = format!("{}/answers", texts.callback);
    let (status, updated) = texts.call(&path, TOKEN, &[("SmsUrl", &url)]).await;
    assert_eq!((status, &updated["sms_url"]), (200, &json!(url)));
    assert_eq!(texts.call(&path, TOKEN, &[("SmsUrl", "x")]).await.1["code"], 21_502);
    assert_eq!(texts.call("IncomingPhoneNumbers/PN0.json", TOKEN, &[]).await.0, 404);
    let face = json!({ "account_sid": ACCOUNT, "sender": FROM, "name": "Maison Sauvel" });
    let face = shop.control("senders", face).await;
    assert_eq!(face["sms_url"], json!(url), "what is not said stays");
}

#[tokio::test]
async fn faults_strike_sms_too_or_one_channel_alone() {
    let (sandbox, shop, _) = shop(quick()).await;
    let texts = Texts::new(&sandbox).await;
    let fault = async |fault: Value| {
        shop.call("DELETE", "/control/faults", None).await;
        shop.control("faults", fault).await;
    };
    fault(json!({ "kind": "error_500", "channel": "whatsapp" })).await;
    assert_eq!(shop.send(delivered(PHONE, "a")).await.0, 500);
    texts.sent(PHONE, "WhatsApp is down, SMS is not").await;
    fault(json!({ "kind": "error_429", "match": PHONE, "channel": "sms", "count": 1 })).await;
    shop.told(PHONE, "b").await;
    assert_eq!(texts.refused(PHONE).await, (429, 20_429));
    fault(json!({ "kind": "error_500", "match": FROM })).await;
    assert_eq!(texts.refused(PHONE).await, (500, 20_500));

    fault(json!({ "kind": "error", "code": 20_003, "channel": "sms", "count": 1 })).await;
    shop.told(PHONE, "c").await;
    assert_eq!(texts.refused(PHONE).await, (401, 20_003));
    fault(json!({ "kind": "failed_receipt", "code": 30_034, "channel": "sms" })).await;
    let filtered = texts.sent(PHONE, "filtered").await;
    texts.until_word(&filtered, "undelivered").await;
    let told = texts.told();
    assert!(told.iter().any(|told| told.fields.get("ErrorCode").is_some_and(|c| c == "30034")));
    // Without a channel the code is WhatsApp's.
    fault(json!({ "kind": "error", "code": 131_049 })).await;
    texts.sent(PHONE, "not struck").await;

    fault(json!({ "kind": "duplicate_receipt" })).await;
    let twice = texts.sent(PHONE, "twice").await;
    until("six", async || (texts.words(&twice).len() == 6).then_some(())).await;
    fault(json!({ "kind": "reorder_receipts" })).await;
    let reversed = texts.sent(PHONE, "reversed").await;
    until("three", async || (texts.words(&reversed).len() == 3).then_some(())).await;
    assert_eq!(texts.words(&reversed), ["delivered", "sent", "queued"]);
    fault(json!({ "kind": "lost_answer" })).await;
    let held = shop.phone(PHONE).await.len();
    let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", texts.base);
    let body = "To=%2B33639980042&From=%2B33700000001&Body=lost";
    let post = || texts.http.post(&url).basic_auth(ACCOUNT, Some(TOKEN)).body(body).send();
    assert!(post().await.is_err());
    assert_eq!(shop.phone(PHONE).await.len(), held + 1);
    fault(json!({ "kind": "reset" })).await;
    assert!(post().await.is_err());
    assert_eq!(shop.phone(PHONE).await.len(), held + 1);
    fault(json!({ "kind": "latency", "ms": 300 })).await;
    let begin = std::time::Instant::now();
    texts.sent(PHONE, "slow").await;
    assert!(begin.elapsed().as_millis() >= 300);
}

#[tokio::test]
async fn a_refused_callback_comes_back_and_survives_a_kill() {
    let dir = tempfile::tempdir().expect("a folder");
    let kept = || Settings { data_dir: Some(dir.path().to_owned()), ..quick() };
    let sandbox = start(kept()).await;
    let (texts, shop) = (Texts::new(&sandbox).await, Shop::new(&sandbox));
    texts.answers.lock().expect("unpoisoned").extend([500, 404, 302]);
    let sid = texts.sent(PHONE, "again").await;
    until("all three", async || (texts.words(&sid).len() == 3).then_some(())).await;
    until("nothing owed", async || (shop.state().await["webhooks_owed"] == 0).then_some(())).await;
    shop.control("inbound", json!({ "from": PHONE, "sender": FROM, "text": "STOP" })).await;
    texts.until_inbound("STOP").await;
    shop.control("faults", json!({ "kind": "late_receipt", "ms": 300 })).await;
    let owed = texts.sent("+33639980043", "owed").await;
    drop(sandbox);

    let sandbox = start(kept()).await;
    let texts = Texts { base: sandbox.base_url(), ..texts };
    texts.until_word(&owed, "delivered").await;
    assert_eq!(texts.words(&owed).len(), 3);
    assert_eq!(texts.words(&sid).len(), 3, "what was told before is not told again");
    assert!(texts.told().iter().all(|told| told.signed), "the token is kept");
    assert_eq!(texts.refused(PHONE).await, (400, 21_610));
    assert_eq!(texts.get(&format!("Messages/{owed}.json")).await.0, 200);
    let shop = Shop { base: sandbox.base_url(), ..shop };
    shop.control("reset", json!({ "seed": 1 })).await;
    assert_eq!(texts.get(&format!("Messages/{owed}.json")).await.0, 404);
    texts.sent(PHONE, "forgotten and forgiven").await;
}

/// Sids must not depend on concurrency.
async fn sids(seed: u64, at_once: bool) -> Vec<String> {
    let sandbox = start(Settings { seed, ..quick() }).await;
    let texts = Texts::new(&sandbox).await;
    let send = |n: usize| {
        let texts = texts.clone();
        async move { texts.sent(PHONE, &format!("text {n}")).await }
    };
    let mut sids = if at_once {
        join_all((0..40).map(send)).await
    } else {
        let mut sids = Vec::new();
        for n in 0..40 {
            sids.push(send(n).await);
        }
        sids
    };
    sids.sort();
    sids
}

#[tokio::test]
async fn the_same_seed_gives_the_same_sids() {
    let (one, two) = tokio::join!(sids(42, false), sids(42, true));
    assert_eq!(one, two);
    assert_ne!(one, sids(43, true).await);
}
