//! Customers' links, passwords, sealed secrets, signatures, random tokens. Nothing here knows a table or a route.

pub mod link;
pub mod password;
pub mod random;
pub mod seal;
pub mod signature;
pub mod token;
