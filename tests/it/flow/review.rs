//! A text from its draft to what the customer reads, and everything the provider may say on the way: the real
//! server, its workers, and the sandbox's reviewers, over HTTP.

use super::town::{FRENCH, STATUS, Town};
use dispatch::template::{Category, Review};
use dispatch::view::TemplateTrouble;
use serde_json::json;
use std::time::Duration;

const FIRST: &str = "Bonjour <<first_name|à vous>>, votre colis <<order_number|attendu>> est bien arrivé. À très vite.";
const SECOND: &str = "Bonjour <<first_name|à vous>>, la commande <<order_number|attendue>> est devant votre porte. Merci.";

/// A phone of its own for each parcel, so that what it reads is about that parcel.
fn phone(number: u32) -> String {
    format!("+336399811{number:02}")
}

#[tokio::test]
async fn a_text_speaks_from_its_approval_on_and_the_one_before_it_until_then() {
    let town = Town::open().await;
    // What nobody submitted stays a draft, and the library goes on.
    town.write("save", FIRST).await;
    let (text, version) = town.tell("A-1", &phone(1)).await;
    assert_eq!(version, 0, "{text}");
    assert!(!text.contains("bien arrivé"), "{text}");

    town.control("reviews", json!({"verdict": "hold"})).await;
    town.write("submit", FIRST).await;
    town.until_waiting().await;
    let (_, version) = town.tell("A-2", &phone(2)).await;
    assert_eq!(version, 0, "a text in review does not speak");
    assert_eq!(town.text().await.versions[0].variant.review, Review::Submitted);
    assert!(town.says(&town.page()).await.contains("With WhatsApp since"));

    town.control("reviews", json!({"verdict": "approve", "delay_ms": 0})).await;
    town.until_newest(Review::Approved).await;
    let (text, version) = town.tell("A-3", &phone(3)).await;
    assert_eq!(version, 1);
    assert_eq!(text, "Bonjour Camille, votre colis A-3 est bien arrivé. À très vite.");

    // An edit begins the next version; the approved one goes on until that is approved, too.
    town.control("reviews", json!({"verdict": "hold"})).await;
    town.write("save", SECOND).await;
    assert_eq!(town.tell("A-4", &phone(4)).await.1, 1, "a draft does not speak");
    town.write("submit", SECOND).await;
    town.until_waiting().await;
    assert_eq!(town.tell("A-5", &phone(5)).await.1, 1);
    town.control("reviews", json!({"verdict": "approve", "delay_ms": 0})).await;
    town.until_newest(Review::Approved).await;
    let (text, version) = town.tell("A-6", &phone(6)).await;
    assert_eq!((text.contains("devant votre porte"), version), (true, 2), "{text}");
    assert_eq!(town.troubles().await, []);

    let history = town.says(&town.page().replace('?', "/history?")).await;
    for words in ["Begun", "Submitted", "WhatsApp’s answer:", "Superseded"] {
        assert!(history.contains(words), "{words} in {history}");
    }
}

#[tokio::test]
async fn a_refusal_says_why_the_text_before_goes_on_and_the_next_version_is_approved() {
    let town = Town::open().await;
    town.write("submit", FIRST).await;
    town.until_newest(Review::Approved).await;
    // The reviewers' own rule: nobody ordered this verdict.
    let shouted = "VOTRE COLIS EST ARRIVÉ, MERCI POUR VOTRE CONFIANCE, À TRÈS BIENTÔT CHEZ NOUS";
    town.write("submit", shouted).await;
    let refused = town.until_newest(Review::Rejected).await;
    let reason = refused.reason.expect("a reason");
    assert!(reason.starts_with("INVALID_FORMAT: The body is written in capital"), "{reason}");
    assert_eq!(town.troubles().await, [TemplateTrouble::Rejected]);
    assert_eq!(town.tell("B-1", &phone(1)).await.1, 1, "the approved one goes on");

    town.write("submit", SECOND).await;
    let newest = town.until_newest(Review::Approved).await;
    assert_eq!((newest.variant.version, newest.reason), (3, None));
    assert_eq!(town.tell("B-2", &phone(2)).await.1, 3);
    assert_eq!(town.troubles().await, [], "what is approved now is nobody's trouble");
}

#[tokio::test]
async fn a_text_that_became_advertising_waits_for_consent_to_that() {
    let town = Town::open().await;
    town.control("reviews", json!({"verdict": "recategorise"})).await;
    town.write("submit", FIRST).await;
    let version = town.until_newest(Review::Approved).await;
    assert_eq!(
        (version.chosen, version.variant.category),
        (Category::Utility, Category::Marketing)
    );
    let decision = town.ship("C-1", &phone(1)).await;
    assert_eq!(decision.0["outcome"], "skip");
    assert_eq!(decision.0["reason"], "marketing_consent");
    assert_eq!(decision.rule("marketing_consent")["result"], "stopped");
    assert_eq!(decision.saw("marketing_consent", "category"), "marketing");
    assert_eq!(decision.saw("template_ready", "version"), "1");
    let case = town.says(&decision.page()).await;
    assert!(case.contains("no consent to advertising on record"), "{case}");

    assert_eq!(town.troubles().await, [TemplateTrouble::Recategorised]);
    let overview = town.says("/overview").await;
    assert!(overview.contains("as marketing now"), "{overview}");
    let link = format!("/templates/{STATUS}/{FRENCH}?");
    assert!(overview.contains(&link), "the notice leads to the text: {overview}");
    assert!(town.says(&town.page()).await.contains("WhatsApp has moved it to Marketing"));

    let brand = town.shop.brand.to_string();
    let number = phone(1);
    let consent = [
        ("act", "record"),
        ("brand", brand.as_str()),
        ("phone", number.as_str()),
        ("country", "FR"),
        ("kind", "opt_in"),
        ("purpose", "marketing"),
        ("text", "Ticked the box for offers at the till"),
    ];
    let recorded = town.shop.browser.post("/consent", &consent).await;
    assert_eq!(recorded.status, 303, "{}", recorded.body);
    let (text, version) = town.tell("C-2", &phone(1)).await;
    assert_eq!((text.contains("C-2"), version), (true, 1), "{text}");
    assert_eq!(town.ship("C-3", &phone(3)).await.0["outcome"], "skip", "nobody else agreed");
}

#[tokio::test]
async fn a_category_that_is_announced_is_a_notice_and_its_coming_true_another() {
    let town = Town::open().await;
    town.write("submit", FIRST).await;
    let version = town.until_newest(Review::Approved).await;
    town.happens(&version, json!({"category": "MARKETING", "notice_ms": 86_400_000})).await;
    town.until_trouble(TemplateTrouble::Impending).await;
    assert_eq!(town.tell("D-1", &phone(1)).await.1, 1, "it is still utility");
    assert!(town.says(&town.page()).await.contains("WhatsApp will move it to Marketing on"));

    town.happens(&version, json!({"category": "MARKETING"})).await;
    town.until_trouble(TemplateTrouble::Recategorised).await;
    assert_eq!(town.ship("D-2", &phone(2)).await.0["reason"], "marketing_consent");

    // Taken back: nothing is left of it.
    town.happens(&version, json!({"category": "UTILITY"})).await;
    town.until_well().await;
    assert_eq!(town.tell("D-3", &phone(3)).await.1, 1);
}

#[tokio::test]
async fn paused_and_disabled_texts_give_way_and_where_none_is_left_the_decision_says_so() {
    let town = Town::open().await;
    town.write("submit", FIRST).await;
    let own = town.until_newest(Review::Approved).await;
    assert_eq!(town.tell("E-1", &phone(1)).await.1, 1);

    town.happens(&own, json!({"status": "PAUSED"})).await;
    let paused = town.until_newest(Review::Paused).await;
    assert_eq!(paused.reason.as_deref(), Some("FIRST_PAUSE"));
    assert_eq!(town.troubles().await, [TemplateTrouble::Paused]);
    assert_eq!(town.tell("E-2", &phone(2)).await.1, 0, "the library speaks meanwhile");

    town.happens(&own, json!({"status": "APPROVED"})).await;
    let lifted = town.until_newest(Review::Approved).await;
    assert_eq!(lifted.reason, None);
    assert_eq!(town.tell("E-3", &phone(3)).await.1, 1);
    assert_eq!(town.troubles().await, []);

    town.happens(&own, json!({"status": "DISABLED"})).await;
    town.until_newest(Review::Disabled).await;
    assert_eq!(town.troubles().await, [TemplateTrouble::Disabled]);
    let decision = town.ship("E-4", &phone(4)).await;
    assert_eq!(decision.0["outcome"], "send");
    let saw = |fact| decision.saw("template_ready", fact);
    assert_eq!((saw("version"), saw("language"), saw("chosen_by")), ("0", FRENCH, "recipient"));

    // The library's French goes as well: another language that is left speaks, and the decision says which.
    let library = town.text().await.library.expect("the library");
    town.happens(&library, json!({"status": "PAUSED"})).await;
    let decision = town.until_decision("E-5", 5, "chosen_by", "english").await;
    assert_eq!(decision.0["outcome"], "send");

    // Nothing is left: it stops, and names the text that would have spoken and why it does not.
    let english = town.text_in("en").await.library.expect("the library");
    town.happens(&english, json!({"status": "DISABLED"})).await;
    let decision = town.until_decision("E-6", 30, "review", "disabled").await;
    assert_eq!(
        (&decision.0["outcome"], &decision.0["reason"]),
        (&json!("skip"), &json!("template_ready"))
    );
    assert_eq!(decision.rule("template_ready")["result"], "stopped");
    let case = town.says(&decision.page()).await;
    assert!(case.contains("switched off by WhatsApp"), "{case}");
}

#[tokio::test]
async fn what_lost_callbacks_would_have_said_is_found_by_asking() {
    let town = Town::open().await;
    town.control("reviews", json!({"verdict": "hold"})).await;
    town.write("submit", FIRST).await;
    town.until_waiting().await;
    town.lose_callbacks();
    town.control("reviews", json!({"verdict": "approve", "delay_ms": 0})).await;
    town.until_lost(1).await;
    // A text in review is asked for every half minute, also when the hourly asking was just before.
    town.house.clock.advance(Duration::from_secs(31));
    town.wake_reviewer();
    let version = town.until_newest(Review::Approved).await;
    assert_eq!(town.tell("F-1", &phone(1)).await.1, 1);

    // Later it is asked every hour.
    town.house.clock.advance(Duration::from_secs(31));
    town.wake_reviewer();
    town.happens(&version, json!({"status": "PAUSED"})).await;
    town.until_lost(2).await;
    town.house.clock.advance(Duration::from_secs(3_600));
    town.wake_reviewer();
    town.until_newest(Review::Paused).await;
    assert_eq!(town.tell("F-2", &phone(2)).await.1, 0);
    // A refusal found by asking has its reason, too.
    town.control("reviews", json!({"verdict": "reject", "reason": "PROMOTIONAL"})).await;
    town.write("submit", SECOND).await;
    town.until_lost(3).await;
    town.house.clock.advance(Duration::from_secs(31));
    town.wake_reviewer();
    let refused = town.until_newest(Review::Rejected).await;
    assert_eq!(refused.reason.as_deref(), Some("PROMOTIONAL"));
}

#[tokio::test]
async fn a_verdict_within_the_submission_is_not_lost() {
    let town = Town::open().await;
    town.control("reviews", json!({"delay_ms": 0})).await;
    for version in 1..=4 {
        // The provider takes no wording twice.
        town.write("submit", &format!("{FIRST} ({version})")).await;
        let newest = town.until_newest(Review::Approved).await;
        assert_eq!(newest.variant.version, version);
    }
    town.control("reviews", json!({"verdict": "recategorise", "delay_ms": 0})).await;
    town.write("submit", SECOND).await;
    let newest = town.until_newest(Review::Approved).await;
    assert_eq!((newest.variant.version, newest.variant.category), (5, Category::Marketing));
}

#[tokio::test]
async fn a_review_that_takes_longer_than_two_days_is_named() {
    let town = Town::open().await;
    town.control("reviews", json!({"verdict": "hold"})).await;
    town.write("submit", FIRST).await;
    town.until_waiting().await;
    assert_eq!(town.troubles().await, []);
    town.house.clock.advance(Duration::from_secs(49 * 3_600));
    assert_eq!(town.troubles().await, [TemplateTrouble::Overdue]);
    assert!(town.says("/overview").await.contains("in review for more than two days"));
    assert!(town.says(&town.page()).await.contains("With WhatsApp for 2 days"));
    assert!(town.says("/templates").await.contains("In review, over 48 h"));
}

#[tokio::test]
async fn other_words_for_what_is_missing_speak_at_once_and_share_the_providers_word() {
    let town = Town::open().await;
    // Nothing in these parcels says what is in them.
    let brings = |word: &str| {
        format!(
            "Bonjour <<first_name|à vous>>, la commande <<order_number|attendue>> que vous avez passée chez nous \
             apporte <<items|{word}>>, merci."
        )
    };
    town.write("submit", &brings("vos articles")).await;
    town.until_newest(Review::Approved).await;
    let (text, version) = town.tell("G-1", &phone(1)).await;
    assert_eq!((text.contains("apporte vos articles, merci"), version), (true, 1), "{text}");

    // The reviewers answer nothing any more, and need not.
    town.control("reviews", json!({"verdict": "hold"})).await;
    town.write("save", &brings("vos achats")).await;
    let draft = town.says(&town.page()).await;
    assert!(
        draft.contains("takes effect as soon as it is submitted. No new review: only the words")
    );
    assert_eq!(town.tell("G-2", &phone(2)).await.1, 1, "a draft does not speak");
    let answer = town.write("submit", &brings("vos achats")).await;
    assert!(answer.location.contains("done=adopted"), "{}", answer.location);
    let (text, version) = town.tell("G-3", &phone(3)).await;
    assert_eq!((text.contains("apporte vos achats, merci"), version), (true, 2), "{text}");
    assert_eq!(town.spoken("G-1").await, (1, town.name_of(1).await));
    assert_eq!(town.spoken("G-3").await, (2, town.name_of(1).await), "each keeps what it was");

    // A third version is reviewed; the first comes back without.
    town.write("submit", FIRST).await;
    town.until_waiting().await;
    town.control("reviews", json!({"verdict": "approve", "delay_ms": 0})).await;
    town.until_newest(Review::Approved).await;
    assert_eq!(town.tell("G-4", &phone(4)).await.1, 3);
    town.control("reviews", json!({"verdict": "hold"})).await;
    town.restore(1).await;
    assert!(town.says(&town.page()).await.contains("takes effect as soon as it is submitted"));
    assert!(town.write("submit", &brings("vos articles")).await.location.contains("done=adopted"));
    let (text, version) = town.tell("G-5", &phone(5)).await;
    assert_eq!((text.contains("apporte vos articles, merci"), version), (true, 4), "{text}");
    let history = town.says(&town.page().replace('?', "/history?")).await;
    assert!(history.contains("to WhatsApp the text of Version 1"), "{history}");

    // What happens to the name happens to each version of it: the third speaks meanwhile.
    let own = town.text().await.versions[0].clone();
    town.happens(&own, json!({"status": "PAUSED"})).await;
    town.until_newest(Review::Paused).await;
    assert_eq!(town.troubles().await, [TemplateTrouble::Paused]);
    assert_eq!(town.tell("G-6", &phone(6)).await.1, 3);
    town.happens(&own, json!({"status": "APPROVED"})).await;
    town.until_newest(Review::Approved).await;
    town.happens(&own, json!({"category": "MARKETING"})).await;
    town.until_trouble(TemplateTrouble::Recategorised).await;
    let decision = town.ship("G-7", &phone(7)).await;
    assert_eq!(decision.0["reason"], "marketing_consent");
}

#[tokio::test]
async fn a_version_beside_the_one_in_review_is_approved_with_it() {
    let town = Town::open().await;
    town.control("reviews", json!({"verdict": "hold"})).await;
    town.write("submit", FIRST).await;
    town.until_waiting().await;
    let other = FIRST.replace("à vous", "à toi");
    assert!(town.write("submit", &other).await.location.contains("done=adopted"));
    assert_eq!(town.text().await.versions[0].variant.review, Review::Submitted);
    assert_eq!(town.tell("H-1", &phone(1)).await.1, 0);
    town.control("reviews", json!({"verdict": "approve", "delay_ms": 0})).await;
    town.until_newest(Review::Approved).await;
    assert_eq!(town.tell("H-2", &phone(2)).await.1, 2);
}
