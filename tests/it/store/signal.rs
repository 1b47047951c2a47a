//! Calls between processes.

use super::world::World;
use dispatch::port::Call;
use std::time::Duration;

both![what_is_called_out_is_heard_where_there_can_be_others];

async fn what_is_called_out_is_heard_where_there_can_be_others(world: World) {
    let ear = world.store.listen().await.expect("asked");
    world.store.call_out("one ingester").await.expect("called");
    world.store.call_out("two sender").await.expect("called");
    assert_eq!(ear.is_some(), world.database.url.starts_with("postgres"));
    let Some(mut ear) = ear else { return };
    for said in ["one ingester", "two sender"] {
        let heard = tokio::time::timeout(Duration::from_secs(10), ear.next()).await;
        assert_eq!(heard.expect("in time"), Some(Call::Said(said.to_owned())));
    }
}
