//! The whole way, from a webhook to an invoice, and what may go wrong on it.

mod again;
mod breaker;
mod channels;
mod clock;
mod codes;
mod faults;
mod full;
mod kill;
mod month;
mod pace;
mod password;
mod reach;
mod review;
mod timing;
mod town;
mod wake;
mod workers;
