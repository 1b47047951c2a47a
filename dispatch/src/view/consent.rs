//! Consent, as the merchant, the API and the customer's own page read it.

use crate::brand::{BrandState, SenderState};
use crate::channel::{Channel, TrackingStatus};
use crate::color::Color;
use crate::consent::{ConsentRecord, Purpose};
use crate::country::Country;
use crate::id::{AccountId, BrandId, ConsentId, MessageId};
use crate::language::Language;
use crate::template::Rendered;
use crate::time::Timestamp;

/// A brand as its customers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaceView {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub brand: BrandId,
    /// The name customers know.
    pub name: String,
    /// In use or put away.
    pub state: BrandState,
    /// Default language.
    pub language: Language,
    /// The number customers may write to.
    pub whatsapp_number: Option<String>,
    /// Its colour.
    pub color: Option<Color>,
    /// The public name of its logo.
    pub logo: Option<String>,
    /// Where customers may ask by e-mail.
    pub support_email: Option<String>,
    /// Where customers may ask on the web.
    pub support_url: Option<String>,
    /// The shop's own privacy policy.
    pub privacy_url: Option<String>,
    /// Where the account's company is registered.
    pub company_country: Country,
    /// Where its messages leave from on WhatsApp.
    pub sender: Option<FaceSender>,
    /// The channels that are switched on.
    pub channels: Vec<Channel>,
}

/// The number a brand's customers write back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaceSender {
    /// The number as people read it.
    pub number: String,
    /// Usable or not.
    pub state: SenderState,
    /// Whether what is written to it reaches us.
    pub hears: bool,
    /// The platform's id of the number.
    pub phone_number_id: String,
    /// Whether it is one of the sandbox: shown, never decided by.
    pub sandbox: bool,
}

/// A message a person received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedView {
    /// Which.
    pub id: MessageId,
    /// When it was made.
    pub at: Timestamp,
    /// On which channel.
    pub channel: Channel,
    /// Which news.
    pub status: TrackingStatus,
    /// About which order.
    pub order_number: Option<String>,
    /// Destination.
    pub country: Country,
    /// In which language.
    pub language: Language,
    /// The text as it was.
    pub rendered: Rendered,
}

/// A record of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentView {
    /// The record.
    pub record: ConsentRecord,
    /// The name of the member who wrote it down.
    pub member: Option<String>,
}

/// Which records are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConsentFilter {
    /// Only this brand.
    pub brand: Option<BrandId>,
    /// Exactly this address.
    pub address: Option<String>,
    /// Only this purpose.
    pub purpose: Option<Purpose>,
    /// Records older than this one.
    pub before: Option<ConsentId>,
    /// At most so many.
    pub limit: i64,
}

/// How many people a brand has to do with, and where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentFigures {
    /// Which brand.
    pub brand: BrandId,
    /// People there was news for in the time asked about.
    pub people: i64,
    /// Of those, with a yes on record.
    pub on_record: i64,
    /// Of those, with a no on record.
    pub refused: i64,
    /// People who said no in that time.
    pub stopped_lately: i64,
    /// Everybody whose no stands.
    pub stopped: i64,
}

impl ConsentFigures {
    /// A brand nobody had to do with yet.
    #[must_use]
    pub const fn none(brand: BrandId) -> Self {
        Self { brand, people: 0, on_record: 0, refused: 0, stopped_lately: 0, stopped: 0 }
    }
}
