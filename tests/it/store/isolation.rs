//! Two accounts in one database: neither sees or changes a row of the other.

use super::world::{Journey, Tenant, World, at, country, new_brand};
use dispatch::brand::{BrandState, SenderState};
use dispatch::channel::Channel;
use dispatch::error::Error;
use dispatch::id::{ApiKeyId, ChangeId, InvitationId};
use dispatch::port::{CellChange, NewApiKey, NewInvitation, Signed};
use dispatch::source::{Secret, Source};
use dispatch::tenant::Role;
use dispatch::view::{LogFilter, LogTab};

both![nothing_of_another_account_is_seen, nothing_of_another_account_is_changed];

/// Ada with one of everything, and Bob who asks for it.
async fn two(world: &World) -> (Tenant, Tenant, Journey) {
    let (ada, bob) = (world.tenant("ada").await, world.tenant("bob").await);
    let (journey, claimed) = world.delivered(&ada, "1", at(1)).await;
    let month = at(0).month();
    let closed = world.store.close_month(ada.account, month, month.end(), &world.ids).await;
    assert!(closed.expect("closed").is_some());
    assert_eq!(Some(claimed.message), journey.message);
    (ada, bob, journey)
}

async fn nothing_of_another_account_is_seen(world: World) {
    let (ada, bob, journey) = two(&world).await;
    let (store, me) = (&world.store, bob.account);
    assert_eq!(store.brand(me, ada.brand).await, Ok(None));
    assert!(store.sender_access(me, ada.sender).await.expect("asked").is_none());
    let settings = store.channel_settings(me, ada.brand, Channel::Whatsapp).await;
    assert_eq!(settings, Err(Error::NotFound));
    assert_eq!(store.volumes(me, ada.brand, at(0)).await, Ok(vec![]));
    assert_eq!(store.connection(me, ada.connection, at(9)).await, Ok(None));
    assert_eq!(store.connection_of(me, ada.brand, Source::Sendcloud).await, Ok(None));
    assert_eq!(store.current_secret(me, ada.connection).await, Ok(None));
    let page = store.deliveries(me, ada.connection, None, 10).await.expect("asked");
    assert!(page.rows.is_empty());
    assert_eq!(store.delivery(me, journey.delivery).await, Ok(None));
    assert_eq!(store.case(me, journey.decision).await, Ok(None));
    let message = journey.message.expect("a message");
    assert_eq!(store.case_of_message(me, message).await, Ok(None));
    assert_eq!(store.event(me, journey.event.id).await, Ok(None));
    let invoice = &store.invoices(ada.account).await.expect("asked")[0];
    assert_eq!(store.invoice(me, invoice.id).await, Ok(None));

    // Whatever a list is asked for, also by Ada's own ids.
    let detail = store.invoice(ada.account, invoice.id).await.expect("asked").expect("a detail");
    let every = LogFilter { limit: 10, ..LogFilter::default() };
    let facts = &journey.event.facts;
    let case = store.case(ada.account, journey.decision).await.expect("asked").expect("a case");
    let provider_id = case.message.expect("a message").attempts[0].provider_id.clone();
    assert!(provider_id.is_some());
    for filter in [
        every.clone(),
        LogFilter { brand: Some(ada.brand), ..every.clone() },
        LogFilter { tab: LogTab::Sent, ..every.clone() },
        LogFilter { tab: LogTab::Failed, ..every.clone() },
        LogFilter { order_number: facts.order_number.clone(), ..every.clone() },
        LogFilter { tracking_number: facts.tracking_number.clone(), ..every.clone() },
        LogFilter { phone: facts.phone.clone(), ..every.clone() },
        LogFilter { message: journey.message, ..every.clone() },
        LogFilter { provider_id, ..every.clone() },
        LogFilter { delivery: Some(journey.delivery), ..every.clone() },
        LogFilter { invoice_line: Some(detail.lines[0].id), ..every.clone() },
        LogFilter { channel: Some(Channel::Whatsapp), ..every.clone() },
        LogFilter { since: Some(at(0)), until: Some(at(999)), ..every.clone() },
    ] {
        let rows = store.log(ada.account, &filter).await.expect("asked").rows;
        assert_eq!(rows.len(), usize::from(filter.tab != LogTab::Failed), "{filter:?}");
        assert!(store.log(me, &filter).await.expect("asked").rows.is_empty(), "{filter:?}");
        assert!(store.events(me, &filter, None).await.expect("asked").rows.is_empty());
    }
    assert_eq!(store.log_counts(me, Some(ada.brand), at(0)).await.expect("asked").all, 0);
    assert_eq!(store.log_counts(me, None, at(0)).await.expect("asked").all, 0);
    assert_eq!(store.reasons(me, None, at(0)).await, Ok(vec![]));
    assert_eq!(store.usage(me, at(0).month()).await, Ok(vec![]));
    assert_eq!(store.invoices(me).await, Ok(vec![]));
    let overview = store.overview(me, at(9)).await.expect("asked");
    assert_eq!((overview.events_today, overview.messages_today), (0, 0));
    assert_eq!((overview.cost_this_month.micros, overview.first_delivered), (0, None));

    // Lists hold one's own and nothing else.
    let brands = store.brands(me).await.expect("asked");
    assert_eq!(brands.iter().map(|b| b.id).collect::<Vec<_>>(), [bob.brand]);
    let connections = store.connections(me, at(9)).await.expect("asked");
    assert_eq!(connections.iter().map(|c| c.id).collect::<Vec<_>>(), [bob.connection]);
    let channels = store.channels(me).await.expect("asked");
    assert_eq!(channels.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [bob.brand]);
    let members = store.members(me).await.expect("asked");
    assert_eq!(members.iter().map(|m| m.user).collect::<Vec<_>>(), [bob.owner]);
}

async fn nothing_of_another_account_is_changed(world: World) {
    let (ada, bob, journey) = two(&world).await;
    let (store, me) = (&world.store, bob.account);
    let key = NewApiKey {
        id: ApiKeyId::mint(at(1), &world.ids),
        name: "key".into(),
        hint: "fk".into(),
        hash: "hash".into(),
        scopes: vec![],
        at: at(1),
    };
    store.create_api_key(ada.account, &key).await.expect("kept");
    let invitation = NewInvitation {
        id: InvitationId::mint(at(1), &world.ids),
        email: "eve@example.org".into(),
        role: Role::Viewer,
        token_hash: "token".into(),
        at: at(1),
        expires_at: at(100),
    };
    store.invite(ada.account, &invitation).await.expect("invited");
    let snapshot = async || {
        let account = ada.account;
        let settings = store.channel_settings(account, ada.brand, Channel::Whatsapp).await;
        (
            store.brands(account).await,
            settings,
            store.connections(account, at(9)).await,
            store.current_secret(account, ada.connection).await,
            store.members(account).await,
            store.api_keys(account).await,
            store.invitations(account, at(9)).await,
            store.delivery(account, journey.delivery).await,
            store.case(account, journey.decision).await,
        )
    };
    let before = snapshot().await;

    let gone = Err(Error::NotFound);
    let channel = Channel::Whatsapp;
    assert_eq!(store.update_brand(me, ada.brand, 1, &new_brand("Mine")).await, gone);
    assert_eq!(store.set_brand_state(me, ada.brand, BrandState::Archived).await, gone);
    assert_eq!(store.connect_sender(me, &world.new_sender(ada.brand), at(9)).await, gone);
    assert_eq!(store.subscribed(me, ada.sender, "http://evil.example").await, gone);
    assert_eq!(
        store.set_sender_state(me, ada.sender, SenderState::Paused, None, at(3)).await,
        gone
    );
    let acceptance = world.acceptance(ada.brand, bob.owner);
    let by = Signed::new(ChangeId::mint(at(9), &world.ids), Some(bob.owner), at(9));
    assert_eq!(store.activate_channel(me, &acceptance, &[], by.id).await, gone);
    assert_eq!(store.deactivate_channel(me, ada.brand, channel, by).await, gone);
    assert_eq!(store.resume_channel(me, ada.brand, channel, by).await, gone);
    assert_eq!(store.acceptance(me, ada.brand, channel).await, Ok(None));
    let changes = [CellChange::RemoveCountry { country: country("FR") }];
    assert_eq!(
        store.save_matrix(me, ada.brand, channel, 1, &changes, by).await,
        Err(Error::NotFound)
    );
    assert_eq!(store.create_connection(me, &world.new_connection(ada.brand)).await, gone);
    let secret = Secret::new("mine".into());
    assert_eq!(store.rotate_secret(me, ada.connection, &secret).await, gone);
    assert_eq!(store.remove_connection(me, ada.connection).await, gone);
    assert_eq!(store.replay_delivery(me, journey.delivery).await, gone);
    assert_eq!(store.set_role(me, ada.owner, Role::Viewer).await, gone);
    assert_eq!(store.remove_member(me, ada.owner).await, gone);
    assert_eq!(store.withdraw_invitation(me, invitation.id).await, gone);
    assert_eq!(store.revoke_api_key(me, key.id, at(9)).await, gone);
    let closed = store.close_month(me, at(0).month(), at(0).month().end(), &world.ids).await;
    assert_eq!(closed, Ok(None));

    assert_eq!(snapshot().await, before);
}
