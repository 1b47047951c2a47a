//! What was sent and what was not: the log, and one case with its whole history.

mod again;
mod asked;
mod case;
mod list;
mod others;
mod outcome;
mod reasons;
mod replay;
mod search;
mod setting;
mod timeline;
mod why;
pub mod word;

pub use again::again;
pub use case::{decision, message};
pub use list::{cards, list};
pub use replay::replay;
pub use search::{Search, searches};
pub use timeline::source_name;
