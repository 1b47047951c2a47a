//! `facteur password`: a new password for somebody who forgot theirs.
//!
//! Only on the server: whoever may run it could read the database anyway.

use crate::compose;
use crate::config::Config;
use crate::security::password::Passwords;
use dispatch::error::Error;
use dispatch::usecase::reset_password;
use std::process::ExitCode;

/// Sets a new password and prints it, once.
pub(super) async fn reset(config: &Config, email: &str) -> anyhow::Result<ExitCode> {
    crate::telemetry::start_logs(Some("error"), crate::telemetry::LogFormat::Human);
    let store = compose::store(config).await?;
    match reset_password(&*store, &Passwords::default(), email).await {
        Ok(password) => {
            println!("{}", password.expose());
            eprintln!(
                "This is the new password of {email}; it is shown only now. They are signed out everywhere, \
                 and can choose another under Settings, Account."
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(Error::NotFound | Error::Invalid { .. }) => {
            eprintln!("facteur: nobody signs in with {email}. Nothing was changed.");
            Ok(ExitCode::from(2))
        }
        Err(error) => Err(error.into()),
    }
}
