//! `POST /{version}/{phone-number-id}/messages`.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    access::{App, Object},
    envelope::{Envelope, To, What},
    error::ApiError,
    json_body, success,
};
use crate::{
    receipts::plan::{Outcome, Plan},
    serve::HangUp,
    state::{
        Sandbox,
        faults::{Channel, FaultKind, Target},
        identity::{self, Direction},
        journal::Fact,
        message::{Content, Kind, Message, Side},
        now,
        portfolio::Excess,
        world::{Room, World},
    },
    templates::Standing,
};

pub(super) async fn send(
    State(sandbox): State<Sandbox>,
    app: App,
    Object(number): Object,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match json_body(body) {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(),
    };
    if sandbox.world().claim(&number, &app.secret).is_none() {
        return ApiError::not_yours().into_response();
    }
    if body["status"] == "read" {
        return mark_read(&body);
    }
    let call = Call { sandbox: &sandbox, number: &number, body: &body };
    let latency = call.strike(FaultKind::Latency);
    let answer = call.answer();
    if let Some(ms) = latency {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
    answer
}

/// Read marks and typing indicators change nothing on the phone.
fn mark_read(body: &Value) -> Response {
    match body["message_id"].as_str() {
        Some(_) => success(),
        None => ApiError::missing("message_id").into_response(),
    }
}

/// One call, as it arrived.
struct Call<'a> {
    sandbox: &'a Sandbox,
    number: &'a str,
    body: &'a Value,
}

impl Call<'_> {
    fn answer(&self) -> Response {
        if self.strike(FaultKind::Reset).is_some() {
            return HangUp::response();
        }
        if self.strike(FaultKind::Error429).is_some() {
            return ApiError::new(130_429, "Cloud API message throughput has been reached.")
                .with_status(StatusCode::TOO_MANY_REQUESTS)
                .into_response();
        }
        if self.strike(FaultKind::Error500).is_some() {
            return ApiError::new(131_000, "Message failed to send due to an unknown error.")
                .into_response();
        }
        if let Some(code) = self.strike(FaultKind::Error).and_then(|code| code.try_into().ok()) {
            return ApiError::new(code, "As was asked for.").into_response();
        }
        match self.accept() {
            Ok(Accepted { lost: true, .. }) => HangUp::response(),
            Ok(accepted) => Json(accepted.body).into_response(),
            Err(refusal) => refusal.into_response(),
        }
    }

    fn accept(&self) -> Result<Accepted, ApiError> {
        let envelope = Envelope::read(self.body)?;
        let (input, phone) = self.recipient(&envelope.to)?;
        let script = Script::of(&phone);
        if let Some(refusal) = script.refusal() {
            return Err(refusal);
        }
        let (kind, content) = self.compose(&envelope.what, &phone)?;
        let is_template = matches!(kind, Kind::Template { .. });

        let now = now();
        let world = &mut *self.sandbox.world();
        match world.take_room(self.number, &phone, now) {
            Room::Free => {}
            Room::NumberFull => {
                return Err(ApiError::new(
                    130_429,
                    "Cloud API message throughput has been reached.",
                ));
            }
            Room::PairFull => return Err(pair_limit()),
        }
        let excess = world.reach(self.number, &phone, now);
        if let Some((Excess::Refuse, code)) = excess {
            return Err(ApiError::new(
                code,
                "The portfolio has reached as many people within a day as it may.",
            ));
        }
        if let What::Template { components, .. } = &envelope.what {
            name_number(world, self.number, components);
        }
        let key = Message::key(self.number, &phone, envelope.opaque);
        let draws = world.draws(&key);
        let id = identity::message_id(Direction::ToPhone, &phone, &draws);
        let failed = strike(world, FaultKind::FailedReceipt, self.number, self.body);
        let outcome = match (failed.and_then(|code| code.try_into().ok()), excess) {
            (Some(code), _) | (None, Some((Excess::Fail, code))) => Outcome::Fails(code),
            (None, _) => script.outcome(),
        };
        let mut plan = Plan::new(&draws, &self.sandbox.settings.receipts, outcome, now);
        let mut strike = |kind| strike(world, kind, self.number, self.body);
        if strike(FaultKind::ReorderReceipts).is_some() {
            plan.reverse();
        }
        if let Some(ms) = strike(FaultKind::LateReceipt) {
            plan.delay(ms);
        }
        if strike(FaultKind::DuplicateReceipt).is_some() {
            plan.double();
        }
        let hidden = strike(FaultKind::NoPhone).is_some();
        let lost = script == Script::AnswerLost || strike(FaultKind::LostAnswer).is_some();

        let phone: Arc<str> = phone.into();
        let is_next = world.accept(Message {
            seq: world.next_seq(),
            id: id.clone(),
            number: self.number.into(),
            phone: phone.clone(),
            side: Side::Business,
            kind,
            content,
            opaque: envelope.opaque.map(str::to_owned),
            answers: envelope.answers.map(str::to_owned),
            at: now,
            owed: plan.all(),
            plan: plan.steps(),
            hidden,
            sms: None,
        });
        if is_next {
            self.sandbox.bell.notify_one();
        }
        self.sandbox.changed(&phone);

        let contact = match envelope.to {
            To::Phone { .. } => json!({ "input": input, "wa_id": &*phone }),
            To::User(user) => json!({ "input": input, "user_id": user }),
        };
        let mut message = json!({ "id": id });
        if is_template {
            message["message_status"] = json!("accepted");
        }
        let body = json!({
            "messaging_product": "whatsapp", "contacts": [contact], "messages": [message],
        });
        Ok(Accepted { body, lost })
    }

    /// What the caller wrote, and the phone's digits.
    fn recipient<'t>(&self, to: &To<'t>) -> Result<(&'t str, String), ApiError> {
        match to {
            To::Phone { input, digits } => Ok((input, digits.clone())),
            // A user id names nobody before the person's phone has been seen.
            To::User(user) => self
                .sandbox
                .world()
                .phones()
                .find(|(phone, _)| identity::user_id(phone) == *user)
                .map(|(phone, _)| (*user, phone.to_string()))
                .ok_or_else(|| ApiError::bad_value("recipient is not a user the sandbox knows.")),
        }
    }

    /// Checks the message against its template, or against the window.
    fn compose(&self, what: &What<'_>, phone: &str) -> Result<(Kind, Content), ApiError> {
        match what {
            What::Text { body } => {
                if !self.sandbox.world().is_window_open(self.number, phone, now()) {
                    return Err(ApiError::new(
                        131_047,
                        "Message failed to send because more than 24 hours have passed since the \
                         customer last replied to this number.",
                    ));
                }
                Ok((Kind::Text, Content { body: (*body).to_owned(), ..Content::default() }))
            }
            What::Template { name, language, components } => {
                let kept = self
                    .sandbox
                    .world()
                    .number(self.number)
                    .and_then(|number| number.templates.get(name, language).cloned());
                let unknown = || {
                    let name: String = name.chars().take(512).collect();
                    ApiError::new(
                        132_001,
                        format!("template name ({name}) does not exist in {language}"),
                    )
                };
                let kept = kept.ok_or_else(unknown)?;
                match kept.record.standing {
                    standing if standing.is_sendable() => {}
                    Standing::Paused => {
                        return Err(ApiError::new(
                            132_015,
                            "Template is paused due to low quality so it cannot be sent in a \
                             template message.",
                        ));
                    }
                    Standing::Disabled => {
                        return Err(ApiError::new(
                            132_016,
                            "Template has been disabled for good; create another one.",
                        ));
                    }
                    _ => return Err(unknown()),
                }
                let content = kept.template.fill(components)?;
                let kind = Kind::Template {
                    name: (*name).into(),
                    language: (*language).into(),
                    category: kept.template.category,
                };
                Ok((kind, content))
            }
        }
    }

    fn strike(&self, kind: FaultKind) -> Option<u64> {
        strike(&mut self.sandbox.world(), kind, self.number, self.body)
    }
}

/// An accepted send and the answer to it.
struct Accepted {
    body: Value,
    lost: bool,
}

/// A number nobody has named is called as the first template it sends calls its company.
fn name_number(world: &mut World, number: &str, components: &Value) {
    let parameters = components.as_array().into_iter().flatten();
    let mut parameters = parameters.filter_map(|part| part["parameters"].as_array()).flatten();
    let company = parameters.find(|each| each["parameter_name"] == "companyname");
    let Some(name) = company.and_then(|each| each["text"].as_str()) else { return };
    let known = world.number_mut(number);
    if known.name.is_none() && !name.is_empty() {
        let fact = Fact::Number {
            number: number.to_owned(),
            secret: known.secret.clone(),
            name: Some(name.chars().take(100).collect()),
            display: known.display.clone(),
        };
        world.record(fact);
    }
}

fn strike(world: &mut World, kind: FaultKind, number: &str, body: &Value) -> Option<u64> {
    if world.faults.all().is_empty() {
        return None;
    }
    let phone = body["to"].as_str().and_then(identity::digits);
    let template = body["template"]["name"].as_str();
    let channel = Channel::WhatsApp;
    let target = Target { channel, number, phone: phone.as_deref(), template, address: None };
    world.faults.strike(kind, &target)
}

fn pair_limit() -> ApiError {
    ApiError::new(
        131_056,
        "Too many messages sent from the sender phone number to the same recipient phone number \
         in a short period of time.",
    )
}

/// What a phone's last four digits provoke. The sandbox's own convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Usual,
    /// Accepted, then a `failed` receipt with this code.
    Fails(u32),
    /// 0056
    PairLimit,
    /// 0000
    ServerError,
    /// 0408
    AnswerLost,
}

impl Script {
    fn of(phone: &str) -> Self {
        match phone.len().checked_sub(4).and_then(|start| phone.get(start..)) {
            // The second is a landline: no SMS reaches it either.
            Some("0026" | "0666") => Self::Fails(131_026),
            Some("0049") => Self::Fails(131_049),
            Some("0050") => Self::Fails(131_050),
            Some("0472") => Self::Fails(130_472),
            Some("0056") => Self::PairLimit,
            Some("0000") => Self::ServerError,
            Some("0408") => Self::AnswerLost,
            _ => Self::Usual,
        }
    }

    fn refusal(self) -> Option<ApiError> {
        match self {
            Self::PairLimit => Some(pair_limit()),
            Self::ServerError => {
                Some(ApiError::new(131_000, "Message failed to send due to an unknown error."))
            }
            Self::Usual | Self::Fails(_) | Self::AnswerLost => None,
        }
    }

    fn outcome(self) -> Outcome {
        match self {
            Self::Fails(code) => Outcome::Fails(code),
            _ => Outcome::Arrives,
        }
    }
}
