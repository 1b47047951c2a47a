//! What wakes up in the browser. Everything here is compiled twice; keep what it reaches small.

mod boxes;
pub mod editor;
pub mod forecast;
pub mod matrix;
pub mod modal;
pub mod picker;
mod send;
