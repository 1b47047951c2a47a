//! Requests of sign-up pages: kept without their number, found by it, confirmed once, gone after two days.

use super::world::{Tenant, World, at, new_brand, phone};
use dispatch::brand::SenderState;
use dispatch::channel::Channel;
use dispatch::consent::{ConsentKind, ConsentSource, Purpose};
use dispatch::error::Error;
use dispatch::id::{BrandId, JoinId};
use dispatch::join::{Agreed, JOIN_GOOD_FOR, JoinCode, JoinRequest};
use dispatch::port::Inbound;
use dispatch::time::Timestamp;
use dispatch::view::ConsentFilter;

both![
    a_request_comes_back_whole_until_it_expires,
    only_the_number_and_the_brand_of_a_request_find_it,
    a_message_confirms_a_request_once,
    another_accounts_brand_takes_no_request,
    a_brands_face_says_who_hears_its_customers,
];

fn request(world: &World, brand: BrandId, now: Timestamp) -> JoinRequest {
    let agreed = |purpose, text: &str| Agreed { purpose, text: text.into() };
    JoinRequest {
        id: JoinId::mint(now, &world.ids),
        brand,
        code: JoinCode::mint(&world.ids),
        agreed: vec![
            agreed(Purpose::Tracking, "Oui, \"suivi\""),
            agreed(Purpose::Marketing, "Oui, offres"),
        ],
        text_version: "join-1/fr".into(),
        asked_at: now,
        expires_at: now.plus(JOIN_GOOD_FOR),
        confirmed_at: None,
    }
}

async fn asked(world: &World, tenant: &Tenant, who: &str) -> JoinRequest {
    let request = request(world, tenant.brand, at(1));
    world.store.ask_to_join(tenant.account, who, &request).await.expect("kept");
    request
}

/// What the callback makes of a message.
fn message(world: &World, tenant: &Tenant, id: &str, join: &JoinRequest, now: i64) -> Inbound {
    Inbound {
        account: tenant.account,
        sender: tenant.sender,
        provider_id: id.into(),
        from: Some(phone("1")),
        text: join.code.to_string(),
        received_at: at(now),
        consent: join.records(&phone("1"), id, at(now), &world.ids),
        confirms: Some(join.id),
    }
}

async fn a_request_comes_back_whole_until_it_expires(world: World) {
    let tenant = world.tenant("ada").await;
    let (account, brand) = (tenant.account, tenant.brand);
    let request = asked(&world, &tenant, &phone("1")).await;
    let end = at(1).plus(JOIN_GOOD_FOR);
    let last = Timestamp::from_micros(end.micros() - 1);
    let join = async |now| world.store.join(account, brand, request.id, now).await;
    assert_eq!(join(last).await, Ok(Some(request.clone())));
    assert_eq!(join(end).await, Ok(None));
    let unknown = JoinId::mint(at(9), &world.ids);
    assert_eq!(world.store.join(account, brand, unknown, at(2)).await, Ok(None));
    assert_eq!(world.store.sweep_joins(last).await, Ok(0));
    assert_eq!(world.store.sweep_joins(end).await, Ok(1));
    assert_eq!(join(at(2)).await, Ok(None), "removed");
}

async fn only_the_number_and_the_brand_of_a_request_find_it(world: World) {
    let (tenant, bob) = (world.tenant("ada").await, world.tenant("bob").await);
    let account = tenant.account;
    let second = BrandId::mint(at(0), &world.ids);
    world.store.create_brand(account, second, &new_brand("Second"), at(0)).await.expect("a brand");
    let request = asked(&world, &tenant, &phone("1")).await;
    let end = request.expires_at;
    let open = async |account, brand, who: &str, now| {
        world.store.open_join(account, brand, request.code, who, now).await.expect("asked")
    };
    assert_eq!(open(account, tenant.brand, &phone("1"), at(2)).await, Some(request.clone()));
    assert_eq!(open(account, tenant.brand, &phone("2"), at(2)).await, None, "another number");
    assert_eq!(open(account, second, &phone("1"), at(2)).await, None, "another brand");
    assert_eq!(open(bob.account, tenant.brand, &phone("1"), at(2)).await, None, "another account");
    assert_eq!(open(account, tenant.brand, &phone("1"), end).await, None, "too late");
    let other = JoinCode::mint(&world.ids);
    let found = world.store.open_join(account, tenant.brand, other, &phone("1"), at(2)).await;
    assert_eq!(found, Ok(None), "another code");
}

async fn a_message_confirms_a_request_once(world: World) {
    let tenant = world.tenant("ada").await;
    let (account, brand) = (tenant.account, tenant.brand);
    let join = asked(&world, &tenant, &phone("1")).await;
    let ledger = async || {
        let filter = ConsentFilter { limit: 20, ..ConsentFilter::default() };
        world.store.consents(account, &filter).await.expect("asked").rows
    };
    assert_eq!(ledger().await, [], "nothing counts before the message");
    // Two messages that both found it open, in one callback and in the next.
    let both =
        [message(&world, &tenant, "in1", &join, 5), message(&world, &tenant, "in2", &join, 5)];
    world.store.store_receipts(&[], &both).await.expect("kept");
    world.store.store_receipts(&[], &both[..1]).await.expect("kept");
    let late = message(&world, &tenant, "in3", &join, 9);
    world.store.store_receipts(&[], &[late]).await.expect("kept");
    let rows = ledger().await;
    let mut said: Vec<_> = rows.iter().map(|row| (row.record.purpose, &*row.record.text)).collect();
    said.sort_unstable();
    assert_eq!(said, [(Purpose::Tracking, "Oui, \"suivi\""), (Purpose::Marketing, "Oui, offres")]);
    for row in &rows {
        let record = &row.record;
        assert_eq!((record.kind, record.source), (ConsentKind::OptIn, ConsentSource::SignUpPage));
        assert_eq!((record.channel, &*record.address), (Channel::Whatsapp, &*phone("1")));
        assert_eq!(record.text_version.as_deref(), Some("join-1/fr"));
        assert_eq!(record.proof, Some(format!("{} in1", join.code)));
        assert_eq!(record.at, at(5));
    }
    let stands = world.store.position(account, brand, &phone("1")).await.expect("asked");
    assert_eq!(stands.kind(Channel::Whatsapp, Purpose::Tracking), Some(ConsentKind::OptIn));
    let found = world.store.open_join(account, brand, join.code, &phone("1"), at(6)).await;
    assert_eq!(found, Ok(None), "used");
    let shown = world.store.join(account, brand, join.id, at(6)).await.expect("asked");
    assert_eq!(shown.and_then(|join| join.confirmed_at), Some(at(5)));
}

async fn another_accounts_brand_takes_no_request(world: World) {
    let (ada, bob) = (world.tenant("ada").await, world.tenant("bob").await);
    let forged = request(&world, ada.brand, at(1));
    let kept = world.store.ask_to_join(bob.account, &phone("1"), &forged).await;
    assert_eq!(kept, Err(Error::NotFound));
    let own = asked(&world, &ada, &phone("1")).await;
    assert_eq!(world.store.join(bob.account, ada.brand, own.id, at(2)).await, Ok(None));
    assert_eq!(world.store.join(ada.account, bob.brand, own.id, at(2)).await, Ok(None));
}

async fn a_brands_face_says_who_hears_its_customers(world: World) {
    let tenant = world.tenant("ada").await;
    let face = async || world.store.find_face(tenant.brand).await.expect("asked").expect("a brand");
    assert_eq!(face().await.company_country.code(), "FR");
    let sender = face().await.sender.expect("a sender");
    assert_eq!((sender.number.as_str(), sender.hears), ("+33 6 39 98 00 00", false));
    assert_eq!((sender.state, sender.sandbox), (SenderState::Ready, true));
    assert_eq!(sender.phone_number_id, "1065");
    let subscribed = world.store.subscribed(tenant.account, tenant.sender, "https://us/callbacks");
    subscribed.await.expect("noted");
    assert!(face().await.sender.expect("a sender").hears);
    let bare = BrandId::mint(at(0), &world.ids);
    let new = new_brand("Bare");
    world.store.create_brand(tenant.account, bare, &new, at(0)).await.expect("a brand");
    let face = world.store.find_face(bare).await.expect("asked").expect("a brand");
    assert_eq!(face.sender, None);
}
