//! The matrix between two people, its way back, copies and channels without a price.

use super::house::{House, Owner};
use dispatch::brand::ChannelState;
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::country::Country;
use dispatch::port::ChangesAsked;

fn board(owner: &Owner, channel: &str) -> String {
    format!("/tracking?brand={}&channel={channel}", owner.brand)
}

fn country(code: &str) -> Country {
    code.parse().expect("a country")
}

async fn settings(
    house: &House,
    owner: &Owner,
    channel: Channel,
) -> dispatch::brand::ChannelSettings {
    house.store.channel_settings(owner.account, owner.brand, channel).await.expect("settings")
}

/// The change an address tells of.
fn change_of(location: &str) -> &str {
    let (_, rest) = location.split_once("change=").expect("a change");
    rest.split('&').next().expect("an id")
}

#[tokio::test]
async fn a_save_is_taken_back_by_its_recorded_change() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let path = board(&ada, "whatsapp");
    let before = settings(&house, &ada, Channel::Whatsapp).await;
    let version = before.version.to_string();
    let save = [
        ("act", "save_matrix"),
        ("version", version.as_str()),
        ("row", "FR"),
        ("on", "FR"),
        ("cell", "FR:shipped"),
    ];
    let saved = ada.browser.post(&path, &save).await;
    assert_eq!(saved.status, 303);
    let page = ada.browser.get(&saved.location).await.body;
    let change = change_of(&saved.location).to_owned();
    assert!(
        page.contains(&format!(r#"name="change" value="{change}""#)),
        "a button without scripts"
    );

    let undo = [("act", "undo"), ("change", change.as_str())];
    let undone = ada.browser.post(&saved.location, &undo).await;
    assert_eq!(undone.status, 303, "{}", undone.body);
    assert!(undone.location.ends_with("done=undone"), "{}", undone.location);
    let after = settings(&house, &ada, Channel::Whatsapp).await;
    assert_eq!((after.countries, after.version), (before.countries, before.version + 2));
    // It is back already: another press finds other switches than it made.
    let again = ada.browser.post(&path, &undo).await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains("Not taken back."), "says why");
    let strange = ada.browser.post(&path, &[("act", "undo"), ("change", "x")]).await;
    assert_eq!(strange.status, 404);
    assert!(strange.body.contains("is gone, or it belongs to another account"));
}

#[tokio::test]
async fn a_slip_is_taken_back_at_once_and_an_old_change_through_the_history() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let path = board(&ada, "whatsapp");
    let version = settings(&house, &ada, Channel::Whatsapp).await.version.to_string();
    let save = [("act", "save_matrix"), ("version", version.as_str()), ("row", "FR"), ("on", "FR")];
    let saved = ada.browser.post(&path, &save).await;
    assert_eq!(saved.status, 303);
    let offered = r#"name="act" value="undo""#;
    assert!(ada.browser.get(&saved.location).await.body.contains(offered));
    house.clock.advance(std::time::Duration::from_secs(30));
    assert!(!ada.browser.get(&saved.location).await.body.contains(offered), "not on every reload");
    house.clock.advance(std::time::Duration::from_secs(601));
    let change = change_of(&saved.location).to_owned();
    let late = ada.browser.post(&path, &[("act", "undo"), ("change", change.as_str())]).await;
    assert_eq!(late.status, 422);
    assert!(late.body.contains("older than ten minutes"), "{}", late.body);
}

#[tokio::test]
async fn the_later_of_two_keeps_their_switches_and_loses_nobody_s() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let path = board(&ada, "whatsapp");
    let version = settings(&house, &ada, Channel::Whatsapp).await.version.to_string();
    let save = |cells: [&'static str; 2]| {
        let mut form = vec![("act", "save_matrix"), ("version", version.as_str())];
        form.extend([("row", "FR"), ("on", "FR")]);
        form.extend(cells.map(|cell| ("cell", cell)));
        form
    };
    assert_eq!(ada.browser.post(&path, &save(["FR:delivered", "FR:shipped"])).await.status, 303);
    let late = ada.browser.post(&path, &save(["FR:delivered", "FR:delayed"])).await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains("Changed meanwhile by ada"), "names the other");

    // Sending what the page now shows writes both.
    let now = settings(&house, &ada, Channel::Whatsapp).await.version.to_string();
    let mut form =
        vec![("act", "save_matrix"), ("version", now.as_str()), ("row", "FR"), ("on", "FR")];
    for status in TrackingStatus::ALL {
        let tag = late.body.split(&format!(r#"value="FR:{status}""#)).nth(1).expect("a box");
        let tag = tag.split('>').next().expect("a tag");
        if tag.contains("checked") {
            form.push((
                "cell",
                match status {
                    TrackingStatus::Delivered => "FR:delivered",
                    TrackingStatus::Shipped => "FR:shipped",
                    TrackingStatus::Delayed => "FR:delayed",
                    other => panic!("{other} was never on"),
                },
            ));
        }
    }
    assert_eq!(ada.browser.post(&path, &form).await.status, 303);
    let row = &settings(&house, &ada, Channel::Whatsapp).await.countries[&country("FR")];
    use TrackingStatus::{Delayed, Delivered, Shipped};
    assert_eq!(row.statuses.iter().copied().collect::<Vec<_>>(), [Shipped, Delayed, Delivered]);
}

#[tokio::test]
async fn a_channel_is_prepared_and_not_turned_on_at_another_ones_price() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let path = board(&ada, "sms");
    let add = [("act", "save_matrix"), ("version", "0"), ("row", "FR"), ("on", "FR")];
    assert_eq!(ada.browser.post(&path, &add).await.status, 303);
    let shown = ada.browser.get(&path).await;
    assert!(!shown.body.contains("has no price"), "it has one of its own");
    let activate = [
        ("act", "activate"),
        ("rate", "whatsapp-lite-2025-01-01"),
        ("text_version", "2026-11"),
        ("basis", "on_record"),
        ("accept_price", "on"),
        ("accept_terms", "on"),
    ];
    assert_eq!(ada.browser.post(&path, &activate).await.status, 422);
    let kept = settings(&house, &ada, Channel::Sms).await;
    assert_eq!((kept.state, kept.consent_basis), (ChannelState::Off, None));
    let rows = house.store.setting_rows().await.expect("rows");
    assert!(!rows.iter().any(|row| row.contains(" acceptance ")), "nothing was accepted");

    // Where it is turned on, what was accepted is kept, with its author, address, words and price.
    ada.activate(&house).await;
    let rows = house.store.setting_rows().await.expect("rows");
    let kept: Vec<_> = rows.iter().filter(|row| row.contains(" acceptance ")).collect();
    assert_eq!(kept.len(), 1);
    for part in ["usr_", "127.0.0.1", "collected_by_shop", "2026-11", "whatsapp-lite-2025-01-01"] {
        assert!(kept[0].contains(part), "{part} in {}", kept[0]);
    }
}

#[tokio::test]
async fn looking_at_a_copy_writes_nothing_and_foreign_sources_do_not_exist() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let eve = house.owner("eve").await;
    ada.activate(&house).await;
    eve.activate(&house).await;
    let before = house.store.setting_rows().await.expect("rows");
    let sms = board(&ada, "sms");
    let copy = format!("{sms}&copy=board:{}:whatsapp", ada.brand);
    let shown = ada.browser.get(&copy).await;
    assert_eq!(shown.status, 200);
    assert!(shown.body.contains("Save would change 3 switches"), "row, switch and one status");
    let foreign = format!("{sms}&copy=board:{}:whatsapp", eve.brand);
    assert_eq!(ada.browser.get(&foreign).await.status, 404);
    for odd in [
        "copy=country:%3Cb%3E",
        "copy=board:x:y",
        "copy=:::",
        "restore=x",
        "to=%00&copy=country:FR",
    ] {
        assert_eq!(ada.browser.get(&format!("{sms}&{odd}")).await.status, 200, "{odd}");
    }
    assert_eq!(house.store.setting_rows().await.expect("rows"), before);

    let version = settings(&house, &ada, Channel::Sms).await.version.to_string();
    let save = [
        ("act", "save_matrix"),
        ("version", version.as_str()),
        ("kind", "copied"),
        ("row", "FR"),
        ("on", "FR"),
        ("cell", "FR:delivered"),
    ];
    assert_eq!(ada.browser.post(&copy, &save).await.status, 303);
    let asked = ChangesAsked::since(0);
    let noted = house.store.changes(ada.account, ada.brand, Channel::Sms, asked).await;
    let noted = noted.expect("a history").rows;
    assert_eq!(noted.len(), 1, "one change");
    assert_eq!(noted[0].kind.word(), "copied");
}

#[tokio::test]
async fn a_channel_that_was_turned_off_comes_back_without_being_asked_again() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let path = board(&ada, "whatsapp");
    let before = settings(&house, &ada, Channel::Whatsapp).await;

    let off = ada.browser.post(&path, &[("act", "deactivate")]).await;
    assert_eq!(off.status, 303);
    let page = ada.browser.get(&off.location).await.body;
    assert!(page.contains("routes-box--off"), "its stops are kept, and look it");
    assert!(!page.contains("activate=1"), "nothing asks again");
    let ways = page.matches(r#"name="act" value="resume""#).count();
    assert_eq!(ways, 3, "beside the notice, at the switch, and below it: {page}");

    let on = ada.browser.post(&off.location, &[("act", "resume")]).await;
    assert_eq!(on.status, 303, "{}", on.body);
    assert!(on.location.ends_with("done=activated"), "{}", on.location);
    let after = settings(&house, &ada, Channel::Whatsapp).await;
    assert_eq!(after.state, ChannelState::On);
    assert_eq!((after.countries, after.consent_basis), (before.countries, before.consent_basis));
    let history = format!("/tracking/history?brand={}", ada.brand);
    assert!(ada.browser.get(&history).await.body.contains("turned the channel on again"));

    // Another plan has another price: that one was never accepted.
    ada.browser.post(&path, &[("act", "deactivate")]).await;
    let plan = [
        ("act", "save"),
        ("name", "ada"),
        ("company_country", "FR"),
        ("plan", "growth"),
        ("accept_plan", "growth"),
    ];
    assert_eq!(ada.browser.post("/settings/account", &plan).await.status, 303);
    let refused = ada.browser.post(&path, &[("act", "resume")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("have changed since they were accepted"), "{}", refused.body);
    assert!(refused.body.contains("activate=1"), "the way to read them");
    assert!(!refused.body.contains(r#"name="act" value="resume""#));
}
