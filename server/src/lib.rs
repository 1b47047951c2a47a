//! The adapters of Facteur: HTTP, storage, providers, workers, commands.

pub mod http;
