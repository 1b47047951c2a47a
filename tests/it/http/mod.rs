//! The doors people and shops' systems come through, over real HTTP.

mod again;
mod api;
mod ask;
mod brand;
mod consent;
mod customer;
mod enter;
mod form;
pub mod house;
mod join;
mod lost;
mod overview;
mod template;
mod tracking;
mod walk;
