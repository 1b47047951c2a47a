//! `/join/{brand}`: where customers sign up for a brand's messages, without a session.
//!
//! What is typed here does nothing yet. It is kept for two days under a code; when a message with that code comes
//! from that number, the callback writes it into the ledger. So nobody signs up anybody else, and the page says
//! the same whoever a number belongs to.

use super::public::{Form, Visit, html, private};
use super::state::AppState;
use crate::phone::{calling_code, to_e164};
use crate::security::token;
use app::public::{
    JoinPage, JoinStep, JoinTyped, Look, confirming_words, join_page, join_version, join_words,
};
use app::route::with_query;
use app::text::public::{PublicText, Tongue};
use app::text::tongue_country;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use dispatch::brand::{BrandState, SenderState};
use dispatch::country::Country;
use dispatch::error::{Error, Result};
use dispatch::id::{BrandId, JoinId};
use dispatch::join::JoinRequest;
use dispatch::usecase::{self, AskToJoin, JoinWords};
use dispatch::view::{FaceSender, FaceView};
use http::{Request, StatusCode};

/// Where a brand's customers sign up.
pub const PATH: &str = "/join/{brand}";

/// The largest form: what fits into its fields is a fiftieth of it.
const LARGEST: usize = 256 * 1024;

/// What of a number that is too long is shown again, in characters; the field itself takes no more.
const SHOWN_AGAIN: usize = 64;

/// `GET /join/{brand}`
pub async fn show(
    State(state): State<AppState>,
    Path(brand): Path<String>,
    request: Request<Body>,
) -> Response {
    let (parts, _) = request.into_parts();
    let visit = Visit { state: &state, parts: &parts };
    if let Some(refused) = visit.throttled() {
        return refused;
    }
    let door = match Door::open(visit, &brand).await {
        Ok(door) => door,
        Err(refused) => return refused,
    };
    match door.look().await {
        Ok(step) => door.page(StatusCode::OK, step),
        Err(error) => door.visit.failed(&error),
    }
}

/// `POST /join/{brand}`: the form.
pub async fn ask(
    State(state): State<AppState>,
    Path(brand): Path<String>,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let visit = Visit { state: &state, parts: &parts };
    if let Err(wait) = state.throttles.join(&visit.address()) {
        return visit.busy(wait, PublicText::join_busy_words);
    }
    let Ok(body) = axum::body::to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut door = match Door::open(visit, &brand).await {
        Ok(door) => door,
        Err(refused) => return refused,
    };
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let form = Form(&fields);
    if let Some(tongue) = Tongue::from_code(form.text("lang")) {
        door.tongue = tongue;
    }
    if door.number().is_none() {
        return door.page(StatusCode::OK, JoinStep::Closed);
    }
    let input = AskToJoin {
        phone: form.text("phone").to_owned(),
        country: form.text("country").to_owned(),
        purposes: form.all("purpose"),
        read: form.text("read").to_owned(),
    };
    if let Some(number) = to_e164(&input.phone, input.country.parse().ok())
        && let Err(wait) = state.throttles.join_number(door.face.brand, &number)
    {
        return door.visit.busy(wait, PublicText::join_busy_words);
    }
    match door.ask(&input).await {
        Ok(request) => door.back(&request),
        Err(Error::Invalid { field, reason }) => {
            let step = door.form_again(&input, (field, reason));
            door.page(StatusCode::UNPROCESSABLE_ENTITY, step)
        }
        Err(error) => door.visit.failed(&error),
    }
}

/// A brand's page, and who stands before it.
struct Door<'a> {
    visit: Visit<'a>,
    face: FaceView,
    tongue: Tongue,
}

impl<'a> Door<'a> {
    /// The page of a brand in use; the neutral answer for everything else.
    async fn open(visit: Visit<'a>, brand: &str) -> Result<Self, Response> {
        let unknown = || {
            let t = PublicText(visit.browsers_tongue().unwrap_or_default());
            visit.says(StatusCode::NOT_FOUND, t, t.join_unknown_title(), t.join_unknown_words())
        };
        let brand: BrandId = brand.parse().map_err(|_| unknown())?;
        let face = visit.state.store.find_face(brand).await;
        let face = face.map_err(|error| visit.failed(&error))?;
        let face = face.filter(|face| face.state == BrandState::Active).ok_or_else(unknown)?;
        let tongue = visit
            .browsers_tongue()
            .or_else(|| Tongue::from_code(face.language.code()))
            .unwrap_or_default();
        Ok(Self { visit, face, tongue })
    }

    /// The number that takes messages for the brand: none promised that would lead nowhere.
    fn number(&self) -> Option<String> {
        let usable = |sender: &&FaceSender| sender.state == SenderState::Ready && sender.hears;
        to_e164(&self.face.sender.as_ref().filter(usable)?.number, None)
    }

    /// How far the visitor is.
    async fn look(&self) -> Result<JoinStep> {
        let Some(number) = self.number() else { return Ok(JoinStep::Closed) };
        let asked = self.visit.query("asked");
        if asked.is_empty() {
            return Ok(self.form(JoinTyped::default()));
        }
        let found = match asked.parse::<JoinId>() {
            Ok(id) => {
                let now = self.visit.state.clock.now();
                self.visit.state.store.join(self.face.account, self.face.brand, id, now).await?
            }
            Err(_) => None,
        };
        let Some(request) = found else {
            return Ok(self.form(JoinTyped { expired: true, ..JoinTyped::default() }));
        };
        if request.confirmed_at.is_some() {
            return Ok(JoinStep::Done { asked, agreed: request.agreed });
        }
        let sandbox = self.face.sender.as_ref().filter(|sender| sender.sandbox);
        let phones =
            sandbox.zip(self.visit.state.site.sandbox_url.as_ref()).map(|(sender, url)| {
                with_query(&format!("{url}/phones"), &[("sender", &sender.phone_number_id)])
            });
        Ok(JoinStep::Send {
            message: confirming_words(self.tongue, &self.face.name, &request),
            number,
            phones,
            sent: !self.visit.query("sent").is_empty(),
            asked,
        })
    }

    async fn ask(&self, input: &AskToJoin) -> Result<JoinRequest> {
        let (tracking, marketing) = self.words();
        let version = join_version(self.tongue);
        let mark = self.mark();
        let words = JoinWords {
            tracking: &tracking,
            marketing: &marketing,
            version: &version,
            mark: &mark,
        };
        usecase::ask_to_join(&self.visit.state.ports(), to_e164, &self.face, words, input).await
    }

    /// The words beside the boxes.
    fn words(&self) -> (String, String) {
        join_words(self.tongue, &self.face.name)
    }

    /// Tells these words from those of another language, of another name, of an older version.
    fn mark(&self) -> String {
        let (tracking, marketing) = self.words();
        let mut mark = token::hash(&format!("{tracking}\n{marketing}"));
        mark.truncate(16);
        mark
    }

    fn form(&self, typed: JoinTyped) -> JoinStep {
        let chosen = if typed.country.is_empty() { self.home() } else { typed.country };
        JoinStep::Form(Box::new(JoinTyped {
            country: chosen,
            countries: countries(self.tongue),
            mark: self.mark(),
            ..typed
        }))
    }

    fn form_again(&self, input: &AskToJoin, error: (&'static str, &'static str)) -> JoinStep {
        // What was ticked beside other words was agreed to in other words.
        let other_words = error.0 == "read";
        let purposes = input.purposes.iter().filter_map(|word| word.parse().ok());
        self.form(JoinTyped {
            phone: input.phone.chars().take(SHOWN_AGAIN).collect(),
            country: input.country.parse().map(|c: Country| c.to_string()).unwrap_or_default(),
            purposes: purposes.filter(|_| !other_words).collect(),
            error: Some(error),
            ..JoinTyped::default()
        })
    }

    /// The country the number is probably of: as the link says, as the browser says, the shop's own.
    fn home(&self) -> String {
        let asked = self.visit.query("country").to_uppercase().parse::<Country>().ok();
        let known = |country: &Country| calling_code(*country).is_some();
        asked
            .or_else(|| self.visit.browsers_country())
            .filter(known)
            .unwrap_or(self.face.company_country)
            .to_string()
    }

    /// To the page again, so that loading it anew sends nothing twice.
    fn back(&self, request: &JoinRequest) -> Response {
        let asked = request.id.to_string();
        let query = [("lang", self.tongue.code()), ("asked", asked.as_str())];
        let path = app::route::join(self.face.brand);
        private(Redirect::to(&with_query(&path, &query)).into_response())
    }

    fn page(&self, status: StatusCode, step: JoinStep) -> Response {
        let page = JoinPage {
            tongue: self.tongue,
            path: app::route::join(self.face.brand),
            look: Look::of(&self.face),
            privacy: app::route::privacy(self.face.brand),
            step,
            nonce: self.visit.nonce(),
        };
        html(status, &page.nonce, join_page(&page))
    }
}

/// Every country with a calling code, by its name and that.
fn countries(tongue: Tongue) -> Vec<(String, String)> {
    tongue_country::sorted(tongue)
        .into_iter()
        .filter_map(|(code, name)| {
            let calling = calling_code(code.parse().ok()?)?;
            Some((code.to_owned(), format!("{name} +{calling}")))
        })
        .collect()
}
