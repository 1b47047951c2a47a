//! Everything that answers HTTP.

pub mod asset;
