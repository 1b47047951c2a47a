//! A dry run over stored events, beside the bare limit of the same run: reading the same events and judging none.

use crate::process::database::{Database, Kind};
use anyhow::{Context as _, Result};
use dispatch::brand::ConsentBasis;
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::event::{Direction, Event, EventStatus, Facts};
use dispatch::forecast::Wish;
use dispatch::id::{
    AcceptanceId, AccountId, BrandId, ChangeId, ConnectionId, DeliveryId, EventId, IdSource,
    SenderId, UserId,
};
use dispatch::plan::Plan;
use dispatch::port::{
    Acceptance, CellChange, NewAccount, NewBrand, NewConnection, NewDelivery, NewEvent, NewSender,
    Understood,
};
use dispatch::source::{DeliveryState, Proof, Secret, Source};
use dispatch::tenant::{Role, Viewer};
use dispatch::time::{Clock, Timestamp};
use server::dry_run::DryRuns;
use server::security::random::{SystemClock, SystemIds};
use server::security::seal::Sealer;
use server::store::Everything;
use server::zone::BundledZones;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many stored events the figure is about.
pub const EVENTS: u32 = 100_000;
/// Measured runs; the median is reported.
const RUNS: usize = 5;
/// Events are read in pages of this many, as the run reads them.
const PAGE: i64 = 8_000;

const NEWS: [EventStatus; 5] = [
    EventStatus::PostPurchase,
    EventStatus::Shipped,
    EventStatus::InTransit,
    EventStatus::OutForDelivery,
    EventStatus::Delivered,
];

/// Medians, in seconds.
pub struct Figures {
    /// From the question to the figures.
    pub seconds: f64,
    /// Only reading the same events.
    pub bare: f64,
}

/// Fills a database of its own with so many events and measures.
pub async fn measure(kind: Kind, events: u32) -> Result<Figures> {
    let database = Database::fresh(kind)?.context("another database")?;
    let parcels = events / u32::try_from(NEWS.len())?;
    let store = server::store::open(&database.url, Sealer::new(&[7; 32])).await?;
    let now = SystemClock.now();
    let shop = Shop::open(&*store, now).await?;
    shop.fill(&*store, now, parcels).await?;

    let stale_after = Duration::from_secs(72 * 3600);
    let clock = Arc::new(SystemClock);
    let runs = DryRuns::new(
        store.clone(),
        clock,
        Arc::new(SystemIds),
        Arc::new(BundledZones),
        stale_after,
    );
    let viewer = Viewer { account: shop.account, user: None, role: Role::Viewer };
    let changes = vec![
        CellChange::Status {
            country: "FR".parse()?,
            status: TrackingStatus::OutForDelivery,
            on: false,
        },
        CellChange::Country { country: "IT".parse()?, on: true },
    ];
    let wish = Wish { brand: shop.brand.to_string(), changes, ..Wish::default() };

    let expected = NEWS.len() * parcels as usize;
    let (mut bare, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let began = Instant::now();
        let oldest = EventId::least(Timestamp::from_micros(0));
        let mut pages = store.history_pages(shop.account, shop.brand, oldest, PAGE).await?;
        pages.push(oldest);
        let (mut count, mut until) = (0, None);
        for from in pages {
            count += store.history(shop.account, shop.brand, from, until).await?.len();
            until = Some(from);
        }
        bare.push(began.elapsed());
        anyhow::ensure!(count == expected, "{count} events");
        let began = Instant::now();
        let found = runs.run(viewer.clone(), wish.clone()).await?;
        whole.push(began.elapsed());
        anyhow::ensure!(usize::try_from(found.events)? == expected, "{found:?}");
        // Most news is of the kind that is told, in countries that are on.
        anyhow::ensure!(found.total.before.messages > found.events / 2, "{:?}", found.total);
    }
    Ok(Figures { seconds: middle(whole), bare: middle(bare) })
}

fn middle(mut all: Vec<Duration>) -> f64 {
    all.sort();
    all[all.len() / 2].as_secs_f64()
}

struct Shop {
    account: AccountId,
    brand: BrandId,
    connection: ConnectionId,
}

impl Shop {
    async fn open(store: &dyn Everything, now: Timestamp) -> Result<Self> {
        let ids = &SystemIds;
        let (account, user) = (AccountId::mint(now, ids), UserId::mint(now, ids));
        let new = NewAccount {
            account,
            name: "Shop".into(),
            company_country: "FR".parse()?,
            plan: Plan::Growth,
            user,
            email: "shop@example.org".into(),
            user_name: "Ada".into(),
            password_hash: Secret::new("hash".into()),
            language: None,
            at: now,
        };
        store.create_account(&new).await?;
        let brand = BrandId::mint(now, ids);
        let name = "Maison Lune".to_owned();
        let new = NewBrand {
            name,
            language: "fr".parse()?,
            whatsapp_number: None,
            support_email: None,
            support_url: None,
            privacy_url: None,
            color: None,
        };
        store.create_brand(account, brand, &new, now).await?;
        let secret = || Secret::new("secret".into());
        let sender = NewSender {
            id: SenderId::mint(now, ids),
            channel: Channel::Whatsapp,
            brand,
            phone_number_id: "1065".into(),
            waba_id: "1020".into(),
            display_number: "+33 6 39 98 00 00".into(),
            access_token: secret(),
            app_secret: secret(),
            verify_token: secret(),
            sandbox: true,
            knows_library: true,
        };
        store.connect_sender(account, &sender, now).await?;
        let connection = NewConnection {
            id: ConnectionId::mint(now, ids),
            brand,
            source: Source::Sendcloud,
            proof: Proof::Signature,
            secrets: vec![secret()],
            at: now,
        };
        store.create_connection(account, &connection).await?;
        let acceptance = Acceptance {
            id: AcceptanceId::mint(now, ids),
            brand,
            channel: Channel::Whatsapp,
            user: Some(user),
            ip: "192.0.2.1".into(),
            basis: ConsentBasis::CollectedByShop,
            text_version: "2026-11".into(),
            rate: "whatsapp-growth-2025-01-01".into(),
            at: now,
        };
        let mut matrix = Vec::new();
        for country in ["FR", "DE", "NL"] {
            let country = country.parse()?;
            matrix.push(CellChange::Country { country, on: true });
            for &status in TrackingStatus::ALL {
                matrix.push(CellChange::Status { country, status, on: true });
            }
        }
        store.activate_channel(account, &acceptance, &matrix, ChangeId::mint(now, ids)).await?;
        Ok(Self { account, brand, connection: connection.id })
    }

    /// Parcels over 29 days, their news interleaved as they come.
    async fn fill(&self, store: &dyn Everything, now: Timestamp, parcels: u32) -> Result<()> {
        let span = 29 * 24 * 3600 * 1000_u64;
        let mut events: Vec<(u64, u32, usize)> = (0..parcels)
            .flat_map(|parcel| (0..NEWS.len()).map(move |step| (parcel, step)))
            .map(|(parcel, step)| {
                let begins = u64::from(parcel) * (span - 4 * 24 * 3600 * 1000) / u64::from(parcels);
                (begins + step as u64 * 20 * 3600 * 1000 + u64::from(parcel % 977), parcel, step)
            })
            .collect();
        events.sort_unstable();
        let began = now.minus(Duration::from_millis(span));
        for part in events.chunks(2000) {
            let (mut deliveries, mut understood) = (Vec::new(), Vec::new());
            for &(millis, parcel, step) in part {
                let received_at = began.plus(Duration::from_millis(millis));
                let (account, connection) = (self.account, self.connection);
                let id = DeliveryId::mint(received_at, &SystemIds);
                let body = b"{}".to_vec();
                deliveries.push(NewDelivery { account, id, connection, received_at, body });
                let event = self.event(id, received_at, parcel, NEWS[step])?;
                let dedup_key = format!("{parcel}:{step}");
                let events = vec![NewEvent { event, dedup_key, source_status: Some("11".into()) }];
                let state = DeliveryState::Understood;
                understood.push(Understood { account, delivery: id, state, reason: None, events });
            }
            store.store_deliveries(&deliveries).await?;
            store.commit_understood(&understood).await.context("understood")?;
        }
        Ok(())
    }

    fn event(
        &self,
        delivery: DeliveryId,
        received_at: Timestamp,
        parcel: u32,
        status: EventStatus,
    ) -> Result<Event> {
        let country = ["FR", "FR", "DE", "NL", "IT"][parcel as usize % 5];
        let number = format!("{parcel:08}");
        Ok(Event {
            account: self.account,
            id: EventId::mint(received_at, &SystemIds as &dyn IdSource),
            brand: self.brand,
            connection: self.connection,
            delivery,
            source: Source::Sendcloud,
            status,
            direction: Direction::Outbound,
            test: false,
            occurred_at: received_at.minus(Duration::from_secs(60)),
            received_at,
            facts: Facts {
                order_number: Some(format!("LUNE-{number}")),
                tracking_number: Some(format!("3SABCD{number}")),
                parcel_id: Some(number.clone()),
                carrier: Some("postnl".into()),
                country: Some(country.parse()?),
                phone: Some(format!("+336{number}")),
                phone_raw: Some(format!("06 {number}")),
                email: Some(format!("camille.{number}@example.org")),
                name: Some("Camille Durand".into()),
                tracking_url: Some(format!("https://tracking.example/3SABCD{number}?lang=fr")),
                service_point_id: Some("10875349".into()),
                brand_id: Some("7".into()),
                ..Facts::default()
            },
        })
    }
}
