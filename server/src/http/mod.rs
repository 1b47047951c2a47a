//! Everything that answers HTTP.
//!
//! ```text
//! route     every address         state    what handlers reach
//! request   id, log, panics       header   what browsers may do
//! csrf throttle session viewer    who may come in, and who is asking
//! page      renders screens       form     what their forms do
//! public customer join privacy    pages of customers, without a session
//! api       the REST API          operations, asset
//! hook callback                   what machines tell; gather intake are theirs
//! ```

pub mod api;
pub mod asset;
pub mod callback;
mod csrf;
pub mod customer;
pub mod error;
pub mod export;
pub mod form;
pub mod gather;
pub mod header;
pub mod hook;
mod intake;
pub mod join;
mod logo;
mod media;
mod operations;
pub mod page;
pub mod privacy;
mod public;
pub mod request;
pub mod route;
pub mod session;
pub mod state;
pub mod throttle;
pub mod viewer;

pub use intake::Recent;
pub use route::router;
pub use state::AppState;
