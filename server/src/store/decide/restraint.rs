//! What keeps customers from being told too often: messages counted against a brand's cap, and those that wait
//! for more of their order. Brands that have set neither cost nothing here.
//!
//! Both are exact however many workers decide: a batch writes what it counts and which waits it begins, and
//! whatever turns out to rest on figures another worker has changed meanwhile is put back and decided again.

use crate::store::dialect::Dialect;
use crate::store::sql::statements;
use crate::store::value::{Set, args, cells};
use crate::store::{SqlStore, Write};
use dispatch::decision::{Waiting, counter_keys, together};
use dispatch::error::Result;
use dispatch::event::{Event, EventStatus};
use dispatch::id::{AccountId, BrandId, EventId, MessageId};
use dispatch::judge;
use dispatch::port::{Decided, Gathered};
use dispatch::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

statements! {
    COUNTED = ["SELECT t.brand_id, t.key, t.day, t.count FROM ", {brand_id: text, key: text},
        " s", [tally t brand_id = s.brand_id, key = s.key]];
    WAITING = ["SELECT g.brand_id, g.key, g.status, g.message_id, g.until FROM ", {brand_id: text, key: text, status: text},
        " s", [gathering g brand_id = s.brand_id, key = s.key, status = s.status]];
    // In the order of the keys, so that two workers never wait for each other.
    COUNT = ["INSERT INTO tally (account_id, brand_id, key, day, count, until) SELECT account_id, brand_id, key, day, count, until FROM ",
        {account_id: text, brand_id: text, key: text, day: bigint, count: bigint, until: bigint},
        " s WHERE true ON CONFLICT (brand_id, key, day) DO UPDATE SET count = tally.count + excluded.count, until = excluded.until \
            RETURNING brand_id, key, day, count"];
    UNCOUNT = ["UPDATE tally SET count = tally.count - s.count FROM ", {brand_id: text, key: text, day: bigint, count: bigint},
        " s WHERE tally.brand_id = s.brand_id AND tally.key = s.key AND tally.day = s.day"];
    // What has ended makes room for the next.
    BEGIN = ["INSERT INTO gathering (account_id, brand_id, key, status, message_id, until) \
        SELECT account_id, brand_id, key, status, message_id, until FROM ",
        {account_id: text, brand_id: text, key: text, status: text, message_id: text, until: bigint},
        " s WHERE true ON CONFLICT (brand_id, key, status) DO UPDATE SET message_id = excluded.message_id, until = excluded.until \
            WHERE gathering.until <= $2 RETURNING message_id"];
    END = ["DELETE FROM gathering WHERE (brand_id, key, status, message_id) IN (SELECT brand_id, key, status, message_id FROM ",
        {brand_id: text, key: text, status: text, message_id: text}, " s)"];
    // From here on the message speaks of several parcels, so no single one's progress overtakes it.
    JOIN = ["UPDATE outbox SET subject = NULL WHERE phase = 'due' AND message_id IN (SELECT id FROM ", {id: text},
        " s) RETURNING message_id"];
    FORGET_COUNTS = ["DELETE FROM tally WHERE until < $1"];
    FORGET_WAITS = ["DELETE FROM gathering WHERE until < $1"];
    FORGET_WATCHES = ["DELETE FROM lookout WHERE until < $1"];
}

impl<DB: Dialect> SqlStore<DB> {
    /// Adds what was counted and what waits, for brands that have a cap or tell together. The contacts are gathered.
    pub(super) async fn restraints(&self, events: &[Event], gathered: &mut Gathered) -> Result<()> {
        let (mut counted, mut waiting) = (BTreeSet::new(), BTreeSet::new());
        for event in events.iter().filter(|event| event.status.tracking().is_some()) {
            let Some(file) = gathered.brands.get(&event.brand) else { continue };
            let timing = &file.brand.timing;
            if !timing.cap.on && !timing.merge.on {
                continue;
            }
            let contact = |key: &str| gathered.contacts.get(&(event.brand, key.to_owned()));
            let event = judge::completed(event, contact);
            if timing.cap.on {
                counted.extend(counter_keys(&event).into_iter().map(|key| (event.brand, key)));
            }
            let key = together(&event, &timing.merge);
            waiting.extend(key.map(|key| (event.brand, key, event.status)));
        }
        if !counted.is_empty() {
            let mut set = Set::new();
            for (brand, key) in counted {
                set.push(&cells![brand, key]);
            }
            for mut row in self.rows(&COUNTED, args![set]).await? {
                let place = (row.read()?, row.text()?, row.int()?);
                gathered.counted.insert(place, u32::try_from(row.int()?).unwrap_or(u32::MAX));
            }
        }
        if !waiting.is_empty() {
            let mut set = Set::new();
            for (brand, key, status) in waiting {
                set.push(&cells![brand, key, status]);
            }
            for mut row in self.rows(&WAITING, args![set]).await? {
                let place = (row.read()?, row.text()?, row.read()?);
                let waiting = Waiting { message: row.read()?, until: row.time()? };
                gathered.waiting.insert(place, waiting);
            }
        }
        Ok(())
    }

    /// Forgets counts, waits and watches that concern nothing any more.
    pub(super) async fn forget_restraints(&self, now: Timestamp) -> Result<u64> {
        let mut gone = 0;
        for statement in [&FORGET_COUNTS, &FORGET_WAITS, &FORGET_WATCHES] {
            gone += self.run(statement, args![now]).await?;
        }
        Ok(gone)
    }
}

/// One place of a batch: how many it adds, what it rests on, and who is counted there.
struct Sum {
    account: AccountId,
    until: Timestamp,
    limit: u32,
    seen: u32,
    events: Vec<EventId>,
}

type Place = (BrandId, String, i64);

impl<DB: Dialect> Write<DB> {
    /// Begins waits, counts messages and joins those that wait. Adds to `late` what has to be decided again, and
    /// takes back whatever this did for it.
    pub(super) async fn restrain(
        &mut self,
        decided: &[Decided],
        mine: &HashSet<EventId>,
        late: &mut HashSet<EventId>,
    ) -> Result<()> {
        let began = self.begin_waits(decided, mine, late).await?;
        let sums = self.count(decided, mine, late).await?;
        self.join_waiting(decided, mine, late).await?;
        self.take_back(decided, &began, &sums, late).await
    }

    async fn begin_waits(
        &mut self,
        decided: &[Decided],
        mine: &HashSet<EventId>,
        late: &mut HashSet<EventId>,
    ) -> Result<HashMap<MessageId, EventId>> {
        // In the order of the keys, for the same reason as counting.
        let mut begins = BTreeMap::new();
        let mut now = None;
        for d in
            decided.iter().filter(|d| mine.contains(&d.event.id) && !late.contains(&d.event.id))
        {
            let (Some(key), Some(message)) = (&d.gathers, &d.message) else { continue };
            now = Some(d.at);
            begins
                .insert((d.event.brand, key.as_str(), d.event.status), (d.event.account, message));
        }
        let Some(now) = now else { return Ok(HashMap::new()) };
        let mut set = Set::new();
        for ((brand, key, status), (account, message)) in &begins {
            set.push(&cells![*account, *brand, *key, *status, message.id, message.due_at]);
        }
        let mut began = HashSet::new();
        for mut row in self.rows(&BEGIN, args![set, now]).await? {
            began.insert(row.read::<MessageId>()?);
        }
        let mut mine_began = HashMap::new();
        for d in
            decided.iter().filter(|d| mine.contains(&d.event.id) && !late.contains(&d.event.id))
        {
            let (Some(_), Some(message)) = (&d.gathers, &d.message) else { continue };
            if began.contains(&message.id) {
                mine_began.insert(message.id, d.event.id);
            }
        }
        let missed = decided.iter().filter(|d| d.gathers.is_some() && mine.contains(&d.event.id));
        let missed = missed.filter_map(|d| Some((d.event.id, d.message.as_ref()?.id)));
        late.extend(missed.filter(|(_, id)| !mine_began.contains_key(id)).map(|(event, _)| event));
        Ok(mine_began)
    }

    async fn count(
        &mut self,
        decided: &[Decided],
        mine: &HashSet<EventId>,
        late: &mut HashSet<EventId>,
    ) -> Result<BTreeMap<Place, Sum>> {
        let mut sums: BTreeMap<Place, Sum> = BTreeMap::new();
        for d in
            decided.iter().filter(|d| mine.contains(&d.event.id) && !late.contains(&d.event.id))
        {
            for counter in &d.counted {
                let place = (d.event.brand, counter.key.clone(), counter.day);
                let sum = sums.entry(place).or_insert_with(|| Sum {
                    account: d.event.account,
                    until: counter.until,
                    limit: counter.limit,
                    // What the batch itself added is in the later ones only.
                    seen: counter.seen,
                    events: Vec::new(),
                });
                sum.events.push(d.event.id);
            }
        }
        if sums.is_empty() {
            return Ok(sums);
        }
        let mut set = Set::new();
        for ((brand, key, day), sum) in &sums {
            set.push(&cells![sum.account, *brand, *key, *day, sum.added(), sum.until]);
        }
        for mut row in self.rows(&COUNT, args![set]).await? {
            let place: Place = (row.read()?, row.text()?, row.int()?);
            let count = row.int()?;
            if let Some(sum) = sums.get(&place) {
                let others = count - sum.added() > i64::from(sum.seen);
                if others && count > i64::from(sum.limit) {
                    late.extend(sum.events.iter().copied());
                }
            }
        }
        Ok(sums)
    }

    async fn join_waiting(
        &mut self,
        decided: &[Decided],
        mine: &HashSet<EventId>,
        late: &mut HashSet<EventId>,
    ) -> Result<()> {
        let still = |late: &HashSet<EventId>, d: &Decided| {
            mine.contains(&d.event.id) && !late.contains(&d.event.id)
        };
        // Those that begin to wait in this very batch have no row yet.
        let here: HashMap<MessageId, EventId> =
            decided.iter().filter_map(|d| Some((d.message.as_ref()?.id, d.event.id))).collect();
        let mut set = BTreeSet::new();
        for d in decided.iter().filter(|d| still(late, d)) {
            set.extend(d.joins.filter(|message| !here.contains_key(message)));
        }
        let mut joined: HashSet<MessageId> = HashSet::new();
        if !set.is_empty() {
            for mut row in self.rows(&JOIN, args![Set::of(set)]).await? {
                joined.insert(row.read()?);
            }
        }
        for d in decided {
            let Some(message) = d.joins.filter(|_| still(late, d)) else { continue };
            let there = match here.get(&message) {
                Some(event) => mine.contains(event) && !late.contains(event),
                None => joined.contains(&message),
            };
            if !there {
                late.insert(d.event.id);
            }
        }
        Ok(())
    }

    async fn take_back(
        &mut self,
        decided: &[Decided],
        began: &HashMap<MessageId, EventId>,
        sums: &BTreeMap<Place, Sum>,
        late: &HashSet<EventId>,
    ) -> Result<()> {
        let mut set = Set::new();
        for ((brand, key, day), sum) in sums {
            let gone = sum.events.iter().filter(|event| late.contains(event)).count();
            if gone > 0 {
                set.push(&cells![*brand, *key, *day, i64::try_from(gone).unwrap_or(0)]);
            }
        }
        if !set.is_empty() {
            self.run(&UNCOUNT, args![set]).await?;
        }
        let mut set = Set::new();
        for d in decided.iter().filter(|d| late.contains(&d.event.id)) {
            let (Some(key), Some(message)) = (&d.gathers, &d.message) else { continue };
            if began.contains_key(&message.id) {
                let status: EventStatus = d.event.status;
                set.push(&cells![d.event.brand, *key, status, message.id]);
            }
        }
        if !set.is_empty() {
            self.run(&END, args![set]).await?;
        }
        Ok(())
    }
}

impl Sum {
    fn added(&self) -> i64 {
        i64::try_from(self.events.len()).unwrap_or(i64::MAX)
    }
}
