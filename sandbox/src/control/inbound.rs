//! A person writes to a business, or taps a button.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, read};
use crate::{
    receipts::plan::Plan,
    state::{
        Sandbox,
        faults::{Channel, FaultKind, Target},
        identity::{self, Direction},
        message::{Content, Kind, Message, Side},
        now,
    },
};

/// The most a person can type in one message.
const TEXT_LIMIT: usize = 4_096;

#[derive(Deserialize)]
pub(super) struct Asked {
    from: String,
    /// The phone number id written to, or the number SMS come from.
    sender: String,
    /// Needed for a short code alone: an id has no plus.
    channel: Option<Channel>,
    text: Option<String>,
    button: Option<Tap>,
    /// The message answered.
    context: Option<String>,
}

#[derive(Deserialize)]
struct Tap {
    payload: String,
    text: Option<String>,
}

/// What the person does.
pub(crate) enum Words {
    Text(String),
    Tap { payload: String, text: String },
}

pub(super) async fn answer(
    State(sandbox): State<Sandbox>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Refusal> {
    let asked: Asked = read(body)?;
    if asked.channel == Some(Channel::Sms) || asked.sender.starts_with('+') {
        return sms(&sandbox, &asked);
    }
    let words = match (asked.text, asked.button) {
        (text, Some(tap)) => {
            let text = tap.text.or(text).unwrap_or_else(|| tap.payload.clone());
            Words::Tap { payload: tap.payload, text }
        }
        (Some(text), None) => Words::Text(text),
        (None, None) => return Err(Refusal::bad("Say text, or button with its payload.")),
    };
    let id = write(&sandbox, &asked.from, &asked.sender, words, asked.context)?;
    Ok(Json(json!({ "id": id })))
}

fn sms(sandbox: &Sandbox, asked: &Asked) -> Result<Json<Value>, Refusal> {
    let phone = phone_of(&asked.from)?;
    let text =
        asked.text.as_deref().ok_or_else(|| Refusal::bad("Say text: an SMS has no buttons."))?;
    let sid = crate::sms::write(sandbox, &phone, &asked.sender, text)
        .map_err(|why| Refusal::bad(why.to_string()))?;
    Ok(Json(json!({ "id": sid })))
}

fn phone_of(from: &str) -> Result<String, Refusal> {
    identity::digits(from)
        .ok_or_else(|| Refusal::bad("from is not a phone number: 7 to 15 digits."))
}

/// Puts a person's message on the phone, opens the window, and owes it to the number's callback.
pub(crate) fn write(
    sandbox: &Sandbox,
    from: &str,
    sender: &str,
    words: Words,
    answers: Option<String>,
) -> Result<String, Refusal> {
    let phone = phone_of(from)?;
    if !identity::is_numeric_id(sender) {
        return Err(Refusal::bad("sender is a phone number id: digits only."));
    }
    let (kind, body) = match words {
        Words::Text(text) => (Kind::Text, text),
        Words::Tap { payload, text } => (Kind::Button { payload }, text),
    };
    if body.trim().is_empty() || body.chars().count() > TEXT_LIMIT {
        return Err(Refusal::bad("A text has 1 to 4096 characters."));
    }
    let now = now();
    let world = &mut *sandbox.world();
    let key = Message::key(sender, &phone, None);
    let id = identity::message_id(Direction::FromPhone, &phone, &world.draws(&key));
    let target = Target {
        channel: Channel::WhatsApp,
        number: sender,
        phone: Some(&phone),
        template: None,
        address: None,
    };
    let mut plan = Plan::inbound(now);
    if let Some(ms) = world.faults.strike(FaultKind::LateReceipt, &target) {
        plan.delay(ms);
    }
    if world.faults.strike(FaultKind::DuplicateReceipt, &target).is_some() {
        plan.double();
    }
    let hidden = world.faults.strike(FaultKind::NoPhone, &target).is_some();
    // The number exists from now on, whoever claims it later.
    world.number_mut(sender);
    let phone: Arc<str> = phone.into();
    let is_next = world.accept(Message {
        seq: world.next_seq(),
        id: id.clone(),
        number: sender.into(),
        phone: phone.clone(),
        side: Side::Person,
        kind,
        content: Content { body, ..Content::default() },
        opaque: None,
        answers,
        at: now,
        owed: plan.all(),
        plan: plan.steps(),
        hidden,
        sms: None,
    });
    if is_next {
        sandbox.bell.notify_one();
    }
    sandbox.changed(&phone);
    Ok(id)
}
