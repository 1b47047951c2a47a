//! A person chooses another password.

use crate::error::{Error, Result};
use crate::id::UserId;
use crate::port::{Accounts, Secrets};
use crate::tenant::parse_password;

/// Replaces the password of somebody who knows the current one, and ends their sessions everywhere
/// but here: whoever had the old password is out.
///
/// # Errors
/// `Invalid` on `current_password` or `password`; `NotFound` when the person is gone.
pub async fn change_password(
    store: &(impl Accounts + ?Sized),
    secrets: &dyn Secrets,
    user: UserId,
    here: &str,
    current: &str,
    new: &str,
) -> Result<()> {
    let person = store.find_user(user).await?.ok_or(Error::NotFound)?;
    let known = store.find_credentials(&person.email).await?.ok_or(Error::NotFound)?;
    if !secrets.verify_password(current, Some(&known.password_hash)).await? {
        return Err(Error::invalid("current_password", "current_password"));
    }
    parse_password("password", new)?;
    store.set_password(user, &secrets.hash_password(new).await?).await?;
    store.end_sessions(user, None, Some(here)).await
}
