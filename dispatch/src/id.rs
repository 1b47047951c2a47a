//! One type per id: a visible prefix, then 26 characters that sort by the moment of minting.
//!
//! The value is 48 bits of milliseconds and 80 random bits (the ULID layout), written in Crockford's
//! base 32. Sorting by text is sorting by time, so lists page by id.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU16, Ordering};

/// Where the random part of an id comes from. Production uses the system's generator, tests count.
pub trait IdSource: Send + Sync {
    /// 80 bits nobody can guess, in the low bits.
    fn random(&self) -> u128;
}

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// The value of each byte as a digit.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value: u8 = 0;
    while value < 32 {
        digits[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    digits
};
const NO_DIGIT: u8 = u8::MAX;
const RANDOM_BITS: u32 = 80;
const RANDOM_MASK: u128 = (1 << RANDOM_BITS) - 1;

/// A text that is not an id of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct NotAnId;

fn mint(now: Timestamp, source: &dyn IdSource) -> u128 {
    let millis = u128::try_from(now.micros().max(0) / 1000).unwrap_or(0);
    (millis << RANDOM_BITS) | (source.random() & RANDOM_MASK)
}

/// Draws nothing: the bits of the least id.
struct Least;

impl IdSource for Least {
    fn random(&self) -> u128 {
        0
    }
}

/// Gives a batch ids that sort as they were minted although they share a moment: sixteen of the random
/// bits count. What one parcel had to say thus keeps its order through every stage and list.
pub struct InOrder<'a> {
    source: &'a dyn IdSource,
    next: AtomicU16,
}

impl<'a> InOrder<'a> {
    /// For one batch, of at most 65,536 ids a millisecond.
    #[must_use]
    pub const fn new(source: &'a dyn IdSource) -> Self {
        Self { source, next: AtomicU16::new(0) }
    }
}

impl IdSource for InOrder<'_> {
    fn random(&self) -> u128 {
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        (u128::from(count) << 64) | (self.source.random() & u128::from(u64::MAX))
    }
}

fn write_base32(value: u128, out: &mut String) {
    for i in (0..26).rev() {
        let index = usize::try_from((value >> (i * 5)) & 31).unwrap_or(0);
        out.push(char::from(ALPHABET[index]));
    }
}

fn read_base32(text: &str) -> Option<u128> {
    if text.len() != 26 {
        return None;
    }
    text.bytes().try_fold(0u128, |value, byte| {
        let digit = DIGITS[usize::from(byte)];
        if digit == NO_DIGIT {
            return None;
        }
        value.checked_mul(32)?.checked_add(u128::from(digit))
    })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(u128);

        impl $name {
            /// The text before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// The id as bytes, without its prefix.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; 16] {
                self.0.to_be_bytes()
            }

            /// The id of these bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(u128::from_be_bytes(bytes))
            }

            /// A new id of this moment.
            #[must_use]
            pub fn mint(now: Timestamp, source: &dyn IdSource) -> Self {
                Self(mint(now, source))
            }

            /// The least id of a moment: what was minted from then on is this one or after it.
            #[must_use]
            pub fn least(at: Timestamp) -> Self {
                Self(mint(at, &Least))
            }

            /// The id right after, where the next page begins.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }

            /// The moment of minting, to the millisecond.
            #[must_use]
            pub fn minted_at(self) -> Timestamp {
                Timestamp::from_micros(i64::try_from(self.0 >> RANDOM_BITS).unwrap_or(0) * 1000)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut text = String::with_capacity($prefix.len() + 27);
                text.push_str($prefix);
                text.push('_');
                write_base32(self.0, &mut text);
                f.write_str(&text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.strip_prefix($prefix)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .and_then(read_base32)
                    .map(Self)
                    .ok_or(NotAnId)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String { id.to_string() }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> { text.parse() }
        }
    )*};
}

ids! {
    /// The tenant.
    AccountId = "acc";
    /// A person who signs in.
    UserId = "usr";
    /// An invitation to an account.
    InvitationId = "ivt";
    /// A brand of an account.
    BrandId = "brd";
    /// A WhatsApp number (or another channel's origin) messages leave from.
    SenderId = "snd";
    /// One configured event source.
    ConnectionId = "con";
    /// A key for the REST API.
    ApiKeyId = "key";
    /// One raw inbound webhook.
    DeliveryId = "dlv";
    /// What happened, normalised.
    EventId = "evt";
    /// What was decided about an event.
    DecisionId = "dec";
    /// One notification to one recipient.
    MessageId = "msg";
    /// One try on one channel.
    AttemptId = "att";
    /// What the provider said later.
    ReceiptId = "rcp";
    /// A record in the consent ledger.
    ConsentId = "cst";
    /// What somebody agreed to on a sign-up page and has not confirmed yet.
    JoinId = "joi";
    /// A merchant's acceptance of prices and consent terms.
    AcceptanceId = "acp";
    /// A line of the ledger.
    ChargeId = "chg";
    /// A month's bill.
    InvoiceId = "inv";
    /// A line of a bill.
    InvoiceLineId = "inl";
    /// A request to send messages again.
    ReplayId = "rpl";
    /// A recorded change of settings.
    ChangeId = "chn";
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u128);
    impl IdSource for Fixed {
        fn random(&self) -> u128 {
            self.0
        }
    }

    #[test]
    fn an_id_reads_back_from_its_text_and_only_under_its_own_prefix() {
        let id = MessageId::mint(Timestamp::from_micros(1_763_640_000_000_000), &Fixed(u128::MAX));
        let text = id.to_string();
        assert_eq!(text.parse::<MessageId>(), Ok(id));
        assert_eq!(text.parse::<EventId>(), Err(NotAnId));
        assert_eq!("msg_".parse::<MessageId>(), Err(NotAnId));
        assert_eq!("msg_ZZZZZZZZZZZZZZZZZZZZZZZZZZ".parse::<MessageId>(), Err(NotAnId));
    }

    #[test]
    fn a_batch_sorts_as_it_was_minted() {
        struct Falling(AtomicU16);
        impl IdSource for Falling {
            fn random(&self) -> u128 {
                u128::MAX - u128::from(self.0.fetch_add(1, Ordering::Relaxed))
            }
        }
        let source = Falling(AtomicU16::new(0));
        let batch = InOrder::new(&source);
        let now = Timestamp::from_micros(1_000_000);
        let ids: Vec<EventId> = (0..1000).map(|_| EventId::mint(now, &batch)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(ids.iter().all(|id| id.minted_at() == now));
    }

    #[test]
    fn texts_sort_by_time() {
        let early = EventId::mint(Timestamp::from_micros(1_000_000), &Fixed(u128::MAX)).to_string();
        let late = EventId::mint(Timestamp::from_micros(2_000_000), &Fixed(0)).to_string();
        assert!(early < late);
    }
}
