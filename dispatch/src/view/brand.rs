//! Brands, their senders, and what their matrix shows.

use crate::brand::{BrandState, CountryLanguages, SenderState};
use crate::cascade::Cascades;
use crate::change::{ChangeKind, Difference};
use crate::color::Color;
use crate::country::Country;
use crate::event::EventStatus;
use crate::id::{BrandId, ChangeId, SenderId};
use crate::language::Language;
use crate::quiet::QuietHours;
use crate::sender::SenderCheck;
use crate::time::Timestamp;
use crate::timing::Timing;

/// A brand in lists and the switcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrandView {
    /// Which.
    pub id: BrandId,
    /// Name.
    pub name: String,
    /// In use or put away.
    pub state: BrandState,
    /// Default language.
    pub language: Language,
    /// Number behind `<<whatsappnumber>>`.
    pub whatsapp_number: Option<String>,
    /// Its colour on public pages, as it was chosen.
    pub color: Option<Color>,
    /// Where customers may ask by e-mail.
    pub support_email: Option<String>,
    /// Where customers may ask on the web.
    pub support_url: Option<String>,
    /// The shop's own privacy policy.
    pub privacy_url: Option<String>,
    /// The public name of its logo.
    pub logo: Option<String>,
    /// What people of a country read where that is not what most do.
    pub languages: CountryLanguages,
    /// When it does not write.
    pub quiet: QuietHours,
    /// In which order channels are tried.
    pub cascades: Cascades,
    /// How often it writes, what it tells together and when a parcel is late.
    pub timing: Timing,
    /// Its WhatsApp sender.
    pub sender: Option<SenderView>,
    /// Counts edits, for conflicts.
    pub version: i64,
}

/// A sender without its credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderView {
    /// Which.
    pub id: SenderId,
    /// The platform's id of the number.
    pub phone_number_id: String,
    /// The number as people read it.
    pub display_number: String,
    /// Usable or not.
    pub state: SenderState,
    /// Whether it speaks to the built-in sandbox.
    pub sandbox: bool,
}

/// A sender with how it is, without its credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderDetail {
    /// The sender.
    pub sender: SenderView,
    /// The platform's id of the business account.
    pub waba_id: String,
    /// Where its receipts were last told to go.
    pub callback_url: Option<String>,
    /// When it was connected.
    pub created_at: Timestamp,
    /// When another took its place.
    pub replaced_at: Option<Timestamp>,
    /// Since when its state is what it is; since it was connected if nobody changed it.
    pub state_since: Option<Timestamp>,
    /// The provider's last code about it.
    pub error_code: Option<String>,
    /// When that came.
    pub error_at: Option<Timestamp>,
    /// When the provider last told us something, to the minute.
    pub callback_at: Option<Timestamp>,
    /// When it last asked for the verify token.
    pub verified_at: Option<Timestamp>,
    /// When it was last asked.
    pub checked_at: Option<Timestamp>,
    /// What it said then.
    pub check: Option<SenderCheck>,
}

/// Messages of one cell over a span, for the matrix and its impact panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeView {
    /// Destination.
    pub country: Country,
    /// News.
    pub status: EventStatus,
    /// Events that came in (sent or not).
    pub events: i64,
}

/// One change of a channel's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeView {
    /// Which.
    pub id: ChangeId,
    /// To what end.
    pub kind: ChangeKind,
    /// The earlier change it takes back or goes back to.
    pub of: Option<ChangeId>,
    /// Who; none for the server itself.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The version it led to.
    pub version: i64,
    /// What it changed.
    pub difference: Difference,
}
