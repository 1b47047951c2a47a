//! The account's own data are changed.

use super::parse;
use crate::error::Result;
use crate::port::Accounts;
use crate::tenant::{Permission, Viewer, parse_name};

/// Renames the account, moves its seat, changes its plan. Prices of what is already charged stay.
///
/// # Errors
/// `Denied`; `Invalid` on the field.
pub async fn save_account(
    store: &(impl Accounts + ?Sized),
    viewer: &Viewer,
    name: &str,
    company_country: &str,
    plan: &str,
) -> Result<()> {
    viewer.need(Permission::ManageAccount)?;
    let name = parse_name("name", name)?;
    let (country, plan) = (parse("company_country", company_country)?, parse("plan", plan)?);
    store.update_account(viewer.account, &name, country, plan).await
}
