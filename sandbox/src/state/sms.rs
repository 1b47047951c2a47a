//! What is known of the SMS API: accounts with their tokens, senders, and who said STOP.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{
    draw::{self, Draws, Of},
    journal::Fact,
    message::{Message, Side},
    queue::Due,
    world::World,
};

/// What an SMS has that a WhatsApp message has not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sms {
    /// `AC…`
    pub account: Arc<str>,
    /// `MG…`, when it was sent by a messaging service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Where what happens to it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    pub segments: u32,
    /// What the provider makes of a keyword: `STOP`, `START` or `HELP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyword: Option<Keyword>,
}

/// A word a carrier acts upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Keyword {
    Stop,
    Start,
    Help,
}

impl Keyword {
    /// The word alone counts, in any case; the lists are Twilio's for numbers of any country.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let word = text.trim().to_ascii_uppercase();
        match word.as_str() {
            "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" | "OPTOUT"
            | "REVOKE" => Some(Self::Stop),
            "START" | "YES" | "UNSTOP" => Some(Self::Start),
            "HELP" | "INFO" => Some(Self::Help),
            _ => None,
        }
    }

    /// Whether it ends messages (true) or allows them again; `None` when it does neither.
    pub(crate) fn stops(self) -> Option<bool> {
        match self {
            Self::Stop => Some(true),
            Self::Start => Some(false),
            Self::Help => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "STOP",
            Self::Start => "START",
            Self::Help => "HELP",
        }
    }
}

/// A number or a name SMS come from.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Sender {
    /// Where answers are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms_url: Option<String>,
    /// As the phone's address book has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// One account.
#[derive(Default)]
pub(crate) struct Account {
    /// The token it was last used with; it signs the callbacks.
    pub token: String,
    /// Updates whose time has come.
    pub ready: VecDeque<Due>,
    /// Messages with a POST under way: a message's steps leave one after the other.
    pub flying: HashSet<u64>,
}

/// The SMS side of the world.
#[derive(Default)]
pub(crate) struct SmsWorld {
    pub(crate) accounts: HashMap<Arc<str>, Account>,
    /// By account and sender.
    senders: HashMap<(Arc<str>, Arc<str>), Sender>,
    /// Account, sender and phone of who said STOP.
    stopped: HashSet<(Arc<str>, Arc<str>, Arc<str>)>,
    /// `seq` by sid.
    sids: HashMap<String, u64>,
}

impl SmsWorld {
    pub(super) fn account_mut(&mut self, account: &str) -> &mut Account {
        self.accounts.entry(account.into()).or_default()
    }

    pub(super) fn put_sender(&mut self, account: &str, sender: &str, about: Sender) {
        self.senders.insert((account.into(), sender.into()), about);
    }

    pub(crate) fn sender(&self, account: &str, sender: &str) -> Option<&Sender> {
        self.senders.get(&(account.into(), sender.into()))
    }

    /// Senders of one account, or of all.
    pub(crate) fn senders(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>, &Sender)> {
        self.senders.iter().map(|((account, sender), about)| (account, sender, about))
    }

    pub(super) fn opt_out(&mut self, account: &str, sender: &str, phone: &str, out: bool) {
        let who = (account.into(), sender.into(), phone.into());
        if out {
            self.stopped.insert(who);
        } else {
            self.stopped.remove(&who);
        }
    }

    pub(crate) fn has_stopped(&self, account: &str, sender: &str, phone: &str) -> bool {
        self.stopped.contains(&(account.into(), sender.into(), phone.into()))
    }

    pub(super) fn index(&mut self, sid: &str, seq: u64) {
        self.sids.insert(sid.to_owned(), seq);
    }

    pub(super) fn unindex(&mut self, sid: &str) {
        self.sids.remove(sid);
    }

    /// Updates whose time has come and that no callback accepted yet.
    pub(super) fn waiting(&self) -> usize {
        self.accounts.values().map(|account| account.ready.len()).sum()
    }

    pub(super) fn forget(&mut self) {
        self.stopped.clear();
        self.sids.clear();
        for account in self.accounts.values_mut() {
            account.ready.clear();
        }
    }

    pub(super) fn facts(&self) -> impl Iterator<Item = Fact> {
        let accounts = self.accounts.iter().map(|(account, known)| Fact::SmsAccount {
            account: account.to_string(),
            token: known.token.clone(),
        });
        let senders = self.senders.iter().map(|((account, sender), about)| Fact::SmsSender {
            account: account.to_string(),
            sender: sender.to_string(),
            about: about.clone(),
        });
        let stopped = self.stopped.iter().map(|(account, sender, phone)| Fact::SmsOptOut {
            account: account.to_string(),
            sender: sender.to_string(),
            phone: phone.to_string(),
            out: true,
        });
        accounts.chain(senders).chain(stopped)
    }
}

impl World {
    pub(crate) fn sms_account_mut(&mut self, account: &str) -> &mut Account {
        self.sms.account_mut(account)
    }

    /// The account is used with this token: it is the primary one from now on.
    pub(crate) fn sms_account(&mut self, account: &str, token: &str) {
        if self.sms.accounts.get(account).is_none_or(|known| known.token != token) {
            let (account, token) = (account.to_owned(), token.to_owned());
            self.record(Fact::SmsAccount { account, token });
        }
    }

    /// Keeps what is said of a sender; what is not said stays.
    pub(crate) fn set_sms_sender(&mut self, account: &str, sender: &str, said: Sender) -> Sender {
        let known = self.sms.sender(account, sender);
        let about = Sender {
            sms_url: said.sms_url.or_else(|| known.and_then(|known| known.sms_url.clone())),
            name: said.name.or_else(|| known.and_then(|known| known.name.clone())),
        };
        self.record(Fact::SmsSender {
            account: account.to_owned(),
            sender: sender.to_owned(),
            about: about.clone(),
        });
        about
    }

    /// The SMS with this sid, when it is this account's.
    pub(crate) fn sms_message(&self, account: &str, sid: &str) -> Option<&Message> {
        let message = self.message(*self.sms.sids.get(sid)?)?;
        message.sms.as_ref().is_some_and(|sms| &*sms.account == account).then_some(message)
    }

    /// The newest SMS this sender sent to this phone.
    pub(crate) fn last_sms(&self, sender: &str, phone: &str) -> Option<&Message> {
        let mut all = self.on_phone(phone).rev();
        all.find(|one| one.is_sms() && one.side == Side::Business && &*one.number == sender)
    }

    /// Whom this phone wrote or got SMS from, latest first: account and sender. A phone knows
    /// senders only; the account is that of the newest message.
    pub(crate) fn sms_threads(&self, phone: &str) -> Vec<(Arc<str>, Arc<str>)> {
        let mut threads: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        for message in self.on_phone(phone).rev() {
            let Some(sms) = &message.sms else { continue };
            if !threads.iter().any(|(_, sender)| *sender == message.number) {
                threads.push((sms.account.clone(), message.number.clone()));
            }
        }
        threads
    }
}

/// What draws of an SMS hang on. Equal texts to one phone may be told apart by nothing.
pub(crate) fn key(sender: &str, phone: &str, body: &str) -> String {
    format!("sms:{sender}>{phone}:{:016x}", draw::digest(body))
}

/// A sid as Twilio's: two letters and 32 hexadecimal digits.
pub(crate) fn sid(prefix: &str, draws: &Draws<'_>) -> String {
    format!("{prefix}{:016x}{:016x}", draws.number(Of::IdHead), draws.number(Of::IdTail))
}

/// Whether this is a sid with these letters.
pub(crate) fn is_sid(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_stands_alone() {
        assert_eq!(Keyword::read(" stop\n"), Some(Keyword::Stop));
        assert_eq!(Keyword::read("Unstop"), Some(Keyword::Start));
        assert_eq!(Keyword::read("please stop"), None);
        // The product's to understand, not the carrier's.
        assert_eq!(Keyword::read("ARRÊT"), None);
    }

    #[test]
    fn sids_look_like_twilios() {
        let sid = sid("SM", &Draws::new(1, "k", 0));
        assert!(is_sid("SM", &sid), "{sid}");
        assert!(!is_sid("MG", &sid));
        assert!(!is_sid("AC", "AC0123"));
        assert!(!is_sid("AC", &format!("AC{}", "g".repeat(32))));
    }
}
