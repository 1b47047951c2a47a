//! The sandbox over real HTTP, as a shop's system and a tester meet it.

mod control;
mod errors;
mod faults;
mod receipts;
mod restart;
mod templates;
mod world;
