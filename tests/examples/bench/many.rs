//! The same messages for many accounts: what each costs must not depend on how many have a server in common.

use crate::meter::Usage;
use crate::process::database::{Database, Kind};
use crate::process::{Demo, Process, load};
use crate::scrape::Scrape;
use crate::send::Stand;
use crate::{CONNECTIONS, SECRET_KEY, now_millis, post};
use anyhow::{Context as _, Result};
use dispatch::brand::ConsentBasis;
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::id::{AcceptanceId, AccountId, BrandId, ChangeId, ConnectionId, SenderId, UserId};
use dispatch::language::Language;
use dispatch::plan::{Plan, rate_in_force};
use dispatch::port::{Acceptance, CellChange, NewAccount, NewBrand, NewConnection, NewSender};
use dispatch::source::{Proof, Secret, Source};
use dispatch::time::{Clock as _, Timestamp};
use server::security::password::Passwords;
use server::security::random::{SystemClock, SystemIds};
use server::security::seal::Sealer;
use server::security::token;
use server::store::Everything;
use std::time::{Duration, Instant};

/// What the messages of many accounts cost.
pub struct Many {
    pub per_second: f64,
    /// CPU seconds per 1,000 messages, the database's included.
    pub cpu: f64,
}

/// Where the news of one account comes in: path of its hook, and its key.
type Hook = (String, String);

/// Makes so many accounts in a database of their own, each with a brand, a number and a connection of its own, and sends messages for all of
/// them in turns.
pub async fn measure(
    settings: &[(&'static str, &str)],
    (http, sandbox, demo): (&reqwest::Client, &Process, &Demo),
    (kind, accounts): (Kind, u32),
    numbers: std::ops::Range<u32>,
) -> Result<Many> {
    let database = Database::fresh(kind)?.context("a database")?;
    let database_url = database.url.as_str();
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, if *name == "DATABASE_URL" { database_url } else { *value }))
        .collect();
    let store = server::store::open(database_url, Sealer::from_hex(SECRET_KEY)?).await?;
    let mut hooks = Vec::new();
    for n in 0..accounts {
        hooks.push(account(&*store, n, SystemClock.now()).await.with_context(|| format!("{n}"))?);
    }
    let server = Process::start(&["serve"], &settings)?;
    settled(&*store, &server.url).await?;
    let stand = Stand { http, server: &server, sandbox, demo, database_url };
    let thousands = f64::from(u32::try_from(numbers.len())?) / 1000.0;
    let before = Scrape::of(http, &server.url).await?;
    let usage = Usage::of(server.id(), database_url)?;
    let began = Instant::now();
    let place = |n: u32| {
        let (path, secret) = &hooks[n as usize % hooks.len()];
        (format!("{}{path}", server.url), secret.clone())
    };
    let body = |n: u32| load::body(n, now_millis());
    post::spread(http, &place, numbers.clone(), &body, CONNECTIONS).await?;
    stand.heard(&before, u32::try_from(numbers.len())?).await?;
    let seconds = began.elapsed().as_secs_f64();
    let used = Usage::of(server.id(), database_url)?.since(&usage);
    Ok(Many {
        per_second: thousands * 1000.0 / seconds,
        cpu: (used.server + used.database) / thousands,
    })
}

/// Waits until the sandbox knows where everybody's receipts go.
async fn settled(store: &dyn Everything, base_url: &str) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(300);
    while !store.find_unsubscribed(base_url).await?.is_empty() {
        anyhow::ensure!(Instant::now() < deadline, "not all numbers are subscribed");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

async fn account(store: &dyn Everything, n: u32, at: Timestamp) -> Result<Hook> {
    let (account, user) = (AccountId::mint(at, &SystemIds), UserId::mint(at, &SystemIds));
    let new = NewAccount {
        account,
        name: format!("Account {n}"),
        company_country: "FR".parse()?,
        plan: Plan::Growth,
        user,
        email: format!("owner-{n}@example.com"),
        user_name: "Owner".to_owned(),
        // Nobody signs in here.
        password_hash: Secret::new(String::new()),
        language: None,
        at,
    };
    store.create_account(&new).await?;
    let brand = BrandId::mint(at, &SystemIds);
    let named = NewBrand::named(format!("Brand {n}"), Language::english());
    store.create_brand(account, brand, &named, at).await?;
    let sender = SenderId::mint(at, &SystemIds);
    let number = NewSender::of_sandbox(sender, brand, &SystemIds, &Passwords::default());
    store.connect_sender(account, &number, at).await?;
    let rates = store.rates().await?;
    let rate = rate_in_force(&rates, new.company_country, Plan::Growth, Channel::Whatsapp, at);
    let acceptance = Acceptance {
        id: AcceptanceId::mint(at, &SystemIds),
        brand,
        channel: Channel::Whatsapp,
        user: Some(user),
        ip: "127.0.0.1".to_owned(),
        basis: ConsentBasis::CollectedByShop,
        text_version: "demo".to_owned(),
        rate: rate.context("no price is in force")?.id.clone(),
        at,
    };
    let country = new.company_country;
    let mut changes = vec![CellChange::Country { country, on: true }];
    let status =
        |status: &TrackingStatus| CellChange::Status { country, status: *status, on: true };
    changes.extend(TrackingStatus::ALL.iter().map(status));
    let change = ChangeId::mint(at, &SystemIds);
    store.activate_channel(account, &acceptance, &changes, change).await?;
    let (id, secret) = (ConnectionId::mint(at, &SystemIds), token::random("whs_"));
    let key = secret.expose().to_owned();
    let (source, proof) = (Source::Sendcloud, Proof::Signature);
    let connection = NewConnection { id, brand, source, proof, secrets: vec![secret], at };
    store.create_connection(account, &connection).await?;
    Ok((format!("/hooks/{source}/{id}"), key))
}
