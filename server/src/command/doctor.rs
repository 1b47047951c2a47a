//! `facteur doctor`: which settings are in force, and what is wrong.

use crate::compose;
use crate::config::{Config, SandboxMode};
use std::process::ExitCode;

/// Checks what can be checked from here; exits 1 when something must be mended.
pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    crate::telemetry::start_logs(Some("error"), crate::telemetry::LogFormat::Human);
    let mut wrong = 0;
    let mut say = |good: bool, what: &str, detail: &str| {
        println!("{} {what}: {detail}", if good { "ok   " } else { "WRONG" });
        wrong += i32::from(!good);
    };
    say(true, "DATABASE_URL", &without_password(&config.database_url));
    say(true, "LISTEN_ADDR", &config.listen_addr.to_string());
    say(true, "BASE_URL", config.base_url.as_deref().unwrap_or("(as LISTEN_ADDR)"));
    say(
        true,
        "SECRET_KEY",
        if config.secret_key.is_some() { "set" } else { "not set: kept in the data folder" },
    );
    let (sandbox, own) = match config.sandbox {
        SandboxMode::On => (
            format!("on, {}", config.sandbox_addr),
            Some(format!("http://{}", config.sandbox_addr)),
        ),
        SandboxMode::Off | SandboxMode::Unset => ("off".to_owned(), config.sandbox_url.clone()),
    };
    say(true, "SANDBOX", &sandbox);
    say(true, "WHATSAPP_BASE_URL", &compose::whatsapp_base_url(config, own.as_deref()));
    say(true, "WHATSAPP_PER_SECOND", &config.whatsapp_per_second.to_string());
    let people = config.unknown_reach.map_or_else(|| "any number".to_owned(), |n| n.to_string());
    say(true, "WHATSAPP_PEOPLE_PER_DAY", &people);
    say(true, "UNKNOWN_AFTER", &format!("{:?}", config.unknown_after));
    say(true, "STALE_AFTER", &format!("{:?}", config.stale_after));
    let kept = config.retention;
    for (name, time) in [
        ("RETAIN_DELIVERIES_DAYS", kept.deliveries_days),
        ("RETAIN_MESSAGES_MONTHS", kept.messages_months),
        ("RETAIN_KEYS_MONTHS", kept.keys_months),
    ] {
        say(true, name, &time.to_string());
    }
    match compose::store(config).await {
        Ok(store) => match store.ping().await {
            Ok(()) => say(true, "database", "answers, schema up to date"),
            Err(error) => say(false, "database", &error.to_string()),
        },
        Err(error) => say(false, "database", &format!("{error:#}")),
    }
    let site = config.site_root.join("pkg");
    if site.is_dir() {
        say(true, "site files", &config.site_root.display().to_string());
    } else {
        say(false, "site files", &format!("{} is missing; make build writes it", site.display()));
    }
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn without_password(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => {
            // Refused only for URLs that cannot have a password.
            let _ = parsed.set_password(Some("…"));
            parsed.to_string()
        }
        _ => url.to_owned(),
    }
}
