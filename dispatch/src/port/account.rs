//! Accounts, people, invitations, API keys, sessions.

use crate::country::Country;
use crate::error::Result;
use crate::id::{AccountId, ApiKeyId, InvitationId, UserId};
use crate::plan::Plan;
use crate::source::Secret;
use crate::tenant::Role;
use crate::time::Timestamp;
use crate::view::{
    AccountView, ApiKeyView, InvitationView, MemberView, MembershipView, SessionView, UserView,
};
use async_trait::async_trait;

/// A new account with its first owner.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Which.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Where the company is registered.
    pub company_country: Country,
    /// Its plan.
    pub plan: Plan,
    /// The owner.
    pub user: UserId,
    /// The owner's address, parsed.
    pub email: String,
    /// The owner's name.
    pub user_name: String,
    /// The password's hash.
    pub password_hash: Secret,
    /// The screens' language.
    pub language: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What signing in compares.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Who.
    pub user: UserId,
    /// The stored hash.
    pub password_hash: Secret,
}

/// An invitation to be sent.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// Which.
    pub id: InvitationId,
    /// For whom.
    pub email: String,
    /// With which role.
    pub role: Role,
    /// Hash of the token in the link.
    pub token_hash: String,
    /// Made when.
    pub at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A key to be stored.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// Which.
    pub id: ApiKeyId,
    /// What the owner calls it.
    pub name: String,
    /// Its first characters.
    pub hint: String,
    /// SHA-256 of the key, in hex: keys are long random texts, so a fast hash is enough.
    pub hash: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When.
    pub at: Timestamp,
}

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHolder {
    /// The account.
    pub account: AccountId,
    /// The key.
    pub key: ApiKeyId,
    /// What it may do.
    pub scopes: Vec<String>,
}

/// The store's part in accounts.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Creates an account with its owner.
    ///
    /// # Errors
    /// `Invalid` on `email` with `taken` when somebody has that address.
    async fn create_account(&self, new: &NewAccount) -> Result<()>;
    /// What to compare a password with.
    async fn find_credentials(&self, email: &str) -> Result<Option<Credentials>>;
    /// A person.
    async fn find_user(&self, user: UserId) -> Result<Option<UserView>>;
    /// The accounts a person belongs to, oldest first.
    async fn find_memberships(&self, user: UserId) -> Result<Vec<MembershipView>>;
    /// Chooses the screens' language.
    async fn set_user_language(&self, user: UserId, language: &str) -> Result<()>;
    /// Replaces the password's hash.
    async fn set_password(&self, user: UserId, hash: &Secret) -> Result<()>;

    /// The account.
    async fn account(&self, account: AccountId) -> Result<Option<AccountView>>;
    /// Renames the account, moves its seat, changes its plan.
    async fn update_account(
        &self,
        account: AccountId,
        name: &str,
        company_country: Country,
        plan: Plan,
    ) -> Result<()>;
    /// Its members.
    async fn members(&self, account: AccountId) -> Result<Vec<MemberView>>;
    /// Changes a member's role.
    ///
    /// # Errors
    /// `NotFound`; `Limit` with `last_owner` when nobody would be left to own the account.
    async fn set_role(&self, account: AccountId, user: UserId, role: Role) -> Result<()>;
    /// Takes a member out. Errors as [`Accounts::set_role`].
    async fn remove_member(&self, account: AccountId, user: UserId) -> Result<()>;
    /// Keeps an invitation.
    async fn invite(&self, account: AccountId, new: &NewInvitation) -> Result<()>;
    /// Invitations not yet taken.
    async fn invitations(&self, account: AccountId, now: Timestamp) -> Result<Vec<InvitationView>>;
    /// Takes an invitation back.
    async fn withdraw_invitation(&self, account: AccountId, id: InvitationId) -> Result<()>;
    /// The invitation behind a link that is still good, with its account's name.
    async fn find_invitation(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<(AccountId, String, InvitationView)>>;
    /// Makes the person a member and the invitation used, in one commit. For a new person `new`
    /// carries name and password hash.
    ///
    /// # Errors
    /// `NotFound` when the invitation is no longer good.
    async fn accept_invitation(
        &self,
        token_hash: &str,
        user: UserId,
        new: Option<(&str, &Secret)>,
        now: Timestamp,
    ) -> Result<AccountId>;

    /// Keeps a key.
    async fn create_api_key(&self, account: AccountId, new: &NewApiKey) -> Result<()>;
    /// The account's keys, newest first.
    async fn api_keys(&self, account: AccountId) -> Result<Vec<ApiKeyView>>;
    /// Ends a key at once.
    ///
    /// # Errors
    /// `NotFound`.
    async fn revoke_api_key(&self, account: AccountId, id: ApiKeyId, now: Timestamp) -> Result<()>;
    /// Whose key a hash is, unless revoked. Notes the use, to the minute.
    async fn find_api_key(&self, hash: &str, now: Timestamp) -> Result<Option<KeyHolder>>;

    /// Where a person is signed in; `current` names the asking session's hash.
    async fn sessions(
        &self,
        user: UserId,
        current: &str,
        now: Timestamp,
    ) -> Result<Vec<SessionView>>;
    /// Ends one session of a person, or all but `keep`.
    async fn end_sessions(
        &self,
        user: UserId,
        only: Option<&str>,
        keep: Option<&str>,
    ) -> Result<()>;
}
