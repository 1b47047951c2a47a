//! The sign-up page: what is typed there counts once a message from the number itself has come.

use super::house::{Answer, Browser, House, Owner};
use dispatch::brand::SenderState;
use dispatch::channel::Channel;
use dispatch::consent::{ConsentKind, ConsentRecord, ConsentSource, Purpose};
use dispatch::id::{BrandId, SenderId};
use dispatch::plan::Plan;
use dispatch::view::{ConsentFilter, LogFilter};
use server::security::random::SystemIds;
use server::security::signature::sign_hex;
use std::time::Duration;

const PHONE: &str = "+33639980042";
const TYPED: &str = "06 39 98 00 42";

/// A shop with a number that hears, which sends to those on record alone.
async fn shop(house: &House, name: &str) -> (Owner, SenderId) {
    let owner = house.owner(name).await;
    let settings = format!("/settings/brands/{}", owner.brand);
    if house
        .store
        .senders_on(owner.account, owner.brand, Channel::Whatsapp)
        .await
        .expect("asked")
        .is_empty()
    {
        let connect = [("act", "connect_sandbox")];
        assert_eq!(owner.browser.post(&settings, &connect).await.status, 303);
    }
    let senders =
        house.store.senders_on(owner.account, owner.brand, Channel::Whatsapp).await.expect("asked");
    let sender = senders[0].sender.id;
    let url = format!("{}/callbacks/whatsapp/{sender}", house.base);
    house.store.subscribed(owner.account, sender, &url).await.expect("noted");
    let prices = house.store.prices(owner.account, Channel::Whatsapp, house.now()).await;
    let prices = prices.expect("prices");
    let rate = &prices.iter().find(|price| price.plan == Plan::Lite).expect("a price").rate;
    let form = [
        ("act", "activate"),
        ("rate", rate.as_str()),
        ("text_version", "2026-11"),
        ("basis", "on_record"),
        ("accept_price", "on"),
        ("accept_terms", "on"),
        ("country", "FR"),
        ("cell", "FR:delivered"),
    ];
    let path = format!("/tracking?brand={}", owner.brand);
    assert_eq!(owner.browser.post(&path, &form).await.status, 303);
    (owner, sender)
}

fn page(brand: BrandId) -> String {
    format!("/join/{brand}")
}

/// The mark of the words on a page, which its form sends along.
fn mark(page: &str) -> String {
    let start = page.find("name=\"read\" value=\"").expect("a mark") + 19;
    page[start..start + 16].to_owned()
}

/// Sends the form with these boxes ticked.
async fn sign_up(visitor: &Browser, brand: BrandId, phone: &str, purposes: &[&str]) -> Answer {
    let shown = visitor.get(&format!("{}?lang=en", page(brand))).await;
    let mark = mark(&shown.body);
    let mut form =
        vec![("lang", "en"), ("read", mark.as_str()), ("phone", phone), ("country", "FR")];
    form.extend(purposes.iter().map(|purpose| ("purpose", *purpose)));
    visitor.post(&page(brand), &form).await
}

/// Signs up and answers the page with the message, and its code.
async fn asked(
    visitor: &Browser,
    brand: BrandId,
    phone: &str,
    purposes: &[&str],
) -> (String, String) {
    let answer = sign_up(visitor, brand, phone, purposes).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let shown = visitor.get(&answer.location).await;
    assert_eq!(shown.status, 200);
    let start = shown.body.find("Code: ").expect("a code") + 6;
    (answer.location, shown.body[start..start + 9].to_owned())
}

/// Somebody writes to the shop's number, as its platform tells it.
async fn writes(house: &House, sender: SenderId, from: &str, id: &str, text: &str) {
    let target = house.store.find_sender(sender).await.expect("asked").expect("a sender");
    let body = serde_json::json!({"object": "whatsapp_business_account", "entry": [{
        "id": target.waba_id, "changes": [{"field": "messages", "value": {
            "metadata": {"phone_number_id": target.phone_number_id},
            "messages": [{"id": id, "from": from.trim_start_matches('+'), "type": "text",
                "timestamp": "1763640001", "text": {"body": text}}]}}]}]})
    .to_string();
    let signature = format!("sha256={}", sign_hex(target.app_secret.expose(), body.as_bytes()));
    let path = format!("/callbacks/whatsapp/{sender}");
    let headers = [("x-hub-signature-256", signature.as_str())];
    let told = house.browser().send(reqwest::Method::POST, &path, &headers, |r| r.body(body)).await;
    assert_eq!(told.status, 200, "{}", told.body);
}

async fn ledger(house: &House, owner: &Owner) -> Vec<ConsentRecord> {
    let filter = ConsentFilter { limit: 50, ..ConsentFilter::default() };
    let page = house.store.consents(owner.account, &filter).await.expect("a ledger");
    page.rows.into_iter().map(|row| row.record).collect()
}

async fn fate(house: &House, owner: &Owner) -> String {
    let filter = LogFilter { limit: 1, ..LogFilter::default() };
    let row = house.store.log(owner.account, &filter).await.expect("a log").rows.remove(0);
    let state = row.state.map(|state| state.to_string()).unwrap_or_default();
    row.reason.map_or(state, |rule| rule.to_string())
}

#[tokio::test]
async fn a_number_signs_up_by_its_own_message_and_the_next_parcel_is_told() {
    let house = House::open().await;
    let (ada, sender) = shop(&house, "ada").await;
    let visitor = house.browser();
    let (location, code) = asked(&visitor, ada.brand, TYPED, &["tracking"]).await;
    let shown = visitor.get(&location).await;
    assert!(shown.body.contains("https://wa.me/337000"), "{}", shown.body);
    assert!(shown.body.contains(&format!("%20{code}")), "the message is written already");
    assert!(!house.holds("639980042") && !shown.body.contains("639980042"), "nobody is named");
    assert_eq!(ledger(&house, &ada).await, [], "nothing counts yet");
    ada.ship(&house, "A-1", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "consent_basis");

    writes(&house, sender, PHONE, "in1", &format!("Yes, I want news. Code: {code}")).await;
    let records = ledger(&house, &ada).await;
    assert_eq!(records.len(), 1, "the news, and no advertising");
    let record = &records[0];
    assert_eq!((record.kind, record.purpose), (ConsentKind::OptIn, Purpose::Tracking));
    assert_eq!((record.source, record.channel), (ConsentSource::SignUpPage, Channel::Whatsapp));
    assert_eq!(record.address, PHONE);
    assert_eq!(record.text, "Yes, ada may tell me about my orders and parcels on WhatsApp.");
    assert_eq!(record.text_version.as_deref(), Some("join-2026-11/en"));
    assert_eq!(record.proof, Some(format!("{code} in1")));
    let shown = visitor.get(&location).await;
    assert!(shown.body.contains("Your message is here"), "{}", shown.body);
    assert!(shown.body.contains(&record.text) && !shown.body.contains("wa.me"));
    ada.ship(&house, "A-2", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "delivered");
    let seen = ada.browser.get("/consent").await;
    assert!(seen.body.contains("Customer, on the sign-up page"), "{}", seen.body);
}

#[tokio::test]
async fn both_boxes_are_two_records_and_neither_is_ticked_in_advance() {
    let house = House::open().await;
    let (ada, sender) = shop(&house, "ada").await;
    let visitor = house.browser();
    let shown = visitor.get(&page(ada.brand)).await;
    assert!(shown.body.contains("value=\"marketing\"") && !shown.body.contains(" checked"));
    let (_, code) = asked(&visitor, ada.brand, TYPED, &["marketing", "tracking"]).await;
    writes(&house, sender, PHONE, "in1", &code.to_lowercase()).await;
    let mut purposes: Vec<_> = ledger(&house, &ada).await.iter().map(|r| r.purpose).collect();
    purposes.sort_unstable();
    assert_eq!(purposes, [Purpose::Tracking, Purpose::Marketing]);
}

#[tokio::test]
async fn a_code_counts_for_its_number_its_brand_two_days_and_once() {
    let house = House::open().await;
    let ((ada, sender), (eve, hers)) = (shop(&house, "ada").await, shop(&house, "eve").await);
    let visitor = house.browser();
    let (location, code) = asked(&visitor, ada.brand, TYPED, &["tracking"]).await;
    writes(&house, sender, "+33639980043", "in1", &code).await;
    writes(&house, hers, PHONE, "in2", &code).await;
    assert_eq!((ledger(&house, &ada).await, ledger(&house, &eve).await), (vec![], vec![]));
    // A request opens on its own brand's page alone.
    let elsewhere = location.replace(&ada.brand.to_string(), &eve.brand.to_string());
    let elsewhere = visitor.get(&elsewhere).await;
    assert!(!elsewhere.body.contains(&code) && elsewhere.body.contains("no longer good"));

    let (late_page, late) = asked(&visitor, ada.brand, TYPED, &["tracking"]).await;
    house.clock.advance(Duration::from_secs(48 * 3600 + 1));
    writes(&house, sender, PHONE, "in3", &late).await;
    assert_eq!(ledger(&house, &ada).await, [], "too late");
    let shown = visitor.get(&late_page).await;
    assert!(shown.body.contains("no longer good") && !shown.body.contains(&late));

    let (_, code) = asked(&visitor, ada.brand, TYPED, &["tracking"]).await;
    writes(&house, sender, PHONE, "in4", &code).await;
    writes(&house, sender, PHONE, "in5", "STOP").await;
    // The same message again, told twice or sent twice, takes no STOP back.
    writes(&house, sender, PHONE, "in4", &code).await;
    writes(&house, sender, PHONE, "in6", &code).await;
    let stands = house.store.position(ada.account, ada.brand, PHONE).await.expect("asked");
    assert!(stands.is_stopped(Channel::Whatsapp));
    assert_eq!(ledger(&house, &ada).await.len(), 3, "a yes, and a no for each purpose");
}

/// What is another with every request: codes, ids, nonces.
fn plain(body: &str, code: &str, location: &str) -> String {
    let asked = location.split("asked=").nth(1).expect("a request");
    let body = body.replace(code, "").replace(asked, "");
    let cut = |part: &str| part.split_once('"').map_or(part, |(_, rest)| rest).to_owned();
    body.split("nonce=\"").map(cut).collect()
}

#[tokio::test]
async fn the_page_says_the_same_whether_a_number_is_known_or_not() {
    let house = House::open().await;
    let (ada, sender) = shop(&house, "ada").await;
    writes(&house, sender, PHONE, "in1", "START").await;
    ada.ship(&house, "A-1", PHONE).await;
    assert_eq!(fate(&house, &ada).await, "delivered");
    writes(&house, sender, "+33639980043", "in2", "STOP").await;
    let visitor = house.browser();
    let mut pages = Vec::new();
    for phone in [PHONE, "+33639980043", "+33639980044"] {
        let (location, code) = asked(&visitor, ada.brand, phone, &["tracking"]).await;
        let shown = visitor.get(&format!("{location}&sent=1")).await;
        pages.push(plain(&shown.body, &code, &location));
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "{pages:#?}");
}

#[tokio::test]
async fn a_brand_that_nobody_can_write_to_says_so_and_keeps_nothing() {
    let house = House::open().await;
    let (ada, sender) = shop(&house, "ada").await;
    let visitor = house.browser();
    let (location, _) = asked(&visitor, ada.brand, TYPED, &["tracking"]).await;
    let open = mark(&visitor.get(&page(ada.brand)).await.body);
    let now = house.now();
    let stop = house.store.set_sender_state(ada.account, sender, SenderState::Paused, None, now);
    stop.await.expect("paused");
    let form =
        [("read", open.as_str()), ("phone", TYPED), ("country", "FR"), ("purpose", "tracking")];
    for shown in [
        visitor.get(&page(ada.brand)).await,
        visitor.get(&location).await,
        visitor.post(&page(ada.brand), &form).await,
    ] {
        assert_eq!(shown.status, 200);
        assert!(shown.body.contains("no WhatsApp number") || shown.body.contains("pas de numéro"));
        assert!(!shown.body.contains("wa.me") && !shown.body.contains("name=\"phone\""));
    }
    let again = house.store.set_sender_state(ada.account, sender, SenderState::Ready, None, now);
    again.await.expect("ready");
    assert_eq!(visitor.get(&location).await.status, 200);

    // What is put away, unknown or no brand at all is answered alike.
    let archive = [("act", "archive")];
    let settings = format!("/settings/brands/{}", ada.brand);
    let archived = ada.browser.post(&settings, &archive).await;
    assert_eq!(archived.status, 303, "{}", archived.body);
    let unknown = BrandId::mint(now, &SystemIds).to_string();
    let long = "b".repeat(3_000);
    let mut answers = Vec::new();
    for brand in [&*ada.brand.to_string(), &unknown, "brd_", "%00", "é", "<b>", &long] {
        let path = format!("/join/{brand}");
        for shown in [visitor.get(&path).await, visitor.post(&path, &form).await] {
            assert_eq!(shown.status, 404, "{brand}");
            answers.push(plain(&shown.body, "-", "asked=-"));
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
}

#[tokio::test]
async fn what_cannot_be_used_is_said_and_nothing_typed_is_lost() {
    let house = House::open().await;
    let (ada, _) = shop(&house, "ada").await;
    let visitor = house.browser();
    let path = page(ada.brand);
    let read = mark(&visitor.get(&format!("{path}?lang=en")).await.body);
    let long = "6".repeat(100_000);
    for (phone, country, purpose, read, words) in [
        ("", "FR", "tracking", &*read, "Type your mobile number"),
        ("12", "FR", "tracking", &read, "no number of that country"),
        ("06 39 98 00 42", "", "tracking", &read, "no number of that country"),
        ("06 39 98 00 42", "ZZ9", "tracking", &read, "no number of that country"),
        ("<script>\u{202e}\0", "FR", "tracking", &read, "no number of that country"),
        (&long, "FR", "tracking", &read, "no number of that country"),
        (TYPED, "FR", "", &read, "Tick what you want"),
        (TYPED, "FR", "everything", &read, "Tick what you want"),
        (TYPED, "FR", "tracking", "", "read these words"),
        (TYPED, "FR", "tracking", "0123456789abcdef", "read these words"),
    ] {
        let form = [
            ("lang", "en"),
            ("read", read),
            ("phone", phone),
            ("country", country),
            ("purpose", purpose),
        ];
        let answer = visitor.post(&path, &form).await;
        assert_eq!(answer.status, 422, "{phone:.40} {purpose}");
        assert!(answer.body.contains(words), "{words}: {}", answer.body);
        assert!(answer.body.len() < 100_000 && !answer.body.contains("<script"));
        if phone == TYPED {
            assert!(answer.body.contains(&format!("value=\"{TYPED}\"")), "kept: {}", answer.body);
        }
        // Beside other words nothing was agreed to.
        let ticked = answer.body.contains(" checked");
        assert_eq!(ticked, purpose == "tracking" && words != "read these words", "{words}");
    }
    let huge = "x".repeat(300_000);
    assert_eq!(visitor.post(&path, &[("phone", huge.as_str())]).await.status, 413);
    for asked in ["nonsense", "joi_00000000000000000000000000", "<b>", "%00"] {
        let shown = visitor.get(&format!("{path}?lang=en&asked={asked}")).await;
        assert_eq!(shown.status, 200);
        assert!(shown.body.contains("no longer good"), "{asked}");
    }
}

#[tokio::test]
async fn too_many_forms_have_to_wait_by_number_and_by_address() {
    let house = House::open().await;
    let (ada, _) = shop(&house, "ada").await;
    let visitor = house.browser();
    for _ in 0..5 {
        assert_eq!(sign_up(&visitor, ada.brand, TYPED, &["tracking"]).await.status, 303);
    }
    // However it is written, and whatever is wrong with the rest of the form.
    let refused = sign_up(&visitor, ada.brand, PHONE, &[]).await;
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").parse::<u64>().expect("seconds") > 60);
    let other = sign_up(&visitor, ada.brand, "+33639980043", &["tracking"]).await;
    assert_eq!(other.status, 303, "others are not held up");
    let mut refused = None;
    for n in 0..40 {
        let answer = visitor.post(&page(ada.brand), &[("phone", "1"), ("lang", "fr")]).await;
        if answer.status == 429 {
            refused = Some(n);
            break;
        }
    }
    assert!(refused.expect("a limit") < 30);
    house.clock.advance(Duration::from_secs(3_600));
    assert_eq!(sign_up(&visitor, ada.brand, TYPED, &["tracking"]).await.status, 303);
}

#[tokio::test]
async fn the_page_speaks_six_languages_weighs_little_and_sets_nothing() {
    let house = House::open().await;
    let (ada, _) = shop(&house, "ada").await;
    let visitor = house.browser();
    for (code, words) in [
        ("en", "Know where your parcel is"),
        ("fr", "Sachez où est votre colis"),
        ("de", "Wissen, wo Ihr Paket ist"),
        ("nl", "Weten waar uw pakket is"),
        ("es", "Sepa dónde está su paquete"),
        ("it", "Sapere dov’è il suo pacco"),
    ] {
        let shown = visitor.get(&format!("{}?lang={code}", page(ada.brand))).await;
        assert_eq!(shown.status, 200);
        assert!(shown.body.contains(words) && shown.body.contains(&format!("lang=\"{code}\"")));
        assert!(shown.body.len() < 100_000, "{} bytes", shown.body.len());
        assert!(!shown.body.contains("<script") && !shown.sets_cookie());
        assert_eq!(shown.header("referrer-policy"), "no-referrer");
        assert!(
            shown.header("content-security-policy").starts_with("default-src 'none'; style-src")
        );
        assert!(shown.body.contains(&format!("/privacy/{}?lang={code}", ada.brand)));
    }
    // The country of the number is guessed: as the link says, as the browser says, the shop's.
    let chosen = async |query: &str, language: &str| {
        let path = format!("{}{query}", page(ada.brand));
        let headers = [("accept-language", language)];
        let shown = visitor.send(reqwest::Method::GET, &path, &headers, |r| r).await;
        let end = shown.body.find(" selected").expect("a country");
        shown.body[end - 3..end - 1].to_owned()
    };
    assert_eq!(chosen("?country=be", "de-AT").await, "BE");
    assert_eq!(chosen("?country=zz", "de-AT, en").await, "AT");
    assert_eq!(chosen("", "en").await, "FR");
}

#[tokio::test]
async fn the_notice_says_who_answers_for_what_in_every_language() {
    let house = House::open().await;
    let (ada, _) = shop(&house, "ada").await;
    let settings = format!("/settings/brands/{}", ada.brand);
    let version = ada.browser.get(&settings).await.body;
    let version = version.split("name=\"version\" value=\"").nth(1).expect("a version");
    let version = version.split('"').next().expect("a version").to_owned();
    let save = [
        ("act", "save"),
        ("version", version.as_str()),
        ("name", "Maison <b>Lune"),
        ("language", "fr"),
        ("support_email", "aide@lune.example"),
        ("support_url", "https://lune.example/aide"),
        ("privacy_url", "https://lune.example/vie-privee"),
    ];
    assert_eq!(ada.browser.post(&settings, &save).await.status, 303);
    let visitor = house.browser();
    let path = format!("/privacy/{}", ada.brand);
    for (code, words) in [
        ("en", "What is kept"),
        ("fr", "Ce qui est conservé"),
        ("de", "Was gespeichert wird"),
        ("nl", "Wat wordt bewaard"),
        ("es", "Qué se guarda"),
        ("it", "Che cosa si conserva"),
    ] {
        let shown = visitor.get(&format!("{path}?lang={code}")).await;
        assert_eq!(shown.status, 200);
        for words in [
            words,
            "Meta",
            "127.0.0.1",
            "mailto:aide@lune.example",
            "https://lune.example/aide",
            "/vie-privee",
        ] {
            assert!(shown.body.contains(words), "{code}: {words}");
        }
        assert!(!shown.body.contains("<b>Lune") && !shown.body.contains("<script"));
        assert!(shown.body.len() < 40_000 && !shown.sets_cookie());
    }
    // Who stopped being written to may still read it.
    let archive = [("act", "archive")];
    assert_eq!(ada.browser.post(&settings, &archive).await.status, 303);
    let shown = visitor.get(&format!("{path}?lang=en")).await;
    assert!(shown.status == 200 && !shown.body.contains("Sign up"));
    for odd in ["brd_", "nonsense", "%00", "é", "brd_00000000000000000000000000"] {
        assert_eq!(visitor.get(&format!("/privacy/{odd}")).await.status, 404, "{odd}");
    }
}
