//! `GET /control/messages`: what phones and inboxes received.

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
    mail::Mail,
    message::{Kind, Message, Side},
    now,
};

#[derive(Deserialize)]
pub(super) struct Asked {
    /// A phone, with or without plus, or a mail address.
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
            "Ask with to=, limit=, channel=whatsapp|sms|email, \
             direction=outbound|inbound|all, include=failed.",
        )
    })?;
    let to = match &asked.to {
        Some(to) if to.contains('@') => To::Address(to.to_lowercase()),
        // A plus that was not percent-encoded arrives as a space; only digits count.
        Some(to) => To::Phone(identity::digits(to).ok_or_else(|| {
            Refusal::bad(
                "to is no mail address and no phone number: 7 to 15 digits, with or without plus.",
            )
        })?),
        None => To::Anybody,
    };
    let now = now();
    let world = sandbox.world();
    let mut data = match &to {
        To::Phone(phone) => messages(world.on_phone(phone), &asked, now),
        To::Address(address) => mails(world.mails.inbox(address), Some(address), &asked),
        To::Anybody => {
            let mut both = messages(world.messages(), &asked, now);
            let mails = mails(world.mails.all(), None, &asked);
            // Messages alone stay in the order they were accepted in, within a millisecond too.
            if !mails.is_empty() {
                both.extend(mails);
                both.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
            }
            both
        }
    };
    data.truncate(asked.limit.unwrap_or(usize::MAX));
    let data: Vec<Value> = data.into_iter().rev().map(|(_, one)| one).collect();
    Ok(Json(json!({ "data": data })))
}

/// Whose messages are asked for.
enum To {
    /// Digits.
    Phone(String),
    /// In small letters.
    Address(String),
    Anybody,
}

/// With the time of each, newest first.
type Newest = Vec<(u64, Value)>;

fn messages<'a>(
    all: impl DoubleEndedIterator<Item = &'a Message>,
    asked: &Asked,
    now: u64,
) -> Newest {
    let wanted = |message: &&Message| {
        let direction = match message.side {
            Side::Business => asked.direction != Direction::Inbound,
            Side::Person => asked.direction != Direction::Outbound,
        };
        asked.channel.is_none_or(|channel| channel == message.channel())
            && direction
            && (message.is_on_phone() || asked.include == Include::Failed)
    };
    all.rev()
        .filter(wanted)
        .take(asked.limit.unwrap_or(usize::MAX))
        .map(|message| (message.at, view(message, now)))
        .collect()
}

/// One entry for each recipient.
fn mails<'a>(
    all: impl DoubleEndedIterator<Item = &'a Mail>,
    address: Option<&str>,
    asked: &Asked,
) -> Newest {
    let is_asked = asked.channel.is_none_or(|channel| channel == Channel::Email)
        && asked.direction != Direction::Inbound;
    if !is_asked {
        return Vec::new();
    }
    all.rev()
        .flat_map(|mail| mail.to.iter().rev().map(move |to| (mail, to)))
        .filter(|(_, to)| address.is_none_or(|address| address == *to))
        .take(asked.limit.unwrap_or(usize::MAX))
        .map(|(mail, to)| (mail.at, mail_view(mail, to)))
        .collect()
}

/// A mail for programs.
fn mail_view(mail: &Mail, to: &str) -> Value {
    let letter = &mail.letter;
    json!({
        "channel": Channel::Email,
        "id": mail.id,
        "from": mail.from.as_deref().unwrap_or_default(),
        "to": to,
        "direction": "outbound",
        "type": if mail.answers.is_some() { "returned" } else { "mail" },
        "subject": letter.subject,
        "header_from": letter.from,
        "header_to": letter.to,
        "text": letter.text,
        "html": letter.html,
        "headers": letter.headers,
        "unsubscribe": letter.unsubscribe,
        "one_click": letter.one_click,
        "attachments": letter.attachments,
        "size": letter.size,
        "source": letter.source,
        "status": if mail.is_returned(to) { "bounced" } else { "delivered" },
        "created_at": instant(mail.at),
    })
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
