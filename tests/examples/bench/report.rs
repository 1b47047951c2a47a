//! The figures as a page.

use crate::process::database::Kind;
use crate::send::{FEW, SLOW_MILLIS, Sent};
use crate::{CONNECTIONS, Figures, INGESTED, Plan, STEADY_RATE, receipts};
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
- *A slow provider* answers every call after 200 ms. *Over few connections*: the same messages posted by 16 connections, each
  of which waits for its answer; their waiting is what a shop's system feels while everything is busy.
- *Receipts*: signed callbacks with one receipt each, posted at a steady rate whether or not answers come.
- *Out of a queue*: messages that waited because their number could send nothing, from the start of a server that may.
- *Accounts in turns*: each message is another account's, with a brand, a number and a connection of its own.
- *Stored*: rows of past messages, of the same account, written by plain statements over the 25 days before; then the same run again.
- *From SIGKILL*: on PostgreSQL a second worker takes the number over from the one that was killed; on SQLite the process is
  started again at once. What was under way stays *unknown* until a receipt tells; it is not sent twice.
- *Idle*: ten seconds of a server that was started on that database and left alone.
- *Dry run*: what the last 30 days would have become with two switches changed, from the question to the figures. Five pieces
  of news about each parcel are stored; the median of five runs, on every core, while nothing else is asked. Its bare limit is only
  reading the same events. The aim is 2 s.
- SQLite runs with `synchronous=FULL`, PostgreSQL with `fsync` and `synchronous_commit` on, for the bare limits too.

";

/// The page.
pub fn markdown(all: &[Figures], plan: &Plan) -> String {
    let Plan { messages, queued, stored, accounts, events, .. } = plan;
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
        whole(f.fast.per_second)
    });
    row("… events in a commit of the decider, mean", &|f| whole(f.fast.group));
    row("… bare limit: the same rows by plain set statements in commits of that size", &|f| {
        whole(f.bare_messages_per_second)
    });
    row("… **share of the bare limit**", &|f| {
        percent(f.fast.per_second / f.bare_messages_per_second)
    });
    row("server CPU seconds per 1,000 messages", &|f| format!("{:.2}", f.fast.server_cpu));
    row("database CPU seconds per 1,000 messages", &|f| match f.kind {
        Kind::Sqlite => "in the server".to_owned(),
        Kind::Postgres => format!("{:.2}", f.fast.database_cpu),
    });
    row(&format!("messages a second at a provider that takes {SLOW_MILLIS} ms"), &|f| {
        whole(f.slow.per_second)
    });
    row("… **share of the rate before**", &|f| percent(f.slow.per_second / f.fast.per_second));
    row(&format!("messages a second, posted over {FEW} connections"), &|f| whole(f.few.per_second));
    row("… p50 / p99 of their webhooks, ms", &|f| {
        two(f.few.posts.percentile(50), f.few.posts.percentile(99))
    });
    row(
        &format!("p50 / p99 of callbacks at a steady {} receipts a second, ms", receipts::RATE),
        &|f| two(f.receipts.percentile(50), f.receipts.percentile(99)),
    );
    row(&format!("messages a second out of a queue of {queued}, start-up included"), &|f| {
        whole(f.drained_per_second)
    });
    let cost = |sent: &Sent| sent.server_cpu + sent.database_cpu;
    row(&format!("messages a second, for {accounts} accounts in turns"), &|f| {
        whole(f.many.per_second)
    });
    row("… **CPU seconds per 1,000, times those of one account**", &|f| {
        format!("{:.2}", f.many.cpu / cost(&f.fast))
    });
    row(&format!("messages a second with {stored} messages stored"), &|f| {
        whole(f.later.per_second)
    });
    row("… **CPU seconds per 1,000, times those of the empty database**", &|f| {
        format!("{:.2}", cost(&f.later) / cost(&f.fast))
    });
    row("… p95 of the log: first page / by order / by tracking number / by phone, ms", &|f| {
        let g = &f.grown;
        let all = [&g.first_page, &g.by_order, &g.by_tracking, &g.by_phone];
        all.map(|took| format!("{:.1}", took.percentile(95))).join(" / ")
    });
    row("… bytes on disk a message, with indexes, without the raw delivery", &|f| {
        whole(f.grown.bytes_per_message)
    });
    row("peak memory of the server, MiB", &|f| whole(f.few.peak_mib));
    row("from SIGKILL of who sends to the next message at a phone, s", &|f| {
        format!("{:.1}", f.resumed)
    });
    row("start to listening, ms", &|f| whole(f.calm.start_millis));
    row("idle: percent of a core, database included", &|f| format!("{:.1}", f.calm.cpu_percent));
    row("idle: memory of the server, MiB", &|f| whole(f.calm.mib));
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
