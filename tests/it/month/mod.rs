//! A month of one shop in simulated time: real bytes through the real stages in their order, on a real database, under
//! a clock that is put where the next thing happens and ids that count. So two runs, on whichever database, must
//! come to the same in every byte.

mod export;
mod story;

use crate::process::database::Kind;
use crate::store::world::{Tenant, World, sealer};
use dispatch::attempt::{Answer, Claimed, Failure, MOST_ATTEMPTS, MOST_LOST};
use dispatch::change::ChangeKind;
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::consent::ConsentKind;
use dispatch::id::{ChangeId, DeliveryId};
use dispatch::port::{CellChange, Finished, Inbound, NewDelivery, Signed};
use dispatch::receipt::ReceiptKind;
use dispatch::time::{Month, Timestamp};
use dispatch::usecase::{
    Terms, apply_receipts, close_month, decide_events, settle_attempt, settle_recheck,
    understand_deliveries,
};
use server::security::link::CustomerLinks;
use server::zone::BundledZones;
use std::collections::BTreeMap;
use std::time::Duration;
use story::{Fate, fate, story};

/// The first moment of December 2026.
const BEGIN: i64 = 1_796_083_200;
const HOUR: i64 = 3_600;
const STALE_AFTER: Duration = Duration::from_secs(72 * 3600);
const UNKNOWN_AFTER: Duration = Duration::from_secs(90);

/// What is replayed.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Parcels of the month, each with several pieces of news.
    pub shipments: u32,
    /// How often the stages look, in hours.
    pub tick: i64,
}

/// Everything that can be seen of the month afterwards, as lines; none without the database.
pub async fn replay(kind: Kind, plan: Plan) -> Option<String> {
    let world = World::on(kind).await?;
    let tenant = world.tenant("month").await;
    let mut driver = Driver { world: &world, tenant, coming: BTreeMap::new(), minted: 0 };
    driver.switch_on().await;
    for (second, body) in story(plan.shipments) {
        driver.comes(BEGIN + second, Thing::Webhook(body));
    }
    let mut now = BEGIN;
    // Retries and receipts run on for some days.
    while now < BEGIN + 31 * 24 * HOUR || !driver.coming.is_empty() {
        now += plan.tick * HOUR;
        driver.tick(now).await;
    }
    let month: Month = "2026-12".parse().expect("a month");
    let closing = Timestamp::from_seconds(now.max(BEGIN + 32 * 24 * HOUR));
    let made = close_month(&*world.store, &world.ids, month, false, closing).await;
    let made = made.expect("a closed month");
    let again = close_month(&*world.store, &world.ids, month, false, closing).await;
    assert_eq!(again, Ok(vec![]), "closing twice changes nothing");
    Some(export::lines(&world, &tenant, &made).await)
}

/// Something that comes from outside.
enum Thing {
    Webhook(Vec<u8>),
    Receipt(Claimed, ReceiptKind),
    Stop(Claimed),
}

struct Driver<'a> {
    world: &'a World,
    tenant: Tenant,
    /// By second, and in the order in which it was planned.
    coming: BTreeMap<(i64, u64), Thing>,
    minted: u64,
}

impl Driver<'_> {
    fn comes(&mut self, second: i64, thing: Thing) {
        self.minted += 1;
        self.coming.insert((second, self.minted), thing);
    }

    /// Every status in both countries.
    async fn switch_on(&self) {
        let Tenant { account, brand, owner, .. } = self.tenant;
        let store = &self.world.store;
        let now = Timestamp::from_seconds(BEGIN);
        let version =
            store.channel_settings(account, brand, Channel::Whatsapp).await.expect("asked").version;
        let mut changes = Vec::new();
        for code in ["FR", "DE"] {
            let country = code.parse().expect("a country");
            for &status in TrackingStatus::ALL {
                changes.push(CellChange::Status { country, status, on: true });
            }
        }
        let (id, kind) = (ChangeId::mint(now, &self.world.ids), ChangeKind::Saved);
        let by = Signed { id, user: Some(owner), at: now, kind, of: None };
        let saved = store.save_matrix(account, brand, Channel::Whatsapp, version, &changes, by);
        saved.await.expect("switched on");
    }

    /// Every stage once, in the order of the pipeline, for what has come by now.
    async fn tick(&mut self, second: i64) {
        let later = self.coming.split_off(&(second + 1, 0));
        let come = std::mem::replace(&mut self.coming, later);
        let now = Timestamp::from_seconds(second);
        let (mut deliveries, mut receipts, mut inbound) = (Vec::new(), Vec::new(), Vec::new());
        for ((moment, _), thing) in come {
            let at = Timestamp::from_seconds(moment);
            match thing {
                Thing::Webhook(body) => deliveries.push(NewDelivery {
                    account: self.tenant.account,
                    id: DeliveryId::mint(at, &self.world.ids),
                    connection: self.tenant.connection,
                    received_at: at,
                    body,
                }),
                Thing::Receipt(claimed, kind) => {
                    let mut receipt = self.world.receipt(&claimed, kind, at);
                    receipt.provider_id = provider_id(&claimed);
                    if kind == ReceiptKind::Failed {
                        receipt.code = Some("131049".to_owned());
                    }
                    receipts.push(receipt);
                }
                Thing::Stop(claimed) => inbound.push(Inbound {
                    account: self.tenant.account,
                    sender: self.tenant.sender,
                    provider_id: format!("in.{}", claimed.message),
                    from: Some(claimed.to.clone()),
                    text: "STOP".to_owned(),
                    received_at: at,
                    consent: self.world.said(&self.tenant, &claimed.to, ConsentKind::OptOut, at),
                    confirms: None,
                }),
            }
        }
        let (store, ids) = (&*self.world.store, &self.world.ids);
        if !deliveries.is_empty() {
            store.store_deliveries(&deliveries).await.expect("kept");
        }
        while understand_deliveries(store, &server::source::read, ids, 500).await != Ok(0) {}
        let links = CustomerLinks::new(&sealer(), "https://links.example");
        let terms = Terms { now, stale_after: STALE_AFTER, zones: &BundledZones, links: &links };
        while decide_events(store, ids, terms, 500).await != Ok(0) {}
        self.send(now).await;
        if !receipts.is_empty() || !inbound.is_empty() {
            store.store_receipts(&receipts, &inbound).await.expect("kept");
        }
        while apply_receipts(store, ids, &crate::process::nothing_follows, now, 1_000)
            .await
            .expect("applied")
            .taken
            > 0
        {}
        store.give_up_waiting(now, MOST_ATTEMPTS, MOST_LOST).await.expect("given up");
    }

    async fn send(&mut self, now: Timestamp) {
        let rooms = [(self.tenant.sender, 500)];
        let lease = Duration::from_secs(20);
        loop {
            let store = &self.world.store;
            let claimed = store.claim("worker", now, lease, &rooms, &self.world.ids).await;
            let claimed = claimed.expect("claimed");
            if claimed.is_empty() {
                return;
            }
            let finished: Vec<Finished> = claimed.iter().map(|one| self.call(one, now)).collect();
            self.world.store.finish(&finished).await.expect("written down");
        }
    }

    /// The provider's answer, and what it will tell later.
    fn call(&mut self, one: &Claimed, now: Timestamp) -> Finished {
        if let Some(finished) = settle_recheck(one, now, 0.5) {
            return finished;
        }
        let failure = |code: &str| Failure { code: code.to_owned(), ..Failure::default() };
        let fate = fate(&one.to, one.number);
        let answer = match fate {
            Fate::Again => Answer::Retry(failure("131000")),
            Fate::Refused => Answer::Refused(failure("131026")),
            Fate::Lost | Fate::LostOnTheWay => Answer::Unknown(failure("timeout")),
            _ => Answer::Accepted { provider_id: provider_id(one) },
        };
        let second = now.seconds();
        for (wait, kind) in fate.receipts() {
            self.comes(second + wait, Thing::Receipt(one.clone(), *kind));
        }
        if fate == Fate::Stops {
            self.comes(second + 2 * HOUR, Thing::Stop(one.clone()));
        }
        settle_attempt(one, answer, now, UNKNOWN_AFTER, 0.5)
    }
}

/// Not by the attempt: ids of a claim are given in no order.
fn provider_id(one: &Claimed) -> String {
    format!("wamid.{}.{}", one.message, one.number)
}
