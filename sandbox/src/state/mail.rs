//! Mail that is kept, by inbox.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{
    journal::Fact,
    queue::{Due, What},
    world::World,
};
use crate::mail::Letter;

/// The most mails that are kept, and the most bytes of them.
const MOST_MAILS: usize = 10_000;
const MOST_BYTES: usize = 64 << 20;

/// One mail, for one or several people.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Mail {
    /// Order of arrival; never reused within one journal.
    pub seq: u64,
    pub id: String,
    /// What its draws hang on.
    pub key: String,
    /// The envelope's sender; `None` is the null sender of returned mail.
    pub from: Option<String>,
    /// The envelope's recipients, in small letters.
    pub to: Vec<String>,
    /// Unix milliseconds.
    pub at: u64,
    pub letter: Letter,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Return>,
    /// The `seq` of the mail that this one returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<u64>,
}

/// Recipients a mail turns out not to reach.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Return {
    pub of: Vec<String>,
    /// When the sender is told, Unix milliseconds.
    pub at: u64,
    pub told: bool,
}

impl Mail {
    /// Whether it turned out not to reach this address by now.
    pub(crate) fn is_returned(&self, address: &str) -> bool {
        let told = self.returned.as_ref().filter(|returned| returned.told);
        told.is_some_and(|returned| returned.of.iter().any(|of| of == address))
    }

    fn bytes(&self) -> usize {
        self.letter.size
    }
}

/// All inboxes.
#[derive(Default)]
pub(crate) struct Mails {
    /// In order of arrival.
    all: VecDeque<Mail>,
    next: u64,
    bytes: usize,
    /// Forgotten since the journal was last rewritten.
    gone: usize,
    inboxes: HashMap<Arc<str>, VecDeque<u64>>,
}

impl Mails {
    pub(crate) fn next_seq(&self) -> u64 {
        self.next
    }

    pub(crate) fn get(&self, seq: u64) -> Option<&Mail> {
        let place = self.all.binary_search_by_key(&seq, |mail| mail.seq).ok()?;
        self.all.get(place)
    }

    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &Mail> {
        self.all.iter()
    }

    /// What an address got, oldest first.
    pub(crate) fn inbox(&self, address: &str) -> impl DoubleEndedIterator<Item = &Mail> {
        self.inboxes.get(address).into_iter().flatten().filter_map(|seq| self.get(*seq))
    }

    /// Every address with its newest mail.
    pub(crate) fn inboxes(&self) -> impl Iterator<Item = (&Arc<str>, &Mail)> {
        let newest = |seqs: &VecDeque<u64>| self.get(*seqs.back()?);
        self.inboxes.iter().filter_map(move |(address, seqs)| Some((address, newest(seqs)?)))
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn insert(&mut self, mail: Mail) {
        self.next = mail.seq + 1;
        self.bytes += mail.bytes();
        if let Some(answered) = mail.answers
            && let Ok(place) = self.all.binary_search_by_key(&answered, |mail| mail.seq)
            && let Some(returned) = &mut self.all[place].returned
        {
            returned.told = true;
        }
        for to in &mail.to {
            self.inboxes.entry(to.as_str().into()).or_default().push_back(mail.seq);
        }
        self.all.push_back(mail);
    }

    fn drop_oldest(&mut self) {
        let Some(oldest) = self.all.pop_front() else { return };
        self.bytes -= oldest.bytes();
        self.gone += oldest.bytes();
        for to in &oldest.to {
            if let Some(seqs) = self.inboxes.get_mut(to.as_str()) {
                seqs.pop_front();
                if seqs.is_empty() {
                    self.inboxes.remove(to.as_str());
                }
            }
        }
    }

    pub(super) fn forget(&mut self) {
        self.all.clear();
        self.inboxes.clear();
        self.bytes = 0;
    }

    pub(super) fn facts(&self) -> impl Iterator<Item = Fact> {
        self.all.iter().map(|mail| Fact::Mail(Box::new(mail.clone())))
    }

    /// What is still to be returned.
    pub(super) fn dues(&self) -> impl Iterator<Item = Due> {
        self.all.iter().filter_map(|mail| {
            let returned = mail.returned.as_ref().filter(|returned| !returned.told)?;
            Some(Due { at: returned.at, what: What::Return { seq: mail.seq }, tries: 0 })
        })
    }
}

impl World {
    /// Forgets the oldest mails beyond what is kept.
    pub(crate) fn trim_mails(&mut self) {
        while self.mails.all.len() > MOST_MAILS || self.mails.bytes > MOST_BYTES {
            self.mails.drop_oldest();
        }
        if self.mails.gone > MOST_BYTES {
            self.mails.gone = 0;
            self.shorten();
        }
    }
}
