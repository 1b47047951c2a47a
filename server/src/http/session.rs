//! Sessions: a random id in a cookie, its hash and what it carries in our own table.
//!
//! Nothing is stored for a visitor who only looks: a row begins with the first thing worth keeping.
//! Rows end after 14 days without a request.

use super::state::AppState;
use app::backend::{Handover, HandoverKind};
use async_trait::async_trait;
use dispatch::id::{AccountId, UserId};
use dispatch::port::{SessionRow, SessionRows};
use dispatch::time::{Clock, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

/// The cookie's name.
pub const COOKIE: &str = "facteur_session";

const DAYS: i64 = 14;
const GOOD_FOR: Duration = Duration::from_secs(14 * 24 * 3600);
/// A session is written again after so long: the list of sessions is exact enough, and reading pages
/// costs no write.
const NOTE_AFTER: Duration = Duration::from_secs(300);

const USER: &str = "user";
const ACCOUNT: &str = "account";
const AGENT: &str = "agent";
const SINCE: &str = "since";
const SEEN: &str = "seen";
const HANDOVER: &str = "handover";

/// Reads and writes the cookie around every route that knows sessions.
pub fn layer(state: &AppState) -> SessionManagerLayer<Rows> {
    let rows = Rows { rows: state.sessions.clone(), clock: state.clock.clone() };
    SessionManagerLayer::new(rows)
        .with_name(COOKIE)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(state.is_https())
        .with_expiry(Expiry::OnInactivity(tower_sessions::cookie::time::Duration::days(DAYS)))
}

/// The library's store over our rows.
#[derive(Clone)]
pub struct Rows {
    rows: Arc<dyn SessionRows>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rows")
    }
}

/// SHA-256 of a session's id: what is stored, and what names it in lists.
fn hash(id: &Id) -> String {
    hex::encode(Sha256::digest(id.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
fn backend(error: dispatch::error::Error) -> Error {
    Error::Backend(error.to_string())
}

impl Rows {
    fn row(&self, record: &Record) -> Result<SessionRow> {
        let now = self.clock.now();
        let read = |key: &str| record.data.get(key);
        let time = |key: &str| {
            read(key).and_then(serde_json::Value::as_i64).map_or(now, Timestamp::from_micros)
        };
        Ok(SessionRow {
            id_hash: hash(&record.id),
            user: read(USER).and_then(|id| id.as_str()?.parse().ok()),
            agent: read(AGENT).and_then(|text| text.as_str()).unwrap_or_default().to_owned(),
            created_at: time(SINCE),
            seen_at: time(SEEN),
            expires_at: now.plus(GOOD_FOR),
            data: serde_json::to_string(&record.data)
                .map_err(|error| Error::Encode(error.to_string()))?,
        })
    }
}

#[async_trait]
impl SessionStore for Rows {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // 128 random bits: two equal ids do not happen.
        self.rows.save(&self.row(record)?).await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // A session that was ended meanwhile stays ended: a request under way must not undo
        // "sign out everywhere".
        let row = self.row(record)?;
        match self.rows.load(&row.id_hash, self.clock.now()).await.map_err(backend)? {
            Some(_) => self.rows.save(&row).await.map_err(backend),
            None => Ok(()),
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row = self.rows.load(&hash(id), self.clock.now()).await.map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        let data =
            serde_json::from_str(&row.data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = tower_sessions::cookie::time::OffsetDateTime::from_unix_timestamp(
            row.expires_at.seconds(),
        )
        .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.rows.delete(&hash(id)).await.map_err(backend)
    }
}

/// A visitor's session, in words.
#[derive(Clone)]
pub struct Visit {
    session: Session,
}

/// A failure of the session's store: the visitor is told to try again.
#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
fn unavailable(error: tower_sessions::session::Error) -> dispatch::error::Error {
    tracing::error!(error = %error, "session not read or written");
    dispatch::error::Error::Unavailable
}

impl Visit {
    /// Of a request.
    #[must_use]
    pub const fn new(session: Session) -> Self {
        Self { session }
    }

    /// The hash that names this session in lists.
    #[must_use]
    pub fn handle(&self) -> Option<String> {
        self.session.id().map(|id| hash(&id))
    }

    async fn read<T: serde::de::DeserializeOwned>(
        &self,
        key: &str,
    ) -> dispatch::error::Result<Option<T>> {
        self.session.get(key).await.map_err(unavailable)
    }

    async fn write(&self, key: &str, value: impl Serialize + Send) -> dispatch::error::Result<()> {
        self.session.insert(key, value).await.map_err(unavailable)
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn user(&self) -> dispatch::error::Result<Option<UserId>> {
        if self.session.id().is_none() {
            return Ok(None);
        }
        self.read(USER).await
    }

    /// The account they opened last.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn account(&self) -> dispatch::error::Result<Option<AccountId>> {
        self.read(ACCOUNT).await
    }

    /// Signs somebody in under a new id: one that was known before is worth nothing.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn sign_in(
        &self,
        user: UserId,
        agent: &str,
        now: Timestamp,
    ) -> dispatch::error::Result<()> {
        self.session.cycle_id().await.map_err(unavailable)?;
        self.session.clear().await;
        self.write(USER, user).await?;
        self.write(AGENT, agent.chars().take(200).collect::<String>()).await?;
        self.write(SINCE, now.micros()).await?;
        self.write(SEEN, now.micros()).await
    }

    /// Signs out, here.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn sign_out(&self) -> dispatch::error::Result<()> {
        if self.session.id().is_none() {
            return Ok(());
        }
        self.session.flush().await.map_err(unavailable)
    }

    /// Opens one of the person's accounts.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn open_account(&self, account: AccountId) -> dispatch::error::Result<()> {
        self.write(ACCOUNT, account).await
    }

    /// Notes that the session is in use, and by that keeps it for another 14 days.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn note_seen(&self, now: Timestamp) -> dispatch::error::Result<()> {
        let seen = self.read::<i64>(SEEN).await?.map_or(now, Timestamp::from_micros);
        if now.since(seen) >= NOTE_AFTER { self.write(SEEN, now.micros()).await } else { Ok(()) }
    }

    /// Carries a secret to the next page, sealed for this person.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn hand_over(
        &self,
        state: &AppState,
        user: UserId,
        handover: &Handover,
    ) -> dispatch::error::Result<()> {
        let sealed = state
            .sealer
            .seal(&context(user), &handover.text)
            .map_err(|_| dispatch::error::Error::Corrupt)?;
        self.write(HANDOVER, Parcel { kind: word(handover.kind).to_owned(), sealed }).await
    }

    /// Takes what the form before this page handed over; the second time there is nothing.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn take_handover(
        &self,
        state: &AppState,
        user: UserId,
    ) -> dispatch::error::Result<Option<Handover>> {
        let Some(parcel) = self.read::<Parcel>(HANDOVER).await? else { return Ok(None) };
        self.session.remove_value(HANDOVER).await.map_err(unavailable)?;
        // Sealed under an older key: nothing to show, and nothing lost but the sight of it.
        let Ok(text) = state.sealer.open(&context(user), &parcel.sealed) else { return Ok(None) };
        let kind = KINDS.into_iter().find(|kind| word(*kind) == parcel.kind);
        Ok(kind.map(|kind| Handover { kind, text }))
    }
}

#[derive(Serialize, Deserialize)]
struct Parcel {
    kind: String,
    sealed: String,
}

const KINDS: [HandoverKind; 3] =
    [HandoverKind::ApiKey, HandoverKind::ConnectionSecret, HandoverKind::InvitationLink];

const fn word(kind: HandoverKind) -> &'static str {
    match kind {
        HandoverKind::ApiKey => "api_key",
        HandoverKind::ConnectionSecret => "connection_secret",
        HandoverKind::InvitationLink => "invitation_link",
    }
}

fn context(user: UserId) -> String {
    format!("handover:{user}")
}
