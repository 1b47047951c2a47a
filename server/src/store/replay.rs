//! Messages that failed for a reason somebody can mend: put aside when they are given up, looked at, sent again.

use super::dialect::Dialect;
use super::row as shared;
use super::sql::statements;
use super::value::{Row, Set, Value, args, cells};
use super::{SqlStore, Write};
use async_trait::async_trait;
use dispatch::brand::ChannelState;
use dispatch::channel::Channel;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, MessageId, ReplayId};
use dispatch::port::{ReplayBatch, Replays, StrandedGroup};
use dispatch::stranded::{LeftOuts, Replay, ReplayFilter, StrandedMessage};
use dispatch::template::Review;
use dispatch::time::Timestamp;
use dispatch::view::ReplayView;
use std::collections::HashSet;

/// Whether nobody can have got the message `m`: every try ended with a clear no, at once or in a receipt.
macro_rules! nobody_has_it {
    () => {
        "m.state = 'failed' AND m.charged = 0 \
        AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.message_id = m.id \
            AND (a.outcome IS NULL OR a.outcome IN ('accepted', 'unknown') OR a.receipts IS NOT NULL) \
            AND (coalesce(a.receipts, '') NOT LIKE '%[\"failed\",%' OR a.receipts LIKE '%[\"delivered\",%' OR a.receipts LIKE '%[\"read\",%')) "
    };
}

/// Those that are picked, after one of them.
macro_rules! picked {
    () => {
        "SELECT x.message_id FROM stranded x WHERE x.account_id = $1 AND x.message_id > $2 \
        AND ($4 = '' OR x.brand_id = $4) AND ($5 = '' OR x.country = $5) AND ($6 = '' OR x.channel = $6) \
        AND ($7 = '' OR x.sender_id = $7) AND ($8 = '' OR x.reason = $8) AND x.at >= $9 AND x.at < $10 \
        ORDER BY x.message_id LIMIT $3"
    };
}

/// A replay, with its author's name behind it.
macro_rules! replays {
    () => {
        "SELECT r.account_id, r.id, r.user_id, r.at, r.filter, r.total, r.looked_at, r.sent, r.left_out, r.after, r.ended_at, p.name \
        FROM replay r LEFT JOIN person p ON p.id = r.user_id "
    };
}

statements! {
    // With what the outbox knows of it: the row leaves in the same commit.
    STRAND = ["INSERT INTO stranded (message_id, account_id, brand_id, sender_id, channel, country, reason, at, good_until, subject) \
        SELECT m.id, m.account_id, m.brand_id, m.sender_id, m.channel, m.country, s.reason, s.at, o.good_until, o.subject FROM ",
        {id: text, step: bigint, reason: text, at: bigint}, " s", [message m id = s.id], " LEFT JOIN outbox o ON o.message_id = m.id \
        WHERE m.step = s.step AND ", (nobody_has_it), "ON CONFLICT DO NOTHING"];
    PICKED = [(picked)];
    PICKED_AMONG = ["SELECT x.message_id FROM ", {id: text}, " s JOIN stranded x ON x.message_id = s.id \
        WHERE x.account_id = $2 AND x.message_id > $3 ORDER BY x.message_id LIMIT $4"];
    COUNT = ["SELECT count(*) FROM (", (picked), ") t"];
    GROUPS = ["SELECT g.brand_id, g.country, g.channel, g.sender_id, n.display_number, g.reason, g.count FROM \
        (SELECT brand_id, country, channel, sender_id, reason, count(*) AS count FROM stranded WHERE account_id = $1 \
            GROUP BY brand_id, country, channel, sender_id, reason) g JOIN sender n ON n.id = g.sender_id \
        ORDER BY g.count DESC, g.brand_id, g.country, g.channel, g.sender_id, g.reason"];
    // The sender is the one in use now: new credentials make a new one.
    WAITING = ["SELECT m.id, m.step, m.brand_id, m.channel, m.country, m.tracking_status, x.reason, x.good_until, x.subject, \
            CASE WHEN ", (nobody_has_it), "THEN 0 ELSE 1 END, b.state, c.state, n.id, r.review, b.quiet_on, b.quiet_from, b.quiet_until, b.quiet_days, b.quiet_urgent, \
            (SELECT t.kind FROM standing t WHERE t.brand_id = m.brand_id AND t.address = m.recipient AND t.channel = m.channel \
                AND t.purpose = 'tracking'), \
            (SELECT t.kind FROM standing t WHERE t.brand_id = m.brand_id AND t.address = m.recipient AND t.channel = m.channel \
                AND t.purpose = 'marketing'), \
            (SELECT h.statuses FROM choice h WHERE h.brand_id = m.brand_id AND h.address = m.recipient AND h.channel = m.channel), \
            m.category, m.tracking_status, n.state, \
            e.account_id, e.id, e.brand_id, e.connection_id, e.delivery_id, e.source, e.status, e.direction, \
            e.test, e.occurred_at, e.received_at, e.facts \
        FROM ", {id: text}, " s", [message m id = s.id], [stranded x message_id = m.id], [decision d id = m.decision_id],
            [event e id = d.event_id], " JOIN brand b ON b.id = m.brand_id \
            LEFT JOIN channel_setting c ON c.brand_id = m.brand_id AND c.channel = m.channel \
            LEFT JOIN sender n ON n.brand_id = m.brand_id AND n.channel = m.channel AND n.replaced_at IS NULL \
            LEFT JOIN template_review r ON r.sender_id = n.id AND r.name = m.template AND r.language = m.language \
        WHERE m.account_id = $2 ORDER BY m.id"];
    NEWER = ["SELECT s.id FROM ", {id: text, brand_id: text, key: text, status: text, occurred_at: bigint},
        " s JOIN progress p ON p.brand_id = s.brand_id AND p.key = s.key \
        WHERE p.status <> s.status AND (p.final = 1 OR p.occurred_at > s.occurred_at)"];
    BEGIN_REPLAY = ["INSERT INTO replay (id, account_id, user_id, at, filter, total, looked_at, sent, left_out, after, ended_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"];
    // Guarded by how far it was: what two workers do at the same time counts once. Done first, so that whoever comes
    // second waits here and takes nothing.
    CONTINUE_REPLAY = ["UPDATE replay SET total = $4, looked_at = $5, left_out = $6, after = $7, ended_at = $8 \
        WHERE account_id = $1 AND id = $2 AND looked_at = $3 AND ended_at IS NULL"];
    COUNT_SENT = ["UPDATE replay SET sent = sent + $3 WHERE account_id = $1 AND id = $2"];
    // What somebody else takes at this moment is theirs: nobody waits for anybody.
    TAKE = ["DELETE FROM stranded WHERE message_id", in_those, "SELECT x.message_id FROM stranded x WHERE x.account_id = $2 \
            AND x.message_id IN (SELECT id FROM ", {id: text}, " s)", skip_locked, end_of_those, " RETURNING message_id"];
    REOPEN = ["UPDATE message SET state = s.state, rank = s.rank, failure = NULL, sender_id = s.sender_id FROM (SELECT t.* FROM ",
        {id: text, step: bigint, sender_id: text, state: text, rank: bigint}, " t JOIN message m ON m.id = t.id WHERE ", (nobody_has_it), ") s \
        WHERE message.id = s.id AND message.step = s.step AND message.state = 'failed' RETURNING message.id"];
    QUEUE = ["INSERT INTO outbox (message_id, account_id, brand_id, sender_id, recipient, phase, due_at, worker, attempts, attempt_id, \
            good_until, subject, step) \
        SELECT m.id, m.account_id, m.brand_id, m.sender_id, m.recipient, 'due', s.due_at, NULL, 0, NULL, s.good_until, s.subject, m.step FROM ",
        {id: text, due_at: bigint, good_until: bigint, subject: text}, " s", [message m id = s.id], " WHERE true ON CONFLICT DO NOTHING"];
    NOTE = ["INSERT INTO replayed (message_id, replay_id) SELECT id, replay_id FROM ", {id: text, replay_id: text},
        " s WHERE true ON CONFLICT DO NOTHING"];
    UNFINISHED = [(replays), "WHERE r.ended_at IS NULL ORDER BY r.id LIMIT $1"];
    REPLAYS = [(replays), "WHERE r.account_id = $1 ORDER BY r.id DESC LIMIT $2"];
    REPLAY = [(replays), "WHERE r.account_id = $1 AND r.id = $2"];
    STATES = ["SELECT m.state, count(*) FROM replayed x JOIN message m ON m.id = x.message_id \
        WHERE m.account_id = $1 AND x.replay_id = $2 GROUP BY m.state ORDER BY m.state"];
}

#[async_trait]
impl<DB: Dialect> Replays for SqlStore<DB> {
    async fn stranded(
        &self,
        account: AccountId,
        filter: &ReplayFilter,
        after: Option<MessageId>,
        limit: i64,
    ) -> Result<Vec<StrandedMessage>> {
        let rows = match &filter.ids {
            Some(ids) => {
                let set = Set::of(ids.iter().copied());
                self.rows(&PICKED_AMONG, args![set, account, after_word(after), limit]).await?
            }
            None => self.rows(&PICKED, pick(account, filter, after, limit)).await?,
        };
        let ids: Vec<MessageId> =
            rows.into_iter().map(|mut row| row.read()).collect::<Result<_>>()?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = Vec::with_capacity(ids.len());
        let mut names = Set::new();
        for mut row in self.rows(&WAITING, args![Set::of(ids), account]).await? {
            found.push(waiting(&mut row, &mut names)?);
        }
        if !names.is_empty() {
            let rows = self.rows(&NEWER, args![names]).await?;
            let overtaken: HashSet<MessageId> =
                rows.into_iter().map(|mut row| row.read()).collect::<Result<_>>()?;
            for one in &mut found {
                one.overtaken = overtaken.contains(&one.message);
            }
        }
        Ok(found)
    }

    async fn count_stranded(
        &self,
        account: AccountId,
        filter: &ReplayFilter,
        most: i64,
    ) -> Result<i64> {
        let row = self.row(&COUNT, pick(account, filter, None, most)).await?;
        row.ok_or(Error::Corrupt)?.int()
    }

    async fn stranded_groups(&self, account: AccountId) -> Result<Vec<StrandedGroup>> {
        let rows = self.rows(&GROUPS, args![account]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(StrandedGroup {
                    brand: row.read()?,
                    country: row.read()?,
                    channel: row.read()?,
                    sender: row.read()?,
                    sender_name: row.text()?,
                    reason: row.read()?,
                    count: row.int()?,
                })
            })
            .collect()
    }

    async fn commit_replay(&self, batch: &ReplayBatch) -> Result<Option<i64>> {
        let replay = &batch.replay;
        let mut taken = Set::new();
        let again = batch.again.iter().map(|one| one.message);
        for message in again.chain(batch.let_go.iter().copied()) {
            taken.push(&cells![message]);
        }
        let mut write = self.write().await?;
        let left_out = serde_json::to_string(&replay.left_out).map_err(|_| Error::Corrupt)?;
        let touched = match batch.before {
            None => {
                let filter = serde_json::to_string(&replay.filter).map_err(|_| Error::Corrupt)?;
                let values = args![
                    replay.id,
                    replay.account,
                    replay.by,
                    replay.at,
                    filter,
                    replay.total,
                    replay.looked_at,
                    0_i64,
                    left_out,
                    replay.after,
                    replay.ended_at
                ];
                write.run_unless_taken(&BEGIN_REPLAY, values).await?.unwrap_or(0)
            }
            Some(before) => {
                let values = args![
                    replay.account,
                    replay.id,
                    before,
                    replay.total,
                    replay.looked_at,
                    left_out,
                    replay.after,
                    replay.ended_at
                ];
                write.run(&CONTINUE_REPLAY, values).await?
            }
        };
        if touched == 0 {
            return Ok(None);
        }
        let mut mine: HashSet<MessageId> = HashSet::new();
        if !taken.is_empty() {
            for mut row in write.rows(&TAKE, args![taken, replay.account]).await? {
                mine.insert(row.read()?);
            }
        }
        let mut moves = Set::new();
        for one in batch.again.iter().filter(|one| mine.contains(&one.message)) {
            let step = i64::from(one.step);
            moves.push(&cells![one.message, step, one.sender, one.state, one.state.rank()]);
        }
        let mut moved: HashSet<MessageId> = HashSet::new();
        if !moves.is_empty() {
            for mut row in write.rows(&REOPEN, args![moves]).await? {
                moved.insert(row.read()?);
            }
        }
        let (mut queued, mut noted) = (Set::new(), Set::new());
        for one in batch.again.iter().filter(|one| moved.contains(&one.message)) {
            queued.push(&cells![one.message, one.due_at, one.good_until, one.subject]);
            noted.push(&cells![one.message, replay.id]);
        }
        if !moved.is_empty() {
            write.run(&QUEUE, args![queued]).await?;
            write.run(&NOTE, args![noted]).await?;
        }
        let sent = i64::try_from(moved.len()).unwrap_or(i64::MAX);
        if sent > 0 {
            write.run(&COUNT_SENT, args![replay.account, replay.id, sent]).await?;
        }
        write.commit().await?;
        Ok(Some(sent))
    }

    async fn unfinished_replays(&self, limit: i64) -> Result<Vec<Replay>> {
        let rows = self.rows(&UNFINISHED, args![limit]).await?;
        rows.into_iter().map(|mut row| Ok(view(&mut row)?.replay)).collect()
    }

    async fn replays(&self, account: AccountId, limit: i64) -> Result<Vec<ReplayView>> {
        let rows = self.rows(&REPLAYS, args![account, limit]).await?;
        rows.into_iter().map(|mut row| view(&mut row)).collect()
    }

    async fn replay(&self, account: AccountId, id: ReplayId) -> Result<Option<ReplayView>> {
        let Some(mut row) = self.row(&REPLAY, args![account, id]).await? else { return Ok(None) };
        let mut replay = view(&mut row)?;
        for mut row in self.rows(&STATES, args![account, id]).await? {
            replay.states.push((row.read()?, row.int()?));
        }
        Ok(Some(replay))
    }
}

impl<DB: Dialect> Write<DB> {
    /// Puts messages aside that failed: cells of message, step, reason and moment. Left alone is what somebody may
    /// have got.
    pub(super) async fn strand(&mut self, set: Set) -> Result<()> {
        self.run(&STRAND, args![set]).await.map(drop)
    }
}

/// Before every id there is, or after this one.
fn after_word(after: Option<MessageId>) -> String {
    after.map(|id| id.to_string()).unwrap_or_default()
}

fn pick(
    account: AccountId,
    filter: &ReplayFilter,
    after: Option<MessageId>,
    limit: i64,
) -> Vec<Value> {
    fn any<T: std::fmt::Display>(filter: Option<T>) -> String {
        filter.map(|value| value.to_string()).unwrap_or_default()
    }
    args![
        account,
        after_word(after),
        limit,
        any(filter.brand),
        any(filter.country),
        any(filter.channel),
        any(filter.sender),
        any(filter.reason),
        filter.since.unwrap_or(Timestamp::from_micros(i64::MIN)),
        filter.until.unwrap_or(Timestamp::from_micros(i64::MAX))
    ]
}

/// A row of [`WAITING`]; the names its parcel goes by are put with the others.
fn waiting(row: &mut Row, names: &mut Set) -> Result<StrandedMessage> {
    let message: MessageId = row.read()?;
    let step = u32::try_from(row.int()?).map_err(|_| Error::Corrupt)?;
    let (brand, channel) = (row.read()?, row.read()?);
    let (country, tracking_status) = (row.read()?, row.read()?);
    let reason = row.read()?;
    let (good_until, subject) = (row.time_or_none()?, row.text_or_none()?);
    let may_have_it = row.flag()?;
    let brand_state = row.read()?;
    let channel_state = row.read_or_none()?.unwrap_or(ChannelState::Off);
    let sender = row.read_or_none()?;
    let review: Option<Review> = row.read_or_none()?;
    let quiet = shared::quiet_hours(row)?;
    let recheck = shared::recheck(row)?;
    let event = shared::event(row)?;
    // What waited before knows its name already, and what several parcels share has none.
    let keys = match good_until {
        Some(_) => subject.into_iter().collect(),
        None => event.subject_keys(),
    };
    for key in &keys {
        names.push(&cells![message, brand, *key, tracking_status, event.occurred_at]);
    }
    // Only WhatsApp reviews texts.
    let text_ready = channel != Channel::Whatsapp || review.is_some_and(Review::is_sendable);
    Ok(StrandedMessage {
        message,
        step,
        brand,
        channel,
        country,
        tracking_status,
        reason,
        occurred_at: event.occurred_at,
        subject: keys.into_iter().next(),
        may_have_it,
        overtaken: false,
        brand_state,
        channel_state,
        sender,
        recheck,
        text_ready,
        quiet,
    })
}

fn view(row: &mut Row) -> Result<ReplayView> {
    let (account, id) = (row.read()?, row.read()?);
    let (by, at) = (row.read_or_none()?, row.time()?);
    let filter: ReplayFilter = row.json()?;
    let (total, looked_at, sent) = (row.int()?, row.int()?, row.int()?);
    let left_out: LeftOuts = row.json()?;
    let (after, ended_at) = (row.read_or_none()?, row.time_or_none()?);
    let replay =
        Replay { account, id, by, at, filter, total, looked_at, sent, left_out, after, ended_at };
    Ok(ReplayView { replay, by: row.text_or_none()?, states: Vec::new() })
}
