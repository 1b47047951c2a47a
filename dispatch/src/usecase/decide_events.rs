//! Events become decisions, and some of them messages.

use crate::decision::{Decision, Draft, Told};
use crate::error::Result;
use crate::event::{Event, EventStatus};
use crate::id::{BrandId, DecisionId, IdSource, InOrder, MessageId};
use crate::judge::{Judgement, Note, Terms};
use crate::message::{Fallback, NewMessage};
use crate::port::{Decided, Desk, Gathered};
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
        .flatten()
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
) -> Option<Vec<Decided>> {
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
    let Judgement { decision, others, fallbacks, beside } =
        note.judge(&event, file, gathered, told, terms);
    let mut told_keys = Vec::new();
    let tells = beside.iter().map(|d| d.verdict).chain([decision.verdict]);
    if let Some(status) = tells.filter_map(|verdict| Note::tells(&event, verdict)).next() {
        for key in note.keys {
            let told = Told { event: event.id, at: terms.now };
            told_here.insert((brand, event.status, key.clone()), told);
            told_keys.push((status, key));
        }
    }
    // All of one event's decisions are committed together, under the keys of the first.
    let main = Decided { others, told_keys, ..record(&event, decision, fallbacks, ids, terms) };
    let beside = beside.into_iter().map(|one| record(&event, one, Vec::new(), ids, terms));
    Some(std::iter::once(main).chain(beside).collect())
}

fn record(
    event: &Event,
    decision: Decision,
    fallbacks: Vec<(Draft, Option<u32>)>,
    ids: &dyn IdSource,
    terms: Terms<'_>,
) -> Decided {
    let id = DecisionId::mint(terms.now, ids);
    let message = message(event, &decision, id, fallbacks, ids, terms);
    Decided {
        event: event.clone(),
        id,
        decision,
        others: Vec::new(),
        at: terms.now,
        message,
        told_keys: Vec::new(),
    }
}

fn message(
    event: &Event,
    decision: &Decision,
    id: DecisionId,
    fallbacks: Vec<(Draft, Option<u32>)>,
    ids: &dyn IdSource,
    terms: Terms<'_>,
) -> Option<NewMessage> {
    let now = terms.now;
    let draft = decision.draft.as_ref()?;
    // Whoever waits for its hour, or may be followed by another channel, is looked at once more then.
    let waits = draft.held_until.is_some() || !fallbacks.is_empty();
    Some(NewMessage {
        account: event.account,
        id: MessageId::mint(now, ids),
        decision: id,
        brand: event.brand,
        sender: draft.sender,
        channel: draft.channel,
        country: event.facts.country?,
        tracking_status: event.status.tracking()?,
        to: draft.to.clone(),
        template: draft.template.clone(),
        template_version: draft.template_version,
        language: draft.language.clone(),
        category: draft.category,
        rendered: draft.rendered.clone(),
        due_at: draft.held_until.unwrap_or(now),
        good_until: waits.then(|| event.occurred_at.plus(terms.stale_after)),
        created_at: now,
        fallbacks: fallbacks.into_iter().map(|(draft, after)| fallback(draft, after)).collect(),
    })
}

fn fallback(draft: Draft, after: Option<u32>) -> Fallback {
    Fallback {
        channel: draft.channel,
        sender: draft.sender,
        to: draft.to,
        template: draft.template,
        template_version: draft.template_version,
        language: draft.language,
        category: draft.category,
        rendered: draft.rendered,
        after,
    }
}
