//! The core of Facteur: decides what is sent, to whom, and what it costs.
//!
//! No I/O, no clock, no randomness: the same code runs on the server, in tests and in the browser.
//!
//! ```text
//! webhook -> delivery -> event -> decision -> message -> attempt -> provider -> receipt -> charge -> invoice
//! ```
//!
//! Modules stand in groups: one uses only its own group and those above it, and never in a circle
//! (`tests/it/shape.rs` reads the `use` lines).
//!
//! To add a stage: name its state in the module of the thing that moves, add the port method that
//! commits it (its own rows and the next stage's inbox, in one transaction), write the use case that
//! joins the two, and extend the conformance suite.

// What everything is made of.
pub mod csv;
pub mod error;
pub mod id;
pub mod money;
pub mod time;
mod words;

// Who, where and on which channel.
pub mod brand;
pub mod cascade;
pub mod change;
pub mod channel;
pub mod color;
pub mod country;
pub mod language;
pub mod phone;
pub mod plan;
pub mod quiet;
pub mod sender;
pub mod source;
pub mod tenant;
pub mod timing;
pub mod zone;

// From what happened to what is said.
pub mod decision;
pub mod event;
pub mod late;
pub mod starter;
pub mod template;

// From what is said to what it costs.
pub mod attempt;
pub mod breaker;
pub mod consent;
pub mod invoice;
pub mod join;
pub mod ledger;
pub mod message;
pub mod pace;
pub mod reach;
pub mod receipt;
pub mod reception;
pub mod retention;
pub mod stranded;

// What the outside sees.
pub mod view;

// What the core asks of the outside.
pub mod port;

// Deciding for real and for a dry run.
pub mod forecast;
pub mod judge;

// What can be done: one file per verb.
pub mod usecase;
