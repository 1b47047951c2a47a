//! `facteur serve`.

use super::Role;
use crate::compose;
use crate::config::Config;
use std::io::Write as _;

/// Serves until asked to stop; then finishes what is under way.
pub(super) async fn run(config: Config, role: Role) -> anyhow::Result<()> {
    crate::telemetry::start_logs(None, crate::telemetry::LogFormat::from_env());
    let running = compose::start(config, role).await?;
    // On standard output, for scripts that chose port 0.
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}", running.base_url)?;
    if let Some(url) = &running.sandbox_url {
        writeln!(out, "sandbox phones on {url}/phones")?;
    }
    out.flush()?;
    stop_signal().await;
    tracing::info!("stopping: what is under way is finished, nothing new is taken");
    running.stop().await;
    Ok(())
}

/// Ctrl-C, or the ordinary end of a service.
pub(super) async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
