//! A database of one's own, a clock that stands still, ids that count, and the steps of the pipeline.

use crate::process::database::{Database, Kind};
use dispatch::attempt::{Answer, Claimed};
use dispatch::brand::ConsentBasis;
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::consent::{ConsentKind, ConsentRecord, ConsentSource, Purpose};
use dispatch::country::Country;
use dispatch::decision::{Decision, RuleCode, RuleOutcome, RuleResult, Saw, Verdict};
use dispatch::event::{Direction, Event, EventStatus, Facts};
use dispatch::id::{
    AcceptanceId, AccountId, BrandId, ChangeId, ChargeId, ConnectionId, ConsentId, DecisionId,
    DeliveryId, EventId, IdSource, MessageId, ReceiptId, SenderId, UserId,
};
use dispatch::ledger::{Charge, ChargeKind};
use dispatch::message::NewMessage;
use dispatch::money::{Currency, Money};
use dispatch::plan::Plan;
use dispatch::port::{
    Acceptance, Applied, CellChange, Decided, Finished, Leaving, NewAccount, NewBrand,
    NewConnection, NewDelivery, NewEvent, NewSender, Settlement, Understood,
};
use dispatch::receipt::{Receipt, ReceiptKind};
use dispatch::source::{DeliveryState, Proof, Secret, Source};
use dispatch::template::{Category, Rendered, RenderedAct, RenderedButton, ReplyAction};
use dispatch::time::Timestamp;
use server::security::seal::Sealer;
use server::store::Everything;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The worker that claims.
pub const WORKER: &str = "worker-1";
/// How long it leases.
pub const LEASE: Duration = Duration::from_secs(60);

/// Everything a case needs.
pub struct World {
    /// The store under test.
    pub store: Arc<dyn Everything>,
    /// Ids that count.
    pub ids: Counter,
    /// Where the database is.
    pub database: Database,
}

/// Ids in the order in which they were made.
#[derive(Default)]
pub struct Counter(AtomicU64);

impl IdSource for Counter {
    fn random(&self) -> u128 {
        u128::from(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// Runs a case on a fresh database of this kind, if there can be one.
pub async fn run<F: Future<Output = ()>>(kind: Kind, case: impl FnOnce(World) -> F) {
    if let Some(world) = World::on(kind).await {
        case(world).await;
    }
}

/// Key of the sealed texts.
pub fn sealer() -> Sealer {
    Sealer::new(&[7; 32])
}

/// 2026-11-20 08:00 UTC, and so many seconds later.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_795_161_600 + seconds)
}

/// A country by its code.
pub fn country(code: &str) -> Country {
    code.parse().expect("a country")
}

/// A tenant with all that is needed to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenant {
    /// The account.
    pub account: AccountId,
    /// Its owner.
    pub owner: UserId,
    /// Its brand.
    pub brand: BrandId,
    /// The brand's sender.
    pub sender: SenderId,
    /// The brand's connection.
    pub connection: ConnectionId,
}

/// One event's way through the pipeline.
#[derive(Debug, Clone)]
pub struct Journey {
    /// The raw delivery.
    pub delivery: DeliveryId,
    /// What happened.
    pub event: Event,
    /// What was decided.
    pub decision: DecisionId,
    /// The message; none when it was skipped.
    pub message: Option<MessageId>,
}

impl World {
    /// With an empty database.
    pub async fn on(kind: Kind) -> Option<Self> {
        let database = Database::fresh(kind).expect("a database")?;
        let store = server::store::open(&database.url, sealer()).await.expect("an open store");
        Some(Self { store, ids: Counter::default(), database })
    }

    /// An account with its owner, and nothing else.
    pub async fn account(&self, name: &str) -> (AccountId, UserId) {
        let account = AccountId::mint(at(0), &self.ids);
        let user = UserId::mint(at(0), &self.ids);
        let new = NewAccount {
            account,
            name: format!("{name} Ltd"),
            company_country: country("FR"),
            plan: Plan::Growth,
            user,
            email: format!("{name}@example.org"),
            user_name: name.to_owned(),
            password_hash: Secret::new("hash".into()),
            language: Some("fr".into()),
            at: at(0),
        };
        self.store.create_account(&new).await.expect("an account");
        (account, user)
    }

    /// An account that can send: brand, sender, connection, and the channel on for France and Germany.
    pub async fn tenant(&self, name: &str) -> Tenant {
        let (account, owner) = self.account(name).await;
        let brand = BrandId::mint(at(0), &self.ids);
        let new = new_brand(&format!("{name} Shop"));
        self.store.create_brand(account, brand, &new, at(0)).await.expect("a brand");
        let sender = self.new_sender(brand);
        self.store.connect_sender(account, &sender, at(0)).await.expect("a sender");
        let connection = self.new_connection(brand);
        self.store.create_connection(account, &connection).await.expect("a connection");
        let acceptance = self.acceptance(brand, owner);
        let countries =
            ["FR", "DE"].map(|code| CellChange::Country { country: country(code), on: true });
        let change = ChangeId::mint(at(1), &self.ids);
        let active = self.store.activate_channel(account, &acceptance, &countries, change).await;
        active.expect("a channel");
        Tenant { account, owner, brand, sender: sender.id, connection: connection.id }
    }

    /// A sender to be connected.
    pub fn new_sender(&self, brand: BrandId) -> NewSender {
        NewSender {
            id: SenderId::mint(at(0), &self.ids),
            channel: Channel::Whatsapp,
            brand,
            phone_number_id: "1065".into(),
            waba_id: "1020".into(),
            display_number: "+33 6 39 98 00 00".into(),
            access_token: Secret::new("token".into()),
            app_secret: Secret::new("app secret".into()),
            verify_token: Secret::new("verify".into()),
            sandbox: true,
            knows_library: true,
        }
    }

    /// A connection to be made.
    pub fn new_connection(&self, brand: BrandId) -> NewConnection {
        NewConnection {
            id: ConnectionId::mint(at(0), &self.ids),
            brand,
            source: Source::Sendcloud,
            proof: Proof::Signature,
            secrets: vec![Secret::new("first".into())],
            at: at(0),
        }
    }

    /// An acceptance of prices and terms.
    pub fn acceptance(&self, brand: BrandId, user: UserId) -> Acceptance {
        Acceptance {
            id: AcceptanceId::mint(at(0), &self.ids),
            brand,
            channel: Channel::Whatsapp,
            user: Some(user),
            ip: "192.0.2.1".into(),
            basis: ConsentBasis::CollectedByShop,
            text_version: "2026-11".into(),
            rate: "whatsapp-growth-2025-01-01".into(),
            at: at(1),
        }
    }

    /// A delivery about to be kept.
    pub fn new_delivery(&self, tenant: &Tenant, received_at: Timestamp) -> NewDelivery {
        NewDelivery {
            account: tenant.account,
            id: DeliveryId::mint(received_at, &self.ids),
            connection: tenant.connection,
            received_at,
            body: b"{\"status\": \"delivered\"}\x00\xff".to_vec(),
        }
    }

    /// An event of a delivery, about parcel number `parcel`.
    pub fn new_event(&self, tenant: &Tenant, delivery: &NewDelivery, parcel: &str) -> NewEvent {
        let event = Event {
            account: tenant.account,
            id: EventId::mint(delivery.received_at, &self.ids),
            brand: tenant.brand,
            connection: tenant.connection,
            delivery: delivery.id,
            source: Source::Sendcloud,
            status: EventStatus::Delivered,
            direction: Direction::Outbound,
            test: false,
            occurred_at: delivery.received_at.minus(Duration::from_secs(5)),
            received_at: delivery.received_at,
            facts: Facts {
                order_number: Some(format!("O-{parcel}")),
                tracking_number: Some(format!("T-{parcel}")),
                parcel_id: Some(parcel.to_owned()),
                carrier: Some("dhl".into()),
                country: Some(country("FR")),
                phone: Some(phone(parcel)),
                phone_raw: Some("06 39 98".into()),
                email: Some("zoe@example.org".into()),
                locale: Some("fr".parse().expect("a language")),
                name: Some("Zoé N'Goma".into()),
                tracking_url: Some("https://track.example/1".into()),
                service_point_id: Some("sp1".into()),
                service_point_name: Some("Café".into()),
                brand_id: Some("7".into()),
                items: Some("2 chemises".into()),
                expected_date: Some("2026-11-27".into()),
                delivery_slot: Some("14–16 h".into()),
                delay_reason: Some("neige".into()),
                driver_phone: Some("+33639980099".into()),
                pickup_until: Some("2026-12-04".into()),
                pickup_location: Some("48.85,2.35".into()),
                proof_url: Some("https://track.example/1.jpg".into()),
            },
        };
        let dedup_key = format!("{parcel}:delivered");
        NewEvent { event, dedup_key, source_status: Some("11".into()) }
    }

    /// Keeps a delivery and understands it as these events.
    pub async fn understand(&self, delivery: &NewDelivery, events: Vec<NewEvent>) {
        self.store.store_deliveries(std::slice::from_ref(delivery)).await.expect("kept");
        let understood = Understood {
            account: delivery.account,
            delivery: delivery.id,
            state: DeliveryState::Understood,
            reason: None,
            events,
        };
        self.store.commit_understood(&[understood]).await.expect("understood");
    }

    /// An event that was told and decided about: a message, or what `reason` stopped.
    pub fn decided(&self, tenant: &Tenant, event: &Event, reason: Option<RuleCode>) -> Decided {
        let at = event.received_at.plus(Duration::from_secs(1));
        let id = DecisionId::mint(at, &self.ids);
        let message = NewMessage {
            account: tenant.account,
            id: MessageId::mint(at, &self.ids),
            decision: id,
            brand: tenant.brand,
            sender: tenant.sender,
            channel: Channel::Whatsapp,
            country: event.facts.country.unwrap_or(country("FR")),
            tracking_status: TrackingStatus::Delivered,
            to: event.facts.phone.clone().unwrap_or_default(),
            template: "facteur_delivered".into(),
            template_version: 1,
            language: "fr".parse().expect("a language"),
            category: Category::Utility,
            rendered: Rendered {
                header: None,
                body: "Bonjour Zoé, voilà.".into(),
                footer: Some("Stop".into()),
                buttons: vec![RenderedButton {
                    label: "Merci".into(),
                    does: RenderedAct::Reply { action: ReplyAction::Confirm },
                }],
                values: vec![],
                mail: None,
            },
            due_at: at,
            good_until: None,
            created_at: at,
            fallbacks: vec![],
        };
        let result = if reason.is_some() { RuleResult::Stopped } else { RuleResult::Passed };
        let saw = Saw::from_iter([("status", "delivered \"quoted\"")]);
        let rules = vec![RuleOutcome { code: reason.unwrap_or(RuleCode::Notifies), result, saw }];
        let verdict = if reason.is_some() { Verdict::Skip } else { Verdict::Send };
        let told_keys = event
            .subject_keys()
            .into_iter()
            .map(|key| (TrackingStatus::Delivered, key))
            .filter(|_| reason.is_none())
            .collect();
        Decided {
            event: event.clone(),
            id,
            decision: Decision { channel: Channel::Whatsapp, verdict, reason, rules, draft: None },
            others: vec![],
            at,
            message: reason.is_none().then_some(message),
            told_keys,
            counted: vec![],
            gathers: None,
            joins: None,
            lookout: None,
        }
    }

    /// A delivery that became one decided event.
    pub async fn journey(
        &self,
        tenant: &Tenant,
        parcel: &str,
        received_at: Timestamp,
        reason: Option<RuleCode>,
    ) -> Journey {
        let delivery = self.new_delivery(tenant, received_at);
        let new = self.new_event(tenant, &delivery, parcel);
        let event = new.event.clone();
        self.understand(&delivery, vec![new]).await;
        let decided = self.decided(tenant, &event, reason);
        let left =
            self.store.commit_decisions(std::slice::from_ref(&decided)).await.expect("decided");
        assert!(left.is_empty(), "somebody else decided");
        let message = decided.message.map(|m| m.id);
        Journey { delivery: delivery.id, event, decision: decided.id, message }
    }

    /// A word of a person, or of the shop about them.
    pub fn word(
        &self,
        tenant: &Tenant,
        address: &str,
        kind: ConsentKind,
        source: ConsentSource,
        now: Timestamp,
    ) -> ConsentRecord {
        let id = ConsentId::mint(now, &self.ids);
        ConsentRecord::new(id, tenant.brand, Channel::Whatsapp, address, kind, source, now)
    }

    /// What a keyword leaves in the ledger: a record for each purpose it means.
    pub fn said(
        &self,
        tenant: &Tenant,
        address: &str,
        kind: ConsentKind,
        now: Timestamp,
    ) -> Vec<ConsentRecord> {
        let record = |purpose: &Purpose| ConsentRecord {
            purpose: *purpose,
            text: "Arrêt".into(),
            ..self.word(tenant, address, kind, ConsentSource::Keyword, now)
        };
        Purpose::meant_by(kind).iter().map(record).collect()
    }

    /// Claims what is due.
    pub async fn claim(&self, now: Timestamp) -> Vec<Claimed> {
        let rooms = self.rooms(100).await;
        self.store.claim(WORKER, now, LEASE, &rooms, &self.ids).await.expect("claimed")
    }

    /// So many of every sender.
    pub async fn rooms(&self, most: i64) -> Vec<(SenderId, i64)> {
        let queues = self.store.queues().await.expect("queues");
        queues.into_iter().map(|queue| (queue.sender, most)).collect()
    }

    /// When the next message is due.
    pub async fn next_due(&self) -> Option<Timestamp> {
        self.store.queues().await.expect("queues").first().map(|queue| queue.first_due)
    }

    /// Claims what is due and has the provider accept all of it, under ids made from the attempts'.
    pub async fn send_all(&self, now: Timestamp) -> Vec<Claimed> {
        let claimed = self.claim(now).await;
        let finished: Vec<_> = claimed.iter().map(|c| accepted(c, now)).collect();
        self.store.finish(&finished).await.expect("finished");
        claimed
    }

    /// A receipt about a claimed message.
    pub fn receipt(&self, claimed: &Claimed, kind: ReceiptKind, now: Timestamp) -> Receipt {
        Receipt {
            account: claimed.account,
            id: ReceiptId::mint(now, &self.ids),
            sender: claimed.sender,
            attempt: Some(claimed.attempt),
            provider_id: provider_id(claimed),
            kind,
            occurred_at: now.minus(Duration::from_secs(1)),
            received_at: now,
            code: None,
            detail: None,
        }
    }

    /// What one receipt changes: the state it stands for and, when delivered, a charge of 0.14 EUR.
    pub fn applied(&self, tenant: &Tenant, claimed: &Claimed, receipt: &Receipt) -> Applied {
        let reached = receipt.kind.state().reached();
        Applied {
            account: claimed.account,
            message: claimed.message,
            state: Some(receipt.kind.state()),
            failure: receipt.code.clone(),
            waits: None,
            watch: None,
            step: claimed.step,
            leaves: if reached { Leaving::Arrived } else { Leaving::Step(claimed.step) },
            attempt: claimed.attempt,
            provider_id: receipt.provider_id.clone(),
            reversal: None,
            channel: claimed.channel,
            charge: reached.then(|| self.charge(tenant, claimed.message, receipt.received_at)),
            receipts: vec![receipt.id],
        }
    }

    /// A charge of 0.14 EUR.
    pub fn charge(&self, tenant: &Tenant, message: MessageId, charged_at: Timestamp) -> Charge {
        Charge {
            account: tenant.account,
            id: ChargeId::mint(charged_at, &self.ids),
            message,
            brand: tenant.brand,
            channel: Channel::Whatsapp,
            country: country("FR"),
            kind: ChargeKind::Charge,
            amount: Money::new(140_000, Currency::EUR),
            rate: "whatsapp-growth-2025-01-01".into(),
            plan: Plan::Growth,
            charged_at,
        }
    }

    /// Keeps a receipt and applies it.
    pub async fn receive(
        &self,
        tenant: &Tenant,
        claimed: &Claimed,
        kind: ReceiptKind,
        now: Timestamp,
    ) {
        let receipt = self.receipt(claimed, kind, now);
        self.store.store_receipts(std::slice::from_ref(&receipt), &[]).await.expect("kept");
        let applied = self.applied(tenant, claimed, &receipt);
        self.store.commit_receipts(&[applied], now).await.expect("applied");
    }

    /// A message that was sent and delivered, and so charged.
    pub async fn delivered(
        &self,
        tenant: &Tenant,
        parcel: &str,
        received_at: Timestamp,
    ) -> (Journey, Claimed) {
        let journey = self.journey(tenant, parcel, received_at, None).await;
        let now = received_at.plus(Duration::from_secs(2));
        let claimed = self.send_all(now).await.pop().expect("a claimed message");
        self.receive(tenant, &claimed, ReceiptKind::Delivered, now).await;
        (journey, claimed)
    }
}

/// A phone number of its own for each parcel.
pub fn phone(parcel: &str) -> String {
    format!("+3363998{parcel:0>4}")
}

/// A brand to be made.
pub fn new_brand(name: &str) -> NewBrand {
    NewBrand {
        whatsapp_number: Some("+33639980099".into()),
        ..NewBrand::named(name.to_owned(), "fr".parse().expect("a language"))
    }
}

/// The provider's id of a claimed message.
pub fn provider_id(claimed: &Claimed) -> String {
    format!("wamid.{}", claimed.attempt)
}

/// The provider took it.
pub fn accepted(claimed: &Claimed, now: Timestamp) -> Finished {
    let answer = Answer::Accepted { provider_id: provider_id(claimed) };
    finished(claimed, Some(answer), Settlement::Accepted { watch: None }, now)
}

/// An attempt that ended like this.
pub fn finished(
    claimed: &Claimed,
    answer: Option<Answer>,
    settlement: Settlement,
    now: Timestamp,
) -> Finished {
    Finished {
        account: claimed.account,
        message: claimed.message,
        attempt: claimed.attempt,
        sender: claimed.sender,
        step: claimed.step,
        answer,
        settlement,
        at: now,
    }
}
