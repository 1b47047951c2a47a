//! `facteur`: see `facteur --help`.

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    server::command::run(server::command::Cli::parse())
}
