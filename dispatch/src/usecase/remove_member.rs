//! A member is taken out of the account, or leaves.

use super::parse_id;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::port::Accounts;
use crate::tenant::{Permission, Viewer};

/// Takes a member out; they lose access with their next request. Everybody may leave by themselves.
///
/// # Errors
/// `Denied`, `NotFound`; `Limit` with `last_owner`.
pub async fn remove_member(
    store: &(impl Accounts + ?Sized),
    viewer: &Viewer,
    user: &str,
) -> Result<()> {
    let user: UserId = parse_id(user)?;
    if viewer.user != Some(user) {
        viewer.need(Permission::ManageMembers)?;
        let members = store.members(viewer.account).await?;
        let member = members.iter().find(|member| member.user == user).ok_or(Error::NotFound)?;
        viewer.need_to_give(member.role)?;
    }
    store.remove_member(viewer.account, user).await
}
