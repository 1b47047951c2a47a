//! The daily limit of a portfolio: places are given out behind a lock on its row, so that the numbers of several
//! workers share them exactly. What waits stays in the outbox, marked with the portfolio, and due when its place
//! is expected.
//!
//! Nothing here is asked for portfolios without a limit.

use super::dialect::Dialect;
use super::row as shared;
use super::sql::statements;
use super::value::{Set, args, cells};
use super::{SqlStore, Write};
use async_trait::async_trait;
use dispatch::attempt::Claimed;
use dispatch::channel::TrackingStatus;
use dispatch::error::Result;
use dispatch::id::{AccountId, AttemptId, BrandId, MessageId, SenderId};
use dispatch::message::MessageState;
use dispatch::port::{Admission, Portfolio, Reach, ReachNews, ReachTerms};
use dispatch::reach::{
    Allowance, Ask, DAILY_LIMIT, Limit, Line, Passage, Place, SPAN, SharedOut, Standing, WINDOW,
    share_out,
};
use dispatch::time::Timestamp;
use dispatch::view::ReachView;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// Whoever could have gone for so long and has not been claimed holds up nobody else.
const CLAIMED_WITHIN: Duration = Duration::from_secs(60);

statements! {
    LIMITED = ["SELECT n.id, n.account_id, p.id, p.people FROM ", {id: text}, " s JOIN sender n ON n.id = s.id \
        JOIN portfolio p ON p.account_id = n.account_id AND p.id = n.portfolio_id WHERE p.people IS NULL OR p.people >= 0"];
    LOCK = ["SELECT people, kept FROM portfolio WHERE account_id = $1 AND id = $2", for_update];
    EXPIRE = ["DELETE FROM reached WHERE account_id = $1 AND portfolio_id = $2 AND at <= $3"];
    // Who they are for, whether they have a place, when they last wrote to the number, and whether it waited.
    ASKED = ["SELECT m.id, m.brand_id, m.tracking_status, b.quiet_urgent, r.at, \
            (SELECT max(i.received_at) FROM inbound i WHERE i.sender_id = m.sender_id AND i.sender_from = m.recipient), \
            o.reach, o.good_until FROM ", {id: text}, " s", [message m id = s.id], [outbox o message_id = m.id],
        " JOIN brand b ON b.id = m.brand_id LEFT JOIN reached r ON r.account_id = $2 AND r.portfolio_id = $3 AND r.recipient = m.recipient"];
    TAKEN = ["SELECT brand_id, kept, count(*) FROM reached WHERE account_id = $1 AND portfolio_id = $2 GROUP BY brand_id, kept"];
    // A number that cannot send takes no part.
    WAITING = ["SELECT o.brand_id, o.urgent, count(*), count(CASE WHEN o.due_at <= $4 THEN 1 END) FROM outbox o \
            JOIN sender n ON n.id = o.sender_id AND n.state = 'ready' \
        WHERE o.account_id = $1 AND o.reach = $2 AND o.phase = 'due' AND o.due_at > $3 GROUP BY o.brand_id, o.urgent"];
    FIRST_FREE = ["SELECT at, brand_id, kept FROM reached WHERE account_id = $1 AND portfolio_id = $2 ORDER BY at LIMIT $3"];
    TAKE = ["INSERT INTO reached (account_id, portfolio_id, recipient, brand_id, at, kept, attempt_id) \
        SELECT $2, $3, recipient, brand_id, at, kept, attempt_id FROM ",
        {recipient: text, brand_id: text, at: bigint, kept: bigint, attempt_id: text},
        " s WHERE true ON CONFLICT (account_id, portfolio_id, recipient) DO UPDATE SET \
            at = CASE WHEN excluded.at > reached.at THEN excluded.at ELSE reached.at END, attempt_id = NULL"];
    WAITS_NO_MORE = ["UPDATE outbox SET reach = NULL, urgent = NULL WHERE message_id IN (SELECT id FROM ", {id: text}, " s)"];
    HOLD = ["UPDATE outbox SET phase = 'due', due_at = s.due_at, worker = NULL, attempt_id = NULL, attempts = attempts - 1, \
            reach = s.reach, urgent = s.urgent, good_until = s.good_until, subject = s.subject FROM ",
        {message_id: text, attempt_id: text, due_at: bigint, reach: text, urgent: bigint, good_until: bigint, subject: text},
        " s WHERE outbox.message_id = s.message_id AND outbox.attempt_id = s.attempt_id"];
    STAND_STILL = ["UPDATE message SET state = s.state, rank = s.rank, failure = s.failure FROM ",
        {id: text, step: bigint, state: text, rank: bigint, failure: text},
        " s WHERE message.id = s.id AND message.step = s.step AND message.rank <= 30"];
    UNTRIED = ["DELETE FROM attempt WHERE outcome IS NULL AND id IN (SELECT id FROM ", {id: text}, " s)"];
    // What was to go at once is looked at again when it leaves late: its news, and where it is looked for.
    NEWS = ["SELECT m.id, o.good_until, o.subject, e.account_id, e.id, e.brand_id, e.connection_id, e.delivery_id, e.source, e.status, \
            e.direction, e.test, e.occurred_at, e.received_at, e.facts FROM ", {id: text}, " s",
        [message m id = s.id], [outbox o message_id = m.id], [decision d id = m.decision_id], [event e id = d.event_id]];
    // Who has been reached costs nothing more.
    FOLLOW = ["UPDATE outbox SET due_at = $2 WHERE account_id = $3 AND reach = $4 AND phase = 'due' AND due_at > $2 \
        AND recipient IN (SELECT id FROM ", {id: text}, " s)"];
    MOVE_UP = ["UPDATE outbox SET due_at = $5 WHERE message_id", in_those, "SELECT o.message_id FROM outbox o \
            JOIN sender n ON n.id = o.sender_id AND n.state = 'ready' \
            WHERE o.account_id = $1 AND o.reach = $2 AND o.brand_id = $3 AND o.urgent = $4 AND o.phase = 'due' AND o.due_at > $5 \
            ORDER BY o.due_at, o.message_id LIMIT $6", end_of_those, " AND phase = 'due'"];
    MOVE_ALL_UP = ["UPDATE outbox SET due_at = $3 WHERE account_id = $1 AND reach = $2 AND phase = 'due' AND due_at > $3"];
    UNSENT = ["DELETE FROM reached WHERE account_id = $2 AND portfolio_id = $3 AND (recipient, attempt_id) IN \
        (SELECT recipient, attempt_id FROM ", {recipient: text, attempt_id: text}, " s)"];
    WAITING_PORTFOLIOS = ["SELECT DISTINCT account_id, reach FROM outbox WHERE reach IS NOT NULL"];
    SWEEP = ["DELETE FROM reached WHERE at <= $1"];

    KNOWN = ["SELECT portfolio_id, waba_id FROM sender WHERE account_id = $1 AND id = $2 AND portfolio_id IS NOT NULL"];
    ADD = ["INSERT INTO portfolio (account_id, id, people, kept, heard_at) \
        SELECT account_id, $3, people, kept, heard_at FROM portfolio WHERE account_id = $1 AND id = $2 ON CONFLICT DO NOTHING"];
    JOIN = ["UPDATE sender SET portfolio_id = $3 WHERE account_id = $1 AND waba_id = $2 AND portfolio_id IS NOT NULL"];
    MOVE_REACHED = ["INSERT INTO reached (account_id, portfolio_id, recipient, brand_id, at, kept, attempt_id) \
        SELECT account_id, $3, recipient, brand_id, at, kept, NULL FROM reached WHERE account_id = $1 AND portfolio_id = $2 \
        ON CONFLICT DO NOTHING"];
    MOVE_WAITING = ["UPDATE outbox SET reach = $3 WHERE account_id = $1 AND reach = $2"];
    LEFT_REACHED = ["DELETE FROM reached WHERE account_id = $1 AND portfolio_id = $2"];
    SET_LIMIT = ["UPDATE portfolio SET people = $3, heard_at = $4 WHERE account_id = $1 AND id = $2 \
        AND (heard_at IS NULL OR heard_at <= $4)"];
    NUMBERS = ["SELECT id, display_number FROM sender WHERE account_id = $1 AND waba_id = $2 AND portfolio_id IS NOT NULL \
        AND replaced_at IS NULL"];
    SPEED_UP = ["UPDATE sender SET per_second = $3, slowed = NULL WHERE account_id = $1 AND id = $2"];
    SET_KEPT = ["UPDATE portfolio SET kept = $3 WHERE account_id = $1 AND id IN (SELECT portfolio_id FROM sender \
        WHERE account_id = $1 AND brand_id = $2 AND channel = 'whatsapp' AND replaced_at IS NULL)"];
    STANDING = ["SELECT p.people, p.kept, \
            (SELECT count(*) FROM reached r WHERE r.account_id = p.account_id AND r.portfolio_id = p.id AND r.at > $3), \
            (SELECT min(at) FROM reached r WHERE r.account_id = p.account_id AND r.portfolio_id = p.id AND r.at > $3), \
            (SELECT count(*) FROM outbox o WHERE o.account_id = p.account_id AND o.reach = p.id AND o.phase = 'due'), \
            (SELECT count(DISTINCT x.brand_id) FROM sender x WHERE x.account_id = p.account_id AND x.portfolio_id = p.id \
                AND x.replaced_at IS NULL) \
        FROM sender n JOIN portfolio p ON p.account_id = n.account_id AND p.id = n.portfolio_id \
        WHERE n.account_id = $1 AND n.brand_id = $2 AND n.channel = 'whatsapp' AND n.replaced_at IS NULL"];
}

/// Nobody has told: null; there is none: -1.
fn limit(people: Option<i64>) -> Limit {
    match people {
        None => Limit::Unknown,
        Some(people) => u32::try_from(people).map_or(Limit::Any, Limit::People),
    }
}

fn people(limit: Limit) -> Option<i64> {
    match limit {
        Limit::Unknown => None,
        Limit::Any => Some(-1),
        Limit::People(people) => Some(people.into()),
    }
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Whether a place is free is decided for all messages of a brand to one person alike.
struct Group<'a> {
    ask: Ask,
    to: &'a str,
    messages: Vec<&'a Claimed>,
}

#[async_trait]
impl<DB: Dialect> Reach for SqlStore<DB> {
    async fn limited(
        &self,
        senders: &[SenderId],
        unknown: Option<u32>,
    ) -> Result<HashMap<SenderId, Portfolio>> {
        let mut limited = HashMap::new();
        for mut row in self.rows(&LIMITED, args![Set::of(senders.iter().copied())]).await? {
            let sender = row.read()?;
            let portfolio = Portfolio { account: row.read()?, id: row.text()? };
            if limit(row.int_or_none()?).kept_to(unknown).is_some() {
                limited.insert(sender, portfolio);
            }
        }
        Ok(limited)
    }

    async fn admit(
        &self,
        portfolio: &Portfolio,
        claimed: &[&Claimed],
        terms: ReachTerms,
        now: Timestamp,
    ) -> Result<HashMap<MessageId, Admission>> {
        let mut write = self.write_behind().await?;
        let admitted = write.admit(portfolio, claimed, terms, now).await?;
        write.commit().await?;
        Ok(admitted)
    }

    async fn give_back_places(
        &self,
        portfolio: &Portfolio,
        unsent: &[(String, AttemptId)],
    ) -> Result<()> {
        let mut set = Set::new();
        for (recipient, attempt) in unsent {
            set.push(&cells![*recipient, *attempt]);
        }
        if set.is_empty() {
            return Ok(());
        }
        self.run(&UNSENT, args![set, portfolio.account, portfolio.id]).await.map(drop)
    }

    async fn find_waiting_portfolios(&self) -> Result<Vec<Portfolio>> {
        let rows = self.rows(&WAITING_PORTFOLIOS, args![]).await?;
        let portfolio =
            |mut row: super::value::Row| Ok(Portfolio { account: row.read()?, id: row.text()? });
        rows.into_iter().map(portfolio).collect()
    }

    async fn move_up(
        &self,
        portfolio: &Portfolio,
        terms: ReachTerms,
        now: Timestamp,
    ) -> Result<u64> {
        let mut write = self.write_behind().await?;
        let Some(allowance) = write.open(portfolio, terms.unknown, now).await? else {
            let args = args![portfolio.account, portfolio.id, now];
            let moved = write.run(&MOVE_ALL_UP, args).await?;
            write.commit().await?;
            return Ok(moved);
        };
        let (out, due) = write.share_out(portfolio, allowance, &[], now).await?;
        let moved = write.let_move_up(portfolio, &out, &due, now).await?;
        write.commit().await?;
        Ok(moved)
    }

    async fn hear_reach(
        &self,
        account: AccountId,
        sender: SenderId,
        news: &ReachNews,
        now: Timestamp,
    ) -> Result<()> {
        let mut write = self.write().await?;
        let known = write.rows(&KNOWN, args![account, sender]).await?;
        let Some(mut row) = known.into_iter().next() else { return Ok(()) };
        let (mut portfolio, waba) = (row.text()?, row.text()?);
        if let Some(told) = news.portfolio.as_ref().filter(|told| **told != portfolio) {
            let args = || args![account, portfolio, *told];
            write.run(&ADD, args()).await?;
            write.run(&JOIN, args![account, waba, *told]).await?;
            for statement in [&MOVE_REACHED, &MOVE_WAITING] {
                write.run(statement, args()).await?;
            }
            write.run(&LEFT_REACHED, args![account, portfolio]).await?;
            portfolio.clone_from(told);
        }
        if let Some(limit) = news.limit {
            write.run(&SET_LIMIT, args![account, portfolio, people(limit), now]).await?;
        }
        if let Some((per_second, number)) = &news.per_second {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            let numbers = write.rows(&NUMBERS, args![account, waba]).await?;
            let is_alone = numbers.len() == 1;
            for mut row in numbers {
                let id: SenderId = row.read()?;
                // People may have written it otherwise; where there is but one, it is meant.
                if is_alone || digits(&row.text()?) == digits(number) {
                    let args = args![account, id, i64::from(*per_second)];
                    write.run(&SPEED_UP, args).await?;
                }
            }
        }
        write.commit().await
    }

    async fn reach(
        &self,
        account: AccountId,
        brand: BrandId,
        now: Timestamp,
    ) -> Result<Option<ReachView>> {
        let row = self.row(&STANDING, args![account, brand, now.minus(SPAN)]).await?;
        row.map(|mut row| {
            Ok(ReachView {
                limit: limit(row.int_or_none()?),
                percent: count(row.int()?),
                reached: count(row.int()?),
                next_at: row.time_or_none()?.map(|at| at.plus(SPAN)),
                waiting: count(row.int()?),
                brands: count(row.int()?),
            })
        })
        .transpose()
    }

    async fn set_kept(&self, account: AccountId, brand: BrandId, percent: u32) -> Result<()> {
        shared::found(self.run(&SET_KEPT, args![account, brand, i64::from(percent)]).await?)
    }

    async fn sweep_reached(&self, now: Timestamp) -> Result<u64> {
        self.run(&SWEEP, args![now.minus(SPAN)]).await
    }
}

impl<DB: Dialect> Write<DB> {
    /// Locks a portfolio and forgets whose day is over. None when there is no limit.
    async fn open(
        &mut self,
        portfolio: &Portfolio,
        unknown: Option<u32>,
        now: Timestamp,
    ) -> Result<Option<Allowance>> {
        let (account, id) = (portfolio.account, &portfolio.id);
        let Some(mut row) = self.rows(&LOCK, args![account, *id]).await?.into_iter().next() else {
            return Ok(None);
        };
        let Some(people) = limit(row.int_or_none()?).kept_to(unknown) else { return Ok(None) };
        let allowance = Allowance::new(people, count(row.int()?));
        self.run(&EXPIRE, args![account, *id, now.minus(SPAN)]).await?;
        Ok(Some(allowance))
    }

    async fn admit(
        &mut self,
        portfolio: &Portfolio,
        claimed: &[&Claimed],
        terms: ReachTerms,
        now: Timestamp,
    ) -> Result<HashMap<MessageId, Admission>> {
        let mut admitted: HashMap<MessageId, Admission> =
            claimed.iter().map(|one| (one.message, Admission::Go)).collect();
        let Some(allowance) = self.open(portfolio, terms.unknown, now).await? else {
            return Ok(admitted);
        };
        let asked = Set::of(claimed.iter().map(|one| one.message));
        let rows = self.rows(&ASKED, args![asked, portfolio.account, portfolio.id]).await?;
        let by_id: HashMap<MessageId, &Claimed> =
            claimed.iter().map(|one| (one.message, *one)).collect();
        let mut groups: BTreeMap<(BrandId, &str), Group<'_>> = BTreeMap::new();
        let (mut going, mut waited): (Vec<(&Claimed, BrandId, bool)>, BTreeSet<MessageId>) =
            (Vec::new(), BTreeSet::new());
        for mut row in rows {
            let message: MessageId = row.read()?;
            let Some(&one) = by_id.get(&message) else { continue };
            let brand: BrandId = row.read()?;
            let status: TrackingStatus = row.read()?;
            let urgent = shared::statuses(&row.text()?)?.contains(&status);
            let has_place = row.int_or_none()?.is_some();
            let wrote_at = row.time_or_none()?;
            let again = row.text_or_none()?.is_some();
            if again {
                waited.insert(message);
            }
            if wrote_at.is_some_and(|at| at.plus(WINDOW) > now) {
                continue;
            }
            if has_place {
                going.push((one, brand, false));
                continue;
            }
            let ask = Ask { brand, urgent, again };
            let group = groups.entry((brand, &one.to)).or_insert_with(|| Group {
                ask,
                to: &one.to,
                messages: Vec::new(),
            });
            group.ask.urgent |= urgent;
            group.ask.again |= again;
            group.messages.push(one);
        }
        // Before anybody asks when a place becomes free: told again, they stay for longer.
        self.take_places(portfolio, &going, now).await?;
        // In the order in which they were written.
        let mut groups: Vec<Group<'_>> = groups.into_values().collect();
        groups.sort_by_key(|group| group.messages.iter().map(|one| one.message).min());
        let asks: Vec<Ask> = groups.iter().map(|group| group.ask).collect();
        let (out, due) = self.share_out(portfolio, allowance, &asks, now).await?;
        let (mut held, mut new) = (Vec::new(), Vec::new());
        for (group, passage) in groups.iter().zip(&out.passages) {
            match passage {
                Passage::Now { kept } => {
                    new.extend(group.messages.iter().map(|one| (*one, group.ask.brand, *kept)));
                }
                Passage::At(at) => held.push((group, *at)),
            }
        }
        let reached: BTreeSet<&str> = new.iter().map(|(one, ..)| one.to.as_str()).collect();
        // Another brand has just reached the same person.
        held.retain(|(group, _)| !reached.contains(group.to));
        self.take_places(portfolio, &new, now).await?;
        self.hold(portfolio, &held, terms.stale_after, now, &mut admitted).await?;
        waited.retain(|message| !matches!(admitted.get(message), Some(Admission::Held(_))));
        if !waited.is_empty() {
            self.run(&WAITS_NO_MORE, args![Set::of(waited)]).await?;
        }
        self.let_move_up(portfolio, &out, &due, now).await?;
        Ok(admitted)
    }

    /// Decides by how the portfolio stands. Answers beside it how many of each line are due already.
    async fn share_out(
        &mut self,
        portfolio: &Portfolio,
        allowance: Allowance,
        asks: &[Ask],
        now: Timestamp,
    ) -> Result<(SharedOut, HashMap<(BrandId, bool), u32>)> {
        let (account, id) = (portfolio.account, &portfolio.id);
        let mut shared: BTreeMap<BrandId, u32> = BTreeMap::new();
        let mut kept = 0;
        for mut row in self.rows(&TAKEN, args![account, *id]).await? {
            let (brand, is_kept, taken) = (row.read()?, row.flag()?, count(row.int()?));
            if is_kept {
                kept += taken;
            } else {
                shared.insert(brand, taken);
            }
        }
        let (mut waiting, mut due) = (Vec::new(), HashMap::new());
        let since = now.minus(CLAIMED_WITHIN);
        for mut row in self.rows(&WAITING, args![account, *id, since, now]).await? {
            let line = Line { brand: row.read()?, urgent: row.flag()?, count: count(row.int()?) };
            due.insert((line.brand, line.urgent), count(row.int()?));
            waiting.push(line);
        }
        // As many as can matter: one for each that waits, those beyond the limit, and the kept ones between them.
        let all: u32 = shared.values().sum::<u32>() + kept;
        let lines: u32 = waiting.iter().map(|line| line.count).sum();
        let first = i64::from(lines)
            + i64::try_from(asks.len()).unwrap_or(i64::MAX)
            + i64::from(all.saturating_sub(allowance.shared()));
        let mut taken = Vec::new();
        if !asks.is_empty() {
            for mut row in self.rows(&FIRST_FREE, args![account, *id, first]).await? {
                let frees = row.time()?.plus(SPAN);
                taken.push(Place { frees, brand: row.read()?, kept: row.flag()? });
            }
        }
        let standing = Standing { allowance, shared, kept, taken, waiting };
        Ok((share_out(standing, asks, now), due))
    }

    async fn take_places(
        &mut self,
        portfolio: &Portfolio,
        going: &[(&Claimed, BrandId, bool)],
        now: Timestamp,
    ) -> Result<()> {
        // Whoever is reached by two attempts keeps the place whatever becomes of one.
        let mut places: BTreeMap<&str, (BrandId, bool, Option<AttemptId>)> = BTreeMap::new();
        for (one, brand, kept) in going {
            let place = places.entry(&one.to);
            place.and_modify(|(_, _, only)| *only = None).or_insert((
                *brand,
                *kept,
                Some(one.attempt),
            ));
        }
        if places.is_empty() {
            return Ok(());
        }
        let mut set = Set::new();
        for (to, (brand, kept, attempt)) in &places {
            set.push(&cells![*to, *brand, now, *kept, *attempt]);
        }
        let (account, id) = (portfolio.account, &portfolio.id);
        self.run(&TAKE, args![set, account, *id]).await?;
        let reached = Set::of(places.keys().map(|to| (*to).to_owned()));
        self.run(&FOLLOW, args![reached, now, account, *id]).await.map(drop)
    }

    /// Ends the leases of what waits, unless the next channel is sooner.
    async fn hold(
        &mut self,
        portfolio: &Portfolio,
        held: &[(&Group<'_>, Timestamp)],
        stale_after: Duration,
        now: Timestamp,
        admitted: &mut HashMap<MessageId, Admission>,
    ) -> Result<()> {
        let ids = held.iter().flat_map(|(group, _)| &group.messages).map(|one| one.message);
        let ids: BTreeSet<MessageId> = ids.collect();
        if ids.is_empty() {
            return Ok(());
        }
        let mut looked_for = HashMap::new();
        for mut row in self.rows(&NEWS, args![Set::of(ids)]).await? {
            let message: MessageId = row.read()?;
            let (good_until, subject) = (row.time_or_none()?, row.text_or_none()?);
            let event = shared::event(&mut row)?;
            // One that has a term and no subject speaks of several parcels.
            let subject = match good_until {
                None => event.subject_keys().into_iter().next(),
                Some(_) => subject,
            };
            let good_until = good_until.unwrap_or_else(|| event.occurred_at.plus(stale_after));
            looked_for.insert(message, (good_until, subject));
        }
        let (mut waits, mut still, mut untried) = (Set::new(), Set::new(), Set::new());
        let state = MessageState::Held;
        for (group, at) in held {
            for one in &group.messages {
                let Some((good_until, subject)) = looked_for.remove(&one.message) else { continue };
                if is_next_sooner(one, *at, good_until, now) {
                    admitted.insert(one.message, Admission::Next);
                    continue;
                }
                admitted.insert(one.message, Admission::Held(*at));
                let urgent = group.ask.urgent;
                waits.push(&cells![
                    one.message,
                    one.attempt,
                    *at,
                    portfolio.id,
                    urgent,
                    good_until,
                    subject
                ]);
                still.push(&cells![
                    one.message,
                    i64::from(one.step),
                    state,
                    state.rank(),
                    DAILY_LIMIT
                ]);
                untried.push(&cells![one.attempt]);
            }
        }
        for (statement, set) in [(&HOLD, waits), (&STAND_STILL, still), (&UNTRIED, untried)] {
            if !set.is_empty() {
                self.run(statement, args![set]).await?;
            }
        }
        Ok(())
    }

    /// Lets those go whose turn it is: the first of their brand and urgency that are not due already.
    async fn let_move_up(
        &mut self,
        portfolio: &Portfolio,
        out: &SharedOut,
        due: &HashMap<(BrandId, bool), u32>,
        now: Timestamp,
    ) -> Result<u64> {
        let mut moved = 0;
        for line in &out.moved_up {
            let due = due.get(&(line.brand, line.urgent)).copied().unwrap_or_default();
            let more = i64::from(line.count.saturating_sub(due));
            if more > 0 {
                let (account, id) = (portfolio.account, &portfolio.id);
                let args = args![account, *id, line.brand, line.urgent, now, more];
                moved += self.run(&MOVE_UP, args).await?;
            }
        }
        Ok(moved)
    }
}

/// Whether the brand has another channel take over before a place is expected, or before the news is too old.
fn is_next_sooner(one: &Claimed, at: Timestamp, good_until: Timestamp, now: Timestamp) -> bool {
    one.next.as_ref().is_some_and(|next| {
        let patience = |minutes: u32| now.plus(Duration::from_secs(u64::from(minutes) * 60));
        at > good_until || next.after.is_some_and(|minutes| at > patience(minutes))
    })
}
