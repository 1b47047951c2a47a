//! Mail, through any server that speaks SMTP.
//!
//! SMTP has no receipts: a mail that the server took counts as sent, and as delivered when nothing has come back within
//! ten minutes ([`MAIL_SETTLES`](dispatch::usecase::MAIL_SETTLES)). What comes back later is told to
//! `/callbacks/email/{sender}`.

pub mod bounce;
mod client;
mod letter;

pub use client::{Settings, Smtp};
