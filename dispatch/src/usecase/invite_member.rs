//! A member invites another.

use super::{Ports, parse};
use crate::error::{Error, Result};
use crate::id::InvitationId;
use crate::port::{NewInvitation, Secrets};
use crate::source::Secret;
use crate::tenant::{Permission, Role, Viewer, parse_email};
use std::time::Duration;

/// How long the link of an invitation works.
pub const INVITATION_GOOD_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// Keeps an invitation and answers the token of its link, which is not kept.
///
/// # Errors
/// `Denied`; `Invalid` on `email` or `role`; `taken` when the person is a member already.
pub async fn invite_member(
    ports: &Ports<'_>,
    secrets: &dyn Secrets,
    viewer: &Viewer,
    email: &str,
    role: &str,
) -> Result<Secret> {
    viewer.need(Permission::ManageMembers)?;
    let email = parse_email(email)?;
    let role: Role = parse("role", role)?;
    viewer.need_to_give(role)?;
    if ports.store.members(viewer.account).await?.iter().any(|member| member.email == email) {
        return Err(Error::invalid("email", "taken"));
    }
    let now = ports.now();
    let token = secrets.token("");
    let new = NewInvitation {
        id: InvitationId::mint(now, ports.ids),
        email,
        role,
        token_hash: secrets.hash_token(token.expose()),
        at: now,
        expires_at: now.plus(INVITATION_GOOD_FOR),
    };
    ports.store.invite(viewer.account, &new).await?;
    Ok(token)
}
