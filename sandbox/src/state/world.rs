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
    mail::Mails,
    message::{Message, Side},
    news::Owed,
    number::{Number, number_of},
    portfolio::Portfolio,
    queue::{Due, Queue, What},
    sms::SmsWorld,
    template::Timers,
    upload::Upload,
};
use crate::{
    review::Reviews,
    settings::{Limits, Settings},
    templates::Catalogue,
};

/// The customer service window of a person's message.
const WINDOW_MS: u64 = 24 * 3_600 * 1_000;

/// The sandbox's whole state.
pub(crate) struct World {
    pub seed: u64,
    pub limits: Limits,
    pub faults: Faults,
    pub reviews: Reviews,
    /// When something happens to a template by itself.
    pub(super) timers: Timers,
    pub(super) news: Owed,
    pub(super) uploads: Vec<Upload>,
    /// What every new WABA starts with.
    pub(super) starter: Catalogue,
    pub(super) numbers: HashMap<Arc<str>, Number>,
    pub(crate) sms: SmsWorld,
    pub(crate) mails: Mails,
    /// In order of acceptance, and so of `seq`.
    pub(super) messages: VecDeque<Message>,
    /// The `seq` of the next message.
    next: u64,
    pub(super) keep: usize,
    pub(super) phones: HashMap<Arc<str>, VecDeque<u64>>,
    /// How often each key was drawn from, by the key's digest.
    pub(super) drawn: HashMap<u64, u32>,
    /// Ends of open windows by (number, phone), Unix milliseconds.
    pub(super) windows: HashMap<(Arc<str>, Arc<str>), u64>,
    /// By id; not kept, like all limits.
    pub(super) portfolios: HashMap<String, Portfolio>,
    pub(super) pairs: HashMap<(Arc<str>, Arc<str>), Bucket>,
    pub(super) queue: Queue,
    pub(super) journal: Option<Journal>,
    /// The last write failed: said once, not per message.
    pub(super) mute: bool,
}

impl World {
    pub(crate) fn new(settings: &Settings, starter: Catalogue) -> Self {
        Self {
            seed: settings.seed,
            limits: settings.limits,
            faults: Faults::default(),
            reviews: Reviews::new(settings.review),
            timers: Timers::default(),
            news: Owed::default(),
            uploads: Vec::new(),
            starter,
            numbers: HashMap::new(),
            sms: SmsWorld::default(),
            mails: Mails::default(),
            messages: VecDeque::new(),
            next: 0,
            keep: settings.keep.max(1),
            phones: HashMap::new(),
            drawn: HashMap::new(),
            windows: HashMap::new(),
            portfolios: HashMap::new(),
            pairs: HashMap::new(),
            queue: Queue::default(),
            journal: None,
            mute: false,
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

    pub(super) fn insert(&mut self, message: Message) {
        self.next = message.seq + 1;
        *self.drawn.entry(draw::digest(&message.draw_key())).or_default() += 1;
        if message.is_sms() {
            self.sms.index(&message.id, message.seq);
        } else if message.side == Side::Person {
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
        if oldest.is_sms() {
            self.sms.unindex(&oldest.id);
        }
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

    pub(super) fn message_mut(&mut self, seq: u64) -> Option<&mut Message> {
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

    /// When something is to be told, or happens to a template by itself.
    pub(crate) fn next_due(&self) -> Option<u64> {
        [self.queue.next(), self.timers.next()].into_iter().flatten().min()
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
        self.queue.len() + waiting + self.sms.waiting()
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            numbers: self.numbers.len(),
            phones: self.phones.len(),
            messages: self.messages.len(),
            mails: self.mails.len(),
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
    pub mails: usize,
    /// Messages since the journal began, the forgotten ones included.
    pub accepted: u64,
}

pub(super) fn dues(message: &Message) -> impl Iterator<Item = Due> {
    message.owed_steps().map(|(step, planned)| Due {
        at: planned.told,
        what: What::Step { seq: message.seq, step },
        tries: 0,
    })
}
