//! Receipts: what the provider says later, one by one or a thousand at a time, in any order, twice.

use crate::id::{AccountId, AttemptId, MessageId, ReceiptId, SenderId};
use crate::message::MessageState;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What a receipt says.
    ReceiptKind {
        /// Left the provider.
        Sent = "sent",
        /// On the device.
        Delivered = "delivered",
        /// Opened.
        Read = "read",
        /// Will not arrive.
        Failed = "failed",
    }
}

impl ReceiptKind {
    /// The state a message has at least reached when this receipt is true.
    #[must_use]
    pub const fn state(self) -> MessageState {
        match self {
            Self::Sent => MessageState::Sent,
            Self::Delivered => MessageState::Delivered,
            Self::Read => MessageState::Read,
            Self::Failed => MessageState::Failed,
        }
    }
}

/// One receipt, as the callback stored it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: ReceiptId,
    /// About a message of which sender.
    pub sender: SenderId,
    /// Our attempt, when the provider echoed it.
    pub attempt: Option<AttemptId>,
    /// The provider's id of the message.
    pub provider_id: String,
    /// What it says.
    pub kind: ReceiptKind,
    /// When, by the provider's clock.
    pub occurred_at: Timestamp,
    /// When it was stored, by ours: the moment that decides the charge's month.
    pub received_at: Timestamp,
    /// The provider's error code, for `failed`.
    pub code: Option<String>,
    /// The provider's words about it.
    pub detail: Option<String>,
}

/// What the core must know of a message to apply receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which message.
    pub message: MessageId,
    /// Where it is.
    pub state: MessageState,
    /// Whether it has been charged.
    pub charged: bool,
}

/// What receipts change about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effect {
    /// The new state, if it moves.
    pub state: Option<MessageState>,
    /// The moment of the first delivered or read receipt, if the message is to be charged now.
    pub charge_at: Option<Timestamp>,
}

/// Applies receipts of one message: forward only, any order, repeats harmless. `read` implies
/// delivered (contract §4.1), so either of them charges, once.
#[must_use]
pub fn apply(standing: &Standing, receipts: &[&Receipt]) -> Effect {
    let mut effect = Effect::default();
    let mut rank = standing.state.rank();
    for receipt in receipts {
        let state = receipt.kind.state();
        if state.rank() > rank {
            rank = state.rank();
            effect.state = Some(state);
        }
        if state.reached() && !standing.charged {
            let first =
                effect.charge_at.map_or(receipt.received_at, |at| at.min(receipt.received_at));
            effect.charge_at = Some(first);
        }
    }
    effect
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::IdSource;
    use proptest::prelude::*;

    struct Zero;
    impl IdSource for Zero {
        fn random(&self) -> u128 {
            0
        }
    }

    fn standing(state: MessageState, charged: bool) -> Standing {
        let message = MessageId::mint(Timestamp::from_seconds(0), &Zero);
        Standing { message, state, charged }
    }

    fn receipt(kind: ReceiptKind, at: i64) -> Receipt {
        let now = Timestamp::from_seconds(at);
        Receipt {
            account: AccountId::mint(now, &Zero),
            id: ReceiptId::mint(now, &Zero),
            sender: SenderId::mint(now, &Zero),
            attempt: None,
            provider_id: "w".into(),
            kind,
            occurred_at: now,
            received_at: now,
            code: None,
            detail: None,
        }
    }

    /// The table of the design, word for word: what one receipt makes of a message in each state.
    #[test]
    fn every_state_meets_every_receipt() {
        use MessageState as S;
        // State, then after sent, delivered, read, failed.
        let table = [
            (S::Held, [S::Sent, S::Delivered, S::Read, S::Failed]),
            (S::Queued, [S::Sent, S::Delivered, S::Read, S::Failed]),
            (S::Sending, [S::Sent, S::Delivered, S::Read, S::Failed]),
            (S::Unknown, [S::Sent, S::Delivered, S::Read, S::Failed]),
            (S::Accepted, [S::Sent, S::Delivered, S::Read, S::Failed]),
            (S::Sent, [S::Sent, S::Delivered, S::Read, S::Failed]),
            (S::Delivered, [S::Delivered, S::Delivered, S::Read, S::Delivered]),
            (S::Read, [S::Read, S::Read, S::Read, S::Read]),
            (S::Failed, [S::Failed, S::Delivered, S::Read, S::Failed]),
            // Withdrawn, and yet the provider had it: what it says is the truth.
            (S::Cancelled, [S::Cancelled, S::Delivered, S::Read, S::Failed]),
        ];
        assert_eq!(table.len(), MessageState::ALL.len());
        let kinds =
            [ReceiptKind::Sent, ReceiptKind::Delivered, ReceiptKind::Read, ReceiptKind::Failed];
        for (state, after) in table {
            for (kind, expected) in kinds.into_iter().zip(after) {
                for charged in [false, true] {
                    let effect = apply(&standing(state, charged), &[&receipt(kind, 7)]);
                    assert_eq!(effect.state.unwrap_or(state), expected, "{state} {kind}");
                    let pays =
                        !charged && matches!(kind, ReceiptKind::Delivered | ReceiptKind::Read);
                    let moment = pays.then(|| Timestamp::from_seconds(7));
                    assert_eq!(effect.charge_at, moment, "{state} {kind} {charged}");
                }
            }
        }
    }

    /// Every set of up to four receipts, from every state: as if they had come one by one.
    #[test]
    fn all_at_once_is_as_one_by_one() {
        let kinds = ReceiptKind::ALL.len();
        for state in MessageState::ALL {
            for charged in [false, true] {
                for code in 0..kinds.pow(4) * 5 {
                    let (length, mut rest) = (code % 5, code / 5);
                    let mut receipts = Vec::new();
                    for second in 0..length {
                        let second = i64::try_from(second).expect("small");
                        receipts.push(receipt(ReceiptKind::ALL[rest % kinds], second));
                        rest /= kinds;
                    }
                    let all: Vec<&Receipt> = receipts.iter().collect();
                    let at_once = apply(&standing(*state, charged), &all);
                    let (mut one_by_one, mut charge) = (standing(*state, charged), None);
                    for receipt in all {
                        let effect = apply(&one_by_one, &[receipt]);
                        one_by_one.state = effect.state.unwrap_or(one_by_one.state);
                        one_by_one.charged |= effect.charge_at.is_some();
                        charge = charge.or(effect.charge_at);
                    }
                    assert_eq!(at_once.state.unwrap_or(*state), one_by_one.state);
                    assert_eq!(at_once.charge_at, charge);
                }
            }
        }
    }

    proptest! {
        /// The same receipts in any order, in any split, end in the same state and charge once.
        #[test]
        fn order_and_repeats_do_not_matter(kinds in prop::collection::vec(0usize..4, 1..12), split in 0usize..12) {
            let receipts: Vec<_> = kinds.iter().enumerate()
                .map(|(i, k)| receipt(ReceiptKind::ALL[*k], i64::try_from(i).expect("small")))
                .collect();
            let start = Standing {
                message: MessageId::mint(Timestamp::from_seconds(0), &Zero),
                state: MessageState::Accepted,
                charged: false,
            };
            let run = |batches: &[&[Receipt]]| {
                let mut standing = start;
                let mut charges = 0;
                for batch in batches {
                    let effect = apply(&standing, &batch.iter().collect::<Vec<_>>());
                    standing.state = effect.state.unwrap_or(standing.state);
                    if effect.charge_at.is_some() {
                        charges += 1;
                        standing.charged = true;
                    }
                }
                (standing.state, charges)
            };
            let (one, two) = receipts.split_at(split.min(receipts.len()));
            let mut reversed = receipts.clone();
            reversed.reverse();
            let whole = run(&[&receipts]);
            prop_assert_eq!(whole, run(&[one, two]));
            prop_assert_eq!(whole, run(&[&reversed]));
            prop_assert_eq!(whole, run(&[&receipts, &receipts]));
            let reached = kinds.iter().any(|k| matches!(ReceiptKind::ALL[*k], ReceiptKind::Delivered | ReceiptKind::Read));
            prop_assert_eq!(whole.1, usize::from(reached));
            prop_assert_eq!(whole.0.reached(), reached);
        }
    }
}
