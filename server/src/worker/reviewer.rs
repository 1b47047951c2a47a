//! Gives templates to the provider's review and asks now and then what became of them.

use super::{Crew, stage};
use dispatch::usecase::{ask_due, submit_due};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it looks by itself: another process may have stored a submission.
const ROUND: Duration = Duration::from_secs(2);
/// Submissions, and senders asked, in one round.
const MOST: i64 = 20;

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    while !ending.is_cancelled() {
        let (store, provider, ids) = (&*crew.store, &*crew.provider, &*crew.ids);
        match submit_due(store, provider, ids, crew.clock.now(), MOST).await {
            Ok(taken) if taken > 0 => {
                metrics::counter!("facteur_templates_submitted_total").increment(taken as u64);
                continue;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "templates could not be submitted; trying again"),
        }
        match ask_due(store, provider, ids, crew.clock.now(), MOST).await {
            Ok(heard) if heard > 0 => {
                metrics::counter!("facteur_template_news_total").increment(heard);
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "templates could not be asked for"),
        }
        stage::rest(&crew.wakes.reviewer, ROUND, &ending).await;
    }
}
