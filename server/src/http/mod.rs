//! Everything that answers HTTP.
//!
//! ```text
//! route     every address         state    what handlers reach
//! request   id, log, panics       header   what browsers may do
//! csrf throttle session viewer    who may come in, and who is asking
//! page      renders screens       form     what their forms do
//! api       the REST API          operations, asset
//! ```

pub mod api;
pub mod asset;
mod csrf;
pub mod error;
pub mod form;
pub mod header;
mod operations;
pub mod page;
pub mod request;
pub mod route;
pub mod session;
pub mod state;
pub mod throttle;
pub mod viewer;

pub use route::router;
pub use state::{AppState, Wiring};
