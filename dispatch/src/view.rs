//! What screens and the API read: flat, made once by the store, nothing secret in it.
//!
//! Phones are whole here; whoever shows them masks them unless the viewer may see them
//! ([`crate::tenant::Permission::ReadPhones`]).

mod account;
mod billing;
mod brand;
mod connection;
mod consent;
mod log;
mod message;
mod reach;
mod reception;
mod replay;
mod template;

pub use account::{
    AccountView, ApiKeyView, InvitationView, MemberView, MembershipView, SessionView, UserView,
};
pub use billing::{InvoiceDetail, InvoiceLineView, InvoiceView, PriceView, UsageLine};
pub use brand::{BrandView, ChangeView, SenderDetail, SenderView, VolumeView};
pub use connection::{ConnectionView, DeliveryEventView, DeliveryView, EventView};
pub use consent::{ConsentFigures, ConsentFilter, ConsentView, FaceSender, FaceView, ReceivedView};
pub use log::{LogCounts, LogFilter, LogRow, LogTab, OverviewView, Page, ReasonCount};
pub use message::{AttemptView, CaseView, ChargeView, MessageView, NextView, ReceiptView};
pub use reach::ReachView;
pub use reception::{Coverage, StatusReception, TextReception};
pub use replay::{ReplayView, ReplayedView};
pub use template::{
    TemplateAlert, TemplateChange, TemplateChangeView, TemplateTrouble, TemplateView, VersionView,
};
