//! What the pages of customers share: no session, no cookie, one answer that is the whole page.

use super::request::client_address;
use super::state::AppState;
use app::public::plain;
use app::text::public::{PublicText, Tongue};
use axum::response::{IntoResponse, Response};
use dispatch::country::Country;
use dispatch::error::Error;
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode, header};
use std::time::Duration;

/// The fields of a form.
pub(super) struct Form<'a>(pub(super) &'a [(String, String)]);

impl Form<'_> {
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text)
    }

    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(field, _)| field == name).map(|(_, text)| text.clone()).collect()
    }
}

/// One request of somebody nobody knows.
#[derive(Clone, Copy)]
pub(super) struct Visit<'a> {
    pub(super) state: &'a AppState,
    pub(super) parts: &'a Parts,
}

impl Visit<'_> {
    pub(super) fn query(&self, name: &str) -> String {
        let query = self.parts.uri.query().unwrap_or_default();
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    }

    /// The visitor's network address.
    pub(super) fn address(&self) -> String {
        client_address(&self.parts.extensions, &self.parts.headers)
    }

    /// The answer to whoever looks too often.
    pub(super) fn throttled(&self) -> Option<Response> {
        let wait = self.state.throttles.customer(&self.address()).err()?;
        Some(self.busy(wait, PublicText::page_busy_words))
    }

    pub(super) fn busy(&self, wait: Duration, words: fn(PublicText) -> &'static str) -> Response {
        let t = PublicText(self.browsers_tongue().unwrap_or_default());
        let mut response =
            self.says(StatusCode::TOO_MANY_REQUESTS, t, t.page_busy_title(), words(t));
        let seconds = wait.as_secs().max(1);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        response
    }

    /// As the address says, else as the browser does.
    pub(super) fn browsers_tongue(&self) -> Option<Tongue> {
        Tongue::from_code(&self.query("lang"))
            .or_else(|| Tongue::from_accept_language(self.accept_language()?))
    }

    /// The country of the first language that names one (`fr-BE`).
    pub(super) fn browsers_country(&self) -> Option<Country> {
        self.accept_language()?.split([',', ';']).find_map(|tag| {
            let (_, region) = tag.trim().split_once('-')?;
            region.to_uppercase().parse().ok()
        })
    }

    fn accept_language(&self) -> Option<&str> {
        self.parts.headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()
    }

    pub(super) fn nonce(&self) -> String {
        format!("{:020x}", self.state.ids.random())
    }

    pub(super) fn failed(&self, error: &Error) -> Response {
        let t = PublicText(self.browsers_tongue().unwrap_or_default());
        let status = super::error::status(error);
        self.says(status, t, t.page_failed_title(), t.page_failed_words())
    }

    /// A page that only says something.
    pub(super) fn says(
        &self,
        status: StatusCode,
        t: PublicText,
        title: &str,
        words: &str,
    ) -> Response {
        let nonce = self.nonce();
        html(status, &nonce, plain(t.0, &nonce, title, words))
    }
}

/// A page with the policy that lets its own style in, and nothing else.
pub(super) fn html(status: StatusCode, nonce: &str, page: String) -> Response {
    let mut response = (status, page).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; img-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    private(response)
}

/// The address opens the page: no search engine keeps it, no other site is told.
pub(super) fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let robots = HeaderName::from_static("x-robots-tag");
    headers.insert(robots, HeaderValue::from_static("noindex, nofollow, noarchive"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
