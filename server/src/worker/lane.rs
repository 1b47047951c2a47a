//! Lanes: what one sender writes to one recipient goes one after the other, in the order of claiming, so
//! that nobody reads "delivered" before "on its way". Other recipients never wait for it.

use dispatch::id::SenderId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

type Key = (SenderId, String);

/// Who was the last to join each lane; a lane nobody is in has no entry.
#[derive(Default)]
pub(super) struct Lanes {
    last: Mutex<HashMap<Key, Last>>,
}

struct Last {
    turn: u64,
    over: oneshot::Receiver<()>,
}

/// A place in a lane; the next one's turn comes when it is dropped.
pub(super) struct Turn {
    lanes: Arc<Lanes>,
    key: Key,
    turn: u64,
    before: Option<oneshot::Receiver<()>>,
    /// Never sends anything: that it is gone is the news.
    _over: oneshot::Sender<()>,
}

impl Lanes {
    /// Takes the next place behind whoever is in the lane already.
    pub(super) fn join(self: &Arc<Self>, sender: SenderId, to: &str) -> Turn {
        let key = (sender, to.to_owned());
        let (_over, over) = oneshot::channel();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = last.remove(&key);
        let turn = earlier.as_ref().map_or(0, |earlier| earlier.turn + 1);
        last.insert(key.clone(), Last { turn, over });
        let before = earlier.map(|earlier| earlier.over);
        Turn { lanes: self.clone(), key, turn, before, _over }
    }
}

impl Turn {
    /// Waits until everybody before has ended.
    pub(super) async fn come(&mut self) {
        if let Some(before) = self.before.take() {
            let _ = before.await;
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut last = self.lanes.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.get(&self.key).is_some_and(|last| last.turn == self.turn) {
            last.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security::random::SystemIds;
    use dispatch::time::Timestamp;

    #[tokio::test]
    async fn one_recipients_turns_come_in_order_and_others_never_wait() {
        let lanes = Arc::new(Lanes::default());
        let sender = SenderId::mint(Timestamp::from_seconds(1), &SystemIds);
        let said = Arc::new(Mutex::new(Vec::new()));
        let mut turns: Vec<Turn> = (0..50).map(|_| lanes.join(sender, "+33639980042")).collect();
        lanes.join(sender, "+33639980043").come().await;
        // Started backwards, they still come in the order of joining.
        let mut tasks = Vec::new();
        for number in (0..50).rev() {
            let (mut turn, said) = (turns.pop().expect("a turn"), said.clone());
            tasks.push(tokio::spawn(async move {
                turn.come().await;
                said.lock().expect("no panic").push(number);
            }));
        }
        for task in tasks {
            task.await.expect("ended");
        }
        assert_eq!(*said.lock().expect("no panic"), (0..50).collect::<Vec<_>>());
        assert!(lanes.last.lock().expect("no panic").is_empty(), "nothing is kept");
    }
}
