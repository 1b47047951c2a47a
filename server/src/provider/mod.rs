//! Messaging providers: one folder per provider that sends for us. Each turns a claimed message into a
//! request, an answer into an [`Answer`], and a callback into receipts; the
//! provider's own names and codes stop here.

mod exchange;
pub mod smtp;
mod switchboard;
pub mod twilio;
pub mod whatsapp;

pub use switchboard::Switchboard;

use dispatch::attempt::Answer;
use std::time::Duration;

/// A whole call, from connecting to the last byte. Meta answers in under a second; after ten the case
/// is *unknown*, and a receipt settles it sooner than waiting would.
pub const CALL_LIMIT: Duration = Duration::from_secs(10);
/// Connecting alone: short, because nothing was sent yet and trying again is harmless.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// Idle connections are closed before the other side does it: a request on a connection that is just
/// being closed ends as *unknown*.
const IDLE_LIMIT: Duration = Duration::from_secs(25);
/// Idle connections that are kept: as many as a claim's messages leave at once, so that none is opened anew for each burst.
const IDLE_KEPT: usize = 256;

/// The client all providers share, made once. `base_urls` are the addresses it will call: when all are
/// on this machine, a proxy from the environment is not asked.
///
/// # Errors
/// When the system's TLS cannot be set up.
#[expect(clippy::disallowed_methods, reason = "this is the client that others take")]
pub fn http_client(base_urls: &[&str]) -> reqwest::Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("facteur/", env!("CARGO_PKG_VERSION")))
        .timeout(CALL_LIMIT)
        .connect_timeout(CONNECT_LIMIT)
        .pool_idle_timeout(IDLE_LIMIT)
        .pool_max_idle_per_host(IDLE_KEPT)
        .tcp_nodelay(true)
        // One connection carries one message: when it breaks, one outcome is unknown, not a hundred.
        .http1_only()
        // A redirect would repeat the message at an address nobody configured.
        .redirect(reqwest::redirect::Policy::none());
    if base_urls.iter().all(|url| is_local(url)) {
        builder = builder.no_proxy();
    }
    builder.build()
}

/// Counts an answer and how long it took.
fn count(provider: &'static str, answer: &Answer, took: Duration) {
    metrics::histogram!("facteur_provider_seconds", "provider" => provider).record(took);
    metrics::counter!(
        "facteur_provider_answers_total",
        "provider" => provider,
        "outcome" => answer.outcome().word(),
        "code" => answer.failure().map(|failure| failure.code.clone()).unwrap_or_default(),
    )
    .increment(1);
}

fn is_local(url: &str) -> bool {
    let Ok(url) = url::Url::parse(url) else { return false };
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_local() {
        for url in ["http://127.0.0.1:4000", "http://localhost", "http://[::1]:1"] {
            assert!(is_local(url), "{url}");
        }
        for url in ["https://graph.facebook.com", "http://localhost.example.org", "", "10.0.0.1"] {
            assert!(!is_local(url), "{url}");
        }
    }
}
