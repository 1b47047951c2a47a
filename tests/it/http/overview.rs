//! What a shop that is running is told first, and that its pages tell the same.

use super::house::{House, Owner};
use dispatch::attempt::{Answer, Failure};
use dispatch::brand::SenderState;
use dispatch::channel::TrackingStatus;
use dispatch::id::SenderId;
use dispatch::port::{Finished, Settlement, TemplateNews};
use dispatch::template::{News, Review};
use server::security::random::SystemIds;
use std::time::Duration;

const FIRST_STEPS: &str = "From sandbox to live";

/// Somebody whose messages arrive.
async fn running(house: &House) -> (Owner, SenderId) {
    let ada = house.owner("ada").await;
    ada.activate(house).await;
    ada.ship(house, "1001", "+33639980041").await;
    let brand = house.store.brand(ada.account, ada.brand).await.expect("a store").expect("made");
    (ada, brand.sender.expect("a number").id)
}

async fn connect(ada: &Owner) -> String {
    let brand = ada.brand.to_string();
    let form =
        [("act", "create"), ("brand", brand.as_str()), ("source", "sendcloud"), ("auth", "hmac")];
    let made = ada.browser.post("/connections/new", &form).await;
    assert_eq!(made.status, 303, "{}", made.body);
    made.location.split('?').next().expect("a path").to_owned()
}

async fn overview(ada: &Owner) -> String {
    ada.browser.get("/overview").await.body
}

#[tokio::test]
async fn the_first_steps_are_gone_once() {
    let house = House::open().await;
    let (ada, sender) = running(&house).await;
    let page = overview(&ada).await;
    assert!(page.contains(FIRST_STEPS) && page.contains("1 step is left."), "{page}");
    assert!(!page.contains("in any order"), "there is one");

    let connection = connect(&ada).await;
    let page = overview(&ada).await;
    assert!(!page.contains(FIRST_STEPS) && page.contains("Nothing needs you."), "{page}");

    // What stops later is said, and is no first step again.
    let pause =
        house.store.set_sender_state(ada.account, sender, SenderState::Paused, None, house.now());
    pause.await.expect("paused");
    let tracking = format!("/tracking?brand={}", ada.brand);
    let off = ada.browser.post(&tracking, &[("act", "deactivate")]).await;
    assert_eq!(off.status, 303);
    assert_eq!(ada.browser.post(&connection, &[("act", "remove")]).await.status, 303);
    let page = overview(&ada).await;
    assert!(!page.contains(FIRST_STEPS), "{page}");
    for said in [
        "WhatsApp has paused the number of ada",
        "WhatsApp is switched off for ada",
        "No shop is connected",
    ] {
        assert!(page.contains(said), "{said}: {page}");
        assert!(page.contains(&format!("aria-label=\"Open: {said}")), "a link that says where to");
    }
}

#[tokio::test]
async fn what_needs_somebody_stands_before_what_is_to_be_set_up() {
    let house = House::open().await;
    let (ada, sender) = running(&house).await;
    let stop = house.store.set_sender_state(
        ada.account,
        sender,
        SenderState::Reconnect,
        None,
        house.now(),
    );
    stop.await.expect("stopped");
    let page = overview(&ada).await;
    let (needs, steps) = (page.find("does not accept the access"), page.find(FIRST_STEPS));
    assert!(needs.is_some() && needs < steps, "{page}");
}

#[tokio::test]
async fn every_page_tells_the_same_of_a_number_that_was_paused() {
    let house = House::open().await;
    let (ada, sender) = running(&house).await;
    let brand = format!("/settings/brands/{}", ada.brand);
    assert_eq!(ada.browser.post(&brand, &[("act", "check_sender")]).await.status, 303);
    let asked = ">Asked";
    assert!(ada.browser.get(&brand).await.body.contains(asked), "what the last test said");

    house.clock.advance(Duration::from_secs(60));
    let pause =
        house.store.set_sender_state(ada.account, sender, SenderState::Paused, None, house.now());
    pause.await.expect("paused");
    let page = ada.browser.get(&brand).await.body;
    assert!(page.contains("Paused by WhatsApp"));
    assert!(!page.contains(asked), "what was said before says nothing of it");

    let place = format!("href=\"{brand}#sender\"");
    let matrix = ada.browser.get("/tracking").await.body;
    assert!(matrix.contains("WhatsApp has paused the number of ada"), "{matrix}");
    assert!(matrix.contains(&place), "the way to what can be done");

    ada.ship(&house, "1002", "+33639980042").await;
    let log = ada.browser.get("/messages?tab=not_sent").await.body;
    let at = log.find("/decisions/").expect("what was not sent");
    let decision = log[at..].split(['"', '?']).next().expect("an address");
    let page = ada.browser.get(decision).await.body;
    assert!(page.contains("What to do stands with the number"), "{page}");
    let at = page.find("stands with the number").expect("said");
    let said = page[at..].split("</p>").next().expect("some");
    assert!(said.contains(&place), "the instruction leads there: {said}");

    assert_eq!(ada.browser.post(&brand, &[("act", "check_sender")]).await.status, 303);
    assert!(ada.browser.get(&brand).await.body.contains(asked), "a test since then counts");
}

#[tokio::test]
async fn a_text_that_stands_in_for_a_paused_one_is_marked() {
    let house = House::open().await;
    let (ada, sender) = running(&house).await;
    let matrix = ada.browser.get("/tracking").await.body;
    assert!(!matrix.contains("cell__mark") && !matrix.contains("land__wrong"), "{matrix}");

    let shelf = house.store.shelf(ada.account, ada.brand).await.expect("a shelf");
    let french = shelf[&TrackingStatus::Delivered].iter().find(|text| text.language.code() == "fr");
    let french = french.expect("the library speaks French");
    let news = TemplateNews {
        name: french.name.clone(),
        language: french.language.clone(),
        provider_id: None,
        what: News::Review { review: Review::Paused, reason: None },
        at: house.now(),
    };
    let heard = house.store.note_template_news(ada.account, sender, &[news], &SystemIds).await;
    assert_eq!(heard, Ok(1));
    let matrix = ada.browser.get("/tracking").await.body;
    assert!(matrix.contains("1 paused, English is sent"), "in the row: {matrix}");
    assert!(matrix.contains("Template paused (French): English is sent"), "at the stop: {matrix}");
}

#[tokio::test]
async fn the_status_page_counts_only_one_s_own_messages_and_one_lost_answer_is_no_trouble() {
    let house = House::open().await;
    let (ada, _) = running(&house).await;
    let bob = house.owner("bob").await;
    ada.hand_over("1003", "+33639980043").await;
    house.decide().await;
    let waits = ada.browser.get("/status").await.body;
    assert!(!waits.contains("In trouble"), "{waits}");

    let queues = house.store.queues().await.expect("queues");
    let rooms: Vec<_> = queues.into_iter().map(|queue| (queue.sender, 100)).collect();
    let (lease, now) = (Duration::from_secs(60), house.now());
    let claimed = house.store.claim("tests", now, lease, &rooms, &SystemIds).await;
    let claimed = claimed.expect("claimed");
    assert_eq!(claimed.len(), 1);
    house.clock.advance(Duration::from_secs(1));
    let finished: Vec<_> = claimed
        .into_iter()
        .map(|message| Finished {
            account: message.account,
            message: message.message,
            attempt: message.attempt,
            sender: message.sender,
            step: message.step,
            answer: Some(Answer::Unknown(Failure {
                code: "connection_lost".into(),
                ..Failure::default()
            })),
            settlement: Settlement::Unknown(house.now().plus(Duration::from_secs(600))),
            at: house.now(),
        })
        .collect();
    house.store.finish(&finished).await.expect("finished");

    let page = ada.browser.get("/status").await.body;
    assert!(page.contains("1 message waits for a receipt"), "{page}");
    assert!(page.contains("Everything flows") && !page.contains("In trouble"), "{page}");
    assert!(page.contains("brought no clear answer. Nothing waits."), "{page}");
    let others = bob.browser.get("/status").await.body;
    assert!(!others.contains("for a receipt") && !others.contains("Your messages"), "{others}");

    // The same while something waits is trouble.
    ada.hand_over("1004", "+33639980044").await;
    house.decide().await;
    let page = ada.browser.get("/status").await.body;
    assert!(page.contains("In trouble") && page.contains("does not take messages"), "{page}");
}
