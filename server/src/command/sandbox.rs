//! `facteur sandbox`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Plays the outside world until asked to stop.
pub(super) async fn run(
    addr: SocketAddr,
    data_dir: Option<PathBuf>,
    seed: u64,
    fast: bool,
) -> anyhow::Result<()> {
    crate::telemetry::start_logs(None, crate::telemetry::LogFormat::from_env());
    let pace = if fast { sandbox::Settings::fast() } else { sandbox::Settings::default() };
    let running = sandbox::start(sandbox::Settings { addr, data_dir, seed, ..pace }).await?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on http://{}", running.addr)?;
    out.flush()?;
    super::serve::stop_signal().await;
    running.shutdown().await;
    Ok(())
}
