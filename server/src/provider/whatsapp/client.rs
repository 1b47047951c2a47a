//! The Cloud API's client.
//!
//! The API knows no idempotency key: the same request twice is two messages. So an answer is sorted by
//! one question: is it certain that nothing was sent? Only then it may be tried again (contract §9.3).

use super::check;
use super::error;
use super::review;
use super::template::{Parameters, Samples, create_body, send_object};
use crate::provider::exchange::{Reply, Silence, read};
use async_trait::async_trait;
use dispatch::attempt::{Answer, Claimed, Consequence, Failure};
use dispatch::channel::Channel;
use dispatch::error::{Error, Result};
use dispatch::port::{Provider, ProviderTemplate, SenderAccess, Submitted};
use dispatch::sender::SenderCheck;
use dispatch::template::{Category, HeaderKind, Variant};
use dispatch::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Where the Cloud API is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Without a slash at the end: `https://graph.facebook.com`, or the sandbox's address.
    pub base_url: String,
    /// `v25.0`.
    pub version: String,
}

impl Settings {
    /// Meta's own address.
    pub const BASE_URL: &'static str = "https://graph.facebook.com";
    /// The version Meta's pages used when this was written.
    pub const VERSION: &'static str = "v25.0";
}

impl Default for Settings {
    fn default() -> Self {
        Self { base_url: Self::BASE_URL.to_owned(), version: Self::VERSION.to_owned() }
    }
}

/// Sends through the Cloud API.
#[derive(Debug, Clone)]
pub struct CloudApi {
    client: reqwest::Client,
    /// Base URL and version, ready to be followed by a path.
    root: String,
}

/// Longest answer read, in bytes: a real one has a few hundred.
const LONGEST_ANSWER: usize = 64 * 1024;
/// How long a check waits for an answer: somebody sits in front of it.
const CHECK_LIMIT: Duration = Duration::from_secs(6);
/// Longest page of a list, in bytes.
const LONGEST_PAGE: usize = 4 * 1024 * 1024;

impl CloudApi {
    /// Over the client that all providers share.
    #[must_use]
    pub fn new(client: reqwest::Client, settings: &Settings) -> Self {
        let root = format!("{}/{}", settings.base_url.trim_end_matches('/'), settings.version);
        Self { client, root }
    }

    async fn post(
        &self,
        sender: &SenderAccess,
        path: &str,
        body: &Value,
    ) -> std::result::Result<Reply, Silence> {
        self.reply(
            self.client.post(format!("{}/{path}", self.root)).json(body),
            sender,
            LONGEST_ANSWER,
        )
        .await
    }

    async fn reply(
        &self,
        request: reqwest::RequestBuilder,
        sender: &SenderAccess,
        longest: usize,
    ) -> std::result::Result<Reply, Silence> {
        let request = request.bearer_auth(sender.access_token.expose());
        read(request, longest).await
    }
}

/// What a reviewer sees in the place of a picture or document.
struct SampleFile {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

const PICTURE: SampleFile =
    SampleFile { name: "sample.png", kind: "image/png", bytes: include_bytes!("sample.png") };
const DOCUMENT: SampleFile =
    SampleFile { name: "sample.pdf", kind: "application/pdf", bytes: include_bytes!("sample.pdf") };

impl CloudApi {
    /// Uploads the sample a header needs (contract §6.2: a handle of the resumable upload).
    async fn upload(&self, sender: &SenderAccess, file: &SampleFile) -> Option<String> {
        let (length, kind, name) = (file.bytes.len().to_string(), file.kind, file.name);
        let query = [("file_length", length.as_str()), ("file_type", kind), ("file_name", name)];
        let begin = self.client.post(format!("{}/app/uploads", self.root)).query(&query);
        let begun = self.reply(begin, sender, LONGEST_ANSWER).await.ok()?;
        let session = serde_json::from_slice::<Value>(&begun.body).ok()?;
        let session = session["id"].as_str()?.to_owned();
        let send = self
            .client
            .post(format!("{}/{session}", self.root))
            .header("file_offset", "0")
            .body(file.bytes);
        let sent = self.reply(send, sender, LONGEST_ANSWER).await.ok()?;
        let sent = serde_json::from_slice::<Value>(&sent.body).ok()?;
        Some(sent["h"].as_str()?.to_owned())
    }

    /// The samples of a variant; none when they could not be uploaded.
    async fn samples(&self, sender: &SenderAccess, variant: &Variant) -> Option<Samples> {
        let file = match variant.content.header.kind() {
            HeaderKind::Image => &PICTURE,
            HeaderKind::Document => &DOCUMENT,
            HeaderKind::None | HeaderKind::Text | HeaderKind::Location => {
                return Some(Samples::default());
            }
        };
        Some(Samples { header_handle: Some(self.upload(sender, file).await?) })
    }
}

/// The platform is in trouble, whatever the message.
fn down(code: &str, detail: &str) -> Failure {
    Failure { follows: Consequence::ProviderDown, ..failure(code, detail) }
}

fn failure(code: &str, detail: &str) -> Failure {
    Failure { code: code.to_owned(), detail: detail.to_owned(), follows: Consequence::None }
}

#[derive(Deserialize)]
struct Sent {
    messages: Vec<SentMessage>,
}

#[derive(Deserialize)]
struct SentMessage {
    id: String,
}

/// What a reply to a send means. `message_status` makes no difference: also a message that is held for
/// quality assessment is Meta's from now on, and its receipts tell what became of it.
fn interpret(reply: &Reply) -> Answer {
    if let Some(error) = error::parse(&reply.body) {
        return error.answer(reply.status);
    }
    let code = format!("http_{}", reply.status);
    match reply.status {
        200..=299 => {
            let sent = serde_json::from_slice::<Sent>(&reply.body).ok();
            match sent.and_then(|sent| sent.messages.into_iter().next()) {
                Some(message) if !message.id.is_empty() => {
                    Answer::Accepted { provider_id: message.id }
                }
                _ => Answer::Unknown(failure("unreadable_answer", "The answer names no message.")),
            }
        }
        429 => Answer::Retry(Failure {
            follows: Consequence::SlowNumber,
            ..failure(&code, "Too many requests.")
        }),
        408 | 500.. => Answer::Unknown(down(&code, "The answer has no readable body.")),
        _ => Answer::Refused(failure(&code, "Refused without a readable reason.")),
    }
}

/// Says for how long a message is worth delivering: afterwards another channel has told it.
fn live_for(mut body: Value, variant: &Variant, patience: Option<Duration>) -> Value {
    let (least, most) = match variant.category {
        Category::Utility => (30, 12 * 3600),
        Category::Marketing => (12 * 3600, 30 * 24 * 3600),
    };
    if let Some(patience) = patience {
        body["message_send_ttl_seconds"] = json!(patience.as_secs().clamp(least, most));
    }
    body
}

#[async_trait]
impl Provider for CloudApi {
    async fn send(&self, sender: &SenderAccess, message: &Claimed) -> Answer {
        let body = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": message.to,
            "type": "template",
            "template": send_object(
                &message.template,
                message.language.code(),
                &message.rendered,
                Parameters::Named,
            ),
            "biz_opaque_callback_data": message.attempt.to_string(),
        });
        let started = Instant::now();
        let reply = self.post(sender, &format!("{}/messages", sender.phone_number_id), &body).await;
        let answer = match reply {
            Ok(reply) => interpret(&reply),
            Err(Silence::NotSent(code)) => {
                Answer::Retry(down(code, "WhatsApp could not be reached; nothing was sent."))
            }
            Err(Silence::Lost(code)) => {
                Answer::Unknown(down(code, "WhatsApp's answer was lost on the way."))
            }
        };
        crate::provider::count("whatsapp", &answer, started.elapsed());
        answer
    }

    fn consequence(&self, _: Channel, code: &str) -> Consequence {
        let class = code.parse().ok().and_then(error::class);
        class.map_or(Consequence::None, error::Class::consequence)
    }

    async fn subscribe(&self, sender: &SenderAccess, callback_url: &str) -> Result<()> {
        let body = json!({
            "override_callback_uri": callback_url,
            "verify_token": sender.verify_token.expose(),
        });
        let path = format!("{}/subscribed_apps", sender.waba_id);
        let reply = self.post(sender, &path, &body).await.map_err(|_| Error::Unavailable)?;
        match error::parse(&reply.body) {
            None if (200..300).contains(&reply.status) => Ok(()),
            Some(error) if error::class(error.code) == Some(error::Class::Auth) => {
                Err(Error::Denied)
            }
            _ => Err(Error::Unavailable),
        }
    }

    async fn check(&self, sender: &SenderAccess, callback_url: &str) -> SenderCheck {
        let get = |path: String, fields: &'static str| {
            let request = self.client.get(format!("{}/{path}", self.root));
            let request =
                if fields.is_empty() { request } else { request.query(&[("fields", fields)]) };
            let reply = self.reply(request, sender, LONGEST_ANSWER);
            async move {
                let reply = tokio::time::timeout(CHECK_LIMIT, reply).await;
                reply.ok().and_then(std::result::Result::ok).map(|reply| (reply.status, reply.body))
            }
        };
        let (number, subscribed, owner) = futures::join!(
            get(sender.phone_number_id.clone(), check::FIELDS),
            get(format!("{}/subscribed_apps", sender.waba_id), ""),
            get(sender.waba_id.clone(), check::OWNER_FIELDS)
        );
        check::read(number, subscribed, owner, callback_url)
    }

    async fn submit(
        &self,
        sender: &SenderAccess,
        variant: &Variant,
        patience: Option<Duration>,
        again: Timestamp,
    ) -> Submitted {
        let Some(samples) = self.samples(sender, variant).await else {
            return Submitted::Again(again);
        };
        let body = match create_body(variant, &samples, Parameters::Named) {
            Ok(body) => live_for(body, variant, patience),
            // Checked before it was stored; here for completeness.
            Err(error) => {
                return Submitted::Refused { code: "text".to_owned(), words: error.to_string() };
            }
        };
        let path = format!("{}/message_templates", sender.waba_id);
        match self.post(sender, &path, &body).await {
            Ok(reply) => review::submitted(reply.status, &reply.body, again),
            Err(Silence::NotSent(_) | Silence::Lost(_)) => Submitted::Again(again),
        }
    }

    async fn list_templates(&self, sender: &SenderAccess) -> Result<Vec<ProviderTemplate>> {
        let path = format!("{}/{}/message_templates", self.root, sender.waba_id);
        let mut found = Vec::new();
        let mut after = None;
        for _ in 0..review::MOST_PAGES {
            let limit = review::PAGE.to_string();
            let mut request = self
                .client
                .get(&path)
                .query(&[("fields", review::FIELDS), ("limit", limit.as_str())]);
            if let Some(after) = &after {
                request = request.query(&[("after", after)]);
            }
            let reply = self.reply(request, sender, LONGEST_PAGE).await;
            let reply = reply.map_err(|_| Error::Unavailable)?;
            let Some((page, next)) = review::page(&reply.body) else {
                let refused = error::parse(&reply.body).and_then(|e| error::class(e.code));
                return match refused {
                    Some(error::Class::Auth) => Err(Error::Denied),
                    _ => Err(Error::Unavailable),
                };
            };
            found.extend(page);
            if next.is_none() {
                break;
            }
            after = next;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests;
