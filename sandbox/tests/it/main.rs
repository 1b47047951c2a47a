//! The sandbox over real HTTP, as a shop's system and a tester meet it.

#![expect(clippy::disallowed_methods, reason = "the callers of the sandbox are composed here")]

mod control;
mod errors;
mod faults;
mod mail;
mod pages;
mod phones;
mod portfolio;
mod receipts;
mod restart;
mod reviews;
mod sms;
mod standings;
mod templates;
mod texts;
mod uploads;
mod world;
