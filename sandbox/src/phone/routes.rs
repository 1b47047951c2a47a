//! Addresses of the phones.

use std::{convert::Infallible, sync::Arc};

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
    page::{self, View},
    words::Language,
};
use crate::{
    control::{Words, write},
    state::{Sandbox, identity},
};

pub(crate) fn routes(sandbox: &Sandbox) -> Router<Sandbox> {
    let policy = format!(
        "default-src 'none'; img-src http: https:; style-src 'self'; script-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors {}",
        sandbox.settings.frame_ancestors
    );
    // A setting that cannot be a header allows nobody.
    let policy = HeaderValue::from_str(&policy)
        .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    let set = |name, value| SetResponseHeaderLayer::overriding(name, value);
    Router::new()
        .route("/phones", get(list))
        .route("/phones/{phone}", get(show))
        .route("/phones/{phone}/reply", post(reply))
        .route("/phones/{phone}/events", get(events))
        .layer(set(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .route("/assets/phone.css", get(style))
        .route("/assets/icon.svg", get(icon))
        .route("/assets/phone.js", get(script))
        .layer(set(header::CONTENT_SECURITY_POLICY, policy))
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
        None => (StatusCode::NOT_FOUND, Html(page::unknown(&view))).into_response(),
    }
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
        return (StatusCode::NOT_FOUND, Html(page::unknown(&view))).into_response();
    };
    let refuse = || {
        let note = view.language.words().empty_answer;
        let page = page::phone(&sandbox, &view, &phone, Some(note));
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

/// Says `change` whenever something happens on this phone; the page then asks what.
async fn events(
    State(sandbox): State<Sandbox>,
    Path(phone): Path<String>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let phone: Arc<str> = identity::digits(&phone).unwrap_or_default().into();
    let changes = sandbox.changes.subscribe();
    let stream = futures::stream::unfold(
        (changes, phone, sandbox.closing.clone()),
        |(mut changes, phone, closing)| async move {
            loop {
                let change = tokio::select! {
                    () = closing.cancelled() => return None,
                    change = changes.recv() => change,
                };
                match change {
                    Ok(changed) if changed != phone => {}
                    // Lagging behind, it may have missed one of this phone's.
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return None,
                }
            }
            // Without data, browsers would drop it.
            let event = Event::default().event("change").data("look");
            Some((Ok(event), (changes, phone, closing)))
        },
    );
    Sse::new(stream).keep_alive(KeepAlive::default())
}

async fn style() -> impl IntoResponse {
    asset("text/css; charset=utf-8", include_str!("style.css"))
}

async fn icon() -> impl IntoResponse {
    asset("image/svg+xml", include_str!("icon.svg"))
}

async fn script() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", include_str!("live.js"))
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    // Addressed with the version, so that a new one is fetched.
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=3600")], text)
}
