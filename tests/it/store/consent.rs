//! The consent ledger: appended, read back, and what follows from it.

use super::world::{Tenant, World, at, new_brand, phone};
use dispatch::attempt::Claimed;
use dispatch::brand::BrandState;
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::consent::{ConsentKind, ConsentRecord, ConsentSource, Position, Purpose};
use dispatch::decision::RuleCode;
use dispatch::error::Error;
use dispatch::id::{BrandId, ConsentId};
use dispatch::receipt::ReceiptKind;
use dispatch::view::{ConsentFigures, ConsentFilter, Coverage};
use std::collections::BTreeSet;

both![
    a_record_comes_back_whole,
    pages_of_the_ledger_join,
    where_somebody_stands_is_what_the_ledger_says,
    purposes_and_choices_reach_the_decision,
    a_brand_has_a_face,
    what_was_received_is_shown_newest_first,
    an_order_leads_to_its_people,
    people_are_counted_by_where_they_stand,
    who_was_told_and_why_not_the_others,
    another_accounts_ledger_is_closed,
];

fn all(limit: i64) -> ConsentFilter {
    ConsentFilter { limit, ..ConsentFilter::default() }
}

async fn record(world: &World, tenant: &Tenant, records: &[ConsentRecord]) {
    world.store.record_consents(tenant.account, records).await.expect("recorded");
}

async fn a_record_comes_back_whole(world: World) {
    let tenant = world.tenant("ada").await;
    let record = ConsentRecord {
        purpose: Purpose::Marketing,
        origin: Some("checkout".into()),
        text: "Yes, \"write\" to me".into(),
        text_version: Some("3".into()),
        proof: Some("order 48213".into()),
        user: Some(tenant.owner),
        at: at(-500),
        ..world.word(&tenant, &phone("1"), ConsentKind::OptIn, ConsentSource::Member, at(1))
    };
    let choice = ConsentRecord {
        silent: [TrackingStatus::Shipped, TrackingStatus::Delayed].into(),
        ..world.word(&tenant, "zoe@example.org", ConsentKind::Choice, ConsentSource::Page, at(2))
    };
    world
        .store
        .record_consents(tenant.account, std::slice::from_ref(&record))
        .await
        .expect("recorded");
    world
        .store
        .record_consents(tenant.account, std::slice::from_ref(&choice))
        .await
        .expect("recorded");
    world.store.record_consents(tenant.account, &[]).await.expect("nothing to do");
    let one = world.store.consent(tenant.account, record.id).await.expect("asked").expect("one");
    assert_eq!((&one.record, one.member.as_deref()), (&record, Some("ada")));
    let rows = world.store.consents(tenant.account, &all(10)).await.expect("asked").rows;
    assert_eq!(rows.iter().map(|row| &row.record).collect::<Vec<_>>(), [&choice, &record]);
    let unknown = ConsentId::mint(at(9), &world.ids);
    assert_eq!(world.store.consent(tenant.account, unknown).await, Ok(None));
}

async fn pages_of_the_ledger_join(world: World) {
    let tenant = world.tenant("ada").await;
    for n in 1..=5 {
        let kind = if n == 3 { ConsentKind::OptOut } else { ConsentKind::OptIn };
        record(&world, &tenant, &world.said(&tenant, &phone(&n.to_string()), kind, at(n))).await;
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let filter = ConsentFilter { before, ..all(2) };
        let page = world.store.consents(tenant.account, &filter).await.expect("asked");
        seen.extend(page.rows.iter().map(|row| row.record.id));
        before = seen.last().copied();
        if !page.more {
            break;
        }
    }
    assert_eq!(seen.len(), 6, "a no is about both purposes");
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 6);
    let count = async |filter: ConsentFilter| {
        world.store.consents(tenant.account, &filter).await.expect("asked").rows.len()
    };
    assert_eq!(count(ConsentFilter { address: Some(phone("3")), ..all(9) }).await, 2);
    assert_eq!(count(ConsentFilter { purpose: Some(Purpose::Marketing), ..all(9) }).await, 1);
    assert_eq!(count(ConsentFilter { brand: Some(tenant.brand), ..all(9) }).await, 6);
    let other = BrandId::mint(at(9), &world.ids);
    assert_eq!(count(ConsentFilter { brand: Some(other), ..all(9) }).await, 0);
}

/// The table decisions read and the fold over the ledger are two ways to say one rule.
async fn where_somebody_stands_is_what_the_ledger_says(world: World) {
    use ConsentKind::{Choice, OptIn, OptOut, TakenBack};
    use ConsentSource::{Api, Keyword, Member, Page};
    let tenant = world.tenant("ada").await;
    let who = phone("1");
    let mut ledger: Vec<ConsentRecord> = Vec::new();
    for (n, (kind, source, said)) in [
        (OptIn, Api, 1),
        (OptOut, Member, 2),
        (OptIn, Member, 3),
        (OptOut, Keyword, 4),
        (OptIn, Api, 5),
        (OptOut, Api, 6),
        (OptIn, Member, 7),
        (Choice, Page, 8),
        (OptIn, Page, 3),
        (OptIn, Page, 9),
        (Choice, Page, 7),
        (OptOut, Api, 9),
        (OptOut, Page, 10),
        (TakenBack, Page, 11),
        (OptIn, Api, 12),
    ]
    .into_iter()
    .enumerate()
    {
        let now = at(100 + i64::try_from(n).expect("small"));
        let word = ConsentRecord {
            at: at(said),
            silent: if kind == Choice { [TrackingStatus::Shipped].into() } else { [].into() },
            ..world.word(&tenant, &who, kind, source, now)
        };
        record(&world, &tenant, std::slice::from_ref(&word)).await;
        ledger.push(word);
        let stands = world.store.position(tenant.account, tenant.brand, &who).await;
        assert_eq!(stands, Ok(Position::of(&ledger)), "after {n}: {kind} by {source}");
        let own = world
            .store
            .own_opt_outs(tenant.account, tenant.brand, std::slice::from_ref(&who))
            .await;
        let refused = Position::of(&ledger).said.values().any(|s| s.own && s.kind == OptOut);
        assert_eq!(own.expect("asked").len(), usize::from(refused), "after {n}");
    }
    // All at once comes to the same.
    let other = phone("2");
    let own: Vec<_> = ledger.into_iter().filter(|record| record.source.is_own()).collect();
    let own: Vec<_> = own
        .into_iter()
        .map(|record| {
            let id = ConsentId::mint(record.recorded_at, &world.ids);
            ConsentRecord { id, address: other.clone(), ..record }
        })
        .collect();
    record(&world, &tenant, &own).await;
    let stands = world.store.position(tenant.account, tenant.brand, &other).await;
    assert_eq!(stands, Ok(Position::of(&own)));
}

async fn purposes_and_choices_reach_the_decision(world: World) {
    let tenant = world.tenant("ada").await;
    let delivery = world.new_delivery(&tenant, at(1));
    let event = world.new_event(&tenant, &delivery, "1").event;
    let key = (tenant.brand, Channel::Whatsapp, phone("1"));
    let gather = async || {
        let found = world.store.gather(std::slice::from_ref(&event)).await.expect("gathered");
        (
            found.opted_out.get(&key).copied(),
            found.consented.get(&key).copied(),
            found.marketing.get(&key).copied(),
            found.silenced.get(&key).cloned(),
        )
    };
    assert_eq!(gather().await, (None, None, None, None));
    let yes = |purpose, seconds| ConsentRecord {
        purpose,
        ..world.word(&tenant, &phone("1"), ConsentKind::OptIn, ConsentSource::Api, at(seconds))
    };
    record(&world, &tenant, &[yes(Purpose::Marketing, 2)]).await;
    assert_eq!(gather().await, (None, None, Some(at(2)), None), "advertising alone is no news");
    record(&world, &tenant, &[yes(Purpose::Tracking, 3)]).await;
    assert_eq!(gather().await, (None, Some(at(3)), Some(at(2)), None));
    let choice = ConsentRecord {
        silent: [TrackingStatus::Delivered].into(),
        ..world.word(&tenant, &phone("1"), ConsentKind::Choice, ConsentSource::Page, at(4))
    };
    record(&world, &tenant, &[choice]).await;
    let silent = Some(([TrackingStatus::Delivered].into(), at(4)));
    assert_eq!(gather().await, (None, Some(at(3)), Some(at(2)), silent.clone()));
    record(&world, &tenant, &world.said(&tenant, &phone("1"), ConsentKind::OptOut, at(5))).await;
    assert_eq!(gather().await, (Some(at(5)), None, None, silent.clone()), "a no ends everything");
    record(&world, &tenant, &world.said(&tenant, &phone("1"), ConsentKind::OptIn, at(6))).await;
    assert_eq!(gather().await, (None, Some(at(6)), None, silent), "a yes is about the news alone");
}

async fn a_brand_has_a_face(world: World) {
    let tenant = world.tenant("ada").await;
    let face = world.store.find_face(tenant.brand).await.expect("asked").expect("a brand");
    assert_eq!((face.account, face.brand), (tenant.account, tenant.brand));
    assert_eq!((face.name.as_str(), face.state), ("ada Shop", BrandState::Active));
    assert_eq!((face.language.code(), face.channels), ("fr", vec![Channel::Whatsapp]));
    assert_eq!(face.whatsapp_number.as_deref(), Some("+33639980099"));
    assert_eq!((face.color, face.logo), (None, None));
    let unknown = BrandId::mint(at(9), &world.ids);
    assert_eq!(world.store.find_face(unknown).await, Ok(None));
}

async fn what_was_received_is_shown_newest_first(world: World) {
    let tenant = world.tenant("ada").await;
    let (first, _) = world.delivered(&tenant, "1", at(1)).await;
    let who = phone("1");
    let received = async |limit| {
        world.store.received(tenant.account, tenant.brand, &who, limit).await.expect("asked")
    };
    let delivery = world.new_delivery(&tenant, at(10));
    let mut new = world.new_event(&tenant, &delivery, "2");
    new.event.facts.phone = Some(who.clone());
    let event = new.event.clone();
    world.understand(&delivery, vec![new]).await;
    let decided = world.decided(&tenant, &event, None);
    world.store.commit_decisions(std::slice::from_ref(&decided)).await.expect("decided");
    assert_eq!(received(10).await.len(), 1, "what is on its way was not received");
    world.send_all(at(12)).await;
    let rows = received(10).await;
    let ids: Vec<_> = rows.iter().map(|row| Some(row.id)).collect();
    assert_eq!(ids, [decided.message.as_ref().map(|m| m.id), first.message]);
    assert_eq!((rows[1].at, rows[1].channel), (at(2), Channel::Whatsapp));
    assert_eq!((rows[1].status, rows[1].language.code()), (TrackingStatus::Delivered, "fr"));
    assert_eq!(rows[1].order_number.as_deref(), Some("O-1"));
    assert_eq!(rows[1].rendered.body, "Bonjour Zoé, voilà.");
    assert_eq!(received(1).await.len(), 1);
}

async fn an_order_leads_to_its_people(world: World) {
    let tenant = world.tenant("ada").await;
    world.delivered(&tenant, "1", at(1)).await;
    assert_eq!(world.store.addresses_of(tenant.account, "O-1").await, Ok(vec![phone("1")]));
    assert_eq!(world.store.addresses_of(tenant.account, "O-2").await, Ok(vec![]));
}

async fn people_are_counted_by_where_they_stand(world: World) {
    let tenant = world.tenant("ada").await;
    assert_eq!(world.store.consent_figures(tenant.account, at(0)).await, Ok(vec![]));
    for parcel in ["1", "2", "3"] {
        world.delivered(&tenant, parcel, at(10)).await;
    }
    // Another parcel of somebody who was counted.
    let delivery = world.new_delivery(&tenant, at(400));
    let mut new = world.new_event(&tenant, &delivery, "4");
    new.event.facts.phone = Some(phone("1"));
    let event = new.event.clone();
    world.understand(&delivery, vec![new]).await;
    let stale = world.decided(&tenant, &event, Some(RuleCode::NotStale));
    world.store.commit_decisions(&[stale]).await.expect("decided");
    record(&world, &tenant, &world.said(&tenant, &phone("1"), ConsentKind::OptIn, at(20))).await;
    record(&world, &tenant, &world.said(&tenant, &phone("2"), ConsentKind::OptOut, at(20))).await;
    record(&world, &tenant, &world.said(&tenant, &phone("9"), ConsentKind::OptOut, at(2))).await;
    let figures = world.store.consent_figures(tenant.account, at(5)).await;
    let expected = ConsentFigures {
        brand: tenant.brand,
        people: 3,
        on_record: 1,
        refused: 1,
        stopped_lately: 1,
        stopped: 2,
    };
    assert_eq!(figures, Ok(vec![expected]));
}

async fn who_was_told_and_why_not_the_others(world: World) {
    let tenant = world.tenant("ada").await;
    assert_eq!(world.store.coverage(tenant.account, at(0)).await, Ok(vec![]));
    let not = async |parcel: &str, who: Option<&str>, seconds, reason| {
        let delivery = world.new_delivery(&tenant, at(seconds));
        let mut new = world.new_event(&tenant, &delivery, parcel);
        new.event.facts.phone = who.map(phone);
        let event = new.event.clone();
        world.understand(&delivery, vec![new]).await;
        let decided = world.decided(&tenant, &event, Some(reason));
        world.store.commit_decisions(&[decided]).await.expect("decided");
    };
    not("0", Some("0"), 1, RuleCode::StatusOn).await;
    world.delivered(&tenant, "1", at(10)).await;
    world.delivered(&tenant, "2", at(10)).await;
    // Told once, and later not: told.
    not("3", Some("1"), 400, RuleCode::NotStale).await;
    // Two parcels of one person: the newest says why.
    not("4", Some("4"), 20, RuleCode::StatusOn).await;
    not("5", Some("4"), 30, RuleCode::NotOptedOut).await;
    not("6", Some("6"), 20, RuleCode::NotOptedOut).await;
    // Nobody is known: an order is somebody.
    not("7", None, 20, RuleCode::RecipientUsable).await;
    // About nobody.
    not("8", Some("8"), 20, RuleCode::Notifies).await;
    not("9", Some("9"), 20, RuleCode::NotTest).await;
    // What failed told nobody; that nothing was said again afterwards is not why.
    let failed = tell(&world, &tenant, "a", 40).await;
    world.receive(&tenant, &failed, ReceiptKind::Failed, at(50)).await;
    not("b", Some("a"), 60, RuleCode::NotAlreadyTold).await;
    // Accepted is not delivered.
    tell(&world, &tenant, "c", 70).await;
    let expected = Coverage {
        told: 2,
        failed: 1,
        under_way: 1,
        untold: vec![(RuleCode::NotOptedOut, 2), (RuleCode::RecipientUsable, 1)],
        ..Coverage::none(tenant.brand, Channel::Whatsapp)
    };
    assert_eq!(expected.people(), 7);
    assert_eq!(world.store.coverage(tenant.account, at(5)).await, Ok(vec![expected]));
    // The same people are counted beside it.
    let figures = world.store.consent_figures(tenant.account, at(5)).await.expect("asked");
    assert_eq!(figures.iter().map(|line| line.people).collect::<Vec<_>>(), [7]);
}

/// A message that its provider has taken.
async fn tell(world: &World, tenant: &Tenant, parcel: &str, seconds: i64) -> Claimed {
    let delivery = world.new_delivery(tenant, at(seconds));
    let new = world.new_event(tenant, &delivery, parcel);
    let event = new.event.clone();
    world.understand(&delivery, vec![new]).await;
    let decided = world.decided(tenant, &event, None);
    world.store.commit_decisions(&[decided]).await.expect("decided");
    world.send_all(at(seconds + 2)).await.pop().expect("a claimed message")
}

async fn another_accounts_ledger_is_closed(world: World) {
    let (ada, bob) = (world.tenant("ada").await, world.tenant("bob").await);
    world.delivered(&ada, "1", at(1)).await;
    let word = world.word(&ada, &phone("1"), ConsentKind::OptOut, ConsentSource::Page, at(5));
    record(&world, &ada, std::slice::from_ref(&word)).await;
    let me = bob.account;
    let forged = world.word(&ada, &phone("1"), ConsentKind::OptIn, ConsentSource::Page, at(9));
    let second = BrandId::mint(at(0), &world.ids);
    world.store.create_brand(me, second, &new_brand("Second"), at(0)).await.expect("a brand");
    let own = ConsentRecord { brand: second, ..forged.clone() };
    assert_eq!(world.store.record_consents(me, &[own, forged]).await, Err(Error::NotFound));
    assert_eq!(world.store.consents(me, &all(9)).await.expect("asked").rows, []);
    assert_eq!(world.store.consent(me, word.id).await, Ok(None));
    assert_eq!(world.store.position(me, ada.brand, &phone("1")).await, Ok(Position::default()));
    let out = world.store.own_opt_outs(me, ada.brand, &[phone("1")]).await;
    assert_eq!(out, Ok(BTreeSet::new()));
    assert_eq!(world.store.received(me, ada.brand, &phone("1"), 9).await, Ok(vec![]));
    assert_eq!(world.store.addresses_of(me, "O-1").await, Ok(vec![]));
    assert_eq!(world.store.consent_figures(me, at(0)).await, Ok(vec![]));
    assert_eq!(world.store.coverage(me, at(0)).await, Ok(vec![]));
    let stands = world.store.position(ada.account, ada.brand, &phone("1")).await.expect("asked");
    assert!(stands.is_stopped(Channel::Whatsapp), "hers is as it was");
}
