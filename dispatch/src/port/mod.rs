//! What the core asks of the world. A method is one business transaction, whole or not at all.
//!
//! Four rules: a lookup answers `Option`, the clock and the ids are parameters, the account is the first
//! argument (methods of the pipeline work on sets whose rows each carry their account; methods named
//! `find_…` are doors that establish the account), and nothing of a driver leaks through an error.
//!
//! To add a method: here, in `server/src/store/<port>.rs`, and a case in the conformance suite.

mod account;
mod billing;
mod brand;
mod change;
mod connection;
mod consent;
mod decide;
mod history;
mod inbox;
mod keep;
mod late;
mod outbox;
mod provider;
mod reach;
mod read;
mod receipts;
mod replay;
mod secrets;
mod sender;
mod session;
mod signal;
mod template;

pub use account::{Accounts, Credentials, KeyHolder, NewAccount, NewApiKey, NewInvitation};
pub use billing::Billing;
pub use brand::{Acceptance, Brands, CellChange, NewBrand, NewLogo, Signed};
pub use change::{Changes, ChangesAsked};
pub use connection::{Connections, NewConnection};
pub use consent::{Consents, Links};
pub use decide::{BrandFile, ChannelFile, Contact, Decided, Desk, Gathered, Person, Shelf};
pub use history::{History, Remembered};
pub use inbox::{Inbox, NewDelivery, NewEvent, StoredDelivery, Understood};
pub use keep::Keep;
pub use late::{LateParcels, Looked};
pub use outbox::{Finished, Outbox, Queue, Settlement, Watch, WatchEnd, Watched};
pub use provider::{Provider, ProviderTemplate};
pub use reach::{Admission, Portfolio, Reach, ReachNews, ReachTerms};
pub use read::{Backlog, Pulse, Read};
pub use receipts::{Applied, CallbackTarget, Inbound, Leaving, Receipts, Subject, Told};
pub use replay::{ReplayBatch, Replays, SentAgain, StrandedGroup};
pub use secrets::Secrets;
pub use sender::{NewSender, SenderAccess, Senders};
pub use session::{SessionRow, SessionRows};
pub use signal::{Call, Calls, Signal};
pub use template::{
    Adoption, NewDraft, NewMedia, Submission, Submitted, TemplateNews, Templates, VersionKey,
};

/// Everything a store can do; one value of it serves the whole process.
pub trait Store:
    Inbox
    + Desk
    + History
    + Keep
    + Outbox
    + Watch
    + Receipts
    + Replays
    + Consents
    + Billing
    + Accounts
    + Brands
    + Senders
    + Changes
    + Connections
    + Templates
    + Reach
    + Read
    + LateParcels
{
}

impl<T> Store for T where
    T: Inbox
        + Desk
        + History
        + Keep
        + Outbox
        + Watch
        + Receipts
        + Replays
        + Consents
        + Billing
        + Accounts
        + Brands
        + Senders
        + Changes
        + Connections
        + Templates
        + Reach
        + Read
        + LateParcels
{
}
