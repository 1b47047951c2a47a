//! What wakes up in the browser. Everything here is compiled twice; keep what it reaches small.
//!
//! Two bundles ([`crate::route::Bundle`]), one for each page that has much to wake: nobody who only switches
//! statuses loads the editor. A feature of `app` chooses the islands of a bundle; the server has them all.

#[cfg(any(feature = "ssr", feature = "matrix"))]
mod boxes;
#[cfg(any(feature = "ssr", feature = "editor"))]
pub mod editor;
#[cfg(any(feature = "ssr", feature = "matrix"))]
pub mod forecast;
#[cfg(any(feature = "ssr", feature = "matrix"))]
pub mod matrix;
#[cfg(any(feature = "ssr", feature = "matrix"))]
pub mod modal;
#[cfg(any(feature = "ssr", feature = "matrix"))]
pub mod picker;
#[cfg(any(feature = "ssr", feature = "matrix"))]
mod rows;
#[cfg(any(feature = "ssr", feature = "matrix"))]
mod send;
#[cfg(any(feature = "ssr", feature = "matrix"))]
mod staged;
