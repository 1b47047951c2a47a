//! Messages that the next channel takes over, and watching for that: the outbox, the receipts and the watch write it.

use super::Write;
use super::dialect::Dialect;
use super::sql::statements;
use super::value::{Set, args, cells};
use dispatch::error::{Error, Result};
use dispatch::id::MessageId;
use dispatch::message::{Fallback, MessageState};
use dispatch::time::Timestamp;
use std::collections::HashSet;

statements! {
    // The earlier of two moments counts: a failure that was told before the answer was written down hurries it. What is
    // said late of an earlier step watches nothing.
    WATCH = ["INSERT INTO watch (message_id, attempt_id, step, due_at, good_until, subject) \
        SELECT s.message_id, s.attempt_id, s.step, s.due_at, o.good_until, o.subject FROM ",
        {message_id: text, attempt_id: text, step: bigint, due_at: bigint},
        " s", [message m id = s.message_id, step = s.step], " LEFT JOIN outbox o ON o.message_id = s.message_id WHERE true \
        ON CONFLICT (message_id) DO UPDATE SET attempt_id = excluded.attempt_id, step = excluded.step, \
            due_at = CASE WHEN watch.step = excluded.step AND watch.due_at < excluded.due_at THEN watch.due_at ELSE excluded.due_at END, \
            good_until = coalesce(excluded.good_until, watch.good_until), subject = coalesce(excluded.subject, watch.subject) \
            WHERE watch.step <= excluded.step"];
    // Only from the step that was judged, and never back from what has arrived.
    STAND_IN = ["UPDATE message SET step = s.step + 1, channel = s.channel, sender_id = s.sender_id, recipient = s.recipient, \
            template = s.template, template_version = s.template_version, language = s.language, category = s.category, \
            rendered = s.rendered, state = s.state, rank = s.rank, failure = s.failure FROM ",
        {id: text, step: bigint, channel: text, sender_id: text, recipient: text, template: text, template_version: bigint,
         language: text, category: text, rendered: text, state: text, rank: bigint, failure: text},
        " s WHERE message.id = s.id AND message.step = s.step AND message.rank < 60 AND message.state <> 'cancelled' RETURNING message.id"];
    QUEUE_AGAIN = ["INSERT INTO outbox (message_id, account_id, brand_id, sender_id, recipient, phase, due_at, worker, attempts, attempt_id, \
            good_until, subject, step) \
        SELECT m.id, m.account_id, m.brand_id, m.sender_id, m.recipient, 'due', s.due_at, NULL, 0, NULL, \
            coalesce(o.good_until, w.good_until), coalesce(o.subject, w.subject), m.step FROM ",
        {id: text, due_at: bigint}, " s", [message m id = s.id], " LEFT JOIN outbox o ON o.message_id = s.id \
            LEFT JOIN watch w ON w.message_id = s.id WHERE true \
        ON CONFLICT (message_id) DO UPDATE SET sender_id = excluded.sender_id, recipient = excluded.recipient, phase = 'due', \
            due_at = excluded.due_at, worker = NULL, attempts = 0, free = 0, attempt_id = NULL, step = excluded.step, reach = NULL, urgent = NULL"];
    FORGET_ALL = ["DELETE FROM watch WHERE message_id IN (SELECT id FROM ", {id: text}, " s)"];
    FORGET = ["DELETE FROM watch WHERE (message_id, step) IN (SELECT id, step FROM ", {id: text, step: bigint}, " s)"];
}

/// A message that the next channel takes over.
pub(super) struct StandIn<'a> {
    pub(super) message: MessageId,
    pub(super) step: u32,
    pub(super) fallback: &'a Fallback,
    pub(super) state: MessageState,
    pub(super) due_at: Timestamp,
    pub(super) failure: Option<&'a str>,
}

impl<'a> StandIn<'a> {
    /// At once, after a failure.
    pub(super) fn at_once(
        message: MessageId,
        step: u32,
        fallback: &'a Fallback,
        due_at: Timestamp,
        code: &'a str,
    ) -> Self {
        let state = MessageState::Queued;
        Self { message, step, fallback, state, due_at, failure: Some(code) }
    }
}

impl<DB: Dialect> Write<DB> {
    /// Watches what was accepted: cells of message, attempt, step and moment.
    pub(super) async fn watch(&mut self, set: Set) -> Result<()> {
        self.run(&WATCH, args![set]).await.map(drop)
    }

    /// Gives messages to the channels that stand in, with a place in their queues. Those that have arrived or
    /// moved on meanwhile are left alone.
    pub(super) async fn stand_in(&mut self, all: &[StandIn<'_>]) -> Result<()> {
        if all.is_empty() {
            return Ok(());
        }
        let mut moves = Set::new();
        for one in all {
            let f = one.fallback;
            let rendered = serde_json::to_string(&f.rendered).map_err(|_| Error::Corrupt)?;
            moves.push(&cells![
                one.message,
                i64::from(one.step),
                f.channel,
                f.sender,
                f.to,
                f.template,
                f.template_version,
                f.language,
                f.category,
                rendered,
                one.state,
                one.state.rank(),
                one.failure.map(str::to_owned)
            ]);
        }
        let rows = self.rows(&STAND_IN, args![moves]).await?;
        let moved: HashSet<MessageId> =
            rows.into_iter().map(|mut row| row.read()).collect::<Result<_>>()?;
        if moved.is_empty() {
            return Ok(());
        }
        let (mut queued, mut watched) = (Set::new(), Set::new());
        for one in all.iter().filter(|one| moved.contains(&one.message)) {
            queued.push(&cells![one.message, one.due_at]);
            watched.push(&cells![one.message, i64::from(one.step)]);
        }
        self.run(&QUEUE_AGAIN, args![queued]).await?;
        self.forget(watched).await
    }

    /// Watches them no longer, at whatever step they are.
    pub(super) async fn forget_all(&mut self, set: Set) -> Result<()> {
        self.run(&FORGET_ALL, args![set]).await.map(drop)
    }

    /// Watches them no longer: cells of message and step.
    pub(super) async fn forget(&mut self, set: Set) -> Result<()> {
        self.run(&FORGET, args![set]).await.map(drop)
    }
}
