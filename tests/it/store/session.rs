//! Sessions.

use super::world::{World, at};
use dispatch::port::SessionRow;

both![a_session_is_kept_until_it_expires, a_save_replaces, expired_sessions_are_swept];

fn session(id: &str, world_user: Option<dispatch::id::UserId>) -> SessionRow {
    SessionRow {
        id_hash: id.into(),
        user: world_user,
        agent: "Firefox".into(),
        created_at: at(0),
        seen_at: at(1),
        expires_at: at(100),
        data: "{\"csrf\":\"é\"}".into(),
    }
}

async fn a_session_is_kept_until_it_expires(world: World) {
    let row = session("s1", None);
    world.store.save(&row).await.expect("saved");
    assert_eq!(world.store.load("s1", at(99)).await, Ok(Some(row)));
    assert_eq!(world.store.load("s1", at(100)).await, Ok(None));
    world.store.delete("s1").await.expect("deleted");
    assert_eq!(world.store.load("s1", at(1)).await, Ok(None));
    assert_eq!(world.store.delete("s1").await, Ok(()));
}

async fn a_save_replaces(world: World) {
    let (_, user) = world.account("ada").await;
    world.store.save(&session("s1", None)).await.expect("saved");
    let later = SessionRow { seen_at: at(50), expires_at: at(150), ..session("s1", Some(user)) };
    world.store.save(&later).await.expect("saved");
    assert_eq!(world.store.load("s1", at(120)).await, Ok(Some(later)));
}

async fn expired_sessions_are_swept(world: World) {
    world.store.save(&session("old", None)).await.expect("saved");
    let fresh = SessionRow { expires_at: at(101), ..session("fresh", None) };
    world.store.save(&fresh).await.expect("saved");
    assert_eq!(world.store.sweep(at(100)).await, Ok(1));
    assert_eq!(world.store.load("fresh", at(100)).await, Ok(Some(fresh)));
}
