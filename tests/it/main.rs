//! Behaviour of Facteur through its public doors.

mod flow;
mod process;
mod shape;
mod source;
mod store;
mod whatsapp;
