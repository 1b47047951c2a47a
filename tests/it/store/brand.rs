//! Brands, senders, channels, the matrix.

use super::world::{World, at, country, new_brand};
use dispatch::brand::{
    BrandState, ChannelSettings, ChannelState, ConsentBasis, CountryLanguages, SenderState,
};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::decision::RuleCode;
use dispatch::error::Error;
use dispatch::event::EventStatus;
use dispatch::id::{BrandId, ChangeId, SenderId};
use dispatch::language::Language;
use dispatch::port::{CellChange, Inbound, NewBrand, NewLogo, Signed};
use dispatch::quiet::QuietHours;
use dispatch::sender::{SenderCheck, SenderProblem};
use dispatch::timing::{Cap, Late, Merge, Timing};
use dispatch::view::VolumeView;
use dispatch::zone::Weekday;

both![
    brands_are_listed_by_name_archived_last,
    a_name_is_used_once_per_account,
    an_edit_on_an_old_version_is_a_conflict,
    a_logo_is_found_by_its_public_name_alone,
    a_senders_health_is_kept_with_it,
    quiet_hours_are_set_on_the_version_they_were_made_on,
    timing_is_set_and_decided_by,
    languages_of_countries_are_set_and_decided_by,
    a_new_sender_replaces_the_earlier_one,
    a_sender_tells_where_its_receipts_go,
    a_channel_nobody_touched_is_off,
    activation_keeps_a_matrix_that_is_there,
    a_matrix_is_saved_on_the_version_it_was_made_on,
    two_first_saves_do_not_both_win,
    volumes_count_events_by_cell,
];

async fn brands_are_listed_by_name_archived_last(world: World) {
    let (account, _) = world.account("ada").await;
    let mut ids = Vec::new();
    for name in ["zebra", "Apple", "mango"] {
        let id = BrandId::mint(at(1), &world.ids);
        world.store.create_brand(account, id, &new_brand(name), at(1)).await.expect("made");
        ids.push(id);
    }
    assert_eq!(world.store.set_brand_state(account, ids[1], BrandState::Archived).await, Ok(()));
    let brands = world.store.brands(account).await.expect("asked");
    let names: Vec<_> = brands.iter().map(|b| b.name.as_str()).collect();
    assert_eq!(names, ["mango", "zebra", "Apple"]);
    assert_eq!(brands[2].state, BrandState::Archived);
    assert_eq!(world.store.set_brand_state(account, ids[1], BrandState::Active).await, Ok(()));
    let brand = world.store.brand(account, ids[1]).await.expect("asked").expect("a brand");
    assert_eq!((brand.state, brand.version, brand.sender), (BrandState::Active, 1, None));
    assert_eq!(brand.whatsapp_number.as_deref(), Some("+33639980099"));
    let unknown = BrandId::mint(at(9), &world.ids);
    assert_eq!(world.store.brand(account, unknown).await, Ok(None));
    let missed = world.store.set_brand_state(account, unknown, BrandState::Active).await;
    assert_eq!(missed, Err(Error::NotFound));
}

async fn a_name_is_used_once_per_account(world: World) {
    let (ada, _) = world.account("ada").await;
    let (bob, _) = world.account("bob").await;
    let taken = Err(Error::invalid("name", "taken"));
    let new_id = || BrandId::mint(at(1), &world.ids);
    let other = new_id();
    assert_eq!(world.store.create_brand(ada, new_id(), &new_brand("One"), at(1)).await, Ok(()));
    assert_eq!(world.store.create_brand(ada, new_id(), &new_brand("One"), at(2)).await, taken);
    assert_eq!(world.store.create_brand(bob, new_id(), &new_brand("One"), at(2)).await, Ok(()));
    assert_eq!(world.store.create_brand(ada, other, &new_brand("Two"), at(2)).await, Ok(()));
    assert_eq!(world.store.update_brand(ada, other, 1, &new_brand("One")).await, taken);
}

async fn an_edit_on_an_old_version_is_a_conflict(world: World) {
    let (account, _) = world.account("ada").await;
    let id = BrandId::mint(at(1), &world.ids);
    world.store.create_brand(account, id, &new_brand("One"), at(1)).await.expect("made");
    let edit = NewBrand {
        color: "#1f6f5c".parse().ok(),
        support_email: Some("aide@lune.example".into()),
        support_url: Some("https://lune.example/aide".into()),
        privacy_url: Some("https://lune.example/vie-privee".into()),
        ..NewBrand::named("L'Été".into(), "pt_BR".parse().expect("a language"))
    };
    assert_eq!(world.store.update_brand(account, id, 1, &edit).await, Ok(()));
    assert_eq!(world.store.update_brand(account, id, 1, &edit).await, Err(Error::Conflict));
    let brand = world.store.brand(account, id).await.expect("asked").expect("a brand");
    assert_eq!((brand.name.as_str(), brand.version), ("L'Été", 2));
    assert_eq!((brand.language.code(), brand.whatsapp_number), ("pt_BR", None));
    assert_eq!(brand.color, edit.color);
    assert_eq!(brand.support_email.as_deref(), Some("aide@lune.example"));
    assert_eq!(brand.support_url.as_deref(), Some("https://lune.example/aide"));
    assert_eq!(brand.privacy_url.as_deref(), Some("https://lune.example/vie-privee"));
    let unknown = BrandId::mint(at(9), &world.ids);
    assert_eq!(world.store.update_brand(account, unknown, 1, &edit).await, Err(Error::NotFound));
}

async fn a_logo_is_found_by_its_public_name_alone(world: World) {
    let tenant = world.tenant("ada").await;
    let (store, account, brand) = (&world.store, tenant.account, tenant.brand);
    let logo =
        |name: &str, last| NewLogo { name: name.into(), png: vec![0x89, b'P', 0, 0xff, last] };
    let named = async || {
        let brand = store.brand(account, brand).await.expect("asked").expect("a brand");
        (brand.logo, brand.version)
    };
    assert_eq!(named().await, (None, 1));
    let (first, second) = (logo("aa11", 1), logo("bb22", 2));
    assert_eq!(store.set_logo(account, brand, Some(&first), at(1)).await, Ok(()));
    assert_eq!(named().await, (Some("aa11".into()), 1), "a picture is no edit of texts");
    assert_eq!(store.find_logo("aa11").await, Ok(Some(first.png)));
    let (other, _) = world.account("bob").await;
    for change in [Some(&second), None] {
        assert_eq!(store.set_logo(other, brand, change, at(2)).await, Err(Error::NotFound));
    }
    assert_eq!(store.set_logo(account, brand, Some(&second), at(2)).await, Ok(()));
    assert_eq!(store.find_logo("aa11").await, Ok(None), "replaced");
    assert_eq!(store.find_logo("bb22").await, Ok(Some(second.png)));
    assert_eq!(store.brands(account).await.expect("asked")[0].logo.as_deref(), Some("bb22"));
    assert_eq!(store.set_logo(account, brand, None, at(3)).await, Ok(()));
    assert_eq!((named().await.0, store.find_logo("bb22").await), (None, Ok(None)));
    assert_eq!(store.find_logo("' OR 1=1 --").await, Ok(None));
}

async fn a_senders_health_is_kept_with_it(world: World) {
    let tenant = world.tenant("ada").await;
    let (store, account, id) = (&world.store, tenant.account, tenant.sender);
    let shown = async || {
        store.senders_on(account, tenant.brand, Channel::Whatsapp).await.expect("asked").remove(0)
    };
    let new = shown().await;
    assert_eq!((new.sender.id, new.waba_id.as_str(), new.created_at), (id, "1020", at(0)));
    assert_eq!(
        (new.state_since, new.error_code, new.callback_at, new.check),
        (None, None, None, None)
    );

    let harm = SenderState::Reconnect;
    assert_eq!(store.set_sender_state(account, id, harm, Some("190"), at(10)).await, Ok(()));
    assert_eq!(store.set_sender_state(account, id, harm, Some("190"), at(20)).await, Ok(()));
    let ill = shown().await;
    assert_eq!((ill.sender.state, ill.state_since), (harm, Some(at(10))), "since the first");
    assert_eq!((ill.error_code.as_deref(), ill.error_at), (Some("190"), Some(at(20))));

    let mut check = SenderCheck::failed(SenderProblem::Unreachable);
    assert_eq!(store.note_check(account, id, &check, at(30)).await, Ok(()));
    let asked = shown().await;
    assert_eq!(
        (asked.sender.state, asked.state_since),
        (harm, Some(at(10))),
        "silence mends nothing"
    );
    assert_eq!((asked.checked_at, asked.check.as_ref()), (Some(at(30)), Some(&check)));
    check.problems.clear();
    (check.name, check.limit) = (Some("L'Été \"x\"".into()), Some(2_000));
    assert_eq!(store.note_check(account, id, &check, at(40)).await, Ok(()));
    let well = shown().await;
    assert_eq!((well.sender.state, well.state_since), (SenderState::Ready, Some(at(40))));
    assert_eq!((well.check, well.error_code.as_deref()), (Some(check.clone()), Some("190")));

    assert_eq!(store.note_verified(account, id, at(50)).await, Ok(()));
    let says = |provider_id: &str, seconds| Inbound {
        account,
        sender: id,
        provider_id: provider_id.into(),
        from: None,
        text: "hello".into(),
        received_at: at(seconds),
        consent: vec![],
        confirms: None,
    };
    for (name, seconds, noted) in [("a", 60, 60), ("b", 100, 60), ("c", 121, 121)] {
        store.store_receipts(&[], &[says(name, seconds)]).await.expect("kept");
        assert_eq!(shown().await.callback_at, Some(at(noted)), "to the minute");
    }
    assert_eq!(shown().await.verified_at, Some(at(50)));

    // Another number takes its place; the earlier one stays readable.
    let second = world.new_sender(tenant.brand);
    store.connect_sender(account, &second, at(200)).await.expect("connected");
    let both = store.senders_on(account, tenant.brand, Channel::Whatsapp).await.expect("asked");
    assert_eq!(both.iter().map(|s| s.sender.id).collect::<Vec<_>>(), [second.id, id]);
    assert_eq!((both[0].replaced_at, both[1].replaced_at), (None, Some(at(200))));

    let (other, _) = world.account("bob").await;
    assert_eq!(store.senders_on(other, tenant.brand, Channel::Whatsapp).await, Ok(vec![]));
    assert_eq!(store.note_check(other, id, &check, at(1)).await, Err(Error::NotFound));
    assert_eq!(store.note_verified(other, id, at(1)).await, Err(Error::NotFound));
}

async fn quiet_hours_are_set_on_the_version_they_were_made_on(world: World) {
    let tenant = world.tenant("ada").await;
    let (account, id) = (tenant.account, tenant.brand);
    let shown = async || {
        let brand = world.store.brand(account, id).await.expect("asked").expect("a brand");
        (brand.quiet, brand.version)
    };
    assert_eq!(shown().await, (QuietHours::default(), 1), "off until somebody says otherwise");
    let quiet = QuietHours {
        on: true,
        from: 22 * 60 + 5,
        until: 7 * 60,
        days: [Weekday::Sat, Weekday::Sun].into(),
        urgent: [TrackingStatus::Delayed].into(),
    };
    assert_eq!(world.store.set_quiet_hours(account, id, 1, &quiet).await, Ok(()));
    assert_eq!(shown().await, (quiet.clone(), 2));
    let late = QuietHours::default();
    assert_eq!(world.store.set_quiet_hours(account, id, 1, &late).await, Err(Error::Conflict));
    let (other, _) = world.account("bob").await;
    assert_eq!(world.store.set_quiet_hours(other, id, 2, &late).await, Err(Error::NotFound));

    // Decisions see the same.
    let delivery = world.new_delivery(&tenant, at(1));
    let event = world.new_event(&tenant, &delivery, "1").event;
    let gathered = world.store.gather(&[event]).await.expect("gathered");
    assert_eq!(gathered.brands[&id].brand.quiet, quiet);
    let none = QuietHours { days: [].into(), urgent: [].into(), ..late };
    assert_eq!(world.store.set_quiet_hours(account, id, 2, &none).await, Ok(()));
    assert_eq!(shown().await, (none, 3));
}

async fn timing_is_set_and_decided_by(world: World) {
    let tenant = world.tenant("ada").await;
    let (account, id) = (tenant.account, tenant.brand);
    let shown = async || {
        let brand = world.store.brand(account, id).await.expect("asked").expect("a brand");
        (brand.timing, brand.version)
    };
    assert_eq!(shown().await, (Timing::default(), 1), "off until somebody says otherwise");
    let timing = Timing {
        cap: Cap { on: true, per_order: Some(2), per_day: None },
        merge: Merge { on: true, minutes: 7 },
        late: Late { on: true, expected: false, hours: Some(36) },
    };
    assert_eq!(world.store.set_timing(account, id, 1, &timing).await, Ok(()));
    assert_eq!(shown().await, (timing, 2));
    let late = Timing::default();
    assert_eq!(world.store.set_timing(account, id, 1, &late).await, Err(Error::Conflict));
    let (other, _) = world.account("bob").await;
    assert_eq!(world.store.set_timing(other, id, 2, &late).await, Err(Error::NotFound));

    // Decisions see the same.
    let delivery = world.new_delivery(&tenant, at(1));
    let event = world.new_event(&tenant, &delivery, "1").event;
    let gathered = world.store.gather(&[event]).await.expect("gathered");
    assert_eq!(gathered.brands[&id].brand.timing, timing);
}

async fn languages_of_countries_are_set_and_decided_by(world: World) {
    let tenant = world.tenant("ada").await;
    let (account, id) = (tenant.account, tenant.brand);
    let shown = async || {
        let brand = world.store.brand(account, id).await.expect("asked").expect("a brand");
        (brand.languages, brand.version)
    };
    assert_eq!(shown().await, (CountryLanguages::default(), 1));
    let code = |text: &str| text.parse::<Language>().expect("a language");
    let chosen =
        CountryLanguages([(country("BE"), code("fr")), (country("JP"), code("ja"))].into());
    let set = async |account, version, languages: &CountryLanguages| {
        world.store.set_country_languages(account, id, version, languages).await
    };
    assert_eq!(set(account, 1, &chosen).await, Ok(()));
    assert_eq!(shown().await, (chosen.clone(), 2));
    assert_eq!(set(account, 1, &CountryLanguages::default()).await, Err(Error::Conflict));
    let (other, _) = world.account("bob").await;
    assert_eq!(set(other, 2, &chosen).await, Err(Error::NotFound));

    // Decisions see the same.
    let delivery = world.new_delivery(&tenant, at(1));
    let event = world.new_event(&tenant, &delivery, "1").event;
    let gathered = world.store.gather(&[event]).await.expect("gathered");
    let decided_by = &gathered.brands[&id].brand.languages;
    assert_eq!(decided_by, &chosen);
    assert_eq!(decided_by.of(country("BE")), Some(code("fr")));
    assert_eq!(decided_by.of(country("NL")), Some(code("nl")), "what most people there read");
}

async fn a_new_sender_replaces_the_earlier_one(world: World) {
    let tenant = world.tenant("ada").await;
    let shown = async || {
        let brand = world.store.brand(tenant.account, tenant.brand).await.expect("asked");
        brand.expect("a brand").sender.expect("a sender")
    };
    let first = shown().await;
    assert_eq!((first.id, first.state), (tenant.sender, SenderState::Ready));
    assert!(first.sandbox);
    let set = SenderState::Paused;
    assert_eq!(
        world.store.set_sender_state(tenant.account, first.id, set, None, at(3)).await,
        Ok(())
    );
    assert_eq!(shown().await.state, SenderState::Paused);

    let mut second = world.new_sender(tenant.brand);
    second.display_number = "+33 6 39 98 00 01".into();
    second.sandbox = false;
    assert_eq!(world.store.connect_sender(tenant.account, &second, at(2)).await, Ok(()));
    let now = shown().await;
    assert_eq!((now.id, now.state, now.sandbox), (second.id, SenderState::Ready, false));
    // The earlier one is kept for its messages, with its own credentials.
    for id in [first.id, second.id] {
        let access = world.store.sender_access(tenant.account, id).await.expect("asked");
        let access = access.expect("access");
        assert_eq!((access.account, access.id), (tenant.account, id));
        assert_eq!(access.access_token.expose(), "token");
        assert_eq!(access.verify_token.expose(), "verify");
        assert_eq!((access.phone_number_id.as_str(), access.waba_id.as_str()), ("1065", "1020"));
        assert_eq!(access.callback_url, None);
    }
    let nowhere = world.new_sender(BrandId::mint(at(9), &world.ids));
    let missed = world.store.connect_sender(tenant.account, &nowhere, at(3)).await;
    assert_eq!(missed, Err(Error::NotFound));
    let unknown = SenderId::mint(at(9), &world.ids);
    assert!(world.store.sender_access(tenant.account, unknown).await.expect("asked").is_none());
    let missed = world
        .store
        .set_sender_state(tenant.account, unknown, SenderState::Ready, None, at(3))
        .await;
    assert_eq!(missed, Err(Error::NotFound));
}

async fn a_sender_tells_where_its_receipts_go(world: World) {
    let (ada, bob) = (world.tenant("ada").await, world.tenant("bob").await);
    let open = async |base: &str| {
        let senders = world.store.find_unsubscribed(base).await.expect("asked");
        senders.into_iter().map(|s| s.id).collect::<Vec<_>>()
    };
    let base = "http://127.0.0.1:3000";
    assert_eq!(open(base).await, [ada.sender, bob.sender]);
    let url = format!("{base}/callbacks/whatsapp/{}", ada.sender);
    assert_eq!(world.store.subscribed(ada.account, ada.sender, &url).await, Ok(()));
    assert_eq!(open(base).await, [bob.sender]);
    assert_eq!(open("http://127.0.0.1:3000/").await, [bob.sender]);
    assert_eq!(open("http://127.0.0.1:300").await, [ada.sender, bob.sender]);
    let access = world.store.sender_access(ada.account, ada.sender).await.expect("asked");
    assert_eq!(access.expect("access").callback_url, Some(url));
    // Who needs new credentials cannot be subscribed before.
    let set = SenderState::Reconnect;
    world.store.set_sender_state(bob.account, bob.sender, set, None, at(3)).await.expect("set");
    assert!(open(base).await.is_empty());
    // A replaced sender gets no new receipts.
    let second = world.new_sender(ada.brand);
    world.store.connect_sender(ada.account, &second, at(2)).await.expect("connected");
    assert_eq!(open(base).await, [second.id]);
}

async fn settings(world: &World, tenant: &super::world::Tenant) -> ChannelSettings {
    let settings =
        world.store.channel_settings(tenant.account, tenant.brand, Channel::Whatsapp).await;
    settings.expect("settings")
}

async fn a_channel_nobody_touched_is_off(world: World) {
    let (account, owner) = world.account("ada").await;
    let brand = BrandId::mint(at(1), &world.ids);
    world.store.create_brand(account, brand, &new_brand("One"), at(1)).await.expect("made");
    for channel in [Channel::Whatsapp, Channel::Sms] {
        let settings = world.store.channel_settings(account, brand, channel).await;
        assert_eq!(settings, Ok(ChannelSettings::untouched(channel)));
    }
    let by = Signed::new(ChangeId::mint(at(2), &world.ids), Some(owner), at(2));
    let off = world.store.deactivate_channel(account, brand, Channel::Whatsapp, by).await;
    assert_eq!(off, Ok(()));
    let unknown = BrandId::mint(at(9), &world.ids);
    let missed = world.store.channel_settings(account, unknown, Channel::Whatsapp).await;
    assert_eq!(missed, Err(Error::NotFound));
    let missed = world.store.deactivate_channel(account, unknown, Channel::Whatsapp, by).await;
    assert_eq!(missed, Err(Error::NotFound));
    // Nothing was accepted for it, so it cannot be turned on without being asked.
    let missed = world.store.resume_channel(account, brand, Channel::Whatsapp, by).await;
    assert_eq!(missed, Err(Error::NotFound));
    assert_eq!(world.store.acceptance(account, brand, Channel::Whatsapp).await, Ok(None));
    let missed =
        world.store.activate_channel(account, &world.acceptance(unknown, owner), &[], by.id).await;
    assert_eq!(missed, Err(Error::NotFound));
}

async fn activation_keeps_a_matrix_that_is_there(world: World) {
    let tenant = world.tenant("ada").await;
    let on = settings(&world, &tenant).await;
    assert_eq!((on.state, on.activated_at), (ChannelState::On, Some(at(1))));
    assert_eq!(on.consent_basis, Some(ConsentBasis::CollectedByShop));
    assert_eq!(on.countries.keys().copied().collect::<Vec<_>>(), [country("DE"), country("FR")]);
    assert_eq!(on.countries_on(), 2);

    let account = tenant.account;
    let by = Signed::new(ChangeId::mint(at(40), &world.ids), Some(tenant.owner), at(40));
    let off = world.store.deactivate_channel(account, tenant.brand, Channel::Whatsapp, by).await;
    assert_eq!(off, Ok(()));
    let now = settings(&world, &tenant).await;
    assert_eq!((now.state, now.countries.len()), (ChannelState::Off, 2));

    // On again under what was accepted: nothing is accepted anew, and the second time nothing changes.
    let accepted = world.store.acceptance(account, tenant.brand, Channel::Whatsapp).await;
    let accepted = accepted.expect("a store").expect("accepted");
    assert_eq!((accepted.at, accepted.basis), (at(1), ConsentBasis::CollectedByShop));
    assert!(accepted.holds(&accepted.rate, &accepted.text_version, Some(accepted.basis)));
    for seconds in [45, 46] {
        let by = ChangeId::mint(at(seconds), &world.ids);
        let by = Signed::new(by, Some(tenant.owner), at(seconds));
        let on = world.store.resume_channel(account, tenant.brand, Channel::Whatsapp, by).await;
        assert_eq!(on, Ok(()));
    }
    let now = settings(&world, &tenant).await;
    assert_eq!((now.state, now.activated_at), (ChannelState::On, Some(at(45))));
    assert_eq!((now.consent_basis, now.countries), (on.consent_basis, on.countries));
    let same = world.store.acceptance(account, tenant.brand, Channel::Whatsapp).await;
    assert_eq!(same, Ok(Some(accepted)));

    let mut again = world.acceptance(tenant.brand, tenant.owner);
    again.basis = ConsentBasis::OnRecord;
    again.at = at(50);
    let proposal = [CellChange::Country { country: country("NL"), on: true }];
    let id = ChangeId::mint(at(50), &world.ids);
    assert_eq!(world.store.activate_channel(account, &again, &proposal, id).await, Ok(()));
    let now = settings(&world, &tenant).await;
    // It has been on since then.
    assert_eq!((now.state, now.activated_at), (ChannelState::On, Some(at(45))));
    assert_eq!(now.consent_basis, Some(ConsentBasis::OnRecord));
    assert!(!now.countries.contains_key(&country("NL")));
}

async fn a_matrix_is_saved_on_the_version_it_was_made_on(world: World) {
    let (account, owner) = world.account("ada").await;
    let brand = BrandId::mint(at(1), &world.ids);
    world.store.create_brand(account, brand, &new_brand("One"), at(1)).await.expect("made");
    let by =
        |seconds| Signed::new(ChangeId::mint(at(seconds), &world.ids), Some(owner), at(seconds));
    let save = async |version, changes: &[CellChange], seconds| {
        let channel = Channel::Whatsapp;
        world.store.save_matrix(account, brand, channel, version, changes, by(seconds)).await
    };
    let (fr, de) = (country("FR"), country("DE"));
    let cell = |country, status, on| CellChange::Status { country, status, on };
    let first = [
        CellChange::Country { country: fr, on: true },
        cell(fr, TrackingStatus::Delivered, true),
        cell(fr, TrackingStatus::Shipped, true),
        cell(de, TrackingStatus::Delayed, true),
    ];
    assert_eq!(save(0, &first, 2).await, Ok(1));
    assert_eq!(save(0, &first, 3).await, Err(Error::Conflict));
    let now = world.store.channel_settings(account, brand, Channel::Whatsapp).await;
    let now = now.expect("settings");
    assert_eq!((now.version, now.state), (1, ChannelState::Off));
    assert!(now.countries[&fr].on && !now.countries[&de].on);
    let statuses: Vec<_> = now.countries[&fr].statuses.iter().copied().collect();
    assert_eq!(statuses, [TrackingStatus::Shipped, TrackingStatus::Delivered]);

    let second = [
        cell(fr, TrackingStatus::Shipped, false),
        CellChange::Country { country: fr, on: false },
        CellChange::RemoveCountry { country: de },
    ];
    assert_eq!(save(1, &second, 4).await, Ok(2));
    assert_eq!(save(1, &second, 5).await, Err(Error::Conflict));
    let now = world.store.channel_settings(account, brand, Channel::Whatsapp).await;
    let now = now.expect("settings");
    assert_eq!((now.version, now.countries.len()), (2, 1));
    assert!(!now.countries[&fr].on);
    let statuses: Vec<_> = now.countries[&fr].statuses.iter().copied().collect();
    assert_eq!(statuses, [TrackingStatus::Delivered]);

    let unknown = BrandId::mint(at(9), &world.ids);
    let missed =
        world.store.save_matrix(account, unknown, Channel::Whatsapp, 0, &first, by(6)).await;
    assert_eq!(missed, Err(Error::NotFound));
}

async fn two_first_saves_do_not_both_win(world: World) {
    let (account, owner) = world.account("ada").await;
    let brand = BrandId::mint(at(1), &world.ids);
    world.store.create_brand(account, brand, &new_brand("One"), at(1)).await.expect("made");
    let save = async |code| {
        let by = Signed::new(ChangeId::mint(at(2), &world.ids), Some(owner), at(2));
        let changes = [CellChange::Country { country: country(code), on: true }];
        world.store.save_matrix(account, brand, Channel::Whatsapp, 0, &changes, by).await
    };
    let (one, other) = tokio::join!(save("FR"), save("DE"));
    assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
    let now = world.store.channel_settings(account, brand, Channel::Whatsapp).await;
    assert_eq!(now.expect("settings").countries.len(), 1);
}

async fn volumes_count_events_by_cell(world: World) {
    let tenant = world.tenant("ada").await;
    world.journey(&tenant, "1", at(0), None).await;
    world.journey(&tenant, "2", at(100), Some(RuleCode::StatusOn)).await;
    world.journey(&tenant, "3", at(101), Some(RuleCode::StatusOn)).await;
    let delivery = world.new_delivery(&tenant, at(102));
    let mut test = world.new_event(&tenant, &delivery, "4");
    test.event.test = true;
    world.understand(&delivery, vec![test]).await;
    let volumes = world.store.volumes(tenant.account, tenant.brand, at(100)).await;
    let cell = VolumeView { country: country("FR"), status: EventStatus::Delivered, events: 2 };
    assert_eq!(volumes, Ok(vec![cell]));
}
