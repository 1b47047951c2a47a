//! A customer says on their own page what they want to hear.

use super::Ports;
use crate::channel::{Channel, TrackingStatus};
use crate::consent::{ConsentKind, ConsentRecord, ConsentSource, Position, Purpose, channels_of};
use crate::error::Result;
use crate::id::ConsentId;
use crate::time::Timestamp;
use crate::view::{ConsentFilter, FaceView};
use std::collections::BTreeSet;

/// What the person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Nothing more, on any channel.
    StopAll,
    /// Nothing more on this channel.
    Stop(Channel),
    /// The news still, but no advertising on any channel.
    StopAdvertising,
    /// The news on this channel again.
    Resume(Channel),
    /// All news but this. Whoever had stopped everything hears it again.
    Choose(BTreeSet<TrackingStatus>),
    /// As it was before the change that this record began.
    Undo(ConsentId),
}

/// The words on the page, which the ledger keeps.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// The button that was pressed.
    pub text: &'a str,
    /// Version and language.
    pub version: &'a str,
    /// The page, or one click elsewhere.
    pub source: ConsentSource,
}

/// How much of a person's history an undo looks back on.
const HISTORY: i64 = 1_000;

/// Records what the person wants; effective with the commit. Answers the record by which the change
/// can be undone, none when nothing had to change.
///
/// # Errors
/// `Unavailable`.
pub async fn choose_messages(
    ports: &Ports<'_>,
    face: &FaceView,
    address: &str,
    wish: &Wish,
    wording: Wording<'_>,
) -> Result<Option<ConsentId>> {
    let now = ports.now();
    let stands = ports.store.position(face.account, face.brand, address).await?;
    let changes = match wish {
        Wish::StopAll => stop(&stands, channels_of(address)),
        Wish::Stop(channel) => stop(&stands, &[*channel]),
        Wish::StopAdvertising => stop_advertising(&stands, channels_of(address)),
        Wish::Resume(channel) => resume(&stands, &[*channel]),
        Wish::Choose(silent) => choose(&stands, channels_of(address), silent),
        Wish::Undo(change) => {
            let before = before(ports, face, address, *change).await?;
            before.map_or_else(Vec::new, |before| back(&stands, &before, channels_of(address)))
        }
    };
    let records: Vec<ConsentRecord> = changes
        .into_iter()
        .filter(|change| channels_of(address).contains(&change.channel))
        .map(|change| ConsentRecord {
            purpose: change.purpose,
            silent: change.silent,
            text: wording.text.to_owned(),
            text_version: Some(wording.version.to_owned()),
            proof: match wish {
                Wish::Undo(change) => Some(change.to_string()),
                _ => None,
            },
            ..ConsentRecord::new(
                ConsentId::mint(now, ports.ids),
                face.brand,
                change.channel,
                address,
                change.kind,
                wording.source,
                now,
            )
        })
        .collect();
    if records.is_empty() {
        return Ok(None);
    }
    ports.store.record_consents(face.account, &records).await?;
    Ok(records.first().map(|record| record.id))
}

/// One record to be made.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    channel: Channel,
    purpose: Purpose,
    kind: ConsentKind,
    silent: BTreeSet<TrackingStatus>,
}

impl Change {
    const fn word(channel: Channel, purpose: Purpose, kind: ConsentKind) -> Self {
        Self { channel, purpose, kind, silent: BTreeSet::new() }
    }
}

fn stop(stands: &Position, channels: &[Channel]) -> Vec<Change> {
    let mut changes = Vec::new();
    for channel in channels {
        for purpose in Purpose::ALL {
            let said = stands.said.get(&(*channel, *purpose));
            // The shop's note of a no becomes the person's own word.
            if !said.is_some_and(|said| said.kind == ConsentKind::OptOut && said.own) {
                changes.push(Change::word(*channel, *purpose, ConsentKind::OptOut));
            }
        }
    }
    changes
}

fn stop_advertising(stands: &Position, channels: &[Channel]) -> Vec<Change> {
    channels
        .iter()
        .filter(|channel| stands.kind(**channel, Purpose::Marketing) == Some(ConsentKind::OptIn))
        .map(|channel| Change::word(*channel, Purpose::Marketing, ConsentKind::OptOut))
        .collect()
}

fn resume(stands: &Position, channels: &[Channel]) -> Vec<Change> {
    channels
        .iter()
        .filter(|channel| stands.is_stopped(**channel))
        .map(|channel| Change::word(*channel, Purpose::Tracking, ConsentKind::OptIn))
        .collect()
}

fn choose(
    stands: &Position,
    channels: &[Channel],
    silent: &BTreeSet<TrackingStatus>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    if channels.iter().all(|channel| stands.is_stopped(*channel)) {
        changes.extend(resume(stands, channels));
    }
    for channel in channels {
        if stands.silent_on(&[*channel]) != *silent {
            let silent = silent.clone();
            let word = Change::word(*channel, Purpose::Tracking, ConsentKind::Choice);
            changes.push(Change { silent, ..word });
        }
    }
    changes
}

/// Where the person stood before a change of theirs; none when it is no change of theirs.
async fn before(
    ports: &Ports<'_>,
    face: &FaceView,
    address: &str,
    change: ConsentId,
) -> Result<Option<Position>> {
    let filter = ConsentFilter {
        brand: Some(face.brand),
        address: Some(address.to_owned()),
        limit: HISTORY,
        ..ConsentFilter::default()
    };
    let history = ports.store.consents(face.account, &filter).await?.rows;
    let Some(since) = history
        .iter()
        .find(|row| row.record.id == change && row.record.source.is_own())
        .map(|row| row.record.recorded_at)
    else {
        return Ok(None);
    };
    Ok(Some(position_before(history.iter().map(|row| &row.record), since)))
}

fn position_before<'a>(
    history: impl Iterator<Item = &'a ConsentRecord>,
    since: Timestamp,
) -> Position {
    Position::of(history.filter(|record| record.recorded_at < since))
}

/// What leads back. A yes comes back only where there was one; where nothing had been said nothing is.
fn back(stands: &Position, before: &Position, channels: &[Channel]) -> Vec<Change> {
    let mut changes = Vec::new();
    for channel in channels {
        for purpose in Purpose::ALL {
            let (now, was) = (stands.kind(*channel, *purpose), before.kind(*channel, *purpose));
            let kind = match (now, was) {
                (Some(ConsentKind::OptOut), Some(ConsentKind::OptIn)) => ConsentKind::OptIn,
                (Some(ConsentKind::OptIn), Some(ConsentKind::OptOut)) => ConsentKind::OptOut,
                (Some(_), None) => ConsentKind::TakenBack,
                _ => continue,
            };
            changes.push(Change::word(*channel, *purpose, kind));
        }
        let (now, was) = (stands.silent_on(&[*channel]), before.silent_on(&[*channel]));
        if now != was {
            let word = Change::word(*channel, Purpose::Tracking, ConsentKind::Choice);
            changes.push(Change { silent: was, ..word });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::Standpoint;

    const PHONE: &[Channel] = &[Channel::Whatsapp, Channel::Sms];

    fn position(said: &[(Channel, Purpose, ConsentKind)]) -> Position {
        let since = Timestamp::from_seconds(1);
        let mut position = Position::default();
        for (channel, purpose, kind) in said {
            let said = Standpoint { kind: *kind, own: true, since };
            position.said.insert((*channel, *purpose), said);
        }
        position
    }

    #[test]
    fn stopping_ends_every_purpose_once() {
        let nothing = Position::default();
        assert_eq!(stop(&nothing, PHONE).len(), 4);
        let all: Vec<_> = PHONE
            .iter()
            .flat_map(|c| Purpose::ALL.iter().map(move |p| (*c, *p, ConsentKind::OptOut)))
            .collect();
        assert_eq!(stop(&position(&all), PHONE), []);
        assert_eq!(resume(&nothing, PHONE), [], "nothing was stopped");
        assert_eq!(resume(&position(&all), PHONE).len(), 2, "the news, not the advertising");
    }

    #[test]
    fn choosing_revives_only_what_was_stopped_whole() {
        let one = position(&[(Channel::Sms, Purpose::Tracking, ConsentKind::OptOut)]);
        let silent = BTreeSet::from([TrackingStatus::Shipped]);
        let kinds = |changes: Vec<Change>| changes.into_iter().map(|c| c.kind).collect::<Vec<_>>();
        assert_eq!(kinds(choose(&one, PHONE, &silent)), [ConsentKind::Choice; 2]);
        let both = position(&[
            (Channel::Sms, Purpose::Tracking, ConsentKind::OptOut),
            (Channel::Whatsapp, Purpose::Tracking, ConsentKind::OptOut),
        ]);
        assert_eq!(kinds(choose(&both, PHONE, &BTreeSet::new())), [ConsentKind::OptIn; 2]);
    }

    #[test]
    fn undoing_restores_what_was_and_grants_nothing() {
        use ConsentKind::{OptIn, OptOut, TakenBack};
        let stopped = position(&[
            (Channel::Whatsapp, Purpose::Tracking, OptOut),
            (Channel::Whatsapp, Purpose::Marketing, OptOut),
        ]);
        let whatsapp = &[Channel::Whatsapp];
        let nothing = Purpose::ALL.iter().map(|p| Change::word(Channel::Whatsapp, *p, TakenBack));
        let nothing: Vec<_> = nothing.collect();
        assert_eq!(back(&stopped, &Position::default(), whatsapp), nothing);
        let taken_back = position(&[
            (Channel::Whatsapp, Purpose::Tracking, TakenBack),
            (Channel::Whatsapp, Purpose::Marketing, TakenBack),
        ]);
        assert_eq!(back(&stopped, &taken_back, whatsapp), nothing, "taken back is nothing said");
        let agreed = position(&[(Channel::Whatsapp, Purpose::Marketing, OptIn)]);
        assert_eq!(back(&stopped, &agreed, whatsapp).len(), 2);
        assert_eq!(back(&stopped, &stopped, whatsapp), []);
        let resumed = position(&[(Channel::Whatsapp, Purpose::Tracking, OptIn)]);
        let news = Change::word(Channel::Whatsapp, Purpose::Tracking, OptOut);
        assert_eq!(back(&resumed, &stopped, whatsapp), [news]);
    }
}
