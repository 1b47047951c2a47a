//! Logs and metrics.
//!
//! Nothing personal or secret is written: paths appear as their routes (`/u/{token}`), ids are ours,
//! and phones, addresses, texts and keys stay out of every field.
//!
//! | metric | labels | counts |
//! |---|---|---|
//! | `facteur_http_requests_total` | `method route status` | answered requests |
//! | `facteur_http_request_seconds` | `method route` | how long they took |
//! | `facteur_hooks_total` | `source status` | deliveries by answer |
//! | `facteur_callbacks_total` | `provider status` | callbacks by answer |
//! | `facteur_callback_entries_total` | `what` | receipts, inbound, foreign, other |
//! | `facteur_group_size` | `what` | rows written in one commit |
//! | `facteur_provider_answers_total` | `provider outcome code` | attempts by outcome |
//! | `facteur_provider_seconds` | `provider` | how long the provider took |
//!
//! | `facteur_stage_rows_total` | `stage` | rows a worker has done |
//! | `facteur_stage_size` | `stage` | rows it took at a time |
//! | `facteur_attempts_total` | `outcome` | attempts written down |
//! | `facteur_attempts_rescued_total` | | attempts whose worker died |
//! | `facteur_unknown_given_up_total` | | unknown outcomes past their deadline |
//! | `facteur_breaker_open` | `channel` | 1 while its provider is left alone |
//! | `facteur_messages_exhausted` | | failed messages that wait until somebody has them sent again |
//! | `facteur_queue_messages` | `stage` | rows that wait |
//! | `facteur_queue_age_seconds` | `stage` | how long the oldest of them has been waiting |

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For a terminal.
    #[default]
    Human,
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    /// `LOG_FORMAT=json`, or for a terminal.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "logs start before the settings are read")]
    pub fn from_env() -> Self {
        if std::env::var("LOG_FORMAT").is_ok_and(|format| format == "json") {
            Self::Json
        } else {
            Self::Human
        }
    }
}

/// What is logged when `RUST_LOG` says nothing.
pub const DEFAULT_FILTER: &str = "info,sqlx=warn,hyper=warn,tower_sessions=warn,h2=warn";

/// Starts logging, to stderr: stdout belongs to commands' results. A second call changes nothing.
#[expect(clippy::disallowed_methods, reason = "logs start before the settings are read")]
pub fn start_logs(filter: Option<&str>, format: LogFormat) {
    let set = std::env::var("RUST_LOG").ok();
    let filter = filter
        .or(set.as_deref())
        .and_then(|text| EnvFilter::try_new(text).ok())
        .unwrap_or_else(|| EnvFilter::new(DEFAULT_FILTER));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = match format {
        LogFormat::Human => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}

/// Seconds: from a cached page to a provider's limit.
const SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Rows in one commit.
const SIZES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];
/// How often kept samples are folded into buckets, so that memory stays flat when nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts counting, once for the process. None when another recorder was installed before, or the
/// buckets above are wrong: then nothing is counted and everything else works.
///
/// Call it inside the runtime: it keeps a task that folds samples.
#[must_use]
pub fn start_metrics() -> Option<PrometheusHandle> {
    RECORDER
        .get_or_init(|| {
            let handle = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), SECONDS)
                .and_then(|b| b.set_buckets_for_metric(Matcher::Suffix("_size".into()), SIZES))
                .and_then(PrometheusBuilder::install_recorder)
                .map_err(|error| tracing::warn!(%error, "metrics are off"))
                .ok()?;
            let kept = handle.clone();
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(UPKEEP).await;
                    kept.run_upkeep();
                }
            });
            Some(handle)
        })
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn samples_come_in_buckets_and_the_recorder_is_one() {
        let handle = start_metrics().expect("a recorder");
        metrics::histogram!("facteur_provider_seconds").record(0.003);
        metrics::histogram!("facteur_group_size").record(5.0);
        let text = start_metrics().expect("the same").render();
        assert_eq!(text, handle.render());
        assert!(text.contains(r#"facteur_provider_seconds_bucket{le="0.005"} 1"#), "{text}");
        assert!(text.contains(r#"facteur_group_size_bucket{le="8"} 1"#), "{text}");
    }
}
