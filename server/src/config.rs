//! Settings, from the environment and a `.env` file. The names are those of README's table.

use crate::provider::smtp::Settings as SmtpSettings;
use anyhow::{Context as _, bail};
use dispatch::pace::PER_SECOND;
use dispatch::retention::Retention;
use dispatch::source::Secret;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Whether the sandbox runs inside this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SandboxMode {
    /// In this process.
    On,
    /// Said to be off: nothing may pretend to be the outside world.
    Off,
    /// Nothing said: off for `serve`; the demo may use one that runs apart.
    Unset,
}

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// Which database.
    pub database_url: String,
    /// Where to listen; port 0 lets the system choose.
    pub listen_addr: SocketAddr,
    /// Public address, if it differs from where we listen.
    pub base_url: Option<String>,
    /// Seals secrets; made and kept in the data folder when absent.
    pub secret_key: Option<Secret>,
    /// The sandbox.
    pub sandbox: SandboxMode,
    /// Where the sandbox listens.
    pub sandbox_addr: SocketAddr,
    /// Address of a sandbox that runs apart, for links to its phones.
    pub sandbox_url: Option<String>,
    /// Draws of the sandbox.
    pub sandbox_seed: u64,
    /// Where the Cloud API answers.
    pub whatsapp_base_url: Option<String>,
    /// Where the SMS API answers.
    pub sms_base_url: Option<String>,
    /// The mail server that takes our mails, with what it asks for: a secret.
    pub smtp_url: Option<Secret>,
    /// Version of the Cloud API.
    pub whatsapp_version: String,
    /// Messages a second from a number whose provider says nothing else.
    pub whatsapp_per_second: u32,
    /// How many people a business portfolio may reach within a day while the provider has not told; none for any.
    pub unknown_reach: Option<u32>,
    /// How long a lost answer waits for a receipt.
    pub unknown_after: Duration,
    /// How old news may be.
    pub stale_after: Duration,
    /// How long things are kept.
    pub retention: Retention,
    /// Largest document of a template's header, in MiB.
    pub document_mib: usize,
    /// Folder of the site's files.
    pub site_root: PathBuf,
}

#[expect(clippy::disallowed_methods, reason = "the one place where settings are read")]
fn var(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

/// Reads `90`, `90s`, `5m`, `72h` or `500ms`.
fn duration(name: &str, default: Duration) -> anyhow::Result<Duration> {
    let Some(text) = var(name) else { return Ok(default) };
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().with_context(|| format!("{name}: {text} is no duration"))?;
    Ok(match &text[digits.len()..] {
        "ms" => Duration::from_millis(number),
        "" | "s" => Duration::from_secs(number),
        "m" => Duration::from_secs(number * 60),
        "h" => Duration::from_secs(number * 3600),
        unit => bail!("{name}: {unit} is no unit; use ms, s, m or h"),
    })
}

/// How long things are kept, in days or months.
fn retention() -> anyhow::Result<Retention> {
    let number = |name: &str, default: u32, least: u32| match var(name) {
        None => Ok(default),
        Some(text) => match text.parse() {
            Ok(number) if (least..=1200).contains(&number) => Ok(number),
            _ => bail!("{name} is {text}; use a number from {least} to 1200"),
        },
    };
    let usual = Retention::default();
    Ok(Retention {
        deliveries_days: number("RETAIN_DELIVERIES_DAYS", usual.deliveries_days, 7)?,
        messages_months: number("RETAIN_MESSAGES_MONTHS", usual.messages_months, 2)?,
        // What is told must be known for longer than news can be late.
        keys_months: number("RETAIN_KEYS_MONTHS", usual.keys_months, 2)?,
    })
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// Names the setting that cannot be used.
    pub fn from_env() -> anyhow::Result<Self> {
        // A missing file is the ordinary case.
        let _ = dotenvy::dotenv();
        let sandbox = match var("SANDBOX").as_deref() {
            Some("on" | "1" | "true") => SandboxMode::On,
            Some("off" | "0" | "false") => SandboxMode::Off,
            None => SandboxMode::Unset,
            Some(other) => bail!("SANDBOX is {other}; use on or off"),
        };
        let address = |name: &str, default: &str| {
            let text = var(name).unwrap_or_else(|| default.to_owned());
            text.parse::<SocketAddr>()
                .with_context(|| format!("{name}: {text} is no address like 127.0.0.1:3000"))
        };
        Ok(Self {
            database_url: var("DATABASE_URL")
                .unwrap_or_else(|| "sqlite://data/facteur.db".to_owned()),
            listen_addr: address("LISTEN_ADDR", "127.0.0.1:3000")?,
            base_url: var("BASE_URL").map(|url| url.trim_end_matches('/').to_owned()),
            secret_key: var("SECRET_KEY").map(Secret::new),
            sandbox,
            sandbox_addr: address("SANDBOX_ADDR", "127.0.0.1:3002")?,
            sandbox_url: var("SANDBOX_URL").map(|url| url.trim_end_matches('/').to_owned()),
            sandbox_seed: match var("SANDBOX_SEED") {
                Some(text) => text.parse().context("SANDBOX_SEED is a number")?,
                None => 1,
            },
            whatsapp_base_url: var("WHATSAPP_BASE_URL")
                .map(|url| url.trim_end_matches('/').to_owned()),
            sms_base_url: var("SMS_BASE_URL").map(|url| url.trim_end_matches('/').to_owned()),
            smtp_url: match var("SMTP_URL") {
                Some(url) => match SmtpSettings::parse(&url) {
                    Ok(_) => Some(Secret::new(url)),
                    // The address itself may hold a password.
                    Err(error) => bail!("SMTP_URL cannot be used: {error}"),
                },
                None => None,
            },
            whatsapp_version: var("WHATSAPP_VERSION").unwrap_or_else(|| "v25.0".to_owned()),
            whatsapp_per_second: match var("WHATSAPP_PER_SECOND") {
                Some(text) => match text.parse() {
                    Ok(number) if number > 0 => number,
                    _ => bail!("WHATSAPP_PER_SECOND: {text} is no number of messages"),
                },
                None => PER_SECOND,
            },
            unknown_reach: match var("WHATSAPP_PEOPLE_PER_DAY") {
                Some(text) => match text.parse() {
                    Ok(number) if number > 0 => Some(number),
                    _ => bail!("WHATSAPP_PEOPLE_PER_DAY: {text} is no number of people"),
                },
                None => None,
            },
            unknown_after: duration("UNKNOWN_AFTER", Duration::from_secs(90))?,
            stale_after: duration("STALE_AFTER", Duration::from_secs(72 * 3600))?,
            retention: retention()?,
            document_mib: match var("LARGEST_DOCUMENT") {
                Some(text) => match text.parse() {
                    Ok(mib @ 1..=50) => mib,
                    _ => bail!("LARGEST_DOCUMENT is {text}; use 1 to 50, in MiB"),
                },
                None => 10,
            },
            site_root: var("SITE_ROOT")
                .or_else(|| var("LEPTOS_SITE_ROOT"))
                .map_or_else(|| PathBuf::from("target/site"), PathBuf::from),
        })
    }

    /// The folder for what is kept beside the database: the SQLite file's folder, or `data`.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.database_url
            .strip_prefix("sqlite://")
            .and_then(|path| Path::new(path.split('?').next().unwrap_or(path)).parent())
            .filter(|folder| !folder.as_os_str().is_empty())
            .map_or_else(|| PathBuf::from("data"), Path::to_path_buf)
    }

    /// Whether the database allows only one process at the queue.
    #[must_use]
    pub fn single_process(&self) -> bool {
        self.database_url.starts_with("sqlite:")
    }

    /// The key that seals secrets: as set, or made once and kept in the data folder.
    ///
    /// # Errors
    /// When it is not 64 hex digits, or cannot be kept.
    pub fn sealing_key(&self) -> anyhow::Result<Secret> {
        if let Some(key) = &self.secret_key {
            return Ok(key.clone());
        }
        let path = self.data_dir().join("secret.key");
        if let Ok(text) = std::fs::read_to_string(&path) {
            return Ok(Secret::new(text.trim().to_owned()));
        }
        std::fs::create_dir_all(self.data_dir())?;
        let key = crate::security::seal::Sealer::generate_key();
        // Two processes may start at once: the first to write wins, the other reads.
        match private_file(&path) {
            Ok(mut file) => {
                use std::io::Write as _;
                file.write_all(key.as_bytes())?;
                file.sync_all()?;
                tracing::warn!(file = %path.display(), "SECRET_KEY is not set: a key was made and kept in this file; keep it with your backups");
                Ok(Secret::new(key))
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Ok(Secret::new(std::fs::read_to_string(&path)?.trim().to_owned()))
            }
            Err(error) => {
                Err(error).with_context(|| format!("{} cannot be written", path.display()))
            }
        }
    }
}

fn private_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}
