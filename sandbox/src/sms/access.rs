//! Who calls: an account and its token, by Basic authentication.

use std::collections::HashMap;

use axum::{
    extract::{FromRequestParts, Path},
    http::{header::AUTHORIZATION, request::Parts},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::error::SmsError;
use crate::state::{Sandbox, sms::is_sid};

/// The account that calls. The token it came with is its primary one from now on.
pub(super) struct Caller {
    pub account: String,
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = SmsError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, SmsError> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (account, token) =
            header.and_then(credentials).ok_or_else(SmsError::unauthenticated)?;
        let path: Path<HashMap<String, String>> = Path::from_request_parts(parts, sandbox)
            .await
            .map_err(|_| SmsError::unauthenticated())?;
        if path.get("account") != Some(&account) {
            return Err(SmsError::unauthenticated());
        }
        sandbox.world().sms_account(&account, &token);
        Ok(Self { account })
    }
}

/// Account and token of a header, when the sandbox takes them for right.
fn credentials(header: &str) -> Option<(String, String)> {
    let packed = header.get(..6).filter(|word| word.eq_ignore_ascii_case("Basic "));
    let packed = packed.and(header.get(6..))?.trim();
    let plain = String::from_utf8(STANDARD.decode(packed).ok()?).ok()?;
    let (account, token) = plain.split_once(':')?;
    let is_right = is_sid("AC", account) && !token.is_empty() && !token.starts_with("revoked");
    is_right.then(|| (account.to_owned(), token.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_sids_and_tokens_are_anything_not_revoked() {
        let read = |plain: &str| credentials(&format!("Basic {}", STANDARD.encode(plain)));
        let sid = "AC0123456789abcdef0123456789abcdef";
        assert_eq!(read(&format!("{sid}:12:3")), Some((sid.to_owned(), "12:3".to_owned())));
        assert_eq!(read(&format!("{sid}:")), None);
        assert_eq!(read(&format!("{sid}:revoked-1")), None);
        assert_eq!(read("AC01:token"), None);
        assert_eq!(credentials("Bearer x"), None);
        assert_eq!(credentials("é"), None);
        assert_eq!(credentials("Basic ###"), None);
    }
}
