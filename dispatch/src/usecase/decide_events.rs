//! Events become decisions, and some of them messages.

use crate::decision::{
    Before, Counter, Decision, Draft, RuleCode, Tally, Told, Verdict, Waiting, counters, together,
};
use crate::error::Result;
use crate::event::{Event, EventStatus};
use crate::id::{BrandId, DecisionId, IdSource, InOrder, MessageId};
use crate::judge::{self, Judgement, Note, Terms};
use crate::late::Watch;
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
    let mut here = Here::default();
    let ids = &InOrder::new(ids);
    let decided: Vec<Decided> = events
        .into_iter()
        .filter_map(|event| decide_one(event, &gathered, &mut here, ids, terms))
        .flatten()
        .collect();
    // Those that somebody else was faster about stay undecided and come again with the next call.
    desk.commit_decisions(&decided).await?;
    Ok(taken)
}

/// What this batch has decided so far.
#[derive(Default)]
struct Here {
    told: HashMap<(BrandId, EventStatus, String), Told>,
    counted: HashMap<(BrandId, String, i64), u32>,
    waiting: HashMap<(BrandId, String, EventStatus), Waiting>,
}

fn decide_one(
    mut event: Event,
    gathered: &Gathered,
    here: &mut Here,
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
    let known = |here: &Here, key: &str| {
        let key = (brand, event.status, key.to_owned());
        gathered.told.get(&key).or_else(|| here.told.get(&key)).copied()
    };
    let told = judge::told(&event, &note.keys, |key| known(here, key));
    let seen = |key: &str, day| {
        let place = (brand, key.to_owned(), day);
        [&gathered.counted, &here.counted].iter().filter_map(|counted| counted.get(&place)).sum()
    };
    let counted = counters(&event, &file.brand, terms.zones, terms.now, seen);
    let meeting = together(&event, &file.brand.timing.merge).map(|key| (brand, key, event.status));
    let waiting = meeting
        .as_ref()
        .and_then(|place| here.waiting.get(place).or_else(|| gathered.waiting.get(place)).copied())
        .filter(|waiting| waiting.until > terms.now);
    let before = Before { told, tally: Tally::of(&counted), waiting };
    let Judgement { decision, others, fallbacks, beside } =
        note.judge(&event, file, gathered, before, terms);
    let joins = waiting.filter(|_| decision.reason == Some(RuleCode::NotJoined));
    let mut told_keys = Vec::new();
    let one_tells = |one: &Decision| Note::tells(&event, one.verdict, one.reason);
    let tells = one_tells(&decision).or_else(|| beside.iter().find_map(one_tells));
    if let Some(status) = tells {
        let keys = judge::told_keys(&event, &note.keys, |key| known(here, key));
        for key in keys {
            let told = Told { event: event.id, at: terms.now };
            here.told.insert((brand, event.status, key.clone()), told);
            told_keys.push((status, key));
        }
    }
    // All of one event's decisions are committed together, under the keys of the first.
    let lookout = Watch::of(&event, &file.brand.timing.late, terms.zones);
    let main = record(&event, decision, fallbacks, ids, terms);
    let mut main = Decided { others, told_keys, lookout, ..main };
    main.joins = joins.map(|waiting| waiting.message);
    if let Some(message) = &main.message {
        for Counter { key, day, .. } in &counted {
            *here.counted.entry((brand, key.clone(), *day)).or_default() += 1;
        }
        main.counted = counted;
        if let Some(place) = meeting.filter(|_| main.decision.verdict == Verdict::Hold) {
            main.gathers = Some(place.1.clone());
            here.waiting.insert(place, Waiting { message: message.id, until: message.due_at });
        }
    }
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
        counted: Vec::new(),
        gathers: None,
        joins: None,
        lookout: None,
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
        good_until: Some(event.occurred_at.plus(terms.stale_after)),
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
