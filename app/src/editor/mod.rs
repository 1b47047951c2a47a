//! The template editor's knowledge and parts, for the page and for its island alike: what is shown while
//! somebody types is what the server shows and refuses.
//!
//! ```text
//! draft   the form's fields       look   everything known about them
//! words   findings and tags said  parts  what stands beside the fields    preview  as customers see it
//! ```

pub mod draft;
pub mod look;
pub mod parts;
pub mod preview;
pub mod words;

pub use draft::{Draft, ROWS, Row};
pub use look::{Look, Matter};
