//! A PostgreSQL of one's own, which may be crashed: the one tests share goes on meanwhile.

use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Connections are cut, what was committed is written down.
    Fast,
    /// At once; the next start recovers from the log.
    Crash,
}

/// A running cluster, gone with its handle.
pub struct Cluster {
    folder: TempDir,
    bin: PathBuf,
    /// Who runs it; none for whoever runs this.
    user: Option<String>,
    server: Option<Child>,
}

impl Cluster {
    /// Makes and starts one. None when there is no PostgreSQL and none is required.
    pub fn start() -> Result<Option<Self>> {
        let Ok(bin) = std::env::var("TEST_POSTGRES_BIN") else {
            if std::env::var_os("REQUIRE_POSTGRES").is_some() {
                bail!("REQUIRE_POSTGRES is set and TEST_POSTGRES_BIN is not");
            }
            eprintln!("left out: TEST_POSTGRES_BIN is not set (script/with-postgres sets it)");
            return Ok(None);
        };
        // A socket's path may have 107 bytes at most.
        let folder = tempfile::Builder::new().prefix("facteur-pg.").tempdir_in("/tmp")?;
        let user = std::env::var("TEST_POSTGRES_USER").ok().filter(|user| !user.is_empty());
        if let Some(user) = &user {
            done(Command::new("chown").arg(user).arg(folder.path()))?;
            done(Command::new("chmod").arg("755").arg(folder.path()))?;
        }
        let mut cluster = Self { folder, bin: bin.into(), user, server: None };
        let mut make = cluster.command("initdb")?;
        make.args(["-D", "data", "-U", "facteur", "-A", "trust", "-E", "UTF8"]);
        done(make.args(["--locale=C.UTF-8", "-N"]))?;
        cluster.start_again()?;
        let create = cluster.bin.join("createdb");
        done(Command::new(create).args(["-h", &cluster.path(), "-U", "facteur", "facteur"]))?;
        Ok(Some(cluster))
    }

    /// For `DATABASE_URL`.
    pub fn url(&self) -> String {
        format!("postgres://facteur@localhost/facteur?host={}", self.path())
    }

    /// Stops it, and waits until it has ended.
    pub fn stop(&mut self, how: Stop) -> Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        let signal = match how {
            Stop::Fast => "-INT",
            Stop::Crash => "-QUIT",
        };
        done(Command::new("kill").args([signal, &server.id().to_string()]))?;
        server.wait()?;
        Ok(())
    }

    /// Starts it over the same data, and waits until it answers.
    pub fn start_again(&mut self) -> Result<()> {
        let mut command = self.command("postgres")?;
        command.args(["-D", "data", "-k", &self.path(), "-c", "listen_addresses="]);
        // A crash of the server loses nothing that the system has: no sync is needed, but each commit is handed over.
        for setting in ["fsync=off", "synchronous_commit=on", "max_connections=100"] {
            command.args(["-c", setting]);
        }
        self.server = Some(command.spawn()?);
        let ready = self.bin.join("pg_isready");
        let began = Instant::now();
        while !Command::new(&ready).args(["-q", "-h", &self.path()]).status()?.success() {
            if began.elapsed() > Duration::from_secs(60) {
                bail!("PostgreSQL did not start");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn path(&self) -> String {
        self.folder.path().display().to_string()
    }

    /// A program of the server, as whoever may run it, in its folder. It ends with whoever started it.
    fn command(&self, program: &str) -> Result<Command> {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "QUIT"]);
        if let Some(user) = &self.user {
            let group = Command::new("id").args(["-g", user]).output().context("id")?;
            let group = String::from_utf8(group.stdout)?;
            command.args(["--reuid", user, "--regid", group.trim(), "--clear-groups"]);
        }
        command.arg(self.bin.join(program)).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(command)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.stop(Stop::Crash);
    }
}

fn done(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
