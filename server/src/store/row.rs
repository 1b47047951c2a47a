//! Rows that two ports need, and how sealed texts and JSON columns are read.

mod facts;

use super::ruling;
use super::value::{Row, Value, args};
use crate::security::seal::Sealer;
use dispatch::attempt::Recheck;
use dispatch::brand::{ChannelSettings, CountryRow, SenderState};
use dispatch::cascade::Cascades;
use dispatch::change::{Cell, Difference, Flip};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::consent::ConsentKind;
use dispatch::decision::{Decision, OtherChannel, RuleCode, RuleOutcome, RuleResult, Saw, Verdict};
use dispatch::error::{Error, Result};
use dispatch::event::{Direction, Event, EventStatus};
use dispatch::id::{AccountId, BrandId, ConnectionId, DeliveryId, EventId, SenderId};
use dispatch::message::Fallback;
use dispatch::port::NewEvent;
use dispatch::quiet::QuietHours;
use dispatch::source::{Proof, Secret, Source};
use dispatch::template::Category;
use dispatch::time::Timestamp;
use dispatch::view::{AccountView, Page, SenderView};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Display;

use facts::FactsColumn;
pub(super) use facts::{contact, contact_json, facts, facts_json};

/// How a connection proves itself, as its column says: `hmac` or `header:<name>`.
pub(super) fn proof(column: &str) -> Proof {
    column.strip_prefix("header:").map_or(Proof::Signature, |name| Proof::Header(name.to_owned()))
}

/// The column for a proof.
pub(super) fn proof_column(proof: &Proof) -> String {
    match proof {
        Proof::Signature => "hmac".to_owned(),
        Proof::Header(name) => format!("header:{name}"),
    }
}

/// What a connection's sealed texts are bound to, so that one row's secret is useless in another.
pub(super) fn seal_context(id: ConnectionId) -> String {
    format!("connection:{id}")
}

/// What a sender's sealed texts are bound to.
pub(super) fn sender_context(id: SenderId) -> String {
    format!("sender:{id}")
}

/// Seals a secret for its place.
pub(super) fn seal(sealer: &Sealer, context: &str, secret: &Secret) -> Result<String> {
    sealer.seal(context, secret).map_err(|_| Error::Corrupt)
}

/// Opens what was sealed for this place.
pub(super) fn unseal(sealer: &Sealer, context: &str, text: &str) -> Result<Secret> {
    sealer.open(context, text).map_err(|error| {
        tracing::error!(context, %error, "sealed text");
        Error::Corrupt
    })
}

/// A connection's accepted keys.
pub(super) fn open_secrets(sealer: &Sealer, id: ConnectionId, column: &str) -> Result<Vec<Secret>> {
    let sealed: Vec<String> = serde_json::from_str(column).map_err(|_| Error::Corrupt)?;
    let context = seal_context(id);
    sealed.iter().map(|text| unseal(sealer, &context, text)).collect()
}

/// The column for a connection's accepted keys.
pub(super) fn seal_secrets(
    sealer: &Sealer,
    id: ConnectionId,
    secrets: &[Secret],
) -> Result<String> {
    let context = seal_context(id);
    let sealed: Vec<String> =
        secrets.iter().map(|secret| seal(sealer, &context, secret)).collect::<Result<_>>()?;
    serde_json::to_string(&sealed).map_err(|_| Error::Corrupt)
}

/// The cells of a new event, in the order of the inbox's statement.
pub(super) fn event_cells(new: &NewEvent) -> Result<Vec<Value>> {
    let e = &new.event;
    Ok(args![
        e.id,
        e.account,
        e.brand,
        e.connection,
        e.delivery,
        e.source,
        e.status,
        new.source_status,
        e.direction,
        e.test,
        e.occurred_at,
        e.received_at,
        e.facts.order_number,
        e.facts.tracking_number,
        e.facts.country,
        e.facts.phone,
        facts_json(&e.facts)?
    ])
}

/// What an attempt keeps of its receipts: `,[kind, occurred, received, code, detail]` each, the last two only of failures.
pub(super) fn heard(column: &str) -> Result<Vec<Vec<serde_json::Value>>> {
    let list = format!("[{}]", column.trim_start_matches(','));
    serde_json::from_str(&list).map_err(|_| Error::Corrupt)
}

/// An event from the columns `account_id, id, brand_id, connection_id, delivery_id, source, status,
/// direction, test, occurred_at, received_at, facts`.
pub(super) fn event(row: &mut Row) -> Result<Event> {
    Ok(Event {
        account: row.read()?,
        id: row.read()?,
        brand: row.read()?,
        connection: row.read()?,
        delivery: row.read()?,
        source: row.read()?,
        status: row.read()?,
        direction: row.read()?,
        test: row.flag()?,
        occurred_at: row.time()?,
        received_at: row.time()?,
        facts: facts(&row.text()?)?,
    })
}

/// An event of one brand as a line of JSON: what [`event`] reads, without the account and the brand.
type EventLine = (
    EventId,
    ConnectionId,
    DeliveryId,
    Source,
    EventStatus,
    Direction,
    i64,
    Timestamp,
    Timestamp,
    FactsColumn,
);

/// Events of one brand, from a JSON array of arrays `[id, connection_id, delivery_id, source, status,
/// direction, test, occurred_at, received_at, facts]`: one cell instead of a dozen for each event.
pub(super) fn event_lines(account: AccountId, brand: BrandId, json: &str) -> Result<Vec<Event>> {
    let lines: Vec<EventLine> = serde_json::from_str(json).map_err(|_| Error::Corrupt)?;
    let event = |line: EventLine| {
        let (id, connection, delivery, source, status, direction, test, occurred, received, facts) =
            line;
        Event {
            account,
            id,
            brand,
            connection,
            delivery,
            source,
            status,
            direction,
            test: test != 0,
            occurred_at: occurred,
            received_at: received,
            facts: facts.into(),
        }
    };
    Ok(lines.into_iter().map(event).collect())
}

/// What the rules of a decision came to, from the columns `record` of its ruling, `rules, others`. Decisions from before
/// there were rulings have all in the latter two.
pub(super) fn rules_and_others(row: &mut Row) -> Result<(Vec<RuleOutcome>, Vec<OtherChannel>)> {
    let (record, column, former) = (row.text_or_none()?, row.text()?, row.text_or_none()?);
    match record {
        Some(record) => ruling::whole(&record, &column),
        None => Ok((rules(&column)?, others(former.as_deref())?)),
    }
}

/// The rules a column holds.
fn rules(column: &str) -> Result<Vec<RuleOutcome>> {
    let column: Vec<(String, String, Saw)> =
        serde_json::from_str(column).map_err(|_| Error::Corrupt)?;
    column
        .into_iter()
        .map(|(code, result, saw)| {
            Ok(RuleOutcome {
                code: code.parse().map_err(|_| Error::Corrupt)?,
                result: result.parse::<RuleResult>().map_err(|_| Error::Corrupt)?,
                saw,
            })
        })
        .collect()
}

/// What other channels came to: channel, minutes, verdict, reason, rules each; none when there are none.
fn others(column: Option<&str>) -> Result<Vec<OtherChannel>> {
    type Column = (Channel, Option<u32>, Verdict, Option<RuleCode>, serde_json::Value);
    let Some(column) = column else { return Ok(Vec::new()) };
    let column: Vec<Column> = serde_json::from_str(column).map_err(|_| Error::Corrupt)?;
    column
        .into_iter()
        .map(|(channel, after, verdict, reason, said)| {
            let rules = rules(&said.to_string())?;
            let decision = Decision { channel, verdict, reason, rules, draft: None };
            Ok(OtherChannel { after, decision })
        })
        .collect()
}

/// The column for who stands in; none when nobody does.
pub(super) fn fallbacks_json(fallbacks: &[Fallback]) -> Result<Option<String>> {
    if fallbacks.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(fallbacks).map(Some).map_err(|_| Error::Corrupt)
}

/// Who stands in next, from the columns `fallbacks, step` of a message.
pub(super) fn next_fallback(row: &mut Row) -> Result<(u32, Option<Fallback>)> {
    let column = row.text_or_none()?;
    let step = row.int()?;
    let place = usize::try_from(step).map_err(|_| Error::Corrupt)?;
    let next = match column {
        None => None,
        Some(column) => {
            let all: Vec<Fallback> = serde_json::from_str(&column).map_err(|_| Error::Corrupt)?;
            all.into_iter().nth(place)
        }
    };
    Ok((u32::try_from(step).map_err(|_| Error::Corrupt)?, next))
}

/// In which order a brand tries channels.
pub(super) fn cascades(row: &mut Row) -> Result<Cascades> {
    match row.text_or_none()? {
        None => Ok(Cascades::default()),
        Some(column) => serde_json::from_str(&column).map_err(|_| Error::Corrupt),
    }
}

/// A change that touched no row was meant for something that is not there.
pub(super) const fn found(touched: u64) -> Result<()> {
    if touched == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// An account from the columns `id, name, company_country, plan, created_at`.
pub(super) fn account_view(row: &mut Row) -> Result<AccountView> {
    Ok(AccountView {
        id: row.read()?,
        name: row.text()?,
        company_country: row.read()?,
        plan: row.read()?,
        created_at: row.time()?,
    })
}

/// Statuses as their column keeps them: words in the order of the matrix's columns.
pub(super) fn statuses_column(statuses: &BTreeSet<TrackingStatus>) -> String {
    statuses.iter().map(|status| status.word()).collect::<Vec<_>>().join(" ")
}

/// The statuses a column holds.
pub(super) fn statuses(column: &str) -> Result<BTreeSet<TrackingStatus>> {
    column.split_ascii_whitespace().map(|word| word.parse().map_err(|_| Error::Corrupt)).collect()
}

/// A minute of the day.
fn minute(row: &mut Row) -> Result<u16> {
    u16::try_from(row.int()?).ok().filter(|minute| *minute < 1440).ok_or(Error::Corrupt)
}

/// Words of ours as their column keeps them, space separated.
pub(super) fn words_column<T: Display>(words: impl IntoIterator<Item = T>) -> String {
    words.into_iter().map(|word| word.to_string()).collect::<Vec<_>>().join(" ")
}

/// A brand's quiet hours, from the columns `quiet_on, quiet_from, quiet_until, quiet_days, quiet_urgent`.
pub(super) fn quiet_hours(row: &mut Row) -> Result<QuietHours> {
    Ok(QuietHours {
        on: row.flag()?,
        from: minute(row)?,
        until: minute(row)?,
        days: row
            .text()?
            .split_ascii_whitespace()
            .map(|word| word.parse().map_err(|_| Error::Corrupt))
            .collect::<Result<_>>()?,
        urgent: statuses(&row.text()?)?,
    })
}

/// A channel of each brand, from the columns `brand_id, state, activated_at, consent_basis, version,
/// country, is_on, statuses`, ordered by brand: a row per country, one without it for a brand that has none.
pub(super) fn settings(
    channel: Channel,
    rows: Vec<Row>,
) -> Result<Vec<(BrandId, ChannelSettings)>> {
    let mut found: Vec<(BrandId, ChannelSettings)> = Vec::new();
    for mut row in rows {
        let brand: BrandId = row.read()?;
        let state = row.read_or_none()?;
        let (activated_at, consent_basis) = (row.time_or_none()?, row.read_or_none()?);
        let version = row.int_or_none()?.unwrap_or(0);
        if found.last().is_none_or(|(last, _)| *last != brand) {
            let mut settings = ChannelSettings::untouched(channel);
            settings.state = state.unwrap_or(settings.state);
            settings.activated_at = activated_at;
            settings.consent_basis = consent_basis;
            settings.version = version;
            found.push((brand, settings));
        }
        let (Some((_, settings)), Some(country)) = (found.last_mut(), row.read_or_none()?) else {
            continue;
        };
        let line = CountryRow { on: row.flag()?, statuses: statuses(&row.text()?)? };
        settings.countries.insert(country, line);
    }
    Ok(found)
}

/// The bound of a page: ids less than this one, or every id (`~` sorts after any).
pub(super) fn before<T: Display>(id: Option<T>) -> String {
    id.map_or_else(|| "~".to_owned(), |id| id.to_string())
}

/// A page of at most `limit` rows, from the rows a statement gave when asked for one more.
pub(super) fn page<T>(mut rows: Vec<T>, limit: i64) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    Page { rows, more }
}

/// A difference as its column keeps it: a list of a word, a place, and what it became.
pub(super) fn difference_column(difference: &Difference) -> String {
    let mut lines = Vec::new();
    if let Some(state) = difference.channel {
        lines.push(json!(["channel", state]));
    }
    if let Some((before, after)) = difference.basis {
        lines.push(json!(["basis", before, after]));
    }
    lines.extend(difference.flips.iter().map(|flip| match flip.cell {
        Cell::Row(country) => json!(["row", country, flip.on]),
        Cell::Switch(country) => json!(["country", country, flip.on]),
        Cell::Status(country, status) => json!(["status", country, status, flip.on]),
    }));
    serde_json::Value::from(lines).to_string()
}

/// The difference of a column. `remove` is how a row that went was noted before `row` existed.
pub(super) fn difference(column: &str) -> Result<Difference> {
    fn part<T: serde::de::DeserializeOwned>(line: &[serde_json::Value], index: usize) -> Result<T> {
        let value = line.get(index).cloned().unwrap_or_default();
        serde_json::from_value(value).map_err(|_| Error::Corrupt)
    }
    let lines: Vec<Vec<serde_json::Value>> =
        serde_json::from_str(column).map_err(|_| Error::Corrupt)?;
    let mut difference = Difference::default();
    for line in lines {
        let word: String = part(&line, 0)?;
        let (cell, on) = match word.as_str() {
            "channel" => {
                difference.channel = Some(part(&line, 1)?);
                continue;
            }
            "basis" => {
                difference.basis = Some((part(&line, 1)?, part(&line, 2)?));
                continue;
            }
            "row" => (Cell::Row(part(&line, 1)?), part(&line, 2)?),
            "remove" => (Cell::Row(part(&line, 1)?), false),
            "country" => (Cell::Switch(part(&line, 1)?), part(&line, 2)?),
            "status" => (Cell::Status(part(&line, 1)?, part(&line, 2)?), part(&line, 3)?),
            _ => return Err(Error::Corrupt),
        };
        difference.flips.push(Flip { cell, on });
    }
    Ok(difference)
}

/// A sender without its credentials, from the five cells after its id's.
pub(super) fn sender_view(id: SenderId, row: &mut Row) -> Result<SenderView> {
    Ok(SenderView {
        id,
        phone_number_id: row.text()?,
        display_number: row.text()?,
        state: row.read()?,
        sandbox: row.flag()?,
    })
}

/// The second look, from what was read: the person's word on news and on advertising, their choice, the message's
/// category and news, the sender's state.
pub(super) fn recheck(row: &mut Row) -> Result<Recheck> {
    let said: Option<ConsentKind> = row.read_or_none()?;
    let advertising: Option<ConsentKind> = row.read_or_none()?;
    let silent = statuses(&row.text_or_none()?.unwrap_or_default())?;
    let category: Category = row.read()?;
    let status: TrackingStatus = row.read()?;
    let sender: Option<SenderState> = row.read_or_none()?;
    let agreed = advertising == Some(ConsentKind::OptIn);
    Ok(if said == Some(ConsentKind::OptOut) {
        Recheck::OptedOut
    } else if silent.contains(&status) {
        Recheck::Unwanted
    } else if category == Category::Marketing && !agreed {
        Recheck::NoMarketing
    } else if sender == Some(SenderState::Ready) {
        Recheck::Passed
    } else {
        Recheck::SenderNotReady
    })
}
