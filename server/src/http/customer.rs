//! `/u/{token}`: the page a customer's link opens, and what is pressed there.
//!
//! The token is the whole authority: there is no session and no cookie, so a form from anywhere does no more
//! than whoever holds the link could do anyway, and one click from a mail program works. What opens nothing
//! is answered alike, whether it was forged, cut off, or belongs to a brand that is gone.

use super::public::{Form, Visit, html, private};
use super::state::AppState;
use crate::security::link::Customer;
use app::form::ACT;
use app::public::{Chosen, CustomerPage, Look, Notice, channel_name, chosen, customer_page};
use app::route::with_query;
use app::text::public::{PublicText, Tongue};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use dispatch::channel::Channel;
use dispatch::consent::{ConsentKind, ConsentSource, Purpose, channels_of};
use dispatch::error::Error;
use dispatch::id::ConsentId;
use dispatch::usecase::{Wish, Wording, choose_messages};
use dispatch::view::{FaceView, ReceivedView};
use dispatch::zone;
use http::{Request, StatusCode};
use std::collections::BTreeSet;

/// Where a customer's link leads.
pub const PATH: &str = "/u/{token}";

/// Version of the page's words, which the ledger keeps; changes whenever they do.
const WORDS_VERSION: &str = "page-2026-11b";

/// The largest form: a choice has about a tenth of it.
const LARGEST: usize = 8 * 1024;

/// Messages on the page: with the longest texts it still weighs less than 100 kB.
const MOST_MESSAGES: i64 = 20;

/// `GET /u/{token}`
pub async fn show(
    State(state): State<AppState>,
    Path(token): Path<String>,
    request: Request<Body>,
) -> Response {
    let (parts, _) = request.into_parts();
    let visit = Visit { state: &state, parts: &parts };
    if let Some(refused) = visit.throttled() {
        return refused;
    }
    let found = match visit.open(&token).await {
        Ok(found) => found,
        Err(refused) => return refused,
    };
    let done = Notice::from_word(&visit.query("done"))
        .map(|notice| (notice, visit.query("undo").parse::<ConsentId>().ok()));
    visit.page(&found, &token, done).await
}

/// `POST /u/{token}`: a form of the page, or the one click of a mail program (RFC 8058).
pub async fn choose(
    State(state): State<AppState>,
    Path(token): Path<String>,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let visit = Visit { state: &state, parts: &parts };
    if let Some(refused) = visit.throttled() {
        return refused;
    }
    let Ok(body) = axum::body::to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let found = match visit.open(&token).await {
        Ok(found) => found,
        Err(refused) => return refused,
    };
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let form = Form(&fields);
    let one_click = form.text("List-Unsubscribe") == "One-Click";
    let tongue = Tongue::from_code(form.text("lang"));
    let tongue = match tongue {
        Some(tongue) => tongue,
        None => visit.tongue(&found, &[]),
    };
    let Some((wish, notice, text)) = wish(&form, one_click, PublicText(tongue)) else {
        return visit.page(&found, &token, None).await;
    };
    // A sample has nobody whose word could be kept.
    let Some(address) = found.customer.address.as_deref() else {
        return back(&token, tongue, notice, None);
    };
    let version = format!("{WORDS_VERSION}/{}", tongue.code());
    let source = if one_click { ConsentSource::Link } else { ConsentSource::Page };
    let wording = Wording { text: &text, version: &version, source };
    let made = choose_messages(&state.ports(), &found.face, address, &wish, wording).await;
    match made {
        // A mail program follows no redirect, and wants to know that it is done.
        Ok(change) if one_click => visit.page(&found, &token, Some((notice, change))).await,
        Ok(None) => back(&token, tongue, Notice::Nothing, None),
        Ok(Some(_)) if matches!(wish, Wish::Undo(_)) => back(&token, tongue, notice, None),
        Ok(Some(change)) => back(&token, tongue, notice, Some(change)),
        Err(error) => visit.failed(&error),
    }
}

/// To the page again, so that loading it anew sends nothing twice.
fn back(token: &str, tongue: Tongue, notice: Notice, change: Option<ConsentId>) -> Response {
    let change = change.map(|change| change.to_string()).unwrap_or_default();
    let query = [("lang", tongue.code()), ("done", notice.word()), ("undo", change.as_str())];
    private(Redirect::to(&with_query(&format!("/u/{token}"), &query)).into_response())
}

/// What was pressed: the wish, what is said afterwards, and the words on the button. None for a form the
/// page does not have.
fn wish(form: &Form<'_>, one_click: bool, t: PublicText) -> Option<(Wish, Notice, String)> {
    if one_click {
        return Some((Wish::StopAll, Notice::Stopped, "List-Unsubscribe=One-Click".to_owned()));
    }
    let channel = || form.text("channel").parse::<Channel>().ok();
    Some(match form.text(ACT) {
        "stop_all" => (Wish::StopAll, Notice::Stopped, t.page_stop_all().to_owned()),
        "stop" => {
            let channel = channel()?;
            (Wish::Stop(channel), Notice::StoppedOne, t.page_stop(channel_name(t, channel)))
        }
        "resume" => {
            let channel = channel()?;
            (Wish::Resume(channel), Notice::Resumed, t.page_resume(channel_name(t, channel)))
        }
        "stop_advertising" => {
            let words = t.page_stop_advertising().to_owned();
            (Wish::StopAdvertising, Notice::Saved, words)
        }
        "undo" => {
            let change = form.text("change").parse().ok()?;
            (Wish::Undo(change), Notice::Undone, t.page_undo().to_owned())
        }
        "choose" => match chosen(form.text("choice"), &form.all("status"))? {
            Chosen::Nothing => (Wish::StopAll, Notice::Stopped, t.page_nothing().to_owned()),
            Chosen::Without(silent) => {
                let words = match form.text("choice") {
                    "all" => t.page_all(),
                    "essential" => t.page_essential(),
                    _ => t.page_own(),
                };
                (Wish::Choose(silent), Notice::Saved, words.to_owned())
            }
        },
        _ => return None,
    })
}

/// A brand and who stands before it.
struct Found {
    customer: Customer,
    face: FaceView,
}

impl Visit<'_> {
    /// Whose page it is; the neutral answer when it is nobody's.
    async fn open(&self, token: &str) -> Result<Found, Response> {
        let unknown = || {
            let t = PublicText(self.browsers_tongue().unwrap_or_default());
            self.says(StatusCode::NOT_FOUND, t, t.page_unknown_title(), t.page_unknown_words())
        };
        let customer = self.state.links.open(token).ok_or_else(unknown)?;
        let face = self.state.store.find_face(customer.brand).await;
        let face = face.map_err(|error| self.failed(&error))?.ok_or_else(unknown)?;
        Ok(Found { customer, face })
    }

    /// As asked for, else that of the newest message, else the brand's.
    fn tongue(&self, found: &Found, received: &[ReceivedView]) -> Tongue {
        Tongue::from_code(&self.query("lang"))
            .or_else(|| Tongue::from_code(received.first()?.language.code()))
            .or_else(|| Tongue::from_code(found.face.language.code()))
            .or_else(|| self.browsers_tongue())
            .unwrap_or_default()
    }

    async fn page(
        &self,
        found: &Found,
        token: &str,
        done: Option<(Notice, Option<ConsentId>)>,
    ) -> Response {
        match self.model(found, token, done).await {
            Ok(page) => {
                let nonce = page.nonce.clone();
                html(StatusCode::OK, &nonce, customer_page(&page))
            }
            Err(error) => self.failed(&error),
        }
    }

    async fn model(
        &self,
        found: &Found,
        token: &str,
        done: Option<(Notice, Option<ConsentId>)>,
    ) -> Result<CustomerPage, Error> {
        let (face, store) = (&found.face, &self.state.store);
        let Some(address) = &found.customer.address else {
            return Ok(self.sample(found, token, done));
        };
        let (stands, received) = futures::try_join!(
            store.position(face.account, face.brand, address),
            store.received(face.account, face.brand, address, MOST_MESSAGES)
        )?;
        let reached = channels_of(address);
        // Where the brand writes, has written, or was told not to.
        let shown = |channel: &Channel| {
            face.channels.contains(channel)
                || received.iter().any(|message| message.channel == *channel)
        };
        let mut channels: Vec<Channel> = reached.iter().copied().filter(shown).collect();
        if channels.is_empty() {
            channels.extend(reached.first());
        }
        let since = |channel: Channel| {
            let said = stands.said.get(&(channel, Purpose::Tracking))?;
            (said.kind == ConsentKind::OptOut).then_some(said.since)
        };
        let advertising = reached
            .iter()
            .any(|channel| stands.kind(*channel, Purpose::Marketing) == Some(ConsentKind::OptIn));
        let tongue = self.tongue(found, &received);
        let local = |message: ReceivedView| {
            let zone = zone::of_country(message.country);
            let local = self.state.zones.local(zone, message.at);
            (message, local)
        };
        Ok(CustomerPage {
            tongue,
            path: format!("/u/{token}"),
            look: Look::of(face),
            privacy: app::route::privacy(face.brand),
            contact: face.whatsapp_number.clone(),
            address: Some(address.clone()),
            channels: channels.into_iter().map(|channel| (channel, since(channel))).collect(),
            advertising,
            silent: stands.silent_on(reached),
            received: received.into_iter().map(local).collect(),
            done,
            nonce: self.nonce(),
        })
    }

    /// What the merchant sees: the page with nobody's messages.
    fn sample(
        &self,
        found: &Found,
        token: &str,
        done: Option<(Notice, Option<ConsentId>)>,
    ) -> CustomerPage {
        let face = &found.face;
        CustomerPage {
            tongue: self.tongue(found, &[]),
            path: format!("/u/{token}"),
            look: Look::of(face),
            privacy: app::route::privacy(face.brand),
            contact: face.whatsapp_number.clone(),
            address: None,
            channels: vec![(Channel::Whatsapp, None)],
            advertising: false,
            silent: BTreeSet::new(),
            received: Vec::new(),
            done,
            nonce: self.nonce(),
        }
    }
}
