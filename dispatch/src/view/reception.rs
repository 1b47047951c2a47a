//! How texts are received, and how many people can be told at all.

use crate::channel::{Channel, TrackingStatus};
use crate::decision::RuleCode;
use crate::id::BrandId;
use crate::language::Language;
use crate::reception::Reception;
use std::collections::BTreeMap;

/// How one version of a text in one language is received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextReception {
    /// Of which brand.
    pub brand: BrandId,
    /// On which channel.
    pub channel: Channel,
    /// About which news.
    pub status: TrackingStatus,
    /// Its name at the provider.
    pub template: String,
    /// Its version; 0 for the library's.
    pub version: i64,
    /// In which language.
    pub language: Language,
    /// The figures.
    pub figures: Reception,
}

/// How the news of one status is received, whatever its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusReception {
    /// Of which brand.
    pub brand: BrandId,
    /// On which channel.
    pub channel: Channel,
    /// About which news.
    pub status: TrackingStatus,
    /// The figures.
    pub figures: Reception,
}

impl StatusReception {
    /// Texts added up by brand, channel and status, in that order.
    #[must_use]
    pub fn of(texts: &[TextReception]) -> Vec<Self> {
        let mut sums: BTreeMap<(BrandId, Channel, TrackingStatus), Reception> = BTreeMap::new();
        for text in texts {
            let sum = sums.entry((text.brand, text.channel, text.status)).or_default();
            *sum = *sum + text.figures;
        }
        sums.into_iter()
            .map(|((brand, channel, status), figures)| Self { brand, channel, status, figures })
            .collect()
    }
}

/// Of the people there was news for, how many were told on a channel, and what became of the others' news.
///
/// A person is a phone number; where a source told none, the order. Whoever got any message counts as told: it was
/// delivered. For anybody else the newest message says what became of it, or else the newest decision why there is none. News that notifies nobody and test buttons are about nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Of which brand.
    pub brand: BrandId,
    /// On which channel.
    pub channel: Channel,
    /// Who was told.
    pub told: i64,
    /// Whose message did not arrive and will not any more.
    pub failed: i64,
    /// Whose message may still arrive: it waits, or is sent and not delivered yet.
    pub under_way: i64,
    /// The others by what stopped the newest news for them, most frequent first.
    pub untold: Vec<(RuleCode, i64)>,
}

impl Coverage {
    /// Nobody yet.
    #[must_use]
    pub const fn none(brand: BrandId, channel: Channel) -> Self {
        Self { brand, channel, told: 0, failed: 0, under_way: 0, untold: Vec::new() }
    }

    /// Everybody.
    #[must_use]
    pub fn people(&self) -> i64 {
        let sent = self.told.saturating_add(self.failed).saturating_add(self.under_way);
        self.untold.iter().fold(sent, |sum, (_, count)| sum.saturating_add(*count))
    }
}
