//! `POST /2010-04-01/Accounts/{AccountSid}/Messages.json`.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::Value;

use super::{
    access::Caller,
    error::SmsError,
    form::Form,
    is_e164, is_name, is_sender, read,
    script::{self, Outcome, Script},
    segments::segments,
};
use crate::{
    receipts::plan::Plan,
    serve::HangUp,
    state::{
        Sandbox, draw,
        faults::{Channel, FaultKind, Target},
        message::{Content, Kind, Message, Side},
        now,
        sms::{self, Sms, is_sid},
    },
};

/// The longest text, in characters.
const BODY_LIMIT: usize = 1_600;
/// The longest validity, in seconds.
const VALIDITY_LIMIT: u32 = 36_000;

pub(super) async fn send(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let order = match body {
        Ok(bytes) => Order::read(&Form::read(&bytes)),
        Err(_) => Err(SmsError::parameter("The body could not be read, or is larger than 1 MiB.")),
    };
    let order = match order {
        Ok(order) => order,
        Err(refusal) => return refusal.into_response(),
    };
    let call = Call { sandbox: &sandbox, account: &caller.account, order: &order };
    let latency = call.strike(FaultKind::Latency);
    let answer = call.answer();
    if let Some(ms) = latency {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
    answer
}

/// What is to be sent, checked as far as the call alone shows.
struct Order {
    /// Digits.
    phone: String,
    from: String,
    /// The caller named the sender itself, not only a service.
    named: bool,
    service: Option<String>,
    body: String,
    callback: Option<String>,
}

impl Order {
    fn read(form: &Form) -> Result<Self, SmsError> {
        let to = form
            .get("To")
            .ok_or_else(|| SmsError::new(21_604, "A 'To' phone number is required."))?;
        if !is_e164(to) {
            let shown: String = to.chars().take(64).collect();
            let message = format!("The 'To' number {shown} is not a valid phone number.");
            return Err(SmsError::new(21_211, message));
        }
        let service = form.get("MessagingServiceSid");
        if service.is_some_and(|service| !is_sid("MG", service)) {
            return Err(SmsError::new(21_701, "The Messaging Service does not exist."));
        }
        let from = match (form.get("From"), service) {
            (Some(from), _) if is_sender(from) => from.to_owned(),
            (Some(from), _) => {
                let shown: String = from.chars().take(64).collect();
                return Err(SmsError::new(
                    21_212,
                    format!(
                        "The 'From' number {shown} is not a valid phone number, shortcode, or \
                         alphanumeric sender ID."
                    ),
                ));
            }
            (None, Some(service)) => number_of(service),
            (None, None) => {
                return Err(SmsError::new(21_603, "A 'From' phone number is required."));
            }
        };
        for name in ["MediaUrl", "ContentSid", "ScheduleType", "SendAt"] {
            if form.get(name).is_some() {
                return Err(SmsError::parameter(format!("The sandbox does not know {name}.")));
            }
        }
        let body = form
            .get("Body")
            .filter(|body| !body.trim().is_empty())
            .ok_or_else(|| SmsError::new(21_602, "Message body is required."))?;
        if body.chars().count() > BODY_LIMIT {
            return Err(SmsError::new(
                21_617,
                "The concatenated message body exceeds the 1600 character limit.",
            ));
        }
        let callback = form.get("StatusCallback");
        if callback.is_some_and(|url| !is_web_url(url)) {
            return Err(SmsError::new(21_609, "The 'StatusCallback' URL is not a valid URL."));
        }
        let validity = form.get("ValidityPeriod").map(str::parse::<u32>);
        if validity.is_some_and(|seconds| !seconds.is_ok_and(|s| (1..=VALIDITY_LIMIT).contains(&s)))
        {
            return Err(SmsError::parameter("ValidityPeriod is 1 to 36000 seconds."));
        }
        Ok(Self {
            phone: to.trim_start_matches('+').to_owned(),
            from,
            named: form.get("From").is_some(),
            service: service.map(str::to_owned),
            body: body.to_owned(),
            callback: callback.map(str::to_owned),
        })
    }
}

/// The one number of a messaging service's pool.
fn number_of(service: &str) -> String {
    format!("+1555{:07}", draw::digest(service) % 10_000_000)
}

/// An address callbacks can be told at.
pub(crate) fn is_web_url(text: &str) -> bool {
    text.len() <= 4_000
        && url::Url::parse(text)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// One call, as it arrived.
struct Call<'a> {
    sandbox: &'a Sandbox,
    account: &'a str,
    order: &'a Order,
}

impl Call<'_> {
    fn answer(&self) -> Response {
        if self.strike(FaultKind::Reset).is_some() {
            return HangUp::response();
        }
        if self.strike(FaultKind::Error429).is_some() {
            return SmsError::too_many().into_response();
        }
        if self.strike(FaultKind::Error500).is_some() {
            return SmsError::internal().into_response();
        }
        if let Some(code) = self.strike(FaultKind::Error).and_then(|code| code.try_into().ok()) {
            return SmsError::new(code, "As was asked for.").into_response();
        }
        match self.accept() {
            Ok((_, true)) => HangUp::response(),
            Ok((body, false)) => (StatusCode::CREATED, Json(body)).into_response(),
            Err(refusal) => refusal.into_response(),
        }
    }

    /// The answer, and whether it gets lost.
    fn accept(&self) -> Result<(Value, bool), SmsError> {
        let Order { phone, from, named, service, body, callback } = self.order;
        // North America knows no names as senders.
        if is_name(from) && phone.starts_with('1') {
            return Err(script::unreachable(phone, from));
        }
        let (outcome, is_lost) = match Script::of(phone, from) {
            Script::Accepted(outcome) => (outcome, false),
            Script::AnswerLost => (Outcome::Arrives, true),
            Script::Refused(refusal) => return Err(refusal),
        };
        let now = now();
        let world = &mut *self.sandbox.world();
        if world.sms.has_stopped(self.account, from, phone) {
            return Err(script::stopped());
        }
        if world.sms.sender(self.account, from).is_none() {
            world.set_sms_sender(self.account, from, sms::Sender::default());
        }
        let key = sms::key(from, phone, body);
        let draws = world.draws(&key);
        let sid = sms::sid("SM", &draws);
        let target = self.target();
        let failed = world.faults.strike(FaultKind::FailedReceipt, &target);
        let outcome = match failed.and_then(|code| code.try_into().ok()) {
            Some(code) => Outcome::failed(code),
            None => outcome,
        };
        let mut plan = Plan::sms(&draws, &self.sandbox.settings.receipts, outcome, now);
        let mut strike = |kind| world.faults.strike(kind, &target);
        if strike(FaultKind::ReorderReceipts).is_some() {
            plan.reverse();
        }
        if let Some(ms) = strike(FaultKind::LateReceipt) {
            plan.delay(ms);
        }
        if strike(FaultKind::DuplicateReceipt).is_some() {
            plan.double();
        }
        let is_lost = strike(FaultKind::LostAnswer).is_some() || is_lost;
        let phone: Arc<str> = phone.as_str().into();
        let message = Message {
            seq: world.next_seq(),
            id: sid,
            number: from.as_str().into(),
            phone: phone.clone(),
            side: Side::Business,
            kind: Kind::Text,
            content: Content { body: body.clone(), ..Content::default() },
            opaque: None,
            answers: None,
            at: now,
            owed: plan.all(),
            plan: plan.steps(),
            hidden: false,
            sms: Some(Box::new(Sms {
                account: self.account.into(),
                service: service.clone(),
                url: callback.clone(),
                segments: segments(body),
                keyword: None,
            })),
        };
        let mut answer = read::view(&message, now);
        if !named {
            // Which number of the pool sends is not known yet.
            answer["status"] = "accepted".into();
            answer["from"] = Value::Null;
        }
        if world.accept(message) {
            self.sandbox.bell.notify_one();
        }
        self.sandbox.changed(&phone);
        Ok((answer, is_lost))
    }

    fn target(&self) -> Target<'_> {
        Target {
            channel: Channel::Sms,
            number: &self.order.from,
            phone: Some(&self.order.phone),
            template: None,
            address: None,
        }
    }

    fn strike(&self, kind: FaultKind) -> Option<u64> {
        self.sandbox.world().faults.strike(kind, &self.target())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callbacks_are_on_the_web() {
        assert!(is_web_url("http://127.0.0.1:3000/callbacks/sms/1?attempt=2"));
        for wrong in ["", "callbacks", "ftp://x/y", "javascript:alert(1)", "http://"] {
            assert!(!is_web_url(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_service_always_sends_from_the_same_number() {
        let number = number_of("MG0123456789abcdef0123456789abcdef");
        assert!(is_e164(&number), "{number}");
        assert_eq!(number, number_of("MG0123456789abcdef0123456789abcdef"));
    }
}
