//! Whoever runs the server gives a person a new password.

use crate::error::{Error, Result};
use crate::port::{Accounts, Secrets};
use crate::source::Secret;
use crate::tenant::parse_email;

/// Characters of a password made here: hexadecimal, so about 80 bits.
const LENGTH: usize = 20;

/// Replaces the password by one nobody can guess, ends the person's sessions everywhere, and answers the new
/// one: it is known nowhere else.
///
/// # Errors
/// `Invalid` on `email`; `NotFound` when nobody signs in with that address.
pub async fn reset_password(
    store: &(impl Accounts + ?Sized),
    secrets: &dyn Secrets,
    email: &str,
) -> Result<Secret> {
    let known = store.find_credentials(&parse_email(email)?).await?.ok_or(Error::NotFound)?;
    let token = secrets.token("");
    let signs: Vec<char> = token.expose().chars().take(LENGTH).collect();
    // In groups of five, as it is read out and typed.
    let groups: Vec<String> = signs.chunks(5).map(|group| group.iter().collect()).collect();
    let password = Secret::new(groups.join("-"));
    store.set_password(known.user, &secrets.hash_password(password.expose()).await?).await?;
    store.end_sessions(known.user, None, None).await?;
    Ok(password)
}
