//! Connections and their deliveries, as merchants manage them.

use crate::error::Result;
use crate::id::{AccountId, BrandId, ConnectionId, DeliveryId};
use crate::port::Secrets;
use crate::source::{Proof, Secret, Source};
use crate::time::Timestamp;
use crate::view::{ConnectionView, DeliveryView, Page};
use async_trait::async_trait;

/// A connection to be made.
#[derive(Debug, Clone)]
pub struct NewConnection {
    /// Which.
    pub id: ConnectionId,
    /// For which brand.
    pub brand: BrandId,
    /// From what.
    pub source: Source,
    /// How deliveries prove themselves.
    pub proof: Proof,
    /// Accepted keys, current first.
    pub secrets: Vec<Secret>,
    /// When.
    pub at: Timestamp,
}

impl NewConnection {
    /// A connection of our own, made when it is first needed: the simulator's, the API's. Its hook
    /// accepts what is signed with a key made here.
    #[must_use]
    pub fn of_own(
        id: ConnectionId,
        brand: BrandId,
        source: Source,
        secrets: &dyn Secrets,
        at: Timestamp,
    ) -> Self {
        let secrets = vec![secrets.token("")];
        Self { id, brand, source, proof: Proof::Signature, secrets, at }
    }
}

/// The store's part in connections.
#[async_trait]
pub trait Connections: Send + Sync {
    /// Makes a connection.
    ///
    /// # Errors
    /// `NotFound` when the account has no such brand.
    async fn create_connection(&self, account: AccountId, new: &NewConnection) -> Result<()>;
    /// Connections in use, newest first.
    async fn connections(&self, account: AccountId, now: Timestamp) -> Result<Vec<ConnectionView>>;
    /// One connection in use.
    async fn connection(
        &self,
        account: AccountId,
        id: ConnectionId,
        now: Timestamp,
    ) -> Result<Option<ConnectionView>>;
    /// The account's connection of a source for a brand, if it has one: the simulator's.
    async fn connection_of(
        &self,
        account: AccountId,
        brand: BrandId,
        source: Source,
    ) -> Result<Option<ConnectionId>>;
    /// Takes a new current key; the former one stays accepted, older ones do not.
    ///
    /// # Errors
    /// `NotFound`.
    async fn rotate_secret(
        &self,
        account: AccountId,
        id: ConnectionId,
        secret: &Secret,
    ) -> Result<()>;
    /// The current key, for the person who has to paste it at the source.
    async fn current_secret(&self, account: AccountId, id: ConnectionId) -> Result<Option<Secret>>;
    /// Stops accepting; deliveries stay.
    ///
    /// # Errors
    /// `NotFound`.
    async fn remove_connection(&self, account: AccountId, id: ConnectionId) -> Result<()>;
    /// Its deliveries, newest first.
    async fn deliveries(
        &self,
        account: AccountId,
        connection: ConnectionId,
        before: Option<DeliveryId>,
        limit: i64,
    ) -> Result<Page<DeliveryView>>;
    /// One delivery with its exact bytes.
    async fn delivery(
        &self,
        account: AccountId,
        id: DeliveryId,
    ) -> Result<Option<(DeliveryView, Vec<u8>)>>;
}
