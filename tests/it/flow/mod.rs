//! The whole way, from a webhook to an invoice, and what may go wrong on it.

mod channels;
mod codes;
mod kill;
mod pace;
mod password;
mod review;
mod timing;
mod town;
mod wake;
mod workers;
