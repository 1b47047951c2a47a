//! `facteur link`: the address of a customer's own page, for whoever answers a customer that lost it.
//!
//! Only on the server, where the key is: a page of the console that showed these links would let a member
//! speak for a customer.

use crate::compose::{self, Place};
use crate::config::Config;
use crate::security::link::CustomerLinks;
use dispatch::id::BrandId;
use dispatch::port::Links as _;
use std::process::ExitCode;

/// Prints the link of a number or e-mail address at a brand.
pub(super) fn print(config: &Config, brand: &str, to: &str) -> anyhow::Result<ExitCode> {
    let Ok(brand) = brand.parse::<BrandId>() else {
        eprintln!("facteur: {brand} is no brand's id; it begins with brd_");
        return Ok(ExitCode::from(2));
    };
    let address = if to.contains('@') {
        Some(to.trim().to_lowercase())
    } else {
        crate::phone::to_e164(to, None)
    };
    let Some(address) = address else {
        eprintln!("facteur: {to} cannot be read; write the number with its country's code");
        return Ok(ExitCode::from(2));
    };
    let links = CustomerLinks::new(&compose::sealer(config)?, &Place::find(config).base_url);
    println!("{}", links.preferences(brand, &address));
    Ok(ExitCode::SUCCESS)
}
