//! A person signs in.

use crate::error::{Error, Result};
use crate::id::UserId;
use crate::port::{Accounts, Secrets};
use crate::tenant::parse_email;

/// Answers who it is. An address nobody has and a wrong password get the same answer after the same
/// work, so neither text nor time tells who has an account.
///
/// # Errors
/// `Invalid` on the empty field, or with `credentials`.
pub async fn sign_in(
    store: &(impl Accounts + ?Sized),
    secrets: &dyn Secrets,
    email: &str,
    password: &str,
) -> Result<UserId> {
    if email.trim().is_empty() {
        return Err(Error::invalid("email", "required"));
    }
    if password.is_empty() {
        return Err(Error::invalid("password", "required"));
    }
    let known = match parse_email(email) {
        Ok(email) => store.find_credentials(&email).await?,
        Err(_) => None,
    };
    let stored = known.as_ref().map(|credentials| &credentials.password_hash);
    let right = secrets.verify_password(password, stored).await?;
    match known {
        Some(credentials) if right => Ok(credentials.user),
        _ => Err(Error::invalid("", "credentials")),
    }
}
