//! Everything that answers HTTP.

pub mod asset;
pub mod callback;
pub mod gather;
pub mod hook;
mod intake;

pub use intake::Recent;
