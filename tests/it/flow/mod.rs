//! The whole way, from a webhook to an invoice, and what may go wrong on it.

mod kill;
mod review;
mod town;
