//! Group commit: requests that arrive together are written together, and each waits for its commit.
//!
//! A request that is alone is written at once. While one commit runs, others gather behind it; when
//! several have gathered, a moment more is waited for the rest, because a sync to disk costs the same
//! for one row as for sixty.

use dispatch::error::{Error, Result};
use futures::future::BoxFuture;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

/// Most items in one commit.
pub const MOST: usize = 64;
/// Longest wait for more, once there is more than one.
pub const LINGER: Duration = Duration::from_millis(2);
/// Items that may wait before callers wait for room: a slow disk slows the senders down instead of
/// filling the memory.
const ROOM: usize = 1024;

type Waiting<T> = (T, oneshot::Sender<Result<()>>);

/// Hands items to a task that commits them in groups.
#[derive(Debug)]
pub struct Gatherer<T> {
    queue: mpsc::Sender<Waiting<T>>,
}

impl<T> Clone for Gatherer<T> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

impl<T: Clone + Send + Sync + 'static> Gatherer<T> {
    /// Starts the task; it ends when the last handle is dropped and everything is written. `what` names
    /// it in the metrics.
    pub fn start(
        what: &'static str,
        commit: impl Fn(Vec<T>) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(ROOM);
        tokio::spawn(run(what, waiting, commit));
        Self { queue }
    }

    /// Returns when the item is committed.
    ///
    /// # Errors
    /// What the commit said; `Unavailable` when the process is ending.
    pub async fn commit(&self, item: T) -> Result<()> {
        let (told, hears) = oneshot::channel();
        self.queue.send((item, told)).await.map_err(|_| Error::Unavailable)?;
        hears.await.map_err(|_| Error::Unavailable)?
    }
}

async fn run<T: Clone + Send + Sync + 'static>(
    what: &'static str,
    mut waiting: mpsc::Receiver<Waiting<T>>,
    commit: impl Fn(Vec<T>) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
) {
    while let Some(first) = waiting.recv().await {
        let mut group = vec![first];
        while group.len() < MOST
            && let Ok(more) = waiting.try_recv()
        {
            group.push(more);
        }
        if group.len() > 1 {
            let until = Instant::now() + LINGER;
            while group.len() < MOST
                && let Ok(Some(more)) = timeout_at(until, waiting.recv()).await
            {
                group.push(more);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 64")]
        metrics::histogram!("facteur_group_size", "what" => what).record(group.len() as f64);
        let (items, callers): (Vec<T>, Vec<_>) = group.into_iter().unzip();
        let alone = items.len() == 1;
        match commit(items.clone()).await {
            Err(error) if !alone && !error.is_retryable() => {
                // One of them cannot be written; the others must not suffer for it.
                for (item, caller) in items.into_iter().zip(callers) {
                    let _ = caller.send(commit(vec![item]).await);
                }
            }
            result => {
                for caller in callers {
                    // A caller that went away has been answered by its connection's end.
                    let _ = caller.send(result.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    type Commits = Arc<Mutex<Vec<Vec<u32>>>>;

    /// Commits are slow enough for others to gather; 13 can never be written.
    fn gatherer() -> (Gatherer<u32>, Commits) {
        let commits = Commits::default();
        let kept = commits.clone();
        let gatherer = Gatherer::start("test", move |items: Vec<u32>| {
            let kept = kept.clone();
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(5)).await;
                if items.contains(&13) {
                    return Err(Error::Corrupt);
                }
                kept.lock().expect("a lock").push(items);
                Ok(())
            })
        });
        (gatherer, commits)
    }

    #[tokio::test]
    async fn what_arrives_together_is_written_together_and_nothing_is_lost() {
        let (gatherer, commits) = gatherer();
        let all = (100..300).map(|n| {
            let gatherer = gatherer.clone();
            async move { gatherer.commit(n).await }
        });
        assert!(futures::future::join_all(all).await.iter().all(Result::is_ok));
        let commits = commits.lock().expect("a lock");
        let mut written: Vec<u32> = commits.iter().flatten().copied().collect();
        written.sort_unstable();
        assert_eq!(written, (100..300).collect::<Vec<_>>());
        assert!(commits.len() <= 6 && commits.iter().all(|c| c.len() <= MOST), "{}", commits.len());
    }

    #[tokio::test]
    async fn one_that_cannot_be_written_hurts_nobody_else() {
        let (gatherer, commits) = gatherer();
        let all = (10..16).map(|n| {
            let gatherer = gatherer.clone();
            async move { (n, gatherer.commit(n).await) }
        });
        for (n, result) in futures::future::join_all(all).await {
            assert_eq!(result, if n == 13 { Err(Error::Corrupt) } else { Ok(()) });
        }
        assert_eq!(commits.lock().expect("a lock").iter().flatten().count(), 5);
    }
}
