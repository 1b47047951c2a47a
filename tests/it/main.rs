//! Behaviour of Facteur through its public doors.

mod flow;
mod process;
mod source;
mod whatsapp;
