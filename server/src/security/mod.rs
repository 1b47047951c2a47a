//! Passwords, sealing, signatures, tokens, the system's clock and randomness.
pub mod password;
pub mod random;
pub mod seal;
pub mod signature;
pub mod token;
