//! A connection's key is replaced.

use super::{filled, parse_id};
use crate::error::Result;
use crate::id::ConnectionId;
use crate::port::{Connections, Secrets};
use crate::source::Secret;
use crate::tenant::{Permission, Viewer};

/// Takes the key the source made, or makes one and answers it to be shown once. The former key stays
/// accepted, so nothing is lost while the source is changed.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on `secret`.
pub async fn rotate_secret(
    store: &(impl Connections + ?Sized),
    secrets: &dyn Secrets,
    viewer: &Viewer,
    connection: &str,
    secret: &str,
) -> Result<Option<Secret>> {
    viewer.need(Permission::Edit)?;
    let id: ConnectionId = parse_id(connection)?;
    let (secret, made) = match filled(secret) {
        Some(text) => (Secret::parse("secret", text)?, None),
        None => {
            let made = secrets.token("");
            (made.clone(), Some(made))
        }
    };
    store.rotate_secret(viewer.account, id, &secret).await?;
    Ok(made)
}
