//! What was sent and what was not: the log, and one case with its whole history.

mod asked;
mod case;
mod list;
mod others;
mod outcome;
mod reasons;
mod search;
mod setting;
mod timeline;
mod why;
pub mod word;

pub use case::{decision, message};
pub use list::list;
pub use search::{Search, searches};
pub use timeline::source_name;
