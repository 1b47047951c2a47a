//! `GET,POST /callbacks/whatsapp/{sender}`: where Meta proves the address and posts receipts and what
//! customers write. 200 means stored; anything else makes Meta send it again, for up to seven days.

use super::gather::Gatherer;
use super::intake::{self, Recent, problem, unavailable};
use crate::provider::whatsapp::callback::{self, Callback, Status, Words};
use crate::security::signature;
use crate::worker::Bell;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use dispatch::channel::Channel;
use dispatch::consent::{ConsentRecord, ConsentSource, Purpose};
use dispatch::error::Result;
use dispatch::id::{AccountId, ConsentId, IdSource, ReceiptId, SenderId};
use dispatch::join::{JoinCode, JoinRequest};
use dispatch::port::{
    CallbackTarget, Inbound, Reach, ReachNews, Receipts, TemplateNews, Templates,
};
use dispatch::receipt::Receipt;
use dispatch::time::{Clock, Timestamp};
use futures::future::BoxFuture;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use std::sync::Arc;

/// Where the platform verifies and posts to.
pub const PATH: &str = "/callbacks/whatsapp/{sender}";

mod email;
mod sms;

/// Longest callback, in bytes (contract §4.1).
pub const LIMIT: usize = 3 * 1024 * 1024;
/// Hex HMAC-SHA256 of the raw body with the app secret, after `sha256=`.
const SIGNATURE_HEADER: &str = "x-hub-signature-256";
/// A challenge is a short number; what is longer is not Meta's.
const LONGEST_CHALLENGE: usize = 256;

/// What one callback leaves behind.
#[derive(Debug, Clone, Default)]
struct Post {
    receipts: Vec<Receipt>,
    inbound: Vec<Inbound>,
}

/// Writes down what the provider says of a sender, its templates and its portfolio. Rare, so not gathered.
pub type Hear =
    Arc<dyn Fn(AccountId, SenderId, News) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// What a callback says besides receipts and words.
#[derive(Debug, Clone)]
pub struct News {
    templates: Vec<TemplateNews>,
    reach: Vec<ReachNews>,
    at: Timestamp,
}

/// A [`Hear`] that writes into the store.
pub fn hear<S: Templates + Reach + ?Sized + 'static>(
    store: Arc<S>,
    ids: Arc<dyn IdSource>,
) -> Hear {
    Arc::new(move |account, sender, news| {
        let (store, ids) = (store.clone(), ids.clone());
        Box::pin(async move {
            if !news.templates.is_empty() {
                store.note_template_news(account, sender, &news.templates, &*ids).await?;
            }
            for reach in &news.reach {
                store.hear_reach(account, sender, reach, news.at).await?;
            }
            Ok(())
        })
    })
}

/// What the callbacks work with.
#[derive(Clone)]
pub struct CallbackState {
    store: Arc<dyn Receipts>,
    hear: Hear,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    writer: Gatherer<Post>,
    wake: Bell,
    /// Public address of this server: what providers sign begins with it.
    base_url: String,
    /// Senders as they were lately.
    recent: Arc<Recent<SenderId, CallbackTarget>>,
}

impl CallbackState {
    /// Starts the task that commits receipts in groups. `wake` is told after each commit.
    #[must_use]
    pub fn new(
        store: Arc<dyn Receipts>,
        hear: Hear,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        wake: Bell,
        base_url: String,
    ) -> Self {
        let receipts = store.clone();
        let writer = Gatherer::start("receipts", move |posts: Vec<Post>| {
            let store = receipts.clone();
            Box::pin(async move {
                let mut all = Post::default();
                for post in posts {
                    all.receipts.extend(post.receipts);
                    all.inbound.extend(post.inbound);
                }
                store.store_receipts(&all.receipts, &all.inbound).await
            })
        });
        Self { store, hear, clock, ids, writer, wake, base_url, recent: Arc::default() }
    }

    async fn find(&self, id: SenderId) -> Result<Option<CallbackTarget>> {
        self.recent.renew(id, self.store.find_sender(id)).await
    }
}

/// The routes, with their state.
pub fn routes<S: Clone + Send + Sync + 'static>(state: CallbackState) -> Router<S> {
    Router::new()
        .route(PATH, get(handshake).post(receive))
        .route(sms::PATH, post(sms::receive))
        .route(email::PATH, post(email::receive))
        .with_state(state)
}

#[derive(Deserialize)]
struct Handshake {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
    #[serde(rename = "hub.verify_token", default)]
    verify_token: String,
}

impl CallbackState {
    /// Commits what a callback left behind; the answer is written after that.
    async fn keep(&self, post: Post) -> Result<Response, Response> {
        if !post.receipts.is_empty() || !post.inbound.is_empty() {
            self.writer.commit(post).await.map_err(|_| unavailable())?;
            self.wake.ring();
        }
        Ok(StatusCode::OK.into_response())
    }
}

async fn handshake(
    State(state): State<CallbackState>,
    Path(sender): Path<String>,
    query: std::result::Result<Query<Handshake>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let forbidden =
        || problem(StatusCode::FORBIDDEN, "The verify token is not the one this sender expects.");
    let (Ok(id), Ok(Query(asked))) = (sender.parse::<SenderId>(), query) else {
        return forbidden();
    };
    // Never from memory: the token is often changed and tried in the same minute.
    let target = match state.find(id).await {
        Ok(Some(target)) => target,
        Ok(None) => return forbidden(),
        Err(_) => return unavailable(),
    };
    let expected = target.verify_token.expose();
    let fits = asked.mode == "subscribe"
        && !expected.is_empty()
        && asked.challenge.len() <= LONGEST_CHALLENGE
        && signature::same_text(expected, &asked.verify_token);
    if !fits {
        return forbidden();
    }
    if let Err(error) = state.store.note_verified(target.account, id, state.clock.now()).await {
        tracing::warn!(sender = %id, %error, "a handshake could not be noted");
    }
    // The challenge is a stranger's text: plain, and not to be taken for anything else.
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asked.challenge).into_response()
}

async fn receive(
    State(state): State<CallbackState>,
    Path(sender): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    counted("whatsapp", take(&state, &sender, &headers, body).await)
}

fn counted(provider: &'static str, answer: Result<Response, Response>) -> Response {
    let response = answer.unwrap_or_else(|response| response);
    metrics::counter!(
        "facteur_callbacks_total",
        "provider" => provider,
        "status" => response.status().as_str().to_owned(),
    )
    .increment(1);
    response
}

/// The sender of an address, perhaps as it was some seconds ago.
struct Known {
    target: CallbackTarget,
    fresh: bool,
}

impl Known {
    /// The sender of an address for one channel.
    async fn find(state: &CallbackState, id: &str, channel: Channel) -> Result<Self, Response> {
        let id = id.parse::<SenderId>().map_err(|_| unknown())?;
        let remembered = state.recent.get(id);
        let fresh = remembered.is_none();
        let found = match remembered {
            Some(target) => Some(target),
            None => state.find(id).await.map_err(|_| unavailable())?,
        };
        let target = found.filter(|target| target.channel == channel).ok_or_else(unknown)?;
        Ok(Self { target, fresh })
    }

    /// Whether the callback proves itself: to the sender as it is now, should it fail with what is remembered. A secret is
    /// often changed and tried at once.
    async fn is_proven(
        &mut self,
        state: &CallbackState,
        proof: impl Fn(&CallbackTarget) -> bool,
    ) -> Result<bool, Response> {
        if proof(&self.target) {
            return Ok(true);
        }
        Ok(self.renew(state).await? && proof(&self.target))
    }

    /// Looks the sender up anew, unless it was just now. Answers whether it did.
    async fn renew(&mut self, state: &CallbackState) -> Result<bool, Response> {
        if self.fresh {
            return Ok(false);
        }
        let found = state.find(self.target.sender).await.map_err(|_| unavailable())?;
        self.target = found.ok_or_else(unknown)?;
        self.fresh = true;
        Ok(true)
    }
}

fn unknown() -> Response {
    problem(StatusCode::NOT_FOUND, "No sender has this address.")
}

async fn take(
    state: &CallbackState,
    sender: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Response> {
    let mut known = Known::find(state, sender, Channel::Whatsapp).await?;
    let body = intake::body(headers, body, LIMIT).await?;
    if !known.is_proven(state, |target| is_signed(target, headers, &body)).await? {
        return Err(problem(
            StatusCode::UNAUTHORIZED,
            "The signature does not fit the sender's app secret; nothing was stored.",
        ));
    }
    let now = state.clock.now();
    let mut callback = understand(&known.target, &body, now);
    // The sender may have got another number meanwhile.
    if callback.foreign > 0 && known.renew(state).await? {
        callback = understand(&known.target, &body, now);
    }
    let target = known.target;
    count(&callback);
    let news = News {
        templates: std::mem::take(&mut callback.templates),
        reach: std::mem::take(&mut callback.reach),
        at: now,
    };
    if !news.templates.is_empty() || !news.reach.is_empty() {
        let heard = (state.hear)(target.account, target.sender, news);
        heard.await.map_err(|_| unavailable())?;
    }
    let joins = joins(state, &callback, &target, now).await.map_err(|_| unavailable())?;
    let post = address(callback, joins, &target, now, &*state.ids);
    state.keep(post).await
}

/// Signed and not a callback: sending it again for a week would not make it one.
fn understand(target: &CallbackTarget, body: &[u8], now: Timestamp) -> Callback {
    let read = callback::parse(body, &target.phone_number_id, &target.waba_id, now);
    read.unwrap_or_else(|error| {
        tracing::warn!(sender = %target.sender, %error, "a signed callback was not understood");
        Callback { other: 1, ..Callback::default() }
    })
}

fn is_signed(target: &CallbackTarget, headers: &HeaderMap, body: &[u8]) -> bool {
    headers
        .get(SIGNATURE_HEADER)
        .and_then(|value| value.to_str().ok()?.strip_prefix("sha256="))
        .is_some_and(|given| signature::verify_hex([target.app_secret.expose()], body, given))
}

fn count(callback: &Callback) {
    for (what, number) in [
        ("receipt", callback.receipts.len()),
        ("inbound", callback.inbound.len()),
        ("template", callback.templates.len()),
        ("reach", callback.reach.len()),
        ("foreign", callback.foreign),
        ("other", callback.other),
    ] {
        if number > 0 {
            metrics::counter!("facteur_callback_entries_total", "what" => what)
                .increment(number as u64);
        }
    }
}

/// The request of the brand's sign-up page that each of the words confirms: those with a code that was made
/// for the number they came from.
async fn joins(
    state: &CallbackState,
    callback: &Callback,
    target: &CallbackTarget,
    now: Timestamp,
) -> Result<Vec<Option<JoinRequest>>> {
    let mut joins = Vec::new();
    for words in &callback.inbound {
        joins.push(match (JoinCode::find_in(&words.text), &words.from) {
            (Some(code), Some(from)) => {
                state.store.open_join(target.account, target.brand, code, from, now).await?
            }
            _ => None,
        });
    }
    Ok(joins)
}

/// Gives what was read its owner, its ids and the moment of its arrival.
fn address(
    callback: Callback,
    joins: Vec<Option<JoinRequest>>,
    target: &CallbackTarget,
    now: Timestamp,
    ids: &dyn IdSource,
) -> Post {
    let receipt = |status: Status| Receipt {
        account: target.account,
        id: ReceiptId::mint(now, ids),
        sender: target.sender,
        attempt: status.attempt,
        provider_id: status.provider_id,
        kind: status.kind,
        // A clock that runs ahead of ours counts as ours.
        occurred_at: status.occurred_at.map_or(now, |at| at.min(now)),
        received_at: now,
        code: status.code,
        detail: status.detail,
    };
    let inbound = |(words, join): (Words, Option<JoinRequest>)| Inbound {
        account: target.account,
        sender: target.sender,
        consent: match (&join, &words.from) {
            (Some(join), Some(from)) => join.records(from, &words.provider_id, now, ids),
            _ => said(&words, (target, Channel::Whatsapp), now, ids),
        },
        confirms: join.map(|join| join.id),
        provider_id: words.provider_id,
        from: words.from,
        text: words.text,
        received_at: now,
    };
    Post {
        receipts: callback.receipts.into_iter().map(receipt).collect(),
        inbound: callback.inbound.into_iter().zip(joins).map(inbound).collect(),
    }
}

/// What the words mean for consent: a no ends every purpose, a yes allows the news, and a switch in the app is about what it
/// says.
fn said(
    words: &Words,
    (target, channel): (&CallbackTarget, Channel),
    now: Timestamp,
    ids: &dyn IdSource,
) -> Vec<ConsentRecord> {
    let (Some(kind), Some(from)) = (words.consent, &words.from) else { return Vec::new() };
    let (purposes, source) = match &words.about {
        Some(purpose) => (std::slice::from_ref(purpose), ConsentSource::Provider),
        None => (Purpose::meant_by(kind), ConsentSource::Keyword),
    };
    let record = |purpose: &Purpose| ConsentRecord {
        purpose: *purpose,
        text: words.text.clone(),
        proof: Some(words.provider_id.clone()),
        ..ConsentRecord::new(
            ConsentId::mint(now, ids),
            target.brand,
            channel,
            from,
            kind,
            source,
            now,
        )
    };
    purposes.iter().map(record).collect()
}

#[cfg(test)]
mod tests;
