//! WhatsApp through the Cloud API: the contract is Meta's; whether Meta or the sandbox answers is only
//! a base URL.

pub mod callback;
mod check;
mod client;
pub mod error;
pub mod review;
pub mod template;

pub use client::{CloudApi, Settings};
