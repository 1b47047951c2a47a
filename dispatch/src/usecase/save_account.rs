//! The account's own data are changed.

use super::parse;
use crate::brand::BrandState;
use crate::channel::Channel;
use crate::country::Country;
use crate::error::{Error, Result};
use crate::id::{AccountId, BrandId};
use crate::plan::Plan;
use crate::port::{Accounts, Brands};
use crate::tenant::{Permission, Viewer, parse_name};

/// The account as its form says it.
#[derive(Debug, Clone, Default)]
pub struct SaveAccount {
    /// Its name.
    pub name: String,
    /// Where the company has its seat.
    pub company_country: String,
    /// The plan that is wished for.
    pub plan: String,
    /// The plan whose consequences were read; empty before.
    pub accepted: String,
}

/// How saving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountSaved {
    /// Written.
    Done,
    /// Nothing is written: the plan would become another one, and nobody has read yet what that means.
    Asks,
}

/// The countries a plan has to carry on one channel of a brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanUse {
    /// Whose.
    pub brand: BrandId,
    /// The brand's name.
    pub name: String,
    /// On which channel.
    pub channel: Channel,
    /// The countries that are on; at least one.
    pub countries: Vec<Country>,
}

impl PlanUse {
    /// Whether a plan that sends has no room for so many. One that sends nothing needs none.
    #[must_use]
    pub fn is_beyond(&self, plan: Plan) -> bool {
        let limit = plan.country_limit().filter(|_| plan.sends_messages());
        limit.is_some_and(|limit| self.countries.len() > limit)
    }
}

/// Where countries are on, by brand; brands that are put away need no plan.
///
/// # Errors
/// `Unavailable`.
pub async fn plan_use(store: &(impl Brands + ?Sized), account: AccountId) -> Result<Vec<PlanUse>> {
    let mut uses = Vec::new();
    for brand in store.brands(account).await? {
        if brand.state != BrandState::Active {
            continue;
        }
        for &channel in Channel::ALL {
            let settings = store.channel_settings(account, brand.id, channel).await?;
            let on = settings.countries.iter().filter(|(_, row)| row.on);
            let countries: Vec<Country> = on.map(|(country, _)| *country).collect();
            if !countries.is_empty() {
                let (brand, name) = (brand.id, brand.name.clone());
                uses.push(PlanUse { brand, name, channel, countries });
            }
        }
    }
    Ok(uses)
}

/// Renames the account, moves its seat, changes its plan. Another plan is asked about once: `accepted` must name it.
/// Prices of what is already charged stay.
///
/// # Errors
/// `Denied`; `Invalid` on the field, on `plan` with `plan_use` where more countries are on than it has room for.
pub async fn save_account(
    store: &(impl Accounts + Brands + ?Sized),
    viewer: &Viewer,
    input: &SaveAccount,
) -> Result<AccountSaved> {
    viewer.need(Permission::ManageAccount)?;
    let name = parse_name("name", &input.name)?;
    let country = parse("company_country", &input.company_country)?;
    let plan: Plan = parse("plan", &input.plan)?;
    let before = store.account(viewer.account).await?.ok_or(Error::NotFound)?;
    if plan != before.plan {
        if plan_use(store, viewer.account).await?.iter().any(|each| each.is_beyond(plan)) {
            return Err(Error::invalid("plan", "plan_use"));
        }
        if input.accepted != plan.word() {
            return Ok(AccountSaved::Asks);
        }
    }
    store.update_account(viewer.account, &name, country, plan).await?;
    Ok(AccountSaved::Done)
}
