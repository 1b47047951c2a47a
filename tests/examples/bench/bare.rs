//! The bare limits: the same requests to a server that only answers, and the same rows written by plain
//! set statements in commits of the same size with the same sync mode.

use crate::process::load;
use anyhow::Result;
use axum::http::StatusCode;
use axum::{Router, body::Bytes, routing::any};
use server::store::bare;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// Messages per commit: what a stage of the pipeline takes at a time under load.
const COMMIT: u32 = 256;

/// A server that reads a request and answers 202.
pub async fn serve() -> Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let answer = any(|body: Bytes| async move {
        (StatusCode::ACCEPTED, format!("{{\"delivery_id\":\"{}\"}}", body.len()))
    });
    axum::serve(listener, Router::new().fallback(answer)).await?;
    Ok(())
}

/// That server as a process of its own.
pub struct Bare {
    child: Child,
    /// Where it answers.
    pub url: String,
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts it.
pub fn start() -> Result<Bare> {
    let mut child =
        Command::new(std::env::current_exe()?).arg("bare-server").stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line)?;
    }
    let url = line.trim().trim_start_matches("listening on ").to_owned();
    Ok(Bare { child, url })
}

/// Messages a second whose rows the database takes when nothing else is done.
pub async fn rows(url: &str, messages: u32) -> Result<f64> {
    let body = load::body(0, 1_795_161_600_000);
    let began = Instant::now();
    bare::write(url, messages, COMMIT, &body).await?;
    Ok(f64::from(messages) / began.elapsed().as_secs_f64())
}
