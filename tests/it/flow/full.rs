//! The disk is full: webhooks are asked to come back, nothing that was acknowledged is lost, and when there is room
//! again everything goes on.
#![expect(
    clippy::disallowed_methods,
    reason = "the program is a process of its own: real clock and own client"
)]

use crate::process::database::{Database, Kind};
use crate::process::{Demo, Process, eventually, free_port, list, load};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

const SOON: Duration = Duration::from_secs(60);
/// A page of SQLite.
const PAGE: u64 = 4096;

/// The file system refuses to let files grow, and lets them again: the process lives through it.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_outlived() {
    let house = House::build();
    // As an operator would who is not there: the signal of a file too large is not for us to die of.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]);
    let settings = house.settings(&house.database.url);
    let log = house.database.folder.path().join("log");
    let server = Process::start_by(shell, &["serve"], &settings, &log).expect("the server");
    house.post_until(0..60, 202).await;
    house.until_read(60).await;

    let wal = std::fs::metadata(house.file("facteur.db-wal")).expect("a log").len();
    limit(&server, &(wal + 40 * PAGE).to_string());
    let taken = house.fill(60).await;
    let busy = cpu(&server);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let busy = cpu(&server) - busy;
    assert!(busy < 1.0, "{busy} s of two were spent on a disk that is full");
    assert!(house.post(10_000).await >= 500, "still full");

    limit(&server, "unlimited");
    house.until_read(taken).await;
    house.post_until(20_000..20_010, 202).await;
    house.until_read(taken + 10).await;
    house.all_told_once(taken + 10).await;
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(!log.contains("panicked"), "{log}");
}

/// SQLite itself has no page left; somebody makes room and starts the server anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_database_loses_nothing() {
    let house = House::build();
    let pages = std::fs::metadata(house.file("facteur.db")).expect("a file").len() / PAGE;
    let tight = format!("{}?max_page_count={}", house.database.url, pages + 150);
    let mut server = Process::start(&["serve"], &house.settings(&tight)).expect("the server");
    let taken = house.fill(0).await;
    let busy = cpu(&server);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let busy = cpu(&server) - busy;
    assert!(busy < 1.0, "{busy} s of two were spent on a database that is full");
    assert!(!server.has_ended());
    server.kill();
    let roomy = house.settings(&house.database.url);
    let _server = Process::start(&["serve"], &roomy).expect("the server");
    house.until_read(taken).await;
    house.all_told_once(taken).await;
}

/// A server's address and database, and the sandbox.
struct House {
    database: Database,
    address: String,
    sandbox: Process,
    demo: Demo,
    http: reqwest::Client,
}

impl House {
    fn build() -> Self {
        let database = Database::fresh(Kind::Sqlite).expect("a folder").expect("a file");
        let sandbox = Process::start(&["sandbox", "--addr", "127.0.0.1:0", "--fast"], &[]);
        let sandbox = sandbox.expect("the sandbox starts");
        let address = format!("127.0.0.1:{}", free_port());
        let http = reqwest::Client::builder().timeout(Duration::from_secs(15)).build();
        let mut house = Self {
            database,
            address,
            sandbox,
            demo: Demo(Value::Null),
            http: http.expect("a client"),
        };
        let settings = house.settings(&house.database.url);
        house.demo = Demo::make(&settings).expect("a demo account");
        house
    }

    fn settings<'a>(&'a self, url: &'a str) -> [(&'a str, &'a str); 6] {
        [
            ("DATABASE_URL", url),
            ("LISTEN_ADDR", &self.address),
            ("WHATSAPP_BASE_URL", &self.sandbox.url),
            ("SECRET_KEY", "5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f"),
            ("UNKNOWN_AFTER", "30s"),
            ("WHATSAPP_PER_SECOND", "10000"),
        ]
    }

    fn file(&self, name: &str) -> impl AsRef<Path> {
        self.database.folder.path().join(name)
    }

    /// Hands a parcel over once, and says how that was answered.
    async fn post(&self, number: u32) -> u16 {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
        let body = load::body(number, i64::try_from(now.as_millis()).expect("before 292,000,000"));
        let post = self.http.post(format!("http://{}{}", self.address, self.demo.hook()));
        let signature = load::signature(self.demo.secret(), &body);
        let post = post.header("Sendcloud-Signature", signature).body(body);
        post.send().await.expect("an answer").status().as_u16()
    }

    async fn post_until(&self, numbers: std::ops::Range<u32>, status: u16) {
        for number in numbers {
            assert_eq!(self.post(number).await, status, "{number}");
        }
    }

    /// Hands parcels over until none is taken any more; how many have been, with those before.
    async fn fill(&self, mut taken: usize) -> usize {
        let mut refused = 0;
        for number in 1_000..9_000 {
            match self.post(number).await {
                202 => {
                    taken += 1;
                    refused = 0;
                }
                503 => refused += 1,
                other => panic!("a full disk was answered with {other}"),
            }
            // What is under way may still make room for one or the other.
            if refused == 20 {
                return taken;
            }
        }
        panic!("8,000 parcels fitted")
    }

    async fn until_read(&self, least: usize) {
        let base = format!("http://{}", self.address);
        eventually("all messages read", SOON, || async {
            let rows = list(&self.http, &base, self.demo.api_key(), "/api/v1/messages?status=read");
            let count = rows.await.map_err(|error| error.to_string())?.len();
            if count == least { Ok(()) } else { Err(format!("{count} of {least}")) }
        })
        .await;
    }

    /// Every phone has one message, and each is charged once.
    async fn all_told_once(&self, count: usize) {
        let url = format!("{}/control/messages", self.sandbox.url);
        let answer: Value =
            self.http.get(url).send().await.expect("an answer").json().await.expect("JSON");
        let received = answer["data"].as_array().expect("a list");
        let phones: std::collections::HashSet<_> =
            received.iter().filter_map(|one| one["to"].as_str()).collect();
        assert_eq!((received.len(), phones.len()), (count, count));
        let base = format!("http://{}", self.address);
        let usage = list(&self.http, &base, self.demo.api_key(), "/api/v1/usage").await;
        let usage = usage.expect("usage");
        let charged: i64 = usage.iter().filter_map(|line| line["quantity"].as_i64()).sum();
        assert_eq!(usize::try_from(charged), Ok(count));
    }
}

/// How large a file of this process may become.
fn limit(server: &Process, bytes: &str) {
    let id = server.id().to_string();
    // The soft limit alone: whoever may lower that one may raise it again.
    let done = Command::new("prlimit").args(["--pid", &id, &format!("--fsize={bytes}:")]).status();
    assert!(done.expect("prlimit (util-linux)").success());
}

/// Seconds of CPU a process has used.
fn cpu(process: &Process) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).expect("Linux");
    let fields: Vec<&str> = stat.rsplit(") ").next().expect("fields").split(' ').collect();
    let ticks: f64 = fields[11..=12].iter().filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}
