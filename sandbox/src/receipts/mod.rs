//! What the sandbox tells: receipts and inbound messages, signed, retried until they are accepted.

mod courier;
mod payload;
pub(crate) mod plan;

pub(crate) use self::courier::run;
