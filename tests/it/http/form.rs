//! Forms: what they change, what they refuse, and what they keep.

use super::house::{House, Owner};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::country::Country;
use dispatch::view::LogFilter;

fn matrix(owner: &Owner) -> String {
    format!("/tracking?brand={}&channel=whatsapp", owner.brand)
}

async fn settings(house: &House, owner: &Owner) -> dispatch::brand::ChannelSettings {
    let store = &house.store;
    store.channel_settings(owner.account, owner.brand, Channel::Whatsapp).await.expect("settings")
}

fn country(code: &str) -> Country {
    code.parse().expect("a country")
}

#[tokio::test]
async fn activation_needs_both_ticks_a_basis_and_the_price_that_was_shown() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let path = matrix(&ada);
    let all = [
        ("act", "activate"),
        ("accept_price", "on"),
        ("accept_terms", "on"),
        ("basis", "on_record"),
        ("text_version", "2026-11"),
        ("rate", "whatsapp-lite-2025-01-01"),
    ];
    for missing in ["accept_price", "accept_terms", "basis"] {
        let form: Vec<_> = all.into_iter().filter(|(name, _)| *name != missing).collect();
        assert_eq!(ada.browser.post(&path, &form).await.status, 422, "{missing}");
    }
    let mut other_price = all;
    other_price[5].1 = "whatsapp-lite-2024-01-01";
    let changed = ada.browser.post(&path, &other_price).await;
    assert_eq!(changed.status, 422);
    assert!(changed.body.contains("The price has changed"), "says that it must be read again");
    assert!(changed.body.contains(r#"value="whatsapp-lite-2025-01-01""#), "shows the new one");
    let mut other_words = all;
    other_words[4].1 = "2020-01";
    assert_eq!(ada.browser.post(&path, &other_words).await.status, 422);
    assert_eq!(settings(&house, &ada).await.activated_at, None);

    let quiet = ada.browser.post(&path, &all).await;
    assert_eq!(quiet.status, 303);
    assert!(quiet.location.contains("done=activated_quiet"), "{}: no news is on", quiet.location);
    assert!(settings(&house, &ada).await.activated_at.is_some());
    assert_eq!(ada.browser.post(&path, &[("act", "deactivate")]).await.status, 303);

    let bob = house.owner("bob").await;
    let mut begun = all.to_vec();
    begun.extend([("country", "FR"), ("cell", "FR:delivered")]);
    let told = bob.browser.post(&matrix(&bob), &begun).await;
    assert!(told.location.ends_with("done=activated"), "{}", told.location);
}

#[tokio::test]
async fn the_matrix_is_saved_whole_and_lite_has_room_for_two_countries() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let path = matrix(&ada);
    let version = settings(&house, &ada).await.version.to_string();
    let add = |code: &'static str, on: &'static str| {
        [
            ("act", "save_matrix"),
            ("version", version.as_str()),
            ("row", "FR"),
            ("on", "FR"),
            ("cell", "FR:shipped"),
            ("row", "DE"),
            ("on", on),
            ("add", "1"),
            ("country", code),
        ]
    };
    let before = settings(&house, &ada).await;
    let room = ada.browser.post(&path, &add("NL", "FR")).await;
    assert_eq!(room.status, 200, "shown again, with the row");
    let switch = |page: &str, code: &str| {
        let place = format!(r#"name="on" value="{code}""#);
        let rest = page.split(&place).nth(1).expect("a switch");
        rest.split('>').next().expect("its end").contains(" checked")
    };
    assert!(switch(&room.body, "NL") && switch(&room.body, "FR") && !switch(&room.body, "DE"));
    assert!(room.body.contains("Netherlands is added and not saved yet"));
    let full = ada.browser.post(&path, &add("NL", "DE")).await;
    assert!(!switch(&full.body, "NL") && switch(&full.body, "DE"), "a third waits switched off");
    assert!(full.body.contains("Off: the plan has room for 2 countries."), "says why");
    for odd in ["", "XX", "<b>", "\u{202e}"] {
        let refused = ada.browser.post(&path, &add(odd, "DE")).await;
        assert_eq!(refused.status, 422, "{odd:?}");
        assert!(switch(&refused.body, "DE"), "and keeps what was ticked");
    }
    assert_eq!(settings(&house, &ada).await, before, "nothing is written before it is saved");

    let third = [
        ("act", "save_matrix"),
        ("version", version.as_str()),
        ("row", "DE"),
        ("on", "DE"),
        ("row", "NL"),
        ("on", "NL"),
        ("cell", "NL:delivered"),
    ];
    let full = ada.browser.post(&path, &third).await;
    assert_eq!(full.status, 422);
    assert!(full.body.contains("2 of 2 countries"), "says what to do");
    assert_eq!(settings(&house, &ada).await, before, "nothing was changed");

    let version = settings(&house, &ada).await.version.to_string();
    let save = [
        ("act", "save_matrix"),
        ("version", version.as_str()),
        ("row", "FR"),
        ("row", "DE"),
        ("on", "FR"),
        ("cell", "FR:shipped"),
        ("cell", "FR:delivered"),
    ];
    let saved = ada.browser.post(&path, &save).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    assert!(saved.location.ends_with("done=matrix_saved"), "{}", saved.location);
    let after = settings(&house, &ada).await;
    let france = &after.countries[&country("FR")];
    assert!(france.on && france.statuses.contains(&TrackingStatus::Shipped));
    assert!(!after.countries[&country("DE")].on, "what was shown and not ticked is off");

    assert_eq!(ada.browser.post(&path, &save).await.status, 409, "made on an older version");
    assert_eq!(settings(&house, &ada).await, after);

    let version = after.version.to_string();
    let drop = [
        ("act", "save_matrix"),
        ("version", version.as_str()),
        ("row", "DE"),
        ("on", "DE"),
        ("drop", "DE"),
    ];
    let staged = ada.browser.post(&path, &drop).await;
    assert_eq!(staged.status, 200);
    assert!(staged.body.contains("Germany will go when you save"));
    assert!(staged.body.contains(r#"name="remove" value="DE""#), "the next save says so");
    assert_eq!(settings(&house, &ada).await, after, "nothing is written before it is saved");
    let remove =
        [("act", "save_matrix"), ("version", version.as_str()), ("row", "DE"), ("remove", "DE")];
    assert_eq!(ada.browser.post(&path, &remove).await.status, 303);
    assert_eq!(settings(&house, &ada).await.countries.len(), 1);
}

#[tokio::test]
async fn a_refused_brand_keeps_what_was_typed() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let typed = [
        ("act", "create"),
        ("name", "Maison <Sauvel>"),
        ("language", "fr"),
        ("whatsapp_number", "06 12"),
    ];
    let refused = ada.browser.post("/settings/brands/new", &typed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("Maison &lt;Sauvel&gt;"), "kept, and harmless");
    assert!(refused.body.contains("with its country code"), "says what to type instead");

    let mut right = typed;
    right[3].1 = "+33 6 12 34 56 78";
    let made = ada.browser.post("/settings/brands/new", &right).await;
    assert_eq!(made.status, 303, "{}", made.body);
    assert_eq!(ada.browser.get(&made.location).await.status, 200);
    assert_eq!(ada.browser.post("/settings/brands/new", &right).await.status, 422, "taken");

    let path = made.location.split('?').next().expect("a path");
    let stale = [("act", "save"), ("version", "99"), ("name", "Other"), ("language", "fr")];
    assert_eq!(ada.browser.post(path, &stale).await.status, 409);
    assert_eq!(ada.browser.post(path, &[("act", "archive")]).await.status, 303);
    assert_eq!(ada.browser.post(path, &[("act", "connect_sandbox")]).await.status, 303);
    assert_eq!(ada.browser.post(path, &[("act", "nonsense")]).await.status, 422);
}

#[tokio::test]
async fn a_made_secret_is_handed_over_once_and_a_pasted_one_never_shown() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let brand = ada.brand.to_string();
    let form = |secret: &'static str| {
        vec![
            ("act", "create"),
            ("brand", brand.as_str()),
            ("source", "sendcloud"),
            ("auth", "hmac"),
            ("secret", secret),
        ]
    };
    let made = ada.browser.post("/connections/new", &form("")).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let id = made.location.split(['/', '?']).nth(2).expect("an id").parse().expect("an id");
    let secret = house.store.current_secret(ada.account, id).await.expect("a store").expect("one");
    assert!(ada.browser.get(&made.location).await.body.contains(secret.expose()), "now");
    let again = ada.browser.get(&made.location).await;
    assert_eq!(again.status, 200);
    assert!(!again.body.contains(secret.expose()), "not again");

    let pasted = ada.browser.post("/connections/new", &form("my-own-secret-1")).await;
    assert!(!ada.browser.get(&pasted.location).await.body.contains("my-own-secret-1"));
}

#[tokio::test]
async fn a_simulated_parcel_takes_the_real_way() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    ada.ship(&house, "A-1", "+33 6 39 98 00 12").await;
    ada.ship(&house, "A-2", "not a number").await;
    let filter = LogFilter { limit: 10, ..LogFilter::default() };
    let rows = house.store.log(ada.account, &filter).await.expect("a log").rows;
    let states: Vec<_> = rows.iter().map(|row| row.state.map(|s| s.word())).collect();
    assert_eq!(states, [None, Some("delivered")], "newest first");
    // A whole journey that arrives at once is told, and listed, in the order in which it happened.
    let brand = ada.brand.to_string();
    let journey = [
        ("act", "simulate"),
        ("brand", brand.as_str()),
        ("journey", "delivery"),
        ("phone", "+33 6 39 98 00 13"),
        ("country", "FR"),
        ("order", "A-3"),
    ];
    assert_eq!(ada.browser.post("/simulate", &journey).await.status, 303);
    house.work().await;
    let filter = LogFilter { limit: 5, ..LogFilter::default() };
    let rows = house.store.log(ada.account, &filter).await.expect("a log").rows;
    let told: Vec<_> = rows.iter().rev().map(|row| row.status.word()).collect();
    let happened = ["post_purchase", "ready_to_ship", "shipped", "out_for_delivery", "delivered"];
    assert_eq!(told, happened);
    // Without an order's number one is made up, and the page shows what becomes of it.
    let made = ada
        .browser
        .post(
            "/simulate",
            &[
                ("act", "simulate"),
                ("brand", &ada.brand.to_string()),
                ("journey", "return"),
                ("country", "FR"),
                ("order", "  "),
            ],
        )
        .await;
    let order = made.location.split("order=").nth(1).expect("an order").split('&').next();
    assert!(order.is_some_and(|order| order.starts_with("SIM-")), "{}", made.location);
    house.work().await;
    assert!(ada.browser.get(&made.location).await.body.contains("class=\"journey\""));

    let no_status = [("act", "simulate"), ("brand", ""), ("country", "FR")];
    assert_eq!(ada.browser.post("/simulate", &no_status).await.status, 422);
}

#[tokio::test]
async fn a_page_says_what_it_may_do_and_an_unknown_one_is_404() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let page = ada.browser.get("/overview").await;
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
    assert!(nonce.is_some_and(|nonce| page.body.contains(&format!("nonce=\"{nonce}\""))));
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("object-src 'none'"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(!page.header("x-request-id").is_empty());
    assert_ne!(policy, ada.browser.get("/overview").await.header("content-security-policy"));

    let missing = ada.browser.get("/no/such/page").await;
    assert_eq!(missing.status, 404);
    assert!(missing.header("content-security-policy").contains("nonce-"), "a page in the frame");
    let huge = "x".repeat(1100 * 1024);
    let answer = ada.browser.post("/settings/brands/new", &[("name", huge.as_str())]).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn language_and_theme_are_kept_and_lead_back_only_here() {
    let house = House::open().await;
    let browser = house.browser();
    let form = [("lang", "fr"), ("back", "/sign-in?x=1")];
    let chosen = browser.post("/preferences", &form).await;
    assert_eq!((chosen.status, chosen.location.as_str()), (303, "/sign-in?x=1"));
    assert!(browser.get("/sign-in").await.body.contains("<html lang=\"fr\""));
    let form = [("theme", "dark"), ("back", "https://odd.example")];
    assert_eq!(browser.post("/preferences", &form).await.location, "/");
    assert!(browser.get("/sign-in").await.body.contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn those_who_run_the_server_can_ask_it() {
    let house = House::open().await;
    let browser = house.browser();
    assert_eq!(browser.get("/healthz").await.status, 200);
    assert_eq!(browser.get("/readyz").await.status, 200);
    let metrics = browser.get("/metrics").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.body.contains(r#"route="/readyz""#), "{}", metrics.body);
}

#[tokio::test]
async fn another_plan_is_asked_about_once_and_needs_room_for_what_is_on() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let wish = |plan: &'static str, accepted: &'static str| {
        [
            ("act", "save"),
            ("name", "Maison <Sauvel>"),
            ("company_country", "FR"),
            ("plan", plan),
            ("accept_plan", accepted),
        ]
    };
    let save =
        async |plan, accepted| ada.browser.post("/settings/account", &wish(plan, accepted)).await;
    let plan = async || {
        let account = house.store.account(ada.account).await.expect("a store").expect("an account");
        account.plan.to_string()
    };
    assert_eq!(save("lite", "").await.status, 303, "no other plan, no question");
    let asked = save("growth", "").await;
    assert_eq!((asked.status, plan().await.as_str()), (200, "lite"));
    assert!(asked.body.contains("Change from Lite to Growth?"));
    assert!(asked.body.contains("0.16\u{a0}EUR per delivered message becomes 0.14\u{a0}EUR"));
    assert_eq!(save("growth", "premium").await.status, 200, "another one was read");
    assert_eq!(save("growth", "growth").await.status, 303);
    assert_eq!(plan().await, "growth");

    let version = settings(&house, &ada).await.version.to_string();
    let mut three = vec![("act", "save_matrix"), ("version", version.as_str())];
    for code in ["FR", "DE", "NL"] {
        three.extend([("row", code), ("on", code)]);
    }
    assert_eq!(ada.browser.post(&matrix(&ada), &three).await.status, 303);
    for accepted in ["", "lite"] {
        let blocked = save("lite", accepted).await;
        assert_eq!((blocked.status, plan().await.as_str()), (422, "growth"));
        assert!(blocked.body.contains("France, Germany, Netherlands"), "says which");
    }
    let silent = save("free", "").await;
    assert_eq!(silent.status, 200, "what sends nothing has room for everything");
    assert!(silent.body.contains("fall silent at once"));
    assert_eq!(save("free", "free").await.status, 303);
    assert_eq!(settings(&house, &ada).await.countries_on(), 3, "switches are kept");
    assert_eq!(save("gold", "gold").await.status, 422);
}

#[tokio::test]
async fn a_refused_form_names_every_field_that_is_wrong() {
    let house = House::open().await;
    let nobody = house.browser();
    let form =
        [("act", "sign_up"), ("name", ""), ("email", "x"), ("password", "1"), ("account", "shop")];
    let refused = nobody.post("/sign-up", &form).await;
    assert_eq!(refused.status, 422);
    for words in [
        "5 things need another look",
        "#name\">Your name: fill this in.",
        "#email\">E-mail: write an e-mail address",
        "#password\">Password: this is too short.",
        "#account\">Company: this name says nothing",
        "#company_country\">Country of the company: fill this in.",
    ] {
        assert!(refused.body.contains(words), "{words}");
    }
    assert!(nobody.get("/sign-in").await.status == 200, "nothing was made");

    let ada = house.owner("ada").await;
    let brand = format!("/settings/brands/{}", ada.brand);
    let hours = [("act", "save_hours"), ("quiet_on", "on"), ("quiet_from", "x")];
    for (path, form, told) in [
        (
            brand.as_str(),
            &[("act", "save"), ("name", "ada"), ("color", "red"), ("support_url", "http://x")][..],
            &["#language", "#color", "#support_url"][..],
        ),
        (brand.as_str(), &hours[..], &["#quiet_from", "#quiet_until", "#quiet_day"][..]),
        (
            brand.as_str(),
            &[("act", "save_timing"), ("cap_order", "no"), ("cap_day", "0")][..],
            &["Messages about an order: type a whole number.", "#cap_day"][..],
        ),
        (
            "/settings/keys",
            &[("act", "create")][..],
            &["Name: fill this in.", "May do: choose"][..],
        ),
        (
            brand.as_str(),
            &[("act", "connect_sender"), ("phone_number_id", "x")][..],
            &["#phone_number_id", "#waba_id", "#display_number", "#access_token", "#app_secret"][..],
        ),
        (
            "/consent",
            &[("act", "record"), ("brand", &ada.brand.to_string()), ("phone", "1")][..],
            &["#phone", "#kind", "#text"][..],
        ),
    ] {
        let refused = ada.browser.post(path, form).await;
        assert_eq!(refused.status, 422, "{path} {form:?}");
        let list = refused.body.split("role=\"alert\"").nth(1).expect("a list");
        let list = list.split("</ul>").next().expect("its end");
        for words in told {
            assert!(list.contains(words), "{path} {words}: {list}");
        }
        // Each box of a question says nothing of its own: the question does, once.
        assert!(refused.body.matches("id=\"quiet_day-error\"").count() < 2);
    }
}

#[tokio::test]
async fn connections_of_one_system_can_be_told_apart_and_their_address_copied() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let brand = ada.brand.to_string();
    for more in [&[("auth", "hmac")][..], &[("auth", "header"), ("header", "X-Api-Key")][..]] {
        let mut form = vec![("act", "create"), ("brand", &brand), ("source", "sendcloud")];
        form.extend(more);
        form.push(("secret", "a secret that is long enough"));
        let made = ada.browser.post("/connections/new", &form).await;
        assert_eq!(made.status, 303);
        let page = ada.browser.get(&made.location).await.body;
        assert!(page.contains("data-copies=\"hook\"") && page.contains("id=\"hook\""));
    }
    let list = ada.browser.get("/connections").await.body;
    assert!(list.contains(", signature over the body") && list.contains(", header x-api-key"));
    let join = ada.browser.get(&format!("/join/{brand}")).await.body;
    assert!(join.contains("rel=\"icon\" href=\"/favicon.svg\""), "browsers ask for no other");
}
