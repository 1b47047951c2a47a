//! The customer's own page, its link, and what follows from what is pressed there.

use super::house::{Browser, House, Owner};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::consent::{ConsentKind, ConsentSource, Purpose};
use dispatch::id::BrandId;
use dispatch::language::Language;
use dispatch::port::{Links, NewDraft, Submitted, VersionKey};
use dispatch::template::{Category, Content, Review};
use dispatch::view::{ConsentFilter, LogFilter};
use reqwest::Method;
use server::security::link::Customer;
use server::security::random::SystemIds;
use std::time::Duration;

const PHONE: &str = "+33639980042";

fn path(house: &House, brand: BrandId) -> String {
    let url = house.links.preferences(brand, PHONE);
    url.strip_prefix(&house.base).expect("ours").to_owned()
}

/// A shop that sends, and a customer who got a message about an order.
async fn shop(house: &House, name: &str, order: &str) -> (Owner, Browser, String) {
    let owner = house.owner(name).await;
    owner.activate(house).await;
    owner.ship(house, order, PHONE).await;
    let page = path(house, owner.brand);
    (owner, house.browser(), page)
}

async fn press(customer: &Browser, page: &str, fields: &[(&str, &str)]) -> String {
    let answer = customer.post(page, fields).await;
    assert_eq!(answer.status, 303, "{fields:?}: {}", answer.body);
    answer.location
}

/// The rule that stopped the newest event, or what became of its message.
async fn fate(house: &House, owner: &Owner) -> String {
    let filter = LogFilter { limit: 1, ..LogFilter::default() };
    let row = house.store.log(owner.account, &filter).await.expect("a log").rows.remove(0);
    match (row.reason, row.failure, row.state) {
        (Some(rule), ..) => rule.to_string(),
        (None, Some(failure), _) => failure,
        (None, None, state) => state.map(|state| state.to_string()).unwrap_or_default(),
    }
}

#[tokio::test]
async fn the_page_shows_what_was_received_and_tells_nobody_whose_it_is() {
    let house = House::open().await;
    let (_, customer, page) = shop(&house, "ada", "A-1").await;
    let answer = customer.get(&page).await;
    assert_eq!(answer.status, 200);
    for words in ["A-1", "Camille", "lang=\"fr\"", "WhatsApp", "Tout arrêter", ">42<"] {
        let found = answer.body.contains(words) || words == ">42<" && answer.body.contains("42");
        assert!(found, "{words} in {}", answer.body);
    }
    assert!(!answer.body.contains("639980042") && !page.contains("639980042"));
    assert!(!answer.body.contains("<script") && !answer.sets_cookie());
    assert!(answer.body.len() < 60_000, "{} bytes, and nothing else is loaded", answer.body.len());
    assert_eq!(answer.header("x-robots-tag"), "noindex, nofollow, noarchive");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'nonce-"), "{policy}");
    for (code, words) in
        [("de", "Alles abbestellen"), ("en", "Stop everything"), ("nl", "Alles stoppen")]
    {
        let answer = customer.get(&format!("{page}?lang={code}")).await;
        assert!(answer.body.contains(words), "{code}");
    }
}

#[tokio::test]
async fn every_link_that_opens_nothing_is_answered_alike() {
    let house = House::open().await;
    let (ada, customer, page) = shop(&house, "ada", "A-1").await;
    let eve = house.owner("eve").await;
    let token = page.trim_start_matches("/u/").to_owned();
    let gone = BrandId::mint(house.now(), &SystemIds);
    let gone = house.links.token(&Customer { brand: gone, address: Some(PHONE.to_owned()) });
    let mut forged = token.clone();
    forged.replace_range(20..21, if &token[20..21] == "A" { "B" } else { "A" });
    let strip = |body: &str| {
        // The style's nonce is another every time.
        body.split("nonce=\"")
            .map(|part| part.split_once('"').map_or(part, |(_, rest)| rest))
            .collect::<String>()
    };
    let mut answers = Vec::new();
    for odd in
        [forged.as_str(), &token[..40], &token[1..], &gone, "x", &"A".repeat(3_000), "%00", "é"]
    {
        let look = customer.get(&format!("/u/{odd}")).await;
        assert_eq!(look.status, 404, "{odd}");
        answers.push(strip(&look.body));
        let pressed = customer.post(&format!("/u/{odd}"), &[("act", "stop_all")]).await;
        assert_eq!(pressed.status, 404, "{odd}");
        answers.push(strip(&pressed.body));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    // Another brand's link is about that brand alone, even for the same number.
    let other = path(&house, eve.brand);
    let answer = customer.get(&other).await;
    assert_eq!(answer.status, 200, "a link of ours, of somebody who got nothing");
    assert!(!answer.body.contains("A-1") && !answer.body.contains("ada"));
    press(&customer, &other, &[("act", "stop_all")]).await;
    ada.ship(&house, "A-2", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "delivered");
}

#[tokio::test]
async fn a_stop_on_the_page_stops_the_next_parcel_and_undoing_lets_the_one_after_go() {
    let house = House::open().await;
    let (ada, customer, page) = shop(&house, "ada", "A-1").await;
    assert_eq!(fate(&house, &ada).await, "delivered");
    let stopped = press(&customer, &page, &[("act", "stop_all"), ("lang", "fr")]).await;
    let told = customer.get(&stopped).await;
    assert!(told.body.contains("ne vous écrira plus") && told.body.contains("Annuler"));
    ada.ship(&house, "A-2", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "not_opted_out");

    let change = stopped.split("undo=").nth(1).expect("a change").to_owned();
    let undone = press(&customer, &page, &[("act", "undo"), ("change", &change)]).await;
    assert!(undone.contains("done=undone"), "{undone}");
    ada.ship(&house, "A-3", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "delivered");
    // Twice is nothing, and so is a change of nobody's.
    for change in [change.as_str(), "cst_00000000000000000000000000"] {
        let again = press(&customer, &page, &[("act", "undo"), ("change", change)]).await;
        assert!(again.contains("done=nothing"), "{again}");
    }

    let filter = ConsentFilter { limit: 50, ..ConsentFilter::default() };
    let ledger = house.store.consents(ada.account, &filter).await.expect("a ledger").rows;
    let outs: Vec<_> = ledger.iter().filter(|r| r.record.kind == ConsentKind::OptOut).collect();
    assert_eq!(outs.len(), 4, "two channels, two purposes");
    for row in &outs {
        let record = &row.record;
        assert_eq!((record.source, record.text.as_str()), (ConsentSource::Page, "Tout arrêter"));
        assert_eq!(record.text_version.as_deref(), Some("page-2026-11b/fr"));
    }
    assert!(ledger.iter().all(|r| r.record.kind != ConsentKind::OptIn), "undoing is no yes");
    let back = ledger.iter().filter(|r| r.record.kind == ConsentKind::TakenBack);
    let back: Vec<_> = back.map(|r| r.record.proof.clone()).collect();
    assert_eq!(back, vec![Some(change); 4], "nothing is said any more, on either channel");
    // The shop may still have agreed with them on its own; a taken-back no does not bar it.
    let position = house.store.position(ada.account, ada.brand, PHONE).await.expect("asked");
    for purpose in Purpose::ALL {
        assert_eq!(position.kind(Channel::Whatsapp, *purpose), None);
    }
}

#[tokio::test]
async fn a_choice_of_news_reaches_the_next_decision_and_the_message_on_its_way() {
    let house = House::open().await;
    let (ada, customer, page) = shop(&house, "ada", "A-1").await;
    let saved = press(&customer, &page, &[("act", "choose"), ("choice", "essential")]).await;
    assert!(saved.contains("done=saved"));
    ada.ship(&house, "A-2", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "status_wanted");
    let own = [("act", "choose"), ("choice", "own"), ("status", "delivered")];
    press(&customer, &page, &own).await;
    ada.ship(&house, "A-3", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "delivered");
    let stands = house.store.position(ada.account, ada.brand, PHONE).await.expect("asked");
    let silent = stands.silent_on(&[Channel::Whatsapp]);
    assert_eq!(silent.len(), TrackingStatus::ALL.len() - 1);
    // The same once more is no new record.
    assert!(press(&customer, &page, &own).await.contains("done=nothing"));
    let everything = [("act", "choose"), ("choice", "all")];
    press(&customer, &page, &everything).await;
    let stands = house.store.position(ada.account, ada.brand, PHONE).await.expect("asked");
    assert!(stands.silent_on(&[Channel::Whatsapp]).is_empty());
    let nothing = [("act", "choose"), ("choice", "nothing")];
    assert!(press(&customer, &page, &nothing).await.contains("done=stopped"));
    ada.ship(&house, "A-4", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "not_opted_out");
    // Choosing news again is a yes.
    press(&customer, &page, &everything).await;
    ada.ship(&house, "A-5", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "delivered");
}

#[tokio::test]
async fn one_click_of_a_mail_program_stops_everything_from_any_origin() {
    let house = House::open().await;
    let (ada, customer, page) = shop(&house, "ada", "A-1").await;
    let headers = [("sec-fetch-site", "cross-site"), ("origin", "https://mail.example")];
    let click = [("List-Unsubscribe", "One-Click")];
    let answer = customer.send(Method::POST, &page, &headers, |r| r.form(&click)).await;
    assert_eq!(answer.status, 200, "no redirect: {}", answer.body);
    ada.ship(&house, "A-2", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "not_opted_out");
    let filter = ConsentFilter { limit: 1, ..ConsentFilter::default() };
    let last = house.store.consents(ada.account, &filter).await.expect("a ledger").rows.remove(0);
    assert_eq!(last.record.source, ConsentSource::Link);
}

#[tokio::test]
async fn hostile_forms_change_nothing_and_break_nothing() {
    let house = House::open().await;
    let (ada, customer, page) = shop(&house, "ada", "A-1").await;
    let long = "x".repeat(5_000);
    for fields in [
        vec![("act", "nonsense")],
        vec![],
        vec![("act", "choose")],
        vec![("act", "choose"), ("choice", "<b>\u{202e}\0")],
        vec![("act", "stop"), ("channel", "pigeon")],
        vec![("act", "undo"), ("change", long.as_str())],
    ] {
        let answer = customer.post(&page, &fields).await;
        assert_eq!(answer.status, 200, "{fields:?}");
    }
    // A channel that does not reach the number is not there to stop.
    let email = [("act", "stop"), ("channel", "email")];
    assert!(press(&customer, &page, &email).await.contains("done=nothing"));
    let huge = "x".repeat(100_000);
    assert_eq!(customer.post(&page, &[("act", huge.as_str())]).await.status, 413);
    let filter = ConsentFilter { limit: 9, ..ConsentFilter::default() };
    assert_eq!(house.store.consents(ada.account, &filter).await.expect("a ledger").rows, []);
    // The merchant's sample keeps nothing either.
    let sample = house.links.preferences_sample(ada.brand);
    let sample = sample.strip_prefix(&house.base).expect("ours");
    assert_eq!(customer.get(sample).await.status, 200);
    press(&customer, sample, &[("act", "stop_all")]).await;
    assert_eq!(house.store.consents(ada.account, &filter).await.expect("a ledger").rows, []);
}

#[tokio::test]
async fn trying_too_often_has_to_wait() {
    let house = House::open().await;
    let visitor = house.browser();
    let mut refused = None;
    for _ in 0..200 {
        let answer = visitor.get("/u/nonsense").await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a limit");
    assert!(!refused.header("retry-after").is_empty());
}

/// A text with the tag, reviewed and approved.
async fn write_link(house: &House, owner: &Owner) {
    let (store, ids, now) = (&house.store, &SystemIds, house.now());
    let language: Language = "fr".parse().expect("a language");
    let draft = NewDraft {
        brand: owner.brand,
        status: TrackingStatus::Delivered,
        language: language.clone(),
        from: (0, 0),
        category: Category::Utility,
        content: Content {
            body: "Votre colis est là. Choisissez ici : <<preferences_url>> et à bientôt.".into(),
            ..Content::default()
        },
        by: None,
        at: now,
    };
    let (version, _) = store.save_draft(owner.account, &draft, ids).await.expect("a draft");
    let status = TrackingStatus::Delivered;
    let key = VersionKey { brand: owner.brand, status, language, version };
    store.submit_template(owner.account, &key, None, now, ids).await.expect("submitted");
    let later = now.plus(Duration::from_secs(60));
    for submission in store.due_submissions(now, later, 10).await.expect("due") {
        let taken = Submitted::Taken {
            provider_id: Some("t1".into()),
            review: Review::Approved,
            category: Some(Category::Utility),
        };
        store.note_submission(&submission, &taken, now, ids).await.expect("noted");
    }
}

#[tokio::test]
async fn a_message_carries_the_link_of_whoever_gets_it() {
    let house = House::open().await;
    let (ada, customer, page) = shop(&house, "ada", "A-1").await;
    write_link(&house, &ada).await;
    ada.ship(&house, "A-2", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "delivered");
    let received = house.store.received(ada.account, ada.brand, PHONE, 1).await.expect("asked");
    let body = &received[0].rendered.body;
    assert!(body.contains(&format!("{}{page} et", house.base)), "{body}");
    assert!(customer.get(&page).await.body.contains("Votre colis est là."));
}
