//! The figures as a page.

use crate::process::database::Kind;
use crate::{CONNECTIONS, Figures, INGESTED, Plan, STEADY_RATE};
use std::fmt::Write as _;

/// What the figures are, for somebody who reads only this page.
const ABOUT: &str = "\
# Benchmarks

Written by `make bench`. The server, the sandbox (a process of its own) and the load generator share the machine; CPU and
memory are the server's, and its database's, alone. Every ratio compares two figures of the same run.

- *Accepted*: signed webhooks that notify nobody, as fast as they are answered, while everything behind the answer
  (understanding, deciding) goes on beside it. An answer is written after the webhook's commit is on the disk. Of three
  rounds the one in the middle counts, for the bare limit too.
- Its *bare limit* is a server that takes the same requests from the same load generator and commits their rows by a plain
  statement, in groups of the size that the product's commits had, and checks, understands and decides nothing. The two
  halves of that work stand beside it: the same requests only answered, and the same rows only written.
- *Messages*: from the first webhook posted until the last message is charged: webhook, delivery, event, decision, message,
  attempt, the sandbox over HTTP, three signed receipts, charge. Their bare limit is the same rows by plain set
  statements, in commits of the size the decider's had.
- *Dry run*: what the last 30 days would have become with two switches changed, from the question to the figures. Five pieces
  of news about each parcel are stored; the median of five runs, on every core, while nothing else is asked. Its bare limit is only
  reading the same events. The aim is 2 s.
- SQLite runs with `synchronous=FULL`, PostgreSQL with `fsync` and `synchronous_commit` on, for the bare limits too.

";

/// The page.
pub fn markdown(all: &[Figures], plan: &Plan) -> String {
    let Plan { messages, events, .. } = plan;
    let mut out = String::from(ABOUT);
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
        whole(f.ingest_per_second)
    });
    row("… p50 / p99, ms", &|f| two(f.ingest.percentile(50), f.ingest.percentile(99)));
    row("… rows in a commit, mean", &|f| whole(f.ingest_group));
    row("… bare limit: the same requests, their rows committed in groups of that size", &|f| {
        whole(f.bare_ingest_per_second)
    });
    row("… **share of the bare limit**", &|f| {
        percent(f.ingest_per_second / f.bare_ingest_per_second)
    });
    row("… the same requests only answered", &|f| whole(f.bare_answers_per_second));
    row("… the same rows only written, in commits of that size", &|f| {
        whole(f.bare_rows_per_second)
    });
    row("… decided a second, from the first webhook to the last decision", &|f| {
        whole(f.decided_per_second)
    });
    row(&format!("p50 / p99 at a steady {STEADY_RATE} webhooks a second, ms"), &|f| {
        two(f.steady.percentile(50), f.steady.percentile(99))
    });
    row(&format!("messages a second, webhook to charge ({messages}, three receipts each)"), &|f| {
        whole(f.messages_per_second)
    });
    row("… events in a commit of the decider, mean", &|f| whole(f.messages_group));
    row("… bare limit: the same rows by plain set statements in commits of that size", &|f| {
        whole(f.bare_messages_per_second)
    });
    row("… **share of the bare limit**", &|f| {
        percent(f.messages_per_second / f.bare_messages_per_second)
    });
    row("server CPU seconds per 1,000 messages", &|f| format!("{:.2}", f.server_cpu_per_thousand));
    row("database CPU seconds per 1,000 messages", &|f| match f.kind {
        Kind::Sqlite => "in the server".to_owned(),
        Kind::Postgres => format!("{:.2}", f.database_cpu_per_thousand),
    });
    row("peak memory of the server, MiB", &|f| whole(f.peak_mib));
    row(&format!("a dry run over {events} stored events, s"), &|f| {
        format!("{:.2}", f.dry_run.seconds)
    });
    row("… **times only reading them**", &|f| {
        format!("{:.1}", f.dry_run.seconds / f.dry_run.bare)
    });
    out
}

fn names(all: &[Figures]) -> String {
    all.iter()
        .map(|f| match f.kind {
            Kind::Sqlite => "SQLite",
            Kind::Postgres => "PostgreSQL",
        })
        .collect::<Vec<_>>()
        .join(" | ")
}

fn whole(figure: f64) -> String {
    format!("{figure:.0}")
}

fn two(one: f64, other: f64) -> String {
    format!("{one:.1} / {other:.1}")
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
