//! What wakes up in the browser. Everything here is compiled twice; keep what it reaches small.

pub mod editor;
pub mod matrix;
