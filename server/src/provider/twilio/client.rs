//! The client. The API knows no idempotency key either: what may have arrived is not sent twice.

use super::error::{class, failure};
use crate::provider::exchange::{Reply, Silence, read};
use async_trait::async_trait;
use dispatch::attempt::{Answer, Claimed, Consequence, Failure};
use dispatch::channel::Channel;
use dispatch::error::{Error, Result};
use dispatch::port::{Provider, ProviderTemplate, SenderAccess, Submitted};
use dispatch::sender::{SenderCheck, SenderProblem, SenderQuality};
use dispatch::template::Variant;
use dispatch::time::Timestamp;
use serde::Deserialize;
use std::time::{Duration, Instant};

/// Where the API is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Without a slash at the end.
    pub base_url: String,
    /// Public address of this server, where receipts are told.
    pub callback_base: String,
}

impl Settings {
    /// Twilio's own address.
    pub const BASE_URL: &'static str = "https://api.twilio.com";
}

/// Sends text messages.
#[derive(Debug, Clone)]
pub struct Twilio {
    client: reqwest::Client,
    settings: Settings,
}

/// Longest answer read, in bytes: a real one has about a thousand.
const LONGEST_ANSWER: usize = 64 * 1024;
/// How long a check waits: somebody sits in front of it.
const CHECK_LIMIT: Duration = Duration::from_secs(6);
/// Seconds a message may lie with the network at most, as the API allows.
const LONGEST_VALIDITY: u32 = 36_000;

#[derive(Deserialize)]
struct Taken {
    sid: String,
}

#[derive(Deserialize)]
struct Refused {
    code: i64,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct Numbers {
    incoming_phone_numbers: Vec<Number>,
}

#[derive(Deserialize)]
struct Number {
    sid: String,
    #[serde(default)]
    sms_url: Option<String>,
}

impl Twilio {
    /// Over the client that all providers share.
    #[must_use]
    pub const fn new(client: reqwest::Client, settings: Settings) -> Self {
        Self { client, settings }
    }

    fn address(&self, sender: &SenderAccess, resource: &str) -> String {
        let account = &sender.waba_id;
        format!("{}/2010-04-01/Accounts/{account}/{resource}", self.settings.base_url)
    }

    async fn call(
        &self,
        sender: &SenderAccess,
        request: reqwest::RequestBuilder,
    ) -> std::result::Result<Reply, Silence> {
        let request = request.basic_auth(&sender.waba_id, Some(sender.access_token.expose()));
        read(request, LONGEST_ANSWER).await
    }

    /// The number as the account knows it; none for a name, a short code or a pool of numbers.
    async fn number(&self, sender: &SenderAccess) -> Result<Option<Number>> {
        if !sender.phone_number_id.starts_with('+') {
            return Ok(None);
        }
        let request = self
            .client
            .get(self.address(sender, "IncomingPhoneNumbers.json"))
            .query(&[("PhoneNumber", &sender.phone_number_id)]);
        let reply = self.call(sender, request).await.map_err(|_| Error::Unavailable)?;
        match reply.status {
            200 => {}
            401 | 403 => return Err(Error::Denied),
            404 => return Err(Error::NotFound),
            _ => return Err(Error::Unavailable),
        }
        let found: Numbers = serde_json::from_slice(&reply.body).map_err(|_| Error::Unavailable)?;
        Ok(found.incoming_phone_numbers.into_iter().next())
    }
}

/// What a reply to a send means.
fn interpret(reply: &Reply) -> Answer {
    if (200..300).contains(&reply.status) {
        return match serde_json::from_slice::<Taken>(&reply.body) {
            Ok(Taken { sid }) if !sid.is_empty() => Answer::Accepted { provider_id: sid },
            _ => Answer::Unknown(ours("unreadable_answer", "The answer names no message.")),
        };
    }
    if let Ok(refused) = serde_json::from_slice::<Refused>(&reply.body) {
        let answer = class(refused.code).answer(failure(refused.code, &refused.message));
        // An error inside the provider may have happened behind the sending.
        return match answer {
            Answer::Retry(failure) if reply.status >= 500 && !failure.follows.only_slows() => {
                Answer::Unknown(failure)
            }
            other => other,
        };
    }
    let code = format!("http_{}", reply.status);
    match reply.status {
        429 => Answer::Retry(Failure {
            follows: Consequence::SlowNumber,
            ..ours(&code, "Too many requests.")
        }),
        408 | 500.. => Answer::Unknown(down(&code, "The answer has no readable body.")),
        _ => Answer::Refused(ours(&code, "Refused without a readable reason.")),
    }
}

/// The provider is in trouble, whatever the message.
fn down(code: &str, detail: &str) -> Failure {
    Failure { follows: Consequence::ProviderDown, ..ours(code, detail) }
}

fn ours(code: &str, detail: &str) -> Failure {
    Failure { code: code.to_owned(), detail: detail.to_owned(), follows: Consequence::None }
}

#[async_trait]
impl Provider for Twilio {
    async fn send(&self, sender: &SenderAccess, message: &Claimed) -> Answer {
        let base = &self.settings.callback_base;
        let callback = format!("{base}/callbacks/sms/{}?attempt={}", sender.id, message.attempt);
        // Not later than the next channel stands in.
        let minutes = message.next.as_ref().and_then(|next| next.after);
        let validity = minutes.map(|minutes| (minutes * 60).min(LONGEST_VALIDITY).to_string());
        let from =
            if sender.phone_number_id.starts_with("MG") { "MessagingServiceSid" } else { "From" };
        let mut form = vec![
            ("To", message.to.as_str()),
            (from, sender.phone_number_id.as_str()),
            ("Body", message.rendered.body.as_str()),
            ("StatusCallback", callback.as_str()),
        ];
        form.extend(validity.as_deref().map(|validity| ("ValidityPeriod", validity)));
        let started = Instant::now();
        let request = self.client.post(self.address(sender, "Messages.json")).form(&form);
        let answer = match self.call(sender, request).await {
            Ok(reply) => interpret(&reply),
            Err(Silence::NotSent(code)) => Answer::Retry(down(
                code,
                "The SMS provider could not be reached; nothing was sent.",
            )),
            Err(Silence::Lost(code)) => {
                Answer::Unknown(down(code, "The SMS provider's answer was lost on the way."))
            }
        };
        crate::provider::count("sms", &answer, started.elapsed());
        answer
    }

    fn consequence(&self, _: Channel, code: &str) -> Consequence {
        code.parse().map_or(Consequence::None, |code| class(code).consequence())
    }

    /// Answers of customers (STOP) go to the number's own address; a name has none.
    async fn subscribe(&self, sender: &SenderAccess, callback_url: &str) -> Result<()> {
        let Some(number) = self.number(sender).await? else { return Ok(()) };
        let resource = format!("IncomingPhoneNumbers/{}.json", number.sid);
        let form = [("SmsUrl", callback_url), ("SmsMethod", "POST")];
        let request = self.client.post(self.address(sender, &resource)).form(&form);
        match self.call(sender, request).await.map_err(|_| Error::Unavailable)?.status {
            200..=299 => Ok(()),
            401 | 403 => Err(Error::Denied),
            _ => Err(Error::Unavailable),
        }
    }

    async fn check(&self, sender: &SenderAccess, callback_url: &str) -> SenderCheck {
        let request = self.client.get(self.address(sender, "IncomingPhoneNumbers.json"));
        let request = request.query(&[("PageSize", "1")]);
        let looked = tokio::time::timeout(CHECK_LIMIT, self.call(sender, request)).await;
        let problem = match looked {
            Ok(Ok(reply)) => match reply.status {
                200 => None,
                401 | 403 => Some(SenderProblem::TokenRefused),
                404 => Some(SenderProblem::WrongWaba),
                _ => Some(SenderProblem::Unclear),
            },
            _ => Some(SenderProblem::Unreachable),
        };
        if let Some(problem) = problem {
            return SenderCheck::failed(problem);
        }
        let number = tokio::time::timeout(CHECK_LIMIT, self.number(sender)).await;
        let problems = match number {
            Ok(Ok(Some(number))) => match number.sms_url.as_deref() {
                Some(url) if url == callback_url => vec![],
                Some(url) if !url.is_empty() => vec![SenderProblem::SubscribedElsewhere],
                _ => vec![SenderProblem::NotSubscribed],
            },
            Ok(Ok(None)) if sender.phone_number_id.starts_with('+') => {
                vec![SenderProblem::NumberUnknown]
            }
            Ok(Ok(None)) => vec![],
            _ => vec![SenderProblem::Unreachable],
        };
        SenderCheck {
            problems,
            name: None,
            number: Some(sender.phone_number_id.clone()),
            quality: SenderQuality::Unknown,
            limit: None,
            unlimited: false,
            portfolio: None,
            per_second: None,
        }
    }

    /// Text messages are not reviewed.
    async fn submit(
        &self,
        _: &SenderAccess,
        _: &Variant,
        _: Option<Duration>,
        again: Timestamp,
    ) -> Submitted {
        Submitted::Again(again)
    }

    async fn list_templates(&self, _: &SenderAccess) -> Result<Vec<ProviderTemplate>> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply { status, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn a_stop_ends_it_and_an_error_inside_may_have_been_sent() {
        let stopped = interpret(&reply(400, r#"{"code":21610,"message":"x","status":400}"#));
        let follows = stopped.failure().map(|failure| failure.follows);
        assert_eq!(follows, Some(Consequence::RecipientStopped));
        assert!(matches!(stopped, Answer::Refused(_)));
        let landline = interpret(&reply(400, r#"{"code":21614,"message":"x","status":400}"#));
        assert!(matches!(landline, Answer::Fallback(_)));
        let inside = interpret(&reply(500, r#"{"code":20500,"message":"x","status":500}"#));
        assert!(matches!(inside, Answer::Unknown(_)));
        let fast = interpret(&reply(429, r#"{"code":20429,"message":"x","status":429}"#));
        assert!(matches!(fast, Answer::Retry(_)));
        assert!(matches!(interpret(&reply(201, "{}")), Answer::Unknown(_)));
    }
}
