//! The processes of a run, and the database below them.

use super::Plan;
use crate::process::cluster::{Cluster, Stop};
use crate::process::database::{Database, Kind};
use crate::process::{Demo, Process, free_port};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::PathBuf;
use tempfile::TempDir;

/// Who can be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The outside world.
    Sandbox,
    /// Everything of ours in one process.
    All,
    /// Takes webhooks and receipts.
    Web,
    /// One of those that work.
    Worker(u8),
}

/// Who plays.
pub struct Scene {
    /// What the demo account gave.
    pub demo: Demo,
    /// Address of the server.
    pub base: String,
    /// Address of the sandbox.
    pub outside: String,
    settings: Vec<(&'static str, String)>,
    processes: BTreeMap<Role, Process>,
    cluster: Option<Cluster>,
    folder: TempDir,
    seed: u64,
}

impl Scene {
    /// Starts everybody. None without PostgreSQL, when none is required.
    pub fn set(kind: Kind, plan: &Plan) -> Result<Option<Self>> {
        let (url, folder, cluster) = match kind {
            Kind::Sqlite => {
                let Some(Database { url, folder }) = Database::fresh(kind)? else {
                    return Ok(None);
                };
                (url, folder, None)
            }
            Kind::Postgres => {
                let Some(cluster) = Cluster::start()? else { return Ok(None) };
                (cluster.url(), tempfile::tempdir()?, Some(cluster))
            }
        };
        let at = || format!("127.0.0.1:{}", free_port());
        let (server, sandbox) = (at(), at());
        let (base, outside) = (format!("http://{server}"), format!("http://{sandbox}"));
        let settings = vec![
            ("DATABASE_URL", url),
            ("LISTEN_ADDR", server),
            ("BASE_URL", base.clone()),
            ("WHATSAPP_BASE_URL", outside.clone()),
            ("SECRET_KEY", "5f".repeat(32)),
            ("UNKNOWN_AFTER", format!("{}ms", plan.unknown_after.as_millis())),
            // So that a kill finds something under way; how fast a number may go is tested elsewhere.
            ("WHATSAPP_PER_SECOND", "10000".to_owned()),
        ];
        let demo = Demo::make(&borrowed(&settings))?;
        let processes = BTreeMap::new();
        let seed = plan.seed;
        let mut scene = Self { demo, base, outside, settings, processes, cluster, folder, seed };
        scene.enter(Role::Sandbox)?;
        for role in Self::roles(kind) {
            scene.enter(*role)?;
        }
        Ok(Some(scene))
    }

    /// Our processes on this kind of database.
    pub const fn roles(kind: Kind) -> &'static [Role] {
        match kind {
            Kind::Sqlite => &[Role::All],
            Kind::Postgres => &[Role::Web, Role::Worker(0), Role::Worker(1)],
        }
    }

    /// Starts a process, where the same one was before.
    pub fn enter(&mut self, role: Role) -> Result<()> {
        let address = self.outside.trim_start_matches("http://").to_owned();
        let data = self.folder.path().join("sandbox").display().to_string();
        let seed = self.seed.to_string();
        let arguments: &[&str] = match role {
            Role::Sandbox => {
                &["sandbox", "--addr", &address, "--data", &data, "--seed", &seed, "--fast"]
            }
            Role::All => &["serve"],
            Role::Web => &["serve", "--role", "web"],
            Role::Worker(_) => &["serve", "--role", "worker"],
        };
        let process = Process::start_logged(arguments, &borrowed(&self.settings), &self.log())?;
        self.processes.insert(role, process);
        Ok(())
    }

    /// SIGKILL.
    pub fn kill(&mut self, role: Role) {
        if let Some(process) = self.processes.remove(&role) {
            process.kill();
        }
    }

    /// Stops PostgreSQL.
    pub fn stop_database(&mut self, how: Stop) -> Result<()> {
        self.cluster.as_mut().map_or(Ok(()), |cluster| cluster.stop(how))
    }

    /// Starts it again.
    pub fn start_database(&mut self) -> Result<()> {
        self.cluster.as_mut().map_or(Ok(()), Cluster::start_again)
    }

    /// Somebody who ended without having been killed.
    pub fn dead(&mut self) -> Option<String> {
        let mut processes = self.processes.iter_mut();
        processes.find_map(|(role, process)| process.has_ended().then(|| format!("{role:?}")))
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// What everybody wrote.
    pub fn read_log(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    /// The end of it.
    pub fn log_tail(&self) -> String {
        let log = self.read_log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

fn borrowed<'a>(settings: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    settings.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
