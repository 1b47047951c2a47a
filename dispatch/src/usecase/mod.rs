//! One file per verb: each a public function that reads like its sentence.
//!
//! The verbs of the pipeline join one stage to the next. Those of the people take the ports they need,
//! the [`Viewer`](crate::tenant::Viewer) who asks, and what was typed as plain texts: they ask for the
//! right first, turn the texts into the core's types (`Invalid` names the field as forms and the API
//! name it), and end in one port call. Use cases do not call each other; what two of them share lives
//! in the module of the thing it is about, or below.

// The pipeline.
mod apply_receipts;
mod close_month;
mod decide_events;
mod detect_delays;
mod heed;
mod keep_watch;
mod refresh_sender;
mod replay_messages;
mod settle_attempt;
mod understand_deliveries;

// Coming in.
mod accept_invitation;
mod change_password;
mod reset_password;
mod sign_in;
mod sign_up;

// The account and its people.
mod create_api_key;
mod invite_member;
mod remove_member;
mod revoke_api_key;
mod save_account;
mod set_role;
mod withdraw_invitation;

// Brands and what they send.
mod activate_channel;
mod archive_brand;
mod check_sender;
mod connect_mail_sender;
mod connect_sandbox_sender;
mod connect_sender;
mod connect_sms_sender;
mod deactivate_channel;
mod discard_template;
mod dry_run;
mod restore_template;
mod review_templates;
mod save_brand;
mod save_cascades;
mod save_country_languages;
mod save_matrix;
mod save_quiet_hours;
mod save_reserve;
mod save_template;
mod save_timing;
mod set_logo;
mod submit_template;
mod undo_change;

// What customers agreed to.
mod ask_to_join;
mod choose_messages;
mod import_consents;
mod record_consent;

// Where events come from.
mod accept_events;
mod create_connection;
mod remove_connection;
mod replay_delivery;
mod resume_channel;
mod rotate_secret;
mod simulate_parcel;

pub use accept_events::{Accepted, MOST_EVENTS, accept_events};
pub use accept_invitation::{AcceptInvitation, accept_invitation};
pub use activate_channel::{ActivateChannel, activate_channel};
pub use apply_receipts::{Failed, Heard, apply_receipts};
pub use archive_brand::archive_brand;
pub use ask_to_join::{AskToJoin, JoinWords, ask_to_join};
pub use change_password::change_password;
pub use check_sender::check_sender;
pub use choose_messages::{Wish, Wording, choose_messages};
pub use close_month::close_month;
pub use connect_mail_sender::connect_mail_sender;
pub use connect_sandbox_sender::connect_sandbox_sender;
pub use connect_sender::{ConnectSender, connect_sender};
pub use connect_sms_sender::{ConnectSmsSender, connect_sms_sender};
pub use create_api_key::create_api_key;
pub use create_connection::{Connected, CreateConnection, create_connection};
pub use deactivate_channel::deactivate_channel;
pub use decide_events::decide_events;
pub use detect_delays::detect_delays;
pub use discard_template::discard_template;
pub use dry_run::{Extent, dry_run};
pub use heed::{Setback, heed};
pub use import_consents::{Column, Imported, LARGEST_FILE, LineFault, MOST_LINES, import_consents};
pub use invite_member::{INVITATION_GOOD_FOR, invite_member};
pub use keep_watch::keep_watch;
pub use record_consent::{RecordConsent, record_consent};
pub use refresh_sender::refresh_sender;
pub use remove_connection::remove_connection;
pub use remove_member::remove_member;
pub use replay_delivery::replay_delivery;
pub use replay_messages::{
    MOST_REPLAY_IDS, MOST_REPLAYED, PickReplay, REPLAY_STEP, Reach, ReplayPreview, ReplayTerms,
    Replayed, continue_replays, preview_replay, replay_messages,
};
pub use reset_password::reset_password;
pub use restore_template::{RestoreTemplate, restore_template};
pub use review_templates::{ask_due, submit_due};
pub use revoke_api_key::revoke_api_key;
pub use rotate_secret::rotate_secret;
pub use save_account::{AccountSaved, PlanUse, SaveAccount, plan_use, save_account};
pub use save_brand::{SaveBrand, save_brand};
pub use save_cascades::{CascadeRow, SaveCascades, save_cascades};
pub use save_country_languages::{SaveCountryLanguages, save_country_languages};
pub use save_matrix::{SaveMatrix, SavedMatrix, save_matrix};
pub use save_quiet_hours::{SaveQuietHours, save_quiet_hours};
pub use save_reserve::save_reserve;
pub use save_template::{SaveTemplate, Saved, save_template};
pub use save_timing::{SaveTiming, save_timing};
pub use set_logo::set_logo;
pub use set_role::set_role;
pub use settle_attempt::{
    MAIL_SETTLES, PROVIDER_DOWN, give_back, hand_on, keep_quiet, settle_attempt, settle_recheck,
};
pub use sign_in::sign_in;
pub use sign_up::{SignUp, SignedUp, sign_up};
pub use simulate_parcel::{Journey, SimulateParcel, Simulated, simulate_parcel};
pub use submit_template::{Given, submit_template};
pub use understand_deliveries::understand_deliveries;
pub use undo_change::undo_change;
pub use withdraw_invitation::withdraw_invitation;

pub use crate::judge::Terms;
pub use resume_channel::resume_channel;

use crate::error::{Error, Result};
use crate::id::{AccountId, BrandId, ConnectionId, IdSource};
use crate::port::{NewConnection, ReachNews, Secrets, SenderAccess, Store};
use crate::sender::SenderCheck;
use crate::source::Source;
use crate::time::{Clock, Timestamp};
use std::str::FromStr;

/// What nearly every use case works with.
#[derive(Clone, Copy)]
pub struct Ports<'a> {
    /// Everything stored.
    pub store: &'a dyn Store,
    /// Tells the time.
    pub clock: &'a dyn Clock,
    /// Where ids come from.
    pub ids: &'a dyn IdSource,
}

impl Ports<'_> {
    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Keeps what a provider said about a sender and its portfolio.
///
/// # Errors
/// When the store does not answer.
async fn note_check(
    store: &dyn Store,
    sender: &SenderAccess,
    check: &SenderCheck,
    now: Timestamp,
) -> Result<()> {
    store.note_check(sender.account, sender.id, check, now).await?;
    let news = ReachNews::of(check);
    if news.is_empty() {
        return Ok(());
    }
    store.hear_reach(sender.account, sender.id, &news, now).await
}

/// Reads one of our words or ids from a field.
fn parse<T: FromStr>(field: &'static str, text: &str) -> Result<T> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(field, "required"));
    }
    text.parse().map_err(|_| Error::invalid(field, "unknown"))
}

/// A brand's name, which says whose it is.
fn parse_own_name(field: &'static str, text: &str) -> Result<String> {
    let name = crate::tenant::parse_name(field, text)?;
    if crate::brand::is_generic_name(&name) {
        Err(Error::invalid(field, "generic"))
    } else {
        Ok(name)
    }
}

/// Reads an id somebody else's page cannot have given: what is not one names nothing here.
fn parse_id<T: FromStr>(text: &str) -> Result<T> {
    text.trim().parse().map_err(|_| Error::NotFound)
}

/// A field without its surrounding space; none when nothing is left.
fn filled(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}

/// The brand's connection of a source of our own; made when it has none yet.
async fn own_connection(
    ports: &Ports<'_>,
    secrets: &dyn Secrets,
    account: AccountId,
    brand: BrandId,
    source: Source,
) -> Result<ConnectionId> {
    if let Some(id) = ports.store.connection_of(account, brand, source).await? {
        return Ok(id);
    }
    let (id, now) = (ConnectionId::mint(ports.now(), ports.ids), ports.now());
    let new = NewConnection::of_own(id, brand, source, secrets, now);
    ports.store.create_connection(account, &new).await?;
    Ok(id)
}
