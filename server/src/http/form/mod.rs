//! Forms: ordinary POSTs to a page's own path.
//!
//! Which form has which fields is written down once, in [`app::act`]; here is what they do. A form that
//! did what it says answers 303 to a page that tells so (`?done=`); a refused one answers with the same
//! page, what was typed and what is wrong: 422, or 403, 404, 409, 429, 503 where those are the reason.
//! Passwords and keys are never shown again. A form of somebody who was signed out meanwhile answers 401 with
//! a page that carries it, to be sent once more.
//!
//! To add a form: its act and fields in `app::act`, a branch in the function of its page below, and
//! where the page is new, a line in `route`.

pub mod account;
pub mod brand;
pub mod connection;
pub mod consent;
pub mod enter;
pub mod messages;
pub mod preferences;
pub mod simulate;
pub mod template;
pub mod tracking;
pub mod upload;

use super::error::{field_and_code, fields_and_codes};
use super::page;
use super::request::client_address;
use super::session::Visit;
use super::state::AppState;
use super::viewer;
use app::backend::{Guest, Handover};
use app::form::{ACT, DONE, FAULT, FormState, LEFT_OUT, MIB, Stop};
use app::route::with_query;
use axum::body::{Body, BodyDataStream};
use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::response::{IntoResponse, Redirect, Response};
use dispatch::error::{Error, Result};
use dispatch::id::UserId;
use dispatch::source::Secret;
use dispatch::tenant::Viewer;
use dispatch::usecase::Ports;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use http::request::Parts;
use http::{HeaderValue, Request, StatusCode, header};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tower_sessions::Session;

/// The largest form: 100 kB of any letters pasted into a template, each of which may need nine bytes to travel.
pub const LARGEST: usize = 1024 * 1024;

/// Bytes of a form that is too large which are read past, so that the browser hears the answer: one that is
/// hung up on while it sends shows a page of its own.
const PAST: usize = 64 * 1024 * 1024;
/// How long reading past may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Most fields that wait for somebody to sign in again: a matrix of every country has fewer.
const MOST_KEPT: usize = 5_000;

/// Fields whose text is never sent back.
const SECRET: [&str; 6] =
    ["password", "current_password", "secret", "access_token", "app_secret", "verify_token"];

/// A form that was sent, with who sent it.
pub struct Sent {
    /// The shared half of every request.
    pub state: AppState,
    /// The sender's session.
    pub visit: Visit,
    /// The sender, when signed in.
    pub guest: Option<Guest>,
    parts: Parts,
    path: Vec<(String, String)>,
    fields: Vec<(String, String)>,
    files: Vec<upload::File>,
    /// Fields whose text has become another, because a file was made of them.
    made: OnceLock<Vec<(&'static str, String)>>,
}

/// What follows a form that did what it says.
pub enum Done {
    /// A page, by its local address.
    See(String),
    /// The same page with what was typed: the form only asked.
    Again,
}

/// Why a form did nothing.
pub enum Refusal {
    /// The core says no.
    Error(Error),
    /// A file with lines that cannot be taken: what is wrong with each, as [`FAULT`] writes it.
    Faults(Vec<String>),
    /// Too often; again after this.
    Throttled(Duration),
    /// Nobody is signed in.
    SignedOut,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Why a form's body was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It holds more bytes than this.
    TooLarge(u64),
    /// It ended too early, or is no form.
    Cut,
}

/// How a form ends.
pub type Outcome = std::result::Result<Done, Refusal>;

impl Sent {
    /// The action that is meant.
    #[must_use]
    pub fn act(&self) -> &str {
        self.text(ACT)
    }

    /// A field's text; empty when it was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text)
    }

    /// A field's text as it goes into inputs.
    #[must_use]
    pub fn owned(&self, name: &str) -> String {
        self.text(name).to_owned()
    }

    /// A field that must not be printed.
    #[must_use]
    pub fn secret(&self, name: &str) -> Secret {
        Secret::new(self.owned(name))
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// Every text of a field that is sent once per ticked box.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, text)| text.clone())
            .collect()
    }

    /// A file that was chosen.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.iter().find(|file| file.field == name).map(|file| file.bytes.as_slice())
    }

    /// The same with what it was called.
    #[must_use]
    pub fn chosen(&self, name: &str) -> Option<&upload::File> {
        self.files.iter().find(|file| file.field == name)
    }

    /// Puts other texts into fields, once: what a file that was sent has become.
    pub fn put(&self, made: Vec<(&'static str, String)>) {
        // Nothing puts twice.
        let _ = self.made.set(made);
    }

    /// Every field with its text, in the order of the form.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let made = self.made.get().map(Vec::as_slice).unwrap_or_default();
        self.fields.iter().map(move |(name, text)| {
            let other = made.iter().find(|(field, _)| field == name);
            (name.as_str(), other.map_or(text.as_str(), |(_, text)| text.as_str()))
        })
    }

    /// A variable part of the path.
    #[must_use]
    pub fn path(&self, name: &str) -> &str {
        self.path.iter().find(|(part, _)| part == name).map_or("", |(_, text)| text)
    }

    /// A parameter of the page's query.
    #[must_use]
    pub fn query(&self, name: &str) -> String {
        let query = self.parts.uri.query().unwrap_or_default();
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    }

    /// A header's text.
    #[must_use]
    pub fn header(&self, name: header::HeaderName) -> &str {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A cookie's value.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        app::request::cookie(&self.parts, name)
    }

    /// The sender's address.
    #[must_use]
    pub fn address(&self) -> String {
        client_address(&self.parts.extensions, &self.parts.headers)
    }

    /// What use cases work with.
    #[must_use]
    pub fn ports(&self) -> Ports<'_> {
        self.state.ports()
    }

    /// The sender, on a form that needs one.
    ///
    /// # Errors
    /// `SignedOut`.
    pub fn guest(&self) -> std::result::Result<&Guest, Refusal> {
        self.guest.as_ref().ok_or(Refusal::SignedOut)
    }

    /// The sender's rights, on a form that needs some.
    ///
    /// # Errors
    /// `SignedOut`.
    pub fn viewer(&self) -> std::result::Result<&Viewer, Refusal> {
        self.guest().map(|guest| &guest.viewer)
    }

    /// The sender.
    ///
    /// # Errors
    /// `SignedOut`.
    pub fn user(&self) -> std::result::Result<UserId, Refusal> {
        self.guest().map(|guest| guest.user.id)
    }

    /// Looks whether a brand is one of the account's: the page itself would show another one instead.
    ///
    /// # Errors
    /// `SignedOut`, `NotFound`.
    pub fn own_brand(&self, brand: &str) -> std::result::Result<(), Refusal> {
        let brands = &self.guest()?.brands;
        let is_one = brands.iter().any(|each| each.id.to_string() == brand);
        if is_one { Ok(()) } else { Err(Error::NotFound.into()) }
    }

    /// The same page, which says what was done.
    #[must_use]
    pub fn same_page(&self, done: &str) -> Done {
        self.same_page_with(done, &[])
    }

    /// The same page, which says what was done and knows more about it. Questions that the form has
    /// answered (a dialog, a proposal) are asked no more.
    #[must_use]
    pub fn same_page_with(&self, done: &str, more: &[(&str, &str)]) -> Done {
        const ANSWERED: [&str; 8] =
            [DONE, ACT, "activate", "copy", "to", "restore", "silence", "change"];
        let query = self.parts.uri.query().unwrap_or_default();
        let kept = url::form_urlencoded::parse(query.as_bytes())
            .filter(|(key, _)| !ANSWERED.contains(&key.as_ref()))
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
            .collect::<Vec<_>>();
        let mut pairs: Vec<(&str, &str)> =
            kept.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        pairs.extend_from_slice(more);
        pairs.push((DONE, done));
        Done::See(with_query(self.parts.uri.path(), &pairs))
    }

    /// Another page, which says what was done.
    #[must_use]
    pub fn page(path: &str, done: &str) -> Done {
        Done::See(with_query(path, &[(DONE, done)]))
    }

    /// Carries a secret to the next page.
    ///
    /// # Errors
    /// `SignedOut`, `Unavailable`.
    pub async fn hand_over(&self, handover: &Handover) -> std::result::Result<(), Refusal> {
        Ok(self.visit.hand_over(&self.state, self.user()?, handover).await?)
    }

    /// What was typed, without what is never sent back.
    fn shown_again(&self) -> Vec<(String, String)> {
        let open = |(name, _): &(&str, &str)| *name != LEFT_OUT && !is_secret(name);
        let owned = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
        self.pairs().filter(open).map(owned).collect()
    }

    /// Whether something was sent that is never sent back, now or before the sender signed in again.
    fn is_kept_in_part(&self) -> bool {
        let left_out = |(name, text): &(String, String)| is_secret(name) && !text.is_empty();
        !self.files.is_empty() || self.ticked(LEFT_OUT) || self.fields.iter().any(left_out)
    }

    fn form_state(&self, faults: &[(&str, &str)]) -> FormState {
        let errors = faults.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned()));
        FormState { errors: errors.collect(), values: self.shown_again() }
    }
}

fn is_secret(name: &str) -> bool {
    SECRET.contains(&name)
}

/// An act the page does not have: an old page, or no page of ours.
///
/// # Errors
/// Always: `Invalid`.
pub fn unknown_act() -> Outcome {
    Err(Error::invalid("", "expired").into())
}

/// A local address from a form or query; the overview for any other.
#[must_use]
pub fn local(address: &str) -> &str {
    let inside = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains('\\')
        && !address.chars().any(char::is_control);
    if inside { address } else { app::route::HOME }
}

/// Makes a POST handler of a page's function.
pub fn handler<F, Fut>(
    submit: F,
) -> impl Fn(State<AppState>, Session, Request<Body>) -> BoxFuture<'static, Response>
+ Clone
+ Send
+ Sync
+ 'static
where
    F: Fn(Arc<Sent>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Outcome> + Send + 'static,
{
    move |State(state), session, request| Box::pin(handle(state, session, request, false, submit))
}

/// The same for a page one of whose forms carries a file; its body may be [`upload::LARGEST`].
pub fn with_files<F, Fut>(
    submit: F,
) -> impl Fn(State<AppState>, Session, Request<Body>) -> BoxFuture<'static, Response>
+ Clone
+ Send
+ Sync
+ 'static
where
    F: Fn(Arc<Sent>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Outcome> + Send + 'static,
{
    move |State(state), session, request| Box::pin(handle(state, session, request, true, submit))
}

async fn handle<F, Fut>(
    state: AppState,
    session: Session,
    request: Request<Body>,
    files: bool,
    submit: F,
) -> Response
where
    F: Fn(Arc<Sent>) -> Fut,
    Fut: Future<Output = Outcome>,
{
    let sent = match receive(state, session, request, files).await {
        Ok(sent) => Arc::new(sent),
        Err(response) => return response,
    };
    let outcome = if sent.guest.is_some() && sent.ticked(LEFT_OUT) {
        Err(Error::invalid("", LEFT_OUT).into())
    } else {
        submit(sent.clone()).await
    };
    answer(&sent, outcome).await
}

async fn receive(
    state: AppState,
    session: Session,
    request: Request<Body>,
    files: bool,
) -> std::result::Result<Sent, Response> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::new(session);
    let path = RawPathParams::from_request_parts(&mut parts, &state)
        .await
        .map_err(IntoResponse::into_response)?
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut body = body.into_data_stream();
    let guest = viewer::guest(&state, &visit).await;
    let read = if files && upload::is_multipart(&parts.headers) {
        // Nobody who is not signed in makes us keep much.
        let is_known = guest.as_ref().is_ok_and(Option::is_some);
        let kept = if is_known { state.site.largest_file() } else { upload::KEPT };
        upload::read(&parts.headers, &mut body, kept).await
    } else {
        texts(&mut body).await.map(|fields| (fields, Vec::new()))
    };
    let (fields, files) = match read {
        Ok(read) => read,
        Err(unread) => return Err(say_unread(&state, parts, body, unread).await),
    };
    let guest = match guest {
        Ok(guest) => guest,
        Err(error) => {
            let form = FormState::refused("", field_and_code(&error).1, Vec::new());
            return Err(page::refuse(&state, &visit, None, parts, &error, form).await);
        }
    };
    let made = OnceLock::new();
    Ok(Sent { state, visit, guest, parts, path, fields, files, made })
}

/// The fields of an ordinary form.
async fn texts(body: &mut BodyDataStream) -> std::result::Result<Vec<(String, String)>, Unread> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Unread::Cut)?;
        if bytes.len() + chunk.len() > LARGEST {
            return Err(Unread::TooLarge(LARGEST as u64));
        }
        bytes.extend_from_slice(&chunk);
    }
    let fields = url::form_urlencoded::parse(&bytes);
    Ok(fields.map(|(name, text)| (name.into_owned(), text.into_owned())).collect())
}

/// The page that says why a form was not read.
async fn say_unread(
    state: &AppState,
    parts: Parts,
    body: BodyDataStream,
    unread: Unread,
) -> Response {
    let (status, stop, values) = match unread {
        Unread::TooLarge(bytes) => {
            let mib = (MIB.to_owned(), (bytes / (1024 * 1024)).to_string());
            (StatusCode::PAYLOAD_TOO_LARGE, Stop::TooLarge, vec![mib])
        }
        Unread::Cut => (StatusCode::BAD_REQUEST, Stop::Cut, Vec::new()),
    };
    read_past(body).await;
    page::stopped(state, parts, status, FormState::refused("", stop.code(), values)).await
}

/// Reads what is left of a body and forgets it, within bounds.
pub async fn read_past(mut body: BodyDataStream) {
    let reading = async {
        let mut past = 0;
        while let Some(Ok(chunk)) = body.next().await {
            past += chunk.len();
            if past > PAST {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(PATIENCE, reading).await;
}

async fn answer(sent: &Sent, outcome: Outcome) -> Response {
    let (error, faults) = match &outcome {
        Ok(Done::See(address)) => return Redirect::to(address).into_response(),
        Ok(Done::Again) => {
            let form = FormState { errors: Vec::new(), values: sent.shown_again() };
            let (visit, guest) = (&sent.visit, sent.guest.clone());
            let parts = sent.parts.clone();
            return page::again(&sent.state, visit, guest, parts, StatusCode::OK, form).await;
        }
        Err(Refusal::SignedOut) => return keep_for_later(sent).await,
        Err(Refusal::Faults(_)) => {
            (&Error::Invalid { field: "file", reason: "lines" }, vec![("file", "lines")])
        }
        Err(Refusal::Throttled(_)) => (&Error::Unavailable, vec![("", "throttled")]),
        Err(Refusal::Error(error)) => (error, fields_and_codes(error)),
    };
    if matches!(error, Error::Corrupt) {
        tracing::error!(act = sent.act(), "stored data contradicts itself");
    }
    let mut form = sent.form_state(&faults);
    if let Err(Refusal::Faults(faults)) = &outcome {
        form.values.extend(faults.iter().map(|fault| (FAULT.to_owned(), fault.clone())));
    }
    let (visit, guest) = (&sent.visit, sent.guest.clone());
    let mut response =
        page::refuse(&sent.state, visit, guest, sent.parts.clone(), error, form).await;
    if let Err(Refusal::Throttled(wait)) = outcome {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        let seconds = wait.as_secs_f64().ceil().max(1.0);
        if let Ok(value) = HeaderValue::from_str(&format!("{seconds:.0}")) {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
    }
    response
}

/// Nobody is signed in any more: what was typed comes back in a page from which it can be sent again.
async fn keep_for_later(sent: &Sent) -> Response {
    if sent.fields.len() > MOST_KEPT {
        return page::sign_in_first(&sent.parts);
    }
    let mut form = sent.form_state(&[("", Stop::SignedOut.code())]);
    if sent.is_kept_in_part() {
        form.values.push((LEFT_OUT.to_owned(), "on".to_owned()));
    }
    page::stopped(&sent.state, sent.parts.clone(), StatusCode::UNAUTHORIZED, form).await
}

/// Reads a list of cells as the matrix sends them: `FR:delivered`.
fn cells(texts: &[String]) -> Result<Vec<(String, String)>> {
    texts
        .iter()
        .map(|text| {
            let (country, status) = text.split_once(':').ok_or(Error::invalid("cell", "format"))?;
            Ok((country.to_owned(), status.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_addresses_are_followed() {
        assert_eq!(local("/messages?q=1"), "/messages?q=1");
        for bad in ["https://odd.example", "//odd.example", "/\\odd.example", "", "a", "/a\nb"] {
            assert_eq!(local(bad), "/", "{bad:?}");
        }
    }
}
