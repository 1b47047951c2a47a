//! An account and who is in it.

use crate::country::Country;
use crate::id::{AccountId, ApiKeyId, InvitationId, UserId};
use crate::plan::Plan;
use crate::tenant::Role;
use crate::time::Timestamp;

/// An account, as its members see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    /// Which.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Where the company is registered: decides the price.
    pub company_country: Country,
    /// Its plan.
    pub plan: Plan,
    /// Since when.
    pub created_at: Timestamp,
}

/// An account a person belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipView {
    /// Which account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// What the person may do there.
    pub role: Role,
}

/// A person, as the top bar shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserView {
    /// Who.
    pub id: UserId,
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Language of the screens (`en`, `fr`), when chosen.
    pub language: Option<String>,
}

/// A member of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberView {
    /// Who.
    pub user: UserId,
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub since: Timestamp,
}

/// An invitation not yet taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationView {
    /// Which.
    pub id: InvitationId,
    /// For whom.
    pub email: String,
    /// With which role.
    pub role: Role,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A place where somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// Its id, hashed: names it without opening it.
    pub handle: String,
    /// The browser, as it calls itself.
    pub agent: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Last request.
    pub seen_at: Timestamp,
    /// The one that is asking.
    pub current: bool,
}

/// An API key; the key itself was shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyView {
    /// Which.
    pub id: ApiKeyId,
    /// What the owner called it.
    pub name: String,
    /// Its first characters, to tell keys apart.
    pub hint: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Last use, to the minute.
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}
