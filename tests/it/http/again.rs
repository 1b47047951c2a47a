//! Sending again, by the page and by the API.

use super::house::{House, Owner, PASSWORD};
use dispatch::attempt::{Answer, Failure};
use dispatch::id::MessageId;
use dispatch::port::{Finished, Settlement};
use dispatch::stranded::Stranded;
use dispatch::usecase::{Terms, decide_events, understand_deliveries};
use dispatch::view::LogFilter;
use reqwest::Method;
use serde_json::{Value, json};
use server::security::random::SystemIds;
use server::zone::BundledZones;
use std::time::Duration;

const ROUTE: &str = "/api/v1/messages/replay";

impl House {
    /// What waits to be sent fails for a reason somebody can mend.
    async fn strand_all(&self, reason: Stranded) {
        let (store, ids) = (&*self.store, &SystemIds);
        while understand_deliveries(store, &server::source::read, ids, 100).await.expect("read") > 0
        {
        }
        let terms = Terms {
            now: self.now(),
            stale_after: super::house::STALE_AFTER,
            zones: &BundledZones,
            links: &*self.links,
        };
        while decide_events(store, ids, terms, 100).await.expect("decided") > 0 {}
        let lease = Duration::from_secs(60);
        let queues = store.queues().await.expect("queues");
        let rooms: Vec<_> = queues.into_iter().map(|queue| (queue.sender, 100)).collect();
        let claimed = store.claim("tests", self.now(), lease, &rooms, ids).await.expect("claimed");
        let code = "131000".to_owned();
        let finished: Vec<_> = claimed
            .into_iter()
            .map(|one| Finished {
                account: one.account,
                message: one.message,
                attempt: one.attempt,
                sender: one.sender,
                step: one.step,
                answer: Some(Answer::Retry(Failure { code: code.clone(), ..Failure::default() })),
                settlement: Settlement::Failed { code: code.clone(), waits: Some(reason) },
                at: self.now(),
            })
            .collect();
        store.finish(&finished).await.expect("finished");
    }
}

async fn message_of(house: &House, owner: &Owner, order: &str) -> MessageId {
    let filter = LogFilter { order_number: Some(order.into()), limit: 1, ..LogFilter::default() };
    let rows = house.store.log(owner.account, &filter).await.expect("a log").rows;
    rows[0].message.expect("a message")
}

async fn shop() -> (House, Owner, String) {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    for (order, phone) in
        [("A-1", "+33639980011"), ("A-2", "+33639980012"), ("A-3", "+33639980013")]
    {
        ada.hand_over(order, phone).await;
    }
    house.strand_all(Stranded::Tries).await;
    let key = ada.key(&["read", "write"]).await;
    (house, ada, key)
}

#[tokio::test]
async fn the_log_shows_what_waits_and_a_form_sends_all_of_it_once() {
    let (house, ada, _) = shop().await;
    let log = ada.browser.get("/messages?tab=waiting").await.body;
    assert!(
        log.contains("To send again") && log.contains("#A-1") && log.contains("/messages/again")
    );
    let overview = ada.browser.get("/overview").await.body;
    assert!(overview.contains("3 messages failed for a reason somebody can mend"), "{overview}");
    let status = ada.browser.get("/status").await.body;
    assert!(status.contains("3 failed messages wait"), "{status}");

    let page = ada.browser.get("/messages/again").await.body;
    assert!(page.contains("3 messages go out again."), "{page}");
    let value = |name: &str| {
        let (_, rest) = page.split_once(&format!(r#"name="pick_{name}" value=""#)).expect(name);
        rest.split('"').next().expect("a value").to_owned()
    };
    let (id, until) = (value("id"), value("until"));
    let form = [("act", "replay"), ("pick_id", id.as_str()), ("pick_until", until.as_str())];
    let (one, two) = tokio::join!(
        ada.browser.post("/messages/again", &form),
        ada.browser.post("/messages/again", &form)
    );
    assert_eq!((one.status, two.status), (303, 303), "{}", one.body);
    assert_eq!(
        (&one.location, one.location.as_str()),
        (&two.location, format!("/messages/again/{id}").as_str())
    );
    let done = ada.browser.get(&one.location).await.body;
    assert!(done.contains("3 messages were sent again."), "{done}");
    house.clock.advance(Duration::from_secs(5));
    house.work().await;
    let done = ada.browser.get(&one.location).await.body;
    assert!(done.contains("Delivered"), "{done}");
    let page = ada.browser.get("/messages/again").await.body;
    assert!(page.contains("Nothing to send again") && page.contains("3 of 3 sent again"), "{page}");
    let case =
        ada.browser.get(&format!("/messages/{}", message_of(&house, &ada, "A-1").await)).await;
    assert!(case.body.contains("Sent again by ada"), "{}", case.body);
    let charged = house.store.usage(ada.account, house.now().month()).await.expect("usage");
    assert_eq!(charged.iter().map(|line| line.quantity).sum::<i64>(), 3);
}

#[tokio::test]
async fn one_message_is_sent_again_from_its_page_and_a_viewer_only_looks() {
    let (house, ada, _) = shop().await;
    let id = message_of(&house, &ada, "A-2").await;
    let path = format!("/messages/{id}");
    let page = ada.browser.get(&path).await.body;
    assert!(page.contains("It can be sent again. Every try was put off"), "{page}");
    let answer = ada.browser.post(&path, &[("act", "replay")]).await;
    assert_eq!((answer.status, answer.location), (303, format!("{path}?done=sent_again")));
    let page = ada.browser.get(&path).await.body;
    assert!(
        page.contains("Waiting to leave again.") && page.contains("Sent again by ada"),
        "{page}"
    );
    // Whoever may only look sees why it waits, and no button; the form is refused.
    let other = format!("/messages/{}", message_of(&house, &ada, "A-3").await);
    let invite = [("act", "invite"), ("email", "vic@example.org"), ("role", "viewer")];
    let page = ada.browser.post("/settings/members", &invite).await.location;
    let page = ada.browser.get(&page).await.body;
    let start = page.find("/sign-up?invitation=").expect("a link");
    let link = page[start..].split(['"', '<']).next().expect("an end").to_owned();
    let vic = house.browser();
    let accept = [("act", "accept"), ("name", "Vic"), ("password", PASSWORD)];
    assert_eq!(vic.post(&link, &accept).await.status, 303);
    assert_eq!(vic.post(&other, &[("act", "replay")]).await.status, 403);
    assert_eq!(vic.post("/messages/again", &[("act", "replay")]).await.status, 403);
    for page in [other.as_str(), "/messages/again"] {
        let page = vic.get(page).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains(r#"value="replay""#), "{}", page.body);
    }
    let twice = ada.browser.post(&path, &[("act", "replay")]).await;
    assert_eq!(twice.status, 422);
    assert!(twice.body.contains("It was not sent again"), "{}", twice.body);
    assert_eq!(ada.browser.post(&path, &[("act", "other")]).await.status, 422);
    for path in ["/messages/msg_1", "/messages/again2", "/messages/msg_01ARZ3NDEKTSV4RRFFQ69G5FAV"]
    {
        assert_eq!(ada.browser.post(path, &[("act", "replay")]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn what_is_typed_into_the_filter_is_answered_in_words() {
    let (_house, ada, _) = shop().await;
    let bidi = "%E2%80%AE%00%3Cscript%3E";
    for query in [
        "from=yesterday".to_owned(),
        "to=2026-02-31".to_owned(),
        "from=9999-12-31".to_owned(),
        "to=9999-12-31".to_owned(),
        format!("country={bidi}"),
        format!("reason={bidi}"),
        format!("sender={bidi}"),
        format!("channel={bidi}"),
        format!("from={}", "9".repeat(4_000)),
    ] {
        let page = ada.browser.get(&format!("/messages/again?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert!(!page.body.contains("<script>alert") && !page.body.contains("Commit"), "{query}");
    }
    assert_eq!(ada.browser.get(&format!("/messages/again?brand={bidi}")).await.status, 404);
    for form in [
        vec![("act", "replay"), ("pick_id", "x")],
        vec![("act", "replay"), ("pick_until", "tomorrow")],
        vec![("act", "replay"), ("pick_brand", "brd_nonsense")],
        vec![("act", "")],
    ] {
        let answer = ada.browser.post("/messages/again", &form).await;
        assert_eq!(answer.status, 422, "{form:?}");
    }
    let page = ada.browser.get("/messages/again").await.body;
    assert!(page.contains("3 messages go out again."), "nothing was sent");
    for path in ["/messages/again/x", "/messages/again/rpl_01ARZ3NDEKTSV4RRFFQ69G5FAV"] {
        assert_eq!(ada.browser.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_api_looks_first_and_then_sends_each_once() {
    let (house, ada, key) = shop().await;
    let call = async |body: Value| {
        ada.browser.api(Method::POST, ROUTE, &key, Some(&body.to_string())).await
    };
    // A filter that is misspelt is refused instead of sending everything.
    for misspelt in [json!({ "resaon": "x" }), json!({ "filter": {} }), json!({ "dryrun": true })] {
        assert_eq!(call(misspelt).await.status, 400);
    }
    let seen = call(json!({ "dry_run": true })).await.json();
    assert_eq!((&seen["replayed"], &seen["dry_run"]), (&json!(3), &json!(true)));
    let cost = seen["cost_at_most"]["micros"].as_i64().expect("a cost");
    assert!(cost > 0 && cost % 3 == 0, "{cost}");
    let (one, two) = (message_of(&house, &ada, "A-1").await, message_of(&house, &ada, "A-2").await);
    let of = |id: MessageId| format!("/api/v1/messages/{id}");
    let message = ada.browser.api(Method::GET, &of(one), &key, None).await.json();
    assert_eq!((&message["waits"], &message["replays"]), (&json!("tries_exhausted"), &json!([])));

    // Ids: each once, however often it is named.
    let strange = "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    let ids = json!({ "ids": [one, one, strange] });
    let done = call(ids.clone()).await.json();
    assert_eq!(done["replayed"], 1);
    assert_eq!(done["left_out"], json!({ "not_waiting": 1 }));
    let left = json!([{ "message_id": strange, "reason": "not_waiting", "waits_on": false }]);
    assert_eq!(done["messages_left_out"], left);
    let again = call(ids).await.json();
    assert_eq!((&again["replayed"], &again["left_out"]["not_waiting"]), (&json!(0), &json!(2)));
    let message = ada.browser.api(Method::GET, &of(one), &key, None).await.json();
    assert_eq!((&message["waits"], &message["replays"][0]["id"]), (&Value::Null, &done["id"]));

    // A filter: a step of so many, then the next.
    let step =
        call(json!({ "reason": "tries_exhausted", "country": "fr", "limit": 1 })).await.json();
    assert_eq!((&step["replayed"], &step["next_cursor"]), (&json!(1), &json!(two)));
    let rest = call(json!({ "limit": 5, "cursor": step["next_cursor"] })).await.json();
    assert_eq!((&rest["replayed"], &rest["next_cursor"]), (&json!(1), &Value::Null));
    assert_eq!(call(json!({})).await.json()["replayed"], 0);

    let reader = ada.key(&["read"]).await;
    let refused = ada.browser.api(Method::POST, ROUTE, &reader, Some("{}")).await;
    assert_eq!(refused.status, 403);
    let many: Vec<String> = (0..1001).map(|_| strange.to_owned()).collect();
    for (body, status) in [
        ("".to_owned(), 400),
        ("[".to_owned(), 400),
        (r#"{"ids":"x"}"#.to_owned(), 400),
        (json!({ "ids": ["x"] }).to_string(), 422),
        (json!({ "ids": many }).to_string(), 422),
        (json!({ "ids": [] }).to_string(), 200),
        (json!({ "limit": 0 }).to_string(), 422),
        (json!({ "limit": 1001 }).to_string(), 422),
        (json!({ "cursor": "x" }).to_string(), 422),
        (json!({ "since": "yesterday" }).to_string(), 422),
        (json!({ "until": "9999-99-99" }).to_string(), 422),
        (json!({ "reason": "\u{202e}" }).to_string(), 422),
        (json!({ "country": "\u{0}" }).to_string(), 422),
        (json!({ "brand": "brd_01ARZ3NDEKTSV4RRFFQ69G5FAV" }).to_string(), 404),
        (json!({ "sender": "snd_01ARZ3NDEKTSV4RRFFQ69G5FAV" }).to_string(), 200),
    ] {
        let answer = ada.browser.api(Method::POST, ROUTE, &key, Some(&body)).await;
        assert_eq!(answer.status, status, "{body:.100}: {}", answer.body);
    }
}
