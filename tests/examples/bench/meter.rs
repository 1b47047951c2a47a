//! Reads the clock of processes: CPU seconds and memory, from /proc.

use anyhow::{Context as _, Result};
use std::fs;
use std::time::Duration;

/// Sorted times.
pub struct Latencies(Vec<Duration>);

impl Latencies {
    /// Of these answers.
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// Milliseconds that so many percent of the answers did not exceed.
    pub fn percentile(&self, percent: usize) -> f64 {
        let index = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
    }
}

/// CPU seconds used so far.
pub struct Usage {
    /// By the server.
    pub server: f64,
    /// By PostgreSQL's processes; SQLite works inside the server.
    pub database: f64,
}

impl Usage {
    /// At this moment.
    pub fn of(server: u32, database_url: &str) -> Result<Self> {
        let database = match postmaster(database_url) {
            Some(postmaster) => {
                children(postmaster).into_iter().map(|pid| cpu(pid).unwrap_or(0.0)).sum()
            }
            None => 0.0,
        };
        Ok(Self { server: cpu(server)?, database })
    }

    /// Between two moments.
    pub fn since(&self, earlier: &Self) -> Self {
        Self { server: self.server - earlier.server, database: self.database - earlier.database }
    }
}

/// Largest resident size so far, in MiB.
pub fn peak_mib(pid: u32) -> Result<f64> {
    status_mib(pid, "VmHWM:")
}

/// Resident size at this moment, in MiB.
pub fn resident_mib(pid: u32) -> Result<f64> {
    status_mib(pid, "VmRSS:")
}

fn status_mib(pid: u32, field: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kib: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix(field))
        .and_then(|rest| rest.split_whitespace().next())
        .with_context(|| field.to_owned())?
        .parse()?;
    Ok(kib / 1024.0)
}

/// The fields of /proc/<pid>/stat after the name, which may contain anything.
fn stat(pid: u32) -> Result<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let rest = text.rsplit_once(')').context("a name in brackets")?.1;
    Ok(rest.split_whitespace().map(str::to_owned).collect())
}

/// User and system time in seconds; the kernel counts hundredths on every common configuration.
fn cpu(pid: u32) -> Result<f64> {
    let fields = stat(pid)?;
    let ticks = |i: usize| -> Result<f64> { Ok(fields.get(i).context("a field")?.parse()?) };
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}

fn postmaster(database_url: &str) -> Option<u32> {
    let folder = database_url.split_once("host=")?.1.split('&').next()?;
    let text = fs::read_to_string(format!("{folder}/data/postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok()
}

fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| {
            *pid == parent
                || stat(*pid).is_ok_and(|f| f.get(1).is_some_and(|p| *p == parent.to_string()))
        })
        .collect()
}
