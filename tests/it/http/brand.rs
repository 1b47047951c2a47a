//! A brand's page: who it is, its logo and those who abuse the upload, its hours, its sender.

use super::house::{House, Owner};
use dispatch::channel::Channel;
use dispatch::message::MessageState;
use dispatch::view::{LogFilter, LogTab};
use std::time::Duration;

fn page(owner: &Owner) -> String {
    format!("/settings/brands/{}", owner.brand)
}

async fn version(house: &House, owner: &Owner) -> String {
    let brand = house.store.brand(owner.account, owner.brand).await.expect("asked");
    brand.expect("a brand").version.to_string()
}

/// Quiet from a minute ago by the clock in Paris, for two hours.
fn quiet_now(house: &House) -> (String, String) {
    use dispatch::zone::{Zones as _, clock};
    let now = server::zone::BundledZones.local("Europe/Paris", house.now()).minute;
    (clock((now + 1439) % 1440), clock((now + 120) % 1440))
}

#[tokio::test]
async fn a_message_in_quiet_hours_is_held_shown_with_its_moment_and_sent_then() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let version = version(&house, &ada).await;
    let (from, until) = quiet_now(&house);
    let mut form = vec![
        ("act", "save_hours"),
        ("version", &version),
        ("quiet_on", "on"),
        ("quiet_from", &from),
        ("quiet_until", &until),
    ];
    form.extend(["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| ("quiet_day", day)));
    let saved = ada.browser.post(&page(&ada), &form).await;
    assert_eq!(saved.status, 303, "{}", saved.body);

    ada.ship(&house, "A-1", "+33639980001").await;
    house.work().await;
    let held = LogFilter { tab: LogTab::Held, limit: 10, ..LogFilter::default() };
    let rows = house.store.log(ada.account, &held).await.expect("asked").rows;
    assert_eq!(rows.len(), 1, "held, and the workers left it alone");
    let due = rows[0].due_at.expect("a moment");
    let wait = due.since(house.now());
    assert!(wait > Duration::from_secs(6900) && wait <= Duration::from_secs(7200), "{wait:?}");

    let list = ada.browser.get("/messages?tab=held").await;
    assert!(list.body.contains("Europe/Paris"), "the zone is named");
    let message = rows[0].message.expect("a message");
    let case = ada.browser.get(&format!("/messages/{message}")).await;
    assert!(case.body.contains("Held until") && case.body.contains(&until), "{}", case.body);
    assert!(case.body.contains("Outside quiet hours"));

    house.clock.advance(Duration::from_secs(7200));
    house.work().await;
    let sent = house.store.case_of_message(ada.account, message).await.expect("asked");
    let sent = sent.expect("a case").message.expect("a message");
    assert_eq!((sent.state, sent.due_at), (MessageState::Delivered, None));
    assert_eq!(sent.charges.len(), 1, "charged like any other");
}

#[tokio::test]
async fn quiet_hours_that_make_no_sense_are_refused_and_lose_nothing() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let version = version(&house, &ada).await;
    let send = async |from: &str, until: &str, days: &str, version: &str| {
        let mut form = vec![
            ("act", "save_hours"),
            ("version", version),
            ("quiet_on", "on"),
            ("quiet_from", from),
            ("quiet_until", until),
            ("quiet_urgent", "delayed"),
        ];
        form.extend(days.split(' ').map(|day| ("quiet_day", day)));
        ada.browser.post(&page(&ada), &form).await
    };
    let same = send("20:15", "20:15", "mon tue wed thu fri sat sun", &version).await;
    assert_eq!(same.status, 422, "nothing would ever be sent");
    assert!(same.body.contains("Leave a day out"));
    assert!(same.body.contains("value=\"20:15\""), "what was typed is still there");
    assert_eq!(send("25:00", "08:00", "mon", &version).await.status, 422);
    assert_eq!(send("", "08:00", "mon", &version).await.status, 422);
    assert_eq!(send("<b>", "08:00", "mon", &version).await.status, 422);
    assert_eq!(send(&"9".repeat(100_000), "08:00", "mon", &version).await.status, 422);
    assert_eq!(send("21:00", "08:00", "someday", &version).await.status, 422);
    assert_eq!(send("21:00", "08:00", "mon", "7").await.status, 409);
    assert_eq!(send("21:00", "08:00", "mon", &version).await.status, 303);
    let quiet = house.store.brand(ada.account, ada.brand).await.expect("asked").expect("one").quiet;
    assert_eq!((quiet.on, quiet.from, quiet.days.len(), quiet.urgent.len()), (true, 1260, 1, 1));
}

#[tokio::test]
async fn a_part_of_the_daily_limit_is_kept_for_urgent_news() {
    use dispatch::port::ReachNews;
    use dispatch::reach::Limit;
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let brand = house.store.brand(ada.account, ada.brand).await.expect("asked");
    let sender = brand.and_then(|brand| brand.sender).expect("a sender").id;
    let told = async |limit| {
        let news = ReachNews { limit: Some(limit), ..ReachNews::default() };
        house.store.hear_reach(ada.account, sender, &news, house.now()).await.expect("noted");
        ada.browser.get(&page(&ada)).await.body
    };
    let unknown = ada.browser.get(&page(&ada)).await.body;
    assert!(unknown.contains("WhatsApp has not told a limit yet."), "{unknown}");
    assert!(told(Limit::Any).await.contains("WhatsApp sets no limit for this number."));
    let limited = told(Limit::People(2_000)).await;
    assert!(
        limited.contains("0 of 2,000 customers reached in 24 hours, 200 kept for urgent news.")
    );
    let send = async |reserve: &str| {
        let form = [("act", "save_reserve"), ("reserve", reserve)];
        ada.browser.post(&page(&ada), &form).await
    };
    let long = "9".repeat(100_000);
    for typed in ["", " ", "51", "-1", "ten", "<b>1", "\u{202e}10", "1.5", &long] {
        let refused = send(typed).await;
        assert_eq!(refused.status, 422, "{typed:.20}");
        assert!(!refused.body.contains("<b>1"));
    }
    assert!(send("51").await.body.contains(r#"value="51""#), "what was typed stays");
    assert_eq!(send(" 25 ").await.status, 303);
    assert!(ada.browser.get(&page(&ada)).await.body.contains("500 kept for urgent news."));
    assert_eq!(send("0").await.status, 303);
    assert!(
        ada.browser
            .get(&page(&ada))
            .await
            .body
            .contains("0 of 2,000 customers reached in 24 hours.")
    );
}

/// Everything the form of the section sends, with these fields instead.
fn timing<'a>(version: &'a str, with: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("act", "save_timing"),
        ("version", version),
        ("cap_order", "3"),
        ("cap_day", "10"),
        ("merge_minutes", "10"),
        ("late_hours", "72"),
    ];
    form.retain(|(name, _)| with.iter().all(|(other, _)| other != name));
    form.extend(with);
    form
}

#[tokio::test]
async fn timing_that_makes_no_sense_is_refused_and_loses_nothing() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let version = version(&house, &ada).await;
    let send =
        async |with: &[(&str, &str)]| ada.browser.post(&page(&ada), &timing(&version, with)).await;
    let none = send(&[("cap_on", "on"), ("cap_order", ""), ("cap_day", " ")]).await;
    assert_eq!(none.status, 422, "a cap without a figure");
    let long = "9".repeat(100_000);
    for (field, typed) in [
        ("cap_order", "0"),
        ("cap_day", "two"),
        ("cap_day", "<b>"),
        ("merge_minutes", "181"),
        ("merge_minutes", "1.5"),
        ("late_hours", "\u{202e}12"),
        ("late_hours", &long),
    ] {
        let refused = send(&[(field, typed), ("cap_on", "on"), ("merge_on", "on")]).await;
        assert_eq!(refused.status, 422, "{field} {typed:.20}");
        assert!(refused.body.contains(&format!("id=\"{field}-error\"")), "{field} says why");
        // Harmless between quotes; a sign that turns the line round is shown, too.
        let shown = [typed.to_owned(), typed.replace('<', "&lt;").replace('>', "&gt;")];
        let there = shown.iter().any(|text| refused.body.contains(&format!("value=\"{text}")));
        assert!(there, "what was typed is still there: {typed:.20}");
    }
    let stands =
        async || house.store.brand(ada.account, ada.brand).await.expect("asked").expect("one");
    assert_eq!(stands().await.timing, dispatch::timing::Timing::default());
    let wrong = ada.browser.post(&page(&ada), &timing("7", &[("cap_day", "12")])).await;
    assert_eq!(wrong.status, 409);
    assert!(wrong.body.contains("<td>12</td>"), "beside what stands there");
    let saved = send(&[("cap_on", "on"), ("cap_day", ""), ("late_on", "on")]).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let timing = stands().await.timing;
    assert_eq!((timing.cap.on, timing.cap.per_order, timing.cap.per_day), (true, Some(3), None));
    assert_eq!((timing.late.on, timing.late.expected, timing.merge.on), (true, false, false));
}

#[tokio::test]
async fn parcels_of_one_order_are_told_in_one_message_and_the_page_says_so() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let version = version(&house, &ada).await;
    let form = timing(&version, &[("merge_on", "on"), ("merge_minutes", "30")]);
    assert_eq!(ada.browser.post(&page(&ada), &form).await.status, 303);
    ada.ship(&house, "A-1", "+33639980001").await;
    ada.ship(&house, "A-1", "+33639980001").await;
    let all = LogFilter { limit: 10, ..LogFilter::default() };
    let rows = house.store.log(ada.account, &all).await.expect("asked").rows;
    let [joined, held] = rows.as_slice() else { panic!("{rows:?}") };
    let message = held.message.expect("a message");
    assert_eq!(joined.message, None);
    let case = ada.browser.get(&format!("/messages/{message}")).await;
    assert!(
        case.body.contains("Held until") && case.body.contains("told together"),
        "{}",
        case.body
    );
    let case = ada.browser.get(&format!("/decisions/{}", joined.decision)).await;
    assert!(case.body.contains("Told with another message."), "{}", case.body);
    assert!(case.body.contains(&format!("/messages/{message}")), "and which one");
    house.clock.advance(Duration::from_secs(30 * 60));
    house.work().await;
    let sent = house.store.case_of_message(ada.account, message).await.expect("asked");
    assert_eq!(sent.expect("a case").message.expect("a message").state, MessageState::Delivered);
}

#[tokio::test]
async fn what_the_cap_leaves_out_says_so() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let version = version(&house, &ada).await;
    let form = timing(&version, &[("cap_on", "on"), ("cap_order", "1")]);
    assert_eq!(ada.browser.post(&page(&ada), &form).await.status, 303);
    ada.ship(&house, "A-1", "+33639980001").await;
    ada.ship(&house, "A-1", "+33639980001").await;
    let all = LogFilter { limit: 10, ..LogFilter::default() };
    let rows = house.store.log(ada.account, &all).await.expect("asked").rows;
    assert_eq!(rows[0].reason.map(|code| code.word()), Some("within_cap"));
    let case = ada.browser.get(&format!("/decisions/{}", rows[0].decision)).await;
    assert!(case.body.contains("Messages about this order so far: 1; the brand allows 1."));
    assert!(
        case.body.contains(&format!("/settings/brands/{}#cap", ada.brand)),
        "and where it is set"
    );
}

fn identity<'a>(version: &'a str, name: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("act", "save"),
        ("version", version),
        ("name", name),
        ("language", "fr"),
        ("whatsapp_number", "+33 6 39 98 00 12"),
        ("support_email", "aide@lune.example"),
        ("support_url", "https://lune.example/aide"),
        ("privacy_url", "https://lune.example/vie-privee"),
        ("color", "#f9c520"),
    ]
}

fn picture(width: u32, height: u32, format: image::ImageFormat) -> Vec<u8> {
    let pixels = image::RgbImage::from_pixel(width, height, image::Rgb([31, 111, 92]));
    let mut file = std::io::Cursor::new(Vec::new());
    image::DynamicImage::from(pixels).write_to(&mut file, format).expect("written");
    file.into_inner()
}

/// A PNG whose header says so many pixels, with the right checksum and hardly anything behind it.
fn png_that_says(width: u32, height: u32) -> Vec<u8> {
    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let mut body = kind.to_vec();
        body.extend_from_slice(data);
        let mut crc = u32::MAX;
        for byte in &body {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
            }
        }
        let mut all = u32::try_from(data.len()).expect("short").to_be_bytes().to_vec();
        all.extend(body);
        all.extend((!crc).to_be_bytes());
        all
    }
    let mut header = width.to_be_bytes().to_vec();
    header.extend(height.to_be_bytes());
    header.extend([8, 6, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.extend(chunk(b"IHDR", &header));
    file.extend(chunk(b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]));
    file.extend(chunk(b"IEND", &[]));
    file
}

#[tokio::test]
async fn a_logo_is_made_small_and_shown_at_an_address_of_its_own() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let mut addresses = Vec::new();
    for format in [image::ImageFormat::Png, image::ImageFormat::Jpeg, image::ImageFormat::WebP] {
        let version = version(&house, &ada).await;
        let width = if format == image::ImageFormat::WebP { 400 } else { 600 };
        let file = picture(width, 300, format);
        let form = identity(&version, "Maison Lune");
        // What it is called and called to be does not matter.
        let saved = ada.browser.upload(&page(&ada), &form, ("logo", "x.svg", &file)).await;
        assert_eq!(saved.status, 303, "{format:?}: {}", saved.body);
        let brand = house.store.brand(ada.account, ada.brand).await.expect("asked").expect("one");
        assert_eq!(brand.color.map(|color| color.to_string()).as_deref(), Some("#f9c520"));
        assert_eq!(brand.whatsapp_number.as_deref(), Some("+33639980012"));
        addresses.push(format!("/logos/{}", brand.logo.expect("a logo")));
    }
    assert!(addresses[0] != addresses[1], "another picture, another address");
    let now = addresses.last().expect("one");

    let shown = ada.browser.get(&page(&ada)).await;
    assert!(shown.body.matches(now.as_str()).count() >= 2, "in the switcher and on the page");
    assert!(shown.body.contains("+33 6 39 98 00 12"), "as people read it");
    assert!(shown.body.contains("darkened to 4.5"), "yellow does not carry white");

    // Anybody who knows the address; no session comes of it.
    let stranger = house.browser().get(now).await;
    assert_eq!(stranger.status, 200);
    for (header, value) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
        ("cache-control", "public, max-age=31536000, immutable"),
    ] {
        assert_eq!(stranger.header(header), value);
    }
    assert!(!stranger.sets_cookie());
    for gone in [
        addresses[0].as_str(),
        "/logos/x",
        "/logos/..%2f..%2fetc",
        &page(&ada).replace("settings/brands", "logos"),
    ] {
        assert_eq!(house.browser().get(gone).await.status, 404, "{gone}");
    }

    let version = version(&house, &ada).await;
    let mut form = identity(&version, "Maison Lune");
    form.push(("remove_logo", "on"));
    assert_eq!(ada.browser.upload(&page(&ada), &form, ("logo", "", b"")).await.status, 303);
    assert_eq!(house.browser().get(now).await.status, 404);
}

#[tokio::test]
async fn what_is_no_logo_is_refused_by_name_and_nothing_typed_is_lost() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let version = version(&house, &ada).await;
    let png = picture(300, 300, image::ImageFormat::Png);
    let mut polyglot = b"<script>alert(1)</script>".to_vec();
    polyglot.extend_from_slice(&png);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    for (what, file, says) in [
        ("svg renamed", svg, "PNG, JPEG or WebP"),
        ("bomb", png_that_says(10_000, 10_000), "2,000 x 2,000"),
        ("wide bomb", png_that_says(2_000_000_000, 2_000_000_000), "PNG, JPEG or WebP"),
        ("inside the limits, empty", png_that_says(2_000, 2_000), "PNG, JPEG or WebP"),
        ("truncated", png[..png.len() / 2].to_vec(), "PNG, JPEG or WebP"),
        ("script in front", polyglot, "PNG, JPEG or WebP"),
        ("too wide", picture(2_001, 2, image::ImageFormat::Png), "2,000 x 2,000"),
        ("5 MiB", vec![0x89; 5 * 1024 * 1024], "512 KiB"),
        ("513 KiB", vec![0; 513 * 1024], "512 KiB"),
    ] {
        let form = identity(&version, "Maison Étoile");
        let answer = ada.browser.upload(&page(&ada), &form, ("logo", "logo.png", &file)).await;
        assert_eq!(answer.status, 422, "{what}");
        assert!(answer.body.contains(says) && answer.body.contains("id=\"logo-error\""), "{what}");
        for typed in ["Maison Étoile", "aide@lune.example", "https://lune.example/aide", "#f9c520"]
        {
            assert!(answer.body.contains(typed), "{what}: {typed}");
        }
    }
    let brand = house.store.brand(ada.account, ada.brand).await.expect("asked").expect("one");
    assert_eq!((brand.logo, brand.version.to_string()), (None, version.clone()));

    // A script behind a picture is not kept.
    let mut behind = png;
    behind.extend_from_slice(b"<script>alert(1)</script>");
    let form = identity(&version, "Maison Étoile");
    let saved = ada.browser.upload(&page(&ada), &form, ("logo", "a.png", &behind)).await;
    assert_eq!(saved.status, 303);
    let brand = house.store.brand(ada.account, ada.brand).await.expect("asked").expect("one");
    let kept = house.store.find_logo(&brand.logo.expect("a logo")).await.expect("asked");
    assert!(!kept.expect("a picture").windows(8).any(|part| part == b"<script>"));

    // Bodies that are no form, or more than anybody needs.
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "multipart/form-data")];
    let send = async |kind: &'static str, body: Vec<u8>| {
        let headers = [headers[0], ("content-type", kind)];
        let post = reqwest::Method::POST;
        ada.browser.send(post, &page(&ada), &headers, |request| request.body(body)).await.status
    };
    assert_eq!(send("multipart/form-data", b"x".to_vec()).await, 400);
    assert_eq!(send("multipart/form-data; boundary=edge", b"--edge\r\n".to_vec()).await, 400);
    let many = "--edge\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\nb\r\n".repeat(300);
    assert_eq!(send("multipart/form-data; boundary=edge", many.into_bytes()).await, 413);
    let long = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\n{}\r\n--edge--\r\n",
        "b".repeat(1_100_000)
    );
    assert_eq!(send("multipart/form-data; boundary=edge", long.into_bytes()).await, 413);
}

#[tokio::test]
async fn a_brand_says_whose_it_is_and_shows_both_versions_of_a_conflict() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let before = version(&house, &ada).await;
    for (field, value, says) in [
        ("name", "Support", "says nothing about whose it is"),
        ("name", "Lune\u{202e}", "aria-invalid"),
        ("color", "red", "six digits"),
        ("color", "#12345\u{0}", "six digits"),
        ("support_email", "aide@", "e-mail"),
        ("support_url", "http://lune.example", "https://"),
        ("support_url", "https://lune.example/<script>", "https://"),
        ("privacy_url", "javascript:alert(1)", "https://"),
        ("whatsapp_number", "06 12", "aria-invalid"),
    ] {
        let mut form = identity(&before, "Maison Lune");
        form.iter_mut().find(|(name, _)| *name == field).expect("a field").1 = value;
        let answer = ada.browser.post(&page(&ada), &form).await;
        assert_eq!(answer.status, 422, "{field} {value:?}");
        assert!(answer.body.contains(says), "{field} {value:?}");
        assert!(!answer.body.contains("<script>alert"), "{field}");
    }
    let form = identity(&before, "Maison Lune");
    assert_eq!(ada.browser.post(&page(&ada), &form).await.status, 303);
    // Somebody else had the page open since before.
    let late = identity(&before, "Maison Soleil");
    let answer = ada.browser.post(&page(&ada), &late).await;
    assert_eq!(answer.status, 409);
    assert!(
        answer.body.contains("Saved meanwhile") && answer.body.contains("<td>Maison Lune</td>")
    );
    assert!(
        answer.body.contains("<td>Maison Soleil</td>")
            && answer.body.contains("value=\"Maison Soleil\"")
    );
    // The page carries the new version: sending again puts it in its place.
    let now = version(&house, &ada).await;
    assert!(answer.body.contains(&format!("name=\"version\" value=\"{now}\"")));
    assert_eq!(ada.browser.post(&page(&ada), &identity(&now, "Maison Soleil")).await.status, 303);
}

#[tokio::test]
async fn a_number_that_is_tested_says_what_is_wrong() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let test = [("act", "check_sender")];
    let asked = ada.browser.post(&page(&ada), &test).await;
    // Nobody listens where the house sends: the merchant is told, and nothing breaks.
    let sender =
        house.store.senders_on(ada.account, ada.brand, Channel::Whatsapp).await.expect("asked");
    if sender.is_empty() {
        assert_eq!(asked.status, 404, "no number to test");
        let connect = [("act", "connect_sandbox")];
        assert_eq!(ada.browser.post(&page(&ada), &connect).await.status, 303);
    }
    let asked = ada.browser.post(&page(&ada), &test).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
    let shown = ada.browser.get(&page(&ada)).await;
    assert!(shown.body.contains("did not answer in time"), "{}", shown.body);

    // The number it replaces stays readable.
    let own = [
        ("act", "connect_sender"),
        ("phone_number_id", "118842056631907"),
        ("waba_id", "204817735902146"),
        ("display_number", "+33 1 99 00 12 34"),
        ("access_token", "secret-token"),
        ("app_secret", "secret-secret"),
        ("verify_token", "secret-verify"),
    ];
    let unanswered = ada.browser.post(&page(&ada), &own).await;
    assert_eq!(unanswered.status, 422, "not tested, so not connected");
    assert!(unanswered.body.contains("could not be tested"), "{}", unanswered.body);
    assert!(unanswered.body.contains("Connect without a test"), "and the way to do it anyway");
    let anyway = [&own[..], &[("untested", "on")]].concat();
    assert_eq!(ada.browser.post(&page(&ada), &anyway).await.status, 303);
    let shown = ada.browser.get(&page(&ada)).await;
    assert!(shown.body.contains("118842056631907") && shown.body.contains("1 earlier number"));
    assert!(!shown.body.contains("secret-"), "no secret is ever shown");
}

#[tokio::test]
async fn a_number_the_provider_refuses_replaces_nothing() {
    let settings = sandbox::Settings {
        addr: "127.0.0.1:0".parse().expect("an address"),
        ..sandbox::Settings::fast()
    };
    let cloud = sandbox::start(settings).await.expect("a sandbox");
    let house = House::open_to(&format!("http://{}", cloud.addr)).await;
    let ada = house.owner("ada").await;
    let before =
        house.store.senders_on(ada.account, ada.brand, Channel::Whatsapp).await.expect("asked");
    let good = [
        ("act", "connect_sender"),
        ("phone_number_id", "118842056631907"),
        ("waba_id", "11884205663190700"),
        ("display_number", "+33 1 99 00 12 34"),
        ("access_token", "sbx.our-app-secret.token"),
        ("app_secret", "our-app-secret"),
        ("verify_token", "our-verify-token"),
    ];
    for (field, text, words) in [
        ("access_token", "nonsense", "does not accept the access token"),
        ("phone_number_id", "123", "5 to 20"),
        ("waba_id", "one hundred", "5 to 20"),
    ] {
        let form = good.map(|(name, own)| (name, if name == field { text } else { own }));
        let refused = ada.browser.post(&page(&ada), &form).await;
        assert_eq!(refused.status, 422, "{field} {text}");
        let error = format!("id=\"{field}-error\"");
        assert!(refused.body.contains(&error), "{field}: {}", refused.body);
        assert!(refused.body.contains(words), "{words}: {}", refused.body);
        assert!(!refused.body.contains("our-app-secret"), "no secret is sent back");
        assert!(!refused.body.contains("Connect without a test"), "the provider did answer");
        let after =
            house.store.senders_on(ada.account, ada.brand, Channel::Whatsapp).await.expect("asked");
        assert_eq!(after, before, "the earlier number is still the brand's");
    }
    let done = ada.browser.post(&page(&ada), &good).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let after =
        house.store.senders_on(ada.account, ada.brand, Channel::Whatsapp).await.expect("asked");
    assert_eq!(after.len(), before.len() + 1);
    cloud.shutdown().await;
}

#[tokio::test]
async fn a_conflict_shows_only_what_differs() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let stored = house.store.brand(ada.account, ada.brand).await.expect("asked").expect("a brand");
    let (stale, language) = ((stored.version - 1).to_string(), stored.language.code().to_owned());
    let typed = [
        ("act", "save"),
        ("version", stale.as_str()),
        ("name", "Another name"),
        ("language", language.as_str()),
    ];
    let refused = ada.browser.post(&page(&ada), &typed).await;
    assert_eq!(refused.status, 409);
    let start = refused.body.find("class=\"versions\"").expect("both versions");
    let table = refused.body[start..].split("</table>").next().expect("a table");
    assert_eq!(table.matches("<tr>").count(), 2, "the head and the name: {table}");
    assert!(table.contains("Another name"));
}

#[tokio::test]
async fn a_brand_s_own_page_is_about_that_brand_and_a_strange_one_is_nowhere() {
    let house = House::open().await;
    let (ada, eve) = (house.owner("ada").await, house.owner("eve").await);
    let second = [("act", "create"), ("name", "Atelier Nord"), ("language", "fr")];
    let made = ada.browser.post("/settings/brands/new", &second).await;
    let own = made.location.split('?').next().expect("a path").to_owned();
    let id = own.rsplit('/').next().expect("an id").to_owned();
    let shown = ada.browser.get(&own).await.body;
    assert!(shown.contains("Atelier Nord - Facteur</title>"), "the head says whose page it is");
    for path in ["/tracking", "/templates", "/consent", "/overview"] {
        assert!(shown.contains(&format!("href=\"{path}?brand={id}\"")), "{path} stays with it");
    }
    for path in ["/tracking", "/tracking/history", "/templates", "/consent", "/simulate"] {
        assert_eq!(ada.browser.get(&format!("{path}?brand={id}")).await.status, 200, "{path}");
        for strange in
            [eve.brand.to_string(), "brd_00000000000000000000000000".to_owned(), "x".to_owned()]
        {
            let answer = ada.browser.get(&format!("{path}?brand={strange}")).await;
            assert_eq!(answer.status, 404, "{path} {strange}");
        }
    }
    // And what was refused is not remembered.
    assert!(ada.browser.get("/tracking").await.body.contains("Atelier Nord - Facteur</title>"));
    let asked = ada.browser.get(&own).await.body;
    let archive = asked.find("value=\"archive\"").expect("the form");
    let fold = asked[..archive].rfind("<details").expect("it asks once");
    assert!(!asked[fold..archive].contains("</details>"), "the button is inside the question");
}

#[tokio::test]
async fn languages_of_countries_are_checked_and_nothing_chosen_is_lost() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let version = || async {
        let brand = house.store.brand(ada.account, ada.brand).await.expect("asked").expect("one");
        (brand.version.to_string(), brand.languages)
    };
    let send = async |version: &str, rows: &[(&str, &str)]| {
        let mut form = vec![("act", "save_languages"), ("version", version)];
        form.extend(rows.iter().flat_map(|(land, reads)| [("land", *land), ("reads", *reads)]));
        ada.browser.post(&page(&ada), &form).await
    };
    let (now, _) = version().await;
    for rows in [
        [("BE", "fr"), ("CH", "klingon")],
        [("BE", "fr"), ("XX", "fr")],
        [("BE", "fr"), ("", "it")],
    ] {
        let refused = send(&now, &rows).await;
        assert_eq!(refused.status, 422, "{rows:?}");
        assert!(refused.body.contains("id=\"languages-error\""), "{rows:?}");
    }
    let long = "x".repeat(100_000);
    assert_eq!(send(&now, &[("BE", &long)]).await.status, 422);
    assert_eq!(version().await.1.0.len(), 0);
    assert_eq!(send(&now, &[("BE", "fr"), ("CH", ""), ("", "")]).await.status, 303);
    let (next, languages) = version().await;
    let stored: Vec<_> = languages.0.iter().map(|(c, l)| format!("{c} {l}")).collect();
    assert_eq!(stored, ["BE fr"]);
    let stale = send(&now, &[("BE", "de")]).await;
    assert_eq!(stale.status, 409);
    assert!(stale.body.contains("Belgium: French"), "what stands there now");
    let shown = ada.browser.get(&page(&ada)).await.body;
    assert!(shown.contains(r#"<option value="fr" selected>"#), "{shown}");
    assert_ne!(next, now);
}

#[tokio::test]
async fn the_language_chosen_for_a_country_speaks_and_the_decision_says_so() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let form = [("act", "save_languages"), ("version", "1"), ("land", "FR"), ("reads", "de")];
    let saved = ada.browser.post(&page(&ada), &form).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let key = ada.key(&["read", "write"]).await;
    let tell = async |order: &str, locale: Option<&str>| {
        let event = serde_json::json!({
            "specversion": "1.0", "id": order, "source": "erp", "type": "shop.parcel.delivered",
            "time": house.now().to_string(),
            "data": {"order_number": order, "tracking_number": order, "locale": locale,
                     "recipient": {"phone": "+33639980012", "country": "FR", "name": "Camille"}},
        });
        let path = "/api/v1/events";
        let body = event.to_string();
        let taken = ada.browser.api(reqwest::Method::POST, path, &key, Some(&body)).await;
        assert_eq!(taken.status, 202, "{}", taken.body);
        house.work().await;
        let path = format!("/api/v1/decisions?order_number={order}");
        let found = ada.browser.api(reqwest::Method::GET, &path, &key, None).await.json();
        let decision = found["data"][0].clone();
        let rules = decision["rules"].as_array().expect("rules").clone();
        let rule = rules.into_iter().find(|rule| rule["code"] == "template_ready").expect("it");
        (decision, rule["saw"].clone())
    };
    let (decision, saw) = tell("A-1", None).await;
    assert_eq!(decision["outcome"], "send", "{decision}");
    assert_eq!((&saw["language"], &saw["chosen_by"]), (&"de".into(), &"country".into()), "{saw}");
    assert_eq!(saw["country_language"], "brand");
    let id = decision["id"].as_str().expect("an id");
    let case = ada.browser.get(&format!("/decisions/{id}")).await.body;
    assert!(case.contains("The language the brand has chosen for the country."), "{case}");
    // What people tell of themselves goes before it.
    let (_, saw) = tell("A-2", Some("it-IT")).await;
    assert_eq!((&saw["language"], &saw["chosen_by"]), (&"it".into(), &"recipient".into()), "{saw}");
    assert!(saw["country_language"].is_null());
}
