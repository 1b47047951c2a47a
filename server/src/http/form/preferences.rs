//! What a visitor likes: language, theme, which account is open. No page of their own; the page one
//! was on comes back.

use super::super::session::Visit;
use super::super::state::AppState;
use super::super::viewer;
use super::{Done, Outcome, Sent, local};
use app::request::{LANG_COOKIE, THEME_COOKIE, Theme};
use app::text::Lang;
use axum::Form;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use dispatch::error::Error;
use dispatch::id::AccountId;
use http::header::SET_COOKIE;
use serde::Deserialize;
use std::sync::Arc;
use tower_sessions::Session;

/// What the chooser sends.
#[derive(Deserialize)]
pub struct Preferences {
    lang: Option<String>,
    theme: Option<String>,
    #[serde(default)]
    back: String,
}

/// `/preferences`: kept in cookies, because visitors who are nobody yet have them too; the language
/// also with the person.
pub async fn choose(
    State(state): State<AppState>,
    session: Session,
    Form(chosen): Form<Preferences>,
) -> Response {
    let mut cookies = Vec::new();
    if let Some(lang) = chosen.lang.as_deref().and_then(Lang::from_code) {
        cookies.push(keep(LANG_COOKIE, lang.code(), state.is_https()));
        if let Ok(Some(guest)) = viewer::guest(&state, &Visit::new(session)).await {
            // The cookie already does what was asked for here; elsewhere it is a comfort.
            let _ = state.store.set_user_language(guest.user.id, lang.code()).await;
        }
    }
    if let Some(code) = &chosen.theme {
        cookies.push(keep(THEME_COOKIE, Theme::from_code(code).code(), state.is_https()));
    }
    let headers = cookies.into_iter().map(|cookie| (SET_COOKIE, cookie)).collect::<Vec<_>>();
    (AppendHeaders(headers), Redirect::to(local(&chosen.back))).into_response()
}

fn keep(name: &str, value: &str, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}")
}

/// `/account`: opens another of the person's accounts.
pub async fn open_account(sent: Arc<Sent>) -> Outcome {
    let account: AccountId = sent.text("account").parse().map_err(|_| Error::NotFound)?;
    let guest = sent.guest()?;
    if !guest.memberships.iter().any(|membership| membership.account == account) {
        return Err(Error::NotFound.into());
    }
    sent.visit.open_account(account).await?;
    Ok(Done::See(local(sent.text("back")).to_owned()))
}
