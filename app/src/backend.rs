//! What a page reads from: put into context by the server for each request.
//!
//! A page says `let desk = Desk::get();` and asks the store through it; it never sees a database. What
//! changes something is a form, posted to the page's own path and handled by the server.

use dispatch::error::Result;
use dispatch::forecast::{DryRun, Wish};
use dispatch::id::IdSource;
use dispatch::port::{Links, Store};
use dispatch::source::Secret;
use dispatch::tenant::{Permission, Role, Viewer};
use dispatch::time::{Clock, Timestamp};
use dispatch::view::{AccountView, BrandView, MembershipView, UserView};
use dispatch::zone::Zones;
use std::pin::Pin;
use std::sync::Arc;

/// Who is asking, and everything they may ask.
#[derive(Clone)]
pub struct Desk {
    /// The port to everything stored.
    pub store: Arc<dyn Store>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Mints the ids that forms are sent under, so that one that is sent twice is done once.
    pub ids: Arc<dyn IdSource>,
    /// How clocks are set around the world.
    pub zones: Arc<dyn Zones>,
    /// The signed-in person; none on public pages.
    pub guest: Option<Guest>,
    /// Makes the links that customers get.
    pub links: Arc<dyn Links>,
    /// Facts of this installation.
    pub site: Site,
    /// Hash of the session, which names it in the list of sessions.
    pub session: Option<String>,
    /// What the form before this page made and may be seen only now.
    pub handover: Option<Handover>,
    /// The invitation whose link was opened, while it is good.
    pub invited: Option<Invited>,
    /// Runs dry runs, beside the threads that answer.
    pub dry_runs: DryRuns,
}

/// What an invitation leads to, for whoever holds its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The account's name.
    pub account: String,
    /// Whom it is for.
    pub email: String,
    /// What they may do there.
    pub role: Role,
}

/// Answers a wish; what it needs is the server's.
pub type DryRuns =
    Arc<dyn Fn(Viewer, Wish) -> Pin<Box<dyn Future<Output = Result<DryRun>> + Send>> + Send + Sync>;

/// A secret shown exactly once, on the page after the form that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// What it opens.
    pub kind: HandoverKind,
    /// The key, the secret, or the whole link.
    pub text: Secret,
}

/// What a secret handed over opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoverKind {
    /// A key of the REST API, on the page of keys.
    ApiKey,
    /// A connection's secret, on the connection's page.
    ConnectionSecret,
    /// The link of an invitation, on the page of members.
    InvitationLink,
}

/// A signed-in person with what every page of the frame shows. Loaded once per request by the server.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The proof: account and role.
    pub viewer: Viewer,
    /// The person.
    pub user: UserView,
    /// The account that is open.
    pub account: AccountView,
    /// All their accounts.
    pub memberships: Vec<MembershipView>,
    /// The account's brands, archived ones last.
    pub brands: Vec<BrandView>,
}

/// Largest picture of a header the provider takes, in bytes (Cloud API contract §7).
pub const LARGEST_PICTURE: usize = 5 * 1024 * 1024;

/// Facts of this installation.
#[derive(Debug, Clone)]
pub struct Site {
    /// Public address, without a slash at the end.
    pub base_url: String,
    /// Address of the sandbox's phones, when it runs.
    pub sandbox_url: Option<String>,
    /// Largest document of a header, in MiB.
    pub document_mib: usize,
    /// How long things are kept.
    pub retention: dispatch::retention::Retention,
    /// How many customers a portfolio may reach within a day while its provider has not told.
    pub unknown_reach: Option<u32>,
    /// How old news may be.
    pub stale_after: std::time::Duration,
}

impl Site {
    /// Largest document of a header, in bytes.
    #[must_use]
    pub const fn largest_document(&self) -> usize {
        self.document_mib * 1024 * 1024
    }

    /// Bytes of a file that are looked at: one more than any may have.
    #[must_use]
    pub fn largest_file(&self) -> usize {
        self.largest_document().max(LARGEST_PICTURE) + 1
    }
}

impl Desk {
    /// The desk of this request. Present on every request the server renders.
    #[must_use]
    pub fn get() -> Option<Self> {
        leptos::prelude::use_context::<Self>()
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether the signed-in person has a right.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.guest.as_ref().is_some_and(|guest| guest.viewer.role.may(permission))
    }
}
