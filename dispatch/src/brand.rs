//! Brands, their senders, and what each channel of a brand is set to.

use crate::cascade::Cascades;
use crate::channel::{Channel, TrackingStatus};
use crate::country::Country;
use crate::id::{AccountId, BrandId, SenderId};
use crate::language::Language;
use crate::quiet::QuietHours;
use crate::time::Timestamp;
use crate::timing::Timing;
use crate::words::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::BTreeSet;

words! {
    /// Whether a brand is in use.
    BrandState {
        /// In use.
        Active = "active",
        /// Put away: kept for its messages and bills, sends nothing.
        Archived = "archived",
    }
}

/// A shop's identity towards its customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: BrandId,
    /// The name customers know; the tag `<<companyname>>`.
    pub name: String,
    /// In use or put away.
    pub state: BrandState,
    /// Language of messages when neither the recipient nor the country tells one.
    pub language: Language,
    /// The number customers may write to, shown by `<<whatsappnumber>>`.
    pub whatsapp_number: Option<String>,
    /// What people of a country read where that is not what most do.
    pub languages: CountryLanguages,
    /// When it does not write.
    pub quiet: QuietHours,
    /// In which order channels are tried.
    pub cascades: Cascades,
    /// How often it writes, and what it tells together.
    pub timing: Timing,
}

/// The languages a brand has chosen for countries, in the place of what most people there read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CountryLanguages(pub BTreeMap<Country, Language>);

impl CountryLanguages {
    /// The language for people of a country who tell none of their own.
    #[must_use]
    pub fn of(&self, country: Country) -> Option<Language> {
        self.chosen(country).cloned().or_else(|| country.language())
    }

    /// The language that was chosen for a country.
    #[must_use]
    pub fn chosen(&self, country: Country) -> Option<&Language> {
        self.0.get(&country)
    }
}

/// Whether a name says nothing about whose it is: `Shop`, `Customer support`. WhatsApp refuses such
/// names for numbers, and customers do not know who writes.
#[must_use]
pub fn is_generic_name(name: &str) -> bool {
    const GENERIC: &str = "shop store webshop eshop online the my our official company business brand \
        support service services customer customers client clients care help helpdesk desk team info sales contact \
        admin account test tests testing demo example sample new hello whatsapp message messages notification \
        notifications delivery deliveries tracking parcel order orders \
        boutique magasin le la les mon ma notre en ligne officiel officielle entreprise société societe marque \
        assistance aide equipe équipe vente ventes compte essai exemple commande commandes livraison livraisons \
        suivi colis de du des et and of for";
    let mut words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !word.chars().all(|c| c.is_ascii_digit()))
        .map(str::to_lowercase)
        .peekable();
    // A name in signs alone says nothing either.
    words.peek().is_none()
        || words.all(|word| GENERIC.split_ascii_whitespace().any(|generic| generic == word))
}

words! {
    /// Whether a sender can be used.
    SenderState {
        /// Ready.
        Ready = "ready",
        /// The provider wants it reconnected (token expired, permission removed).
        Reconnect = "reconnect",
        /// The provider stopped it for a while or for good.
        Paused = "paused",
    }
}

/// Whether a text message's sender is a name, which nobody can answer: neither a number nor a pool of them, whose
/// ids are long.
#[must_use]
pub fn is_name(sender: &str) -> bool {
    sender.len() <= 11 && sender.chars().any(|c| !c.is_ascii_digit() && c != '+')
}

/// Where a brand's messages leave from, as far as a decision needs it. Credentials stay in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Which.
    pub id: SenderId,
    /// For which channel.
    pub channel: Channel,
    /// Usable or not.
    pub state: SenderState,
    /// Whether customers cannot answer it (a name as the sender of text messages): what it sends has to carry a
    /// link to stop them.
    pub one_way: bool,
}

words! {
    /// On what ground the merchant may message its customers (design decision 7).
    ConsentBasis {
        /// The merchant attests that the numbers it sends have opted in.
        CollectedByShop = "collected_by_shop",
        /// Send only where a consent record exists.
        OnRecord = "on_record",
    }
}

words! {
    /// The master switch of a channel.
    ChannelState {
        /// Never activated, or switched off.
        Off = "off",
        /// Activated with accepted prices and a stated consent basis.
        On = "on",
    }
}

/// One country's row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CountryRow {
    /// The country's own switch; off keeps the statuses for later.
    pub on: bool,
    /// The statuses that are switched on.
    pub statuses: BTreeSet<TrackingStatus>,
}

/// Everything a merchant set for one channel of one brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelSettings {
    /// Which channel.
    pub channel: Channel,
    /// The master switch.
    pub state: ChannelState,
    /// Since when it is on.
    pub activated_at: Option<Timestamp>,
    /// The consent basis accepted at activation.
    pub consent_basis: Option<ConsentBasis>,
    /// The matrix, by country.
    pub countries: BTreeMap<Country, CountryRow>,
    /// Counts saves; a save that was made on an older version is a conflict.
    pub version: i64,
}

impl ChannelSettings {
    /// A channel nobody has touched yet.
    #[must_use]
    pub const fn untouched(channel: Channel) -> Self {
        Self {
            channel,
            state: ChannelState::Off,
            activated_at: None,
            consent_basis: None,
            countries: BTreeMap::new(),
            version: 0,
        }
    }

    /// How many countries are switched on: what a plan's limit counts.
    #[must_use]
    pub fn countries_on(&self) -> usize {
        self.countries.values().filter(|row| row.on).count()
    }

    /// Whether any news is switched on in a country that is on: without, an active channel sends nothing.
    #[must_use]
    pub fn tells_something(&self) -> bool {
        self.countries.values().any(|row| row.on && !row.statuses.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_to_say_whose_it_is() {
        for name in [
            "Shop",
            "support",
            "TEST",
            "Customer Support",
            "Test 2",
            "La boutique en ligne",
            "123",
            "--",
        ] {
            assert!(is_generic_name(name), "{name}");
        }
        for name in ["Maison Lune", "Shop of Ada", "Bodyshop", "L'Été", "Test Rite", "靴屋", "3M"]
        {
            assert!(!is_generic_name(name), "{name}");
        }
    }
}
