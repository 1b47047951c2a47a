//! `facteur invoice close`.

use crate::compose;
use crate::config::Config;
use crate::security::random::{SystemClock, SystemIds};
use dispatch::error::Error;
use dispatch::time::{Clock as _, Month};
use dispatch::usecase::close_month;
use std::process::ExitCode;

/// What exit code 2 means: the command was understood and refused.
const REFUSED: u8 = 2;

/// Closes a month for every account.
pub(super) async fn close(config: &Config, month: &str, early: bool) -> anyhow::Result<ExitCode> {
    crate::telemetry::start_logs(Some("error"), crate::telemetry::LogFormat::Human);
    let Ok(month) = month.parse::<Month>() else {
        eprintln!("facteur: {month} is no month; write it as YYYY-MM");
        return Ok(ExitCode::from(REFUSED));
    };
    let store = compose::store(config).await?;
    match close_month(&*store, &SystemIds, month, early, SystemClock.now()).await {
        Ok(made) if made.is_empty() => println!("{month}: nothing to bill, or closed before."),
        Ok(made) => {
            for id in &made {
                println!("{id}");
            }
            println!(
                "{month}: {} closed.",
                if made.len() == 1 {
                    "1 invoice".to_owned()
                } else {
                    format!("{} invoices", made.len())
                }
            );
        }
        Err(Error::Invalid { field: "month", .. }) => {
            eprintln!(
                "facteur: {month} has not ended. Nothing was changed. To bill what is there already: --early"
            );
            return Ok(ExitCode::from(REFUSED));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}
