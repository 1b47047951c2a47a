//! Measures Facteur on both databases beside the bare limit of the same run, into `BENCHMARKS.md`.
//!
//! The server, the sandbox and this load generator share the machine; CPU and memory are the server's
//! (and its database's) alone. `script/bench` runs this with a durable PostgreSQL.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own: its settings, clock and client"
)]
#![expect(clippy::print_stdout, reason = "figures go to stdout, progress to stderr")]

mod bare;
mod calm;
mod dry_run;
mod grow;
mod grown;
mod kill;
mod many;
mod meter;
mod post;
#[path = "../../it/process/mod.rs"]
#[expect(dead_code, reason = "shared with the tests, which use the rest of it")]
mod process;
mod receipts;
mod report;
mod scrape;
mod send;

use anyhow::{Context as _, Result, bail};
use calm::Calm;
use many::Many;
use meter::Latencies;
use process::database::{Database, Kind};
use process::{Demo, Process, load};
use scrape::Scrape;
use send::{FEW, Sent, Stand};
use std::time::{Duration, Instant, SystemTime};

/// Webhooks posted as fast as they are answered, that lead to no message.
const INGESTED: u32 = 20_000;
/// Times they are posted; the round in the middle is reported, of the bare limit too.
const ROUNDS: usize = 3;
/// Webhooks at a steady rate, per second and for how long.
const STEADY_RATE: u32 = 500;
const STEADY: Duration = Duration::from_secs(10);
/// Messages from webhook to charge: some eight seconds of them, so that the last one's way weighs little.
const MESSAGES: u32 = 20_000;
/// Messages that wait: a bad day.
const QUEUED: u32 = 100_000;
/// Past messages: a shop's year.
const STORED: u32 = 1_000_000;
/// Accounts that have a server in common.
const ACCOUNTS: u32 = 2_000;
const SECRET_KEY: &str = "5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f";
/// Connections of the load generator: as many as one commit may gather, so that it has something to gather.
const CONNECTIONS: usize = 64;

/// What one database achieved.
pub struct Figures {
    kind: Kind,
    ingest_per_second: f64,
    ingest: Latencies,
    /// Mean rows of a commit while they were posted.
    ingest_group: f64,
    /// From the first post until all were understood and decided.
    decided_per_second: f64,
    steady: Latencies,
    bare_answers_per_second: f64,
    bare_rows_per_second: f64,
    bare_ingest_per_second: f64,
    fast: Sent,
    /// At a provider that takes its time.
    slow: Sent,
    /// Over few connections.
    few: Sent,
    /// Of callbacks at a steady rate.
    receipts: Latencies,
    drained_per_second: f64,
    /// The same messages for many accounts.
    many: Many,
    calm: Calm,
    /// Seconds from the kill of a process until its work goes on.
    resumed: f64,
    grown: grow::Grown,
    /// Messages on the database that has grown.
    later: Sent,
    bare_messages_per_second: f64,
    dry_run: dry_run::Figures,
}

/// What is to be measured.
struct Plan {
    kinds: Vec<Kind>,
    messages: u32,
    /// Messages that wait before they are sent all at once.
    queued: u32,
    /// Past messages of the database that has grown.
    stored: u32,
    /// Accounts that have a server in common.
    accounts: u32,
    /// Stored events of the dry run.
    events: u32,
    /// Whether this is the whole programme, whose figures are kept.
    whole: bool,
}

/// `bench [sqlite|postgres] [MESSAGES] [queued=N] [stored=N] [accounts=N]`: without arguments everything, into `BENCHMARKS.md`.
fn plan(arguments: impl Iterator<Item = String>) -> Result<Plan> {
    let kinds = vec![Kind::Sqlite, Kind::Postgres];
    let mut plan = Plan {
        kinds,
        messages: MESSAGES,
        queued: QUEUED,
        stored: STORED,
        accounts: ACCOUNTS,
        events: dry_run::EVENTS,
        whole: true,
    };
    for argument in arguments {
        plan.whole = false;
        if let Some(queued) = argument.strip_prefix("queued=") {
            plan.queued = queued.parse()?;
            continue;
        }
        if let Some(stored) = argument.strip_prefix("stored=") {
            plan.stored = stored.parse()?;
            continue;
        }
        if let Some(accounts) = argument.strip_prefix("accounts=") {
            plan.accounts = accounts.parse()?;
            continue;
        }
        match (argument.as_str(), argument.parse()) {
            ("sqlite", _) => plan.kinds = vec![Kind::Sqlite],
            ("postgres", _) => plan.kinds = vec![Kind::Postgres],
            (_, Ok(messages)) => {
                plan.messages = messages;
                plan.events = plan.events.min(messages.saturating_mul(10));
            }
            (other, _) => {
                bail!(
                    "bench [sqlite|postgres] [MESSAGES] [queued=N] [stored=N] [accounts=N], not {other}"
                )
            }
        }
    }
    Ok(plan)
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.peek().is_some_and(|first| first == "bare-server") {
        return bare::serve(arguments.skip(1)).await;
    }
    if arguments.peek().is_some_and(|first| first == "grown") {
        return grown::run(arguments.skip(1)).await;
    }
    let plan = plan(arguments)?;
    let mut all = Vec::new();
    for kind in &plan.kinds {
        if let Some(database) = Database::fresh(*kind)? {
            eprintln!("{kind:?} …");
            all.push(measure(*kind, &database, &plan).await?);
        }
    }
    let text = report::markdown(&all, &plan);
    if plan.whole {
        std::fs::write("BENCHMARKS.md", &text)?;
    }
    println!("{text}");
    Ok(())
}

fn site() -> String {
    std::env::var("SITE_ROOT").unwrap_or_else(|_| "target/site".to_owned())
}

/// A server's settings.
const fn settings<'a>(
    database: &'a str,
    sandbox: &'a str,
    site: &'a str,
) -> [(&'static str, &'a str); 6] {
    [
        ("DATABASE_URL", database),
        ("LISTEN_ADDR", "127.0.0.1:0"),
        ("WHATSAPP_BASE_URL", sandbox),
        // Everything goes through one number: what is measured is how fast we are, not how fast it may be.
        ("WHATSAPP_PER_SECOND", "1000000"),
        ("SECRET_KEY", SECRET_KEY),
        ("SITE_ROOT", site),
    ]
}

async fn measure(kind: Kind, database: &Database, plan: &Plan) -> Result<Figures> {
    let messages = plan.messages;
    let sandbox = Process::start(&["sandbox", "--addr", "127.0.0.1:0", "--fast"], &[])?;
    let site = site();
    let settings = settings(&database.url, &sandbox.url, &site);
    let demo = Demo::make(&settings)?;
    let server = Process::start(&["serve"], &settings)?;
    let http = reqwest::Client::builder().pool_max_idle_per_host(2 * CONNECTIONS).build()?;
    let hook = format!("{}{}", server.url, demo.hook());
    let secret = demo.secret().to_owned();

    // Ingest: news that notifies nobody, so that nothing competes but the pipeline itself.
    let quiet = |n: u32| load::in_transit(n, now_millis());
    let mut rounds = Vec::new();
    let mut posted = 0;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let numbers = posted..posted + INGESTED;
        posted = numbers.end;
        let (per_second, latencies) = post::all(&http, &hook, &secret, numbers, &quiet).await?;
        decided(&http, &server.url, posted).await?;
        rounds.push((per_second, latencies, f64::from(INGESTED) / began.elapsed().as_secs_f64()));
    }
    let (ingest_per_second, ingest, decided_per_second) = middle(rounds, |round| round.0)?;
    let scraped = Scrape::of(&http, &server.url).await?;
    let ingest_group = scraped.mean("facteur_group_size", "deliveries");
    let steady = post::steadily(&http, &hook, &secret, posted, &quiet).await?;
    posted += STEADY_RATE * u32::try_from(STEADY.as_secs())?;
    decided(&http, &server.url, posted).await?;

    // From webhook to charge: as fast as it goes, at a slow provider, over few connections.
    let rest = (&http, &sandbox, &demo, database.url.as_str());
    let fast = stand(&server, rest).send(0..messages, CONNECTIONS).await?;
    let slow = stand(&server, rest).send_slowly(messages..2 * messages).await?;
    let few = stand(&server, rest).send(2 * messages..3 * messages, FEW).await?;
    let receipts = receipts::measure(&http, &server.url, &demo).await?;
    drop(server);

    // A queue that has grown long: what one number may send is next to nothing, then it may send at once.
    let held = settings.map(|(name, value)| match name {
        "WHATSAPP_PER_SECOND" => (name, "1"),
        _ => (name, value),
    });
    let server = Process::start(&["serve"], &held)?;
    let hook = format!("{}{}", server.url, demo.hook());
    let loud = |n: u32| load::body(n, now_millis());
    let waiting = 3 * messages..3 * messages + plan.queued;
    post::all(&http, &hook, &secret, waiting, &loud).await?;
    decided(&http, &server.url, plan.queued).await?;
    let charged_before = stand(&server, rest).charged().await?;
    drop(server);
    let server = Process::start(&["serve"], &settings)?;
    let began = Instant::now();
    let left = charged_before + i64::from(plan.queued);
    while stand(&server, rest).charged().await? < left - 100 {
        anyhow::ensure!(began.elapsed() < Duration::from_secs(600), "the queue does not drain");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let drained_per_second = f64::from(plan.queued) / began.elapsed().as_secs_f64();
    drop(server);
    let first = 3 * messages + plan.queued;
    let ours = (&http, &sandbox, &demo);
    let all = (kind, plan.accounts);
    let many = many::measure(&settings, ours, all, first..first + messages).await?;
    let calm = calm::measure(&settings, &database.url).await?;

    // The same on a database that has grown.
    let grown = grow::measure(&database.url, &demo, plan.stored).await?;
    let server = Process::start(&["serve"], &settings)?;
    let first = first + messages;
    let later = stand(&server, rest).send(first..first + messages, CONNECTIONS).await?;
    drop(server);
    drop(sandbox);

    let resumed = kill::measure(kind, &http).await?;

    // The bare limits: the same machine, the same load, the same sizes of commits.
    let bare = bare::measure(kind, ingest_group, fast.group, messages, &http, &secret).await?;
    let dry_run = dry_run::measure(kind, plan.events).await?;
    Ok(Figures {
        kind,
        ingest_per_second,
        ingest,
        ingest_group,
        decided_per_second,
        steady,
        bare_answers_per_second: bare.answers,
        bare_rows_per_second: bare.rows,
        bare_ingest_per_second: bare.ingest,
        fast,
        slow,
        few,
        receipts,
        drained_per_second,
        many,
        calm,
        resumed,
        grown,
        later,
        bare_messages_per_second: bare.messages,
        dry_run,
    })
}

/// That server with everything around it.
const fn stand<'a>(
    server: &'a Process,
    (http, sandbox, demo, database_url): (&'a reqwest::Client, &'a Process, &'a Demo, &'a str),
) -> Stand<'a> {
    Stand { http, server, sandbox, demo, database_url }
}

/// The one in the middle when they are put in order.
fn middle<T>(mut all: Vec<T>, figure: impl Fn(&T) -> f64) -> Result<T> {
    all.sort_by(|a, b| figure(a).total_cmp(&figure(b)));
    let place = all.len() / 2;
    all.into_iter().nth(place).context("at least one round")
}

fn now_millis() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Waits until so many events are decided, by the server's own counter.
async fn decided(http: &reqwest::Client, base: &str, wanted: u32) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(300);
    loop {
        let count = Scrape::of(http, base).await?.value("facteur_stage_rows_total", "decider");
        if count >= f64::from(wanted) {
            return Ok(());
        }
        anyhow::ensure!(Instant::now() < deadline, "{count} of {wanted} decided after 5 minutes");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
