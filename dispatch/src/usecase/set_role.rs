//! A member's role is changed.

use super::{parse, parse_id};
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::port::Accounts;
use crate::tenant::{Permission, Role, Viewer};

/// Gives a member another role. What they hold and what they get must both be the viewer's to give.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on `role`; `Limit` with `last_owner`.
pub async fn set_role(
    store: &(impl Accounts + ?Sized),
    viewer: &Viewer,
    user: &str,
    role: &str,
) -> Result<()> {
    viewer.need(Permission::ManageMembers)?;
    let role: Role = parse("role", role)?;
    let user: UserId = parse_id(user)?;
    let members = store.members(viewer.account).await?;
    let member = members.iter().find(|member| member.user == user).ok_or(Error::NotFound)?;
    viewer.need_to_give(member.role)?;
    viewer.need_to_give(role)?;
    store.set_role(viewer.account, user, role).await
}
