//! What a mailbox's name provokes. The sandbox's own convention.

use super::address::Address;

/// What becomes of mail to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Usual,
    /// Refused when it is named: the answer.
    Refused(&'static str),
    /// Refused when the text is there: the answer.
    Rejected(&'static str),
    /// Accepted, and returned later.
    Returned,
}

impl Script {
    pub(super) fn of(address: &Address) -> Self {
        match address.mailbox().as_str() {
            "bounce" => Self::Refused("550 5.1.1 No such mailbox here"),
            "full" => Self::Refused("452 4.2.2 The mailbox is full, try again later"),
            "spam" => Self::Rejected("554 5.7.1 The message looks like spam"),
            "late-bounce" => Self::Returned,
            _ => Self::Usual,
        }
    }
}
