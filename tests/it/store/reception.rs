//! How texts are received: what was sent, delivered and read, and who stopped after what.

use super::world::{Tenant, World, at, new_brand, phone};
use dispatch::attempt::Claimed;
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::consent::{ConsentKind, ConsentRecord, ConsentSource, Purpose};
use dispatch::id::BrandId;
use dispatch::message::NewMessage;
use dispatch::receipt::ReceiptKind;
use dispatch::reception::{FOLLOWS, Reception};
use dispatch::view::TextReception;

both![
    texts_are_counted_by_version_and_language,
    a_stop_counts_against_the_last_message_before_it,
    a_stop_much_later_counts_against_none,
    who_stops_twice_stopped_once,
    only_what_people_say_themselves_counts,
    what_is_older_than_asked_for_is_left_out,
    another_brands_and_accounts_are_apart,
];

/// A message about a parcel to a person of its own, sent two seconds later.
async fn tell(
    world: &World,
    tenant: &Tenant,
    parcel: &str,
    seconds: i64,
    change: impl FnOnce(&mut NewMessage),
) -> Claimed {
    tell_to(world, tenant, (parcel, parcel), seconds, change).await
}

/// The same to the person of another parcel.
async fn tell_to(
    world: &World,
    tenant: &Tenant,
    (parcel, who): (&str, &str),
    seconds: i64,
    change: impl FnOnce(&mut NewMessage),
) -> Claimed {
    let delivery = world.new_delivery(tenant, at(seconds));
    let mut new = world.new_event(tenant, &delivery, parcel);
    new.event.facts.phone = Some(phone(who));
    let event = new.event.clone();
    world.understand(&delivery, vec![new]).await;
    let mut decided = world.decided(tenant, &event, None);
    change(decided.message.as_mut().expect("a message"));
    world.store.commit_decisions(&[decided]).await.expect("decided");
    world.send_all(at(seconds + 2)).await.pop().expect("a claimed message")
}

async fn stop(world: &World, tenant: &Tenant, parcel: &str, seconds: i64) {
    let said = world.said(tenant, &phone(parcel), ConsentKind::OptOut, at(seconds));
    world.store.record_consents(tenant.account, &said).await.expect("recorded");
}

impl World {
    async fn received(&self, tenant: &Tenant) -> Vec<TextReception> {
        self.store.reception(tenant.account, None, at(0)).await.expect("asked")
    }

    /// Who stopped, by the version of the text.
    async fn stopped(&self, tenant: &Tenant) -> Vec<(i64, i64)> {
        let texts = self.received(tenant).await;
        texts.into_iter().map(|text| (text.version, text.figures.stopped)).collect()
    }
}

/// Version `n` of the text.
fn version(n: i64) -> impl FnOnce(&mut NewMessage) {
    move |message| {
        message.template = format!("f_{n}");
        message.template_version = n;
    }
}

async fn texts_are_counted_by_version_and_language(world: World) {
    let tenant = world.tenant("ada").await;
    assert_eq!(world.received(&tenant).await, []);
    for (parcel, kinds) in [
        ("1", &[][..]),
        ("2", &[ReceiptKind::Delivered][..]),
        ("3", &[ReceiptKind::Delivered, ReceiptKind::Read][..]),
        ("4", &[ReceiptKind::Failed][..]),
    ] {
        let claimed = tell(&world, &tenant, parcel, 10, version(1)).await;
        for kind in kinds {
            world.receive(&tenant, &claimed, *kind, at(20)).await;
        }
    }
    // Held back, so never sent.
    let delivery = world.new_delivery(&tenant, at(10));
    let new = world.new_event(&tenant, &delivery, "5");
    let event = new.event.clone();
    world.understand(&delivery, vec![new]).await;
    world.store.commit_decisions(&[world.decided(&tenant, &event, None)]).await.expect("decided");

    let german = |message: &mut NewMessage| {
        version(1)(message);
        message.language = "de".parse().expect("a language");
    };
    let shipped = |message: &mut NewMessage| {
        version(2)(message);
        message.tracking_status = TrackingStatus::Shipped;
    };
    // Whatever was waiting goes along; the fifth is the library's in French.
    let claimed = tell(&world, &tenant, "6", 30, german).await;
    world.receive(&tenant, &claimed, ReceiptKind::Read, at(40)).await;
    tell(&world, &tenant, "7", 30, shipped).await;

    let text = |status, template: &str, version, language: &str, figures| TextReception {
        brand: tenant.brand,
        channel: Channel::Whatsapp,
        status,
        template: template.to_owned(),
        version,
        language: language.parse().expect("a language"),
        figures,
    };
    let figures = |sent, delivered, read| Reception { sent, delivered, read, stopped: 0 };
    let delivered = TrackingStatus::Delivered;
    assert_eq!(
        world.received(&tenant).await,
        [
            text(TrackingStatus::Shipped, "f_2", 2, "fr", figures(1, 0, 0)),
            text(delivered, "f_1", 1, "de", figures(1, 1, 1)),
            text(delivered, "f_1", 1, "fr", figures(3, 2, 1)),
            text(delivered, "facteur_delivered", 1, "fr", figures(1, 0, 0)),
        ],
    );
}

async fn a_stop_counts_against_the_last_message_before_it(world: World) {
    let tenant = world.tenant("ada").await;
    for n in 1..=3 {
        tell_to(&world, &tenant, (&n.to_string(), "1"), n * 100, version(n)).await;
    }
    // Said after the second had been sent, before the third.
    stop(&world, &tenant, "1", 250).await;
    assert_eq!(world.stopped(&tenant).await, [(1, 0), (2, 1), (3, 0)]);
}

async fn a_stop_much_later_counts_against_none(world: World) {
    let tenant = world.tenant("ada").await;
    let day = i64::try_from(FOLLOWS.as_secs()).expect("small");
    tell(&world, &tenant, "1", 10, version(1)).await;
    tell(&world, &tenant, "2", 10, version(2)).await;
    stop(&world, &tenant, "1", 12 + day).await;
    stop(&world, &tenant, "2", 13 + day).await;
    assert_eq!(world.stopped(&tenant).await, [(1, 1), (2, 0)]);
}

async fn who_stops_twice_stopped_once(world: World) {
    let tenant = world.tenant("ada").await;
    tell(&world, &tenant, "1", 10, version(1)).await;
    tell(&world, &tenant, "2", 10, version(1)).await;
    stop(&world, &tenant, "1", 20).await;
    stop(&world, &tenant, "1", 30).await;
    assert_eq!(world.stopped(&tenant).await, [(1, 1)]);
    stop(&world, &tenant, "2", 40).await;
    assert_eq!(world.stopped(&tenant).await, [(1, 2)]);
}

async fn only_what_people_say_themselves_counts(world: World) {
    use ConsentSource::{Api, Import, Keyword, Link, Member, Page};
    let tenant = world.tenant("ada").await;
    let says = [Keyword, Link, Page, Api, Member, Import];
    for (n, source) in (1..).zip(says) {
        let parcel = n.to_string();
        tell(&world, &tenant, &parcel, 10, version(n)).await;
        let word = world.word(&tenant, &phone(&parcel), ConsentKind::OptOut, source, at(20));
        world.store.record_consents(tenant.account, &[word]).await.expect("recorded");
    }
    // A yes, a choice, a no to advertising alone: none of them stops the news.
    let mut others = Vec::new();
    for (n, kind) in [(7, ConsentKind::OptIn), (8, ConsentKind::Choice), (9, ConsentKind::OptOut)] {
        let parcel = n.to_string();
        tell(&world, &tenant, &parcel, 10, version(n)).await;
        let word = world.word(&tenant, &phone(&parcel), kind, Page, at(20));
        let purpose = if n == 9 { Purpose::Marketing } else { Purpose::Tracking };
        others.push(ConsentRecord { purpose, ..word });
    }
    world.store.record_consents(tenant.account, &others).await.expect("recorded");
    let stopped = world.stopped(&tenant).await;
    assert_eq!(stopped, (1..=9).map(|n| (n, i64::from(n <= 3))).collect::<Vec<_>>());
}

async fn what_is_older_than_asked_for_is_left_out(world: World) {
    let tenant = world.tenant("ada").await;
    tell(&world, &tenant, "1", 10, version(1)).await;
    tell(&world, &tenant, "2", 60, version(2)).await;
    stop(&world, &tenant, "1", 70).await;
    stop(&world, &tenant, "2", 70).await;
    let texts = world.store.reception(tenant.account, None, at(50)).await.expect("asked");
    let found: Vec<_> = texts.iter().map(|text| (text.version, text.figures.stopped)).collect();
    assert_eq!(found, [(2, 1)]);
}

async fn another_brands_and_accounts_are_apart(world: World) {
    let (ada, bob) = (world.tenant("ada").await, world.tenant("bob").await);
    tell(&world, &ada, "1", 10, version(1)).await;
    let second = BrandId::mint(at(0), &world.ids);
    world.store.create_brand(ada.account, second, &new_brand("Second"), at(0)).await.expect("one");
    // The same person says no to another brand, and to another account's.
    let other = Tenant { brand: second, ..ada };
    stop(&world, &other, "1", 20).await;
    stop(&world, &bob, "1", 20).await;
    assert_eq!(world.stopped(&ada).await, [(1, 0)]);
    stop(&world, &ada, "1", 30).await;
    assert_eq!(world.stopped(&ada).await, [(1, 1)]);

    let of = async |account, brand| {
        world.store.reception(account, brand, at(0)).await.expect("asked").len()
    };
    assert_eq!(of(ada.account, Some(ada.brand)).await, 1);
    assert_eq!(of(ada.account, Some(second)).await, 0);
    assert_eq!(of(bob.account, None).await, 0);
    assert_eq!(of(bob.account, Some(ada.brand)).await, 0);
}
