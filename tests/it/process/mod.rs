//! Facteur as its users run it: real processes, started, killed and asked over HTTP.
#![expect(
    clippy::disallowed_methods,
    reason = "tests read their own settings and draw their own names"
)]

pub mod cluster;
pub mod database;
pub mod load;

use anyhow::{Context as _, Result, bail};
use dispatch::attempt::Consequence;
use dispatch::channel::Channel;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Codes of receipts that say nothing beyond their message.
pub fn nothing_follows(_: Channel, _: &str) -> Consequence {
    Consequence::None
}

/// The program under test: `FACTEUR_BIN`, or the one built beside these tests.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("FACTEUR_BIN") {
        return path.into();
    }
    let mut path = std::env::current_exe().expect("this test has a path");
    path.pop();
    if path.ends_with("deps") {
        path.pop();
    }
    path.join("facteur")
}

/// A child process that dies with its handle.
pub struct Process {
    child: Child,
    /// The address it printed.
    pub url: String,
}

impl Process {
    /// Starts a command of `facteur` and waits until it says where it listens; a worker says where the others do.
    pub fn start(arguments: &[&str], settings: &[(&str, &str)]) -> Result<Self> {
        Self::spawn(command(arguments, settings), arguments, stderr())
    }

    /// The same, with its log in a file, behind what is there already.
    pub fn start_logged(arguments: &[&str], settings: &[(&str, &str)], log: &Path) -> Result<Self> {
        Self::spawn(command(arguments, settings), arguments, logged(log)?)
    }

    /// The same, for a program that starts this one.
    pub fn start_by(
        mut command: Command,
        arguments: &[&str],
        settings: &[(&str, &str)],
        log: &Path,
    ) -> Result<Self> {
        command.arg(binary()).args(arguments);
        Self::spawn(set(command, settings), arguments, logged(log)?)
    }

    fn spawn(mut command: Command, arguments: &[&str], stderr: Stdio) -> Result<Self> {
        let mut child =
            command.stdout(Stdio::piped()).stderr(stderr).spawn().with_context(|| {
                format!("{} cannot be started; build it first", binary().display())
            })?;
        let out = child.stdout.take().context("its output")?;
        let mut lines = BufReader::new(out);
        let mut line = String::new();
        while lines.read_line(&mut line)? > 0 {
            if let Some(url) = line.trim().strip_prefix("listening on ") {
                let url = url.to_owned();
                // What it says later must not fill the pipe.
                std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
                return Ok(Self { child, url });
            }
            line.clear();
        }
        let _ = child.kill();
        bail!("facteur {arguments:?} ended with {:?} before it listened", child.wait()?)
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// SIGKILL: no goodbye, no flushing.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn stderr() -> Stdio {
    if std::env::var_os("SHOW_LOGS").is_some() { Stdio::inherit() } else { Stdio::null() }
}

fn command(arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments);
    set(command, settings)
}

fn set(mut command: Command, settings: &[(&str, &str)]) -> Command {
    command.env("RUST_LOG", std::env::var("RUST_LOG").unwrap_or("warn".into()));
    command.envs(settings.iter().copied());
    command
}

fn logged(log: &Path) -> Result<Stdio> {
    Ok(std::fs::OpenOptions::new().create(true).append(true).open(log)?.into())
}

/// Runs a command of `facteur` to its end and gives its standard output.
pub fn output(arguments: &[&str], settings: &[(&str, &str)]) -> Result<String> {
    let done = command(arguments, settings).output()?;
    if !done.status.success() {
        bail!("facteur {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    Ok(String::from_utf8(done.stdout)?)
}

/// What `facteur demo --json` prints.
pub struct Demo(pub Value);

impl Demo {
    /// Makes the demo account.
    pub fn make(settings: &[(&str, &str)]) -> Result<Self> {
        Ok(Self(serde_json::from_str(&output(&["demo", "--json"], settings)?)?))
    }

    fn text(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// A key with all scopes.
    pub fn api_key(&self) -> &str {
        self.text("/api_key")
    }

    /// Path of the Sendcloud hook.
    pub fn hook(&self) -> String {
        format!("/hooks/sendcloud/{}", self.text("/connections/0/id"))
    }

    /// Key of the Sendcloud hook.
    pub fn secret(&self) -> &str {
        self.text("/connections/0/secret")
    }
}

/// A port nobody listens on at this moment: for a server that must come back to the same address.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}

/// Asks again until the answer is there; panics with what was last seen.
pub async fn eventually<T, F, R>(what: &str, within: Duration, mut ask: F) -> T
where
    F: FnMut() -> R,
    R: Future<Output = Result<T, String>>,
{
    let started = Instant::now();
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(seen) if started.elapsed() > within => {
                panic!("{what}: not after {within:?}; last seen: {seen}")
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// Every row of a paged list of the API.
pub async fn list(http: &reqwest::Client, base: &str, key: &str, path: &str) -> Result<Vec<Value>> {
    let mut rows = Vec::new();
    let mut cursor = String::new();
    loop {
        let joint = if path.contains('?') { '&' } else { '?' };
        let url = format!("{base}{path}{joint}limit=200&cursor={cursor}");
        let page: Value =
            http.get(url).bearer_auth(key).send().await?.error_for_status()?.json().await?;
        rows.extend(page["data"].as_array().cloned().unwrap_or_default());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return Ok(rows),
        }
    }
}
