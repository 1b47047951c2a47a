//! A brand's page: quiet hours, from the form to the message that waits.

use super::house::{House, Owner};
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
    let send = async |from: &str, until: &str, day: &str, version: &str| {
        let form = [
            ("act", "save_hours"),
            ("version", version),
            ("quiet_on", "on"),
            ("quiet_from", from),
            ("quiet_until", until),
            ("quiet_day", day),
            ("quiet_urgent", "delayed"),
        ];
        ada.browser.post(&page(&ada), &form).await
    };
    let same = send("20:15", "20:15", "mon", &version).await;
    assert_eq!(same.status, 422);
    assert!(same.body.contains("Choose another time"));
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
