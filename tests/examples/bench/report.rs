//! The figures as a page.

use crate::process::database::Kind;
use crate::{CONNECTIONS, Figures, INGESTED, MESSAGES, STEADY_RATE};
use std::fmt::Write as _;

/// The page.
pub fn markdown(all: &[Figures]) -> String {
    let mut out = String::from(
        "# Benchmarks\n\nWritten by `make bench`. Every ratio compares two figures of the same run on the same machine; \
         the load generator and the sandbox run beside the server and are not counted in its CPU and memory.\n\n",
    );
    let processors = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let _ = writeln!(
        out,
        "Processors: {processors}. Connections of the load generator: {CONNECTIONS}.\n"
    );
    let _ = writeln!(out, "| | {} |", names(all));
    let _ = writeln!(out, "|---|{}", "---:|".repeat(all.len()));
    let mut row = |label: &str, figure: &dyn Fn(&Figures) -> String| {
        let cells: Vec<String> = all.iter().map(figure).collect();
        let _ = writeln!(out, "| {label} | {} |", cells.join(" | "));
    };
    row(&format!("webhooks accepted a second ({INGESTED} as fast as answered)"), &|f| {
        format!("{:.0}", f.ingest_per_second)
    });
    row("… p50 / p99, ms", &|f| two(f.ingest.percentile(50), f.ingest.percentile(99)));
    row("… bare limit: the same requests to a server that only answers", &|f| {
        format!("{:.0}", f.bare_posts_per_second)
    });
    row("… **share of the bare limit**", &|f| {
        percent(f.ingest_per_second / f.bare_posts_per_second)
    });
    row(&format!("p50 / p99 at {STEADY_RATE} webhooks a second, ms"), &|f| {
        two(f.steady.percentile(50), f.steady.percentile(99))
    });
    row(&format!("messages a second, webhook to charge ({MESSAGES}, three receipts each)"), &|f| {
        format!("{:.0}", f.messages_per_second)
    });
    row("… bare limit: the same rows by plain set statements", &|f| {
        format!("{:.0}", f.bare_messages_per_second)
    });
    row("… **share of the bare limit**", &|f| {
        percent(f.messages_per_second / f.bare_messages_per_second)
    });
    row("server CPU seconds per 1,000 messages", &|f| format!("{:.2}", f.server_cpu_per_thousand));
    row("database CPU seconds per 1,000 messages", &|f| match f.kind {
        Kind::Sqlite => "in the server".to_owned(),
        Kind::Postgres => format!("{:.2}", f.database_cpu_per_thousand),
    });
    row("peak memory of the server, MiB", &|f| format!("{:.0}", f.peak_mib));
    out
}

fn names(all: &[Figures]) -> String {
    all.iter().map(|f| format!("{:?}", f.kind)).collect::<Vec<_>>().join(" | ")
}

fn two(one: f64, other: f64) -> String {
    format!("{one:.1} / {other:.1}")
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
