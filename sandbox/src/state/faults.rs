//! Faults on demand: what goes wrong, for whom, how often.

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    /// The answer comes `ms` late, after the message was processed: its receipts may come first.
    Latency,
    /// HTTP 429 with code 130429; nothing is accepted.
    #[serde(rename = "error_429")]
    Error429,
    /// HTTP 500 with code 131000; nothing is accepted.
    #[serde(rename = "error_500")]
    Error500,
    /// An error with `code`; nothing is accepted.
    Error,
    /// The message is accepted, and then its receipt says that it failed with `code`.
    FailedReceipt,
    /// The connection is closed before the message is processed.
    Reset,
    /// The message is processed, then the connection is closed.
    LostAnswer,
    /// Every receipt is told twice, the second time a little later.
    DuplicateReceipt,
    /// Receipts are told `ms` after they happened.
    LateReceipt,
    /// Receipts are told in reverse order.
    ReorderReceipts,
    /// The person hides the number: updates carry a user id and no phone.
    NoPhone,
    /// No mail is taken: connections close before a word, or, for an address, when it is named.
    SmtpDown,
}

/// A way a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Channel {
    WhatsApp,
    Sms,
    Email,
}

/// A fault as asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub id: u64,
    pub kind: FaultKind,
    /// A phone, a phone number id, a sender of SMS, a template's name, a mail address, or `*`.
    #[serde(rename = "match")]
    pub matches: String,
    /// Absent: every channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// How many more messages it hits; absent for ever.
    pub left: Option<u64>,
    pub ms: u64,
    /// Of the two kinds that name an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// How many messages it has hit.
    pub hits: u64,
}

/// What a fault may be matched with.
pub(crate) struct Target<'a> {
    pub channel: Channel,
    /// The phone number id, the SMS's sender, or the envelope's.
    pub number: &'a str,
    /// Digits.
    pub phone: Option<&'a str>,
    pub template: Option<&'a str>,
    pub address: Option<&'a str>,
}

/// Faults in force, in the order they were asked for.
#[derive(Default)]
pub(crate) struct Faults {
    all: Vec<Fault>,
    next: u64,
}

impl Faults {
    pub(crate) fn add(
        &mut self,
        kind: FaultKind,
        matches: &str,
        channel: Option<Channel>,
        count: Option<u64>,
        ms: u64,
        code: Option<u32>,
    ) -> &Fault {
        self.next += 1;
        let matches = matches.to_owned();
        let fault = Fault { id: self.next, kind, matches, channel, left: count, ms, code, hits: 0 };
        self.all.push(fault);
        &self.all[self.all.len() - 1]
    }

    pub(crate) fn all(&self) -> &[Fault] {
        &self.all
    }

    pub(crate) fn clear(&mut self) {
        self.all.clear();
    }

    /// The milliseconds, or the code, of the first fault of this kind that hits; uses up one of its count.
    pub(crate) fn strike(&mut self, kind: FaultKind, target: &Target<'_>) -> Option<u64> {
        let fault =
            self.all.iter_mut().find(|fault| fault.kind == kind && fault.is_in_force(target))?;
        fault.hits += 1;
        fault.left = fault.left.map(|left| left - 1);
        Some(fault.code.map_or(fault.ms, u64::from))
    }
}

impl Fault {
    /// The one channel it is for. Codes are a channel's own: WhatsApp's unless another is named.
    fn channel(&self) -> Option<Channel> {
        self.channel.or(self.code.map(|_| Channel::WhatsApp))
    }

    /// Whether it would hit this now.
    pub(crate) fn is_in_force(&self, target: &Target<'_>) -> bool {
        let matches = self.matches.as_str();
        let phone = matches.strip_prefix('+').unwrap_or(matches);
        self.left != Some(0)
            && self.channel().is_none_or(|channel| channel == target.channel)
            && (matches == "*"
                || matches == target.number
                || target.template == Some(matches)
                || target.address.is_some_and(|address| address.eq_ignore_ascii_case(matches))
                || target.phone == Some(phone))
    }
}
