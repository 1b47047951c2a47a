//! Brands, what their channels are set to, and the matrix.

use crate::brand::{BrandState, ChannelSettings, ConsentBasis, CountryLanguages, CountryRow};
use crate::cascade::Cascades;
use crate::change::{Cell, ChangeKind, Flip};
use crate::channel::{Channel, TrackingStatus};
use crate::color::Color;
use crate::country::Country;
use crate::error::Result;
use crate::id::{AcceptanceId, AccountId, BrandId, ChangeId, UserId};
use crate::language::Language;
use crate::quiet::QuietHours;
use crate::time::Timestamp;
use crate::timing::Timing;
use crate::view::{BrandView, VolumeView};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A brand to be made or changed.
#[derive(Debug, Clone)]
pub struct NewBrand {
    /// Name.
    pub name: String,
    /// Default language of messages.
    pub language: Language,
    /// Number behind `<<whatsappnumber>>`.
    pub whatsapp_number: Option<String>,
    /// Its colour on public pages.
    pub color: Option<Color>,
    /// Where customers may ask by e-mail.
    pub support_email: Option<String>,
    /// Where customers may ask on the web.
    pub support_url: Option<String>,
    /// The shop's own privacy policy.
    pub privacy_url: Option<String>,
}

impl NewBrand {
    /// One of which only the name is known yet.
    #[must_use]
    pub const fn named(name: String, language: Language) -> Self {
        Self {
            name,
            language,
            whatsapp_number: None,
            color: None,
            support_email: None,
            support_url: None,
            privacy_url: None,
        }
    }
}

/// A picture to be shown for a brand.
#[derive(Debug, Clone)]
pub struct NewLogo {
    /// Its public address: changes with the picture, and nobody guesses it.
    pub name: String,
    /// A PNG we made.
    pub png: Vec<u8>,
}

/// The merchant's acceptance of prices and consent terms: proof, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Which.
    pub id: AcceptanceId,
    /// Of which brand.
    pub brand: BrandId,
    /// For which channel.
    pub channel: Channel,
    /// Who accepted.
    pub user: Option<UserId>,
    /// From which address.
    pub ip: String,
    /// The stated basis.
    pub basis: ConsentBasis,
    /// Version of the text that was shown.
    pub text_version: String,
    /// The price that was shown: a row of the price list.
    pub rate: String,
    /// When.
    pub at: Timestamp,
}

impl Acceptance {
    /// Whether it still says what would be accepted now: the same price, words and basis.
    #[must_use]
    pub fn holds(&self, rate: &str, text_version: &str, basis: Option<ConsentBasis>) -> bool {
        self.rate == rate && self.text_version == text_version && Some(self.basis) == basis
    }
}

/// Who changes settings, when and to what end: kept with the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// The change's id.
    pub id: ChangeId,
    /// Who; none for the server itself.
    pub user: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// To what end.
    pub kind: ChangeKind,
    /// The earlier change it takes back or goes back to.
    pub of: Option<ChangeId>,
}

impl Signed {
    /// By a hand that says no more than that.
    #[must_use]
    pub const fn new(id: ChangeId, user: Option<UserId>, at: Timestamp) -> Self {
        Self { id, user, at, kind: ChangeKind::Saved, of: None }
    }

    /// To another end, perhaps because of an earlier change.
    #[must_use]
    pub const fn meaning(self, kind: ChangeKind, of: Option<ChangeId>) -> Self {
        Self { kind, of, ..self }
    }
}

/// One change of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CellChange {
    /// Switches a country on or off; adds its row when there is none.
    Country {
        /// Which.
        country: Country,
        /// To what.
        on: bool,
    },
    /// Removes a country's row.
    RemoveCountry {
        /// Which.
        country: Country,
    },
    /// Switches one status of one country.
    Status {
        /// Which country.
        country: Country,
        /// Which status.
        status: TrackingStatus,
        /// To what.
        on: bool,
    },
}

impl CellChange {
    /// What makes a matrix flip so. What stood in a row that goes is not switched off as well: that would give the
    /// country its row again.
    #[must_use]
    pub fn of(flips: &[Flip]) -> Vec<Self> {
        let goes = |country| flips.contains(&Flip { cell: Cell::Row(country), on: false });
        flips
            .iter()
            .filter(|flip| matches!(flip.cell, Cell::Row(_)) || !goes(flip.cell.country()))
            .map(|flip| Self::of_one(*flip))
            .collect()
    }

    const fn of_one(flip: Flip) -> Self {
        match (flip.cell, flip.on) {
            (Cell::Row(country), true) => Self::Country { country, on: false },
            (Cell::Row(country), false) => Self::RemoveCountry { country },
            (Cell::Switch(country), on) => Self::Country { country, on },
            (Cell::Status(country, status), on) => Self::Status { country, status, on },
        }
    }

    /// The settings with changes applied in order.
    #[must_use]
    pub fn apply_all(settings: &ChannelSettings, changes: &[Self]) -> ChannelSettings {
        let mut after = settings.clone();
        for change in changes {
            change.apply(&mut after.countries);
        }
        after
    }

    /// Which country's row it changes.
    #[must_use]
    pub const fn country(&self) -> Country {
        match self {
            Self::Country { country, .. }
            | Self::RemoveCountry { country }
            | Self::Status { country, .. } => *country,
        }
    }

    /// Makes the change. A status of a country without a row adds the row, switched off.
    pub fn apply(&self, countries: &mut BTreeMap<Country, CountryRow>) {
        match *self {
            Self::Country { country, on } => countries.entry(country).or_default().on = on,
            Self::RemoveCountry { country } => {
                countries.remove(&country);
            }
            Self::Status { country, status, on: true } => {
                countries.entry(country).or_default().statuses.insert(status);
            }
            Self::Status { country, status, on: false } => {
                if let Some(row) = countries.get_mut(&country) {
                    row.statuses.remove(&status);
                }
            }
        }
    }
}

/// The store's part in brands.
#[async_trait]
pub trait Brands: Send + Sync {
    /// The account's brands, by name; archived ones last.
    async fn brands(&self, account: AccountId) -> Result<Vec<BrandView>>;
    /// One brand.
    async fn brand(&self, account: AccountId, brand: BrandId) -> Result<Option<BrandView>>;
    /// Makes a brand.
    ///
    /// # Errors
    /// `Invalid` on `name` with `taken` when the account has one of that name.
    async fn create_brand(
        &self,
        account: AccountId,
        id: BrandId,
        new: &NewBrand,
        now: Timestamp,
    ) -> Result<()>;
    /// Changes a brand that is still at `version`.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, and as [`Brands::create_brand`].
    async fn update_brand(
        &self,
        account: AccountId,
        brand: BrandId,
        version: i64,
        new: &NewBrand,
    ) -> Result<()>;
    /// Gives a brand a logo, in the place of the one it had; none takes it away.
    ///
    /// # Errors
    /// `NotFound`.
    async fn set_logo(
        &self,
        account: AccountId,
        brand: BrandId,
        logo: Option<&NewLogo>,
        now: Timestamp,
    ) -> Result<()>;
    /// The picture at a public address: a door for everybody who knows it.
    async fn find_logo(&self, name: &str) -> Result<Option<Vec<u8>>>;
    /// Sets the quiet hours of a brand that is still at `version`.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`.
    async fn set_quiet_hours(
        &self,
        account: AccountId,
        brand: BrandId,
        version: i64,
        quiet: &QuietHours,
    ) -> Result<()>;
    /// Sets in which order channels are tried, for a brand that is still at `version`.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`.
    async fn set_cascades(
        &self,
        account: AccountId,
        brand: BrandId,
        version: i64,
        cascades: &Cascades,
    ) -> Result<()>;
    /// Sets how often a brand that is still at `version` writes, what it tells together and when a parcel is late.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`.
    async fn set_timing(
        &self,
        account: AccountId,
        brand: BrandId,
        version: i64,
        timing: &Timing,
    ) -> Result<()>;
    /// Sets the languages of countries for a brand that is still at `version`.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`.
    async fn set_country_languages(
        &self,
        account: AccountId,
        brand: BrandId,
        version: i64,
        languages: &CountryLanguages,
    ) -> Result<()>;
    /// Puts a brand away or takes it out again.
    ///
    /// # Errors
    /// `NotFound`.
    async fn set_brand_state(
        &self,
        account: AccountId,
        brand: BrandId,
        state: BrandState,
    ) -> Result<()>;

    /// What a channel of a brand is set to; untouched when nobody has.
    ///
    /// # Errors
    /// `NotFound` when the account has no such brand.
    async fn channel_settings(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
    ) -> Result<ChannelSettings>;
    /// Turns a channel on with the acceptance that allows it, and the proposed matrix if the channel
    /// has no country yet, in one commit. It is noted as a change with this id.
    async fn activate_channel(
        &self,
        account: AccountId,
        acceptance: &Acceptance,
        proposal: &[CellChange],
        change: ChangeId,
    ) -> Result<()>;
    /// What was accepted last for a channel; none when nothing ever was.
    async fn acceptance(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
    ) -> Result<Option<Acceptance>>;
    /// Turns a channel on again under what was accepted before. Noted as a change, unless it was on.
    ///
    /// # Errors
    /// `NotFound` when the account has no such brand, or nothing was ever accepted for the channel.
    async fn resume_channel(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
        by: Signed,
    ) -> Result<()>;
    /// Turns a channel off; its matrix stays. Noted as a change, unless it was off.
    async fn deactivate_channel(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
        by: Signed,
    ) -> Result<()>;
    /// Writes changes of the matrix made on `version`, in one commit, and notes who did it and what it
    /// changed.
    ///
    /// # Errors
    /// `Conflict` when the matrix has changed since; nothing is written then.
    async fn save_matrix(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
        version: i64,
        changes: &[CellChange],
        by: Signed,
    ) -> Result<i64>;
    /// Events per country and status since a moment: what a change would mean.
    async fn volumes(
        &self,
        account: AccountId,
        brand: BrandId,
        since: Timestamp,
    ) -> Result<Vec<VolumeView>>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Rows, flips};
    use crate::channel::TrackingStatus::Delivered;

    #[test]
    fn what_a_matrix_flips_leads_from_every_row_to_every_other() {
        let country = "FR".parse().expect("a country");
        let mut every = vec![Rows::new()];
        for on in [false, true] {
            for statuses in [[].into(), [Delivered].into()] {
                every.push(Rows::from([(country, CountryRow { on, statuses })]));
            }
        }
        for before in &every {
            for after in &every {
                let mut made = ChannelSettings::untouched(Channel::Whatsapp);
                made.countries.clone_from(before);
                let made = CellChange::apply_all(&made, &CellChange::of(&flips(before, after)));
                assert_eq!(&made.countries, after, "from {before:?}");
            }
        }
    }
}
