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
