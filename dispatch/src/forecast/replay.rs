//! Events judged once more, in order, under two settings at a time.
//!
//! Each page goes through three steps. [`Replay::open`] is what the past says about each event, and
//! [`Replay::settle`] what each event leaves behind for the next: both walk in order and are quick. Between
//! them, weighing is nearly all the work and needs no order, because it decides as if nothing of the same had been
//! told: sheets of it can lie on as many tables as there are cores. An event whose news was told before is
//! decided again when settled, so the result is that of deciding one after the other.

use super::{CellForecast, DryRun, Figures, Proposal, Side, propose};
use crate::brand::ChannelSettings;
use crate::channel::{Channel, TrackingStatus};
use crate::country::Country;
use crate::decision::{Before, Newer, RuleCode, Tally, Told, Verdict, Waiting, counters, together};
use crate::event::{Event, EventStatus};
use crate::id::{BrandId, MessageId};
use crate::judge::{Note, Terms, names_its_person, told, told_keys};
use crate::money::Money;
use crate::port::{BrandFile, Contact, Gathered, Links, Remembered};
use crate::time::Timestamp;
use crate::zone::Zones;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// Events on a sheet: enough that handing one over costs nothing beside it.
const SHEET: usize = 1024;

/// Weighs sheets and answers them in their order; where there are cores, several at once.
pub type Spread<'a> = &'a (dyn for<'z> Fn(Vec<Sheet<'z>>) -> Vec<Weighed<'z>> + Send + Sync);

/// How one decision ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Outcome {
    verdict: Verdict,
    reason: Option<RuleCode>,
    held_until: Option<Timestamp>,
}

/// Before and after.
type Both<T> = [T; 2];

/// The two settings and where they differ.
#[derive(Debug)]
struct Sides<'z> {
    files: Both<BrandFile>,
    /// Whether the channel differs as a whole.
    whole: bool,
    countries: BTreeSet<Country>,
    statuses: BTreeSet<TrackingStatus>,
    stale_after: Duration,
    zones: &'z dyn Zones,
}

impl<'z> Sides<'z> {
    fn new(
        file: BrandFile,
        proposals: &[Proposal],
        (stale_after, zones): (Duration, &'z dyn Zones),
    ) -> (Self, Option<i64>) {
        let (after, cap) = propose(&file, proposals);
        let mut files = [file, after];
        let settings =
            files.each_mut().map(|file| file.channel_mut(Channel::Whatsapp).settings.clone());
        let [old, new] = settings.each_ref().map(|settings| &settings.countries);
        let countries = old.keys().chain(new.keys()).copied();
        let countries = countries.filter(|c| old.get(c) != new.get(c)).collect();
        let [old, new] = files.each_ref().map(|file| &file.shelf);
        let statuses = old.keys().chain(new.keys()).copied();
        let statuses = statuses.filter(|s| old.get(s) != new.get(s)).collect();
        let [old, new] =
            settings.map(|settings| ChannelSettings { countries: BTreeMap::new(), ..settings });
        (Self { whole: old != new, countries, statuses, stale_after, zones, files }, cap)
    }

    /// Whether the settings differ in anything a decision about this event may look at: the channel as a whole,
    /// the row of its country, the templates of its news.
    fn differ_for(&self, event: &Event) -> bool {
        self.whole
            || event.facts.country.is_some_and(|country| self.countries.contains(&country))
            || event.status.tracking().is_some_and(|status| self.statuses.contains(&status))
    }

    fn decide(
        &self,
        side: usize,
        (event, note): (&Event, &Note),
        people: &Gathered,
        before: Before,
    ) -> Outcome {
        let (stale_after, zones) = (self.stale_after, self.zones);
        let terms = Terms { now: event.received_at, stale_after, zones, links: &AnyLink };
        let decision = note.decide(event, &self.files[side], people, before, terms);
        let held_until = decision.draft.and_then(|draft| draft.held_until);
        Outcome { verdict: decision.verdict, reason: decision.reason, held_until }
    }

    fn decide_both(
        &self,
        case: (&Event, &Note),
        people: &Gathered,
        before: Both<Before>,
    ) -> Both<Outcome> {
        let first = self.decide(0, case, people, before[0]);
        let same = before[0] == before[1] && !self.differ_for(case.0);
        [first, if same { first } else { self.decide(1, case, people, before[1]) }]
    }
}

/// A text that carries a link needs one to be finished; which one makes no difference to what is decided.
#[derive(Debug)]
struct AnyLink;

impl Links for AnyLink {
    fn preferences(&self, _: BrandId, _: &str) -> String {
        "https://link.invalid/u".to_owned()
    }

    fn preferences_sample(&self, brand: BrandId) -> String {
        self.preferences(brand, "")
    }
}

/// Some events in order, their contacts completed, with what the past says about them.
#[derive(Debug)]
pub struct Page {
    /// The events.
    pub events: Vec<Event>,
    notes: Vec<Note>,
}

/// A part of a page to be weighed.
pub struct Sheet<'z> {
    sides: Arc<Sides<'z>>,
    people: Arc<Gathered>,
    cases: Vec<(Event, Note)>,
}

/// A part of a page with what would be decided if nothing of the same had been told.
pub struct Weighed<'z> {
    sheet: Sheet<'z>,
    outcomes: Vec<Both<Outcome>>,
}

impl<'z> Sheet<'z> {
    /// Does the weighing.
    #[must_use]
    pub fn weigh(self) -> Weighed<'z> {
        let decide = |(event, note): &(Event, Note)| {
            self.sides.decide_both((event, note), &self.people, [Before::default(); 2])
        };
        let outcomes = self.cases.iter().map(decide).collect();
        Weighed { sheet: self, outcomes }
    }
}

/// What is known of a parcel or order under one of its names.
#[derive(Debug, Default)]
struct Subject {
    /// The furthest news and when it was heard.
    furthest: Option<(Newer, Timestamp)>,
    told: Vec<(EventStatus, Both<Option<Told>>)>,
}

/// Everything a replay carries from one event to the next, and its figures.
pub struct Replay<'z> {
    sides: Arc<Sides<'z>>,
    cap: Option<i64>,
    /// Events before it are the run-up, which is not counted.
    since: Timestamp,
    subjects: HashMap<String, Subject>,
    /// Messages counted against the brand's cap, by key and day.
    counted: HashMap<(String, i64), Both<u32>>,
    /// Messages that wait for more of their order.
    waiting: HashMap<(String, EventStatus), Both<Option<Waiting>>>,
    contacts: HashMap<String, Arc<Remembered>>,
    cells: BTreeMap<(Option<Country>, TrackingStatus), Figures>,
    total: Figures,
}

impl<'z> Replay<'z> {
    /// A replay that counts what was received from `since` on; how old news may be and how clocks are set
    /// are the terms of every decision.
    #[must_use]
    pub fn new(
        file: BrandFile,
        proposals: &[Proposal],
        terms: (Duration, &'z dyn Zones),
        since: Timestamp,
    ) -> Self {
        let (sides, cap) = Sides::new(file, proposals, terms);
        Self {
            sides: Arc::new(sides),
            cap,
            since,
            subjects: HashMap::new(),
            counted: HashMap::new(),
            waiting: HashMap::new(),
            contacts: HashMap::new(),
            cells: BTreeMap::new(),
            total: Figures::default(),
        }
    }

    /// The keys under which somebody must be remembered who told these events nobody, and nobody is yet:
    /// an order may be older than the replay.
    #[must_use]
    pub fn unknown(&self, events: &[Event]) -> Vec<String> {
        let incomplete = |e: &&Event| !names_its_person(e);
        let keys: BTreeSet<String> = events
            .iter()
            .filter(incomplete)
            .flat_map(Event::contact_keys)
            .filter(|key| !self.contacts.contains_key(key))
            .collect();
        keys.into_iter().collect()
    }

    /// Remembers who orders from before the replay belong to.
    pub fn remember(&mut self, contacts: Vec<(String, Remembered)>) {
        for (key, contact) in contacts {
            self.contacts.entry(key).or_insert_with(|| Arc::new(contact));
        }
    }

    /// Where the events of the last millisecond begin: more of them may follow, and a page holds all or none.
    #[must_use]
    pub fn last_moment(events: &[Event]) -> usize {
        let last = events.last().map(moment);
        events.iter().rposition(|event| Some(moment(event)) != last).map_or(0, |before| before + 1)
    }

    /// Takes the next events, in the order of their ids, and notes what the past says about each. Those of one
    /// millisecond are heard together: a delivery's events are understood in one commit.
    #[must_use]
    pub fn open(&mut self, mut events: Vec<Event>) -> Page {
        let mut notes = Vec::with_capacity(events.len());
        for together in events.chunk_by_mut(|a, b| moment(a) == moment(b)) {
            for event in together.iter() {
                self.hear(event);
            }
            for event in together {
                let contact = |key: &str| self.contacts.get(key).map(|known| &known.contact);
                let furthest = |key: &str| self.subjects.get(key)?.furthest;
                notes.push(Note::take(event, contact, furthest));
            }
        }
        Page { events, notes }
    }

    /// What an event says about its person and its parcel, as the inbox would write it down.
    fn hear(&mut self, event: &Event) {
        if event.facts.has_contact() {
            let occurred_at = event.occurred_at;
            let told = Arc::new(Remembered { occurred_at, contact: Contact::of(&event.facts) });
            for key in event.contact_keys() {
                let known = self.contacts.entry(key).or_insert_with(|| told.clone());
                if occurred_at >= known.occurred_at {
                    *known = told.clone();
                }
            }
        }
        if event.is_progress() {
            let newer = Newer { status: event.status, occurred_at: event.occurred_at };
            let weight = |newer: &Newer| (newer.status.is_final(), newer.occurred_at);
            for key in event.subject_keys() {
                let subject = self.subjects.entry(key).or_default();
                if subject.furthest.is_none_or(|(known, _)| weight(&newer) > weight(&known)) {
                    subject.furthest = Some((newer, event.received_at));
                }
            }
        }
    }

    /// Decides about a page and counts it.
    pub fn take(&mut self, page: Page, people: Gathered, spread: Spread<'_>) {
        let people = Arc::new(people);
        let mut cases = page.events.into_iter().zip(page.notes);
        let mut sheets = Vec::new();
        loop {
            let cases: Vec<_> = cases.by_ref().take(SHEET).collect();
            if cases.is_empty() {
                break;
            }
            sheets.push(Sheet { sides: self.sides.clone(), people: people.clone(), cases });
        }
        for Weighed { sheet, outcomes } in spread(sheets) {
            for ((event, note), outcome) in sheet.cases.into_iter().zip(outcomes) {
                self.settle(&event, &note, outcome, &people);
            }
        }
    }

    fn settle(&mut self, event: &Event, note: &Note, free: Both<Outcome>, people: &Gathered) {
        let before = [0, 1].map(|side| self.before(side, event, &note.keys));
        let outcomes = if before.iter().any(|before| self.matters(before)) {
            self.sides.decide_both((event, note), people, before)
        } else {
            free
        };
        self.note(event, outcomes);
        let news = Told { event: event.id, at: event.received_at };
        let tells = outcomes.map(|o| Note::tells(event, o.verdict, o.reason).map(|_| news));
        if tells.iter().any(Option::is_some) {
            // What was told first stays, so the names that are taken on one side only do no harm.
            for key in told_keys(event, &note.keys, |_| None) {
                self.subjects.entry(key).or_default().tell(event.status, tells);
            }
        }
        if event.received_at >= self.since {
            self.count(event, outcomes);
        }
    }

    /// What a side has told so far, as far as it concerns this event.
    fn before(&self, side: usize, event: &Event, keys: &[String]) -> Before {
        let (brand, now) = (&self.sides.files[side].brand, event.received_at);
        let seen = |key: &str, day| {
            self.counted.get(&(key.to_owned(), day)).map_or(0, |counted| counted[side])
        };
        let waiting = together(event, &brand.timing.merge)
            .and_then(|key| self.waiting.get(&(key, event.status))?[side])
            .filter(|waiting| waiting.until > now);
        Before {
            told: told(event, keys, |key| self.told(side, event.status, key)),
            tally: Tally::of(&counters(event, brand, self.sides.zones, now, seen)),
            waiting,
        }
    }

    /// Whether something would be decided otherwise than if nothing had been told. Timing is the same on both sides.
    fn matters(&self, before: &Before) -> bool {
        let cap = &self.sides.files[0].brand.timing.cap;
        let full = |count: Option<u32>, limit: Option<u32>| {
            count.zip(limit).is_some_and(|(count, limit)| count >= limit)
        };
        before.told.is_some()
            || before.waiting.is_some()
            || full(before.tally.order, cap.per_order)
            || full(before.tally.day, cap.per_day)
    }

    /// Counts the event's messages, and notes those that wait.
    fn note(&mut self, event: &Event, outcomes: Both<Outcome>) {
        let (brand, now) = (&self.sides.files[0].brand, event.received_at);
        let goes = outcomes.map(|outcome| outcome.verdict != Verdict::Skip);
        if !goes.contains(&true) {
            return;
        }
        for counter in counters(event, brand, self.sides.zones, now, |_, _| 0) {
            let counted = self.counted.entry((counter.key, counter.day)).or_default();
            for side in [0, 1] {
                counted[side] += u32::from(goes[side]);
            }
        }
        if let Some(key) = together(event, &brand.timing.merge) {
            let waiting = self.waiting.entry((key, event.status)).or_default();
            for (side, outcome) in outcomes.iter().enumerate().filter(|(side, _)| goes[*side]) {
                let message = MessageId::least(now);
                let began = outcome.held_until.map(|until| Waiting { message, until });
                waiting[side] = began.or(waiting[side]);
            }
        }
    }

    fn told(&self, side: usize, status: EventStatus, key: &str) -> Option<Told> {
        let told = &self.subjects.get(key)?.told;
        told.iter().find(|(of, _)| *of == status)?.1[side]
    }

    fn count(&mut self, event: &Event, outcomes: Both<Outcome>) {
        let cap = [None, self.cap];
        let sent = [self.total.before.messages, self.total.after.messages];
        let full = [0, 1].map(|side| cap[side].is_some_and(|cap| sent[side] >= cap));
        self.total.count(outcomes, full);
        if let Some(status) = event.status.tracking() {
            self.cells.entry((event.facts.country, status)).or_default().count(outcomes, full);
        }
    }

    /// The figures, priced. `of` is how many events there were.
    #[must_use]
    pub fn finish(self, until: Timestamp, of: Option<i64>, price: Option<Money>) -> DryRun {
        let cells = self.cells.into_iter().map(|((country, status), figures)| CellForecast {
            country,
            status,
            figures: figures.price(price),
        });
        DryRun {
            since: self.since,
            until,
            events: self.total.events,
            of: of.unwrap_or(self.total.events),
            price,
            cells: cells.collect(),
            total: self.total.price(price),
        }
    }
}

/// The millisecond an event was received in.
fn moment(event: &Event) -> i64 {
    event.received_at.micros().div_euclid(1000)
}

impl Subject {
    /// Notes what was told; what was told first stays.
    fn tell(&mut self, status: EventStatus, news: Both<Option<Told>>) {
        match self.told.iter_mut().find(|(of, _)| *of == status) {
            Some((_, told)) => *told = [0, 1].map(|side| told[side].or(news[side])),
            None => self.told.push((status, news)),
        }
    }
}

impl Figures {
    fn count(&mut self, outcomes: Both<Outcome>, full: Both<bool>) {
        self.events += 1;
        self.before.count(outcomes[0], full[0]);
        self.after.count(outcomes[1], full[1]);
    }
}

impl Side {
    fn count(&mut self, outcome: Outcome, full: bool) {
        match (outcome.verdict, outcome.reason) {
            (Verdict::Skip, Some(rule)) => *self.held_back.entry(rule).or_default() += 1,
            // A rule is named for every skip.
            (Verdict::Skip, None) => {}
            _ if full => self.over_cap += 1,
            (verdict, _) => {
                self.messages += 1;
                self.later += i64::from(verdict == Verdict::Hold);
            }
        }
    }
}
