//! Phones one can read and answer on: server-rendered pages that work without scripts and follow
//! what happens with one.

mod heading;
mod html;
mod page;
mod routes;
mod words;

pub(crate) use self::routes::routes;
