//! Message, attempt and their place in the queue against a small model that is written from the design's words and
//! shares nothing with the store: whatever happens, in whatever order, both say the same after every step.
//!
//! Somebody has messages sent again. Processes crash with leases in their hands, stall and come back with an answer that nobody waits for any more,
//! and receipts come early, late, twice and in any order.

use super::world::{Journey, Tenant, World, accepted, at, finished};
use dispatch::attempt::{Answer, Claimed, Failure, Outcome};
use dispatch::id::AttemptId;
use dispatch::message::MessageState;
use dispatch::port::{Finished, Settlement};
use dispatch::receipt::ReceiptKind;
use dispatch::stranded::{ReplayFilter, Stranded};
use dispatch::tenant::{Role, Viewer};
use dispatch::time::{Clock, Timestamp};
use dispatch::usecase::{Ports, Reach, ReplayTerms, apply_receipts, give_back, replay_messages};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use server::zone::BundledZones;
use std::collections::BTreeSet;
use std::time::Duration;

both![any_order_of_events_is_the_models];

/// Messages that go their way at the same time.
const MESSAGES: usize = 6;
/// Steps of one story, and how many stories.
const STEPS: usize = 60;
const STORIES: u64 = 8;
/// How long the two workers lease, in seconds.
const LEASE: i64 = 20;
/// Tries before a message of unknown outcome is given up.
const MOST: i64 = 4;

async fn any_order_of_events_is_the_models(world: World) {
    for seed in 0..STORIES {
        let name = format!("shop{seed}");
        let tenant = world.tenant(&name).await;
        let mut story = Story::begin(&world, tenant, seed).await;
        for _ in 0..STEPS {
            story.step().await;
            story.compare().await;
        }
        story.end().await;
    }
}

/// Where a message is that has not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Not before this second.
    Due(i64),
    /// With a worker, until this second.
    Leased(AttemptId, usize, i64),
    /// A receipt or this second settles it.
    Unknown(AttemptId, i64),
    /// Out of the queue.
    Gone,
}

/// One message as the model has it.
#[derive(Debug)]
struct Message {
    journey: Journey,
    state: MessageState,
    place: Place,
    /// Attempts and how they ended; those that were taken back are gone.
    attempts: Vec<(AttemptId, Option<Outcome>)>,
    charged: bool,
    /// Whether it lies with those that can be sent again.
    waits: bool,
    /// What the provider said, of which attempt.
    heard: Vec<(AttemptId, ReceiptKind)>,
    /// How many attempts there were when it was last sent again: it is counted from there.
    before: usize,
}

/// How far a message is, in the order in which the truth about it comes.
fn furthest(state: MessageState) -> usize {
    const LINE: [MessageState; 10] = [
        MessageState::Held,
        MessageState::Queued,
        MessageState::Sending,
        MessageState::Unknown,
        MessageState::Accepted,
        MessageState::Sent,
        MessageState::Cancelled,
        MessageState::Failed,
        MessageState::Delivered,
        MessageState::Read,
    ];
    LINE.iter().position(|one| *one == state).expect("a state")
}

impl Message {
    fn forward(&mut self, state: MessageState) {
        if furthest(state) > furthest(self.state) {
            self.state = state;
        }
    }

    /// The attempt that the queue waits for.
    fn current(&self) -> Option<AttemptId> {
        match self.place {
            Place::Leased(attempt, ..) | Place::Unknown(attempt, _) => Some(attempt),
            Place::Due(_) | Place::Gone => None,
        }
    }

    fn tries(&self) -> usize {
        self.attempts.len() - self.before
    }

    /// Every try ended with a clear no, at once or in what was heard of it: nobody can have it.
    fn nobody_has_it(&self) -> bool {
        let heard = |id: &AttemptId| {
            let of_it = self.heard.iter().filter(move |(of, _)| of == id);
            of_it.map(|(_, kind)| *kind).collect::<Vec<_>>()
        };
        let all_no = self.attempts.iter().all(|(id, ended)| {
            let heard = heard(id);
            let arrived = heard.iter().any(|kind| kind.state().reached());
            let was_refused = !matches!(ended, None | Some(Outcome::Accepted | Outcome::Unknown));
            (heard.is_empty() && was_refused) || (heard.contains(&ReceiptKind::Failed) && !arrived)
        });
        self.state == MessageState::Failed && all_no && !self.charged
    }

    fn end(&mut self, attempt: AttemptId, outcome: Outcome) {
        let known = self.attempts.iter_mut().find(|(id, _)| *id == attempt);
        if let Some((_, ended)) = known
            && matches!(ended, None | Some(Outcome::Unknown))
        {
            *ended = Some(outcome);
        }
    }
}

/// One world of messages, in the store and in the model.
struct Story<'a> {
    world: &'a World,
    tenant: Tenant,
    draw: StdRng,
    now: i64,
    messages: Vec<Message>,
    /// What each of the two workers has in its hands.
    hands: [Vec<Claimed>; 2],
    /// Attempts of which a receipt may come.
    sent: Vec<Claimed>,
    told: Vec<String>,
}

impl<'a> Story<'a> {
    async fn begin(world: &'a World, tenant: Tenant, seed: u64) -> Self {
        let mut messages = Vec::new();
        for number in 0..MESSAGES {
            let journey = world.journey(&tenant, &number.to_string(), at(1), None).await;
            let place = Place::Due(2);
            let (state, attempts) = (MessageState::Queued, Vec::new());
            let (charged, waits, heard) = (false, false, Vec::new());
            messages.push(Message {
                journey,
                state,
                place,
                attempts,
                charged,
                waits,
                heard,
                before: 0,
            });
        }
        let draw = StdRng::seed_from_u64(seed);
        let told = vec![format!("seed {seed}")];
        let (hands, sent) = ([Vec::new(), Vec::new()], Vec::new());
        Self { world, tenant, draw, now: 2, messages, hands, sent, told }
    }

    async fn step(&mut self) {
        self.now += [0, 1, 5, 30][self.draw.random_range(0..4)];
        let worker = self.draw.random_range(0..2);
        match self.draw.random_range(0..22) {
            20.. => self.send_again().await,
            0..5 => self.claim(worker).await,
            5..12 => self.finish(worker).await,
            12..16 => self.receive().await,
            16 => {
                self.told.push(format!("{} worker {worker} dies", self.now));
                self.hands[worker].clear();
            }
            17 => self.rescue(worker, false).await,
            // Only whoever is alone may take everybody's.
            18 => {
                let everyone = self.hands[1 - worker].is_empty();
                self.rescue(worker, everyone).await;
            }
            _ => self.give_up().await,
        }
    }

    async fn claim(&mut self, worker: usize) {
        let rooms = [(self.tenant.sender, 100)];
        let lease = Duration::from_secs(LEASE.unsigned_abs());
        let (store, now) = (&self.world.store, at(self.now));
        let claimed = store.claim(NAMES[worker], now, lease, &rooms, &self.world.ids).await;
        let claimed = claimed.expect("claimed");
        let mut due = BTreeSet::new();
        for (number, message) in self.messages.iter_mut().enumerate() {
            if matches!(message.place, Place::Due(second) if second <= self.now) {
                due.insert(number);
            }
        }
        let mut got = BTreeSet::new();
        for one in &claimed {
            let number = self.number(one);
            let message = &mut self.messages[number];
            assert_eq!(one.number as usize, message.tries() + 1, "{:#?}", self.told);
            message.attempts.push((one.attempt, None));
            message.place = Place::Leased(one.attempt, worker, self.now + LEASE);
            message.forward(MessageState::Sending);
            got.insert(number);
        }
        self.told.push(format!("{} worker {worker} claims {got:?}", self.now));
        assert_eq!(got, due, "{:#?}", self.told);
        self.sent.extend(claimed.iter().cloned());
        self.hands[worker].extend(claimed);
    }

    fn number(&self, one: &Claimed) -> usize {
        let is = |message: &Message| message.journey.message == Some(one.message);
        self.messages.iter().position(is).expect("a message of this story")
    }

    /// Some of what a worker has in its hands has come to an end, whether it is still waited for or not.
    async fn finish(&mut self, worker: usize) {
        let mut ended = Vec::new();
        for one in std::mem::take(&mut self.hands[worker]) {
            if self.draw.random_range(0..3) == 0 {
                self.hands[worker].push(one);
            } else {
                ended.push(self.settle(&one));
            }
        }
        if !ended.is_empty() {
            self.world.store.finish(&ended).await.expect("finished");
        }
        for one in &ended {
            if matches!(one.settlement, Settlement::Failed { waits: Some(_), .. }) {
                let is = |message: &&mut Message| message.journey.message == Some(one.message);
                let message = self.messages.iter_mut().find(is).expect("a message");
                message.waits |= message.nobody_has_it();
            }
        }
    }

    /// Somebody presses the button, perhaps two of them at once.
    async fn send_again(&mut self) {
        let account = self.tenant.account;
        let viewer = Viewer { account, user: Some(self.tenant.owner), role: Role::Editor };
        let clock = Still(at(self.now));
        let ports = Ports { store: &*self.world.store, clock: &clock, ids: &self.world.ids };
        let terms = ReplayTerms { zones: &BundledZones, stale_after: Duration::from_secs(1 << 20) };
        let press =
            || replay_messages(&ports, terms, &viewer, ReplayFilter::default(), None, Reach::Whole);
        let (one, two) = tokio::join!(press(), press());
        let sent = one.expect("sent again").replay.sent + two.expect("sent again").replay.sent;
        let mut expected = 0;
        for message in self.messages.iter_mut().filter(|message| message.waits) {
            message.waits = false;
            if message.nobody_has_it() {
                // One after the other: only the first goes at once.
                message.place = Place::Due(self.now + i64::from(expected > 0));
                message.state = MessageState::Held;
                message.before = message.attempts.len();
                expected += 1;
            }
        }
        self.told.push(format!("{} {sent} are sent again", self.now));
        assert_eq!(sent, expected, "{:#?}", self.told);
    }

    fn settle(&mut self, one: &Claimed) -> Finished {
        let now = self.now;
        let later = now + self.draw.random_range(0..40);
        let failure = || Failure { code: "131000".to_owned(), ..Failure::default() };
        let number = self.number(one);
        let kind = self.draw.random_range(0..7);
        self.told.push(format!("{now} answer {kind} for {number}, {}", one.attempt));
        let message = &mut self.messages[number];
        let is_current = message.current() == Some(one.attempt);
        let mut back = |state, place| {
            // A later claim is not undone by an earlier answer.
            if is_current {
                message.place = place;
                if furthest(message.state) <= furthest(MessageState::Unknown) {
                    message.state = state;
                }
            }
        };
        match kind {
            0 => {
                message.end(one.attempt, Outcome::Accepted);
                message.forward(MessageState::Accepted);
                message.place = Place::Gone;
                accepted(one, at(now))
            }
            1 => {
                back(MessageState::Queued, Place::Due(later));
                message.end(one.attempt, Outcome::Retry);
                let again = Settlement::Again(at(later));
                finished(one, Some(Answer::Retry(failure())), again, at(now))
            }
            2 => {
                back(MessageState::Unknown, Place::Unknown(one.attempt, later));
                message.end(one.attempt, Outcome::Unknown);
                let unknown = Settlement::Unknown(at(later));
                finished(one, Some(Answer::Unknown(failure())), unknown, at(now))
            }
            3 => {
                message.end(one.attempt, Outcome::Refused);
                message.forward(MessageState::Failed);
                message.place = Place::Gone;
                let failed = Settlement::Failed { code: "131026".to_owned(), waits: None };
                finished(one, Some(Answer::Refused(failure())), failed, at(now))
            }
            6 => {
                message.end(one.attempt, Outcome::Retry);
                message.forward(MessageState::Failed);
                message.place = Place::Gone;
                let waits = Some(Stranded::Tries);
                let failed = Settlement::Failed { code: "131000".to_owned(), waits };
                finished(one, Some(Answer::Retry(failure())), failed, at(now))
            }
            4 => {
                message.end(one.attempt, Outcome::Refused);
                message.forward(MessageState::Cancelled);
                message.place = Place::Gone;
                finished(one, None, Settlement::Cancelled("opted_out".to_owned()), at(now))
            }
            _ => {
                back(MessageState::Queued, Place::Due(later));
                // Nothing was tried, so there is nothing to tell, also when it had to be assumed meanwhile that it was.
                message.attempts.retain(|(id, ended)| {
                    let assumed = is_current && *ended == Some(Outcome::Unknown);
                    *id != one.attempt || !(ended.is_none() || assumed)
                });
                self.sent.retain(|sent| sent.attempt != one.attempt);
                give_back(one, "recipient_limit", at(later), at(now))
            }
        }
    }

    /// The provider tells something of some attempts, new or old, and says part of it twice.
    async fn receive(&mut self) {
        let mut receipts = Vec::new();
        for one in self.sent.clone() {
            if self.draw.random_range(0..4) != 0 {
                continue;
            }
            let kind = ReceiptKind::ALL[self.draw.random_range(0..ReceiptKind::ALL.len())];
            let number = self.number(&one);
            self.told.push(format!("{} {kind} of {number}, {}", self.now, one.attempt));
            let receipt = self.world.receipt(&one, kind, at(self.now));
            if self.draw.random_range(0..3) == 0 {
                let again = self.world.receipt(&one, kind, at(self.now));
                receipts.push(again);
            }
            receipts.push(receipt);
            let message = &mut self.messages[number];
            message.end(one.attempt, Outcome::Accepted);
            message.forward(match kind {
                ReceiptKind::Sent => MessageState::Sent,
                ReceiptKind::Delivered => MessageState::Delivered,
                ReceiptKind::Read => MessageState::Read,
                ReceiptKind::Failed => MessageState::Failed,
            });
            message.place = Place::Gone;
            message.heard.push((one.attempt, kind));
            message.charged |= matches!(kind, ReceiptKind::Delivered | ReceiptKind::Read);
        }
        self.world.store.store_receipts(&receipts, &[]).await.expect("kept");
        loop {
            let store = &*self.world.store;
            let heard = apply_receipts(
                store,
                &self.world.ids,
                &crate::process::nothing_follows,
                at(self.now),
                1_000,
            )
            .await;
            if heard.expect("applied").taken == 0 {
                break;
            }
        }
    }

    async fn rescue(&mut self, worker: usize, everyone: bool) {
        let deadline = self.now + self.draw.random_range(1..60);
        self.told.push(format!("{} rescue by {worker}, everyone {everyone}", self.now));
        let (store, now) = (&self.world.store, at(self.now));
        store.rescue(NAMES[worker], everyone, now, at(deadline)).await.expect("rescued");
        for message in &mut self.messages {
            let Place::Leased(attempt, owner, until) = message.place else { continue };
            if until <= self.now || (everyone && owner != worker) {
                message.place = Place::Unknown(attempt, deadline);
                message.end(attempt, Outcome::Unknown);
                if furthest(message.state) < furthest(MessageState::Unknown) {
                    message.state = MessageState::Unknown;
                }
            }
        }
    }

    async fn give_up(&mut self) {
        let extends = self.draw.random_range(0..3) == 0;
        self.told.push(format!("{} gives up, extends {extends}", self.now));
        let store = &self.world.store;
        if extends {
            store.extend_unknown(at(self.now + 10)).await.expect("extended");
        }
        let most = u32::try_from(MOST).expect("few");
        store.give_up_waiting(at(self.now), most, most).await.expect("given up");
        for message in &mut self.messages {
            let Place::Unknown(attempt, deadline) = message.place else { continue };
            if extends && deadline < self.now + 10 {
                message.place = Place::Unknown(attempt, self.now + 10);
            } else if deadline <= self.now && message.tries() >= MOST as usize {
                message.forward(MessageState::Failed);
                message.place = Place::Gone;
            } else if deadline <= self.now {
                message.place = Place::Due(deadline);
                if message.state == MessageState::Unknown {
                    message.state = MessageState::Queued;
                }
            }
        }
    }

    async fn compare(&self) {
        for (number, message) in self.messages.iter().enumerate() {
            let decision = message.journey.decision;
            let case = self.world.store.case(self.tenant.account, decision).await.expect("asked");
            let seen = case.expect("a case").message.expect("a message");
            let attempts: Vec<_> = seen.attempts.iter().map(|a| (a.id, a.outcome)).collect();
            let waits = message.waits && message.state == MessageState::Failed;
            let seen = (seen.state, seen.charges.len(), seen.waits.is_some(), attempts);
            let charges = usize::from(message.charged);
            let model = (message.state, charges, waits, message.attempts.clone());
            assert_eq!(seen, model, "message {number} (store, model) after {:#?}", self.told);
        }
    }

    /// Whatever has happened: once everybody works again, each message comes to its end.
    async fn end(mut self) {
        self.hands = [Vec::new(), Vec::new()];
        for _ in 0..=MOST + 1 {
            self.now += 100;
            self.rescue(0, false).await;
            self.now += 100;
            self.give_up().await;
            self.now += 100;
            self.claim(0).await;
            let ended: Vec<_> =
                self.hands[0].drain(..).map(|one| accepted(&one, at(self.now))).collect();
            for one in &ended {
                let is = |message: &&mut Message| message.journey.message == Some(one.message);
                let message = self.messages.iter_mut().find(is).expect("a message");
                message.end(one.attempt, Outcome::Accepted);
                message.forward(MessageState::Accepted);
                message.place = Place::Gone;
            }
            self.world.store.finish(&ended).await.expect("finished");
            self.compare().await;
        }
        for message in &self.messages {
            assert_eq!(message.place, Place::Gone, "{:#?}", self.told);
            assert!(
                furthest(message.state) >= furthest(MessageState::Accepted),
                "{:#?}",
                self.told
            );
        }
        let backlog = self.world.store.backlog(at(self.now)).await.expect("asked");
        assert_eq!((backlog.messages, backlog.unknown, backlog.receipts), (0, 0, 0));
    }
}

struct Still(Timestamp);
impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

const NAMES: [&str; 2] = ["worker a", "worker b"];
