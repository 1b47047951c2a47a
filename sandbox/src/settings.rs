//! What can be chosen when a sandbox is started.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// How one sandbox is started. `Settings::default()` listens on free ports of the loopback
/// interface, keeps nothing on disk and takes its time as a real phone does.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 lets the system choose.
    pub addr: SocketAddr,
    /// Where the mail server listens; port 0 lets the system choose.
    pub smtp_addr: SocketAddr,
    /// The folder of the journal. Without one everything is forgotten at the end.
    pub data_dir: Option<PathBuf>,
    /// Decides every draw. A journal written under another seed keeps its own until it is reset.
    pub seed: u64,
    /// When receipts happen and how they travel.
    pub receipts: ReceiptPace,
    /// How long the review of a template takes, about; zero decides it within the call.
    pub review: Duration,
    /// How much one number may send; off by default, because load runs go far beyond Meta's 80/s.
    pub limits: Limits,
    /// Who may show a phone in a frame, as sources of CSP's `frame-ancestors`.
    pub frame_ancestors: String,
    /// How many messages are remembered; the oldest finished ones are forgotten beyond it.
    pub keep: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            smtp_addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            data_dir: None,
            seed: 1,
            receipts: ReceiptPace::default(),
            // Long enough to be seen pending, short enough to be waited for.
            review: Duration::from_secs(2),
            limits: Limits::default(),
            frame_ancestors: "'self' http://127.0.0.1:* http://localhost:*".to_owned(),
            keep: 300_000,
        }
    }
}

impl Settings {
    /// For tests and load runs: nothing takes longer than a tenth of a second.
    #[must_use]
    pub fn fast() -> Self {
        Self { receipts: ReceiptPace::fast(), review: Duration::from_millis(5), ..Self::default() }
    }
}

/// When receipts happen after a message was accepted. Each message draws between half of a delay
/// and one and a half times it.
#[derive(Debug, Clone)]
pub struct ReceiptPace {
    /// Accepted to `sent`.
    pub sent: Duration,
    /// Accepted to `delivered`.
    pub delivered: Duration,
    /// Accepted to `read`.
    pub read: Duration,
    /// How long receipts are gathered before they leave together.
    pub gather: Duration,
    /// The most updates in one POST: Meta sends up to 1,000; 1 means one by one.
    pub batch: usize,
}

impl Default for ReceiptPace {
    /// Quick enough to be watched, slow enough to be seen.
    fn default() -> Self {
        Self {
            sent: Duration::from_millis(50),
            delivered: Duration::from_millis(250),
            read: Duration::from_millis(1_500),
            gather: Duration::from_millis(20),
            batch: 100,
        }
    }
}

impl ReceiptPace {
    /// For tests and load runs: all three receipts within a tenth of a second.
    #[must_use]
    pub fn fast() -> Self {
        Self {
            sent: Duration::from_millis(4),
            delivered: Duration::from_millis(20),
            read: Duration::from_millis(60),
            gather: Duration::from_millis(10),
            batch: 100,
        }
    }

    /// The same pace, each receipt in a POST of its own.
    #[must_use]
    pub fn one_by_one(self) -> Self {
        Self { batch: 1, ..self }
    }
}

/// Rate limits of the Cloud API; `None` is off. Those of messages are off at first, those of
/// templates are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Messages per second of one number (Meta: 80); beyond it 130429.
    pub number_per_second: Option<u32>,
    /// Messages a number may send to one phone at once (Meta: 45), refilled one per six seconds;
    /// beyond it 131056.
    pub pair_burst: Option<u32>,
    /// Templates a WABA may create in an hour (Meta: 100); beyond it 80008.
    pub templates_per_hour: Option<u32>,
    /// Edits of one approved template in 24 hours (Meta: 1).
    pub edits_per_day: Option<u32>,
    /// Edits of one approved template in 30 days (Meta: 10).
    pub edits_per_month: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            number_per_second: None,
            pair_burst: None,
            templates_per_hour: Some(100),
            edits_per_day: Some(1),
            edits_per_month: Some(10),
        }
    }
}
