//! Phones one can read and answer on, and inboxes: server-rendered pages that work without scripts
//! and follow what happens with one.

mod chat;
mod heading;
mod html;
mod inbox;
mod page;
mod routes;
mod texts;
mod view;
mod words;

pub(crate) use self::routes::routes;
