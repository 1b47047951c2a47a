//! The history of settings.

use super::world::{World, at, country};
use dispatch::brand::{ChannelState, ConsentBasis};
use dispatch::change::{Cell, ChangeKind, Difference, Flip};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::error::Error;
use dispatch::id::ChangeId;
use dispatch::port::{CellChange, ChangesAsked, Signed};

both![what_was_changed_is_noted_with_its_author, nobody_sees_another_account_s_history];

const CHANNEL: Channel = Channel::Whatsapp;

async fn what_was_changed_is_noted_with_its_author(world: World) {
    let tenant = world.tenant("ada").await;
    let (account, brand) = (tenant.account, tenant.brand);
    let sign = |seconds| {
        Signed::new(ChangeId::mint(at(seconds), &world.ids), Some(tenant.owner), at(seconds))
    };
    let fr = country("FR");
    let on = |cell| Flip { cell, on: true };
    let save = async |version, changes: &[CellChange], by| {
        world.store.save_matrix(account, brand, CHANNEL, version, changes, by).await
    };
    let status = CellChange::Status { country: fr, status: TrackingStatus::Shipped, on: true };
    let copy = sign(60).meaning(ChangeKind::Copied, None);
    assert_eq!(save(1, std::slice::from_ref(&status), copy).await, Ok(2));
    let back = sign(61).meaning(ChangeKind::Undone, Some(copy.id));
    assert_eq!(save(2, &[CellChange::RemoveCountry { country: fr }], back).await, Ok(3));
    let off = sign(62).meaning(ChangeKind::Deactivated, None);
    assert_eq!(world.store.deactivate_channel(account, brand, CHANNEL, off).await, Ok(()));
    // A second time there is nothing to note.
    assert_eq!(world.store.deactivate_channel(account, brand, CHANNEL, sign(63)).await, Ok(()));

    let asked = |above, before, limit| ChangesAsked { above, before, limit };
    let page =
        world.store.changes(account, brand, CHANNEL, asked(0, None, 10)).await.expect("some");
    assert!(!page.more);
    let kinds: Vec<_> = page.rows.iter().map(|change| change.kind).collect();
    use ChangeKind::{Activated, Copied, Deactivated, Undone};
    assert_eq!(kinds, [Deactivated, Undone, Copied, Activated]);
    assert_eq!(page.rows.iter().map(|change| change.version).collect::<Vec<_>>(), [4, 3, 2, 1]);
    assert_eq!(page.rows[0].difference.channel, Some(ChannelState::Off));
    assert_eq!(page.rows[1].of, Some(copy.id));
    assert_eq!(page.rows[2].by.as_deref(), Some("ada"));
    assert_eq!(page.rows[2].at, at(60));
    assert_eq!(page.rows[2].difference.flips, [on(Cell::Status(fr, TrackingStatus::Shipped))]);
    let gone: Vec<_> =
        page.rows[1].difference.flips.iter().map(|flip| (flip.cell, flip.on)).collect();
    let shipped = Cell::Status(fr, TrackingStatus::Shipped);
    assert_eq!(gone, [(Cell::Row(fr), false), (Cell::Switch(fr), false), (shipped, false)]);
    let rows = ["DE", "FR"].map(country);
    let mut flips: Vec<Flip> = rows.iter().map(|code| on(Cell::Row(*code))).collect();
    flips.extend(rows.iter().map(|code| on(Cell::Switch(*code))));
    let activation = Difference {
        flips,
        channel: Some(ChannelState::On),
        basis: Some((None, ConsentBasis::CollectedByShop)),
    };
    assert_eq!(page.rows[3].difference, activation);

    let one = world.store.change(account, brand, CHANNEL, copy.id).await;
    assert_eq!(one, Ok(Some(page.rows[2].clone())));
    let newer = world.store.changes(account, brand, CHANNEL, ChangesAsked::since(2)).await;
    assert_eq!(newer.expect("some").rows, page.rows[..2]);
    let older = world.store.changes(account, brand, CHANNEL, asked(0, Some(back.id), 1)).await;
    let older = older.expect("some");
    assert_eq!((older.rows, older.more), (vec![page.rows[2].clone()], true));
    let sms = world.store.changes(account, brand, Channel::Sms, asked(0, None, 10)).await;
    assert_eq!(sms.expect("none").rows, []);
}

async fn nobody_sees_another_account_s_history(world: World) {
    let ada = world.tenant("ada").await;
    let bob = world.tenant("bob").await;
    let asked = ChangesAsked::since(0);
    let own = world.store.changes(ada.account, ada.brand, CHANNEL, asked).await.expect("some");
    let missed = world.store.changes(bob.account, ada.brand, CHANNEL, asked).await;
    assert_eq!(missed, Err(Error::NotFound));
    let missed = world.store.change(bob.account, ada.brand, CHANNEL, own.rows[0].id).await;
    assert_eq!(missed, Ok(None));
    let missed = world.store.change(bob.account, bob.brand, CHANNEL, own.rows[0].id).await;
    assert_eq!(missed, Ok(None));
}
