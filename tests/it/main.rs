//! Behaviour of Facteur through its public doors.

mod fault;
mod flow;
mod http;
mod month;
#[expect(dead_code, reason = "shared with the benchmark, which uses the rest of it")]
mod process;
mod shape;
mod source;
mod store;
mod whatsapp;
