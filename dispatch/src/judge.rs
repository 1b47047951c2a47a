//! One event judged: what [`decide`] looks at, picked from what is known, and the keys under which its news
//! counts as told.
//!
//! The decider and the dry run both judge here, so they cannot part ways. Where they differ is only where the
//! past comes from: the decider reads it from the store, a [`replay`](crate::forecast) carries it along.

use crate::channel::TrackingStatus;
use crate::decision::{Decision, Newer, Situation, Told, Verdict, decide};
use crate::event::{Event, EventStatus};
use crate::id::BrandId;
use crate::port::{BrandFile, Contact, Gathered, Links};
use crate::time::Timestamp;
use crate::zone::Zones;
use std::time::Duration;

/// What decisions depend on besides what is stored.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The moment of the decision.
    pub now: Timestamp,
    /// How old news may be.
    pub stale_after: Duration,
    /// How clocks are set around the world.
    pub zones: &'a dyn Zones,
    /// Makes the links that texts may carry.
    pub links: &'a dyn Links,
}

/// What the past says about an event: settings have no part in it.
#[derive(Debug, Clone)]
pub struct Note {
    /// Whether the contact came from an earlier event of the same order.
    pub contact_remembered: bool,
    /// The names the parcel (or else order) goes by.
    pub keys: Vec<String>,
    /// News that was heard before and is further along.
    pub newer: Option<Newer>,
}

impl Note {
    /// Completes who the event is about and asks how far its parcel is, each by its keys.
    pub fn take<'a>(
        event: &mut Event,
        contact: impl Fn(&str) -> Option<&'a Contact>,
        furthest: impl Fn(&str) -> Option<(Newer, Timestamp)>,
    ) -> Self {
        let contact_remembered = complete_contact(event, contact);
        let keys = event.subject_keys();
        let newer = newer(event, &keys, furthest);
        Self { contact_remembered, keys, newer }
    }

    /// Decides about the event. `told` is what was told before under the keys.
    #[must_use]
    pub fn decide(
        &self,
        event: &Event,
        file: &BrandFile,
        people: &Gathered,
        told: Option<Told>,
        terms: Terms<'_>,
    ) -> Decision {
        let phone = event.facts.phone.clone().map(|phone| (event.brand, phone));
        decide(&Situation {
            event,
            contact_remembered: self.contact_remembered,
            brand: &file.brand,
            plan: file.plan,
            channel: &file.whatsapp,
            sender: file.sender.as_ref(),
            opted_out_at: phone.as_ref().and_then(|p| people.opted_out.get(p).copied()),
            consent_at: phone.as_ref().and_then(|p| people.consented.get(p).copied()),
            silenced_at: phone.as_ref().and_then(|p| silenced(p, event.status, people)),
            marketing_at: phone.as_ref().and_then(|p| people.marketing.get(p).copied()),
            told,
            newer: self.newer,
            // About a microsecond: less than looking whether the text that will be chosen asks for it.
            preferences_url: phone
                .as_ref()
                .map(|(brand, phone)| terms.links.preferences(*brand, phone)),
            variants: file.variants(event.status),
            now: terms.now,
            stale_after: terms.stale_after,
            zones: terms.zones,
        })
    }

    /// The news that counts as told under each of the keys from now on; none when nobody is told.
    #[must_use]
    pub fn tells(event: &Event, verdict: Verdict) -> Option<TrackingStatus> {
        if verdict == Verdict::Skip { None } else { event.status.tracking() }
    }
}

/// The names under which [`Note::take`] will ask about the event. They may come from the contact: an order's news
/// that names only a parcel learns its order there.
#[must_use]
pub fn subject_keys<'a>(
    event: &Event,
    contact: impl Fn(&str) -> Option<&'a Contact>,
) -> Vec<String> {
    if names_its_person(event) {
        return event.subject_keys();
    }
    let mut event = event.clone();
    complete_contact(&mut event, contact);
    event.subject_keys()
}

/// Whether nothing has to be looked up to know who the event is about.
#[must_use]
pub const fn names_its_person(event: &Event) -> bool {
    event.facts.phone.is_some() && event.facts.country.is_some()
}

/// Completes who the event is about from an earlier event of the same order. Answers whether it did.
fn complete_contact<'a>(event: &mut Event, contact: impl Fn(&str) -> Option<&'a Contact>) -> bool {
    if names_its_person(event) {
        return false;
    }
    let keys = event.contact_keys();
    let mut completed = false;
    let facts = &mut event.facts;
    for contact in keys.iter().filter_map(|key| contact(key)) {
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
    people: &Gathered,
) -> Option<Timestamp> {
    let (statuses, since) = people.silenced.get(person)?;
    statuses.contains(&status.tracking()?).then_some(*since)
}

/// News that was heard before this event and is further along: telling the older one would confuse.
fn newer(
    event: &Event,
    keys: &[String],
    furthest: impl Fn(&str) -> Option<(Newer, Timestamp)>,
) -> Option<Newer> {
    keys.iter().find_map(|key| {
        let (newer, heard_at) = furthest(key)?;
        let further = newer.status.is_final() || newer.occurred_at > event.occurred_at;
        (further && heard_at < event.received_at && newer.status != event.status).then_some(newer)
    })
}
