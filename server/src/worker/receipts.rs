//! Applies receipts in the order they came.

use super::{BATCH, Crew, stage};
use dispatch::usecase::apply_receipts;
use tokio_util::sync::CancellationToken;

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    let (wake, burst) = (crew.wakes.receipts.clone(), crew.wakes.burst.clone());
    stage::run("receipts", wake, None, burst, ending, move || {
        let c = crew.clone();
        async move { apply_receipts(&*c.store, &*c.ids, c.clock.now(), 2 * BATCH).await }
    })
    .await;
}
