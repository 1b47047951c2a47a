//! The commands of `facteur`. Each is one file; `main.rs` only picks.
#![expect(clippy::print_stdout, reason = "results of commands belong on stdout; logs go to stderr")]

mod demo;
mod doctor;
mod invoice;
mod link;
mod password;
mod sandbox;
mod serve;

use crate::config::Config;
use clap::{Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Tells a shop's customers where their parcel is.
#[derive(Debug, Parser)]
#[command(name = "facteur", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Brings the schema up to date, then serves.
    Serve {
        /// What this process does.
        #[arg(long, value_enum, default_value = "all")]
        role: Role,
    },
    /// The outside world alone: WhatsApp, SMS and mail, with phones to read and answer on.
    Sandbox {
        /// Where to listen; port 0 lets the system choose.
        #[arg(long, default_value = "127.0.0.1:3002")]
        addr: SocketAddr,
        /// Where to take mail; port 0 lets the system choose.
        #[arg(long, default_value = "127.0.0.1:0")]
        smtp: SocketAddr,
        /// Folder to keep its state in; without one it forgets everything at the end.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Decides every draw.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Receipts and reviews of templates come within milliseconds, for load runs.
        #[arg(long)]
        fast: bool,
    },
    /// Brings the schema up to date.
    Migrate,
    /// Says which settings are in force and what is wrong.
    Doctor,
    /// Creates or refreshes the demo account and prints how to sign in.
    Demo {
        /// Writes one JSON object to standard output, and nothing else.
        #[arg(long)]
        json: bool,
    },
    /// Prints the address of a customer's own page, for a customer who lost it.
    Link {
        /// The brand's id.
        #[arg(long)]
        brand: String,
        /// The number with its country's code, or the e-mail address.
        #[arg(long)]
        to: String,
    },
    /// Sets a new random password for somebody who forgot theirs, and prints it once.
    Password {
        /// The address they sign in with.
        #[arg(long)]
        email: String,
    },
    /// Invoices.
    Invoice {
        #[command(subcommand)]
        command: InvoiceCommand,
    },
}

#[derive(Debug, Subcommand)]
enum InvoiceCommand {
    /// Makes the invoices of a month. Closing twice changes nothing.
    Close {
        /// The month, as YYYY-MM.
        #[arg(long)]
        month: String,
        /// Also while the month still runs.
        #[arg(long)]
        early: bool,
    },
}

/// What a serving process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Everything.
    All,
    /// Answers HTTP.
    Web,
    /// Works through the pipeline.
    Worker,
}

/// Runs a command to its end.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("facteur: the runtime could not be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(command(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("facteur: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn command(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = Config::from_env()?;
    match cli.command {
        Command::Serve { role } => serve::run(config, role).await?,
        Command::Sandbox { addr, smtp, data, seed, fast } => {
            sandbox::run(addr, smtp, data, seed, fast).await?;
        }
        Command::Migrate => {
            crate::telemetry::start_logs(Some("error"), crate::telemetry::LogFormat::Human);
            crate::compose::store(&config).await?;
            println!("The schema is up to date.");
        }
        Command::Doctor => return doctor::run(&config).await,
        Command::Demo { json } => demo::run(&config, json).await?,
        Command::Link { brand, to } => return link::print(&config, &brand, &to),
        Command::Password { email } => return password::reset(&config, &email).await,
        Command::Invoice { command: InvoiceCommand::Close { month, early } } => {
            return invoice::close(&config, &month, early).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}
