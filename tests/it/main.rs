//! Behaviour of Facteur through its public doors.

mod source;
mod whatsapp;
