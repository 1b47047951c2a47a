//! Who calls: the holder of a key.

use super::problem::Problem;
use crate::http::state::AppState;
use axum::extract::FromRequestParts;
use dispatch::id::AccountId;
use dispatch::tenant::{Role, Scope, Viewer};
use http::header::AUTHORIZATION;
use http::request::Parts;

/// A caller whose key is good. A handler that takes one cannot run for anybody else.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account and what the key's scopes are worth there.
    pub viewer: Viewer,
    scopes: Vec<Scope>,
}

impl Caller {
    /// The account the key belongs to.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.viewer.account
    }

    /// Asks for a scope.
    ///
    /// # Errors
    /// 403.
    pub fn need(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(Problem::no_scope(scope.word())) }
    }

    /// A phone or an e-mail address as this caller may see it.
    #[must_use]
    pub fn address(&self, address: &str) -> String {
        match address.split_once('@') {
            Some(_) if self.scopes.contains(&Scope::ReadPhones) => address.to_owned(),
            Some((name, host)) => {
                format!("{}**@{host}", name.chars().next().map(String::from).unwrap_or_default())
            }
            None => self.phone(address),
        }
    }

    /// A phone as this caller may see it.
    #[must_use]
    pub fn phone(&self, e164: &str) -> String {
        if self.scopes.contains(&Scope::ReadPhones) {
            e164.to_owned()
        } else {
            dispatch::decision::mask_phone(e164)
        }
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let key = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, key)| key.trim())
            .ok_or_else(Problem::no_key)?;
        let hash = state.secrets.hash_token(key);
        let holder = state
            .store
            .find_api_key(&hash, state.clock.now())
            .await?
            .ok_or_else(Problem::no_key)?;
        let scopes: Vec<Scope> =
            holder.scopes.iter().filter_map(|word| word.parse().ok()).collect();
        let role = if scopes.contains(&Scope::Write) { Role::Editor } else { Role::Viewer };
        Ok(Self { viewer: Viewer { account: holder.account, user: None, role }, scopes })
    }
}
