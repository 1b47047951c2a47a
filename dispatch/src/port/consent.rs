//! The consent ledger, and what a person has received: for their own page, the merchant's and the API.

use crate::channel::Channel;
use crate::consent::{ConsentRecord, Position, Purpose};
use crate::error::Result;
use crate::id::{AccountId, BrandId, ConsentId, JoinId};
use crate::join::JoinRequest;
use crate::time::Timestamp;
use crate::view::{
    ConsentFigures, ConsentFilter, ConsentView, Coverage, FaceView, Page, ReceivedView,
};
use async_trait::async_trait;
use std::collections::BTreeSet;
use std::fmt;

/// The store's part in consent.
#[async_trait]
pub trait Consents: Send + Sync {
    /// Appends records, all of the persons' own words or all of the shop's, and moves where they stand
    /// ([`crate::consent::Standpoint::gives_way_to`]), in one commit. Nothing changes or removes a record.
    ///
    /// # Errors
    /// `NotFound` when a record is about another account's brand.
    async fn record_consents(&self, account: AccountId, records: &[ConsentRecord]) -> Result<()>;

    /// The brand of a customer's link: establishes the account, as callbacks do.
    async fn find_face(&self, brand: BrandId) -> Result<Option<FaceView>>;

    /// Where an address stands.
    async fn position(&self, account: AccountId, brand: BrandId, address: &str)
    -> Result<Position>;

    /// Which of these addresses said no themselves, on which channel and about what.
    async fn own_opt_outs(
        &self,
        account: AccountId,
        brand: BrandId,
        addresses: &[String],
    ) -> Result<BTreeSet<(String, Channel, Purpose)>>;

    /// What an address got from a brand, newest first.
    async fn received(
        &self,
        account: AccountId,
        brand: BrandId,
        address: &str,
        limit: i64,
    ) -> Result<Vec<ReceivedView>>;

    /// Records, newest first.
    async fn consents(
        &self,
        account: AccountId,
        filter: &ConsentFilter,
    ) -> Result<Page<ConsentView>>;

    /// One record.
    async fn consent(&self, account: AccountId, id: ConsentId) -> Result<Option<ConsentView>>;

    /// The numbers that messages about an order went to, or would have.
    async fn addresses_of(&self, account: AccountId, order_number: &str) -> Result<Vec<String>>;

    /// Keeps what somebody agreed to on the sign-up page for a number. The number itself is not kept: only a
    /// fingerprint, which tells whether a message came from it.
    ///
    /// # Errors
    /// `NotFound` when the brand is another account's.
    async fn ask_to_join(
        &self,
        account: AccountId,
        address: &str,
        request: &JoinRequest,
    ) -> Result<()>;

    /// A request of a brand that has not expired, confirmed or not.
    async fn join(
        &self,
        account: AccountId,
        brand: BrandId,
        id: JoinId,
        now: Timestamp,
    ) -> Result<Option<JoinRequest>>;

    /// Removes requests that have expired. Returns how many.
    async fn sweep_joins(&self, now: Timestamp) -> Result<u64>;

    /// How many people there were since a moment and where they stand, by brand. Brands without any are
    /// left out.
    async fn consent_figures(
        &self,
        account: AccountId,
        since: Timestamp,
    ) -> Result<Vec<ConsentFigures>>;

    /// Of the people there was news for since a moment, how many were told on each channel and why not the
    /// others, by brand and channel. Brands without any are left out.
    async fn coverage(&self, account: AccountId, since: Timestamp) -> Result<Vec<Coverage>>;
}

/// Makes the addresses a message may carry. No I/O: deciding asks for every event.
pub trait Links: fmt::Debug + Send + Sync {
    /// Where the person behind an address chooses what they hear from a brand. The same question has
    /// the same answer, and the answer does not show the address.
    fn preferences(&self, brand: BrandId, address: &str) -> String;

    /// The same page with samples, for the merchant to look at: nothing on it is kept.
    fn preferences_sample(&self, brand: BrandId) -> String;
}
