//! A channel that was turned off is turned on again.

use super::{Ports, parse, parse_id};
use crate::change::ChangeKind;
use crate::channel::Channel;
use crate::error::{Error, Result};
use crate::id::{BrandId, ChangeId};
use crate::port::Signed;
use crate::tenant::{Permission, Viewer};

/// Turns it on without asking again, while what was accepted for it is what would be accepted now. Answers whether
/// any news is switched on with it.
///
/// # Errors
/// `Denied`, `NotFound`; `Limit` with `plan` or `no_price`; `Invalid` with `accepted_before` when the price or the
/// words have changed since: they must be read and accepted.
pub async fn resume_channel(
    ports: &Ports<'_>,
    viewer: &Viewer,
    brand: &str,
    channel: &str,
    text_version: &str,
) -> Result<bool> {
    viewer.need(Permission::Activate)?;
    let brand: BrandId = parse_id(brand)?;
    let channel: Channel = parse("channel", channel)?;
    let account = ports.store.account(viewer.account).await?.ok_or(Error::NotFound)?;
    if !account.plan.sends_messages() {
        return Err(Error::Limit { what: "plan" });
    }
    let now = ports.now();
    let prices = ports.store.prices(viewer.account, channel, now).await?;
    let price = prices
        .into_iter()
        .find(|price| price.plan == account.plan)
        .ok_or(Error::Limit { what: "no_price" })?;
    let settings = ports.store.channel_settings(viewer.account, brand, channel).await?;
    let accepted = ports.store.acceptance(viewer.account, brand, channel).await?;
    if !accepted.is_some_and(|it| it.holds(&price.rate, text_version, settings.consent_basis)) {
        return Err(Error::invalid("", "accepted_before"));
    }
    let by = Signed::new(ChangeId::mint(now, ports.ids), viewer.user, now)
        .meaning(ChangeKind::Resumed, None);
    ports.store.resume_channel(viewer.account, brand, channel, by).await?;
    Ok(settings.tells_something())
}
