//! What islands ask: `/do/…`.

use super::house::House;
use dispatch::forecast::{DryRun, Wish};
use dispatch::port::CellChange;
use dispatch::tenant::Role;
use serde_json::json;

const DRY_RUN: &str = "/do/dry_run";

#[tokio::test]
async fn a_dry_run_says_what_a_switch_would_have_meant() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    ada.ship(&house, "A-1", "+33639980012").await;
    let ask = async |changes: Vec<CellChange>| {
        let wish = Wish { brand: ada.brand.to_string(), changes, ..Wish::default() };
        let answer = ada.browser.ask(DRY_RUN, &json!({ "wish": wish }).to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str::<DryRun>(&answer.body).expect("a dry run")
    };
    let run = ask(vec![]).await;
    assert_eq!((run.total.before.messages, run.total.after.messages), (1, 1));
    let (country, on) = ("FR".parse().expect("a country"), false);
    let run = ask(vec![CellChange::Country { country, on }]).await;
    assert_eq!((run.total.before.messages, run.total.after.messages), (1, 0));
    let [cell] = run.cells.as_slice() else { panic!("{run:?}") };
    assert_eq!((cell.country, cell.status.word()), (Some(country), "delivered"));
    assert_eq!(cell.figures.before.cost, run.price);
    let held: Vec<_> = cell.figures.after.held_back.iter().map(|(r, n)| (r.word(), *n)).collect();
    assert_eq!(held, [("country_on", 1)]);
}

#[tokio::test]
async fn what_an_island_should_not_ask_is_refused_with_its_status() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let brand = ada.brand.to_string();
    let refused = async |body: String, status: u16, word: &str| {
        let answer = ada.browser.ask(DRY_RUN, &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
        assert_eq!(answer.json()["refused"], word, "{body}: {}", answer.body);
    };
    let wish = |wish: serde_json::Value| json!({ "wish": wish }).to_string();
    refused(wish(json!({"brand": "brd_"})), 404, "not_found").await;
    refused(wish(json!({"brand": ""})), 404, "not_found").await;
    refused(wish(json!({"brand": brand, "version": 7})), 409, "conflict").await;
    refused(wish(json!({"brand": brand, "channel": "pigeon"})), 422, "invalid").await;
    refused(wish(json!({"brand": brand, "cap": -1})), 422, "invalid").await;
    let texts =
        json!([{"status": "shipped", "language": "fr", "content": {"body": "x".repeat(90_000)}}]);
    refused(wish(json!({"brand": brand, "texts": texts})), 422, "invalid").await;
    for body in ["", "{", "[]", "{}", r#"{"wish":{"changes":[{"kind":"burn"}]}}"#, "\u{202e}\0"] {
        refused(body.to_owned(), 422, "invalid").await;
    }

    let body = wish(json!({"brand": brand}));
    let nobody = house.browser().ask(DRY_RUN, &body).await;
    assert_eq!((nobody.status, &nobody.json()["refused"]), (401, &json!("signed_out")));
    let elsewhere = [("sec-fetch-site", "cross-site"), ("content-type", "application/json")];
    let forged = ada.browser.send(reqwest::Method::POST, DRY_RUN, &elsewhere, |r| r.body(body));
    assert_eq!(forged.await.status, 403);
    assert!(Role::Viewer.may(dispatch::tenant::Permission::Read), "everybody may ask");
}

/// A text of the editor, as its form is sent.
fn draft<'a>(act: &'a str, category: &'a str, body: &'a str) -> Vec<(&'a str, &'a str)> {
    let text = [("category", category), ("header_kind", "none"), ("body", body)];
    [("act", act), ("version", "0"), ("revision", "0")].into_iter().chain(text).collect()
}

#[tokio::test]
async fn a_text_is_looked_at_without_being_saved() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    ada.ship(&house, "A-1", "+33639980012").await;
    ada.ship(&house, "A-2", "+33639980013").await;
    let path = format!("/templates/delivered/fr?brand={}", ada.brand);
    let before = house.store.templates(ada.account, ada.brand).await.expect("texts");
    let look = async |category: &str, body: &str, status: u16| {
        let answer = ada.browser.post(&path, &draft("preview", category, body)).await;
        assert_eq!(answer.status, status, "{body:.60}");
        let said = answer.body.split_once("id=\"forecast-said\"").expect("a panel").1;
        (said.split(['<', '>']).nth(1).unwrap_or_default().to_owned(), answer.body)
    };
    let (said, _) =
        look("utility", "Hello <<first_name|there>>, your parcel has arrived.", 200).await;
    assert_eq!(said, "As many messages as it stands: 2.");
    let lacking = "Hello <<first_name|there>>, your parcel with <<items>> came today.";
    let (said, page) = look("utility", lacking, 200).await;
    assert_eq!(said, "\u{2212}2 messages, \u{2212}0.32\u{a0}EUR.");
    assert!(page.contains("All tags have a value"), "the rule is named");
    assert!(page.contains("came today.</textarea>"), "what was typed stays");
    let (said, page) = look("marketing", "Hello, your parcel has arrived, well done.", 200).await;
    assert_eq!(said, "\u{2212}2 messages, \u{2212}0.32\u{a0}EUR.");
    assert!(page.contains("Advertising"), "nobody has agreed to it");

    // What could not be saved is not counted, and stays.
    let long = "x".repeat(100_000);
    for hostile in ["Hello \u{202e}evil", "Hello {{1}} there you are", &long, ""] {
        let (said, page) = look("utility", hostile, 422).await;
        assert!(said.starts_with("Not counted."), "{said}");
        assert!(page.contains(hostile), "{hostile:.40} stays");
    }
    let after = house.store.templates(ada.account, ada.brand).await.expect("texts");
    assert_eq!(before, after, "nothing was written");
    let nobody = house.browser().post(&path, &draft("preview", "utility", "Kept words.")).await;
    assert_eq!(nobody.status, 401);
    assert!(nobody.body.contains("Kept words."));
}

#[tokio::test]
async fn a_cap_is_asked_about_and_kept_nowhere() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    for (order, phone) in [("A-1", "+33639980012"), ("A-2", "+33639980013")] {
        ada.ship(&house, order, phone).await;
    }
    let path = format!("/tracking?brand={}", ada.brand);
    let page = ada.browser.get(&path).await.body;
    let version = page.split_once("name=\"version\" value=\"").expect("a version").1;
    let version = version.split('"').next().unwrap_or_default();
    let look = async |cap: &str| {
        let form = [
            ("act", "save_matrix"),
            ("version", version),
            ("row", "FR"),
            ("on", "FR"),
            ("cell", "FR:delivered"),
            ("preview", "1"),
            ("cap", cap),
        ];
        ada.browser.post(&path, &form).await
    };
    let one = look("0,20").await;
    assert_eq!(one.status, 200);
    assert!(one.body.contains("The cap would have stopped 1 message."), "{}", one.body);
    assert!(one.body.contains("value=\"0,20\""), "what was typed stays");
    assert!(look("1000").await.body.contains("The cap would not have been reached."));
    assert!(!look("").await.body.contains("The cap would"));
    for wrong in ["plenty", "-1", "<b>", "9999999999999999999"] {
        let answer = look(wrong).await;
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(answer.body.contains("Write the amount as 12000.50."), "{wrong}");
    }
    let page = ada.browser.get(&path).await.body;
    assert!(page.contains(&format!("name=\"version\" value=\"{version}\"")), "nothing was saved");
}

#[tokio::test]
async fn one_run_at_a_time_and_who_waited_in_vain_hears_when_to_ask_again() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let body = json!({"wish": {"brand": ada.brand.to_string()}}).to_string();
    let text = "Hello <<first_name|there>>, your parcel has arrived.";
    house.gate.close();
    let first = ada.browser.ask(DRY_RUN, &body);
    let others = async {
        house.gate.reached().await;
        let island = ada.browser.ask(DRY_RUN, &body).await;
        assert_eq!((island.status, &island.json()["refused"]), (429, &json!("busy")));
        assert_eq!(island.header("retry-after"), "5");
        let path = format!("/templates/delivered/fr?brand={}", ada.brand);
        let editor = ada.browser.post(&path, &draft("preview", "utility", text)).await;
        let path = format!("/tracking?brand={}", ada.brand);
        let form = [("act", "save_matrix"), ("version", "0"), ("preview", "1")];
        let matrix = ada.browser.post(&path, &form).await;
        for page in [&editor, &matrix] {
            assert_eq!((page.status, page.header("retry-after")), (429, "5"));
        }
        assert!(editor.body.contains("Only one count runs at a time"), "{}", editor.body);
        assert!(editor.body.contains("Try again in 5 seconds."));
        assert!(
            editor.body.contains("your parcel has arrived.</textarea>"),
            "what was typed stays"
        );
        house.gate.open();
    };
    let (first, ()) = tokio::join!(first, others);
    assert_eq!(first.status, 200, "it had its turn: {}", first.body);
    let again = ada.browser.ask(DRY_RUN, &body).await;
    assert_eq!(again.status, 200, "{}", again.body);
}
