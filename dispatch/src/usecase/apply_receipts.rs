//! Receipts move messages and, at the first delivered one, charge for them.

use crate::attempt::Consequence;
use crate::channel::Channel;
use crate::error::Result;
use crate::id::{AccountId, ChargeId, IdSource, MessageId, SenderId};
use crate::ledger::{Charge, ChargeKind};
use crate::message::MessageState;
use crate::plan::{Rate, rate_in_force};
use crate::port::{Applied, Leaving, Receipts, Subject};
use crate::receipt::{Effect, Receipt, ReceiptKind, apply};
use crate::stranded::Stranded;
use crate::time::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a receipt whose message is not known yet rests before it is looked at again.
const REST: Duration = Duration::from_secs(5);

/// What a step heard.
#[derive(Debug, Default)]
pub struct Heard {
    /// How many receipts were taken.
    pub taken: usize,
    /// Messages that the provider will not deliver, and why: some say more than about the message.
    pub failed: Vec<Failed>,
}

/// A message that the provider will not deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Whose.
    pub account: AccountId,
    /// From which sender.
    pub sender: SenderId,
    /// On which channel.
    pub channel: Channel,
    /// Which.
    pub message: MessageId,
    /// The provider's code.
    pub code: String,
    /// What follows from it.
    pub follows: Consequence,
    /// When the provider said so.
    pub at: Timestamp,
}

/// What follows from a code of a channel beyond the one message: the provider knows.
pub type Follows<'a> = &'a (dyn Fn(Channel, &str) -> Consequence + Sync);

/// Applies the oldest receipts.
///
/// # Errors
/// When the store does not answer; nothing is lost then, the same receipts come again.
pub async fn apply_receipts(
    store: &dyn Receipts,
    ids: &dyn IdSource,
    follows: Follows<'_>,
    now: Timestamp,
    limit: i64,
) -> Result<Heard> {
    let receipts = store.unapplied(now, limit).await?;
    if receipts.is_empty() {
        return Ok(Heard::default());
    }
    let subjects = store.subjects(&receipts).await?;
    let mut by_message: BTreeMap<MessageId, (Subject, Vec<&Receipt>)> = BTreeMap::new();
    let mut orphans = Vec::new();
    for (receipt, subject) in receipts.iter().zip(subjects) {
        match subject {
            Some(subject) => {
                let attempt = subject.attempt;
                let entry = by_message.entry(subject.standing.message);
                let (first, of_it) = entry.or_insert_with(|| (subject, Vec::new()));
                // Each attempt is settled by its own: those of another come next, on what these have made of it.
                if first.attempt == attempt {
                    of_it.push(receipt);
                }
            }
            None => orphans.push(receipt.id),
        }
    }
    if !orphans.is_empty() {
        store.postpone(&orphans, now, REST).await?;
    }
    if !by_message.is_empty() {
        let rates = store.rates().await?;
        let applied: Vec<Applied> = by_message
            .values()
            .map(|(subject, receipts)| apply_to(subject, receipts, (&rates, follows), ids, now))
            .collect();
        store.commit_receipts(&applied, now).await?;
    }
    let failed = by_message.iter().flat_map(|(message, (subject, receipts))| {
        receipts.iter().filter_map(|receipt| failed((*message, subject.channel), receipt, follows))
    });
    Ok(Heard { taken: receipts.len(), failed: failed.collect() })
}

fn failed(
    (message, channel): (MessageId, Channel),
    receipt: &Receipt,
    follows: Follows<'_>,
) -> Option<Failed> {
    if receipt.kind != ReceiptKind::Failed {
        return None;
    }
    let Receipt { account, sender, occurred_at: at, .. } = *receipt;
    let code = receipt.code.clone()?;
    let follows = follows(channel, &code);
    Some(Failed { account, sender, channel, message, code, follows, at })
}

fn apply_to(
    subject: &Subject,
    receipts: &[&Receipt],
    (rates, follows): (&[Rate], Follows<'_>),
    ids: &dyn IdSource,
    now: Timestamp,
) -> Applied {
    // A channel that another stands in for can only say yet that it has arrived after all.
    let counted: Vec<&Receipt> = receipts
        .iter()
        .copied()
        .filter(|receipt| !subject.left || receipt.kind.state().reached())
        .collect();
    let mut effect = apply(&subject.standing, &counted);
    let first = receipts[0];
    let failed = effect.state == Some(ReceiptKind::Failed.state());
    let code =
        receipts.iter().filter(|r| r.kind == ReceiptKind::Failed).find_map(|r| r.code.clone());
    let follows = code.as_deref().map(|code| follows(subject.channel, code));
    // Whoever said no is not asked on another channel either.
    let is_a_no = follows.is_some_and(Consequence::is_a_no);
    let next = subject.next.as_ref().filter(|_| !subject.left && !is_a_no);
    let arrived = effect.state.is_some_and(MessageState::reached);
    let leaves = match subject.left {
        _ if arrived => Leaving::Arrived,
        false => Leaving::Step(subject.step),
        true => Leaving::No,
    };
    let mut watch = None;
    if let Some(next) = next {
        if failed {
            // It is the provider's word that it had the message; who stands in decides what becomes of it.
            let taken = MessageState::Accepted;
            effect.state = (subject.standing.state.rank() < taken.rank()).then_some(taken);
            watch = Some(now);
        } else if !arrived {
            // Its answer may have been lost: only then is nobody watching it yet, and the earlier moment counts.
            watch =
                next.after.map(|minutes| now.plus(Duration::from_secs(u64::from(minutes) * 60)));
        }
    }
    let has_failed = effect.state == Some(ReceiptKind::Failed.state());
    let failure = code.filter(|_| has_failed);
    let waits = follows.filter(|_| has_failed).and_then(Stranded::after);
    let reversal = came_back(subject, &effect, receipts).then(|| ChargeId::mint(now, ids));
    let charge = effect.charge_at.and_then(|at| charge(subject, first, rates, ids, at, now));
    Applied {
        account: first.account,
        message: subject.standing.message,
        state: effect.state,
        failure,
        waits,
        watch,
        step: subject.step,
        leaves,
        attempt: subject.attempt,
        provider_id: first.provider_id.clone(),
        charge,
        reversal,
        channel: subject.channel,
        receipts: receipts.iter().map(|r| r.id).collect(),
    }
}

/// Whether what is charged was only taken for delivered, and came back after all: there is no receipt for mail, and some
/// servers try for days before they give up (design decision 6).
fn came_back(subject: &Subject, effect: &Effect, receipts: &[&Receipt]) -> bool {
    let is_charged = subject.standing.charged || effect.charge_at.is_some();
    subject.channel == Channel::Email
        && is_charged
        && receipts.iter().any(|receipt| receipt.kind == ReceiptKind::Failed)
}

/// The line for the ledger, priced for the day of the receipt. Without a price there is no line: a
/// channel that has no sale price cannot be activated, so this only happens to a plan that was left.
fn charge(
    subject: &Subject,
    receipt: &Receipt,
    rates: &[Rate],
    ids: &dyn IdSource,
    at: Timestamp,
    now: Timestamp,
) -> Option<Charge> {
    let rate = rate_in_force(rates, subject.company_country, subject.plan, subject.channel, at)?;
    Some(Charge {
        account: receipt.account,
        id: ChargeId::mint(now, ids),
        message: subject.standing.message,
        brand: subject.brand,
        channel: subject.channel,
        country: subject.country,
        kind: ChargeKind::Charge,
        amount: rate.price,
        rate: rate.id.clone(),
        plan: subject.plan,
        charged_at: at,
    })
}
