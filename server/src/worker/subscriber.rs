//! Tells the provider where each sender's receipts go, whenever a sender is new or our address changed.

use super::{Crew, stage};
use std::collections::HashMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it looks by itself: another process may have connected a sender.
const ROUND: Duration = Duration::from_secs(1);
/// A sender whose provider refuses is asked again after this, doubling, up to five minutes.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    let mut resting = HashMap::new();
    while !ending.is_cancelled() {
        match crew.store.find_unsubscribed(&crew.base_url).await {
            Ok(senders) => {
                for sender in senders {
                    let now = crew.clock.now();
                    let (until, pause) =
                        resting.get(&sender.id).copied().unwrap_or((now, FIRST_PAUSE));
                    if until > now || ending.is_cancelled() {
                        continue;
                    }
                    let url =
                        format!("{}/callbacks/{}/{}", crew.base_url, sender.channel, sender.id);
                    let done = match crew.provider.subscribe(&sender, &url).await {
                        Ok(()) => crew.store.subscribed(sender.account, sender.id, &url).await,
                        Err(error) => Err(error),
                    };
                    match done {
                        Ok(()) => {
                            resting.remove(&sender.id);
                            tracing::info!(sender = %sender.id, "receipts subscribed");
                        }
                        Err(error) => {
                            tracing::warn!(sender = %sender.id, %error, "receipts could not be subscribed; trying again");
                            let longer = (pause * 2).min(Duration::from_secs(300));
                            resting.insert(sender.id, (now.plus(pause), longer));
                        }
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "senders could not be read"),
        }
        stage::rest(&crew.wakes.subscriber, ROUND, &ending).await;
    }
}
