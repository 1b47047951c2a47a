//! One event judged: what [`decide`] looks at, picked from what is known, and the keys under which its news
//! counts as told.
//!
//! The decider and the dry run both judge here, so they cannot part ways. Where they differ is only where the
//! past comes from: the decider reads it from the store, a [`replay`](crate::forecast) carries it along.

use crate::cascade::{Cascade, StandIn};
use crate::channel::{Channel, TrackingStatus};
use crate::decision::{
    Before, Decision, Draft, Newer, OtherChannel, RuleCode, Situation, Told, Verdict, address,
    decide, is_told,
};
use crate::event::{Event, EventStatus};
use crate::late;
use crate::port::{BrandFile, ChannelFile, Contact, Gathered, Links, Person};
use crate::time::{Date, Timestamp};
use crate::zone::Zones;
use std::borrow::Cow;
use std::collections::HashMap;
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

    /// Decides about the event: on the first channel of the news' chain that can tell it, or why its first cannot.
    /// `before` is what was told before under the keys, and about its order.
    #[must_use]
    pub fn decide(
        &self,
        event: &Event,
        file: &BrandFile,
        people: &Gathered,
        before: Before,
        terms: Terms<'_>,
    ) -> Decision {
        let mut first = None;
        for (_, decision) in self.chain((event, before), file, people, terms) {
            if settles(&decision) {
                return decision;
            }
            first.get_or_insert(decision);
        }
        first.unwrap_or_else(|| {
            self.decide_on(Channel::Whatsapp, (event, before), file, people, terms)
        })
    }

    /// As [`Note::decide`], with everything that follows for the other channels.
    #[must_use]
    pub fn judge(
        &self,
        event: &Event,
        file: &BrandFile,
        people: &Gathered,
        before: Before,
        terms: Terms<'_>,
    ) -> Judgement {
        let mut chain: Vec<_> = self.chain((event, before), file, people, terms).collect();
        let main = chain.iter().position(|(_, decision)| settles(decision)).unwrap_or(0);
        let (_, decision) = chain.remove(main);
        let mut made =
            Judgement { decision, others: Vec::new(), fallbacks: Vec::new(), beside: Vec::new() };
        for (place, (one, mut decision)) in chain.into_iter().enumerate() {
            // What stood before the one that tells it has no part in what follows.
            let after = one.after.filter(|_| place >= main);
            if let Some(draft) = decision.draft.take() {
                made.fallbacks.push((draft, after));
            }
            made.others.push(OtherChannel { after, decision });
        }
        if let Some(cascade) = cascade(event, file) {
            let beside = cascade.beside.iter().filter(|channel| file.is_active(**channel));
            made.beside.extend(
                beside
                    .map(|channel| self.decide_on(*channel, (event, before), file, people, terms)),
            );
        }
        made
    }

    /// The chain's channels with what each comes to, as far as somebody asks for it.
    fn chain<'a>(
        &'a self,
        (event, before): (&'a Event, Before),
        file: &'a BrandFile,
        people: &'a Gathered,
        terms: Terms<'a>,
    ) -> impl Iterator<Item = (StandIn, Decision)> + 'a {
        let cascade = cascade(event, file).unwrap_or(&file.brand.cascades.all);
        let mut over = false;
        cascade
            .chain()
            .enumerate()
            .filter(|(place, one)| *place == 0 || file.is_active(one.channel))
            .map_while(move |(_, one)| {
                if over {
                    return None;
                }
                let decision = self.decide_on(one.channel, (event, before), file, people, terms);
                // Nobody gets round a person's own word by another way.
                over = decision.reason.is_some_and(is_own_word);
                Some((one, decision))
            })
    }

    fn decide_on(
        &self,
        channel: Channel,
        (event, before): (&Event, Before),
        file: &BrandFile,
        people: &Gathered,
        terms: Terms<'_>,
    ) -> Decision {
        let untouched;
        let way = match file.channels.get(&channel) {
            Some(way) => way,
            None => {
                untouched = ChannelFile::untouched(channel);
                &untouched
            }
        };
        let address = address(event, channel).cloned();
        let person: Option<Person> = address.clone().map(|address| (event.brand, channel, address));
        let of =
            |map: &HashMap<Person, Timestamp>| person.as_ref().and_then(|p| map.get(p).copied());
        decide(&Situation {
            event,
            contact_remembered: self.contact_remembered,
            brand: &file.brand,
            plan: file.plan,
            channel: &way.settings,
            sender: way.sender.as_ref(),
            opted_out_at: of(&people.opted_out),
            consent_at: of(&people.consented),
            silenced_at: person.as_ref().and_then(|p| silenced(p, event.status, people)),
            marketing_at: of(&people.marketing),
            before,
            newer: self.newer,
            // About a microsecond: less than looking whether the text that will be chosen asks for it.
            preferences_url: address.map(|address| terms.links.preferences(event.brand, &address)),
            variants: file.variants(event.status),
            now: terms.now,
            stale_after: terms.stale_after,
            zones: terms.zones,
        })
    }

    /// The news that counts as told under each of the keys from now on; none when nobody is told.
    #[must_use]
    pub fn tells(
        event: &Event,
        verdict: Verdict,
        reason: Option<RuleCode>,
    ) -> Option<TrackingStatus> {
        event.status.tracking().filter(|_| is_told(verdict, reason))
    }
}

/// What becomes of an event on every channel that has a part in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// On the channel that tells it, or why the first one does not.
    pub decision: Decision,
    /// What the others of the chain came to.
    pub others: Vec<OtherChannel>,
    /// Who stands in, in order, each with the minutes the one before it has.
    pub fallbacks: Vec<(Draft, Option<u32>)>,
    /// On the channels that tell it beside.
    pub beside: Vec<Decision>,
}

/// The order in which channels are tried for an event's news.
fn cascade<'a>(event: &Event, file: &'a BrandFile) -> Option<&'a Cascade> {
    event.status.tracking().map(|status| file.brand.cascades.of(status))
}

/// Whether the recipient's own word decided.
const fn is_own_word(rule: RuleCode) -> bool {
    matches!(rule, RuleCode::NotOptedOut | RuleCode::StatusWanted)
}

/// Whether the channel settles it: it has something to send, or a message that waits there tells it, too.
fn settles(decision: &Decision) -> bool {
    decision.draft.is_some() || decision.reason == Some(RuleCode::NotJoined)
}

/// What was told before under the names of an event's subject. A day that was missed after the customer had been
/// told of a delay is news again: they were promised another since.
pub fn told(event: &Event, keys: &[String], lookup: impl Fn(&str) -> Option<Told>) -> Option<Told> {
    let Some(day) = late::missed(event) else { return keys.iter().find_map(|key| lookup(key)) };
    let before = |told: &Told| told.at.date() >= day;
    keys.iter().find_map(|key| lookup(&dated(key, day)).or_else(|| lookup(key).filter(before)))
}

/// The names under which an event counts as told from now on.
pub fn told_keys(
    event: &Event,
    keys: &[String],
    lookup: impl Fn(&str) -> Option<Told>,
) -> Vec<String> {
    let Some(day) = late::missed(event) else { return keys.to_vec() };
    let free = keys.iter().filter(|key| lookup(key).is_none()).cloned();
    keys.iter().map(|key| dated(key, day)).chain(free).collect()
}

/// The names under which [`told`] asks.
#[must_use]
pub fn asked_keys(event: &Event, mut keys: Vec<String>) -> Vec<String> {
    if let Some(day) = late::missed(event) {
        let dated: Vec<String> = keys.iter().map(|key| dated(key, day)).collect();
        keys.extend(dated);
    }
    keys
}

fn dated(key: &str, day: Date) -> String {
    format!("{key}@{day}")
}

/// The names under which [`Note::take`] will ask about the event. They may come from the contact: an order's news
/// that names only a parcel learns its order there.
#[must_use]
pub fn subject_keys<'a>(
    event: &Event,
    contact: impl Fn(&str) -> Option<&'a Contact>,
) -> Vec<String> {
    completed(event, contact).subject_keys()
}

/// The event as [`Note::take`] will complete it.
#[must_use]
pub fn completed<'a, 'e>(
    event: &'e Event,
    contact: impl Fn(&str) -> Option<&'a Contact>,
) -> Cow<'e, Event> {
    if names_its_person(event) {
        return Cow::Borrowed(event);
    }
    let mut event = event.clone();
    complete_contact(&mut event, contact);
    Cow::Owned(event)
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
fn silenced(person: &Person, status: EventStatus, people: &Gathered) -> Option<Timestamp> {
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
