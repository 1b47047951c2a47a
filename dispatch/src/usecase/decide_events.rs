//! Events become decisions, and some of them messages.

use crate::channel::{Channel, TrackingStatus};
use crate::decision::{Decision, Told};
use crate::error::Result;
use crate::event::{Event, EventStatus};
use crate::id::{BrandId, DecisionId, IdSource, InOrder, MessageId};
use crate::judge::{Note, Terms};
use crate::message::NewMessage;
use crate::port::{BrandFile, Decided, Desk, Gathered};
use std::collections::HashMap;

/// Decides about the oldest events: each gets its decision, and a message where somebody is told.
/// Answers how many events it took.
///
/// # Errors
/// When the store does not answer; nothing is lost then, the same events come again.
pub async fn decide_events(
    desk: &dyn Desk,
    ids: &dyn IdSource,
    terms: Terms<'_>,
    limit: i64,
) -> Result<usize> {
    let events = desk.undecided(limit).await?;
    if events.is_empty() {
        return Ok(0);
    }
    let gathered = desk.gather(&events).await?;
    let taken = events.len();
    let mut told_here = HashMap::new();
    let ids = &InOrder::new(ids);
    let decided: Vec<Decided> = events
        .into_iter()
        .filter_map(|event| decide_one(event, &gathered, &mut told_here, ids, terms))
        .collect();
    // Those that somebody else was faster about stay undecided and come again with the next call.
    desk.commit_decisions(&decided).await?;
    Ok(taken)
}

type ToldHere = HashMap<(BrandId, EventStatus, String), Told>;

fn decide_one(
    mut event: Event,
    gathered: &Gathered,
    told_here: &mut ToldHere,
    ids: &dyn IdSource,
    terms: Terms<'_>,
) -> Option<Decided> {
    let brand = event.brand;
    let file = gathered.brands.get(&brand)?;
    let note = Note::take(
        &mut event,
        |key| gathered.contacts.get(&(brand, key.to_owned())),
        |key| gathered.progress.get(&(brand, key.to_owned())).copied(),
    );
    let told = note.keys.iter().find_map(|key| {
        let key = (brand, event.status, key.clone());
        gathered.told.get(&key).or_else(|| told_here.get(&key)).copied()
    });
    let decision = note.decide(&event, file, gathered, told, terms);
    let mut told_keys = Vec::new();
    if let Some(status) = Note::tells(&event, decision.verdict) {
        for key in note.keys {
            let told = Told { event: event.id, at: terms.now };
            told_here.insert((brand, event.status, key.clone()), told);
            told_keys.push((status, key));
        }
    }
    Some(record(event, decision, told_keys, file, ids, terms))
}

fn record(
    event: Event,
    decision: Decision,
    told_keys: Vec<(TrackingStatus, String)>,
    file: &BrandFile,
    ids: &dyn IdSource,
    terms: Terms<'_>,
) -> Decided {
    let now = terms.now;
    let id = DecisionId::mint(now, ids);
    let message = message(&event, &decision, id, file, ids, terms);
    Decided { event, id, channel: Channel::Whatsapp, decision, at: now, message, told_keys }
}

fn message(
    event: &Event,
    decision: &Decision,
    id: DecisionId,
    file: &BrandFile,
    ids: &dyn IdSource,
    terms: Terms<'_>,
) -> Option<NewMessage> {
    let now = terms.now;
    let draft = decision.draft.as_ref()?;
    Some(NewMessage {
        account: event.account,
        id: MessageId::mint(now, ids),
        decision: id,
        brand: event.brand,
        sender: file.sender.as_ref()?.id,
        channel: Channel::Whatsapp,
        country: event.facts.country?,
        tracking_status: event.status.tracking()?,
        to: draft.to.clone(),
        template: draft.template.clone(),
        template_version: draft.template_version,
        language: draft.language.clone(),
        category: draft.category,
        rendered: draft.rendered.clone(),
        due_at: draft.held_until.unwrap_or(now),
        good_until: draft.held_until.map(|_| event.occurred_at.plus(terms.stale_after)),
        created_at: now,
    })
}
