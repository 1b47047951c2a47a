//! Receipts move messages and, at the first delivered one, charge for them.

use crate::channel::Channel;
use crate::error::Result;
use crate::id::{AccountId, ChargeId, IdSource, MessageId, SenderId};
use crate::ledger::{Charge, ChargeKind};
use crate::message::MessageState;
use crate::plan::{Rate, rate_in_force};
use crate::port::{Applied, Receipts, Subject};
use crate::receipt::{Receipt, ReceiptKind, apply};
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
    /// When the provider said so.
    pub at: Timestamp,
}

/// Applies the oldest receipts.
///
/// # Errors
/// When the store does not answer; nothing is lost then, the same receipts come again.
pub async fn apply_receipts(
    store: &dyn Receipts,
    ids: &dyn IdSource,
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
            .map(|(subject, receipts)| apply_to(subject, receipts, &rates, ids, now))
            .collect();
        store.commit_receipts(&applied, now).await?;
    }
    let failed = by_message.iter().flat_map(|(message, (subject, receipts))| {
        receipts.iter().filter_map(|receipt| failed((*message, subject.channel), receipt))
    });
    Ok(Heard { taken: receipts.len(), failed: failed.collect() })
}

fn failed((message, channel): (MessageId, Channel), receipt: &Receipt) -> Option<Failed> {
    if receipt.kind != ReceiptKind::Failed {
        return None;
    }
    let Receipt { account, sender, occurred_at: at, .. } = *receipt;
    Some(Failed { account, sender, channel, message, code: receipt.code.clone()?, at })
}

fn apply_to(
    subject: &Subject,
    receipts: &[&Receipt],
    rates: &[Rate],
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
    let next = subject.next.as_ref().filter(|_| !subject.left);
    let leaves = !subject.left || effect.state.is_some();
    let mut watch = None;
    if let Some(next) = next {
        if failed {
            effect.state = None;
            watch = Some(now);
        } else if !effect.state.is_some_and(MessageState::reached) {
            // Its answer may have been lost: only then is nobody watching it yet, and the earlier moment counts.
            watch =
                next.after.map(|minutes| now.plus(Duration::from_secs(u64::from(minutes) * 60)));
        }
    }
    let failure = receipts
        .iter()
        .filter(|r| r.kind == ReceiptKind::Failed)
        .find_map(|r| r.code.clone())
        .filter(|_| failed && effect.state.is_some());
    let charge = effect.charge_at.and_then(|at| charge(subject, first, rates, ids, at, now));
    Applied {
        account: first.account,
        message: subject.standing.message,
        state: effect.state,
        failure,
        watch,
        step: subject.step,
        leaves,
        attempt: subject.attempt,
        provider_id: first.provider_id.clone(),
        charge,
        receipts: receipts.iter().map(|r| r.id).collect(),
    }
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
