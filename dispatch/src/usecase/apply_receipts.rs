//! Receipts move messages and, at the first delivered one, charge for them.

use crate::error::Result;
use crate::id::{AccountId, ChargeId, IdSource, MessageId, SenderId};
use crate::ledger::{Charge, ChargeKind};
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
            Some(subject) => by_message
                .entry(subject.standing.message)
                .or_insert_with(|| (subject, Vec::new()))
                .1
                .push(receipt),
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
    let failed = by_message.iter().flat_map(|(message, (_, receipts))| {
        receipts.iter().filter_map(|receipt| failed(*message, receipt))
    });
    Ok(Heard { taken: receipts.len(), failed: failed.collect() })
}

fn failed(message: MessageId, receipt: &Receipt) -> Option<Failed> {
    if receipt.kind != ReceiptKind::Failed {
        return None;
    }
    let Receipt { account, sender, occurred_at: at, .. } = *receipt;
    Some(Failed { account, sender, message, code: receipt.code.clone()?, at })
}

fn apply_to(
    subject: &Subject,
    receipts: &[&Receipt],
    rates: &[Rate],
    ids: &dyn IdSource,
    now: Timestamp,
) -> Applied {
    let effect = apply(&subject.standing, receipts);
    let first = receipts[0];
    let failure = receipts
        .iter()
        .filter(|r| r.kind == ReceiptKind::Failed)
        .find_map(|r| r.code.clone())
        .filter(|_| effect.state == Some(ReceiptKind::Failed.state()));
    let charge = effect.charge_at.and_then(|at| charge(subject, first, rates, ids, at, now));
    Applied {
        account: first.account,
        message: subject.standing.message,
        state: effect.state,
        failure,
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
