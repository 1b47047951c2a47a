//! Text messages through Twilio's API, or whatever speaks it: the contract is Twilio's, the address is a setting.

pub mod callback;
mod client;
pub mod error;

pub use client::{Settings, Twilio};
