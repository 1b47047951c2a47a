//! The outbox: leases and attempts.
//!
//! The queue is the one place where the two databases could need different shapes; so far one shape
//! serves both: PostgreSQL's workers skip each other's locked rows (`skip_locked`), SQLite has one writer.

use super::dialect::Dialect;
use super::row as shared;
use super::sql::statements;
use super::stand_in::StandIn;
use super::value::{Set, args, cells};
use super::{SqlStore, Write};
use async_trait::async_trait;
use dispatch::attempt::{Claimed, HAS_WAITED, Hours, Recheck};
use dispatch::brand::BrandState;
use dispatch::error::Result;
use dispatch::id::{AttemptId, IdSource, MessageId, SenderId};
use dispatch::message::MessageState;
use dispatch::port::{Finished, Outbox, Queue, Settlement};
use dispatch::time::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

statements! {
    // From one sender to the next by the index, whatever number of messages lies between them.
    QUEUES = ["WITH RECURSIVE q (sender_id) AS (SELECT min(sender_id) FROM outbox WHERE phase = 'due' \
            UNION ALL SELECT (SELECT min(o.sender_id) FROM outbox o WHERE o.phase = 'due' AND o.sender_id > q.sender_id) \
                FROM q WHERE q.sender_id IS NOT NULL) \
        SELECT q.sender_id, (SELECT min(o.due_at) FROM outbox o WHERE o.phase = 'due' AND o.sender_id = q.sender_id) AS first_due \
        FROM q WHERE q.sender_id IS NOT NULL ORDER BY first_due, q.sender_id"];
    OWN = ["INSERT INTO sender_owner (sender_id, worker, until) SELECT sender_id, worker, until FROM ",
        {sender_id: text, worker: text, until: bigint}, " s WHERE true ON CONFLICT (sender_id) DO UPDATE \
            SET worker = excluded.worker, until = excluded.until \
            WHERE sender_owner.worker = excluded.worker OR sender_owner.until <= $2 RETURNING sender_id"];
    DISOWN = ["DELETE FROM sender_owner WHERE worker = $1"];
    ATTEND = ["INSERT INTO worker (id, until) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET until = excluded.until"];
    LEAVE_WORK = ["DELETE FROM worker WHERE id = $1 OR until < $2"];
    // From a set of sender and room each: by its index it reads only what it takes.
    LEASE = ["UPDATE outbox SET phase = 'leased', due_at = $2, worker = $3, attempts = attempts + 1 \
        WHERE message_id", in_those, due_in_rooms, end_of_those, " RETURNING message_id, attempts, free"];
    LEASED = ["SELECT m.account_id, m.id, m.sender_id, m.recipient, m.template, m.language, m.rendered, \
            (SELECT t.kind FROM standing t WHERE t.brand_id = m.brand_id AND t.address = m.recipient AND t.channel = m.channel \
                AND t.purpose = 'tracking'), \
            (SELECT t.kind FROM standing t WHERE t.brand_id = m.brand_id AND t.address = m.recipient AND t.channel = m.channel \
                AND t.purpose = 'marketing'), \
            (SELECT c.statuses FROM choice c WHERE c.brand_id = m.brand_id AND c.address = m.recipient AND c.channel = m.channel), \
            m.category, m.tracking_status, \
            (SELECT n.state FROM sender n WHERE n.id = m.sender_id), m.channel, m.fallbacks, m.step, m.state \
        FROM ", {id: text}, " s", [message m id = s.id]];
    // Whoever has waited is looked at more closely: the brand may be put away, the news old or overtaken, the hour quiet.
    WAITED = ["SELECT o.message_id, o.good_until, b.state, b.quiet_on, b.quiet_from, b.quiet_until, b.quiet_days, b.quiet_urgent, \
            m.country, m.tracking_status, \
            (SELECT count(*) FROM progress p WHERE p.brand_id = o.brand_id AND p.key = o.subject \
                AND p.status <> m.tracking_status AND (p.final = 1 OR p.occurred_at > e.occurred_at)) \
        FROM ", {id: text}, " s", [outbox o message_id = s.id], [message m id = s.id], [decision d id = m.decision_id],
            [event e id = d.event_id], " JOIN brand b ON b.id = o.brand_id"];
    ADD_ATTEMPTS = ["INSERT INTO attempt (id, account_id, message_id, sender_id, number, started_at, channel, step) \
        SELECT id, account_id, message_id, sender_id, number, started_at, channel, step FROM ",
        {id: text, account_id: text, message_id: text, sender_id: text, number: bigint, started_at: bigint, channel: text, step: bigint}, " s"];
    NAME_ATTEMPTS = ["UPDATE outbox SET attempt_id = s.attempt_id FROM ", {message_id: text, attempt_id: text},
        " s WHERE outbox.message_id = s.message_id"];
    MOVE = ["UPDATE message SET state = s.state, rank = s.rank, failure = s.failure FROM ",
        {id: text, state: text, rank: bigint, failure: text},
        " s WHERE message.id = s.id AND message.rank < s.rank"];
    // How an attempt ended says nothing any more once another channel stands in.
    MOVE_ON = ["UPDATE message SET state = s.state, rank = s.rank, failure = s.failure FROM ",
        {id: text, state: text, rank: bigint, failure: text, step: bigint},
        " s WHERE message.id = s.id AND message.step = s.step AND message.rank < s.rank"];
    // The two ways back: due again, or waiting for the truth. Not for a message a receipt has moved on.
    STEP_BACK = ["UPDATE message SET state = s.state, rank = s.rank, failure = s.failure FROM ",
        {id: text, state: text, rank: bigint, failure: text},
        " s WHERE message.id = s.id AND message.rank <= 30"];
    // The same for the word of one attempt: a later claim must not be undone by an earlier answer.
    RETURN = ["UPDATE message SET state = s.state, rank = s.rank, failure = s.failure FROM (SELECT t.* FROM ",
        {id: text, attempt_id: text, state: text, rank: bigint, failure: text, step: bigint},
        " t JOIN outbox o ON o.message_id = t.id AND o.attempt_id = t.attempt_id) s \
        WHERE message.id = s.id AND message.step = s.step AND message.rank <= 30"];
    END_ATTEMPTS = ["UPDATE attempt SET finished_at = s.finished_at, outcome = s.outcome, provider_id = s.provider_id, \
            code = s.code, detail = s.detail FROM ",
        {id: text, finished_at: bigint, outcome: text, provider_id: text, code: text, detail: text},
        " s WHERE attempt.id = s.id AND (attempt.outcome IS NULL OR attempt.outcome = 'unknown')"];
    // What was never tried leaves no trace but the word for what it waits for; also when it had to be assumed
    // meanwhile that it was.
    TAKE_BACK = ["DELETE FROM attempt WHERE id IN (SELECT id FROM ", {id: text}, " s) AND (outcome IS NULL OR (outcome = 'unknown' \
        AND EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = attempt.message_id AND o.attempt_id = attempt.id)))"];
    GIVE_BACK = ["UPDATE outbox SET phase = 'due', due_at = s.due_at, worker = NULL, attempt_id = NULL, attempts = attempts - 1 FROM ",
        {message_id: text, attempt_id: text, due_at: bigint},
        " s WHERE outbox.message_id = s.message_id AND outbox.attempt_id = s.attempt_id"];
    LEAVE = ["DELETE FROM outbox WHERE (message_id, step) IN (SELECT id, step FROM ", {id: text, step: bigint}, " s)"];
    // Guarded by the attempt: a later claim must not be undone by an earlier answer.
    WAIT = ["UPDATE outbox SET phase = s.phase, due_at = s.due_at, worker = NULL, free = outbox.free + s.free FROM ",
        {message_id: text, attempt_id: text, phase: text, due_at: bigint, free: bigint},
        " s WHERE outbox.message_id = s.message_id AND outbox.attempt_id = s.attempt_id"];
    EXPIRED = ["UPDATE outbox SET phase = 'unknown', due_at = $1, worker = NULL WHERE phase = 'leased' \
        AND message_id", in_those, "SELECT message_id FROM outbox WHERE phase = 'leased' AND (due_at <= $2 OR ($3 = 1 AND worker <> $4) \
                OR EXISTS (SELECT 1 FROM worker w WHERE w.id = outbox.worker AND w.until <= $2)) \
            LIMIT 5000", skip_locked, end_of_those, " RETURNING message_id, attempt_id"];
    LOST_ATTEMPTS = ["UPDATE attempt SET finished_at = s.at, outcome = 'unknown', code = 'lease_expired' FROM ",
        {id: text, at: bigint}, " s WHERE attempt.id = s.id AND attempt.outcome IS NULL"];
    OVERDUE = ["UPDATE outbox SET phase = 'due' WHERE message_id", in_those, "SELECT message_id FROM outbox \
        WHERE phase = 'unknown' AND due_at <= $1 LIMIT 5000", skip_locked, end_of_those, " RETURNING message_id"];
    EXHAUSTED = ["DELETE FROM outbox WHERE phase = 'unknown' AND due_at <= $1 AND (attempts - free >= $2 \
            OR (SELECT count(*) FROM attempt a WHERE a.message_id = outbox.message_id AND a.step = outbox.step \
                AND a.outcome = 'unknown' AND a.code <> 'lease_expired') >= $3) RETURNING message_id"];
    EXTEND = ["UPDATE outbox SET due_at = $1 WHERE phase = 'unknown' AND due_at < $1"];
}

/// When a worker that died is forgotten: whatever it had leased has run out long before.
const FORGOTTEN: Duration = Duration::from_secs(3600);

#[async_trait]
impl<DB: Dialect> Outbox for SqlStore<DB> {
    async fn queues(&self) -> Result<Vec<Queue>> {
        let rows = self.rows(&QUEUES, args![]).await?;
        rows.into_iter()
            .map(|mut row| Ok(Queue { sender: row.read()?, first_due: row.time()? }))
            .collect()
    }

    async fn own(
        &self,
        worker: &str,
        senders: &[SenderId],
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<SenderId>> {
        let mut set = Set::new();
        for sender in senders {
            set.push(&cells![*sender, worker, until]);
        }
        if set.is_empty() {
            return Ok(Vec::new());
        }
        let mut write = self.write().await?;
        let rows = write.rows(&OWN, args![set, now]).await?;
        write.commit().await?;
        rows.into_iter().map(|mut row| row.read()).collect()
    }

    async fn attend(&self, worker: &str, now: Timestamp, until: Timestamp) -> Result<()> {
        self.run(&LEAVE_WORK, args!["", now.minus(FORGOTTEN)]).await?;
        self.run(&ATTEND, args![worker, until]).await.map(drop)
    }

    async fn disown(&self, worker: &str) -> Result<()> {
        let mut write = self.write().await?;
        write.run(&DISOWN, args![worker]).await?;
        write.run(&LEAVE_WORK, args![worker, Timestamp::from_micros(0)]).await?;
        write.commit().await
    }

    async fn claim(
        &self,
        worker: &str,
        now: Timestamp,
        lease: Duration,
        rooms: &[(SenderId, i64)],
        ids: &dyn IdSource,
    ) -> Result<Vec<Claimed>> {
        let mut write = self.write_behind().await?;
        let mut numbers: HashMap<MessageId, (i64, i64)> = HashMap::new();
        for some in rooms.chunks(DB::SENDERS_AT_ONCE) {
            let mut set = Set::new();
            for (sender, room) in some {
                set.push(&cells![*sender, *room]);
            }
            for mut row in write.rows(&LEASE, args![set, now.plus(lease), worker, now]).await? {
                numbers.insert(row.read()?, (row.int()?, row.int()?));
            }
        }
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let rows = write.rows(&LEASED, args![Set::of(numbers.keys().copied())]).await?;
        let mut claimed = Vec::with_capacity(rows.len());
        let mut waited = Vec::new();
        let (mut attempts, mut names, mut sending) = (Set::new(), Set::new(), Set::new());
        for mut row in rows {
            let account = row.read()?;
            let message: MessageId = row.read()?;
            let (number, free) = numbers.get(&message).copied().unwrap_or((1, 0));
            let one = Claimed {
                account,
                message,
                attempt: AttemptId::mint(now, ids),
                number: u32::try_from(number).unwrap_or(u32::MAX),
                free: u32::try_from(free).unwrap_or(0),
                sender: row.read()?,
                to: row.text()?,
                template: row.text()?,
                language: row.read()?,
                rendered: row.json()?,
                recheck: shared::recheck(&mut row)?,
                channel: row.read()?,
                step: 0,
                next: None,
                hours: None,
            };
            let (step, next) = shared::next_fallback(&mut row)?;
            let one = Claimed { step, next, ..one };
            let is_held = row.read::<MessageState>()? == MessageState::Held;
            if is_held || now.since(one.message.minted_at()) > HAS_WAITED {
                waited.push(one.message);
            }
            attempts.push(&cells![
                one.attempt,
                one.account,
                one.message,
                one.sender,
                number,
                now,
                one.channel,
                i64::from(one.step)
            ]);
            names.push(&cells![one.message, one.attempt]);
            sending.push(&cells![
                one.message,
                MessageState::Sending,
                MessageState::Sending.rank(),
                None::<String>
            ]);
            claimed.push(one);
        }
        // Oldest first, however the statement gave them: what one recipient reads is told in order.
        claimed.sort_unstable_by_key(|one: &Claimed| one.message);
        if !waited.is_empty() {
            write.look_again(&waited, now, &mut claimed).await?;
        }
        write.run(&ADD_ATTEMPTS, args![attempts]).await?;
        write.run(&NAME_ATTEMPTS, args![names]).await?;
        write.run(&MOVE, args![sending]).await?;
        write.commit().await?;
        Ok(claimed)
    }

    async fn finish(&self, finished: &[Finished]) -> Result<()> {
        let mut ended = Set::new();
        let (mut forward, mut back, mut gone, mut waiting) =
            (Set::new(), Set::new(), Set::new(), Set::new());
        let (mut untried, mut given_back, mut watched) = (Set::new(), Set::new(), Set::new());
        let mut stranded = Set::new();
        let mut next = Vec::new();
        // In one order, which is that of the receipts too: what they and we write at the same time must not cross.
        let mut finished: Vec<&Finished> = finished.iter().collect();
        finished.sort_unstable_by_key(|f| f.message);
        for f in finished {
            let step = i64::from(f.step);
            if let Settlement::GivenBack { at, why } = &f.settlement {
                // What waits for long says so, and until when.
                let waits_long = at.since(f.at) > HAS_WAITED;
                let state = if waits_long { MessageState::Held } else { MessageState::Queued };
                untried.push(&cells![f.attempt]);
                given_back.push(&cells![f.message, f.attempt, *at]);
                back.push(&cells![f.message, f.attempt, state, state.rank(), *why, step]);
                continue;
            }
            let failure = f.answer.as_ref().and_then(|a| a.failure());
            let provider_id = match &f.answer {
                Some(dispatch::attempt::Answer::Accepted { provider_id }) => {
                    Some(provider_id.clone())
                }
                _ => None,
            };
            let code = failure.map(|x| x.code.clone()).or_else(|| match &f.settlement {
                Settlement::Cancelled(word) => Some(word.clone()),
                _ => None,
            });
            ended.push(&cells![
                f.attempt,
                f.at,
                f.answer.as_ref().map_or(dispatch::attempt::Outcome::Refused, |a| a.outcome()),
                provider_id,
                code,
                failure.map(|x| x.detail.clone())
            ]);
            let (state, word) = match &f.settlement {
                Settlement::Next { code, fallback } => {
                    next.push(StandIn::at_once(f.message, f.step, fallback, f.at, code));
                    continue;
                }
                Settlement::Accepted { watch } => {
                    if let Some(at) = watch {
                        watched.push(&cells![f.message, f.attempt, step, *at]);
                    }
                    (MessageState::Accepted, None)
                }
                Settlement::Again(_) | Settlement::PutOff(_) | Settlement::GivenBack { .. } => {
                    (MessageState::Queued, code)
                }
                Settlement::Unknown(_) => (MessageState::Unknown, code),
                Settlement::Failed { code, waits } => {
                    if let Some(reason) = waits {
                        stranded.push(&cells![f.message, step, *reason, f.at]);
                    }
                    (MessageState::Failed, Some(code.clone()))
                }
                Settlement::Cancelled(word) => (MessageState::Cancelled, Some(word.clone())),
            };
            match &f.settlement {
                Settlement::Again(at) | Settlement::PutOff(at) => {
                    let free = i64::from(matches!(f.settlement, Settlement::PutOff(_)));
                    back.push(&cells![f.message, f.attempt, state, state.rank(), word, step]);
                    waiting.push(&cells![f.message, f.attempt, "due", *at, free]);
                }
                Settlement::Unknown(until) => {
                    back.push(&cells![f.message, f.attempt, state, state.rank(), word, step]);
                    waiting.push(&cells![f.message, f.attempt, "unknown", *until, 0_i64]);
                }
                _ => {
                    forward.push(&cells![f.message, state, state.rank(), word, step]);
                    gone.push(&cells![f.message, step]);
                }
            }
        }
        let mut write = self.write_behind().await?;
        for (statement, set) in [
            (&END_ATTEMPTS, ended),
            (&TAKE_BACK, untried),
            (&MOVE_ON, forward),
            (&RETURN, back),
            (&WAIT, waiting),
            (&GIVE_BACK, given_back),
        ] {
            if !set.is_empty() {
                write.run(statement, args![set]).await?;
            }
        }
        // Before the rows leave: what is watched and what can be sent again take a part of them along.
        if !watched.is_empty() {
            write.watch(watched).await?;
        }
        if !stranded.is_empty() {
            write.strand(stranded).await?;
        }
        if !gone.is_empty() {
            write.run(&LEAVE, args![gone]).await?;
        }
        write.stand_in(&next).await?;
        write.commit().await
    }

    async fn rescue(
        &self,
        worker: &str,
        everyone: bool,
        now: Timestamp,
        deadline: Timestamp,
    ) -> Result<u64> {
        let mut write = self.write_behind().await?;
        let rows = write.rows(&EXPIRED, args![deadline, now, everyone, worker]).await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let count = rows.len() as u64;
        let (mut lost, mut unknown) = (Set::new(), Set::new());
        for mut row in rows {
            let message: MessageId = row.read()?;
            if let Some(attempt) = row.read_or_none::<AttemptId>()? {
                lost.push(&cells![attempt, now]);
            }
            unknown.push(&cells![
                message,
                MessageState::Unknown,
                MessageState::Unknown.rank(),
                "lease_expired"
            ]);
        }
        if !lost.is_empty() {
            write.run(&LOST_ATTEMPTS, args![lost]).await?;
        }
        write.run(&STEP_BACK, args![unknown]).await?;
        write.commit().await?;
        Ok(count)
    }

    async fn give_up_waiting(
        &self,
        now: Timestamp,
        most_attempts: u32,
        most_lost: u32,
    ) -> Result<u64> {
        let mut write = self.write_behind().await?;
        let most = args![now, i64::from(most_attempts), i64::from(most_lost)];
        let exhausted = write.rows(&EXHAUSTED, most).await?;
        let given_up = exhausted.len() as u64;
        let mut failed = Set::new();
        for mut row in exhausted {
            let message: MessageId = row.read()?;
            failed.push(&cells![
                message,
                MessageState::Failed,
                MessageState::Failed.rank(),
                "unknown"
            ]);
        }
        if given_up > 0 {
            write.run(&MOVE, args![failed]).await?;
        }
        let rows = write.rows(&OVERDUE, args![now]).await?;
        let count = rows.len() as u64;
        let mut due = Set::new();
        for mut row in rows {
            let message: MessageId = row.read()?;
            due.push(&cells![
                message,
                MessageState::Queued,
                MessageState::Queued.rank(),
                "unknown"
            ]);
        }
        if count > 0 {
            write.run(&STEP_BACK, args![due]).await?;
        }
        write.commit().await?;
        Ok(count + given_up)
    }

    async fn extend_unknown(&self, deadline: Timestamp) -> Result<()> {
        self.run(&EXTEND, args![deadline]).await.map(drop)
    }
}

impl<DB: Dialect> Write<DB> {
    /// The second look at messages that have waited: what else may have happened meanwhile.
    async fn look_again(
        &mut self,
        waited: &[MessageId],
        now: Timestamp,
        claimed: &mut [Claimed],
    ) -> Result<()> {
        let (mut against, mut quiet) = (HashMap::new(), HashMap::new());
        for mut row in self.rows(&WAITED, args![Set::of(waited.iter().copied())]).await? {
            let message: MessageId = row.read()?;
            let good_until = row.time_or_none()?;
            let brand: BrandState = row.read()?;
            let hours = Hours {
                quiet: shared::quiet_hours(&mut row)?,
                country: row.read()?,
                news: row.read()?,
            };
            if hours.quiet.on {
                quiet.insert(message, Box::new(hours));
            }
            let overtaken = row.int()? > 0;
            let found = if brand == BrandState::Archived {
                Recheck::BrandArchived
            } else if overtaken {
                Recheck::Overtaken
            } else if good_until.is_some_and(|until| until < now) {
                Recheck::Stale
            } else {
                continue;
            };
            against.insert(message, found);
        }
        for one in claimed.iter_mut() {
            one.hours = quiet.remove(&one.message);
        }
        for one in claimed.iter_mut().filter(|one| !one.recheck.is_final()) {
            if let Some(found) = against.get(&one.message) {
                one.recheck = *found;
            }
        }
        Ok(())
    }
}
