//! Coming in, staying, going out.

use super::house::{House, PASSWORD, sign_up_form};
use reqwest::Method;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn a_company_signs_up_and_finds_everything_to_see_a_first_message() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    assert_eq!(ada.browser.get("/overview").await.status, 200);
    let brand = house.store.brand(ada.account, ada.brand).await.expect("a store").expect("made");
    assert_eq!(brand.name, "ada");
    assert!(brand.sender.is_some_and(|sender| sender.sandbox), "a number to send from");
    let now = dispatch::time::Clock::now(&*house.clock);
    assert_eq!(house.store.connections(ada.account, now).await.expect("a store").len(), 1);

    let again = house.browser().post("/sign-up", &sign_up_form("eve", "ada@example.org")).await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains("value=\"eve\""), "what was typed is kept");
    assert!(!again.body.contains(PASSWORD), "but the password");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let house = House::open().await;
    house.owner("ada").await;
    let browser = house.browser();
    let mut pages = Vec::new();
    for email in ["ada@example.org", "nobody@example.org"] {
        let form = [("act", "sign_in"), ("email", email), ("password", "wrong wrong")];
        let answer = browser.post("/sign-in", &form).await;
        assert_eq!(answer.status, 422);
        assert!(!answer.sets_cookie(), "nothing is stored for somebody who did not come in");
        // Nonces and the typed address differ.
        pages.push(answer.body.len() - email.len());
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn a_visitor_has_no_session_until_there_is_something_to_keep() {
    let house = House::open().await;
    let browser = house.browser();
    for path in ["/", "/sign-in", "/sign-up", "/overview"] {
        assert!(!browser.get(path).await.sets_cookie(), "{path}");
    }
}

#[tokio::test]
async fn signing_in_leads_to_where_one_wanted_to_go_and_never_elsewhere() {
    let house = House::open().await;
    house.owner("ada").await;
    let asked = house.browser().get("/settings/keys").await;
    assert_eq!(asked.status, 303);
    assert!(asked.location.starts_with("/sign-in?next=%2Fsettings%2Fkeys"), "{}", asked.location);
    for (next, leads_to) in [
        ("/settings/keys?x=1", "/settings/keys?x=1"),
        ("https://odd.example/", "/"),
        ("//odd.example/", "/"),
        ("", "/overview"),
    ] {
        let form = [
            ("act", "sign_in"),
            ("email", " ADA@example.org "),
            ("password", PASSWORD),
            ("next", next),
        ];
        let answer = house.browser().post("/sign-in", &form).await;
        assert_eq!((answer.status, answer.location.as_str()), (303, leads_to));
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("facteur_session=") && cookie.contains("HttpOnly"), "{cookie}");
        assert!(cookie.contains("SameSite=Lax") && cookie.contains("Max-Age=1209600"), "{cookie}");
    }
}

#[tokio::test]
async fn a_session_gets_a_new_id_when_somebody_signs_in() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let form = [("act", "sign_in"), ("email", ada.email.as_str()), ("password", PASSWORD)];
    let first = ada.browser.post("/sign-in", &form).await;
    let second = ada.browser.post("/sign-in", &form).await;
    assert_ne!(first.header("set-cookie"), second.header("set-cookie"));
    let old = first.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let stale = house.browser();
    let answer = stale.send(Method::GET, "/overview", &[("cookie", &old)], |r| r).await;
    assert_eq!(answer.status, 303, "the former id is worth nothing");
}

#[tokio::test]
async fn who_signs_out_is_out_and_can_end_all_other_sessions_first() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let elsewhere = house.browser();
    let form = [("act", "sign_in"), ("email", ada.email.as_str()), ("password", PASSWORD)];
    elsewhere.post("/sign-in", &form).await;
    assert_eq!(elsewhere.get("/overview").await.status, 200);

    let ended = ada.browser.post("/settings/sessions", &[("act", "end_others")]).await;
    assert_eq!(ended.status, 303);
    assert_eq!(elsewhere.get("/overview").await.status, 303, "signed out everywhere else");
    assert_eq!(ada.browser.get("/overview").await.status, 200, "but here");

    let out = ada.browser.post("/sign-out", &[]).await;
    assert_eq!((out.status, out.location.as_str()), (303, "/sign-in?done=signed_out"));
    assert_eq!(ada.browser.get("/overview").await.status, 303);
}

#[tokio::test]
async fn a_session_ends_after_14_days_without_a_visit_and_not_before() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    for _ in 0..3 {
        house.clock.advance(13 * DAY);
        assert_eq!(ada.browser.get("/overview").await.status, 200, "every visit counts anew");
    }
    house.clock.advance(15 * DAY);
    assert_eq!(ada.browser.get("/overview").await.status, 303);
}

#[tokio::test]
async fn passwords_cannot_be_tried_without_end() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    for email in [ada.email.as_str(), "nobody@example.org"] {
        let form = [("act", "sign_in"), ("email", email), ("password", "wrong wrong")];
        let browser = house.browser();
        for _ in 0..10 {
            assert_eq!(browser.post("/sign-in", &form).await.status, 422);
        }
        let refused = browser.post("/sign-in", &form).await;
        assert_eq!(refused.status, 429, "known or unknown");
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|s| (1..=30).contains(&s)));
    }
    let right = [("act", "sign_in"), ("email", ada.email.as_str()), ("password", PASSWORD)];
    assert_eq!(house.browser().post("/sign-in", &right).await.status, 429);
    house.clock.advance(Duration::from_secs(30));
    assert_eq!(house.browser().post("/sign-in", &right).await.status, 303);
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let form = [("act", "create"), ("name", "stolen"), ("scope", "read")];
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://odd.example")],
    ] {
        let answer =
            ada.browser.send(Method::POST, "/settings/keys", headers, |r| r.form(&form)).await;
        assert_eq!(answer.status, 403);
        assert!(answer.body.contains("Nothing was changed"));
    }
    assert!(house.store.api_keys(ada.account).await.expect("a store").is_empty());
    let origin = house.base.clone();
    let answer = ada
        .browser
        .send(Method::POST, "/settings/keys", &[("origin", &origin)], |r| r.form(&form))
        .await;
    assert_eq!(answer.status, 303, "an older browser on our own page");
}

#[tokio::test]
async fn an_invitation_is_taken_once_and_a_removed_member_is_out_at_once() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let invite = [("act", "invite"), ("email", "bob@example.org"), ("role", "viewer")];
    let answer = ada.browser.post("/settings/members", &invite).await;
    assert_eq!(answer.location, "/settings/members?done=invited");
    let link = link_on(&ada.browser.get(&answer.location).await.body);
    assert!(!ada.browser.get("/settings/members").await.body.contains(&link), "shown once");

    let bob = house.browser();
    let form = [("act", "accept"), ("name", "Bob"), ("password", PASSWORD)];
    assert_eq!(bob.post(&link, &form).await.location, "/overview");
    assert_eq!(bob.get("/overview").await.status, 200);
    let again = house.browser().post(&link, &form).await;
    assert_eq!(again.status, 422, "used");

    // A viewer looks and changes nothing.
    let brand = format!("/settings/brands/{}", ada.brand);
    for (path, form) in [
        (
            "/settings/members",
            &[("act", "invite"), ("email", "c@example.org"), ("role", "owner")][..],
        ),
        ("/settings/keys", &[("act", "create"), ("name", "x"), ("scope", "read")]),
        (brand.as_str(), &[("act", "archive")]),
        (
            "/settings/account",
            &[("act", "save"), ("name", "x"), ("company_country", "FR"), ("plan", "free")],
        ),
    ] {
        assert_eq!(bob.post(path, form).await.status, 403, "{path}");
    }
    // Each page says so once, and none leads to what is closed.
    let editor = format!("/templates/delivered/en?brand={}", ada.brand);
    for (path, words) in [
        ("/tracking", "Your role may look at this page."),
        (brand.as_str(), "Your role may look at this page."),
        (editor.as_str(), "Your role may read templates."),
    ] {
        let page = bob.get(path).await.body;
        assert_eq!(page.matches(words).count(), 1, "{path}");
        assert!(!page.contains("With scripts off"), "{path}");
        assert!(!page.contains("href=\"/billing\""), "{path}");
        assert!(ada.browser.get(path).await.body.contains("href=\"/billing\""), "{path}");
    }
    let row = "<li class=\"brow\">";
    assert!(!bob.get(&editor).await.body.contains(row), "no row waits to be filled in");
    assert!(ada.browser.get(&editor).await.body.contains(row));

    let members = house.store.members(ada.account).await.expect("a store");
    let user = members.iter().find(|m| m.email == "bob@example.org").expect("a member").user;
    let user = user.to_string();
    let owners = members.iter().find(|m| m.email == ada.email).expect("the owner").user.to_string();

    let remove = [("act", "remove"), ("user", user.as_str())];
    assert_eq!(ada.browser.post("/settings/members", &remove).await.status, 303);
    assert_ne!(bob.get("/overview").await.status, 200, "out with the next click");

    let remove = [("act", "remove"), ("user", owners.as_str())];
    assert_eq!(ada.browser.post("/settings/members", &remove).await.status, 422, "the last owner");
}

/// The link of an invitation that a page shows.
fn link_on(page: &str) -> String {
    let marker = "/sign-up?invitation=";
    let at = page.find(marker).expect("the link is shown") + marker.len();
    format!("{marker}{}", &page[at..at + 64])
}

#[tokio::test]
async fn an_invitation_says_whose_account_it_leads_to_and_for_whom() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let invite = [("act", "invite"), ("email", "bob@example.org"), ("role", "viewer")];
    let answer = ada.browser.post("/settings/members", &invite).await;
    let link = link_on(&ada.browser.get(&answer.location).await.body);
    let title = "Join ada as Viewer</h1>";

    let new = house.browser().get(&link).await.body;
    assert!(new.contains(title) && new.contains("value=\"bob@example.org\""), "{new}");
    let way = link.replace('?', "%3F").replace('=', "%3D").replace('/', "%2F");
    assert!(new.contains(&format!("/sign-in?next={way}")), "who has an account comes back here");

    let other = ada.browser.get(&link).await.body;
    assert!(other.contains(title) && other.contains("for bob@example.org"), "{other}");
    assert!(other.contains("name=\"password\""), "somebody else says who they are");

    let bob = house.browser();
    bob.post("/sign-up", &sign_up_form("bob", "bob@example.org")).await;
    let his = bob.get(&link).await.body;
    assert!(his.contains(title) && !his.contains("name=\"password\""), "one click: {his}");
    let wrong = [("act", "accept"), ("password", "wrong wrong")];
    let refused = house.browser().post(&link, &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("not the password of the account"), "{}", refused.body);
    assert_eq!(bob.post(&link, &[("act", "accept")]).await.location, "/overview");

    for link in [link.as_str(), "/sign-up?invitation=odd"] {
        for browser in [&house.browser(), &bob] {
            let ended = browser.get(link).await;
            assert_eq!(ended.status, 404);
            assert!(ended.body.contains("This invitation does not work any more</h1>"));
            assert!(!ended.body.contains("value=\"accept\""), "nothing to send");
        }
        let sent = house.browser().post(link, &[("act", "accept"), ("name", "Eve")]).await;
        assert_eq!(sent.status, 422);
        assert!(sent.body.contains("Ask whoever invited you"), "{}", sent.body);
        assert!(!sent.body.contains("open too long"), "{}", sent.body);
    }
}

#[tokio::test]
async fn the_language_changes_and_the_page_stays() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let visitor = house.browser();
    for (browser, path, stays) in [
        (&visitor, "/sign-up?invitation=abc", "/sign-up?invitation=abc"),
        (
            &visitor,
            "/sign-in?next=%2Fmessages%3Ftab%3Dfailed&done=signed_out",
            "/sign-in?next=%2Fmessages%3Ftab%3Dfailed",
        ),
        (&ada.browser, "/messages?country=FR&state=read", "/messages?country=FR&state=read"),
    ] {
        let page = browser.get(path).await.body;
        let field = format!("name=\"back\" value=\"{}\"", stays.replace('&', "&amp;"));
        assert!(page.contains(&field), "{field} on {path}");
        let chosen = browser.post("/preferences", &[("lang", "fr"), ("back", stays)]).await;
        assert_eq!((chosen.status, chosen.location.as_str()), (303, stays));
    }
    for odd in ["//odd.example", "https://odd.example/", "/\\odd.example"] {
        let chosen = visitor.post("/preferences", &[("lang", "fr"), ("back", odd)]).await;
        assert_eq!(chosen.location, "/", "{odd}");
    }
    let asked = house.browser().get("/messages?tab=failed&country=FR").await.location;
    assert_eq!(asked, "/sign-in?next=%2Fmessages%3Ftab%3Dfailed%26country%3DFR");
}

#[tokio::test]
async fn a_changed_password_signs_out_everywhere_else() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let elsewhere = house.browser();
    let form = [("act", "sign_in"), ("email", ada.email.as_str()), ("password", PASSWORD)];
    elsewhere.post("/sign-in", &form).await;
    let wrong =
        [("act", "password"), ("current_password", "no no no"), ("password", "brand new one")];
    let refused = ada.browser.post("/settings/account", &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("The current password is not right"), "{}", refused.body);
    let plan = refused.body.find("id=\"plan-lite\"").expect("the choice of a plan");
    let plan = &refused.body[plan..][..refused.body[plan..].find('>').expect("whole")];
    assert!(plan.contains("checked"), "the other form shows what is stored: {plan}");
    let right =
        [("act", "password"), ("current_password", PASSWORD), ("password", "brand new one")];
    assert_eq!(ada.browser.post("/settings/account", &right).await.status, 303);
    assert_eq!(elsewhere.get("/overview").await.status, 303);
    assert_eq!(house.browser().post("/sign-in", &form).await.status, 422, "the old one is gone");
}
