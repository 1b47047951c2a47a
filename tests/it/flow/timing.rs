//! How often a shop writes, what it tells together, and what it finds late: over HTTP, with the workers and the
//! sandbox, on both databases.

use super::town::Town;
use crate::process::database::Kind;
use crate::process::eventually;
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::id::ChangeId;
use dispatch::port::{CellChange, Signed};
use dispatch::time::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use server::security::random::SystemIds;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

/// A test on each database out of each case.
macro_rules! both {
    ($($case:ident),+ $(,)?) => {$(
        mod $case {
            use crate::process::database::Kind;
            #[tokio::test]
            async fn sqlite() {
                super::on(Kind::Sqlite, super::$case).await;
            }
            #[tokio::test]
            async fn postgres() {
                super::on(Kind::Postgres, super::$case).await;
            }
        }
    )+};
}

both![a_cap_holds, parcels_of_one_order_are_one_message, a_late_parcel_is_told_by_ourselves];

async fn on<F: Future<Output = ()>>(kind: Kind, case: impl FnOnce(Street) -> F) {
    if let Some(town) = Town::open_on(kind).await {
        let key = town.shop.key(&["read", "write"]).await;
        let street = Street { town, key };
        street.tell_everything().await;
        case(street).await;
    }
}

/// The town with a shop that tells every status in France, and how its system speaks to the API.
struct Street {
    town: Town,
    key: String,
}

impl Street {
    async fn tell_everything(&self) {
        let (store, shop) = (&self.town.house.store, &self.town.shop);
        let country = "FR".parse().expect("a country");
        let on =
            |status: &TrackingStatus| CellChange::Status { country, status: *status, on: true };
        let changes: Vec<_> = TrackingStatus::ALL.iter().map(on).collect();
        let settings = store.channel_settings(shop.account, shop.brand, Channel::Whatsapp).await;
        let version = settings.expect("settings").version;
        let now = self.town.house.now();
        let by = Signed::new(ChangeId::mint(now, &SystemIds), None, now);
        let saved =
            store.save_matrix(shop.account, shop.brand, Channel::Whatsapp, version, &changes, by);
        saved.await.expect("saved");
    }

    /// Sets timing on the brand's page.
    async fn set(&self, fields: &[(&str, &str)]) {
        let shop = &self.town.shop;
        let brand = self.town.house.store.brand(shop.account, shop.brand).await;
        let version = brand.expect("a store").expect("a brand").version.to_string();
        let mut form = vec![("act", "save_timing"), ("version", version.as_str())];
        form.extend(fields);
        let page = format!("/settings/brands/{}", shop.brand);
        let answer = shop.browser.post(&page, &form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }

    /// The shop's system tells what happened to a parcel.
    async fn tell(
        &self,
        order: &str,
        parcel: &str,
        status: &str,
        at: Timestamp,
        expected: Option<&str>,
    ) {
        let event = json!({
            "specversion": "1.0", "id": format!("{parcel}:{status}"), "source": "shop", "type": format!("shop.parcel.{status}"),
            "time": at.to_string(),
            "data": {
                "order_number": order, "tracking_number": parcel, "country": "FR", "phone": "+33639981777",
                "name": "Camille Durand", "locale": "fr", "carrier": "colissimo", "expected_date": expected,
                "tracking_url": format!("https://track.example/{parcel}")
            }
        });
        let body = event.to_string();
        let browser = &self.town.shop.browser;
        let answer = browser.api(Method::POST, "/api/v1/events", &self.key, Some(&body)).await;
        assert_eq!(answer.status, 202, "{}", answer.body);
    }

    /// Decisions about an order, once there are so many, oldest first.
    async fn decisions(&self, order: &str, count: usize) -> Vec<Value> {
        self.rows(&format!("/api/v1/decisions?order_number={order}"), count).await
    }

    async fn rows(&self, path: &str, count: usize) -> Vec<Value> {
        eventually("so many rows", SOON, || async {
            let answer =
                self.town.shop.browser.api(Method::GET, path, &self.key, None).await.json();
            let mut rows = answer["data"].as_array().cloned().unwrap_or_default();
            rows.reverse();
            if rows.len() == count { Ok(rows) } else { Err(answer.to_string()) }
        })
        .await
    }

    /// What the phone has, once there are so many.
    async fn phone(&self, count: usize) -> Vec<Value> {
        eventually("messages at the phone", SOON, || async {
            let all = self.town.at_phone("+33639981777").await;
            if all.len() == count { Ok(all) } else { Err(format!("{all:?}")) }
        })
        .await
    }

    fn now(&self) -> Timestamp {
        self.town.house.now()
    }

    fn advance(&self, by: Duration) {
        self.town.house.clock.advance(by);
        self.town.house.wakes.sender.ring();
    }
}

async fn a_cap_holds(street: Street) {
    street.set(&[("cap_on", "on"), ("cap_order", "2"), ("cap_day", "")]).await;
    for (index, status) in
        ["post_purchase", "ready_to_ship", "shipped", "out_for_delivery"].into_iter().enumerate()
    {
        street.tell("A-1", "T-1", status, street.now(), None).await;
        street.decisions("A-1", index + 1).await;
    }
    let found: Vec<_> =
        street.decisions("A-1", 4).await.into_iter().map(|row| row["reason"].clone()).collect();
    // The last does not wait in quiet hours, and goes over the cap.
    assert_eq!(found, [Value::Null, Value::Null, json!("within_cap"), Value::Null]);
    street.phone(3).await;
}

async fn parcels_of_one_order_are_one_message(street: Street) {
    street.set(&[("merge_on", "on"), ("merge_minutes", "20")]).await;
    for (index, parcel) in ["T-1", "T-2", "T-3"].into_iter().enumerate() {
        street.tell("A-2", parcel, "shipped", street.now(), None).await;
        street.decisions("A-2", index + 1).await;
    }
    let rows = street.decisions("A-2", 3).await;
    let outcomes: Vec<_> = rows.iter().map(|row| (&row["outcome"], &row["reason"])).collect();
    let joined = (&json!("skip"), &json!("not_joined"));
    assert_eq!(outcomes, [(&json!("hold"), &json!("gathered")), joined, joined]);
    assert!(street.town.at_phone("+33639981777").await.is_empty(), "it waits");
    street.advance(Duration::from_secs(20 * 60));
    street.phone(1).await;

    // A status that is overtaken while it waits is not told.
    street.tell("A-3", "T-9", "ready_to_ship", street.now(), None).await;
    street.decisions("A-3", 1).await;
    street.tell("A-3", "T-9", "shipped", street.now(), None).await;
    street.decisions("A-3", 2).await;
    street.advance(Duration::from_secs(21 * 60));
    street.phone(2).await;
    let messages = street.rows("/api/v1/messages?order_number=A-3", 2).await;
    let states: Vec<_> = messages.iter().map(|row| row["status"].as_str()).collect();
    assert_eq!(states[0], Some("cancelled"), "{messages:?}");
    let page = format!("/messages/{}", messages[0]["id"].as_str().expect("an id"));
    let page = street.town.shop.browser.get(&page).await.body;
    assert!(page.contains("Newer news came while it was held"), "and says why");
}

async fn a_late_parcel_is_told_by_ourselves(street: Street) {
    street.set(&[("late_on", "on"), ("late_expected", "on"), ("late_hours", "24")]).await;
    let today = street.now().date().to_string();
    street.tell("A-4", "T-4", "shipped", street.now(), Some(&today)).await;
    street.tell("A-5", "T-5", "shipped", street.now(), None).await;
    street.phone(2).await;
    street.advance(Duration::from_secs(48 * 3600));
    for (order, found) in [("A-4", "expected"), ("A-5", "silent")] {
        let rows = street.decisions(order, 2).await;
        assert_eq!(
            (&rows[1]["outcome"], &rows[1]["reason"]),
            (&json!("send"), &Value::Null),
            "{order}"
        );
        assert_eq!(rows[1]["rules"][0]["saw"]["found"], found);
        let page = format!("/decisions/{}", rows[1]["id"].as_str().expect("an id"));
        let page = street.town.shop.browser.get(&page).await.body;
        assert!(page.contains("We found it ourselves"), "{order}");
        assert!(page.contains("Found by ourselves:"), "{order}");
        assert!(page.contains(&format!("/settings/brands/{}#late", street.town.shop.brand)));
    }
    street.phone(4).await;
    let events = street.rows("/api/v1/events?order_number=A-4", 2).await;
    assert_eq!(
        (&events[1]["status"], &events[1]["expected_date"]),
        (&json!("delayed"), &json!(today))
    );
    let list = street.town.shop.browser.get("/connections").await.body;
    assert!(list.contains("Delay watch"), "what it found can be looked at like any delivery");
}

impl Town {
    /// What a phone has received.
    async fn at_phone(&self, phone: &str) -> Vec<Value> {
        self.look(&format!("messages?to={phone}")).await["data"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    }
}
