//! Everything the sandbox knows, behind one lock. Methods are short and never wait.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use super::{
    draw::{self, Draws},
    faults::Faults,
    journal::{Fact, Journal},
    limits::{Bucket, Leak},
    message::{Message, Side},
    number::{Number, number_of},
    queue::{Due, Queue},
};
use crate::{
    settings::Limits,
    templates::{Catalogue, Kept},
};

/// The customer service window of a person's message.
const WINDOW_MS: u64 = 24 * 3_600 * 1_000;

/// The sandbox's whole state.
pub(crate) struct World {
    pub seed: u64,
    pub limits: Limits,
    pub faults: Faults,
    /// What every new WABA starts with.
    starter: Catalogue,
    numbers: HashMap<Arc<str>, Number>,
    /// In order of acceptance, and so of `seq`.
    messages: VecDeque<Message>,
    /// The `seq` of the next message.
    next: u64,
    keep: usize,
    phones: HashMap<Arc<str>, VecDeque<u64>>,
    /// How often each key was drawn from, by the key's digest.
    drawn: HashMap<u64, u32>,
    /// Ends of open windows by (number, phone), Unix milliseconds.
    windows: HashMap<(Arc<str>, Arc<str>), u64>,
    pairs: HashMap<(Arc<str>, Arc<str>), Bucket>,
    queue: Queue,
    journal: Option<Journal>,
    /// The last write failed: said once, not per message.
    mute: bool,
}

impl World {
    pub(crate) fn new(seed: u64, limits: Limits, keep: usize, starter: Catalogue) -> Self {
        Self {
            seed,
            limits,
            faults: Faults::default(),
            starter,
            numbers: HashMap::new(),
            messages: VecDeque::new(),
            next: 0,
            keep: keep.max(1),
            phones: HashMap::new(),
            drawn: HashMap::new(),
            windows: HashMap::new(),
            pairs: HashMap::new(),
            queue: Queue::default(),
            journal: None,
            mute: false,
        }
    }

    /// Reads a folder's journal into this world and writes on in it.
    pub(crate) fn remember(&mut self, dir: &std::path::Path) -> anyhow::Result<()> {
        let mut journal = Journal::open(dir, |fact| self.apply(fact))?;
        journal.rewrite(self.facts())?;
        self.journal = Some(journal);
        let owed: Vec<Due> = self.messages.iter().flat_map(dues).collect();
        for due in owed {
            self.queue.push(due);
        }
        Ok(())
    }

    /// Keeps a fact, then makes it true. An answer may follow only afterwards.
    pub(crate) fn record(&mut self, fact: Fact) {
        self.keep_fact(&fact);
        self.apply(fact);
    }

    fn keep_fact(&mut self, fact: &Fact) {
        let Some(journal) = &mut self.journal else { return };
        match journal.write(fact) {
            Ok(()) => self.mute = false,
            Err(error) if !self.mute => {
                self.mute = true;
                tracing::error!(%error, "the sandbox's journal cannot be written: it goes on from \
                    memory, and what follows is lost when it stops");
            }
            Err(_) => {}
        }
    }

    fn apply(&mut self, fact: Fact) {
        match fact {
            Fact::Seed { seed } => self.seed = seed,
            Fact::Number { number, secret, name, display } => {
                let number = self.number_mut(&number);
                number.secret = secret;
                number.name = name;
                number.display = display;
            }
            Fact::Subscribed { number, subscription } => {
                let number = self.number_mut(&number);
                number.subscription = Some(subscription);
            }
            Fact::Unsubscribed { number } => self.number_mut(&number).subscription = None,
            Fact::Template { number, standing, body } => match Kept::restore(&body, standing) {
                Ok(kept) => self.number_mut(&number).templates.put(kept),
                Err(problem) => {
                    tracing::warn!(number, %problem, "a template of the journal is left out");
                }
            },
            Fact::TemplateDeleted { number, name, language, blocked_until } => {
                self.number_mut(&number).templates.remove(&name, &language, blocked_until);
            }
            Fact::Message(message) => self.insert(*message),
            Fact::Told { steps } => {
                for (seq, bits) in steps {
                    if let Some(message) = self.message_mut(seq) {
                        message.owed &= !bits;
                    }
                }
            }
            Fact::Reset { seed } => self.forget(seed),
        }
    }

    /// The shortest journal that says the same as this world.
    fn facts(&self) -> impl Iterator<Item = Fact> {
        let numbers = self.numbers.values().flat_map(|number| {
            let id = || number.id.to_string();
            let mut facts = vec![Fact::Number {
                number: id(),
                secret: number.secret.clone(),
                name: number.name.clone(),
                display: number.display.clone(),
            }];
            if let Some(subscription) = number.subscription.clone() {
                facts.push(Fact::Subscribed { number: id(), subscription });
            }
            facts.extend(number.templates.facts_since(&self.starter, &number.id));
            facts
        });
        let messages = self.messages.iter().map(|message| Fact::Message(Box::new(message.clone())));
        std::iter::once(Fact::Seed { seed: self.seed }).chain(numbers).chain(messages)
    }

    /// Forgets messages, windows, draws and faults; keeps numbers, subscriptions and templates.
    pub(crate) fn reset(&mut self, seed: Option<u64>) {
        let seed = seed.unwrap_or(self.seed);
        self.record(Fact::Reset { seed });
        self.shorten();
    }

    /// Rewrites the journal without what is settled or forgotten.
    fn shorten(&mut self) {
        let Some(mut journal) = self.journal.take() else { return };
        if let Err(error) = journal.rewrite(self.facts()) {
            tracing::warn!(%error, "the sandbox's journal was not shortened; nothing is lost");
        }
        self.journal = Some(journal);
    }

    fn forget(&mut self, seed: u64) {
        self.seed = seed;
        // Sequence numbers go on, so that an update still under way finds no other message.
        self.messages.clear();
        self.phones.clear();
        self.drawn.clear();
        self.windows.clear();
        self.pairs.clear();
        self.queue.clear();
        self.faults.clear();
        for number in self.numbers.values_mut() {
            number.ready.clear();
            number.bucket = Bucket::default();
        }
    }

    /// Lets go of the folder: nothing is kept from now on.
    pub(crate) fn close(&mut self) {
        self.journal = None;
    }

    pub(crate) fn sync(&self) {
        if let Some(Err(error)) = self.journal.as_ref().map(Journal::sync) {
            tracing::warn!(%error, "the sandbox's journal may not be on the disk yet");
        }
    }

    // --- numbers

    pub(crate) fn number(&self, id: &str) -> Option<&Number> {
        self.numbers.get(id)
    }

    pub(crate) fn numbers(&self) -> impl Iterator<Item = &Number> {
        self.numbers.values()
    }

    pub(crate) fn numbers_mut(&mut self) -> impl Iterator<Item = &mut Number> {
        self.numbers.values_mut()
    }

    /// The number, made on first use.
    pub(crate) fn number_mut(&mut self, id: &str) -> &mut Number {
        let Self { numbers, starter, .. } = self;
        numbers.entry(id.into()).or_insert_with(|| Number::new(id, starter.clone()))
    }

    /// The number when it belongs to this app, or to nobody yet; then it does from now on.
    pub(crate) fn claim(&mut self, id: &str, secret: &str) -> Option<&mut Number> {
        let number = self.number_mut(id);
        match number.secret.as_deref() {
            Some(owner) if owner == secret => {}
            Some(_) => return None,
            None => {
                let fact = Fact::Number {
                    number: id.to_owned(),
                    secret: Some(secret.to_owned()),
                    name: number.name.clone(),
                    display: number.display.clone(),
                };
                self.record(fact);
            }
        }
        self.numbers.get_mut(id)
    }

    /// The WABA's number when it belongs to this app.
    pub(crate) fn claim_waba(&mut self, waba: &str, secret: &str) -> Claim<'_> {
        let Some(number) = number_of(waba) else { return Claim::Unknown };
        match self.claim(number, secret) {
            Some(number) => Claim::Yours(number),
            None => Claim::Anothers,
        }
    }

    // --- messages

    /// The draws of the next message with this key; the same until one is accepted.
    pub(crate) fn draws<'a>(&self, key: &'a str) -> Draws<'a> {
        let nth = self.drawn.get(&draw::digest(key)).copied().unwrap_or_default();
        Draws::new(self.seed, key, nth)
    }

    pub(crate) fn next_seq(&self) -> u64 {
        self.next
    }

    /// Accepts a message; true when what it owes is due before everything else.
    pub(crate) fn accept(&mut self, message: Message) -> bool {
        let dues: Vec<Due> = dues(&message).collect();
        let fact = Fact::Message(Box::new(message));
        self.keep_fact(&fact);
        if let Fact::Message(message) = fact {
            self.insert(*message);
        }
        // Two facts a message, accepted and told, are usual: beyond twice that, half is history.
        if self.journal.as_ref().is_some_and(|journal| journal.lines() > 4 * self.keep) {
            self.shorten();
        }
        // Every due is queued; the earliest of them may be the earliest of all.
        dues.into_iter().filter(|due| self.queue.push(*due)).count() > 0
    }

    fn insert(&mut self, message: Message) {
        self.next = message.seq + 1;
        let key = Message::key(&message.number, &message.phone, message.opaque.as_deref());
        *self.drawn.entry(draw::digest(&key)).or_default() += 1;
        if message.side == Side::Person {
            let pair = (message.number.clone(), message.phone.clone());
            self.windows.insert(pair, message.at + WINDOW_MS);
        }
        self.phones.entry(message.phone.clone()).or_default().push_back(message.seq);
        self.messages.push_back(message);
        while self.messages.len() > self.keep
            && self.messages.front().is_some_and(|oldest| oldest.owed == 0)
        {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let Some(oldest) = self.messages.pop_front() else { return };
        if let Some(seqs) = self.phones.get_mut(&oldest.phone) {
            seqs.pop_front();
            if seqs.is_empty() {
                self.phones.remove(&oldest.phone);
            }
        }
    }

    pub(crate) fn message(&self, seq: u64) -> Option<&Message> {
        let place = self.messages.binary_search_by_key(&seq, |message| message.seq).ok()?;
        self.messages.get(place)
    }

    fn message_mut(&mut self, seq: u64) -> Option<&mut Message> {
        let place = self.messages.binary_search_by_key(&seq, |message| message.seq).ok()?;
        self.messages.get_mut(place)
    }

    pub(crate) fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter()
    }

    /// What a phone sent and was sent, oldest first.
    pub(crate) fn on_phone(&self, phone: &str) -> impl DoubleEndedIterator<Item = &Message> {
        self.phones.get(phone).into_iter().flatten().filter_map(|seq| self.message(*seq))
    }

    /// Every phone with its newest message.
    pub(crate) fn phones(&self) -> impl Iterator<Item = (&Arc<str>, &Message)> {
        self.phones.iter().filter_map(|(phone, seqs)| Some((phone, self.message(*seqs.back()?)?)))
    }

    pub(crate) fn is_window_open(&self, number: &str, phone: &str, now: u64) -> bool {
        let pair = (Arc::from(number), Arc::from(phone));
        self.windows.get(&pair).is_some_and(|end| *end > now)
    }

    /// Whether both rate limits have room; takes it.
    pub(crate) fn take_room(&mut self, number: &str, phone: &str, now: u64) -> Room {
        if let Some(burst) = self.limits.pair_burst {
            let pair = (Arc::from(number), Arc::from(phone));
            if !self.pairs.entry(pair).or_default().take(now, burst, Leak::OneInSixSeconds) {
                return Room::PairFull;
            }
        }
        if let Some(rate) = self.limits.number_per_second {
            let bucket = &mut self.number_mut(number).bucket;
            if !bucket.take(now, rate, Leak::PerSecond(rate)) {
                return Room::NumberFull;
            }
        }
        Room::Free
    }

    // --- what is owed

    pub(crate) fn next_due(&self) -> Option<u64> {
        self.queue.next()
    }

    pub(crate) fn pop_due(&mut self, now: u64) -> Option<Due> {
        self.queue.pop_due(now)
    }

    pub(crate) fn push_due(&mut self, due: Due) {
        self.queue.push(due);
    }

    /// Updates not yet accepted by a callback, wherever they wait.
    pub(crate) fn owed(&self) -> usize {
        let waiting: usize = self.numbers.values().map(|number| number.ready.len()).sum();
        self.queue.len() + waiting
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            numbers: self.numbers.len(),
            phones: self.phones.len(),
            messages: self.messages.len(),
            accepted: self.next,
        }
    }
}

/// Whose a WABA is.
pub(crate) enum Claim<'a> {
    Yours(&'a mut Number),
    Anothers,
    /// Not an id the sandbox's convention knows.
    Unknown,
}

/// What the rate limits say.
pub(crate) enum Room {
    Free,
    NumberFull,
    PairFull,
}

/// Sizes for `GET /control/state`.
pub(crate) struct Counts {
    pub numbers: usize,
    pub phones: usize,
    pub messages: usize,
    /// Messages since the journal began, the forgotten ones included.
    pub accepted: u64,
}

fn dues(message: &Message) -> impl Iterator<Item = Due> {
    message.owed_steps().map(|(step, planned)| Due {
        at: planned.told,
        seq: message.seq,
        step,
        tries: 0,
    })
}
