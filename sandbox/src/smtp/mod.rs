//! A mail server that keeps what it is sent: enough of SMTP for any client, and strict where real
//! servers are. Our own because no crate for the server's side is kept well, and because a sink has
//! to write a mail to its journal before it says 250.

mod address;
mod body;
mod command;
mod lines;
mod script;
mod serve;
mod session;

pub(crate) use self::serve::serve;

/// The largest mail, in bytes.
pub(crate) const SIZE_LIMIT: usize = 10 << 20;
