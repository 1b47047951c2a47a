//! The sandbox's memory on disk: one JSON line per fact, written before the fact is answered for.
//!
//! A line is handed to the system, not forced to the disk: it survives the process, not a power
//! cut, and costs microseconds. At start, and after a reset, the lines are rewritten without what
//! is settled.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    mail::Mail, message::Message, news::News, number::Subscription, sms::Sender as SmsSender,
    upload::Upload,
};
use crate::templates::Record;

/// A fact worth keeping.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub(crate) enum Fact {
    Seed {
        seed: u64,
    },
    Number {
        number: String,
        secret: Option<String>,
        name: Option<String>,
        display: Option<String>,
    },
    Subscribed {
        number: String,
        #[serde(flatten)]
        subscription: Subscription,
    },
    Unsubscribed {
        number: String,
    },
    /// Created or changed; `body` is what a create call would say. What is told about it stands in
    /// the same line, so that neither is kept without the other.
    Template {
        number: String,
        #[serde(flatten)]
        record: Box<Record>,
        body: Value,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        news: Vec<News>,
    },
    TemplateDeleted {
        number: String,
        name: String,
        language: String,
        /// Until when the name is blocked, Unix milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        blocked_until: Option<u64>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        news: Vec<News>,
    },
    /// Still to be told about a template.
    News(News),
    /// A file that is being uploaded, or was.
    Upload(Upload),
    Message(Box<Message>),
    /// An account of the SMS API and its primary token.
    SmsAccount {
        account: String,
        token: String,
    },
    /// A number an account sends SMS from.
    SmsSender {
        account: String,
        sender: String,
        #[serde(flatten)]
        about: SmsSender,
    },
    /// A person wrote STOP to a number, or START.
    SmsOptOut {
        account: String,
        sender: String,
        phone: String,
        out: bool,
    },
    Mail(Box<Mail>),
    /// What the callback has accepted: message and bits of its plan, and news.
    Told {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        steps: Vec<(u64, u8)>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        news: Vec<u64>,
    },
    /// Messages, windows and draws start anew.
    Reset {
        seed: u64,
    },
}

/// The open journal of one sandbox.
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    line: Vec<u8>,
    lines: usize,
    /// Held for the process's life, so that two sandboxes never share a folder.
    _lock: File,
}

impl Journal {
    /// Opens the journal of a folder and hands every fact in it to `apply`, oldest first.
    pub(crate) fn open(dir: &Path, mut apply: impl FnMut(Fact)) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir)
            .with_context(|| format!("cannot create the sandbox's folder {}", dir.display()))?;
        let lock = File::create(dir.join("sandbox.lock"))
            .with_context(|| format!("cannot write into the sandbox's folder {}", dir.display()))?;
        lock.try_lock().with_context(|| {
            format!("another sandbox uses {}; stop it or choose another folder", dir.display())
        })?;
        let path = dir.join("sandbox.jsonl");
        if path.exists() {
            let file = File::open(&path)
                .with_context(|| format!("cannot read the journal {}", path.display()))?;
            let mut damaged = 0_u32;
            // Bytes, not text: a line torn by a kill may end inside a character.
            for line in BufReader::new(file).split(b'\n') {
                let line = line.context("cannot read the sandbox's journal")?;
                if line.is_empty() {
                    continue;
                }
                match serde_json::from_slice(&line) {
                    Ok(fact) => apply(fact),
                    Err(_) => damaged += 1,
                }
            }
            if damaged > 0 {
                tracing::warn!(damaged, "lines of the sandbox's journal were unreadable: left out");
            }
        }
        let file = append(&path)?;
        Ok(Self { path, file, line: Vec::new(), lines: 0, _lock: lock })
    }

    /// Writes one fact; when this returns, a kill of the process no longer loses it.
    pub(crate) fn write(&mut self, fact: &Fact) -> std::io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, fact)?;
        self.line.push(b'\n');
        self.lines += 1;
        self.file.write_all(&self.line)
    }

    /// Replaces all lines by `facts`; the old ones stay until the new ones are complete.
    pub(crate) fn rewrite(&mut self, facts: impl Iterator<Item = Fact>) -> std::io::Result<()> {
        let fresh = self.path.with_extension("new");
        let mut out = BufWriter::new(File::create(&fresh)?);
        self.lines = 0;
        for fact in facts {
            self.lines += 1;
            serde_json::to_writer(&mut out, &fact)?;
            out.write_all(b"\n")?;
        }
        out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_data()?;
        std::fs::rename(&fresh, &self.path)?;
        self.file = OpenOptions::new().append(true).open(&self.path)?;
        Ok(())
    }

    /// Lines since it was last rewritten, and those written then.
    pub(crate) fn lines(&self) -> usize {
        self.lines
    }

    pub(crate) fn sync(&self) -> std::io::Result<()> {
        self.file.sync_data()
    }
}

fn append(path: &Path) -> anyhow::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .with_context(|| format!("cannot write the sandbox's journal {}", path.display()))
}
