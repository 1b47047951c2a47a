//! Senders: the numbers brands write from, with what their providers need.

use crate::brand::SenderState;
use crate::channel::Channel;
use crate::error::Result;
use crate::id::{AccountId, BrandId, IdSource, SenderId};
use crate::pace::Slowed;
use crate::port::Secrets;
use crate::sender::SenderCheck;
use crate::source::Secret;
use crate::time::Timestamp;
use crate::view::SenderDetail;
use async_trait::async_trait;

/// A sender to be connected.
#[derive(Debug, Clone)]
pub struct NewSender {
    /// Which.
    pub id: SenderId,
    /// For which channel.
    pub channel: Channel,
    /// Of which brand; replaces the brand's earlier one.
    pub brand: BrandId,
    /// The platform's id of the number; for text messages the number or name itself, for mail the address.
    pub phone_number_id: String,
    /// The platform's id of the account; empty for mail.
    pub waba_id: String,
    /// The number or address as people read it.
    pub display_number: String,
    /// Bearer token.
    pub access_token: Secret,
    /// Signs callbacks.
    pub app_secret: Secret,
    /// Answers the handshake.
    pub verify_token: Secret,
    /// Whether it speaks to the built-in sandbox: shown, never decided by.
    pub sandbox: bool,
    /// Whether the provider has approved the library's texts for it already.
    pub knows_library: bool,
}

impl NewSender {
    /// What its provider needs to be asked about it, before anything is stored.
    #[must_use]
    pub fn access(&self, account: AccountId) -> SenderAccess {
        SenderAccess {
            account,
            id: self.id,
            channel: self.channel,
            brand: self.brand,
            phone_number_id: self.phone_number_id.clone(),
            waba_id: self.waba_id.clone(),
            access_token: self.access_token.clone(),
            verify_token: self.verify_token.clone(),
            callback_url: None,
            per_second: None,
            slowed: None,
        }
    }

    /// A fresh number of the built-in sandbox, which accepts any token that names the secret it is to
    /// sign callbacks with.
    #[must_use]
    pub fn of_sandbox(
        id: SenderId,
        brand: BrandId,
        ids: &dyn IdSource,
        secrets: &dyn Secrets,
    ) -> Self {
        let random = ids.random();
        // 15 digits, the first not zero, as the platform's ids are.
        let phone_number_id = (100_000_000_000_000 + random % 900_000_000_000_000).to_string();
        let last = random % 10_000;
        let app_secret = secrets.token("");
        let nonce = secrets.token("");
        Self {
            id,
            channel: Channel::Whatsapp,
            brand,
            // The sandbox's convention: a number's business account has its id with two zeros.
            waba_id: format!("{phone_number_id}00"),
            phone_number_id,
            display_number: format!("+33 7 00 00 {:02} {:02}", last / 100, last % 100),
            access_token: Secret::new(format!("sbx.{}.{}", app_secret.expose(), nonce.expose())),
            app_secret,
            verify_token: secrets.token(""),
            sandbox: true,
            // The sandbox's convention: every number starts with the library approved.
            knows_library: true,
        }
    }
}

impl NewSender {
    /// A sender of the sandbox for text messages or mail: any account is there, and its token signs callbacks.
    #[must_use]
    pub fn of_sandbox_on(
        channel: Channel,
        id: SenderId,
        brand: BrandId,
        ids: &dyn IdSource,
        secrets: &dyn Secrets,
    ) -> Self {
        let whatsapp = Self::of_sandbox(id, brand, ids, secrets);
        let (address, account) = match channel {
            Channel::Whatsapp => return whatsapp,
            Channel::Sms => {
                let random = ids.random();
                let number = format!("+33700{:06}", random % 1_000_000);
                (number, format!("AC{:032x}", ids.random()))
            }
            Channel::Email => ("tracking@shop.example".to_owned(), String::new()),
        };
        Self {
            channel,
            phone_number_id: address.clone(),
            waba_id: account,
            display_number: address,
            // The account's token is both what is shown and what signs.
            access_token: whatsapp.app_secret.clone(),
            knows_library: false,
            ..whatsapp
        }
    }
}

/// What a provider needs to send from a sender.
#[derive(Debug, Clone)]
pub struct SenderAccess {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: SenderId,
    /// For which channel.
    pub channel: Channel,
    /// Of which brand.
    pub brand: BrandId,
    /// As [`NewSender::phone_number_id`].
    pub phone_number_id: String,
    /// As [`NewSender::waba_id`].
    pub waba_id: String,
    /// Bearer token.
    pub access_token: Secret,
    /// Answers the handshake.
    pub verify_token: Secret,
    /// Where receipts were last told to go.
    pub callback_url: Option<String>,
    /// Messages it may send a second, when its provider has told more than the ordinary.
    pub per_second: Option<u32>,
    /// What whoever sent from it before has learned.
    pub slowed: Option<Slowed>,
}

/// The store's part in senders.
#[async_trait]
pub trait Senders: Send + Sync {
    /// Connects a sender to a brand.
    async fn connect_sender(
        &self,
        account: AccountId,
        new: &NewSender,
        now: Timestamp,
    ) -> Result<()>;
    /// What a provider needs to send from it.
    async fn sender_access(
        &self,
        account: AccountId,
        sender: SenderId,
    ) -> Result<Option<SenderAccess>>;
    /// Senders of every account whose receipts are not told to go under `base_url` yet.
    async fn find_unsubscribed(&self, base_url: &str) -> Result<Vec<SenderAccess>>;
    /// Notes where a sender's receipts go.
    async fn subscribed(
        &self,
        account: AccountId,
        sender: SenderId,
        callback_url: &str,
    ) -> Result<()>;
    /// Notes a sender's state, since when it stands so, and the code the provider gave for it.
    async fn set_sender_state(
        &self,
        account: AccountId,
        sender: SenderId,
        state: SenderState,
        code: Option<&str>,
        now: Timestamp,
    ) -> Result<()>;
    /// Notes what the provider said about a sender, and the state that follows from it.
    async fn note_check(
        &self,
        account: AccountId,
        sender: SenderId,
        check: &SenderCheck,
        now: Timestamp,
    ) -> Result<()>;
    /// Notes how fast a number may go after its provider complained, for whoever sends from it next.
    async fn note_slowed(
        &self,
        account: AccountId,
        sender: SenderId,
        slowed: &Slowed,
    ) -> Result<()>;
    /// Numbers of every account, of a channel that is asked about, whose provider was last asked before that moment.
    async fn find_unchecked(&self, before: Timestamp, limit: i64) -> Result<Vec<SenderAccess>>;
    /// A brand's senders on a channel with how they are: the one in use, then those it replaced, latest first.
    async fn senders_on(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
    ) -> Result<Vec<SenderDetail>>;
}
