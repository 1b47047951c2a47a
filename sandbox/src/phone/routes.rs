//! Addresses of the phones.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Form, Router,
    extract::{
        Path, Query, Request, State,
        rejection::{FormRejection, QueryRejection},
    },
    middleware::{self, Next},
    response::{
        Html, IntoResponse, Redirect, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::{get, post},
};
use futures::Stream;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tower_http::set_header::SetResponseHeaderLayer;

use super::{
    inbox::{self, Unsubscribed},
    page::{self, Refused},
    texts::Unsent,
    view::{App, SCRIPT, STYLE, View},
    words::Language,
};
use crate::{
    control::{Words, write},
    sms::{self, Unwritten},
    state::{Sandbox, identity},
};

/// How long a sender may take to answer an unsubscription.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn routes(sandbox: &Sandbox) -> Router<Sandbox> {
    let policy = |styles: &str, images: &str| {
        let policy = format!(
            "default-src 'none'; img-src {images}; style-src {styles}; script-src 'self'; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {}",
            sandbox.settings.frame_ancestors
        );
        // A setting that cannot be a header allows nobody.
        HeaderValue::from_str(&policy)
            .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
    };
    let set = |name, value| SetResponseHeaderLayer::overriding(name, value);
    // The frame with a mail inherits its page's policy, and mails are styled within their lines.
    let mail = policy("'self' 'unsafe-inline'", "http: https: data:");
    let inbox = Router::new()
        .route("/mail/{address}", get(open))
        .layer(set(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(set(header::CONTENT_SECURITY_POLICY, mail));
    Router::new()
        .route("/phones", get(list))
        .route("/phones/{phone}", get(show))
        .route("/phones/{phone}/reply", post(reply))
        .route("/phones/{phone}/sms", post(reply_sms))
        .route("/phones/{phone}/events", get(events))
        .route("/mail/{address}/unsubscribe", post(unsubscribe))
        .route("/mail/{address}/events", get(inbox_events))
        .layer(set(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .route("/assets/phone.css", get(style))
        .route("/assets/icon.svg", get(icon))
        .route("/assets/phone.js", get(script))
        .layer(set(header::CONTENT_SECURITY_POLICY, policy("'self'", "http: https:")))
        .merge(inbox)
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .layer(set(header::REFERRER_POLICY, HeaderValue::from_static("same-origin")))
        .layer(middleware::from_fn(same_site))
}

/// Other people's pages may not write with this phone: browsers say where a call comes from.
async fn same_site(request: Request, next: Next) -> Response {
    let is_foreign =
        request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    if is_foreign && request.method() == http::Method::POST {
        return (StatusCode::FORBIDDEN, "Answers are typed on the phone's own page.")
            .into_response();
    }
    next.run(request).await
}

/// What an address may ask for.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    q: Option<String>,
    sender: Option<String>,
    lang: Option<String>,
    theme: Option<String>,
    embed: Option<String>,
    app: Option<String>,
    texts: Option<String>,
    mail: Option<String>,
    /// What an unsubscription was answered: a status, or `none`.
    answered: Option<String>,
}

impl Asked {
    fn view(&self, headers: &HeaderMap) -> View {
        let accepted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let chosen = self.lang.as_deref().and_then(Language::read);
        View {
            language: chosen.unwrap_or_else(|| Language::accepted(accepted)),
            chosen: chosen.is_some(),
            theme: match self.theme.as_deref() {
                Some("light") => Some("light"),
                Some("dark") => Some("dark"),
                _ => None,
            },
            embed: self.embed.as_deref().is_some_and(|embed| embed == "1"),
            app: match self.app.as_deref() {
                Some("whatsapp") => Some(App::WhatsApp),
                Some("sms") => Some(App::Sms),
                _ => None,
            },
            texts: self.texts.clone().filter(|texts| sms::is_sender(texts)),
            mail: self.mail.clone().filter(|id| id.bytes().all(|b| b.is_ascii_hexdigit())),
            sender: self.sender.clone().filter(|sender| identity::is_numeric_id(sender)),
        }
    }
}

type Question = Result<Query<Asked>, QueryRejection>;

async fn list(State(sandbox): State<Sandbox>, headers: HeaderMap, asked: Question) -> Html<String> {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    Html(page::list(&sandbox, &asked.view(&headers), asked.q.as_deref().unwrap_or_default()))
}

async fn show(
    State(sandbox): State<Sandbox>,
    Path(phone): Path<String>,
    headers: HeaderMap,
    asked: Question,
) -> Response {
    let view = asked.map(|Query(asked)| asked).unwrap_or_default().view(&headers);
    match identity::digits(&phone) {
        Some(phone) => Html(page::phone(&sandbox, &view, &phone, None)).into_response(),
        None => no_phone(&view),
    }
}

fn no_phone(view: &View) -> Response {
    let words = view.language.words();
    let page = page::unknown(view, words.not_found, words.not_found_how);
    (StatusCode::NOT_FOUND, Html(page)).into_response()
}

/// The answer box, or a quick reply.
#[derive(Deserialize)]
struct Reply {
    sender: String,
    text: String,
    /// A quick reply's payload and the message it stands under.
    payload: Option<String>,
    context: Option<String>,
}

async fn reply(
    State(sandbox): State<Sandbox>,
    Path(phone): Path<String>,
    headers: HeaderMap,
    asked: Question,
    form: Result<Form<Reply>, FormRejection>,
) -> Response {
    let view = asked.map(|Query(asked)| asked).unwrap_or_default().view(&headers);
    let Some(phone) = identity::digits(&phone) else {
        return no_phone(&view);
    };
    let refuse = || {
        let note = Refused::WhatsApp(view.language.words().empty_answer);
        let page = page::phone(&sandbox, &view, &phone, Some(&note));
        (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
    };
    let Ok(Form(Reply { sender, text, payload, context })) = form else { return refuse() };
    let words = match payload {
        Some(payload) => Words::Tap { payload, text },
        None => Words::Text(text),
    };
    match write(&sandbox, &phone, &sender, words, context) {
        Ok(_) => Redirect::to(&view.phone_address(&phone, Some(&sender))).into_response(),
        Err(_) => refuse(),
    }
}

/// The answer box of SMS.
#[derive(Deserialize, Default)]
struct Text {
    #[serde(default)]
    sender: String,
    #[serde(default)]
    text: String,
}

async fn reply_sms(
    State(sandbox): State<Sandbox>,
    Path(phone): Path<String>,
    headers: HeaderMap,
    asked: Question,
    form: Result<Form<Text>, FormRejection>,
) -> Response {
    let mut view = asked.map(|Query(asked)| asked).unwrap_or_default().view(&headers);
    let Some(phone) = identity::digits(&phone) else {
        return no_phone(&view);
    };
    let Text { sender, text } = form.map(|Form(text)| text).unwrap_or_default();
    view.texts = Some(sender).filter(|sender| sms::is_sender(sender));
    let written = match &view.texts {
        Some(sender) => sms::write(&sandbox, &phone, sender, &text),
        None => Err(Unwritten::Unknown),
    };
    match written {
        Ok(_) => {
            let back = view.phone_address(&phone, view.sender.as_deref());
            Redirect::to(&format!("{back}#sms")).into_response()
        }
        Err(why) => {
            let words = view.language.words();
            let note = match why {
                Unwritten::Text => words.empty_text,
                Unwritten::Name => words.no_answer,
                Unwritten::Unknown => words.no_business,
            };
            let refused = Refused::Sms(Unsent { note, typed: &text });
            let page = page::phone(&sandbox, &view, &phone, Some(&refused));
            (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
        }
    }
}

/// The inbox an address of the page names.
fn address(text: &str) -> Option<String> {
    let address = text.trim().to_lowercase();
    let has_both = address.split_once('@').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty());
    (has_both && address.len() <= 254).then_some(address)
}

fn no_inbox(view: &View) -> Response {
    let words = view.language.words();
    let page = page::unknown(view, words.no_inbox, words.no_inbox_how);
    (StatusCode::NOT_FOUND, Html(page)).into_response()
}

async fn open(
    State(sandbox): State<Sandbox>,
    Path(inbox): Path<String>,
    headers: HeaderMap,
    asked: Question,
) -> Response {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let view = asked.view(&headers);
    let done = asked
        .answered
        .as_deref()
        .map(|answered| answered.parse().map_or(Unsubscribed::Unreachable, Unsubscribed::Answered));
    match address(&inbox) {
        Some(address) => Html(inbox::inbox(&sandbox, &view, &address, done)).into_response(),
        None => no_inbox(&view),
    }
}

#[derive(Deserialize)]
struct OneClick {
    mail: String,
}

/// What a mail program does when its button is pressed (RFC 8058).
async fn unsubscribe(
    State(sandbox): State<Sandbox>,
    Path(inbox): Path<String>,
    headers: HeaderMap,
    asked: Question,
    form: Result<Form<OneClick>, FormRejection>,
) -> Response {
    let view = asked.map(|Query(asked)| asked).unwrap_or_default().view(&headers);
    let (Some(address), Ok(Form(OneClick { mail }))) = (address(&inbox), form) else {
        return no_inbox(&view);
    };
    let url = {
        let world = sandbox.world();
        let mut mails = world.mails.inbox(&address);
        let open = mails.find(|one| one.id == mail);
        open.and_then(|one| inbox::target(&one.letter)).map(str::to_owned)
    };
    let Some(url) = url else { return no_inbox(&view) };
    let call = sandbox
        .http
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .timeout(PATIENCE)
        .body("List-Unsubscribe=One-Click");
    let answered = match call.send().await {
        Ok(answer) => answer.status().as_u16().to_string(),
        Err(_) => "none".to_owned(),
    };
    let back = view.inbox_address(&address, Some(&mail));
    Redirect::to(&format!("{back}&answered={answered}")).into_response()
}

async fn inbox_events(
    State(sandbox): State<Sandbox>,
    Path(inbox): Path<String>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    follow(&sandbox, address(&inbox).unwrap_or_default().into())
}

async fn events(
    State(sandbox): State<Sandbox>,
    Path(phone): Path<String>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    follow(&sandbox, identity::digits(&phone).unwrap_or_default().into())
}

/// Says `change` whenever something happens on this phone or in this inbox; the page then asks
/// what.
fn follow(
    sandbox: &Sandbox,
    who: Arc<str>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let changes = sandbox.changes.subscribe();
    let stream = futures::stream::unfold(
        (changes, who, sandbox.closing.clone()),
        |(mut changes, who, closing)| async move {
            loop {
                let change = tokio::select! {
                    () = closing.cancelled() => return None,
                    change = changes.recv() => change,
                };
                match change {
                    Ok(changed) if changed != who => {}
                    // Lagging behind, it may have missed one of these.
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return None,
                }
            }
            // Without data, browsers would drop it.
            let event = Event::default().event("change").data("look");
            Some((Ok(event), (changes, who, closing)))
        },
    );
    Sse::new(stream).keep_alive(KeepAlive::default())
}

async fn style() -> impl IntoResponse {
    asset("text/css; charset=utf-8", STYLE)
}

async fn icon() -> impl IntoResponse {
    asset("image/svg+xml", include_str!("icon.svg"))
}

async fn script() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", SCRIPT)
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    // Addressed with the version, so that a new one is fetched.
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=3600")], text)
}
