//! Events become decisions, and some of them messages.

use crate::channel::{Channel, TrackingStatus};
use crate::decision::{Decision, Newer, Situation, Told, Verdict, decide};
use crate::error::Result;
use crate::event::{Event, EventStatus};
use crate::id::{BrandId, DecisionId, IdSource, MessageId};
use crate::message::NewMessage;
use crate::port::{BrandFile, Contact, Decided, Desk, Gathered, Links};
use crate::time::Timestamp;
use crate::zone::Zones;
use std::collections::HashMap;
use std::time::Duration;

/// What decisions depend on besides what is stored.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The present moment.
    pub now: Timestamp,
    /// How old news may be.
    pub stale_after: Duration,
    /// How clocks are set around the world.
    pub zones: &'a dyn Zones,
    /// Makes the links that texts may carry.
    pub links: &'a dyn Links,
}

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
    let file = gathered.brands.get(&event.brand)?;
    let contact_remembered = complete_contact(&mut event, gathered);
    let keys = event.subject_keys();
    let decision = {
        let phone = event.facts.phone.clone().map(|phone| (event.brand, phone));
        let told = keys.iter().find_map(|key| {
            let key = (event.brand, event.status, key.clone());
            gathered.told.get(&key).or_else(|| told_here.get(&key)).copied()
        });
        decide(&Situation {
            event: &event,
            contact_remembered,
            brand: &file.brand,
            plan: file.plan,
            channel: &file.whatsapp,
            sender: file.sender.as_ref(),
            opted_out_at: phone.as_ref().and_then(|p| gathered.opted_out.get(p).copied()),
            consent_at: phone.as_ref().and_then(|p| gathered.consented.get(p).copied()),
            silenced_at: phone.as_ref().and_then(|p| silenced(p, event.status, gathered)),
            marketing_at: phone.as_ref().and_then(|p| gathered.marketing.get(p).copied()),
            told,
            newer: newer(&event, &keys, gathered),
            // About a microsecond: less than looking whether the text that will be chosen asks for it.
            preferences_url: phone
                .as_ref()
                .map(|(brand, phone)| terms.links.preferences(*brand, phone)),
            variants: file.variants(event.status),
            now: terms.now,
            stale_after: terms.stale_after,
            zones: terms.zones,
        })
    };
    let mut told_keys = Vec::new();
    if decision.verdict != Verdict::Skip
        && let Some(status) = event.status.tracking()
    {
        for key in keys {
            let told = Told { event: event.id, at: terms.now };
            told_here.insert((event.brand, event.status, key.clone()), told);
            told_keys.push((status, key));
        }
    }
    Some(record(event, decision, told_keys, file, ids, terms))
}

/// Completes who the event is about from an earlier event of the same order. Answers whether it did.
fn complete_contact(event: &mut Event, gathered: &Gathered) -> bool {
    if event.facts.phone.is_some() && event.facts.country.is_some() {
        return false;
    }
    let found: Vec<&Contact> = event
        .contact_keys()
        .into_iter()
        .filter_map(|key| gathered.contacts.get(&(event.brand, key)))
        .collect();
    let mut completed = false;
    let facts = &mut event.facts;
    for contact in found {
        if facts.phone.is_none() && contact.phone.is_some() {
            facts.phone.clone_from(&contact.phone);
            facts.phone_raw.clone_from(&contact.phone_raw);
            completed = true;
        }
        for (mine, theirs) in [
            (&mut facts.name, &contact.name),
            (&mut facts.email, &contact.email),
            (&mut facts.order_number, &contact.order_number),
        ] {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        }
        facts.country = facts.country.or(contact.country);
        if facts.locale.is_none() {
            facts.locale.clone_from(&contact.locale);
        }
    }
    completed
}

/// Since when the person does not want this news.
fn silenced(
    person: &(BrandId, String),
    status: EventStatus,
    gathered: &Gathered,
) -> Option<Timestamp> {
    let (statuses, since) = gathered.silenced.get(person)?;
    statuses.contains(&status.tracking()?).then_some(*since)
}

/// News that was heard before this event and is further along: telling the older one would confuse.
fn newer(event: &Event, keys: &[String], gathered: &Gathered) -> Option<Newer> {
    keys.iter().find_map(|key| {
        let (newer, heard_at) = gathered.progress.get(&(event.brand, key.clone()))?;
        let further = newer.status.is_final() || newer.occurred_at > event.occurred_at;
        (further && *heard_at < event.received_at && newer.status != event.status).then_some(*newer)
    })
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
