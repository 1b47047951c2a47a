//! The loop of a stage: work while there is work, then wait to be woken.
//!
//! What comes to a stage that rests is taken at once. After a step it rests a moment all the same, so
//! that what comes meanwhile is taken together: a commit costs about the same for one row as for a
//! hundred, and stages that take every row as it comes keep the database busy with their commits alone.

use super::{Bell, Burst, LOOK};
use dispatch::error::Result;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// From the end of one step to the next: short beside the half second a provider takes.
pub(super) const GATHER: Duration = Duration::from_millis(20);
/// The same while a burst of webhooks is taken in.
const STAND_BACK: Duration = Duration::from_millis(250);
/// The pause after an error grows to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Repeats `step` until the token ends it. A step answers how many rows it took; `next` is woken when
/// it took any.
pub(super) async fn run<F, S>(
    name: &'static str,
    wake: Bell,
    next: Option<Bell>,
    burst: Arc<Burst>,
    ending: CancellationToken,
    step: S,
) where
    S: Fn() -> F + Send,
    F: Future<Output = Result<usize>> + Send,
{
    let mut pause = Duration::ZERO;
    while !ending.is_cancelled() {
        match step().await {
            Ok(0) => {
                pause = Duration::ZERO;
                rest(&wake, LOOK, &ending).await;
            }
            Ok(taken) => {
                pause = Duration::ZERO;
                #[expect(clippy::cast_precision_loss, reason = "at most a thousand")]
                metrics::histogram!("facteur_stage_size", "stage" => name).record(taken as f64);
                metrics::counter!("facteur_stage_rows_total", "stage" => name)
                    .increment(taken as u64);
                if let Some(next) = &next {
                    next.ring();
                }
                gather(&ending).await;
                stand_back(&burst, &ending).await;
            }
            Err(error) => {
                pause = (pause * 2).clamp(Duration::from_millis(100), LONGEST_PAUSE);
                tracing::warn!(stage = name, %error, pause_ms = pause.as_millis(), "a step failed; it will be tried again");
                tokio::select! {
                    () = ending.cancelled() => {}
                    () = tokio::time::sleep(pause) => {}
                }
            }
        }
    }
}

/// Lets a moment pass in which more may come.
pub(super) async fn gather(ending: &CancellationToken) {
    moment(GATHER, ending).await;
}

/// Lets so much time pass, or less when everything ends.
pub(super) async fn moment(long: Duration, ending: &CancellationToken) {
    tokio::select! {
        () = ending.cancelled() => {}
        () = tokio::time::sleep(long) => {}
    }
}

/// Lets a burst of webhooks pass, or a quarter of a second of it.
async fn stand_back(burst: &Burst, ending: &CancellationToken) {
    let until = Instant::now() + STAND_BACK;
    loop {
        let now = Instant::now();
        if now >= until || !burst.is_under_way(now) || ending.is_cancelled() {
            return;
        }
        gather(ending).await;
    }
}

/// Waits to be woken, for `at_most`, or for the end.
pub(super) async fn rest(wake: &Bell, at_most: Duration, ending: &CancellationToken) {
    tokio::select! {
        () = ending.cancelled() => {}
        () = wake.rung() => {}
        () = tokio::time::sleep(at_most) => {}
    }
}
