//! `facteur sandbox`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Plays the outside world until asked to stop.
pub(super) async fn run(
    addr: SocketAddr,
    smtp_addr: SocketAddr,
    data_dir: Option<PathBuf>,
    seed: u64,
    fast: bool,
) -> anyhow::Result<()> {
    crate::telemetry::start_logs(None, crate::telemetry::LogFormat::from_env());
    let pace = if fast { sandbox::Settings::fast() } else { sandbox::Settings::default() };
    let running =
        sandbox::start(sandbox::Settings { addr, smtp_addr, data_dir, seed, ..pace }).await?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on http://{}", running.addr)?;
    writeln!(out, "sandbox mail on {}", running.smtp_url())?;
    out.flush()?;
    super::serve::stop_signal().await;
    running.shutdown().await;
    Ok(())
}
