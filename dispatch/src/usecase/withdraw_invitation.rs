//! A member takes an invitation back.

use super::parse_id;
use crate::error::Result;
use crate::port::Accounts;
use crate::tenant::{Permission, Viewer};

/// The link stops working at once.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn withdraw_invitation(
    store: &(impl Accounts + ?Sized),
    viewer: &Viewer,
    id: &str,
) -> Result<()> {
    viewer.need(Permission::ManageMembers)?;
    store.withdraw_invitation(viewer.account, parse_id(id)?).await
}
