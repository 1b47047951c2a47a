//! `GET /control/messages`: what phones received.

use axum::{
    Json,
    extract::{Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::Refusal;
use crate::state::{
    Sandbox,
    faults::Channel,
    identity,
    message::{Kind, Message, Side},
    now,
};

#[derive(Deserialize)]
pub(super) struct Asked {
    /// A phone, with or without plus.
    to: Option<String>,
    /// Only the newest.
    limit: Option<usize>,
    /// Only this one.
    channel: Option<Channel>,
    #[serde(default)]
    direction: Direction,
    #[serde(default)]
    include: Include,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Direction {
    #[default]
    Outbound,
    Inbound,
    All,
}

/// Whether messages that never arrived are listed too.
#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Include {
    #[default]
    Received,
    Failed,
}

pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let Query(asked) = asked.map_err(|_| {
        Refusal::bad(
            "Ask with to=, limit=, channel=whatsapp|sms, \
             direction=outbound|inbound|all, include=failed.",
        )
    })?;
    let phone = match &asked.to {
        // A plus that was not percent-encoded arrives as a space; only digits count.
        Some(to) => Some(identity::digits(to).ok_or_else(|| {
            Refusal::bad("to is not a phone number: 7 to 15 digits, with or without plus.")
        })?),
        None => None,
    };
    let wanted = |message: &&Message| {
        let direction = match message.side {
            Side::Business => asked.direction != Direction::Inbound,
            Side::Person => asked.direction != Direction::Outbound,
        };
        asked.channel.is_none_or(|channel| channel == message.channel())
            && direction
            && (message.is_on_phone() || asked.include == Include::Failed)
    };
    let now = now();
    let limit = asked.limit.unwrap_or(usize::MAX);
    let world = sandbox.world();
    let mut data: Vec<Value> = match &phone {
        Some(phone) => newest(world.on_phone(phone).filter(wanted), limit, now),
        None => newest(world.messages().filter(wanted), limit, now),
    };
    data.reverse();
    Ok(Json(json!({ "data": data })))
}

fn newest<'a>(
    all: impl DoubleEndedIterator<Item = &'a Message>,
    limit: usize,
    now: u64,
) -> Vec<Value> {
    all.rev().take(limit).map(|message| view(message, now)).collect()
}

/// A message for programs.
pub(super) fn view(message: &Message, now: u64) -> Value {
    let (kind, template, language, category, payload) = match &message.kind {
        Kind::Template { name, language, category } => {
            ("template", Some(&**name), Some(&**language), Some(category.as_str()), None)
        }
        Kind::Text => ("text", None, None, None, None),
        Kind::Button { payload } => ("button", None, None, None, Some(payload.as_str())),
    };
    let phone = format!("+{}", message.phone);
    let (from, to) = match message.side {
        Side::Business => (&*message.number, phone.as_str()),
        Side::Person => (phone.as_str(), &*message.number),
    };
    let steps: Vec<Value> = message
        .plan
        .iter()
        .filter(|step| step.at <= now)
        .map(|step| json!({ "status": step.stage.as_str(), "at": instant(step.at) }))
        .collect();
    let content = &message.content;
    json!({
        "channel": message.channel(),
        "id": message.id,
        "from": from,
        "to": to,
        "direction": match message.side { Side::Business => "outbound", Side::Person => "inbound" },
        "type": kind,
        "template": template,
        "language": language,
        "category": category,
        "header": content.header,
        "text": content.body,
        "footer": content.footer,
        "buttons": content.buttons,
        "payload": payload,
        "context": message.answers,
        "status": message.stage(now).map_or("accepted", |stage| stage.as_str()),
        "error": message.failure(),
        "biz_opaque_callback_data": message.opaque,
        "created_at": instant(message.at),
        "steps": steps,
        "webhooks_owed": message.owed.count_ones(),
        "account_sid": message.sms.as_ref().map(|sms| &*sms.account),
        "service": message.sms.as_ref().and_then(|sms| sms.service.as_deref()),
        "segments": message.sms.as_ref().map(|sms| sms.segments),
    })
}

/// RFC 3339, in UTC.
pub(crate) fn instant(millis: u64) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_default()
}
