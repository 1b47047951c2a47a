//! Bells: who stores what a stage waits for wakes it, in this process and, on PostgreSQL, in every other.
//!
//! Ringing costs nothing where it happens. What is to be heard elsewhere is called out by a task of its own, at
//! once when it is the first and then at most once a moment for everything that rang meanwhile, so that a thousand
//! webhooks a second are fifty calls. A call that is lost (a dropped connection, a crash) costs a stage's own look.

use super::{Crew, Wakes, stage};
use dispatch::port::{Call, Signal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long until listening is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Wakes one stage.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    here: Notify,
    /// Rung since it was last called out.
    rung: AtomicBool,
    /// Wakes the task that calls out; nobody when only this process can hear.
    caller: OnceLock<Arc<Notify>>,
}

impl Bell {
    /// Wakes the stage, or spares it its next rest.
    pub fn ring(&self) {
        self.ring_here();
        if let Some(caller) = self.0.caller.get()
            && !self.0.rung.swap(true, Ordering::AcqRel)
        {
            caller.notify_one();
        }
    }

    fn ring_here(&self) {
        self.0.here.notify_one();
    }

    /// Waits until it is rung.
    pub async fn rung(&self) {
        self.0.here.notified().await;
    }
}

/// Every bell by the word it is called out with.
const fn named(wakes: &Wakes) -> [(&'static str, &Bell); 6] {
    [
        ("ingester", &wakes.ingester),
        ("decider", &wakes.decider),
        ("sender", &wakes.sender),
        ("receipts", &wakes.receipts),
        ("subscriber", &wakes.subscriber),
        ("reviewer", &wakes.reviewer),
    ]
}

/// Calls out what rings here. A process without stages calls out everything; one with stages only what it may
/// not be able to do itself: a number has one owner, and that may be another worker.
pub fn call_out(
    store: Arc<dyn Signal>,
    wakes: &Wakes,
    has_stages: bool,
    me: String,
    tasks: &TaskTracker,
    ending: &CancellationToken,
) {
    let caller = Arc::new(Notify::new());
    let bells: Vec<(&str, Bell)> = named(wakes)
        .into_iter()
        .filter(|(word, _)| !has_stages || *word == "sender")
        .map(|(word, bell)| (word, bell.clone()))
        .collect();
    for (_, bell) in &bells {
        // Once for each process; a second caller would have nothing to call.
        let _ = bell.0.caller.set(caller.clone());
    }
    let ending = ending.clone();
    tasks.spawn(async move {
        while !ending.is_cancelled() {
            tokio::select! {
                () = ending.cancelled() => {}
                () = caller.notified() => {}
            }
            let rung = bells.iter().filter(|(_, bell)| bell.0.rung.swap(false, Ordering::AcqRel));
            let words: Vec<&str> = rung.map(|(word, _)| *word).collect();
            if words.is_empty() {
                continue;
            }
            if let Err(error) = store.call_out(&format!("{me} {}", words.join(" "))).await {
                tracing::debug!(%error, "other processes were not woken; they look by themselves");
            }
            stage::gather(&ending).await;
        }
    });
}

/// Rings here what other processes call out.
pub(super) async fn listen(crew: Crew, me: String, ending: CancellationToken) {
    while !ending.is_cancelled() {
        match crew.store.listen().await {
            Ok(None) => return,
            Ok(Some(mut calls)) => {
                while let Some(call) = tokio::select! {
                    () = ending.cancelled() => return,
                    call = calls.next() => call,
                } {
                    hear(&crew.wakes, &me, &call);
                }
            }
            Err(error) => tracing::debug!(%error, "other processes cannot be heard"),
        }
        tokio::select! {
            () = ending.cancelled() => {}
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}

/// Rings what a call names unless it is our own; everything when calls may have been missed.
fn hear(wakes: &Wakes, me: &str, call: &Call) {
    let named = named(wakes).into_iter();
    match call {
        Call::Missed => named.for_each(|(_, bell)| bell.ring_here()),
        Call::Said(call) => {
            let mut words = call.split(' ');
            if words.next() != Some(me) {
                let words: Vec<&str> = words.collect();
                named.filter(|(word, _)| words.contains(word)).for_each(|(_, b)| b.ring_here());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use dispatch::error::Result;
    use dispatch::port::Calls as Ear;
    use futures::FutureExt as _;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Calls(Mutex<Vec<String>>);

    #[async_trait]
    impl Signal for Calls {
        async fn call_out(&self, call: &str) -> Result<()> {
            self.0.lock().expect("no panic").push(call.to_owned());
            Ok(())
        }
        async fn listen(&self) -> Result<Option<Box<dyn Ear>>> {
            Ok(None)
        }
    }

    #[tokio::test]
    async fn a_thousand_rings_are_few_calls_and_the_last_is_never_left_out() {
        let (calls, wakes) = (Arc::new(Calls::default()), Wakes::default());
        let (tasks, ending) = (TaskTracker::new(), CancellationToken::new());
        call_out(calls.clone(), &wakes, false, "me".into(), &tasks, &ending);
        let count = || calls.0.lock().expect("no panic").len();
        let began = std::time::Instant::now();
        for _ in 0..1000 {
            wakes.ingester.ring();
            tokio::task::yield_now().await;
        }
        wakes.receipts.ring();
        let most = began.elapsed().as_millis() / stage::GATHER.as_millis() + 1;
        assert!((1..=most).contains(&(count() as u128)), "{} calls, not {most}", count());
        let last = || calls.0.lock().expect("no panic").last().cloned().unwrap_or_default();
        while !last().contains("receipts") {
            assert!(began.elapsed() < Duration::from_secs(10), "{}", last());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(calls.0.lock().expect("no panic")[0], "me ingester");
    }

    #[tokio::test]
    async fn a_process_with_stages_only_calls_for_senders() {
        let (calls, wakes) = (Arc::new(Calls::default()), Wakes::default());
        let (tasks, ending) = (TaskTracker::new(), CancellationToken::new());
        call_out(calls.clone(), &wakes, true, "me".into(), &tasks, &ending);
        wakes.ingester.ring();
        wakes.sender.ring();
        while calls.0.lock().expect("no panic").is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(*calls.0.lock().expect("no panic"), ["me sender"]);
        assert!(wakes.ingester.rung().now_or_never().is_some(), "its own stages hear it");
    }

    #[test]
    fn others_are_heard_and_oneself_is_not() {
        let wakes = Wakes::default();
        let rung = |bell: &Bell| bell.rung().now_or_never().is_some();
        hear(&wakes, "me", &Call::Said("me ingester".into()));
        assert!(!rung(&wakes.ingester));
        hear(&wakes, "me", &Call::Said("other ingester sender".into()));
        assert!(rung(&wakes.ingester) && rung(&wakes.sender) && !rung(&wakes.receipts));
        // After a gap anything may have been called.
        hear(&wakes, "me", &Call::Missed);
        assert!(rung(&wakes.ingester) && rung(&wakes.receipts) && rung(&wakes.reviewer));
    }
}
