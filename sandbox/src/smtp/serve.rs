//! Connections of the mail server.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::task::TaskTracker;

use super::{
    address::Address,
    body::Body,
    lines::Lines,
    script::Script,
    session::{Envelope, Next, Session},
};
use crate::{
    mail,
    state::{
        Sandbox,
        faults::{Channel, FaultKind, Target},
    },
};

/// Conversations at once.
const MOST_CONVERSATIONS: usize = 200;
/// A client that says nothing for longer is sent away.
const PATIENCE: Duration = Duration::from_secs(60);
/// Read at once.
const PIECE: usize = 16 << 10;

/// Takes mail until the sandbox closes; conversations under way end at their next pause.
pub(crate) async fn serve(listener: TcpListener, sandbox: Sandbox) {
    let room = Arc::new(Semaphore::new(MOST_CONVERSATIONS));
    let talks = TaskTracker::new();
    loop {
        let mut stream = tokio::select! {
            () = sandbox.closing.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file handles, most likely: leave room for others to close theirs.
                    tracing::warn!(%error, "the sandbox could not accept a mail connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let Ok(place) = room.clone().try_acquire_owned() else {
            let _ = stream.write_all(b"421 4.3.2 Too many connections\r\n").await;
            continue;
        };
        // As when nobody listens: the connection is gone before a word.
        if strike(&sandbox, FaultKind::SmtpDown, "", None).is_some() {
            continue;
        }
        let talk = converse(stream, sandbox.clone());
        let killed = sandbox.killed.clone();
        talks.spawn(async move {
            // Clients come and go; a broken connection is theirs to notice.
            let _ = killed.run_until_cancelled(talk).await;
            drop(place);
        });
    }
    drop(listener);
    talks.close();
    talks.wait().await;
}

/// What is read just now.
enum Reading {
    Commands,
    Text(Body),
}

async fn converse(mut stream: TcpStream, sandbox: Sandbox) -> std::io::Result<()> {
    let _ = stream.set_nodelay(true);
    tell(&mut stream, "220 sandbox ESMTP, mail is kept and goes nowhere\r\n").await?;
    let mut session = Session::default();
    let mut lines = Lines::default();
    let mut reading = Reading::Commands;
    let mut piece = vec![0; PIECE];
    loop {
        let count = tokio::select! {
            () = sandbox.closing.cancelled() => {
                return tell(&mut stream, "421 4.3.2 Closing\r\n").await;
            }
            count = tokio::time::timeout(PATIENCE, stream.read(&mut piece)) => match count {
                Ok(count) => count?,
                Err(_) => return tell(&mut stream, "421 4.4.2 Nothing said for a minute\r\n").await,
            },
        };
        if count == 0 {
            return Ok(());
        }
        lines.push(&piece[..count]);
        // Answers to commands that came together leave together.
        let mut out = String::new();
        let is_over = loop {
            let next = match &mut reading {
                Reading::Commands => match lines.next_line() {
                    Some(line) => session.line(line, &|to| is_down(&sandbox, to)),
                    None => break false,
                },
                Reading::Text(body) => {
                    let arrived = lines.take();
                    let Some(used) = body.push(&arrived) else { break false };
                    lines.push(&arrived[used..]);
                    let Reading::Text(body) = std::mem::replace(&mut reading, Reading::Commands)
                    else {
                        break false;
                    };
                    match take(&sandbox, &mut session, body).await {
                        Taken::Next(next) => next,
                        Taken::HangUp => return Ok(()),
                    }
                }
            };
            match next {
                Next::Answer(answer) => say(&mut out, &answer),
                Next::Body(answer) => {
                    say(&mut out, &answer);
                    reading = Reading::Text(Body::new());
                }
                Next::Bye(answer) => {
                    say(&mut out, &answer);
                    break true;
                }
            }
        };
        tell(&mut stream, &out).await?;
        if is_over {
            return stream.shutdown().await;
        }
    }
}

/// Writes to a client that reads; one that does not is gone after a while.
async fn tell(stream: &mut TcpStream, text: &str) -> std::io::Result<()> {
    tokio::time::timeout(PATIENCE, stream.write_all(text.as_bytes()))
        .await
        .map_err(|_| std::io::ErrorKind::TimedOut)?
}

fn say(out: &mut String, answer: &str) {
    out.push_str(answer);
    out.push_str("\r\n");
}

/// What comes of a text.
enum Taken {
    Next(Next),
    HangUp,
}

/// Keeps a mail, then says so; faults strike here, where a client knows least.
async fn take(sandbox: &Sandbox, session: &mut Session, body: Body) -> Taken {
    let (text, fault) = match body.finish() {
        Ok(text) => (text, None),
        Err(fault) => (Vec::new(), Some(fault)),
    };
    let envelope = match session.body(fault) {
        Ok(envelope) => envelope,
        Err(next) => return Taken::Next(next),
    };
    let strike = |kind| strike_any(sandbox, kind, &envelope);
    let latency = strike(FaultKind::Latency);
    let taken = if strike(FaultKind::Reset).is_some() {
        Taken::HangUp
    } else if strike(FaultKind::Error429).is_some() {
        Taken::Next(Next::Answer("451 4.7.1 Too many messages, try again later".to_owned()))
    } else if strike(FaultKind::Error500).is_some() {
        Taken::Next(Next::Answer("451 4.3.0 Something went wrong".to_owned()))
    } else if let Some(code) = strike(FaultKind::Error).filter(|code| (400..600).contains(code)) {
        Taken::Next(Next::Answer(format!("{code} {}.0.0 As was asked for", code / 100)))
    } else {
        let is_lost = strike(FaultKind::LostAnswer).is_some();
        match keep(sandbox, &envelope, &text) {
            Ok(_) if is_lost => Taken::HangUp,
            Ok(id) => Taken::Next(Next::Answer(format!("250 2.0.0 Ok: queued as {id}"))),
            Err(answer) => Taken::Next(Next::Answer(answer.to_owned())),
        }
    };
    if let Some(ms) = latency {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
    taken
}

fn keep(sandbox: &Sandbox, envelope: &Envelope, text: &[u8]) -> Result<String, &'static str> {
    let letter = mail::read(text)?;
    let returned = |to: &&Address| Script::of(to) == Script::Returned;
    let returns: Vec<String> = envelope.to.iter().filter(returned).map(Address::inbox).collect();
    let from = envelope.from.as_ref().map(Address::inbox);
    let to = envelope.to.iter().map(Address::inbox).collect();
    Ok(mail::keep(sandbox, from, to, returns, letter))
}

fn is_down(sandbox: &Sandbox, to: &Address) -> bool {
    strike(sandbox, FaultKind::SmtpDown, "", Some(&to.inbox())).is_some()
}

/// Strikes once for a mail, by whichever of its addresses.
fn strike_any(sandbox: &Sandbox, kind: FaultKind, envelope: &Envelope) -> Option<u64> {
    let from = envelope.from.as_ref().map(Address::inbox).unwrap_or_default();
    envelope.to.iter().find_map(|to| strike(sandbox, kind, &from, Some(&to.inbox())))
}

fn strike(sandbox: &Sandbox, kind: FaultKind, from: &str, to: Option<&str>) -> Option<u64> {
    let target =
        Target { channel: Channel::Email, number: from, phone: None, template: None, address: to };
    sandbox.world().faults.strike(kind, &target)
}
