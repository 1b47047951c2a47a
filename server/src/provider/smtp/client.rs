//! The client, step by step: after each step it is known whether the mail may have gone out.

use super::letter;
use async_trait::async_trait;
use dispatch::attempt::{Answer, Claimed, Consequence, Failure};
use dispatch::channel::Channel;
use dispatch::error::Result;
use dispatch::port::{Provider, ProviderTemplate, SenderAccess, Submitted};
use dispatch::sender::{SenderCheck, SenderProblem, SenderQuality};
use dispatch::template::Variant;
use dispatch::time::Timestamp;
use lettre::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::{ClientId, MailBodyParameter, MailParameter};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use url::Url;

/// Where mail is handed over.
#[derive(Clone)]
pub struct Settings {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
}

/// How the connection is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    /// Not at all: a server on this machine.
    Never,
    /// When the server offers it.
    Offered,
    /// Or not at all.
    Required,
    /// From the first byte (`smtps`).
    Always,
}

impl Settings {
    /// Reads `smtp://user:password@host:587?tls=required`; `smtps://` is private from the first byte. `tls` is
    /// `offered` unless it says `required` or `never`.
    ///
    /// # Errors
    /// What cannot be used, without the password.
    pub fn parse(text: &str) -> std::result::Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "it is no address")?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("it names no server")?;
        let asked = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value);
        let (tls, port) = match (url.scheme(), asked.as_deref()) {
            ("smtps", _) => (Tls::Always, 465),
            ("smtp", None | Some("offered")) => (Tls::Offered, 587),
            ("smtp", Some("required")) => (Tls::Required, 587),
            ("smtp", Some("never")) => (Tls::Never, 25),
            ("smtp", Some(_)) => return Err("tls is offered, required or never"),
            _ => return Err("it begins with smtp:// or smtps://"),
        };
        let plain = |text: &str| {
            percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
        };
        let credentials = (!url.username().is_empty()).then(|| {
            Credentials::new(plain(url.username()), plain(url.password().unwrap_or_default()))
        });
        // Brackets of an IPv6 address belong to the URL alone.
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { host, port: url.port().unwrap_or(port), tls, credentials })
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Settings({}:{})", self.host, self.port)
    }
}

/// One step of a conversation: an answer on a socket.
const STEP: Duration = Duration::from_secs(8);
/// Connections kept for the next mail.
const MOST_IDLE: usize = 16;
/// And for how long: servers hang up after some minutes.
const IDLE_LIMIT: Duration = Duration::from_secs(20);

/// Sends mail.
pub struct Smtp {
    settings: Option<Settings>,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

/// Where a conversation stopped, and with what.
struct Stop {
    /// Whether the mail may have gone out.
    lost: bool,
    step: Step,
    error: SmtpError,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Connect,
    Sender,
    Recipient,
    Text,
}

impl Smtp {
    /// To that server; without one nothing can be sent, and every mail waits.
    #[must_use]
    pub fn new(settings: Option<Settings>) -> Self {
        Self { settings, idle: Mutex::default() }
    }

    async fn connect(settings: &Settings) -> std::result::Result<AsyncSmtpConnection, SmtpError> {
        let hello = ClientId::default();
        let tls = || TlsParameters::new_rustls(settings.host.clone());
        let first = if settings.tls == Tls::Always { Some(tls()?) } else { None };
        let server = (settings.host.as_str(), settings.port);
        let mut open =
            AsyncSmtpConnection::connect_tokio1(server, Some(STEP), &hello, first, None).await?;
        let wanted = match settings.tls {
            Tls::Required => true,
            Tls::Offered => open.can_starttls(),
            Tls::Never | Tls::Always => false,
        };
        if wanted {
            open.starttls(tls()?, &hello).await?;
        }
        if let Some(credentials) = &settings.credentials {
            open.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(open)
    }

    /// A connection that was used a moment ago and still answers, else a new one.
    async fn take(&self, settings: &Settings) -> std::result::Result<AsyncSmtpConnection, Stop> {
        loop {
            let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some((mut open, since)) = kept else { break };
            if since.elapsed() < IDLE_LIMIT && open.command(Noop).await.is_ok() {
                return Ok(open);
            }
        }
        let stop = |error| Stop { lost: false, step: Step::Connect, error };
        Self::connect(settings).await.map_err(stop)
    }

    async fn hand_over(
        &self,
        settings: &Settings,
        from: Address,
        to: Address,
        mail: &[u8],
    ) -> std::result::Result<(), Stop> {
        let mut open = self.take(settings).await?;
        let stop = |step, lost| move |error| Stop { lost, step, error };
        let mut parameters = Vec::new();
        if mail.iter().any(|byte| !byte.is_ascii()) {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        open.command(Mail::new(Some(from), parameters)).await.map_err(stop(Step::Sender, false))?;
        open.command(Rcpt::new(to, Vec::new())).await.map_err(stop(Step::Recipient, false))?;
        open.command(Data).await.map_err(stop(Step::Text, false))?;
        // From here on it may be in somebody's inbox, whatever we hear.
        open.message(mail).await.map_err(stop(Step::Text, true))?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push((open, Instant::now()));
        }
        Ok(())
    }
}

/// What a stopped conversation means. A server's `no` is certain even after the text.
fn interpret(stop: &Stop) -> Answer {
    let Some(code) = stop.error.status() else {
        return if stop.lost {
            Answer::Unknown(down(
                "connection_lost",
                "The mail server's answer was lost on the way.",
            ))
        } else {
            Answer::Retry(down(
                "connection",
                "The mail server could not be reached; nothing was sent.",
            ))
        };
    };
    let said = failure(&format!("smtp_{code}"), says(stop.step));
    match (stop.error.is_permanent(), stop.step) {
        (true, Step::Recipient | Step::Text) => Answer::Fallback(said),
        (true, Step::Sender) => Answer::Refused(said),
        // Signing in failed: the operator's setting, not this mail.
        (_, Step::Connect) => Answer::Retry(Failure { follows: Consequence::ProviderDown, ..said }),
        (false, _) => Answer::Retry(said),
    }
}

const fn says(step: Step) -> &'static str {
    match step {
        Step::Connect => "The mail server does not let us in.",
        Step::Sender => "The mail server does not take mail from this address.",
        Step::Recipient => "The mail server does not take mail for this recipient.",
        Step::Text => "The mail server did not take the text.",
    }
}

/// The mail server is in trouble, whatever the mail.
fn down(code: &str, detail: &str) -> Failure {
    Failure { follows: Consequence::ProviderDown, ..failure(code, detail) }
}

fn failure(code: &str, detail: &str) -> Failure {
    Failure { code: code.to_owned(), detail: detail.to_owned(), follows: Consequence::None }
}

#[async_trait]
impl Provider for Smtp {
    async fn send(&self, sender: &SenderAccess, message: &Claimed) -> Answer {
        let Some(settings) = &self.settings else {
            return Answer::Retry(failure("no_mail_server", "SMTP_URL is not set on this server."));
        };
        let parsed = (sender.phone_number_id.parse::<Address>(), message.to.parse::<Address>());
        let (Ok(from), Ok(to)) = parsed else {
            return Answer::Fallback(failure(
                "mail_address",
                "The address is none mail can go to.",
            ));
        };
        let Some(mail) = letter::write(&from, &to, message) else {
            return Answer::Refused(failure("mail_text", "The text could not be put into a mail."));
        };
        let started = Instant::now();
        let answer = match self.hand_over(settings, from.clone(), to, &mail).await {
            Ok(()) => Answer::Accepted { provider_id: letter::id(&from, message) },
            Err(stop) => interpret(&stop),
        };
        crate::provider::count("email", &answer, started.elapsed());
        answer
    }

    fn consequence(&self, _: Channel, _: &str) -> Consequence {
        Consequence::None
    }

    /// There is nobody to tell: what comes back is piped to us by the operator's mail server.
    async fn subscribe(&self, _: &SenderAccess, _: &str) -> Result<()> {
        Ok(())
    }

    async fn check(&self, sender: &SenderAccess, _: &str) -> SenderCheck {
        let Some(settings) = &self.settings else {
            return SenderCheck::failed(SenderProblem::NotRegistered);
        };
        let problem = match Self::connect(settings).await {
            Ok(mut open) => {
                // Only politeness: what follows does not matter.
                let _ = open.quit().await;
                None
            }
            Err(error) if error.is_permanent() => Some(SenderProblem::TokenRefused),
            Err(_) => Some(SenderProblem::Unreachable),
        };
        if let Some(problem) = problem {
            return SenderCheck::failed(problem);
        }
        SenderCheck {
            problems: Vec::new(),
            name: None,
            number: Some(sender.phone_number_id.clone()),
            quality: SenderQuality::Unknown,
            limit: None,
            unlimited: false,
            portfolio: None,
            per_second: None,
        }
    }

    /// Mail is not reviewed.
    async fn submit(
        &self,
        _: &SenderAccess,
        _: &Variant,
        _: Option<Duration>,
        again: Timestamp,
    ) -> Submitted {
        Submitted::Again(again)
    }

    async fn list_templates(&self, _: &SenderAccess) -> Result<Vec<ProviderTemplate>> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_private_it_is() {
        let read = |text| Settings::parse(text).map(|s| (s.host, s.port, s.tls));
        assert_eq!(read("smtp://127.0.0.1:2525"), Ok(("127.0.0.1".into(), 2525, Tls::Offered)));
        assert_eq!(
            read("smtps://a%40b:c@mail.example"),
            Ok(("mail.example".into(), 465, Tls::Always))
        );
        assert_eq!(read("smtp://[::1]?tls=never"), Ok(("::1".into(), 25, Tls::Never)));
        for wrong in ["mail.example", "http://mail.example", "smtp://", "smtp://a?tls=perhaps"] {
            assert!(Settings::parse(wrong).is_err(), "{wrong}");
        }
    }
}
