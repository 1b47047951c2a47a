//! The adapters of Facteur: HTTP, storage, providers, workers, commands.

pub mod command;
pub mod compose;
pub mod config;
pub mod dry_run;
pub mod http;
pub mod logo;
pub mod media;
pub mod phone;
pub mod picture;
pub mod provider;
pub mod security;
pub mod source;
pub mod store;
pub mod telemetry;
pub mod worker;
pub mod zone;
