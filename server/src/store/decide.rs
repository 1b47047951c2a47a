//! The desk: everything decisions need, gathered by sets; decisions and messages, committed together.

mod lookout;
mod restraint;

use super::SqlStore;
use super::dialect::Dialect;
use super::row;
use super::ruling;
use super::sql::statements;
use super::value::{Row, Set, args, cells};
use async_trait::async_trait;
use dispatch::brand::{Brand, CountryRow, Sender, is_name};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::consent::{ConsentKind, Purpose};
use dispatch::country::Country;
use dispatch::decision::{Newer, Told, Verdict};
use dispatch::error::{Error, Result};
use dispatch::event::Event;
use dispatch::id::{AccountId, BrandId, EventId};
use dispatch::judge;
use dispatch::message::MessageState;
use dispatch::port::{BrandFile, ChannelFile, Decided, Desk, Gathered};
use dispatch::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

pub(in crate::store) use lookout::ALL as LOOKOUT;
pub(in crate::store) use restraint::ALL as RESTRAINT;

statements! {
    UNDECIDED = ["SELECT e.account_id, e.id, e.brand_id, e.connection_id, e.delivery_id, e.source, e.status, e.direction, \
            e.test, e.occurred_at, e.received_at, e.facts FROM ", waiting_events, " ORDER BY e.id"];
    BRANDS = ["SELECT b.account_id, b.id, b.name, b.state, b.language, b.whatsapp_number, \
            b.quiet_on, b.quiet_from, b.quiet_until, b.quiet_days, b.quiet_urgent, b.timing, b.languages, b.cascades, a.plan FROM brand b \
        JOIN account a ON a.id = b.account_id WHERE b.id IN (SELECT id FROM ", {id: text}, " s)"];
    CHANNELS = ["SELECT brand_id, channel, state, activated_at, consent_basis, version FROM channel_setting \
        WHERE brand_id IN (SELECT id FROM ", {id: text}, " s)"];
    COUNTRIES = ["SELECT brand_id, channel, country, is_on, statuses FROM country_setting \
        WHERE brand_id IN (SELECT id FROM ", {id: text}, " s)"];
    SENDERS = ["SELECT brand_id, channel, id, state, phone_number_id FROM sender \
        WHERE replaced_at IS NULL AND brand_id IN (SELECT id FROM ", {id: text}, " s)"];
    CONTACTS = ["SELECT c.brand_id, c.key, c.facts FROM ", {brand_id: text, key: text},
        " s", [contact c brand_id = s.brand_id, key = s.key]];
    TOLD = ["SELECT t.brand_id, t.status, t.key, t.event_id, t.at FROM ", {brand_id: text, key: text, status: text},
        " s", [told t brand_id = s.brand_id, key = s.key, status = s.status]];
    PROGRESS = ["SELECT p.brand_id, p.key, p.status, p.occurred_at, p.received_at FROM ", {brand_id: text, key: text},
        " s", [progress p brand_id = s.brand_id, key = s.key]];
    STANDINGS = ["SELECT t.brand_id, t.channel, t.address, t.purpose, t.kind, t.since FROM ", {brand_id: text, address: text},
        " s", [standing t brand_id = s.brand_id, address = s.address]];
    CHOICES = ["SELECT c.brand_id, c.channel, c.address, c.statuses, c.since FROM ", {brand_id: text, address: text},
        " s", [choice c brand_id = s.brand_id, address = s.address]];
    // Only what is still undecided: another worker may have been faster.
    MARK = ["DELETE FROM event_inbox WHERE id", in_set, {id: text}, end_of_set, " RETURNING id"];
    UNMARK = ["INSERT INTO event_inbox (id) SELECT id FROM ", {id: text}, " s"];
    TELL = ["INSERT INTO told (account_id, brand_id, status, key, event_id, at) SELECT account_id, brand_id, status, key, event_id, at FROM ",
        {account_id: text, brand_id: text, status: text, key: text, event_id: text, at: bigint},
        " s WHERE true ON CONFLICT DO NOTHING RETURNING event_id"];
    // By key, because that is what the table is found by; only what this event told.
    UNTELL = ["DELETE FROM told WHERE (brand_id, key, status, event_id) IN (SELECT brand_id, key, status, event_id FROM ",
        {brand_id: text, key: text, status: text, event_id: text}, " s)"];
    ADD_DECISIONS = ["INSERT INTO decision (id, account_id, brand_id, event_id, delivery_id, channel, verdict, reason, rules, \
            ruling, message_id, decided_at, status, country, order_number, tracking_number, phone) \
        SELECT id, account_id, brand_id, event_id, delivery_id, channel, verdict, reason, rules, ruling, message_id, decided_at, \
            status, country, order_number, tracking_number, phone FROM ",
        {id: text, account_id: text, brand_id: text, event_id: text, delivery_id: text, channel: text, verdict: text,
         reason: text, rules: text, ruling: text, message_id: text, decided_at: bigint, status: text, country: text, order_number: text,
         tracking_number: text, phone: text}, " s"];
    ADD_MESSAGES = ["INSERT INTO message (id, account_id, brand_id, decision_id, sender_id, channel, country, tracking_status, \
            recipient, template, template_version, language, category, rendered, state, rank, failure, charged, created_at, fallbacks) \
        SELECT id, account_id, brand_id, decision_id, sender_id, channel, country, tracking_status, recipient, template, \
            template_version, language, category, rendered, state, rank, NULL, 0, created_at, fallbacks FROM ",
        {id: text, account_id: text, brand_id: text, decision_id: text, sender_id: text, channel: text, country: text,
         tracking_status: text, recipient: text, template: text, template_version: bigint, language: text, category: text, rendered: text,
         state: text, rank: bigint, created_at: bigint, fallbacks: text}, " s"];
    ADD_OUTBOX = ["INSERT INTO outbox (message_id, account_id, brand_id, sender_id, recipient, phase, due_at, worker, attempts, attempt_id, \
            good_until, subject) \
        SELECT message_id, account_id, brand_id, sender_id, recipient, 'due', due_at, NULL, 0, NULL, good_until, subject FROM ",
        {message_id: text, account_id: text, brand_id: text, sender_id: text, recipient: text, due_at: bigint,
         good_until: bigint, subject: text}, " s"];
}

#[async_trait]
impl<DB: Dialect> Desk for SqlStore<DB> {
    async fn undecided(&self, limit: i64) -> Result<Vec<Event>> {
        let rows = self.rows(&UNDECIDED, args![limit]).await?;
        rows.into_iter().map(|mut r| row::event(&mut r)).collect()
    }

    async fn gather(&self, events: &[Event]) -> Result<Gathered> {
        let ids: BTreeSet<BrandId> = events.iter().map(|e| e.brand).collect();
        let said = events.iter().filter_map(|e| Some((e.brand, e.status.tracking()?))).collect();
        let brands = self.brand_files(&ids, &said).await?;
        let mut gathered = Gathered { brands, ..Gathered::default() };

        let (mut contact_keys, mut subject_keys, mut told_keys) =
            (Set::new(), Set::new(), Set::new());
        for event in events.iter().filter(|event| !judge::names_its_person(event)) {
            for key in event.contact_keys() {
                contact_keys.push(&cells![event.brand, key]);
            }
        }
        if !contact_keys.is_empty() {
            for mut row in self.rows(&CONTACTS, args![contact_keys]).await? {
                let key = (row.read()?, row.text()?);
                gathered.contacts.insert(key, row::contact(&row.text()?)?);
            }
        }
        for event in events {
            let contact = |key: &str| gathered.contacts.get(&(event.brand, key.to_owned()));
            let keys = judge::subject_keys(event, contact);
            for key in &keys {
                subject_keys.push(&cells![event.brand, *key]);
            }
            for key in judge::asked_keys(event, keys) {
                told_keys.push(&cells![event.brand, key, event.status]);
            }
        }
        for mut row in self.rows(&TOLD, args![told_keys]).await? {
            let key = (row.read()?, row.read()?, row.text()?);
            gathered.told.insert(key, Told { event: row.read()?, at: row.time()? });
        }
        for mut row in self.rows(&PROGRESS, args![subject_keys]).await? {
            let key = (row.read()?, row.text()?);
            let newer = Newer { status: row.read()?, occurred_at: row.time()? };
            gathered.progress.insert(key, (newer, row.time()?));
        }
        self.restraints(events, &mut gathered).await?;
        self.people(events, gathered).await
    }

    async fn gather_people(&self, events: &[Event]) -> Result<Gathered> {
        self.people(events, Gathered::default()).await
    }

    async fn brand_file(&self, account: AccountId, brand: BrandId) -> Result<Option<BrandFile>> {
        let said = TrackingStatus::ALL.iter().map(|status| (brand, *status)).collect();
        let file = self.brand_files(&BTreeSet::from([brand]), &said).await?.remove(&brand);
        Ok(file.filter(|file| file.brand.account == account))
    }

    async fn commit_decisions(&self, decided: &[Decided]) -> Result<Vec<EventId>> {
        let mut write = self.write_behind().await?;
        let marked = write.rows(&MARK, args![Set::of(decided.iter().map(|d| d.event.id))]).await?;
        let mine = ids(marked)?;

        // The told keys first: who cannot have all of them is not the first to tell.
        let mut keys = Set::new();
        let mut wanted: HashMap<EventId, usize> = HashMap::new();
        for d in decided.iter().filter(|d| mine.contains(&d.event.id)) {
            for (status, key) in &d.told_keys {
                keys.push(&cells![d.event.account, d.event.brand, *status, *key, d.event.id, d.at]);
            }
            if !d.told_keys.is_empty() {
                wanted.insert(d.event.id, d.told_keys.len());
            }
        }
        if !keys.is_empty() {
            for mut row in write.rows(&TELL, args![keys]).await? {
                let id: EventId = row.read()?;
                if let Some(count) = wanted.get_mut(&id) {
                    *count -= 1;
                }
            }
        }
        let mut late: HashSet<EventId> =
            wanted.into_iter().filter(|(_, missing)| *missing > 0).map(|(id, _)| id).collect();
        write.restrain(decided, &mine, &mut late).await?;
        if !late.is_empty() {
            let mut keys = Set::new();
            for d in decided.iter().filter(|d| late.contains(&d.event.id)) {
                for (status, key) in &d.told_keys {
                    keys.push(&cells![d.event.brand, *key, *status, d.event.id]);
                }
            }
            if !keys.is_empty() {
                write.run(&UNTELL, args![keys]).await?;
            }
            write.run(&UNMARK, args![Set::of(late.iter().copied())]).await?;
        }

        let watched =
            decided.iter().filter(|d| mine.contains(&d.event.id) && !late.contains(&d.event.id));
        write.look_out(watched).await?;

        let joined: HashSet<_> = decided.iter().filter_map(|d| d.joins).collect();
        let (mut decisions, mut messages, mut outbox) = (Set::new(), Set::new(), Set::new());
        let mut rulings = Vec::new();
        for d in
            decided.iter().filter(|d| mine.contains(&d.event.id) && !late.contains(&d.event.id))
        {
            let e = &d.event;
            let parted = ruling::part(&d.decision.rules, &d.others)?;
            decisions.push(&cells![
                d.id,
                e.account,
                e.brand,
                e.id,
                e.delivery,
                d.decision.channel,
                d.decision.verdict,
                d.decision.reason,
                parted.saw,
                parted.id,
                d.message.as_ref().map(|m| m.id),
                d.at,
                e.status,
                e.facts.country,
                e.facts.order_number,
                e.facts.tracking_number,
                e.facts.phone
            ]);
            rulings.push((e.account, parted));
            let Some(m) = &d.message else { continue };
            let held = d.decision.verdict == Verdict::Hold;
            let state = if held { MessageState::Held } else { MessageState::Queued };
            // Looked for again when the message leaves late. What several parcels share is not overtaken by one of them.
            let looked_for = m.good_until.is_some() && !joined.contains(&m.id);
            let subject = e.subject_keys().into_iter().next().filter(|_| looked_for);
            let rendered = serde_json::to_string(&m.rendered).map_err(|_| Error::Corrupt)?;
            messages.push(&cells![
                m.id,
                m.account,
                m.brand,
                m.decision,
                m.sender,
                m.channel,
                m.country,
                m.tracking_status,
                m.to,
                m.template,
                m.template_version,
                m.language,
                m.category,
                rendered,
                state,
                state.rank(),
                m.created_at,
                row::fallbacks_json(&m.fallbacks)?
            ]);
            outbox.push(&cells![
                m.id,
                m.account,
                m.brand,
                m.sender,
                m.to,
                m.due_at,
                m.good_until,
                subject
            ]);
        }
        let kept = write.keep_rulings(self, &rulings).await?;
        if !decisions.is_empty() {
            write.run(&ADD_DECISIONS, args![decisions]).await?;
        }
        if !messages.is_empty() {
            write.run(&ADD_MESSAGES, args![messages]).await?;
            write.run(&ADD_OUTBOX, args![outbox]).await?;
        }
        write.commit().await?;
        self.rulings.learn(kept);
        Ok(late.into_iter().collect())
    }

    async fn sweep_restraints(&self, now: Timestamp) -> Result<u64> {
        self.forget_restraints(now).await
    }
}

impl<DB: Dialect> SqlStore<DB> {
    /// Adds what is known of the people of these events and of the contacts gathered already.
    async fn people(&self, events: &[Event], mut gathered: Gathered) -> Result<Gathered> {
        let mut addresses: HashSet<(BrandId, &str)> = HashSet::new();
        for event in events {
            let facts = &event.facts;
            let known = [&facts.phone, &facts.email].into_iter().flatten();
            addresses.extend(known.map(|address| (event.brand, address.as_str())));
        }
        addresses.extend(gathered.contacts.iter().flat_map(|((brand, _), c)| {
            let known = [&c.phone, &c.email].into_iter().flatten();
            known.map(|address| (*brand, address.as_str()))
        }));
        let mut set = Set::new();
        for (brand, address) in &addresses {
            set.push(&cells![*brand, *address]);
        }
        if !set.is_empty() {
            let people = args![set];
            for mut row in self.rows(&STANDINGS, people.clone()).await? {
                let key = (row.read()?, row.read()?, row.text()?);
                let said = (row.read()?, row.read()?);
                let since = row.time()?;
                match said {
                    (Purpose::Tracking, ConsentKind::OptOut) => {
                        gathered.opted_out.insert(key, since);
                    }
                    (Purpose::Tracking, ConsentKind::OptIn) => {
                        gathered.consented.insert(key, since);
                    }
                    (Purpose::Marketing, ConsentKind::OptIn) => {
                        gathered.marketing.insert(key, since);
                    }
                    // No yes to advertising and a no to it are the same here; what was taken back is nothing said.
                    (Purpose::Marketing, _) | (_, ConsentKind::Choice | ConsentKind::TakenBack) => {
                    }
                }
            }
            for mut row in self.rows(&CHOICES, people).await? {
                let key = (row.read()?, row.read()?, row.text()?);
                let silent = statuses(&mut row)?;
                gathered.silenced.insert(key, (silent, row.time()?));
            }
        }
        Ok(gathered)
    }

    /// These brands with what their channels are set to, and what they can say about statuses.
    async fn brand_files(
        &self,
        ids: &BTreeSet<BrandId>,
        said: &BTreeSet<(BrandId, TrackingStatus)>,
    ) -> Result<HashMap<BrandId, BrandFile>> {
        let set = || args![Set::of(ids.iter().copied())];
        let mut shelves = self.shelves(said).await?;
        let mut files = HashMap::new();
        for mut row in self.rows(&BRANDS, set()).await? {
            let brand = Brand {
                account: row.read()?,
                id: row.read()?,
                name: row.text()?,
                state: row.read()?,
                language: row.read()?,
                whatsapp_number: row.text_or_none()?,
                quiet: row::quiet_hours(&mut row)?,
                timing: row.json()?,
                languages: row.json()?,
                cascades: row::cascades(&mut row)?,
            };
            let plan = row.read()?;
            let shelf = shelves.remove(&brand.id).unwrap_or_default();
            files.insert(brand.id, BrandFile { brand, plan, channels: BTreeMap::new(), shelf });
        }
        for mut row in self.rows(&CHANNELS, set()).await? {
            if let Some(ChannelFile { settings, .. }) = way(&mut files, row.read()?, row.read()?) {
                settings.state = row.read()?;
                settings.activated_at = row.time_or_none()?;
                settings.consent_basis = row.read_or_none()?;
                settings.version = row.int()?;
            }
        }
        for mut row in self.rows(&COUNTRIES, set()).await? {
            if let Some(ChannelFile { settings, .. }) = way(&mut files, row.read()?, row.read()?) {
                let country: Country = row.read()?;
                let (on, statuses) = (row.flag()?, statuses(&mut row)?);
                settings.countries.insert(country, CountryRow { on, statuses });
            }
        }
        for mut row in self.rows(&SENDERS, set()).await? {
            let (brand, channel) = (row.read()?, row.read()?);
            let (id, state) = (row.read()?, row.read()?);
            let one_way = channel == Channel::Sms && is_name(&row.text()?);
            if let Some(file) = way(&mut files, brand, channel) {
                file.sender = Some(Sender { id, channel, state, one_way });
            }
        }
        Ok(files)
    }
}

fn way(
    files: &mut HashMap<BrandId, BrandFile>,
    brand: BrandId,
    channel: Channel,
) -> Option<&mut ChannelFile> {
    files.get_mut(&brand).map(|file| file.channel_mut(channel))
}

fn ids(rows: Vec<Row>) -> Result<HashSet<EventId>> {
    rows.into_iter().map(|mut row| row.read()).collect()
}

fn statuses(row: &mut Row) -> Result<BTreeSet<TrackingStatus>> {
    row.text()?
        .split_ascii_whitespace()
        .map(|word| word.parse().map_err(|_| Error::Corrupt))
        .collect()
}
