//! A channel is turned on: prices and consent terms are accepted, and kept as proof.

use super::{Ports, parse, parse_id};
use crate::brand::ConsentBasis;
use crate::channel::{Channel, TrackingStatus};
use crate::country::Country;
use crate::error::{Error, Result};
use crate::id::{AcceptanceId, BrandId, ChangeId};
use crate::port::{Acceptance, CellChange};
use crate::tenant::{Permission, Viewer};
use std::collections::BTreeMap;

/// What the dialog asks.
#[derive(Debug, Clone, Default)]
pub struct ActivateChannel {
    /// Of which brand.
    pub brand: String,
    /// Which channel.
    pub channel: String,
    /// Whether the prices were accepted.
    pub accept_price: bool,
    /// Whether the use of the recipients' numbers was accepted.
    pub accept_terms: bool,
    /// The stated consent basis.
    pub basis: String,
    /// The price that was shown: a row of the price list.
    pub rate: String,
    /// Version of the text that was shown.
    pub text_version: String,
    /// Countries to begin with.
    pub countries: Vec<String>,
    /// Cells to begin with: country and status.
    pub cells: Vec<(String, String)>,
    /// From which address.
    pub ip: String,
}

/// Turns the channel on. Answers whether any news is switched on with it: without, nothing goes out yet.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on what was not accepted; `Limit` with `plan`, `no_price` or
/// `countries`; `Invalid` on `accept_price` with `price_changed` when it is not the price any more that
/// was shown: it must be read again.
pub async fn activate_channel(
    ports: &Ports<'_>,
    viewer: &Viewer,
    input: &ActivateChannel,
) -> Result<bool> {
    viewer.need(Permission::Activate)?;
    let brand: BrandId = parse_id(&input.brand)?;
    let channel: Channel = parse("channel", &input.channel)?;
    if !input.accept_price {
        return Err(Error::invalid("accept_price", "accept"));
    }
    if !input.accept_terms {
        return Err(Error::invalid("accept_terms", "accept"));
    }
    let basis: ConsentBasis = input.basis.parse().map_err(|_| Error::invalid("basis", "basis"))?;
    if input.text_version.trim().is_empty() {
        return Err(Error::invalid("text_version", "required"));
    }

    let account = ports.store.account(viewer.account).await?.ok_or(Error::NotFound)?;
    ports.store.brand(viewer.account, brand).await?.ok_or(Error::NotFound)?;
    if !account.plan.sends_messages() {
        return Err(Error::Limit { what: "plan" });
    }
    let now = ports.now();
    let prices = ports.store.prices(viewer.account, channel, now).await?;
    let price = prices
        .into_iter()
        .find(|price| price.plan == account.plan)
        .ok_or(Error::Limit { what: "no_price" })?;
    if price.rate != input.rate {
        return Err(Error::invalid("accept_price", "price_changed"));
    }

    let proposal = proposal(&input.countries, &input.cells)?;
    let before = ports.store.channel_settings(viewer.account, brand, channel).await?;
    let tells = if before.countries.is_empty() {
        let begun = CellChange::apply_all(&before, &proposal);
        account.plan.check_countries(0, begun.countries_on())?;
        begun.tells_something()
    } else {
        before.tells_something()
    };
    let acceptance = Acceptance {
        id: AcceptanceId::mint(now, ports.ids),
        brand,
        channel,
        user: viewer.user,
        ip: input.ip.clone(),
        basis,
        text_version: input.text_version.trim().to_owned(),
        rate: price.rate,
        at: now,
    };
    let change = ChangeId::mint(now, ports.ids);
    ports.store.activate_channel(viewer.account, &acceptance, &proposal, change).await?;
    Ok(tells)
}

fn proposal(countries: &[String], cells: &[(String, String)]) -> Result<Vec<CellChange>> {
    let mut rows: BTreeMap<Country, Vec<TrackingStatus>> = BTreeMap::new();
    for country in countries {
        rows.entry(parse("country", country)?).or_default();
    }
    for (country, status) in cells {
        let status = parse("status", status)?;
        if let Some(statuses) = rows.get_mut(&parse("country", country)?) {
            statuses.push(status);
        }
    }
    let mut changes = Vec::new();
    for (country, statuses) in rows {
        changes.push(CellChange::Country { country, on: true });
        changes.extend(statuses.into_iter().map(|status| CellChange::Status {
            country,
            status,
            on: true,
        }));
    }
    Ok(changes)
}
