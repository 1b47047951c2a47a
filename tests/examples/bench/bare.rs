//! The bare limits, on a fresh database with the same sync mode, by the same load:
//!
//! - *answers*: a server that reads the same requests and answers them;
//! - *rows*: the same delivery rows by a plain set statement, in commits of the size the product's had;
//! - *ingest*: both together: that server commits their rows in groups of that size before it answers,
//!   and checks, understands and decides nothing;
//! - *messages*: all the rows a message leaves, by plain set statements, in commits of the size the
//!   product's decider had.

use crate::process::database::{Database, Kind};
use crate::process::load;
use crate::{CONNECTIONS, INGESTED, ROUNDS, middle, now_millis, post};
use anyhow::{Context as _, Result};
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Router, body::Bytes, routing::any};
use server::store::bare::Bare;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Per second.
pub struct Limits {
    pub answers: f64,
    pub rows: f64,
    pub ingest: f64,
    pub messages: f64,
}

/// Measures all of them.
pub async fn measure(
    kind: Kind,
    ingest_group: f64,
    messages_group: f64,
    messages: u32,
    http: &reqwest::Client,
    secret: &str,
) -> Result<Limits> {
    let body = |n: u32| load::in_transit(n, now_millis());
    let fresh = || Database::fresh(kind)?.context("another database");
    let group = whole(ingest_group);

    // As often as the product, and again the round in the middle.
    let rounds = async |server: BareServer| {
        let mut rates = Vec::new();
        for _ in 0..ROUNDS {
            rates.push(post::all(http, &server.url, secret, 0..INGESTED, &body).await?.0);
        }
        middle(rates, |rate| *rate)
    };
    let answers = rounds(BareServer::start(&[])?).await?;

    let database = fresh()?;
    let ingest = rounds(BareServer::start(&[&database.url, &group.to_string()])?).await?;

    let database = fresh()?;
    let bare = Bare::open(&database.url).await?;
    let bodies: Vec<_> = (0..INGESTED).map(body).collect();
    let began = Instant::now();
    for (first, bodies) in (0..INGESTED).step_by(group).zip(bodies.chunks(group)) {
        bare.store(first, bodies).await?;
    }
    let rows = f64::from(INGESTED) / began.elapsed().as_secs_f64();

    let database = fresh()?;
    let bare = Bare::open(&database.url).await?;
    let began = Instant::now();
    let commit = u32::try_from(whole(messages_group))?;
    bare.messages(messages, commit, &load::body(0, now_millis())).await?;
    let messages = f64::from(messages) / began.elapsed().as_secs_f64();
    Ok(Limits { answers, rows, ingest, messages })
}

/// A mean as a size.
fn whole(mean: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small and positive"
    )]
    let size = mean.round().max(1.0) as usize;
    size
}

type Waiting = (Bytes, oneshot::Sender<()>);

/// `bare-server [DATABASE_URL GROUP]`: a server that reads a request, commits its row when it was given
/// a database, and answers 202.
pub async fn serve(mut arguments: impl Iterator<Item = String>) -> Result<()> {
    let writer = match (arguments.next(), arguments.next()) {
        (Some(url), Some(group)) => {
            let (writer, waiting) = mpsc::channel(16 * CONNECTIONS);
            tokio::spawn(write(Bare::open(&url).await?, group.parse()?, waiting));
            Some(writer)
        }
        _ => None,
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let router = Router::new().fallback(any(answer)).with_state(writer);
    axum::serve(listener, router).await?;
    Ok(())
}

async fn answer(
    State(writer): State<Option<mpsc::Sender<Waiting>>>,
    body: Bytes,
) -> (StatusCode, String) {
    let length = body.len();
    if let Some(writer) = writer {
        let (told, hears) = oneshot::channel();
        if writer.send((body, told)).await.is_err() || hears.await.is_err() {
            return (StatusCode::SERVICE_UNAVAILABLE, String::new());
        }
    }
    (StatusCode::ACCEPTED, format!("{{\"delivery_id\":\"{length}\"}}"))
}

/// Commits groups of that size; a smaller one when no more come within the product's own wait.
async fn write(bare: Bare, group: usize, mut waiting: mpsc::Receiver<Waiting>) {
    let mut first = 0;
    while let Some(one) = waiting.recv().await {
        let until = tokio::time::Instant::now() + Duration::from_millis(2);
        let mut rows = vec![one];
        while rows.len() < group
            && let Ok(Some(more)) = tokio::time::timeout_at(until, waiting.recv()).await
        {
            rows.push(more);
        }
        let (bodies, callers): (Vec<Bytes>, Vec<_>) = rows.into_iter().unzip();
        // A caller that is not told answers 503, and the measurement ends with that error.
        if bare.store(first, &bodies).await.is_ok() {
            first += u32::try_from(bodies.len()).unwrap_or(0);
            for caller in callers {
                let _ = caller.send(());
            }
        }
    }
}

/// That server as a process of its own.
struct BareServer {
    child: Child,
    url: String,
}

impl Drop for BareServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl BareServer {
    fn start(arguments: &[&str]) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("bare-server")
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let url = line.trim().trim_start_matches("listening on ").to_owned();
        Ok(Self { child, url })
    }
}
